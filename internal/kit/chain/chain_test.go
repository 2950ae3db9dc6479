package chain_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/kit/chain"
	"h48/internal/kit/ids"
	"h48/internal/kit/sqldb/dbtest"
)

func newChain(db *dbtest.DB) *chain.Chain { return chain.New(ids.Seeded(1, db.Clock.Now)) }

func read(t *testing.T, db *dbtest.DB, edition string) []chain.Entry {
	t.Helper()
	var all []chain.Entry
	if err := chain.Each(t.Context(), db, edition, func(e chain.Entry) error { all = append(all, e); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// check follows the chain to its end.
func check(edition string, all []chain.Entry) (chain.Head, error) {
	h, err := chain.Head{Hash: chain.Genesis(edition)}, error(nil)
	for _, e := range all {
		if h, err = h.Check(e); err != nil {
			return h, err
		}
	}
	return h, nil
}

func TestAppend_canBeFollowedFromTheFirstEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := newChain(db)
		err := db.InTx(t.Context(), func(tx *dbtest.Tx) error {
			return c.AppendAll(t.Context(), tx, "e1",
				chain.Item{Kind: "jury.marked", Subject: "team:a", Body: map[string]any{"value": 4, "juror": "<j&1>", "at": int64(1526724000000001)}},
				chain.Item{Kind: "jury.marked", Subject: "team:b", Body: []string{"é", "x"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		all := read(t, db, "e1")
		if len(all) != 2 || all[0].Body != `{"at":1526724000000001,"juror":"<j&1>","value":4}` || all[1].N != 2 {
			t.Fatalf("the chain is %+v", all)
		}
		end, err := check("e1", all)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := chain.End(t.Context(), db, "e1")
		if err != nil || kept != end {
			t.Errorf("the chain ends at %v, its head says %v, %v", end, kept, err)
		}
		if other, err := chain.End(t.Context(), db, "e2"); err != nil || other.N != 0 || other.Hash == end.Hash {
			t.Errorf("another edition's chain ends at %v, %v", other, err)
		}
	})
}

func TestAppend_manyAtOnceMakeOneChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := newChain(db)
		const people, each = 8, 20
		var wg sync.WaitGroup
		for who := range people {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for i := range each {
					err := db.InTx(context.WithoutCancel(t.Context()), func(tx *dbtest.Tx) error {
						return c.Append(t.Context(), tx, "e1", "jury.marked", fmt.Sprintf("sheet:%d/%d", who, i), i)
					})
					if err != nil {
						t.Error(err)
					}
				}
			}()
		}
		wg.Wait()
		end, err := check("e1", read(t, db, "e1"))
		if err != nil || end.N != people*each {
			t.Errorf("the chain ends at %d of %d: %v", end.N, people*each, err)
		}
	})
}

func TestAppend_whatIsUndoneLeavesNoGap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := newChain(db)
		wrong := errors.New("changed my mind")
		for i := range 4 {
			err := db.InTx(t.Context(), func(tx *dbtest.Tx) error {
				if err := c.Append(t.Context(), tx, "e1", "jury.marked", "team:a", i); err != nil {
					return err
				}
				if i%2 == 0 {
					return wrong
				}
				return nil
			})
			if i%2 == 0 != errors.Is(err, wrong) {
				t.Fatal(err)
			}
		}
		if end, err := check("e1", read(t, db, "e1")); err != nil || end.N != 2 {
			t.Errorf("the chain ends at %d: %v", end.N, err)
		}
	})
}

func TestAppend_refusesWhatCouldBeReadInTwoWays(t *testing.T) {
	db := dbtest.SQLite(t)
	c := newChain(db)
	for _, it := range []chain.Item{{Kind: "", Subject: "a"}, {Kind: "a\nb", Subject: "c"}, {Kind: "a", Subject: "b\nc"}, {Kind: "a", Body: func() {}}} {
		err := db.InTx(t.Context(), func(tx *dbtest.Tx) error { return c.AppendAll(t.Context(), tx, "e1", it) })
		if err == nil {
			t.Errorf("%+v was taken", it)
		}
	}
}

