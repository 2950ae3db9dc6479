package team_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/registration"
	"h48/internal/team"
)

// roster is a registration that confirmed whom the test says.
type roster struct{ people []team.Person }

func (r *roster) Confirmed(context.Context, sqldb.Querier, edition.ID) ([]team.Person, error) {
	return r.people, nil
}

// house is an edition with a team room.
type house struct {
	*doortest.House
	teams  *team.Service
	roster *roster
}

func newHouse(t testing.TB, db *dbtest.DB) *house {
	t.Helper()
	h := &house{House: doortest.New(t, db, team.Words, registration.Words), roster: &roster{}}
	h.teams = team.NewService(db.DB, h.IDs, h.Editions, h.roster, h.Hub, h.Post, h.Trail, h.Words, "http://h48.test")
	team.Routes(h.Door, h.teams)
	return h
}

// people are n confirmed participants, two in three of them students.
func (h *house) people(n int) []account.Actor {
	h.T.Helper()
	var all []account.Actor
	for i := range n {
		a := h.Person(fmt.Sprintf("Personne %02d", len(h.roster.people)+1))
		profile := "student"
		if i%3 == 2 {
			profile = "professional"
		}
		h.roster.people = append(h.roster.people, team.Person{ID: a.ID, Name: a.Name, Profile: profile})
		all = append(all, a)
	}
	return all
}

func (h *house) found(who account.Actor, name string) team.Team {
	h.T.Helper()
	t, err := h.teams.Found(h.T.Context(), who, h.Edition.ID, team.Details{Name: name}, once.Action{})
	if err != nil {
		h.T.Fatal(err)
	}
	return t
}

// teamOf founds a team of the people.
func (h *house) teamOf(name string, people ...account.Actor) team.Team {
	h.T.Helper()
	t := h.found(people[0], name)
	for _, p := range people[1:] {
		if _, err := h.teams.Join(h.T.Context(), p, h.Edition.ID, t.Code); err != nil {
			h.T.Fatal(err)
		}
	}
	t, err := h.teams.Get(h.T.Context(), h.DB, h.Edition.ID, t.ID)
	if err != nil {
		h.T.Fatal(err)
	}
	return t
}

func wants(t *testing.T, got error, want *errs.Error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestJoin_byACodeAsItIsSpoken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		p := h.people(2)
		voisins := h.found(p[0], "Les Voisins")
		if len(voisins.Code) != 6 {
			t.Errorf("the code %q has not six signs", voisins.Code)
		}
		spoken := " " + voisins.Code[:3] + "-" + voisins.Code[3:] + " "
		db.Clock.Advance(time.Minute)
		got, err := h.teams.Join(t.Context(), p[1], h.Edition.ID, spoken)
		if err != nil || len(got.Members) != 2 || got.Members[1].Name != "Personne 02" {
			t.Errorf("joined %+v, %v", got, err)
		}
		if _, err := h.teams.Join(t.Context(), p[1], h.Edition.ID, spoken); err != nil {
			t.Errorf("joining again: %v", err)
		}
		_, err = h.teams.Join(t.Context(), p[1], h.Edition.ID, "ZZZZZZ")
		wants(t, err, team.ErrCode)
	})
}

func TestFound_refuses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		p := h.people(2)
		h.found(p[0], "Les Voisins")
		_, err := h.teams.Found(t.Context(), p[0], h.Edition.ID, team.Details{Name: "Autre"}, once.Action{})
		wants(t, err, team.ErrInOther)
		_, err = h.teams.Found(t.Context(), p[1], h.Edition.ID, team.Details{Name: "les  VOISINS !"}, once.Action{})
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("a name that differs by case and signs: %v", err)
		}
		mentor := h.Person("Mireille Mentor", edition.Mentor)
		_, err = h.teams.Found(t.Context(), mentor, h.Edition.ID, team.Details{Name: "Mentors"}, once.Action{})
		wants(t, err, team.ErrNotPerson)
		both := h.Person("Jules Juror", edition.Participant, edition.Juror)
		_, err = h.teams.Found(t.Context(), both, h.Edition.ID, team.Details{Name: "Jurés"}, once.Action{})
		wants(t, err, team.ErrNotPerson)
		_, err = h.teams.Found(t.Context(), account.Actor{}, h.Edition.ID, team.Details{Name: "Personne"}, once.Action{})
		if !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("the public: %v", err)
		}
	})
}

func TestFound_sentTwiceByAPhone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		p := h.people(1)
		for range 2 {
			_, err := h.teams.Found(t.Context(), p[0], h.Edition.ID, team.Details{Name: "Les Voisins"}, once.Action{ID: "phone-1"})
			if err != nil {
				t.Fatal(err)
			}
		}
		teams, err := h.teams.List(t.Context(), db, h.Edition.ID)
		if err != nil || len(teams) != 1 {
			t.Errorf("%d teams, %v", len(teams), err)
		}
	})
}

