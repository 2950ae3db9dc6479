package vote_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/vote"
)

// hall is an edition with three teams that pitch to a room.
type hall struct {
	*doortest.House
	*vote.Service
	people  people
	choices choices
}

// people is the door as this room sees it: who wears which badge.
type people map[string]vote.Person

func (p people) Wearer(_ context.Context, _ sqldb.Querier, _ edition.ID, code string) (vote.Person, error) {
	one, ok := p[code]
	if !ok {
		return one, errs.New(errs.NotFound, "error.not_found")
	}
	return one, nil
}

func (p people) Everybody(context.Context, sqldb.Querier, edition.ID) ([]vote.Person, error) {
	var all []vote.Person
	for _, one := range p {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b vote.Person) int { return strings.Compare(string(a.Account), string(b.Account)) })
	return all, nil
}

// choices are the projects as this room sees them.
type choices []vote.Choice

func (c *choices) Choices(context.Context, sqldb.Querier, edition.ID) ([]vote.Choice, error) {
	return *c, nil
}

func (c *choices) Picture(context.Context, string) (io.ReadSeekCloser, string, error) {
	return nil, "", sqldb.ErrNotFound
}

func enter(t testing.TB, db *dbtest.DB) *hall {
	t.Helper()
	h := &hall{House: doortest.New(t, db, vote.Words), people: people{}}
	h.choices = choices{{Team: "palier", TeamName: "Palier 3", Title: "La machine partagée", Pitch: "Une laverie par cage d’escalier."},
		{Team: "voisins", TeamName: "Les Voisins", Title: "Guichet malin"}, {Team: "cour", TeamName: "Cour verte", Title: "Le jardin du 12"}}
	h.Service = vote.NewService(db.DB, h.IDs, h.Editions, h.Accounts, vote.Neighbours{People: h.people, Projects: &h.choices}, h.Hub,
		h.Queue, h.Post, h.Trail, h.Words, "http://h48.test")
	vote.Routes(h.Door, h.Service)
	h.Go(edition.Pitches)
	return h
}

// badge gives somebody who has come a badge with the code, in the team or in none.
func (h *hall) badge(code, team string) account.Actor {
	h.T.Helper()
	who := h.Person("Personne "+code, edition.Participant)
	h.people[code] = vote.Person{Account: who.ID, Came: true, Participant: true}
	for i := range h.choices {
		if h.choices[i].Team == team {
			h.choices[i].Members = append(h.choices[i].Members, who.ID)
		}
	}
	return who
}

// plan is a vote of the room, open from now for an hour.
func (h *hall) plan() vote.Plan {
	now := h.DB.Clock.Now()
	return vote.Plan{Question: vote.Convince, Most: 1, Audience: vote.Room, SpareOwn: true, AsksWhy: true, Opens: now, Closes: now.Add(time.Hour)}
}

// opened is a vote of the plan that takes ballots.
func (h *hall) opened(plan vote.Plan) vote.ID {
	h.T.Helper()
	p, err := h.Add(h.T.Context(), h.Boss, h.Edition.ID, plan)
	h.must(err)
	h.must(h.Open(h.T.Context(), h.Boss, h.Edition.ID, p.ID))
	return p.ID
}

func (h *hall) must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatal(err)
	}
}

// code enters with what was typed and gets a code.
func (h *hall) code(id vote.ID, typed string) string {
	h.T.Helper()
	code, err := h.Enter(h.T.Context(), h.Edition.ID, id, typed, "", "192.0.2.1")
	if err != nil {
		h.T.Fatalf("entering %q: %v", typed, err)
	}
	return code
}

func (h *hall) cast(id vote.ID, code string, teams ...string) error {
	return h.Cast(h.T.Context(), h.Edition.ID, id, code, vote.Cast{Teams: teams}, "192.0.2.1")
}

// cards makes a stack and returns the codes printed on it.
func (h *hall) cards(id vote.ID, n int) []string {
	h.T.Helper()
	b, err := h.Cards(h.T.Context(), h.Boss, h.Edition.ID, id, "accueil", n)
	h.must(err)
	codes, err := h.Codes(h.T.Context(), h.Boss, h.Edition.ID, id, b.ID)
	h.must(err)
	if len(codes) != n {
		h.T.Fatalf("%d codes for %d cards", len(codes), n)
	}
	return codes
}

func count(t testing.TB, db *dbtest.DB, query string, args ...any) int {
	t.Helper()
	n, err := sqldb.Value[int](t.Context(), db, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// same fails where two things differ.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
