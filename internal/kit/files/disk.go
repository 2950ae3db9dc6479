package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"h48/internal/kit/errs"
)

// incoming is where contents stand until they are whole. No key can name it.
const incoming = ".incoming"

// Disk keeps each content in a file of the same name below one directory, so that an
// operator finds it and an ordinary copy is a backup. The content type stands in a small
// hidden file beside it. What a crash leaves in .incoming may be deleted.
type Disk struct {
	root string
	room func(dir string) (free uint64, err error)
}

// Reserve is how much room an upload leaves on the disk, in bytes: marks, hand-ins and
// check-ins are small, and go on when pictures no longer can.
const Reserve = 512 << 20

// ErrFull is an upload for which the disk has no room beside the reserve.
var ErrFull = errs.New(errs.Conflict, "files.full")

// NewDisk opens the directory, and makes it where there is none.
func NewDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(filepath.Join(dir, incoming), 0o750); err != nil {
		return nil, fmt.Errorf("opening the files: %w", err)
	}
	return &Disk{root: dir, room: freeOn}, nil
}

// NewDiskWith is NewDisk with another way to learn how much room is left, for tests.
func NewDiskWith(dir string, room func(dir string) (free uint64, err error)) (*Disk, error) {
	d, err := NewDisk(dir)
	if err == nil {
		d.room = room
	}
	return d, err
}

// freeOn asks the system how many bytes may still be written below the directory.
func freeOn(dir string) (uint64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, fmt.Errorf("looking at the disk of %s: %w", dir, err)
	}
	return disk.Bavail * uint64(disk.Bsize), nil //nolint:gosec // a block's size is no negative number
}

// Room is how many bytes the disk has left.
func (d *Disk) Room() (uint64, error) { return d.room(d.root) }

func (d *Disk) path(key string) string { return filepath.Join(d.root, filepath.FromSlash(key)) }

// typePath is where the content type of the file stands.
func typePath(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".type")
}

// Put implements Store: the content is written aside, flushed to the disk and renamed.
func (d *Disk) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (err error) {
	defer errs.Wrap(&err, "keeping file %s", key)
	if err := checkKey(key); err != nil {
		return err
	}
	content, err := announced(r, size)
	if err != nil {
		return err
	}
	if free, err := d.Room(); err == nil && free < Reserve+uint64(max(size, 0)) { //nolint:gosec // not negative
		return ErrFull
	}
	path := d.path(key)
	if err := d.makeDirs(filepath.Dir(path)); err != nil {
		return err
	}
	temp, err := d.write(ctx, content)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp) }() // gone already when all went well
	tempType, err := d.write(ctx, strings.NewReader(contentType))
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tempType) }()
	// The type first: a content is never without its type, a type may be without content.
	if err := os.Rename(tempType, typePath(path)); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// write writes a whole file aside and flushes it. On failure it leaves nothing.
func (d *Disk) write(ctx context.Context, r io.Reader) (path string, err error) {
	f, err := os.CreateTemp(filepath.Join(d.root, incoming), "*")
	if err != nil {
		return "", err
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err := io.Copy(f, heeding{ctx, r}); err != nil {
		return "", err
	}
	return f.Name(), f.Sync()
}

// makeDirs makes the missing directories and flushes the entry of each.
func (d *Disk) makeDirs(dir string) error {
	if dir == d.root {
		return nil
	}
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(dir)
	if err := d.makeDirs(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(parent)
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open implements Store.
func (d *Disk) Open(_ context.Context, key string) (_ io.ReadSeekCloser, _ Info, err error) {
	defer errs.Wrap(&err, "opening file %s", key)
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	f, err := os.Open(d.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Info{}, ErrMissing
	}
	if err != nil {
		return nil, Info{}, err
	}
	stat, err := f.Stat()
	if err == nil && stat.IsDir() {
		err = ErrMissing
	}
	contentType, typeErr := os.ReadFile(typePath(d.path(key)))
	if err == nil {
		err = typeErr
	}
	if err != nil {
		return nil, Info{}, errors.Join(err, f.Close())
	}
	return f, Info{Size: stat.Size(), ContentType: string(contentType), Modified: stat.ModTime()}, nil
}

// Delete implements Store. Directories that it empties are left.
func (d *Disk) Delete(_ context.Context, key string) (err error) {
	defer errs.Wrap(&err, "deleting file %s", key)
	if err := checkKey(key); err != nil {
		return err
	}
	path := d.path(key)
	for _, p := range []string{path, typePath(path)} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	err = syncDir(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Keys implements Store.
func (d *Disk) Keys(ctx context.Context, each func(key string) error) (err error) {
	defer errs.Wrap(&err, "listing the files")
	var keys []string
	err = filepath.WalkDir(d.root, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // deleted meanwhile
			return nil
		}
		if err != nil || path == d.root {
			return err
		}
		if strings.HasPrefix(entry.Name(), ".") { // what comes in, and the types
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		key, err := filepath.Rel(d.root, path)
		if key = filepath.ToSlash(key); err == nil && entry.Type().IsRegular() && checkKey(key) == nil {
			keys = append(keys, key)
		}
		return errors.Join(err, ctx.Err())
	})
	if err != nil {
		return err
	}
	slices.Sort(keys) // a folder is walked by its names, where "a.b" stands before "a/b"
	for _, key := range keys {
		if err := each(key); err != nil {
			return err
		}
	}
	return nil
}

// heeding is a reader that ends with its context.
type heeding struct {
	ctx context.Context
	r   io.Reader
}

func (h heeding) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.r.Read(p)
}
