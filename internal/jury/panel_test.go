package jury_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// ToWin implements jury.Prizes: the grand prize, and a sponsor's.
func (n *neighbourhood) ToWin(context.Context, sqldb.Querier, edition.ID) ([]jury.PrizeRef, error) {
	return []jury.PrizeRef{{ID: "grand", Title: "Grand prix"}, {ID: "green", Title: "Prix vert"}}, nil
}

// Challenges implements jury.Challenges.
func (n *neighbourhood) Challenges(context.Context, sqldb.Querier, edition.ID) ([]jury.ChallengeRef, error) {
	return []jury.ChallengeRef{{ID: "heat", Title: "Chaleur sobre", Sponsor: "Énergie Exemple"}}, nil
}

// sponsored is a bench whose third juror is a sponsor's: Chaleur, Cour and Palier work on
// the challenge, and the green prize, with a bonus criterion, is theirs to win.
func sponsored(t *testing.T, db *dbtest.DB) (*bench, jury.Criterion) {
	b := newBench(t, db)
	for i, ref := range b.near.teams {
		if slices.Contains([]string{"Chaleur", "Cour", "Palier"}, ref.Name) {
			b.near.teams[i].Challenge = "heat"
		}
	}
	ctx := context.Background()
	b.must(b.SetCriteria(ctx, b.Boss, b.id, []jury.Criterion{{Name: "Utile", Weight: 60}, {Name: "Réalisable", Weight: 40},
		{Name: "Sobre", Weight: 100, Prize: "green"}}))
	b.must(b.SetPanel(ctx, b.Boss, b.id, jury.Panel{Prize: jury.PrizeRef{ID: "green"}, Who: jury.OfChallenge, Challenge: "heat",
		Jurors: []account.ID{b.jurors[0].ID, b.jurors[2].ID}, Limited: []account.ID{b.jurors[2].ID}}, ""))
	all, err := b.Criteria(ctx, db, b.id)
	b.must(err)
	b.criteria = all
	return b, all[2]
}

func TestPanel_aSponsorsJurorSeesTheirPrizeAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx := context.Background()
		b, bonus := sponsored(t, db)
		mine, err := b.Mine(ctx, db, b.jurors[2], b.id)
		b.must(err)
		var names []string
		for _, team := range mine.Teams {
			names = append(names, team.Name)
		}
		if diff := cmp.Diff([]string{"Chaleur", "Cour", "Palier"}, names); diff != "" || mine.Expected != 3 {
			t.Errorf("the sponsor's juror has %d sheets: %s", mine.Expected, diff)
		}
		if err := b.Score(ctx, b.jurors[2], b.id, "t-Jardin", b.sheet(5, 5), once.Action{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the sponsor's juror scored a team of another prize: %v", err)
		}
		// The bonus is asked of who judges for the prize, about teams that may win it.
		for _, c := range []struct {
			who  account.Actor
			team string
			asks int
		}{{b.jurors[0], "t-Cour", 3}, {b.jurors[0], "t-Jardin", 2}, {b.jurors[1], "t-Cour", 2}, {b.jurors[2], "t-Cour", 3}} {
			d, err := b.Desk(ctx, db, c.who, b.id, c.team)
			if err != nil || len(d.Criteria) != c.asks {
				t.Errorf("of %s %s is asked %d criteria, want %d: %v", c.team, c.who.Name, len(d.Criteria), c.asks, err)
			}
		}
		in := jury.Answers{Marks: map[string]jury.Answer{bonus.ID: {Kind: jury.Scored, Value: 3}}}
		if err := b.Score(ctx, b.jurors[1], b.id, "t-Cour", in, once.Action{}); !errs.Is(err, errs.Conflict) {
			t.Errorf("the bonus was taken from a juror who does not judge for the prize: %v", err)
		}
		b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4, 4, 5), once.Action{}))
		b.must(b.Score(ctx, b.jurors[1], b.id, "t-Cour", b.sheet(4, 4), once.Action{}))
		board, err := b.Board(ctx, db, b.id)
		if err != nil || board.Done != 2 || board.Expected != 6+6+3 {
			t.Errorf("%d sheets of %d are complete: %v", board.Done, board.Expected, err)
		}
	})
}

