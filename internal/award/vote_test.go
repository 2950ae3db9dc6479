package award_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// table is a deliberation with three more jurors, open.
func (b bundle) table(t testing.TB) (jurors []account.Actor) {
	t.Helper()
	jurors = []account.Actor{b.juror}
	for _, name := range []string{"Karim Exemple", "Léa Exemple", "Moussa Exemple"} {
		jurors = append(jurors, b.Person(name, edition.Juror))
	}
	must(t, b.award.OpenDeliberation(t.Context(), b.Boss, b.Edition.ID))
	return jurors
}

func (b bundle) vote(t testing.TB, id award.VoteID) award.Vote {
	t.Helper()
	all, err := b.award.Votes(t.Context(), b.DB, b.Edition.ID)
	must(t, err)
	for _, v := range all {
		if v.ID == id {
			return v
		}
	}
	t.Fatalf("there is no vote %s", id)
	return award.Vote{}
}

// Who has a voice: who sits and is not recused for a project that the question is about.
// Nothing of the count is seen before the end.
func TestVote_byThoseWhoMay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		if _, err := b.award.OpenVote(ctx, b.juror, id, award.Question{Text: "?", Answers: []string{"oui", "non"}}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a vote before the deliberation: %v", err)
		}
		jurors := b.table(t)
		b.jury.recused = map[account.ID][]string{jurors[1].ID: {"t2"}, jurors[2].ID: {"t3"}}
		must(t, b.award.Attend(ctx, b.Boss, id, []award.Attendance{{Account: jurors[3].ID, Presence: award.Absent}}, ""))
		vote, err := b.award.OpenVote(ctx, b.juror, id, award.Question{Text: "À qui le premier prix ?", Teams: []string{"t1", "t2"}})
		must(t, err)
		if _, err := b.award.OpenVote(ctx, b.juror, id, award.Question{Text: "Et un autre ?", Answers: []string{"oui", "non"}}); !errs.Is(err, errs.Conflict) {
			t.Errorf("two votes at once: %v", err)
		}
		must(t, b.award.Cast(ctx, jurors[0], id, vote, 2))
		for who, actor := range map[string]account.Actor{"recused": jurors[1], "absent": jurors[3], "an organiser": b.Boss} {
			if err := b.award.Cast(ctx, actor, id, vote, 1); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s votes: %v", who, err)
			}
		}
		if err := b.award.Cast(ctx, jurors[0], id, vote, 1); !errs.Is(err, errs.Conflict) {
			t.Errorf("voting twice: %v", err)
		}
		if err := b.award.Cast(ctx, jurors[2], id, vote, 9); !errs.Is(err, errs.Invalid) {
			t.Errorf("an answer that is none: %v", err)
		}
		if v := b.vote(t, vote); v.Options[2].Tally != 0 || v.Voters[0].Place != -1 {
			t.Errorf("a running vote tells %+v", v)
		}
		must(t, b.award.NoteHand(ctx, b.Boss, id, vote, jurors[2].ID, 2))
		if err := b.award.NoteHand(ctx, jurors[0], id, vote, jurors[2].ID, 2); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a juror notes another's hand: %v", err)
		}
		if err := b.award.Decide(ctx, b.juror, id, award.Decision{Choice: award.Choice{b.first.ID: "t1", b.next.ID: "t2"}}); err != nil {
			t.Fatal(err)
		}
		if err := b.award.Close(ctx, b.juror, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("closing while a vote runs: %v", err)
		}
		must(t, b.award.CloseVote(ctx, b.juror, id, vote))
		if err := b.award.Cast(ctx, jurors[2], id, vote, 1); !errs.Is(err, errs.Conflict) {
			t.Errorf("a late ballot: %v", err)
		}
		v := b.vote(t, vote)
		won := v.Leading()
		if len(won) != 1 || won[0].Team != "t2" || won[0].Tally != 2 || v.Entitled != 2 || v.Voters[0].Place != 2 {
			t.Errorf("%+v", v)
		}
	})
}

// A secret ballot cannot be led back to who cast it: no row of the database holds both.
func TestVote_secretStaysSecret(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	ctx, id := t.Context(), b.Edition.ID
	jurors := b.table(t)
	vote, err := b.award.OpenVote(ctx, b.juror, id, award.Question{Text: "Partager le prix ?", Secret: true, Answers: []string{"oui", "non"}})
	must(t, err)
	for i, place := range []int{1, 2, 1, 0} {
		must(t, b.award.Cast(ctx, jurors[i], id, vote, place))
	}
	if err := b.award.NoteHand(ctx, b.Boss, id, vote, jurors[0].ID, 1); !errs.Is(err, errs.Conflict) {
		t.Errorf("a hand in a secret vote: %v", err)
	}
	must(t, b.award.CloseVote(ctx, b.Boss, id, vote))
	places, err := sqldb.All(ctx, b.DB, func(n *int) []any { return []any{n} }, `SELECT place FROM deliberation_voters WHERE vote_id = $1`, vote)
	must(t, err)
	if diff := cmp.Diff([]int{-1, -1, -1, -1}, places); diff != "" {
		t.Error(diff)
	}
	noted, err := sqldb.All(ctx, b.DB, func(s *string) []any { return []any{s} }, `SELECT after FROM trail_entries WHERE action = 'award.voted'`)
	must(t, err)
	for _, text := range noted {
		if strings.Contains(text, "oui") || strings.Contains(text, "non") {
			t.Errorf("the trail tells %q", text)
		}
	}
	v := b.vote(t, vote)
	if v.Options[1].Tally != 2 || v.Options[2].Tally != 1 || v.Options[0].Tally != 1 {
		t.Errorf("%+v", v.Options)
	}
}

