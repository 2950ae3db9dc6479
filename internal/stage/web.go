package stage

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"h48/engine/planning"
	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// Screen is what the stage shows when nobody pitches, which other rooms know.
type Screen struct {
	// Ring is the edition as one circle.
	Ring func(v *door.Visit) ui.RingData
	// NowNext is what is on and what comes next, in words; either may be "".
	NowNext func(ctx context.Context, v *door.Visit) (now, next string, err error)
}

type pages struct {
	*Service
	screen Screen
}

// Routes registers the pages and operations.
func Routes(d *door.Door, s *Service, screen Screen) {
	p := &pages{s, screen}
	d.Get("/e/{edition}/stage", door.Anyone(), p.showStage)
	d.Get("/e/{edition}/pitches", door.Anyone(), p.showOrder)
	d.Get("/e/{edition}/pitches/draw", door.Anyone(), p.showDraw)
	d.Get("/e/{edition}/pitches/draw.json", door.Anyone(), p.downloadDraw)
	d.Get("/e/{edition}/pitches/mine", door.Members(), p.showMine)
	d.Get("/e/{edition}/pitches/run", door.Only(edition.Crew), p.showRun)
	d.Post("/e/{edition}/pitches/run/{team}", door.Only(edition.Crew), p.run)
	d.Get("/e/{edition}/pitches/prepare", door.Only(edition.Organiser), p.showPrepare)
	d.Post("/e/{edition}/pitches/settings", door.Only(edition.Organiser), p.settings)
	d.Post("/e/{edition}/pitches/promise", door.Only(edition.Organiser), p.promise)
	d.Post("/e/{edition}/pitches/draw", door.Only(edition.Organiser), p.draw)
	d.Post("/e/{edition}/pitches/window", door.Only(edition.Organiser), p.window)
	d.Post("/e/{edition}/pitches/move", door.Only(edition.Organiser), p.move)
	d.Post("/e/{edition}/pitches/add", door.Only(edition.Organiser), p.add)
	p.operations(d)
}

// scene is a page's frame with what every page of the room reads.
type scene struct {
	ui.View
	v      *door.Visit
	lineup Lineup
	now    time.Time
	opens  time.Time
	next   string
	ring   ui.RingData
}

func (p *pages) scene(r *http.Request, v *door.Visit, title string) (scene, error) {
	l, err := p.Lineup(r.Context(), p.db, v.Edition.ID)
	sc := scene{View: v.Page(title, Topic(v.Edition.ID)), v: v, lineup: l, now: v.Now, opens: v.Edition.At[edition.Pitches]}
	sc.Scripts = append(sc.Scripts, ui.Asset("js/stage.js"))
	return sc, err
}

// expected is when a team will be on, in words relative to now; "" for one that does not wait.
func (sc scene) expected(team string) string {
	at, ok := sc.lineup.Expected(team, sc.now, sc.opens)
	if !ok {
		return ""
	}
	return sc.L.Clock(at)
}

// wait is how long until the team is on, at least a moment.
func (sc scene) wait(team string) time.Duration {
	at, _ := sc.lineup.Expected(team, sc.now, sc.opens)
	return max(0, at.Sub(sc.now)).Round(time.Minute)
}

// eyebrow says which of how many pitches it is.
func (sc scene) eyebrow(p Pitch) string {
	return sc.L.T("stage.pitch_of", "n", p.Position, "total", len(sc.lineup.Pitches))
}

func (p *pages) showStage(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sc, err := p.scene(r, v, v.L.T("stage.screen"))
	if err != nil {
		return err
	}
	text := ""
	if _, on := sc.lineup.Current(); !on && !sc.lineup.Begun() {
		sc.ring = p.screen.Ring(v)
		if text, sc.next, err = p.screen.NowNext(r.Context(), v); err != nil {
			return fmt.Errorf("reading the programme: %w", err)
		}
	}
	return v.Show(w, r, stagePage(sc, text))
}

