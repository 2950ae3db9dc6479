package record_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/record"
	"h48/internal/kit/chain"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// hall is invented: a jury of three and five teams, and what they won.
type hall struct {
	*doortest.House
	jury   *jury.Service
	record *record.Service
	jurors []account.Actor
	teams  []jury.TeamRef
	prizes []jury.PrizeRef
	given  []record.Prize
	signed []record.Signature
}

func (h *hall) Competing(context.Context, sqldb.Querier, edition.ID) ([]jury.TeamRef, error) {
	return h.teams, nil
}

func (h *hall) One(_ context.Context, _ sqldb.Querier, _ edition.ID, team string) (jury.TeamRef, error) {
	for _, t := range h.teams {
		if t.ID == team {
			return t, nil
		}
	}
	return jury.TeamRef{}, sqldb.ErrNotFound
}

func (h *hall) Given(context.Context, sqldb.Querier, edition.ID) ([]record.Prize, error) {
	return h.given, nil
}

func (h *hall) ToWin(context.Context, sqldb.Querier, edition.ID) ([]jury.PrizeRef, error) {
	return h.prizes, nil
}

func (h *hall) Signed(context.Context, sqldb.Querier, edition.ID) ([]record.Signature, error) {
	return h.signed, nil
}

func newHall(t *testing.T, db *dbtest.DB) *hall {
	t.Helper()
	h := &hall{House: doortest.New(t, db, jury.Words, record.Words)}
	for i, name := range []string{"Voisins", "Guichet", "Chaleur", "Cour", "Palier"} {
		h.teams = append(h.teams, jury.TeamRef{ID: "t-" + name, Name: name, Title: "Projet " + name, Table: i + 1})
	}
	h.jury = jury.NewService(db.DB, h.IDs, h.Editions, h.Accounts, jury.Neighbours{Teams: h, Prizes: h}, h.Hub, h.Trail)
	store, err := files.NewDisk(t.TempDir())
	h.must(err)
	h.record = record.NewService(db.DB, h.jury, h.Editions, h.Accounts, h, store, h.Hub, h.Queue, h.Words)
	for _, name := range []string{"Anne Exemple", "Basile Exemple", "Chloé Exemple"} {
		h.jurors = append(h.jurors, h.Person(name, edition.Juror))
	}
	h.Go(edition.Pitches)
	h.must(h.jury.SetCriteria(context.Background(), h.Boss, h.Edition.ID, []jury.Criterion{{Name: "Utile", Weight: 60}, {Name: "Réalisable", Weight: 40}}))
	return h
}

func (h *hall) must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatal(err)
	}
}

// judge fills every sheet: juror j gives team i a mark that both decide.
func (h *hall) judge() {
	h.T.Helper()
	ctx, id := context.Background(), h.Edition.ID
	criteria, err := h.jury.Criteria(ctx, h.DB, id)
	h.must(err)
	for j, juror := range h.jurors {
		for i, team := range h.teams {
			in := jury.Answers{Marks: map[string]jury.Answer{}}
			for k, c := range criteria {
				in.Marks[c.ID] = jury.Answer{Kind: jury.Scored, Value: 1 + (2*i+j*(k+1))%5}
			}
			h.must(h.jury.Score(ctx, juror, id, team.ID, in, once.Action{}))
		}
	}
}

// deliberate goes on to where the ranking has been shown.
func (h *hall) deliberate() {
	h.T.Helper()
	ctx, id := context.Background(), h.Edition.ID
	h.must(h.jury.Declare(ctx, h.jurors[0], id, "t-Cour", "ma cousine y est"))
	h.must(h.jury.Close(ctx, h.Boss, id))
	h.must(h.jury.Deliberate(ctx, h.Boss, id))
	h.must(h.jury.SetPresence(ctx, h.Boss, id, h.jurors[2].ID, jury.Excluded, "est arrivée après les présentations"))
}

func (h *hall) write() []byte {
	h.T.Helper()
	var out bytes.Buffer
	h.must(h.record.Write(context.Background(), h.Edition.ID, &out, nil))
	return out.Bytes()
}

func check(t testing.TB, file []byte, printed string) record.Report {
	t.Helper()
	r, err := record.Check(t.Context(), bytes.NewReader(file), printed)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (h *hall) say(r record.Report) string {
	words, err := i18n.New(record.Words)
	h.must(err)
	return strings.Join(r.Say(words.Locale(i18n.English)), "\n")
}

func TestCheck_whatTheProgramWritesBelongsTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHall(t, db)
		steps := []func(){func() {}, h.judge, func() { h.deliberate() }}
		for i, step := range steps {
			step()
			r := check(t, h.write(), "")
			if !r.Good() {
				t.Fatalf("after step %d: %s", i, h.say(r))
			}
		}
		head, err := h.jury.Head(t.Context(), db, h.Edition.ID)
		h.must(err)
		h.must(h.jury.SetPresence(t.Context(), h.Boss, h.Edition.ID, h.jurors[2].ID, jury.Present, ""))
		r := check(t, h.write(), head.Hash)
		if !r.Good() || r.Printed != head.N || r.Rankings != 3 || r.Marks != 30 {
			t.Errorf("%+v\n%s", r, h.say(r))
		}
		for _, name := range []string{"Anne", "Exemple", "cousine", "arrivée"} {
			if bytes.Contains(h.write(), []byte(name)) {
				t.Errorf("the record names %q", name)
			}
		}
	})
}

