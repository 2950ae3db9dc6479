package choosing_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/ical"
	"h48/internal/kit/once"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/programme"
	"h48/internal/programme/choosing"
	"h48/internal/ui"
)

// weekend is an edition with three workshops of two seats; the first two at one hour.
type weekend struct {
	*doortest.House
	programme *programme.Service
	service   *choosing.Service
	pitch     programme.Session
	budget    programme.Session
	tenants   programme.Session
}

func setup(t testing.TB, db *dbtest.DB) *weekend {
	t.Helper()
	w := &weekend{House: doortest.New(t, db, programme.Words, choosing.Words, ical.Words)}
	w.programme = programme.NewService(db.DB, w.IDs, w.Editions, w.Accounts, w.Hub, w.Queue, w.Post, w.Trail, w.Words, "http://h48.test")
	w.service = choosing.NewService(db.DB, w.Editions, w.Accounts, w.programme, w.Hub, w.Queue, w.Post, w.Trail, w.Words, "http://h48.test")
	programme.Routes(w.Door, w.programme)
	choosing.Routes(w.Door, w.service)
	w.Go(edition.Starts)
	add := func(title string, hour int) programme.Session {
		start := w.Edition.At[edition.Starts].Add(time.Duration(hour) * time.Hour)
		s, err := w.programme.Add(t.Context(), w.Boss, w.Edition.ID, programme.Plan{Kind: programme.Workshop, Title: title, Room: "Salle " + title,
			Start: start, End: start.Add(time.Hour), Seats: 2, Public: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	w.pitch, w.budget, w.tenants = add("Pitch", 5), add("Budget", 5), add("Locataires", 8)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Five people want the pitch workshop, which has two seats, one of them taken already.
// The seats go where they serve best, nobody sits in two at once, and who misses stands
// in line; a seat that is given back goes to the first in line.
func TestPublish_seatsByPreferenceAndKeepsTheLines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id := t.Context(), w.Edition.ID
		var p []account.Actor
		for _, name := range []string{"Ana Un", "Bilal Deux", "Cléo Trois", "Dora Quatre", "Emil Cinq", "Fanny Six"} {
			p = append(p, w.Person(name))
		}
		if _, err := w.programme.SignUp(ctx, p[5], w.pitch.ID, once.Action{}); err != nil {
			t.Fatal(err)
		}
		if err := w.service.Choose(ctx, p[0], id, []programme.ID{w.pitch.ID}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a choice before it is open: %v", err)
		}
		until := w.Edition.At[edition.Starts].Add(2 * time.Hour)
		must(t, w.service.OpenUntil(ctx, w.Boss, id, until, 2))
		for _, one := range p[:4] {
			must(t, w.service.Choose(ctx, one, id, []programme.ID{w.pitch.ID, w.budget.ID, w.tenants.ID, w.pitch.ID, "unknown"}))
		}
		must(t, w.service.Choose(ctx, p[4], id, []programme.ID{w.pitch.ID}))
		if _, err := w.service.Order(ctx, w.Boss, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("planned while people choose: %v", err)
		}
		db.Clock.Set(until.Add(time.Minute))
		if err := w.service.Choose(ctx, p[0], id, nil); !errs.Is(err, errs.Conflict) {
			t.Errorf("a choice after the end: %v", err)
		}
		if _, err := w.service.Order(ctx, w.Boss, id); err != nil {
			t.Fatal(err)
		}
		w.RunJobs(w.service.Jobs())
		o, err := w.service.Overview(ctx, w.Boss, id)
		if err != nil || o.Book.Plan == nil || o.Planned[w.pitch.ID] != 1 || o.Planned[w.budget.ID] != 2 || o.Planned[w.tenants.ID] != 2 {
			t.Fatalf("%+v, %v", o, err)
		}
		must(t, w.service.Publish(ctx, w.Boss, id))
		if err := w.service.Publish(ctx, w.Boss, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("published twice: %v", err)
		}
		places, err := w.programme.Places(ctx, db, id)
		must(t, err)
		var inLine account.ID
		seats := map[account.ID][]programme.ID{}
		for _, place := range places {
			if place.State == programme.Seated {
				seats[place.Person.ID] = append(seats[place.Person.ID], place.Session)
			} else if place.Session == w.pitch.ID && inLine == "" {
				inLine = place.Person.ID
			}
		}
		for who, sessions := range seats {
			if slices.Contains(sessions, w.pitch.ID) && slices.Contains(sessions, w.budget.ID) {
				t.Errorf("%s sits in two workshops at once", who)
			}
		}
		if inLine == "" {
			t.Fatal("nobody stands in line")
		}
		must(t, w.programme.SignOff(ctx, p[5], w.pitch.ID, once.Action{}))
		session, err := w.programme.Get(ctx, db, w.Boss, id, w.pitch.ID)
		if err != nil || session.Seated != 2 {
			t.Errorf("the free seat is not given on: %+v, %v", session.Session, err)
		}
		letters, err := sqldb.Value[int](ctx, db, `SELECT COUNT(*) FROM jobs WHERE kind = $1`, post.Kind)
		if err != nil || letters != 6 {
			t.Errorf("%d letters, want five for who chose and one for who moved up; %v", letters, err)
		}
	})
}

func TestPages_withoutScript(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	one, boss := w.Client(w.Person("Ana Un")), w.Client(w.Boss)
	l := w.Words.Locale("fr").In(w.Edition.Zone)
	until := ui.LocalTime(l, w.Edition.At[edition.Starts].Add(2*time.Hour))
	if status, body := boss.Post("/e/amiens-2018/workshops/open", url.Values{"until": {until}, "most": {"9"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, until) {
		t.Errorf("nine workshops a person: %d", status)
	}
	if status, _ := boss.Post("/e/amiens-2018/workshops/open", url.Values{"until": {until}, "most": {"1"}}); status != http.StatusOK {
		t.Errorf("opening: %d", status)
	}
	if status, body := one.Post("/e/amiens-2018/workshops", url.Values{"wish_1": {string(w.budget.ID)}}); status != http.StatusOK || !strings.Contains(body, "C’est noté") {
		t.Errorf("choosing: %d", status)
	}
	if status, _ := one.Get("/e/amiens-2018/workshops/plan"); status != http.StatusForbidden {
		t.Errorf("a participant reads the plan: %d", status)
	}
	if _, body := boss.Get("/e/amiens-2018/workshops/plan"); !strings.Contains(body, "1 personne a déjà choisi") {
		t.Error("the organiser does not see who chose")
	}
	w.DB.Clock.Advance(3 * time.Hour)
	boss.Post("/e/amiens-2018/workshops/plan", nil)
	w.RunJobs(w.service.Jobs())
	if _, body := boss.Get("/e/amiens-2018/workshops/plan"); !strings.Contains(body, "1 sur 1") || !strings.Contains(body, "Publier la répartition") {
		t.Error("the plan is not there")
	}
	if status, body := boss.Post("/e/amiens-2018/workshops/publish", nil); status != http.StatusOK || !strings.Contains(body, "Les places sont données") {
		t.Errorf("publishing: %d", status)
	}
	if _, body := one.Get("/e/amiens-2018/workshops"); !strings.Contains(body, "Vous avez une place") {
		t.Error("nobody is told")
	}
}
