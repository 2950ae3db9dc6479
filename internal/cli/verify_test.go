package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"h48/internal/cli"
)

func TestVerify_exitCodes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	other := filepath.Join(dir, "other.txt")
	cut := filepath.Join(dir, "cut.jsonl")
	if err := os.WriteFile(other, []byte("hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cut, []byte(`{"record":{"format":"h48 jury record 1","edition":"e","title":"Amiens","written":1,"entries":2,"hash":"x","teams":{}}}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"verify", filepath.Join(dir, "none")}, 2, "no such file"},
		{[]string{"verify", other, "--lang", "fr"}, 2, "n’est pas le registre d’un jury"},
		{[]string{"verify", cut, "--lang", "en_GB.UTF-8"}, 1, "without its seal: it was cut"},
		{[]string{"verify", cut, "--lang", "fr_FR.UTF-8"}, 1, "il a été coupé"},
	} {
		var out, err bytes.Buffer
		code := cli.Main(t.Context(), c.args, cli.Streams{Out: &out, Err: &err})
		if code != c.code || !strings.Contains(out.String()+err.String(), c.says) {
			t.Errorf("%v exits with %d and says %s%s", c.args, code, out.String(), err.String())
		}
	}
}
