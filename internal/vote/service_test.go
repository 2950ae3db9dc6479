package vote_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/vote"
)

// Fifty people hold one card and press at once, ten times over: one ballot a card.
func TestCast_oneCodeOneBallotUnderARace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		h.badge("AAAAAA", "")
		id := h.opened(h.plan())
		codes := append(h.cards(id, 3), h.code(id, "AAAAAA"))
		slip, err := h.Enter(t.Context(), h.Edition.ID, id, h.screen(id), "", "192.0.2.1")
		h.must(err)
		codes = append(codes, slip)
		for _, code := range codes {
			var wg sync.WaitGroup
			var mu sync.Mutex
			kept := 0
			for i := range 50 {
				wg.Go(func() {
					err := h.cast(id, code, h.choices[i%3].Team)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						kept++
					} else if !errors.Is(err, vote.ErrSpent) {
						t.Errorf("refused with %v", err)
					}
				})
			}
			wg.Wait()
			if kept != 1 {
				t.Errorf("%d ballots with one code", kept)
			}
		}
		same(t, "ballots in the box", count(t, db, `SELECT COUNT(*) FROM vote_ballots`), len(codes))
		same(t, "doubles that were noted", count(t, db, `SELECT CAST(SUM(n) AS BIGINT) FROM vote_signs WHERE kind = 'reuse'`), 49*len(codes))
	})
}

// Everybody votes at once, each with a code of their own: every ballot is there.
func TestCast_nothingIsLostWhenAllVoteAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		id := h.opened(h.plan())
		codes := h.cards(id, 300)
		var wg sync.WaitGroup
		for i, code := range codes {
			wg.Go(func() {
				if err := h.cast(id, code, h.choices[i%3].Team); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		h.must(h.Close(t.Context(), h.Boss, h.Edition.ID, id))
		h.must(h.Check(t.Context(), h.Boss, h.Edition.ID, id))
		b, err := h.Board(t.Context(), h.Boss, h.Edition.ID, id)
		h.must(err)
		for _, l := range b.Result.Lines {
			same(t, l.Name(), l.N, 100)
		}
	})
}

// Nothing that the box keeps leads from a ballot to its code or its holder, during the
// vote or after, but that both are of one source.
func TestBox_keepsNoWayBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		for i := range 8 {
			h.badge(fmt.Sprintf("AAAA%02d", i), "")
		}
		id := h.opened(h.plan())
		for i := range 8 {
			h.must(h.cast(id, h.code(id, fmt.Sprintf("AAAA%02d", i)), h.choices[i%3].Team))
			db.Clock.Advance(time.Second)
		}
		ballots := rows(t, db, `SELECT id, area, span_at, net, choices FROM vote_ballots`)
		tokens := rows(t, db, `SELECT mark, batch_id, card, holder_id, team_id FROM vote_tokens`)
		for _, b := range ballots {
			for _, word := range strings.Split(b, "|") {
				for _, token := range tokens {
					if len(word) > 3 && slices.Contains(strings.Split(token, "|"), word) {
						t.Errorf("%q stands with a ballot and with a code", word)
					}
				}
			}
		}
		same(t, "moments of the ballots", count(t, db, `SELECT COUNT(DISTINCT span_at) FROM vote_ballots`), 1)
		if slices.IsSorted(ballots) {
			t.Error("the keys of the ballots tell their order")
		}
		h.must(h.Close(t.Context(), h.Boss, h.Edition.ID, id))
		same(t, "holders after the close", count(t, db, `SELECT COUNT(*) FROM vote_tokens WHERE holder_id <> ''`), 0)
		same(t, "keys of networks after the close", count(t, db, `SELECT COUNT(*) FROM vote_keys`), 0)
		same(t, "secrets after the close", count(t, db, `SELECT COUNT(*) FROM vote_polls WHERE secret <> ''`), 0)
		if sealed := rows(t, db, `SELECT id, area, span_at, net, choices FROM vote_ballots`); !slices.IsSorted(sealed) {
			t.Error("the sealed box keeps the order in which the ballots came")
		}
		same(t, "ballots after the close", count(t, db, `SELECT COUNT(*) FROM vote_ballots`), 8)
		h.must(h.Check(t.Context(), h.Boss, h.Edition.ID, id))
		same(t, "moments after the check", count(t, db, `SELECT COUNT(*) FROM vote_ballots WHERE span_at > 0 OR net <> ''`), 0)
		same(t, "trail of ballots", count(t, db, `SELECT COUNT(*) FROM trail_entries WHERE action LIKE 'vote.cast%'`), 0)
	})
}

