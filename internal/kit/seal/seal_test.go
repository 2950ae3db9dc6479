package seal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"h48/internal/kit/ids"
	"h48/internal/kit/seal"
)

func source() *ids.Source { return ids.NewSource(time.Now) }

func TestBox_opensWhatItSealed(t *testing.T) {
	t.Parallel()
	box := seal.New(filepath.Join(t.TempDir(), "h48.key"), source())
	rapid.Check(t, func(rt *rapid.T) {
		secret, purpose := rapid.String().Draw(rt, "secret"), rapid.String().Draw(rt, "purpose")
		sealed, err := box.Seal(purpose, secret)
		if err != nil {
			rt.Fatal(err)
		}
		if len(secret) > 3 && strings.Contains(sealed, secret) {
			rt.Fatalf("%q stands in %q", secret, sealed)
		}
		if again, err := box.Seal(purpose, secret); err != nil || again == sealed {
			rt.Fatalf("sealed the same way twice, %v", err)
		}
		if got, err := box.Open(purpose, sealed); err != nil || got != secret {
			rt.Fatalf("%q, %v", got, err)
		}
		if _, err := box.Open(purpose+"x", sealed); !errors.Is(err, seal.ErrKey) {
			rt.Fatalf("opened for another purpose: %v", err)
		}
	})
}

// The key is made once, for the owner's eyes, and found again by the next start; another
// key opens nothing.
func TestBox_keyInItsFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "h48.key")
	box := seal.New(path, source())
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Fatalf("there is a key before there is a secret: %v", err)
	}
	sealed, err := box.Seal("a", "secret")
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file is %v, %v", info.Mode(), err)
	}
	if got, err := seal.New(path, source()).Open("a", sealed); err != nil || got != "secret" {
		t.Errorf("the next start reads %q, %v", got, err)
	}
	if _, err := seal.New(filepath.Join(t.TempDir(), "other.key"), source()).Open("a", sealed); !errors.Is(err, seal.ErrKey) {
		t.Errorf("another key: %v", err)
	}
	broken := filepath.Join(t.TempDir(), "broken.key")
	if err := os.WriteFile(broken, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.New(broken, source()).Seal("a", "b"); err == nil {
		t.Error("sealed with a key that is none")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add("")
	f.Add("AAAA")
	box := seal.New(filepath.Join(f.TempDir(), "h48.key"), source())
	f.Fuzz(func(t *testing.T, sealed string) {
		if got, err := box.Open("a", sealed); err == nil {
			t.Errorf("%q opens to %q", sealed, got)
		}
	})
}