// Ten people type the code of a team of one at the same moment: four get in.
func TestJoin_tenAtOnceNeverPassTheLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		p := h.people(11)
		voisins := h.found(p[0], "Les Voisins")
		var group sync.WaitGroup
		refused := make(chan error, 10)
		for _, who := range p[1:] {
			group.Go(func() {
				if _, err := h.teams.Join(t.Context(), who, h.Edition.ID, voisins.Code); err != nil {
					refused <- err
				}
			})
		}
		group.Wait()
		close(refused)
		n := 0
		for err := range refused {
			wants(t, err, team.ErrFull)
			n++
		}
		members, err := h.teams.Members(t.Context(), db, voisins.ID)
		if err != nil || len(members) != 5 || n != 6 {
			t.Errorf("%d members, %d refused, %v", len(members), n, err)
		}
	})
}

func TestLeave_theLastDissolvesTheTeam(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		p := h.people(2)
		voisins := h.teamOf("Les Voisins", p...)
		for i, want := range []team.State{team.Forming, team.Dissolved} {
			if err := h.teams.Leave(t.Context(), p[i], h.Edition.ID); err != nil {
				t.Fatal(err)
			}
			got, err := h.teams.Get(t.Context(), db, h.Edition.ID, voisins.ID)
			if err != nil || got.State != want {
				t.Errorf("after %d left the team is %s, %v", i+1, got.State, err)
			}
		}
		h.found(p[1], "Les Voisins") // the name is free again
	})
}

func TestClose_wantsTheSizeOfTheRule(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		p := h.people(4)
		voisins := h.teamOf("Les Voisins", p[:2]...)
		if err := h.teams.Close(t.Context(), p[0], h.Edition.ID, voisins.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a team of two closes: %v", err)
		}
		if _, err := h.teams.Join(t.Context(), p[2], h.Edition.ID, voisins.Code); err != nil {
			t.Fatal(err)
		}
		if err := h.teams.Close(t.Context(), p[2], h.Edition.ID, voisins.ID); err != nil {
			t.Fatal(err)
		}
		_, err := h.teams.Join(t.Context(), p[3], h.Edition.ID, voisins.Code)
		wants(t, err, team.ErrClosed)
		if err := h.teams.Reopen(t.Context(), p[3], h.Edition.ID, voisins.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a stranger reopens the team: %v", err)
		}
		if err := h.teams.Reopen(t.Context(), p[1], h.Edition.ID, voisins.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.teams.Join(t.Context(), p[3], h.Edition.ID, voisins.Code); err != nil {
			t.Error(err)
		}
	})
}

// The organiser arranges everybody at once: who stays hears nothing, who moves gets a
// letter, who is on no seat has no team, an empty team ends.
func TestArrange_seatsEverybodyAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(8)
		voisins, guichet := h.teamOf("Les Voisins", p[:3]...), h.teamOf("Guichet", p[3:5]...)
		board, err := h.teams.Board(ctx, db, id)
		if err != nil {
			t.Fatal(err)
		}
		seats := []team.Seats{
			{Team: voisins.ID, People: []account.ID{p[0].ID, p[1].ID, p[3].ID}},
			{Team: guichet.ID},
			{People: []account.ID{p[4].ID, p[5].ID, p[6].ID}, Subject: "Le réemploi"},
		}
		nothing := func(*sqldb.Tx, time.Time, []team.ID) error { return nil }
		wants(t, h.teams.Arrange(ctx, h.Boss, id, board.Revision-1, seats, nothing), team.ErrOutdated)
		refused := errs.New(errs.Conflict, "team.outdated")
		wants(t, h.teams.Arrange(ctx, h.Boss, id, board.Revision, seats, func(*sqldb.Tx, time.Time, []team.ID) error { return refused }), refused)
		if err := h.teams.Arrange(ctx, h.Boss, id, board.Revision, seats, nothing); err != nil {
			t.Fatal(err)
		}
		teams, err := h.teams.List(ctx, db, id)
		if err != nil || len(teams) != 2 || len(teams[0].Members) != 3 || len(teams[1].Members) != 3 || teams[1].Name != "Équipe 1" {
			t.Errorf("%+v, %v", teams, err)
		}
		_, err = h.teams.OfAccount(ctx, db, id, p[2].ID)
		wants(t, err, team.ErrNone)
		letters, err := sqldb.Value[int](ctx, db, `SELECT COUNT(*) FROM jobs WHERE kind = $1`, post.Kind)
		if err != nil || letters != 4 {
			t.Errorf("%d letters, want one for each of the four who moved; %v", letters, err)
		}
	})
}

func TestRemoveTx_takesOutOfAFrozenTeam(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(3)
		h.teamOf("Les Voisins", p...)
		if err := h.teams.Freeze(ctx, h.Boss, id); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := db.InTx(ctx, func(tx *sqldb.Tx) error { return h.teams.RemoveTx(ctx, tx, account.Program, id, p[0].ID) }); err != nil {
				t.Fatal(err)
			}
		}
		_, err := h.teams.OfAccount(ctx, db, id, p[0].ID)
		wants(t, err, team.ErrNone)
	})
}