func rows(t testing.TB, db *dbtest.DB, query string) []string {
	t.Helper()
	all, err := sqldb.All(t.Context(), db, func(r *[5]any) []any { return []any{&r[0], &r[1], &r[2], &r[3], &r[4]} }, query)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, r := range all {
		texts = append(texts, fmt.Sprintf("%v|%v|%v|%v|%v", r[0], r[1], r[2], r[3], r[4]))
	}
	return texts
}

func TestBadge_whoCameVotesOnceAndNotForTheirOwnTeam(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		ana := h.badge("AAAAAA", "voisins")
		id := h.opened(h.plan())
		late := h.badge("BBBBBB", "palier") // comes after the opening
		h.people["CCCCCC"] = vote.Person{Account: h.Person("Absente").ID, Participant: true}

		code := h.code(id, "aaa aaa")
		sheet, err := h.Ballot(t.Context(), h.Edition.ID, id, code, db.Clock.Now())
		h.must(err)
		if slices.ContainsFunc(sheet.Choices, func(c vote.Choice) bool { return c.Team == "voisins" }) || len(sheet.Choices) != 2 {
			t.Errorf("the sheet offers %+v", sheet.Choices)
		}
		if err := h.cast(id, code, "voisins"); !errs.Is(err, errs.Invalid) {
			t.Errorf("one's own team: %v", err)
		}
		h.must(h.cast(id, code, "palier"))
		if _, err := h.Ballot(t.Context(), h.Edition.ID, id, code, db.Clock.Now()); !errors.Is(err, vote.ErrSpent) {
			t.Errorf("the sheet of a used code: %v", err)
		}
		again, err := h.EnterAs(t.Context(), ana, h.Edition.ID, id)
		h.must(err)
		if again != code {
			t.Error("one person has two codes")
		}
		own, err := h.EnterAs(t.Context(), late, h.Edition.ID, id)
		h.must(err)
		h.must(h.cast(id, own, "voisins"))
		if _, err := h.Enter(t.Context(), h.Edition.ID, id, "CCCCCC", "", ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("somebody who did not come: %v", err)
		}
		if _, err := h.Enter(t.Context(), h.Edition.ID, id, "ZZZZZZ", "", ""); !errors.Is(err, vote.ErrCode) {
			t.Errorf("a badge of nobody: %v", err)
		}
	})
}

// screen is the code that stands on the screen now, read off its page.
func (h *hall) screen(id vote.ID) string {
	h.T.Helper()
	_, page := h.Client(h.Boss).Get("/e/amiens-2018/vote/" + string(id) + "/stage")
	_, after, found := strings.Cut(page, `class="ballot-code">`)
	if !found {
		h.T.Fatal("the screen shows no code")
	}
	code, _, _ := strings.Cut(after, "<")
	return code
}

func TestScreen_oneCodeADevice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		id := h.opened(h.plan())
		shown := h.screen(id)
		first := h.code(id, shown)
		held, err := h.Enter(t.Context(), h.Edition.ID, id, shown, first, "")
		h.must(err)
		if held != first {
			t.Error("a device that holds a code is given another")
		}
		if other := h.code(id, shown); other == first {
			t.Error("two devices share a code")
		}
		db.Clock.Advance(3 * time.Minute)
		if _, err := h.Enter(t.Context(), h.Edition.ID, id, shown, "", ""); !errors.Is(err, vote.ErrStale) {
			t.Errorf("a photograph of the screen, three minutes old: %v", err)
		}
		h.must(h.cast(id, first, "cour")) // who reads slowly still votes
	})
}