func (p *pages) showOrder(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sc, err := p.scene(r, v, v.L.T("stage.order"))
	if err != nil {
		return err
	}
	_, mine := sc.lineup.OfMember(v.Actor.ID)
	return v.Show(w, r, orderPage(sc, mine && !v.Actor.Public()))
}

func (p *pages) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sc, err := p.scene(r, v, v.L.T("stage.mine"))
	if err != nil {
		return err
	}
	return v.Show(w, r, minePage(sc))
}

func (p *pages) showRun(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.runAgain(w, r, v, nil)
}

func (p *pages) runAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	page := func() (templ.Component, error) {
		sc, err := p.scene(r, v, v.L.T("stage.run"))
		return runPage(sc, v.Field(r, refused, "reason", "stage.reason")), err
	}
	return show(w, r, v, refused, page)
}

// show answers with the page, or with the page again after a refusal.
func show(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error, page func() (templ.Component, error)) error {
	if refused == nil {
		c, err := page()
		if err != nil {
			return err
		}
		return v.Show(w, r, c)
	}
	var broken error
	err := v.Again(w, r, refused, func() templ.Component {
		c, err := page()
		broken = err
		return c
	})
	return cmp.Or(broken, err)
}

func (p *pages) run(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id, team, a := r.Context(), v.Edition.ID, r.PathValue("team"), door.Action(r, v)
	var err error
	switch door.Text(r, "do") {
	case "start":
		err = p.Start(ctx, v.Actor, id, team, a)
	case "pause":
		err = p.Pause(ctx, v.Actor, id, team, a)
	case "resume":
		err = p.Resume(ctx, v.Actor, id, team, a)
	case "stop":
		err = p.Stop(ctx, v.Actor, id, team, a)
	case "absent":
		err = p.MarkAbsent(ctx, v.Actor, id, team, a)
	case "restore":
		err = p.Restore(ctx, v.Actor, id, team, door.Text(r, "reason"))
	default:
		err = errs.New(errs.Invalid, "stage.not_now")
	}
	if err != nil {
		return p.runAgain(w, r, v, err)
	}
	return v.Go(w, r, v.URL("pitches", "run"))
}

