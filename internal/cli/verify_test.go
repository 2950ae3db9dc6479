package cli_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"h48/internal/cli"
	"h48/internal/kit/chain"
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
	good := filepath.Join(dir, "good.jsonl")
	forged := filepath.Join(dir, "forged.jsonl")
	empty := emptyRecord("e")
	if err := errors.Join(os.WriteFile(good, empty, 0o600), os.WriteFile(forged, bytes.Replace(empty, []byte("Amiens"), []byte("Ailleurs"), 1), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"verify", filepath.Join(dir, "none")}, 2, "no such file"},
		{[]string{"verify", good, "--lang", "fr"}, 0, "Tout tient ensemble"},
		{[]string{"verify", forged, "--lang", "en"}, 1, "line 3: the seal does not fit, something above it was changed"},
		{[]string{"verify", good, "--lang", "en", "--head", "f00d"}, 1, "the fingerprint given does not stand in the trace"},
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

// emptyRecord is the record of an edition whose jury has not said anything yet.
func emptyRecord(edition string) []byte {
	file := fmt.Appendf(nil, `{"record":{"format":"h48 jury record 1","edition":%q,"title":"Amiens","written":1,"entries":0,"hash":%q,"teams":{}}}`+"\n", edition, chain.Genesis(edition))
	file = append(file, `{"ranking":{"round":1,"teams":[],"jurors":[],"conflicts":[],"fingerprint":"","places":[]}}`+"\n"...)
	sum := sha256.Sum256(file)
	return fmt.Appendf(file, `{"seal":{"lines":2,"sha256":%q}}`+"\n", hex.EncodeToString(sum[:]))
}