// TestCheck_findsAnyAlteration changes one byte, or drops or repeats one line, anywhere.
func TestCheck_findsAnyAlteration(t *testing.T) {
	t.Parallel()
	h := newHall(t, dbtest.SQLite(t))
	h.judge()
	h.deliberate()
	file := h.write()
	lines := bytes.SplitAfter(file, []byte("\n"))
	lines = lines[:len(lines)-1]
	rapid.Check(t, func(t *rapid.T) {
		var changed []byte
		switch rapid.SampledFrom([]string{"byte", "byte", "byte", "drop", "repeat", "cut"}).Draw(t, "what") {
		case "byte":
			at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
			changed = bytes.Clone(file)
			if changed[at] ^= byte(1 + rapid.IntRange(0, 254).Draw(t, "by")); bytes.Equal(changed, file) {
				t.Skip()
			}
		case "drop":
			at := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
			changed = bytes.Join(append(append([][]byte{}, lines[:at]...), lines[at+1:]...), nil)
		case "repeat":
			at := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
			changed = bytes.Join(append(append(append([][]byte{}, lines[:at]...), lines[at]), lines[at:]...), nil)
		case "cut":
			changed = file[:rapid.IntRange(0, len(file)-1).Draw(t, "at")]
		}
		r, err := record.Check(context.Background(), bytes.NewReader(changed), "")
		if err == nil && r.Good() {
			t.Errorf("nothing was found")
		}
	})
}

// TestCheck_namesWhatWasChanged forges a table behind the program's back.
func TestCheck_namesWhatWasChanged(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		sql  string
		want []string
	}{
		"a better mark":      {`UPDATE jury_marks SET value = 5 WHERE value = 1`, []string{"a mark given to", "is not the one of entry", "was not computed from the marks of the trace"}},
		"a mark less":        {`DELETE FROM jury_marks WHERE team_id = 't-Voisins'`, []string{"a mark given to Voisins in entry", "is missing from the tables"}},
		"another weight":     {`UPDATE jury_criteria SET weight = 90 WHERE weight = 40`, []string{"the rubric of round 1 is not the one of the trace"}},
		"a recusal less":     {`DELETE FROM jury_conflicts`, []string{"a conflict of interest with Cour is not as in the trace"}},
		"an excluded juror":  {`UPDATE jury_jurors SET presence = 'present'`, []string{"a juror’s presence is not the one of the trace"}},
		"an entry changed":   {`UPDATE chain_entries SET body = '{"marks":[],"round":1}' WHERE n = 4`, []string{"entry 4 (jury.marked) was changed"}},
		"an entry dropped":   {`DELETE FROM chain_entries WHERE n = 5`, []string{"entry 5 is missing"}},
		"the last one":       {`DELETE FROM chain_entries WHERE n = (SELECT MAX(n) FROM chain_entries)`, []string{"the trace should end at entry"}},
		"two entries traded": {`UPDATE chain_entries SET made_at = made_at + 1 WHERE n = 7`, []string{"entry 7 (jury.marked) was changed"}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			db := dbtest.SQLite(t)
			h := newHall(t, db)
			h.judge()
			h.deliberate()
			h.must(db.InTx(t.Context(), func(tx *dbtest.Tx) error {
				_, err := sqldb.Exec(t.Context(), tx, c.sql)
				return err
			}))
			r := check(t, h.write(), "")
			for _, want := range c.want {
				if said := h.say(r); r.Good() || !strings.Contains(said, want) {
					t.Errorf("%q is not said:\n%s", want, said)
				}
			}
		})
	}
}

func TestCheck_prizesAreThoseDecided(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	h := newHall(t, db)
	h.judge()
	h.deliberate()
	decide := func(body any) {
		h.must(db.InTx(t.Context(), func(tx *dbtest.Tx) error {
			return chain.New(h.IDs).Append(t.Context(), tx, string(h.Edition.ID), "award.decided", "deliberation:"+string(h.Edition.ID), body)
		}))
	}
	for _, c := range []struct {
		teams []string
		body  any
		want  string
	}{
		{[]string{"t-Cour"}, nil, "a laureate but no decision"},
		{[]string{"t-Cour"}, map[string]any{"choice": map[string]string{"p1": "t-Cour", "p2": "t-Voisins"}}, ""},
		{[]string{"t-Voisins"}, nil, "is not what the jury decided"},
		{nil, nil, "is not what the jury decided"},
		{nil, map[string]any{"choice": map[string]string{"p1": "", "p2": "t-Voisins"}}, ""},
	} {
		h.given = []record.Prize{{ID: "p1", Title: "Grand prix", Cents: 500000, State: "awarded", Teams: c.teams}}
		if c.body != nil {
			decide(c.body)
		}
		r := check(t, h.write(), "")
		if said := h.say(r); r.Good() != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%v: %q is not said:\n%s", c.teams, c.want, said)
		}
	}
}

func TestCheck_refusesOtherFiles(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "hello", `{"seal":{"lines":0,"sha256":""}}` + "\n", `{"record":{"format":"other"}}`} {
		if _, err := record.Check(t.Context(), strings.NewReader(text), ""); err == nil {
			t.Errorf("%q was taken for a record", text)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"record":{"format":"h48 jury record 1","edition":"e","title":"t","written":1,"entries":0,"hash":"","teams":null}}` + "\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		ctx, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		r, err := record.Check(ctx, bytes.NewReader(file), "x")
		if err == nil && r.Good() {
			t.Errorf("%q was taken for a good record", file)
		}
	})
}