func TestConceal_hidesTheTextAndKeepsEqualOnesApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c := newChain(db)
		var got []string
		err := db.InTx(t.Context(), func(tx *dbtest.Tx) error {
			for _, it := range [][3]string{{"e1", "a", "bien"}, {"e1", "a", "bien"}, {"e1", "b", "bien"}, {"e2", "a", "bien"}, {"e1", "a", ""}} {
				d, err := c.Conceal(t.Context(), tx, it[0], it[1], it[2])
				if err != nil {
					return err
				}
				got = append(got, d)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got[0] != got[1] || got[0] == got[2] || got[0] == got[3] || got[4] != "" || strings.Contains(got[0], "bien") {
			t.Errorf("the digests are %q", got)
		}
		if end, err := chain.End(t.Context(), db, "e1"); err != nil || end.N != 0 || end.Hash != chain.Genesis("e1") {
			t.Errorf("concealing moved the end to %v, %v", end, err)
		}
	})
}

// TestCheck_findsAnyAlteration changes, drops, repeats or exchanges entries of a chain.
func TestCheck_findsAnyAlteration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head := chain.Head{Hash: chain.Genesis("e1")}
		var all []chain.Entry
		for n := range rapid.IntRange(2, 8).Draw(t, "entries") {
			e := chain.Entry{N: int64(n + 1), At: dbtest.Start, Kind: "jury.marked", Subject: fmt.Sprint("team:", n), Body: fmt.Sprintf(`{"value":%d}`, n)}
			e.Hash = chain.Follow(head.Hash, e)
			head = chain.Head{N: e.N, Hash: e.Hash}
			all = append(all, e)
		}
		changed := slices.Clone(all)
		i := rapid.IntRange(0, len(all)-1).Draw(t, "at")
		e := &changed[i]
		switch rapid.IntRange(0, 7).Draw(t, "what") {
		case 0:
			e.Body = strings.Replace(e.Body, ":", ": ", 1)
		case 1:
			e.Subject += "x"
		case 2:
			e.Kind = "jury.noted"
		case 3:
			e.At = e.At.Add(1000)
		case 4:
			e.N++
		case 5:
			changed = slices.Delete(changed, i, i+1)
		case 6:
			changed = slices.Insert(changed, i, *e)
		case 7:
			k := (i + 1) % len(all)
			changed[i], changed[k] = changed[k], changed[i]
		}
		end, err := check("e1", changed)
		if err == nil && end == head {
			t.Errorf("nothing was found: %v", cmp.Diff(all, changed))
		}
		// Dropping the last entry leaves a whole chain, which ends elsewhere.
		var broken *chain.Broken
		if err != nil && !errors.As(err, &broken) {
			t.Errorf("%v does not say which entry", err)
		}
	})
}

func TestCheck_refusesAnotherFormOfTheSame(t *testing.T) {
	start := chain.Head{Hash: chain.Genesis("e1")}
	for _, body := range []string{`{"b":1,"a":2}`, `{"a": 1}`, `{"a":1,"a":1}`, `1 2`, `{`, "{\"a\":\"\\u0041\"}"} {
		e := chain.Entry{N: 1, At: dbtest.Start, Kind: "k", Body: body}
		e.Hash = chain.Follow(start.Hash, e)
		if _, err := start.Check(e); err == nil {
			t.Errorf("%s was taken", body)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.50,"é"]}`, `null`, `"\u2028<"`, `1e400`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := chain.Canonical(s)
		if err != nil {
			return
		}
		if twice, err := chain.Canonical(once); err != nil || twice != once {
			t.Errorf("%q becomes %q and then %q, %v", s, once, twice, err)
		}
	})
}