func TestWindow_noBallotBeforeOrAfter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		h.badge("AAAAAA", "")
		plan := h.plan()
		plan.Opens, plan.Closes = plan.Opens.Add(time.Minute), plan.Opens.Add(10*time.Minute)
		p, err := h.Add(t.Context(), h.Boss, h.Edition.ID, plan)
		h.must(err)
		if _, err := h.Enter(t.Context(), h.Edition.ID, p.ID, "AAAAAA", "", ""); !errors.Is(err, vote.ErrNotOpen) {
			t.Errorf("before it opens: %v", err)
		}
		db.Clock.Advance(2 * time.Minute)
		h.RunJobs(h.Jobs()) // opens it at its moment
		code := h.code(p.ID, "AAAAAA")
		db.Clock.Advance(8 * time.Minute) // the moment has come, the job has not run
		if err := h.cast(p.ID, code, "cour"); !errors.Is(err, vote.ErrNotOpen) {
			t.Errorf("after the close: %v", err)
		}
		h.RunJobs(h.Jobs())
		got, err := h.Poll(t.Context(), db, h.Edition.ID, p.ID)
		h.must(err)
		same(t, "state", got.State, vote.Closed)
		same(t, "close", got.Closes.Equal(plan.Closes), true)
	})
}

// Until it is checked nobody sees a result, whoever asks; then organisers do, and the
// public from the moment that they chose.
func TestResult_isHiddenUntilChecked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		ctx, e := t.Context(), h.Edition.ID
		id := h.opened(h.plan())
		for i, code := range h.cards(id, 9) {
			h.must(h.cast(id, code, h.choices[i%2].Team))
		}
		hidden := func(when string) {
			t.Helper()
			b, err := h.Board(ctx, h.Boss, e, id)
			h.must(err)
			if b.Result != nil {
				t.Errorf("%s the organiser sees %+v", when, b.Result)
			}
			if _, err := h.Outcome(ctx, db, e, id, db.Clock.Now()); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s the public sees a result: %v", when, err)
			}
			if all, err := h.Favourites(ctx, db, e); err != nil || len(all) != 0 {
				t.Errorf("%s the award hears of %+v, %v", when, all, err)
			}
		}
		hidden("while it is open")
		if err := h.Check(ctx, h.Boss, e, id); !errors.Is(err, vote.ErrState) {
			t.Errorf("checking an open vote: %v", err)
		}
		h.must(h.Close(ctx, h.Boss, e, id))
		hidden("before it is checked")
		b, err := h.Board(ctx, h.Boss, e, id)
		h.must(err)
		if err := h.SetAside(ctx, h.Boss, e, id, vote.Aside{Source: vote.Paper, Batch: b.Piles[0].Batch.ID}); !errs.Is(err, errs.Invalid) {
			t.Errorf("setting aside without a reason: %v", err)
		}
		h.must(h.SetAside(ctx, h.Boss, e, id, vote.Aside{Source: vote.Paper, Batch: b.Piles[0].Batch.ID, Reason: "La boîte a été ouverte."}))
		h.must(h.Restore(ctx, h.Boss, e, id, h.aside(id), "Retrouvée intacte."))
		h.must(h.Check(ctx, h.Boss, e, id))
		b, err = h.Board(ctx, h.Boss, e, id)
		h.must(err)
		same(t, "counted", b.Result.Counted, 9)
		same(t, "leader", b.Result.Leaders()[0].Team, "palier")
		h.must(h.Publish(ctx, h.Boss, e, id, db.Clock.Now().Add(time.Hour)))
		if _, err := h.Outcome(ctx, db, e, id, db.Clock.Now()); !errs.Is(err, errs.NotFound) {
			t.Errorf("public before its moment: %v", err)
		}
		db.Clock.Advance(time.Hour)
		o, err := h.Outcome(ctx, db, e, id, db.Clock.Now())
		h.must(err)
		if len(o.Asides) != 1 || o.Asides[0].Reason == "" || o.Asides[0].Why == "" || o.Asides[0].Ballots != 9 {
			t.Errorf("what was decided is published as %+v", o.Asides)
		}
	})
}

// aside is the first decision of the vote.
func (h *hall) aside(id vote.ID) string {
	h.T.Helper()
	b, err := h.Board(h.T.Context(), h.Boss, h.Edition.ID, id)
	h.must(err)
	return b.Asides[0].ID
}

