package jury_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

// order is the juror's own, best first, without what the names have in common.
func (b *bench) order(juror int) string {
	b.T.Helper()
	p, err := b.Preference(context.Background(), b.DB, b.jurors[juror], b.id)
	b.must(err)
	var names []string
	for _, t := range p.Teams {
		names = append(names, t.Name)
	}
	return strings.Join(names, " ")
}

// comparing sets the round up to be judged both ways.
func (b *bench) comparing() {
	b.T.Helper()
	b.must(b.SetUp(context.Background(), b.Boss, b.id, jury.Setup{Format: jury.OnStage, Way: jury.ByBoth}, ""))
}

func TestCompare_ordersWhatMarksTie(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		if err := b.Compare(ctx, b.jurors[0], b.id, "t-Cour", "t-Palier", once.Action{}); !errors.Is(err, jury.ErrNotCompared) {
			t.Errorf("a round judged by marks takes a comparison: %v", err)
		}
		b.comparing()
		for team, value := range map[string]int{"t-Chaleur": 5, "t-Cour": 3, "t-Palier": 3, "t-Jardin": 1} {
			b.must(b.Score(ctx, b.jurors[0], b.id, team, b.sheet(value, value), once.Action{}))
		}
		if got := b.order(0); got != "Chaleur Cour Palier Jardin" {
			t.Errorf("by marks alone the order is %s", got)
		}
		p, err := b.Preference(ctx, db, b.jurors[0], b.id)
		b.must(err)
		pairs := p.Pairs(8)
		if len(pairs) != 3 || pairs[0].A.Name != "Cour" || pairs[0].B.Name != "Palier" {
			t.Errorf("the first question is %+v, want the tie", pairs)
		}
		b.must(b.Compare(ctx, b.jurors[0], b.id, "t-Palier", "t-Cour", once.Action{ID: "a"}))
		b.must(b.Compare(ctx, b.jurors[0], b.id, "t-Palier", "t-Cour", once.Action{ID: "a"})) // sent twice
		b.must(b.Compare(ctx, b.jurors[0], b.id, "t-Jardin", "t-Chaleur", once.Action{}))
		if got := b.order(0); got != "Jardin Chaleur Palier Cour" {
			t.Errorf("the order is %s", got)
		}
		e, err := b.Event(ctx, db, b.id)
		b.must(err)
		if len(e.Comparisons) != 2 {
			t.Errorf("the engine hears %+v", e.Comparisons)
		}
		b.must(b.TakeBack(ctx, b.jurors[0], b.id, "t-Jardin", "t-Chaleur", once.Action{}))
		if got := b.order(0); got != "Chaleur Palier Cour Jardin" {
			t.Errorf("taken back, the order is %s", got)
		}
		if frozen, err := b.Frozen(ctx, db, b.id); err != nil || !frozen {
			t.Errorf("frozen %v, %v", frozen, err)
		}
	})
}

// Comparisons that come twice, late and in another order end as if they had come in order.
func TestCompare_newestCountsInAnyOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		b.comparing()
		start := db.Now()
		db.Clock.Advance(time.Hour)
		said := [][2]string{{"t-Cour", "t-Palier"}, {"t-Palier", "t-Cour"}, {"t-Palier", "t-Jardin"}, {"t-Cour", "t-Palier"}}
		want := ""
		for juror, perm := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 3, 3, 0, 1}} {
			for _, k := range perm {
				a := once.Action{ID: fmt.Sprint(juror, "/", k), At: start.Add(time.Duration(k) * time.Minute)}
				b.must(b.Compare(ctx, b.jurors[juror], b.id, said[k][0], said[k][1], a))
			}
			if got := b.order(juror); want == "" {
				want = got
			} else if got != want {
				t.Errorf("in the order %v it ends with %s, want %s", perm, got, want)
			}
		}
		if want != "Cour Palier Jardin" {
			t.Errorf("it ends with %s", want)
		}
	})
}

