package snapshot

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"h48/internal/kit/files"
)

// folder is where the uploads stand in the archive.
const folder = "files/"

// file is an upload in the archive.
type file struct {
	Key    string `json:"key"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// saveFiles copies every upload, one at a time and none of them whole in memory.
func saveFiles(ctx context.Context, store files.Store, archive *zip.Writer) ([]file, error) {
	var all []file
	err := store.Keys(ctx, func(key string) error {
		f, err := saveFile(ctx, store, archive, key)
		if errors.Is(err, files.ErrMissing) { // deleted since it was listed
			return nil
		}
		if err != nil {
			return fmt.Errorf("saving the file %s: %w", key, err)
		}
		all = append(all, f)
		return nil
	})
	return all, err
}

func saveFile(ctx context.Context, store files.Store, archive *zip.Writer, key string) (file, error) {
	in, info, err := store.Open(ctx, key)
	if err != nil {
		return file{}, err
	}
	defer in.Close()
	// Pictures and PDF are compressed already; what is only stored can be read by anybody.
	out, err := archive.CreateHeader(&zip.FileHeader{Name: folder + key, Method: zip.Store, Modified: info.Modified})
	if err != nil {
		return file{}, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sum), in)
	if err == nil && n != info.Size {
		err = fmt.Errorf("%d bytes of %d", n, info.Size)
	}
	return file{Key: key, Type: info.ContentType, Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

// restoreFiles puts every upload back. A content that is not what was saved is not put.
func restoreFiles(ctx context.Context, store files.Store, archive *zip.Reader, all []file) error {
	for _, f := range all {
		if err := f.check(archive); err != nil {
			return err
		}
		in, err := archive.Open(folder + f.Key)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		err = errors.Join(store.Put(ctx, f.Key, in, f.Size, f.Type), in.Close())
		if err != nil {
			return fmt.Errorf("restoring the file %s: %w", f.Key, err)
		}
	}
	return nil
}

// check reads the content once and compares it with its checksum.
func (f file) check(archive *zip.Reader) error {
	in, err := archive.Open(folder + f.Key)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer in.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, in)
	if err != nil || n != f.Size || hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%w: the file %s does not match its checksum", ErrDamaged, f.Key)
	}
	return nil
}