// Whatever is cast, the ballots counted are the voters, and who leads leads by ballots
// alone: a tie stays one.
func TestVote_Leading(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		tallies := rapid.SliceOfN(rapid.IntRange(0, 4), 3, 6).Draw(rt, "tallies")
		var v award.Vote
		most := 0
		for i, n := range tallies {
			v.Options = append(v.Options, award.Option{Place: i, Tally: n})
			if i > 0 {
				most = max(most, n)
			}
		}
		want := 0
		for _, n := range tallies[1:] {
			if n == most && most > 0 {
				want++
			}
		}
		best := v.Leading()
		if len(best) != want {
			rt.Fatalf("%d lead, want %d of %v", len(best), want, tallies)
		}
		for _, o := range best {
			if o.Place == 0 || o.Tally != most {
				rt.Fatalf("%+v leads %v", o, tallies)
			}
		}
	})
}

// 5,000 € become 3,000 and 2,000: the parts stand in the prize's place and are worth it to
// the cent; a split that is not is refused.
func TestSplit_toTheCent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		b.table(t)
		must(t, b.award.Decide(ctx, b.juror, id, award.Decision{Choice: award.Choice{b.first.ID: "t1", b.next.ID: "t2"}}))
		parts := []award.Part{{Title: "Premier prix", Cents: 3000_00}, {Title: "Prix de l’usage", Cents: 2000_00}}
		for name, bad := range map[string]struct {
			parts  []award.Part
			reason string
		}{"a cent lost": {[]award.Part{{"A", 3000_00}, {"B", 1999_99}}, "x"}, "a cent made": {[]award.Part{{"A", 3000_00}, {"B", 2000_01}}, "x"},
			"one part": {parts[:1], "x"}, "no reason": {parts, " "}, "less than nothing": {[]award.Part{{"A", 6000_00}, {"B", -1000_00}}, "x"}} {
			if _, err := b.award.Split(ctx, b.juror, id, b.first.ID, bad.parts, bad.reason); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		made, err := b.award.Split(ctx, b.juror, id, b.first.ID, parts, "Deux projets se tiennent.")
		must(t, err)
		if err := b.award.Close(ctx, b.juror, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("closing upon a decision that does not know the parts: %v", err)
		}
		must(t, b.award.Decide(ctx, b.juror, id, award.Decision{Choice: award.Choice{made[0].ID: "t1", made[1].ID: "t2", b.next.ID: "t3"}}), b.award.Close(ctx, b.juror, id))
		won, err := b.award.Laureates(ctx, db, id)
		must(t, err)
		var got []string
		for _, l := range won {
			got = append(got, l.Prize.Title+" "+l.Team.ID)
		}
		if diff := cmp.Diff([]string{"Premier prix t1", "Prix de l’usage t2", "Deuxième prix t3"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A prize with a jury of its own follows that jury's ranking, the others the general one.
func TestProposal_aPrizeWithItsOwnJury(t *testing.T) {
	t.Parallel()
	prizes := []award.Prize{{ID: "a"}, {ID: "special"}, {ID: "b"}, {ID: "gone", State: award.Dropped}}
	basis := award.Basis{Ranking: award.Ranking{Standings: amiens()}, Own: map[award.PrizeID]award.Ranking{"special": {Standings: amiens()[2:]}}}
	want := award.Choice{"a": "t1", "special": "t3", "b": "t2"}
	if diff := cmp.Diff(want, award.Proposal(prizes, basis)); diff != "" {
		t.Error(diff)
	}
}

// The two turns of the discussion have a clock.
func TestPass(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	ctx, id := t.Context(), b.Edition.ID
	b.table(t)
	if err := b.award.StartPass(ctx, b.juror, id, 0, ""); !errs.Is(err, errs.Invalid) {
		t.Errorf("a pass without time: %v", err)
	}
	must(t, b.award.StartPass(ctx, b.juror, id, 12*time.Minute, "Karim Exemple"), b.award.StartPass(ctx, b.juror, id, 8*time.Minute, ""))
	m, err := b.award.Minutes(ctx, b.juror, id)
	must(t, err)
	if len(m.Passes) != 2 || m.Passes[0].Keeper != "Karim Exemple" || !m.Passes[1].Ends().Equal(m.Deliberation.Opened.Add(8*time.Minute)) {
		t.Errorf("%+v", m.Passes)
	}
}
