// Package files keeps what people upload and what the program makes for them.
//
// A Store holds contents under keys, on the disk of the machine (Disk) or in a bucket
// that several copies of the program share (S3). Kind decides what a browser may show
// in place. The package does not know whose file it is, who may read it, or when it is
// to be deleted: the rooms keep that beside the key.
package files

import (
	"context"
	_ "embed" // for Words
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"h48/internal/kit/errs"
)

// Words are the sentences of this package's refusals.
//
//go:embed words.json
var Words []byte

// ErrMissing is what Open answers for a key that holds nothing.
var ErrMissing = errs.New(errs.NotFound, "files.missing")

// Store keeps contents under keys. A key is one or more names joined by slashes, each
// of small letters, digits, dots, hyphens and underscores, and beginning with a letter
// or a digit ("project/01k3/plan.pdf"): the same on every file system. A Store is safe
// for concurrent use.
type Store interface {
	// Put keeps size bytes of r, replacing what the key held. When it returns nil the
	// content survives a loss of power; when it fails, readers find what was there
	// before. It fails where r holds more or less than size bytes.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	// Open returns the content, which the caller closes, or ErrMissing. Seeking is
	// cheap; reading after a seek may cost a request.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, Info, error)
	// Delete forgets the key. A key that holds nothing is deleted already.
	Delete(ctx context.Context, key string) error
	// Keys calls each with every key that holds something, in the order of the keys, until
	// each fails. What is put or deleted meanwhile may be told or not.
	Keys(ctx context.Context, each func(key string) error) error
}

// Info tells what a store knows of a content.
type Info struct {
	Size        int64
	ContentType string
	// Modified is when it was put, by the store's own clock.
	Modified time.Time
}

const maxKey = 400

var keyPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*$`)

func checkKey(key string) error {
	if len(key) > maxKey || !keyPattern.MatchString(key) {
		return fmt.Errorf("%q is no key for a file", key)
	}
	return nil
}

var (
	errShort = errors.New("the content is shorter than announced")
	errLong  = errors.New("the content is longer than announced")
)

// exact reads the announced number of bytes and fails, before it gives the last of
// them, where the content is longer: a server that was promised n bytes never gets n.
type exact struct {
	r    io.Reader
	left int64
}

func (e *exact) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	switch {
	case e.left > 0 && errors.Is(err, io.EOF):
		return n, errShort
	case e.left == 0 && err == nil:
		return e.last(n)
	}
	return n, err
}

// last makes sure that nothing follows the last n bytes.
func (e *exact) last(n int) (int, error) {
	if err := e.end(); err != nil {
		return 0, err
	}
	return n, nil
}

func (e *exact) end() error {
	extra, err := io.ReadFull(e.r, make([]byte, 1))
	if extra > 0 {
		return errLong
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// announced wraps r so that it yields size bytes or fails.
func announced(r io.Reader, size int64) (io.Reader, error) {
	if size < 0 {
		return nil, fmt.Errorf("a content of %d bytes", size)
	}
	e := &exact{r: r, left: size}
	if size == 0 {
		return e, e.end()
	}
	return e, nil
}
