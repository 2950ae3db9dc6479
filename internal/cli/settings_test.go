package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// h48 runs a command line and returns its exit code with what it printed.
func h48(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(t.Context(), args, Streams{In: strings.NewReader(""), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// A settings file is read by the names of the flags; a flag and a variable go before it,
// and what is misspelt, or no JSON, is refused in words.
func TestSettings_fromAFile(t *testing.T) {
	dir := t.TempDir()
	file := func(text string) string {
		name := filepath.Join(dir, "h48.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	base := []string{"doctor", "--files", filepath.Join(dir, "files"), "--database", "sqlite:" + filepath.Join(dir, "none.db")}
	reaches := func(args ...string) string {
		_, out, errs := h48(t, append(base, args...)...)
		_, after, _ := strings.Cut(out, "people reach it at ")
		address, _, _ := strings.Cut(after, "\n")
		if address == "" {
			t.Fatalf("%v says %q, %q", args, out, errs)
		}
		return address
	}
	conf := file(`{"url": "https://file.example.org", "mail-security": "tls", "jobs": 2}`)
	if got := reaches("--config", conf); got != "https://file.example.org" {
		t.Errorf("from the file: %q", got)
	}
	if got := reaches("--config", conf, "--url", "https://flag.example.org"); got != "https://flag.example.org" {
		t.Errorf("with a flag: %q", got)
	}
	t.Setenv("H48_URL", "https://variable.example.org")
	if got := reaches("--config", conf); got != "https://variable.example.org" {
		t.Errorf("with a variable: %q", got)
	}
	for text, want := range map[string]string{`{"lissen": "x"}`: `"lissen", which is no setting`, `{broken`: "not JSON", `{"jobs": "many"}`: "jobs"} {
		if code, _, errs := h48(t, append(base, "--config", file(text))...); code == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s answers %d: %s", text, code, errs)
		}
	}
}

// A backup of nothing is refused, and so is a database in a folder that is not there:
// neither makes an empty file.
func TestDatabase_thatIsNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	none := filepath.Join(dir, "none.db")
	code, _, errs := h48(t, "backup", filepath.Join(dir, "out.zip"), "--database", "sqlite:"+none, "--files", dir)
	if code != 2 || !strings.Contains(errs, "there is no database at "+none) {
		t.Errorf("a backup answers %d: %s", code, errs)
	}
	if code, out, _ := h48(t, "doctor", "--database", "sqlite:"+none, "--files", dir); code != 1 || !strings.Contains(out, "there is no database at "+none) {
		t.Errorf("the doctor answers %d: %s", code, out)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("an empty database was made")
	}
	far := "sqlite:" + filepath.Join(dir, "far", "h48.db")
	if code, _, errs := h48(t, "serve", "--listen", "localhost:0", "--database", far); code != 2 || !strings.Contains(errs, "make it") {
		t.Errorf("serving answers %d: %s", code, errs)
	}
}
