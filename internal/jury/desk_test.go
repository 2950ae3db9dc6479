package jury_test

import (
	"context"
	"slices"
	"testing"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// hall is a stage on which the teams of the neighbourhood pitch in their order; it
// counts how many pitches were read.
type hall struct {
	near *neighbourhood
	on   int
	read int
}

func (h *hall) at(i int) jury.PitchRef {
	h.read++
	p := jury.PitchRef{Team: h.near.teams[i].ID, Position: i + 1, State: "waiting"}
	if h.on == i+1 {
		p.State = "running"
	}
	return p
}

func (h *hall) Pitches(context.Context, sqldb.Querier, edition.ID) (map[string]jury.PitchRef, error) {
	all := map[string]jury.PitchRef{}
	for i := range h.near.teams {
		p := h.at(i)
		all[p.Team] = p
	}
	return all, nil
}

func (h *hall) Pitch(_ context.Context, _ sqldb.Querier, _ edition.ID, team string) (jury.PitchRef, error) {
	return h.at(slices.IndexFunc(h.near.teams, func(t jury.TeamRef) bool { return t.ID == team })), nil
}

func (h *hall) OnStage(context.Context, sqldb.Querier, edition.ID) (jury.PitchRef, error) {
	if h.on == 0 {
		return jury.PitchRef{}, nil
	}
	return h.at(h.on - 1), nil
}

func (h *hall) Between(_ context.Context, _ sqldb.Querier, _ edition.ID, from, to int) ([]jury.PitchRef, error) {
	var all []jury.PitchRef
	for p := max(from, 1); p <= min(to, len(h.near.teams)); p++ {
		all = append(all, h.at(p-1))
	}
	return all, nil
}

func (h *hall) LiveTopic(edition.ID) string { return "stage" }

// onStage gives the bench a stage.
func (b *bench) onStage() *hall {
	h := &hall{near: b.near}
	b.Service = jury.NewService(b.DB.DB, b.IDs, b.Editions, b.Accounts, jury.Neighbours{Teams: b.near, Stage: h, Helpers: b.near, Employers: b.near},
		b.Hub, b.Trail)
	return h
}

// The juror's page of a team leads on as the juror's whole list does, whatever is marked,
// recused or on the stage.
func TestDesk_leadsOnAsTheWholeListDoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		h, anne := b.onStage(), b.jurors[0]
		b.near.helped[anne.ID] = []string{"t-Cour"}
		b.near.employers = map[account.ID]string{anne.ID: "Bailleur  Exemple", b.near.teams[4].Members[0]: "bailleur exemple"}
		same := func(step string) {
			t.Helper()
			for _, team := range b.near.teams {
				mine, err := b.Mine(ctx, db, anne, b.id)
				b.must(err)
				d, err := b.Desk(ctx, db, anne, b.id, team.ID)
				b.must(err)
				if want := mine.Next(team.ID); d.Next != want || d.Done != mine.Done {
					t.Errorf("%s: after %s comes %q and %d are done, the list says %q and %d", step, team.Name, d.Next, d.Done, want, mine.Done)
				}
				if i := slices.IndexFunc(mine.Teams, func(o jury.TeamRef) bool { return o.ID == team.ID }); d.Cell.State != mine.Cells[i].State {
					t.Errorf("%s: %s is %s, the list says %s", step, team.Name, d.Cell.State, mine.Cells[i].State)
				}
			}
		}
		same("nothing marked")
		b.must(b.Score(ctx, anne, b.id, "t-Guichet", b.sheet(3, 3), once.Action{}))
		b.must(b.Score(ctx, anne, b.id, "t-Chaleur", b.sheet(3), once.Action{}))
		same("two begun")
		h.on = 3
		same("one on the stage")
		b.must(b.Declare(ctx, anne, b.id, "t-Jardin", "Une voisine."))
		same("one declared")
		for _, team := range []string{"t-Voisins", "t-Chaleur"} {
			b.must(b.Score(ctx, anne, b.id, team, b.sheet(3, 4), once.Action{}))
		}
		same("all marked")
	})
}

// In an event of a thousand teams a juror's page of one reads a handful.
func TestDesk_readsAHandfulOfAThousand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		h := b.onStage()
		for range 994 {
			b.near.teams = append(b.near.teams, jury.TeamRef{ID: b.IDs.ID(), Name: "Équipe"})
		}
		d, err := b.Desk(ctx, db, b.jurors[0], b.id, b.near.teams[500].ID)
		b.must(err)
		if d.Next != b.near.teams[501].ID || h.read > 40 {
			t.Errorf("next is %s, and %d pitches were read on the way", d.Next, h.read)
		}
	})
}
