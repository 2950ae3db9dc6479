package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"h48/internal/cli"
)

// runRank runs one command line.
func runRank(in string, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = cli.Main(context.Background(), append([]string{"rank"}, args...), cli.Streams{In: strings.NewReader(in), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// smallSet writes a set of two events, one of them without a single visit.
func smallSet(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"meta.json":       `{"format":1,"criteria":[{"id":"c","min":1,"max":5,"weight":1}]}`,
		"projects.csv":    "event,project,table\nb,kite,1\nb,garden,2\na,bridge,1\n",
		"jurors.csv":      "event,juror,capacity\nb,Ada,5\nb,Bob,5\n",
		"conflicts.csv":   "event,juror,project\n",
		"visits.csv":      "event,juror,project,seq,minute,c\nb,Ada,kite,1,0,5\nb,Ada,garden,2,5,3\nb,Bob,garden,1,0,2\nb,Bob,kite,2,5,4\n",
		"rankings.csv":    "event,juror,rank,project\n",
		"comparisons.csv": "event,juror,seq,winner,loser\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRankWritesEveryProjectAndTheSameBytes(t *testing.T) {
	t.Parallel()
	dir := smallSet(t)
	first, again, jurors := filepath.Join(dir, "1.csv"), filepath.Join(dir, "2.csv"), filepath.Join(dir, "j.csv")
	for _, out := range []string{first, again} {
		if code, _, errs := runRank("", "--in", dir, "--out", out, "--jurors", jurors); code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
	}
	rows := strings.Split(strings.TrimSpace(read(t, first)), "\n")
	if len(rows) != 4 || rows[0] != "event,project,rank,score,rank_lo,rank_hi,p_best,p_top3" ||
		rows[1] != "a,bridge,1,0,1,1,1,1" || !strings.HasPrefix(rows[2], "b,kite,1,") || !strings.HasPrefix(rows[3], "b,garden,2,") {
		t.Errorf("got %q", rows)
	}
	if read(t, first) != read(t, again) {
		t.Error("the same set gave other bytes")
	}
	if !strings.HasPrefix(read(t, jurors), "event,juror,severity,weight,flag\nb,Ada,0.5,") {
		t.Errorf("jurors: %q", read(t, jurors))
	}
}

func TestRankRefusesABrokenSetAndWritesNothing(t *testing.T) {
	t.Parallel()
	dir := smallSet(t)
	if err := os.WriteFile(filepath.Join(dir, "jurors.csv"), []byte("event,juror,capacity\nb,Ada,many\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.csv")
	code, _, errs := runRank("", "--in", dir, "--out", out)
	if code != 2 || !strings.Contains(errs, `jurors.csv: line 2, column 7: "many" is not a whole number`) {
		t.Errorf("exit %d: %s", code, errs)
	}
	left, err := os.ReadDir(filepath.Dir(out))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRankLoop(t *testing.T) {
	t.Parallel()
	code, out, errs := runRank(`{"op":"open","projects":[{"id":"p"}],"jurors":[{"id":"j"}],"criteria":[]}`+"\n"+`{"op":"next","juror":"j"}`+"\n", "--loop")
	if want := "{\"ok\":true}\n{\"project\":\"p\"}\n"; code != 0 || out != want {
		t.Errorf("exit %d: %q %s", code, out, errs)
	}
}

func TestRankWantsToKnowWhatToDo(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"--in", "."}, {"--loop", "--in", "."}, {"--loop", "--floor=-1"}} {
		if code, _, errs := runRank("", args...); code != 2 || errs == "" {
			t.Errorf("%v: exit %d, %q", args, code, errs)
		}
	}
}
