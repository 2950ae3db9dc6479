package files_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"h48/internal/kit/errs"
	"h48/internal/kit/files"
)

// each runs the test against every kind of store: what one promises, all promise.
func each(t *testing.T, test func(t *testing.T, store files.Store)) {
	t.Helper()
	t.Run("disk", func(t *testing.T) {
		t.Parallel()
		disk, err := files.NewDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		test(t, disk)
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		test(t, bucket(t, "h48"))
	})
}

// bucket opens a store on a server that speaks the S3 protocol.
func bucket(t *testing.T, name string) *files.S3 {
	t.Helper()
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	t.Cleanup(server.Close)
	create, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL+"/h48", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(create)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("creating the bucket: %v %v", response, err)
	}
	_ = response.Body.Close()
	store, err := files.NewS3(files.S3Config{Endpoint: server.URL, Region: "fr", Bucket: name, Prefix: "amiens/2018",
		KeyID: "id", Secret: "secret", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func put(t *testing.T, store files.Store, key, content, contentType string) {
	t.Helper()
	if err := store.Put(t.Context(), key, strings.NewReader(content), int64(len(content)), contentType); err != nil {
		t.Fatal(err)
	}
}

func TestStore_givesBackWhatWasPut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, store files.Store) {
		for _, content := range []string{"", "%PDF-1.7", strings.Repeat("Somme ", 200_000)} {
			put(t, store, "project/01k3/plan.pdf", content, "application/pdf")
			r, info, err := store.Open(t.Context(), "project/01k3/plan.pdf")
			if err != nil {
				t.Fatal(err)
			}
			if info.Size != int64(len(content)) || info.ContentType != "application/pdf" || time.Since(info.Modified) > time.Minute {
				t.Errorf("got %+v for %d bytes of application/pdf put now", info, len(content))
			}
			if err := iotest.TestReader(r, []byte(content)); len(content) < 100 && err != nil {
				t.Error(err)
			}
			got, err := readFrom(r, 0)
			if err != nil || got != content {
				t.Errorf("%d bytes came back as %d, %v", len(content), len(got), err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func readFrom(r io.ReadSeeker, offset int64) (string, error) {
	if _, err := r.Seek(offset, io.SeekStart); err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestStore_servesAPartOfAContent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, store files.Store) {
		put(t, store, "a.txt", "0123456789", "text/plain")
		r, info, err := store.Open(t.Context(), "a.txt")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		w := httptest.NewRecorder()
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		request.Header.Set("Range", "bytes=3-5")
		http.ServeContent(w, request, "a.txt", info.Modified, r)
		if w.Code != http.StatusPartialContent || w.Body.String() != "345" {
			t.Errorf("got %d %q", w.Code, w.Body)
		}
	})
}

func TestStore_missing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, store files.Store) {
		put(t, store, "dir/a", "a", "text/plain")
		if err := store.Delete(t.Context(), "dir/a"); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"dir/a", "dir", "never/was"} {
			if _, _, err := store.Open(t.Context(), key); !errors.Is(err, files.ErrMissing) || !errs.Is(err, errs.NotFound) {
				t.Errorf("opening %s: %v", key, err)
			}
		}
		for _, key := range []string{"dir/a", "never/was"} {
			if err := store.Delete(t.Context(), key); err != nil {
				t.Errorf("deleting %s: %v", key, err)
			}
		}
	})
}

func TestStore_refusesKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, store files.Store) {
		for _, key := range []string{"", "/", "/etc/passwd", "a/../b", "..", "a//b", "a/", ".incoming/x", "a/.b.type",
			"A", "é", "a b", "a\x00b", `a\b`, "c:", strings.Repeat("a", 401)} {
			if err := store.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); err == nil {
				t.Errorf("put under %q", key)
			}
			if _, _, err := store.Open(t.Context(), key); err == nil || errors.Is(err, files.ErrMissing) {
				t.Errorf("opened %q: %v", key, err)
			}
			if err := store.Delete(t.Context(), key); err == nil {
				t.Errorf("deleted %q", key)
			}
		}
	})
}

func TestStore_aFailedPutChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, store files.Store) {
		put(t, store, "a", "before", "text/plain")
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		broken := errors.New("the phone lost its network")
		for name, c := range map[string]struct {
			ctx  context.Context
			r    io.Reader
			size int64
		}{
			"too short":  {t.Context(), strings.NewReader("after"), 6},
			"too long":   {t.Context(), strings.NewReader("after"), 4},
			"not empty":  {t.Context(), strings.NewReader("after"), 0},
			"no size":    {t.Context(), strings.NewReader("after"), -1},
			"broken":     {t.Context(), io.MultiReader(strings.NewReader("af"), iotest.ErrReader(broken)), 5},
			"given up":   {ended, strings.NewReader("after"), 5},
			"very short": {t.Context(), strings.NewReader(""), 1},
		} {
			if err := store.Put(c.ctx, "a", c.r, c.size, "text/html"); err == nil {
				t.Errorf("%s: no error", name)
			}
			r, info, err := store.Open(t.Context(), "a")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := readFrom(r, 0)
			if err != nil || got != "before" || info.ContentType != "text/plain" {
				t.Errorf("%s: now %q %s, %v", name, got, info.ContentType, err)
			}
			_ = r.Close()
		}
	})
}