func (p *pages) showDraw(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sc, err := p.scene(r, v, v.L.T("stage.draw"))
	if err != nil {
		return err
	}
	d, err := p.DrawOf(r.Context(), p.db, v.Edition.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	log, err := p.Log(r.Context(), p.db, v.Edition.ID)
	if err != nil {
		return err
	}
	return v.Show(w, r, drawPage(sc, d, log))
}

// name is a team's name, or its id where it no longer competes.
func (sc scene) name(team string) string {
	if p, there := sc.lineup.Of(team); there && p.Team.Name != "" {
		return p.Team.Name
	}
	for _, t := range sc.lineup.Unplaced {
		if t.ID == team {
			return t.Name
		}
	}
	return team
}

func (p *pages) downloadDraw(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.DrawOf(r.Context(), p.db, v.Edition.ID)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="pitch-draw.json"`)
	if err := json.NewEncoder(w).Encode(d.Instance(v.Edition.Name)); err != nil {
		return fmt.Errorf("writing the draw: %w", err)
	}
	return nil
}

// preparation is the page on which the order is made.
type preparation struct {
	scene
	draw    Draw
	windows map[string]planning.PitchTeam
	fields  map[string]ui.Field
}

func (p *pages) showPrepare(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.prepareAgain(w, r, v, nil)
}

func (p *pages) prepareAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return show(w, r, v, refused, func() (templ.Component, error) {
		page, err := p.preparation(r, v, refused)
		return preparePage(page), err
	})
}

func (p *pages) preparation(r *http.Request, v *door.Visit, refused error) (preparation, error) {
	page := preparation{fields: map[string]ui.Field{}}
	var err error
	if page.scene, err = p.scene(r, v, v.L.T("stage.prepare")); err != nil {
		return page, err
	}
	if page.draw, err = p.DrawOf(r.Context(), p.db, v.Edition.ID); err != nil && !errs.Is(err, errs.NotFound) {
		return page, err
	}
	if page.windows, err = p.Windows(r.Context(), p.db, v.Edition.ID); err != nil {
		return page, err
	}
	set := page.lineup.Settings
	for name, value := range map[string]int{"allotted": int(set.Allotted.Seconds()), "warn": int(set.Warn.Seconds()), "changeover": int(set.Changeover.Seconds())} {
		f := v.Field(r, refused, name, "stage."+name)
		if f.Value == "" {
			f.Value = strconv.Itoa(value)
		}
		f.InputMode, f.Required, f.Short, f.Hint = "numeric", true, true, v.L.T("stage.in_seconds")
		page.fields[name] = f
	}
	for name, label := range map[string]string{"word": "stage.word", "team": "stage.team", "reason": "stage.reason",
		"earliest": "stage.earliest", "latest": "stage.latest", "position": "stage.position"} {
		page.fields[name] = v.Field(r, refused, name, label)
	}
	return page, nil
}

// field is a question of the page under an id of its own, since several forms ask it.
func (p preparation) field(form, name string, required bool) ui.Field {
	f := p.fields[name]
	f.ID, f.Required = form+"-"+name, required
	return f
}

// done answers a change on the preparation page.
func (p *pages) done(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.prepareAgain(w, r, v, err)
	}
	v.Say(w, "ok", "stage.done")
	return v.Go(w, r, v.URL("pitches", "prepare"))
}

func (p *pages) settings(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	seconds := func(name string) time.Duration { return time.Duration(door.Int(r, name, &wrong)) * time.Second }
	set := Settings{Allotted: seconds("allotted"), Warn: seconds("warn"), Changeover: seconds("changeover")}
	err := wrong.Err()
	if err == nil {
		err = p.SetSettings(r.Context(), v.Actor, v.Edition.ID, set)
	}
	return p.done(w, r, v, err)
}

func (p *pages) promise(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.done(w, r, v, p.Promise(r.Context(), v.Actor, v.Edition.ID))
}

func (p *pages) draw(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.done(w, r, v, p.Draw(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "word")))
}

func (p *pages) window(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	earliest, latest := door.Int(r, "earliest", &wrong), door.Int(r, "latest", &wrong)
	err := wrong.Err()
	if err == nil {
		err = p.Window(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "team"), earliest, latest, door.Text(r, "reason"))
	}
	return p.done(w, r, v, err)
}

func (p *pages) move(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	position := door.Int(r, "position", &wrong)
	err := wrong.Err()
	if err == nil {
		err = p.Move(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "team"), position, door.Text(r, "reason"))
	}
	return p.done(w, r, v, err)
}

func (p *pages) add(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.done(w, r, v, p.Add(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "team")))
}

// clockText writes what is left while the clock stands still: "2:05", "− 0:12".
func clockText(left time.Duration) string {
	sign := ""
	if left < 0 {
		sign, left = "− ", -left
	}
	s := int(left.Round(time.Second).Seconds())
	return fmt.Sprintf("%s%d:%02d", sign, s/60, s%60)
}

// options are teams to choose from.
func options(teams []TeamRef) []ui.Option {
	var all []ui.Option
	for _, t := range teams {
		all = append(all, ui.Option{Value: t.ID, Label: t.Name})
	}
	return all
}

// waiting are the teams that can still be moved.
func (sc scene) waiting() []TeamRef {
	var all []TeamRef
	for _, p := range sc.lineup.Pitches {
		if p.State == Waiting {
			all = append(all, p.Team)
		}
	}
	return all
}

func isMine(p Pitch, who account.ID) bool {
	_, mine := Lineup{Pitches: []Pitch{p}}.OfMember(who)
	return mine && who != ""
}
