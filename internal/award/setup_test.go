package award_test

import (
	"context"
	"testing"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/files"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// judged stands in for the jury's room.
type judged struct {
	closed    bool
	standings []award.Standing
	recused   map[account.ID][]string
	own       map[award.PrizeID][]award.Standing
	amended   []award.Amended
}

func (j *judged) Amended(context.Context, sqldb.Querier, edition.ID) ([]award.Amended, error) {
	return j.amended, nil
}

func (j *judged) Close(context.Context, account.Actor, edition.ID) error { j.closed = true; return nil }
func (j *judged) Ranking(context.Context, sqldb.Querier, edition.ID) (award.Ranking, error) {
	return award.Ranking{Standings: j.standings, Ladder: []award.Step{{Kind: "heaviest"}, {Kind: "first_places"}, {Kind: "decider", Name: "Présidente Exemple"}}, Fingerprint: "f00d"}, nil
}
func (j *judged) Own(_ context.Context, _ sqldb.Querier, _ edition.ID, p award.PrizeID) (award.Ranking, bool, error) {
	own, has := j.own[p]
	return award.Ranking{Standings: own}, has, nil
}
func (j *judged) Recused(context.Context, sqldb.Querier, edition.ID) (map[account.ID][]string, error) {
	return j.recused, nil
}

// competing stands in for the teams' room.
type competing []award.TeamRef

func (c *competing) Competing(context.Context, sqldb.Querier, edition.ID) ([]award.TeamRef, error) {
	return *c, nil
}

// spoken stands in for the jurors' codes: the code is the account.
type spoken struct{}

func (spoken) Whose(_ context.Context, _ edition.ID, code string) (account.ID, error) {
	return account.ID(code), nil
}

// curtain stands in for the gallery, and counts how often it was opened.
type curtain struct{ opened int }

func (c *curtain) OpenTx(context.Context, *sqldb.Tx, edition.ID) error { c.opened++; return nil }

// shopWindow stands in for the gallery, which knows who agreed to be named.
type shopWindow struct{ of map[string]award.Face }

func (w *shopWindow) Faces(context.Context, edition.Edition) (map[string]award.Face, error) {
	return w.of, nil
}

// hall stands in for the room of the public's vote.
type hall struct{ all []award.Favourite }

func (h *hall) Favourites(context.Context, sqldb.Querier, edition.ID) ([]award.Favourite, error) {
	return h.all, nil
}

type bundle struct {
	*doortest.House
	award   *award.Service
	teams   *competing
	jury    *judged
	curtain *curtain
	faces   *shopWindow
	hall    *hall
	juror   account.Actor
	first   award.Prize // 5 000 EUR
	next    award.Prize // without a cheque
}

func amiens() []award.Standing {
	return []award.Standing{
		{Team: "t1", Name: "Les Voisins", Title: "Le Guichet malin", Rank: 1, Score: 4.1, Low: 1, High: 2, PBest: 0.7, Raw: 4.0},
		{Team: "t2", Name: "Hall B", Title: "Relouer", Rank: 2, Score: 3.9, Low: 1, High: 3, PBest: 0.2, Raw: 3.9},
		{Team: "t3", Name: "Escalier 4", Title: "Capteurs", Rank: 3, Score: 3.2, Low: 2, High: 3, PBest: 0.1, Raw: 3.1},
	}
}

func setup(t testing.TB, db *dbtest.DB) bundle {
	t.Helper()
	h := doortest.New(t, db, award.Words, files.Words)
	store, err := files.NewDisk(t.TempDir())
	must(t, err)
	b := bundle{House: h, jury: &judged{standings: amiens()}, curtain: &curtain{}, faces: &shopWindow{}, hall: &hall{}}
	b.teams = &competing{{ID: "t1", Name: "Les Voisins", Title: "Le Guichet malin", Pitch: "Un guichet pour tout.",
		Members: []award.Member{{Account: "a1", Name: "Ada Exemple"}, {Account: "a2", Name: "Bob Exemple"}}}, {ID: "t2", Name: "Hall B", Title: "Relouer"}}
	b.award = award.NewService(db.DB, h.IDs, h.Editions, award.Neighbours{Scoring: b.jury, Teams: b.teams, Codes: spoken{}, Files: store, Curtain: b.curtain, Faces: b.faces, Public: b.hall},
		h.Hub, h.Queue, h.Post, h.Trail, h.Words, "http://h48.test")
	award.Routes(h.Door, b.award)
	b.juror = h.Person("Justine Exemple", edition.Juror)
	b.first = b.add(t, award.Prize{Title: "Premier prix", Cents: 5000_00})
	b.next = b.add(t, award.Prize{Title: "Deuxième prix"})
	h.Go(edition.Deliberation)
	return b
}

func (b bundle) add(t testing.TB, p award.Prize) award.Prize {
	t.Helper()
	p, err := b.award.AddPrize(t.Context(), b.Boss, b.Edition.ID, p)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// winner makes the person the one member of the first team.
func (b bundle) winner(who account.Actor) {
	(*b.teams)[0].Members = []award.Member{{Account: who.ID, Name: who.Name}}
}

func (b bundle) letters(t testing.TB) int {
	t.Helper()
	n, err := sqldb.Value[int](t.Context(), b.DB, `SELECT COUNT(*) FROM jobs WHERE kind = 'mail' AND args LIKE '%résultats%'`)
	must(t, err)
	return n
}

func (b bundle) letter(t testing.TB, to string) string {
	t.Helper()
	text, err := sqldb.Value[string](t.Context(), b.DB, `SELECT args FROM jobs WHERE kind = 'mail' AND args LIKE '%résultats%' AND args LIKE '%' || $1 || '%'`, to)
	must(t, err)
	return text
}