func TestCompare_keepsAwayFromConflicts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		b.comparing()
		b.must(b.Recuse(ctx, b.Boss, b.id, b.jurors[0].ID, "t-Cour", "Sa sœur"))
		if err := b.Compare(ctx, b.jurors[0], b.id, "t-Palier", "t-Cour", once.Action{}); !errors.Is(err, jury.ErrRecused) {
			t.Errorf("a recused juror compares: %v", err)
		}
		if err := b.Compare(ctx, b.Person("Passant Exemple", edition.Participant), b.id, "t-Palier", "t-Cour", once.Action{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant compares: %v", err)
		}
		b.must(b.Compare(ctx, b.jurors[1], b.id, "t-Palier", "t-Cour", once.Action{}))
		b.must(b.Recuse(ctx, b.Boss, b.id, b.jurors[1].ID, "t-Cour", "Son employeur"))
		e, err := b.Event(ctx, db, b.id)
		b.must(err)
		if len(e.Comparisons) != 0 {
			t.Errorf("a word on a team that the juror recused themselves from counts: %+v", e.Comparisons)
		}
	})
}

// Two devices of one juror that did not know of each other: the newest counts, both are
// shown, and one tap settles it.
func TestDisputes_shownUntilChosen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		start := db.Now()
		db.Clock.Advance(time.Hour)
		blank := time.UnixMicro(1)
		say := func(device string, minute, value int, seen time.Time) {
			t.Helper()
			in := b.sheet(value)
			in.Device, in.Seen = device, seen
			b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", in, once.Action{ID: fmt.Sprint(device, minute), At: start.Add(time.Duration(minute) * time.Minute)}))
			db.Clock.Advance(time.Second)
		}
		shown := func() (all []string) {
			t.Helper()
			found, err := b.Disputes(ctx, db, b.jurors[0], b.id, "t-Cour")
			b.must(err)
			for _, d := range found {
				all = append(all, fmt.Sprint(d.Counts.Value, " counts, not ", d.Other.Value))
			}
			return all
		}
		say("phone", 1, 4, blank)
		say("phone", 2, 5, blank) // the same device corrects itself: no dispute
		if got := shown(); len(got) != 0 {
			t.Errorf("one device disagrees with itself: %v", got)
		}
		say("tablet", 3, 2, blank)
		if got := shown(); !slices.Equal(got, []string{"2 counts, not 5"}) {
			t.Errorf("shown: %v", got)
		}
		if got := b.values(b.jurors[0], "t-Cour"); got[0] != 2 {
			t.Errorf("%d counts", got[0])
		}
		say("tablet", 4, 5, db.Now()) // chosen, with both before their eyes
		if got := shown(); len(got) != 0 {
			t.Errorf("after the choice: %v", got)
		}
		say("laptop", 5, 5, blank) // says the same
		if got := shown(); len(got) != 0 {
			t.Errorf("two that agree: %v", got)
		}
		history, err := b.History(ctx, db, b.id, b.jurors[0].ID, "t-Cour")
		b.must(err)
		if len(history) != 5 {
			t.Errorf("%d marks are kept of 5", len(history))
		}
	})
}

// Notes and words that two devices wrote without knowing of each other are both shown
// until the juror has chosen; what one device writes after the other is no dispute.
func TestSheet_textsOfTwoDevices(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := newBench(t, db)
		jury.Routes(b.Door, b.Service)
		anne, blank := b.jurors[0], time.UnixMicro(1)
		say := func(device, note, word string, seen time.Time) {
			t.Helper()
			in := jury.Answers{Note: &note, Word: &jury.Word{Text: word}, Device: device, Seen: seen}
			b.must(b.Score(t.Context(), anne, b.id, "t-Cour", in, once.Action{ID: device + note}))
			db.Clock.Advance(time.Second)
		}
		asks := func() int {
			t.Helper()
			_, page := b.Client(anne).Get("/e/amiens-2018/jury/teams/t-Cour")
			return strings.Count(page, "Sur un autre appareil, écrit")
		}
		say("phone", "clair", "bravo", blank)
		say("phone", "très clair", "bravo", blank)
		if n := asks(); n != 0 {
			t.Errorf("one device disagrees with itself %d times", n)
		}
		say("tablet", "confus", "à revoir", blank)
		if n := asks(); n != 2 {
			t.Errorf("%d texts are asked about, want the note and the word", n)
		}
		if _, note, err := b.MySheet(t.Context(), db, anne, b.id, "t-Cour"); err != nil || note != "confus" {
			t.Errorf("%q counts: %v", note, err)
		}
		say("", "confus", "bravo et à revoir", db.Now()) // chosen, with both before their eyes
		if n := asks(); n != 0 {
			t.Errorf("after the choice %d are asked about", n)
		}
		say("phone", "", "", db.Now())
		if n := asks(); n != 0 {
			t.Errorf("a text that was emptied is asked about: %d", n)
		}
	})
}
