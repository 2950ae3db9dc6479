package app

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// DemoDoor is one of the demonstration's ways in: as whom, and where it leads.
type DemoDoor struct {
	Role    edition.Role // "" for the public
	Account account.ID
	Name    string
	Path    string
}

// Stagehand moves a rehearsal's clock and lets its made-up people do on the way what
// they would have done.
type Stagehand interface {
	// Jump goes on to a later moment of the edition.
	Jump(ctx context.Context, to time.Time) error
	// Busy says whether a jump is under way.
	Busy() bool
}

// demo is the state of a demonstration; it is set before the program serves.
type demo struct {
	edition   edition.ID
	doors     []DemoDoor
	stagehand Stagehand
}

// Demonstrate opens the doors of an edition that is shown.
func (a *App) Demonstrate(e edition.ID, doors []DemoDoor, s Stagehand) {
	a.demo = demo{edition: e, doors: doors, stagehand: s}
}

func (a *App) mountDemo() {
	a.Door.Post("/e/{edition}/rehearsal", door.Anyone(), a.moveClock)
	if !a.Parts.Demo {
		return
	}
	a.Door.Get("/kit", door.Anyone(), a.showKit)
	a.Door.Get("/kit/stage", door.Anyone(), a.showKitStage)
	a.Door.Post("/demo/enter", door.Anyone(), a.enterDemo)
}

func (a *App) showDoors(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	e, err := a.Editions.Get(r.Context(), a.DB, a.demo.edition) // published or not: the doors stay open
	if err != nil {
		return err
	}
	now := e.Now(v.Wall)
	view := v.Page(v.L.T("app.demo_title"), edition.Topic(e.ID))
	view.Clock = ui.Clock{Now: now, Speed: e.Pace.Speed, Paused: e.Pace.Paused} // the ring shows the event's time
	return v.Show(w, r, doorsPage(view, e, a.demo.doors, ring(v.L.In(e.Zone), e, now)))
}

// enterDemo lets a visitor in as one of the demonstration's people; there is no such
// door outside the demo.
func (a *App) enterDemo(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	i := slices.IndexFunc(a.demo.doors, func(d DemoDoor) bool { return string(d.Role) == door.Text(r, "role") })
	if i < 0 {
		return errs.New(errs.NotFound, "error.not_found")
	}
	way := a.demo.doors[i]
	if way.Account == "" {
		v.SignOut(w)
		return v.Go(w, r, way.Path)
	}
	session, err := a.Enter(r.Context(), way.Account)
	if err != nil {
		return err
	}
	v.Prefer(w, string(v.L.Lang), "") // who tries the program goes on in their own language
	v.SignIn(w, session)
	return v.Go(w, r, way.Path)
}

// moveClock drives a rehearsal: in the demo anybody may, otherwise an organiser.
func (a *App) moveClock(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	actor := v.Actor
	if a.Parts.Demo {
		actor = account.Program
	}
	err := a.move(r, v, actor)
	if err != nil {
		return err
	}
	back := r.Referer()
	if back == "" {
		back = v.URL()
	}
	return v.Go(w, r, back)
}

func (a *App) move(r *http.Request, v *door.Visit, actor account.Actor) error {
	set := func(change func(p clock.Pace, wall time.Time) clock.Pace) error {
		return a.Editions.SetClock(r.Context(), actor, v.Edition.ID, change)
	}
	switch door.Text(r, "do") {
	case "pause":
		return set(func(p clock.Pace, wall time.Time) clock.Pace {
			paused := p.Restart(wall, p.Speed)
			paused.Paused = true
			return paused
		})
	case "play":
		return set(func(p clock.Pace, wall time.Time) clock.Pace { return p.Restart(wall, max(p.Speed, 1)) })
	case "speed":
		speed, err := strconv.ParseFloat(door.Text(r, "speed"), 64)
		if err != nil || speed <= 0 || speed > 7200 {
			return errs.Fields{{Name: "speed", Key: "error.number"}}
		}
		return set(func(p clock.Pace, wall time.Time) clock.Pace { return p.Restart(wall, speed) })
	case "jump":
		to, ok := v.Edition.At[edition.Moment(door.Text(r, "phase"))]
		if !ok {
			return errs.Fields{{Name: "phase", Key: "error.required"}}
		}
		if a.demo.stagehand != nil {
			return a.demo.stagehand.Jump(r.Context(), to)
		}
		return set(func(p clock.Pace, wall time.Time) clock.Pace { return p.Jump(wall, to) })
	}
	return errs.Fields{{Name: "do", Key: "error.required"}}
}

func (a *App) showKit(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, ui.Kit(a.kitView(v, "H48 kit"), v.Wall.Add(-28*time.Hour)))
}

func (a *App) showKitStage(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, ui.KitStage(a.kitView(v, "H48 kit")))
}

func (a *App) kitView(v *door.Visit, title string) ui.View {
	view := v.Page(title)
	view.Topics = nil
	return view
}
