package programme_test

import (
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/ical"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/programme"
)

// now is an action made on this server.
var now once.Action

// weekend is an edition with a workshop of two seats on Saturday afternoon.
type weekend struct {
	*doortest.House
	service  *programme.Service
	workshop programme.Session
	// speaker leads the workshop.
	speaker, ana, bilal, chloe account.Actor
}

func setup(t testing.TB, db *dbtest.DB) *weekend {
	t.Helper()
	w := &weekend{House: doortest.New(t, db, programme.Words, ical.Words)}
	w.service = programme.NewService(db.DB, w.IDs, w.Editions, w.Accounts, w.Hub, w.Queue, w.Post, w.Trail, w.Words, "https://h48.example/")
	programme.Routes(w.Door, w.service)
	w.speaker = w.Person("Sonia Parole", edition.Speaker)
	w.ana, w.bilal, w.chloe = w.Person("Ana"), w.Person("Bilal"), w.Person("Chloé")
	w.Go(edition.Starts)
	w.workshop = w.add(t, w.plan("Pitcher en trois minutes", 5, 2))
	return w
}

// plan is a workshop of an hour, so many hours after the start.
func (w *weekend) plan(title string, hour, seats int) programme.Plan {
	start := w.Edition.At[edition.Starts].Add(time.Duration(hour) * time.Hour)
	return programme.Plan{Kind: programme.Workshop, Title: title, Room: "Salle Somme", Start: start, End: start.Add(time.Hour),
		Seats: seats, Public: true, Speakers: []account.ID{w.speaker.ID}}
}

func (w *weekend) add(t testing.TB, plan programme.Plan) programme.Session {
	t.Helper()
	s, err := w.service.Add(t.Context(), w.Boss, w.Edition.ID, plan)
	must(t, err)
	return s
}

func (w *weekend) get(t testing.TB, who account.Actor, id programme.ID) programme.Entry {
	t.Helper()
	e, err := w.service.Get(t.Context(), w.DB, who, w.Edition.ID, id)
	must(t, err)
	return e
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