// A stack of cards used by one hand is shown before the check and can be set aside alone.
func TestSigns_aStackInOneHand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		ctx, e := t.Context(), h.Edition.ID
		id := h.opened(h.plan())
		codes := h.cards(id, 30)
		for _, n := range []int{20, 3, 28, 11, 7, 15} {
			h.must(h.cast(id, codes[n], "palier"))
			db.Clock.Advance(40 * time.Second)
		}
		db.Clock.Advance(10 * time.Minute)
		for n := range 6 {
			h.must(h.cast(id, codes[21+n], "cour"))
			db.Clock.Advance(4 * time.Second)
		}
		b, err := h.Board(ctx, h.Boss, e, id)
		h.must(err)
		at := slices.IndexFunc(b.Signs, func(s vote.Sign) bool { return s.Kind == vote.Series })
		if at < 0 || b.Signs[at].N != 6 {
			t.Fatalf("the signs are %+v", b.Signs)
		}
		sign := b.Signs[at]
		h.must(h.SetAside(ctx, h.Boss, e, id, vote.Aside{Source: sign.Source, Batch: sign.Batch, Span: sign.Span, Reason: "Six cartes voisines en vingt secondes."}))
		h.must(h.Close(ctx, h.Boss, e, id))
		h.must(h.Check(ctx, h.Boss, e, id))
		b, err = h.Board(ctx, h.Boss, e, id)
		h.must(err)
		same(t, "counted", b.Result.Counted, 6)
		same(t, "leader", b.Result.Leaders()[0].Team, "palier")
	})
}

func TestVoid_aLostBoxOfCards(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := enter(t, db)
		id := h.opened(h.plan())
		codes := h.cards(id, 4)
		h.must(h.cast(id, codes[0], "cour"))
		b, err := h.Board(t.Context(), h.Boss, h.Edition.ID, id)
		h.must(err)
		h.must(h.Void(t.Context(), h.Boss, h.Edition.ID, id, b.Batches[0].ID, "Boîte perdue."))
		if err := h.cast(id, codes[1], "cour"); !errors.Is(err, vote.ErrVoid) {
			t.Errorf("a card of the lost box: %v", err)
		}
		same(t, "ballots", count(t, db, `SELECT COUNT(*) FROM vote_ballots`), 1)
	})
}

func TestTries_whoTriesCodesHasToWait(t *testing.T) {
	t.Parallel()
	h := enter(t, dbtest.SQLite(t))
	id := h.opened(h.plan())
	code := h.cards(id, 1)[0]
	for i := range 300 {
		if _, err := h.Enter(t.Context(), h.Edition.ID, id, fmt.Sprintf("ZZZZ%04d", i), "", "198.51.100.7"); !errors.Is(err, vote.ErrCode) {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	if _, err := h.Enter(t.Context(), h.Edition.ID, id, code, "", "198.51.100.99"); !errors.Is(err, vote.ErrTries) {
		t.Errorf("after 300 wrong codes: %v", err)
	}
	if _, err := h.Enter(t.Context(), h.Edition.ID, id, code, "", "203.0.113.5"); err != nil {
		t.Errorf("a neighbour elsewhere: %v", err)
	}
}

func TestSheet_isACardForEachBallot(t *testing.T) {
	t.Parallel()
	h := enter(t, dbtest.SQLite(t))
	id := h.opened(h.plan())
	b, err := h.Cards(t.Context(), h.Boss, h.Edition.ID, id, "résidence Exemple", 23)
	h.must(err)
	doc, name, err := h.Sheet(t.Context(), h.Boss, h.Edition.ID, id, b.ID)
	h.must(err)
	var out bytes.Buffer
	if _, err := doc.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(out.Bytes(), []byte("/Type /Page ")) + bytes.Count(out.Bytes(), []byte("/Type/Page/")); name != "paper-amiens-2018" || out.Len() < 10_000 {
		t.Errorf("%s: %d bytes, %d pages", name, out.Len(), pages)
	}
	if n := bytes.Count(out.Bytes(), []byte("/S /Figure")) + bytes.Count(out.Bytes(), []byte("/S/Figure")); n != 23 {
		t.Errorf("%d figures with a description for 23 cards", n)
	}
}