func TestRankingFor_countsWhatCountsForThePrize(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx := context.Background()
		b, _ := sponsored(t, db)
		merit := map[string]int{"t-Voisins": 5, "t-Guichet": 4, "t-Chaleur": 4, "t-Cour": 3, "t-Palier": 2, "t-Jardin": 1}
		green := map[string]int{"t-Chaleur": 1, "t-Cour": 5, "t-Palier": 2}
		for team, v := range merit {
			for k, who := range b.jurors[:2] {
				in := b.sheet(v, v)
				if bonus, may := green[team]; may && k == 0 {
					in = b.sheet(v, v, bonus)
				}
				b.must(b.Score(ctx, who, b.id, team, in, once.Action{}))
			}
		}
		before, err := b.Standings(ctx, db, b.id)
		b.must(err)
		// The sponsor's juror turns everything round: in their prize alone.
		for team, bonus := range green {
			b.must(b.Score(ctx, b.jurors[2], b.id, team, b.sheet(6-merit[team], 6-merit[team], bonus), once.Action{}))
		}
		after, err := b.Standings(ctx, db, b.id)
		b.must(err)
		for i := range before {
			if before[i].Team.ID != after[i].Team.ID || before[i].Score != after[i].Score || before[i].PBest != after[i].PBest {
				t.Errorf("place %d of the grand prize changed from %+v to %+v", i+1, before[i], after[i])
			}
		}
		grand, err := b.RankingFor(ctx, db, b.id, "grand")
		b.must(err)
		names, ranks := places(grand.Standings)
		if diff := cmp.Diff([]string{"Voisins", "Chaleur", "Guichet", "Cour", "Palier", "Jardin"}, names); diff != "" && names[0] != "Voisins" {
			t.Errorf("%v: %s", ranks, diff)
		}
		got, err := b.RankingFor(ctx, db, b.id, "green")
		b.must(err)
		names, ranks = places(got.Standings)
		if len(names) != 3 || names[0] != "Cour" {
			t.Errorf("the green prize's places are %v", names)
		}
		if diff := cmp.Diff([]int{1, 2, 3}, ranks); diff != "" {
			t.Error(diff)
		}
		sum := 0.0
		for _, st := range got.Standings {
			sum += st.PBest
			if st.RankLo < 1 || st.RankHi > 3 {
				t.Errorf("%s is between %d and %d of three", st.Team.Name, st.RankLo, st.RankHi)
			}
		}
		if sum < 0.999 || sum > 1.001 {
			t.Errorf("among those who may win, the chances add up to %v", sum)
		}
		if _, err := b.RankingFor(ctx, db, b.id, "none"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a prize that is not there: %v", err)
		}
	})
}

// A juror who was not asked for the bonus makes no team better or worse for the prize.
func TestRankingFor_theBonusFavoursNobodyWhoWasNotAsked(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, _ := sponsored(t, dbtest.SQLite(t))
	for _, who := range b.jurors[:2] {
		for _, team := range []string{"t-Chaleur", "t-Cour", "t-Palier"} {
			in := b.sheet(3, 3)
			if who.ID == b.jurors[0].ID {
				in = b.sheet(3, 3, 2) // a hard bonus, the same for all
			}
			b.must(b.Score(ctx, who, b.id, team, in, once.Action{}))
		}
	}
	green, err := b.RankingFor(ctx, b.DB, b.id, "green")
	b.must(err)
	all := green.Standings
	for _, st := range all[1:] {
		if d := st.Score - all[0].Score; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s and %s had the same marks, and differ by %v", all[0].Team.Name, st.Team.Name, d)
		}
	}
}

func TestSetPanel_refuses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, _ := sponsored(t, dbtest.SQLite(t))
	green := jury.PrizeRef{ID: "green"}
	for what, p := range map[string]jury.Panel{
		"no team chosen":          {Prize: green, Who: jury.ChosenTeams},
		"a challenge of no name":  {Prize: green, Who: jury.OfChallenge},
		"nobody knows who":        {Prize: green},
		"limited and no juror":    {Prize: green, Who: jury.AllTeams, Limited: []account.ID{b.jurors[0].ID}},
		"a stranger in the panel": {Prize: green, Who: jury.AllTeams, Jurors: []account.ID{b.Boss.ID}},
		"a prize that is none":    {Prize: jury.PrizeRef{ID: "none"}, Who: jury.AllTeams},
	} {
		if err := b.SetPanel(ctx, b.Boss, b.id, p, ""); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	b.must(b.Score(ctx, b.jurors[0], b.id, "t-Jardin", b.sheet(3), once.Action{}))
	open := jury.Panel{Prize: green, Who: jury.AllTeams}
	if err := b.SetPanel(ctx, b.Boss, b.id, open, ""); !lacksReason(err) {
		t.Errorf("a panel changed after the first mark without a reason: %v", err)
	}
	b.must(b.SetPanel(ctx, b.Boss, b.id, open, "le partenaire s’est retiré"))
}

func TestPages_panels(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	c := b.Client(b.Boss)
	b.shows(b.Boss, "/panels", "Grand prix", "Prix vert", "Jugé par tout le jury.", "Chaleur sobre")
	form := url.Values{"who": {"challenge"}, "challenge": {"heat"}, "limited": {string(b.jurors[2].ID)}}
	if status, body := c.Post("/e/amiens-2018/jury/panels/green", form); status != 200 || !strings.Contains(body, "placez un juré neutre") {
		t.Errorf("a sponsor's juror alone answers %d", status)
	}
	form.Set("who", "chosen")
	if status, body := c.Post("/e/amiens-2018/jury/panels/green", form); status != 422 || !strings.Contains(body, "panel-green") {
		t.Errorf("no team chosen answers %d", status)
	}
	status, body := c.Get("/api/v1/e/amiens-2018/jury/panels/green/ranking")
	if status != 200 || !strings.Contains(body, `"prize":"green"`) {
		t.Errorf("the API answers %d: %s", status, body)
	}
	if status, _ := b.Client(b.jurors[0]).Get("/api/v1/e/amiens-2018/jury/panels/green/ranking"); status != 403 {
		t.Errorf("a juror reads a sealed ranking: %d", status)
	}
	if status, body := b.Client(b.Person("Paule Exemple")).Get("/e/amiens-2018/judging"); status != 200 || !strings.Contains(body, "Chaleur sobre") {
		t.Errorf("the public page answers %d", status)
	}
}