func TestStore_readersOfAReplacedContentSeeOneOfTheTwo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, store files.Store) {
		contents := []string{strings.Repeat("a", 100_000), strings.Repeat("b", 100_000)}
		put(t, store, "a", contents[0], "text/plain")
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				if err := store.Put(t.Context(), "a", strings.NewReader(contents[i%2]), 100_000, "text/plain"); err != nil {
					t.Error(err)
				}
			})
			group.Go(func() {
				r, _, err := store.Open(t.Context(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				defer func() { _ = r.Close() }()
				b, err := io.ReadAll(r)
				if err != nil || (string(b) != contents[0] && string(b) != contents[1]) {
					t.Errorf("read %d bytes of a mixture, %v", len(b), err)
				}
			})
		}
		group.Wait()
	})
}

func TestDisk_leavesNothingAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	disk, err := files.NewDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, disk, "team/7/logo.png", "x", "image/png")
	if err := disk.Put(t.Context(), "team/7/b", strings.NewReader("x"), 2, "image/png"); err == nil {
		t.Fatal("a short content was kept")
	}
	var found []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			found = append(found, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"team/7/.logo.png.type", "team/7/logo.png"}, found); diff != "" {
		t.Error(diff)
	}
}

func TestS3_tellsWhatTheServiceAnswered(t *testing.T) {
	t.Parallel()
	_, _, err := bucket(t, "no-such-bucket").Open(t.Context(), "a")
	if err == nil || errors.Is(err, files.ErrMissing) || !strings.Contains(err.Error(), "NoSuchBucket") {
		t.Errorf("got %v, want the service's NoSuchBucket", err)
	}
}

func TestNewS3_refusesAConfiguration(t *testing.T) {
	t.Parallel()
	good := files.S3Config{Endpoint: "https://s3.example.org", Region: "fr", Bucket: "b", KeyID: "k", Secret: "s"}
	for name, change := range map[string]func(*files.S3Config){
		"no scheme": func(c *files.S3Config) { c.Endpoint = "s3.example.org" },
		"no bucket": func(c *files.S3Config) { c.Bucket = "" },
		"no secret": func(c *files.S3Config) { c.Secret = "" },
		"prefix":    func(c *files.S3Config) { c.Prefix = "../a" },
	} {
		c := good
		change(&c)
		if _, err := files.NewS3(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkDiskPut(b *testing.B) {
	disk, err := files.NewDisk(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	content := bytes.Repeat([]byte("x"), 1<<20)
	b.SetBytes(1 << 20)
	for i := range b.N {
		if err := disk.Put(b.Context(), fmt.Sprintf("a/%d", i), bytes.NewReader(content), 1<<20, files.Download); err != nil {
			b.Fatal(err)
		}
	}
}

// Every key is told once, in order, whatever page the bucket cuts it into; types, what
// comes in and others' keys are not.
func TestStore_listsItsKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, store files.Store) {
		var want []string
		n := 1203 // a bucket tells a thousand at once
		if _, disk := store.(*files.Disk); disk {
			n = 40 // each is flushed to it
		}
		for i := range n {
			key := fmt.Sprintf("project/%02d/%04d.txt", i%7, i)
			put(t, store, key, "x", "text/plain")
			want = append(want, key)
		}
		put(t, store, "project.a", "x", "text/plain")
		put(t, store, "gone", "x", "text/plain")
		if err := store.Delete(t.Context(), "gone"); err != nil {
			t.Fatal(err)
		}
		want = append(want, "project.a")
		slices.Sort(want)
		var got []string
		if err := store.Keys(t.Context(), func(key string) error { got = append(got, key); return nil }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		enough := errors.New("enough")
		if err := store.Keys(t.Context(), func(string) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("stopped: %v", err)
		}
	})
}

// When the disk is nearly full, uploads are refused in words while there is room for
// marks and texts; what is there can be read and deleted.
func TestDisk_keepsAReserve(t *testing.T) {
	t.Parallel()
	free := uint64(files.Reserve + 4)
	disk, err := files.NewDiskWith(t.TempDir(), func(string) (uint64, error) { return free, nil })
	if err != nil {
		t.Fatal(err)
	}
	put(t, disk, "fits", "four", "text/plain")
	if err := disk.Put(t.Context(), "more", strings.NewReader("fives"), 5, "text/plain"); !errors.Is(err, files.ErrFull) || !errs.Is(err, errs.Conflict) {
		t.Errorf("an upload into the reserve: %v", err)
	}
	free = 0
	r, _, err := disk.Open(t.Context(), "fits")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.Close(), disk.Delete(t.Context(), "fits")); err != nil {
		t.Error(err)
	}
}
