package award

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

func (p *pages) mountStage(d *door.Door) {
	organisers := door.Only(edition.Organiser)
	d.Get("/e/{edition}/results", door.Anyone(), p.showResults)
	d.Get("/e/{edition}/stage/reveal", door.Anyone(), p.showStage)
	d.Post("/e/{edition}/stage/reveal", organisers, p.reveal)
	d.Get("/e/{edition}/stage/remote", organisers, p.showRemote)
	d.Post("/e/{edition}/deliberation/results-at", organisers, p.resultsAt)
	d.Post("/e/{edition}/stage/results-at", organisers, p.moveResults)
}

func (p *pages) showResults(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	results, err := p.award.Results(r.Context(), p.award.db, v.Edition, v.Now)
	if err != nil {
		return err
	}
	shown := shownResults{Results: results, url: v.URL}
	if shown.faces, err = p.award.faces(r.Context(), v.Edition, results); err != nil {
		return err
	}
	return v.Show(w, r, resultsPage(v.Page(v.L.T("award.results"), Topic(v.Edition.ID)), shown, v.Now))
}

// screen is the ceremony on the projector.
type screen struct {
	Stage
	// steers says whether the keys of this screen lead the ceremony.
	steers bool
	// inRoom says that this is the projector's screen: there the laureates stand, and each is
	// named. Whoever opens it elsewhere reads the names of those who agreed.
	inRoom bool
	faces  map[string]Face
	url    func(parts ...string) string
}

// who are the team and its people, as this screen may name them.
func (s screen) who(l ui.Locale, t TeamRef) string {
	if s.inRoom {
		return strings.Join(append([]string{t.Name}, memberNames(t)...), " · ")
	}
	if names := named(l, s.faces[t.ID]); names != "" {
		return t.Name + " · " + names
	}
	return t.Name
}

// showStage shows the ceremony. Before the results are public it is for the room alone:
// the projector is signed in as somebody of the crew; everybody else waits.
func (p *pages) showStage(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx := r.Context()
	results, err := p.award.Results(ctx, p.award.db, v.Edition, v.Now)
	if err != nil {
		return err
	}
	s := screen{steers: v.Is(edition.Organiser), inRoom: v.Is(edition.Organiser, edition.Crew), url: v.URL}
	if results.Public || s.inRoom {
		if s.Stage, err = p.award.Stage(ctx, p.award.db, v.Edition.ID); err != nil {
			return err
		}
	}
	if !s.inRoom {
		if s.faces, err = p.award.faces(ctx, v.Edition, results); err != nil {
			return err
		}
	}
	return v.Show(w, r, stagePage(v.Page(v.L.T("award.results"), Topic(v.Edition.ID)), s))
}

func (p *pages) reveal(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	at, err := strconv.Atoi(door.Text(r, "at"))
	if err != nil || at < 0 {
		return errs.New(errs.Invalid, "error.number")
	}
	if err := p.award.Reveal(r.Context(), v.Actor, v.Edition.ID, at, door.Has(r, "back")); err != nil {
		return err
	}
	if door.Has(r, "screen") {
		return v.Go(w, r, v.URL("stage", "reveal"))
	}
	return v.Go(w, r, v.URL("stage", "remote"))
}

// remote is the ceremony in the hand of who leads it.
type remote struct {
	Stage
	results Results
	now     time.Time
	url     func(parts ...string) string
}

func (p *pages) showRemote(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.remotePage(w, r, v, nil)
}

func (p *pages) remotePage(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	ctx := r.Context()
	m := remote{now: v.Now, url: v.URL}
	var err error
	if m.results, err = p.award.Results(ctx, p.award.db, v.Edition, v.Now); err != nil {
		return err
	}
	if m.Stage, err = p.award.Stage(ctx, p.award.db, v.Edition.ID); err != nil {
		return err
	}
	page := func() templ.Component { return remotePage(v.Page(v.L.T("award.remote"), Topic(v.Edition.ID)), m) }
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

// moveResults opens the results now, or ten minutes later than was said.
func (p *pages) moveResults(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	at := v.Now
	if !door.Has(r, "open") {
		if set := v.Edition.At[edition.Results]; set.After(at) {
			at = set
		}
		at = at.Add(10 * time.Minute)
	}
	if err := p.award.SetResultsAt(r.Context(), v.Actor, v.Edition.ID, at); err != nil {
		return p.remotePage(w, r, v, err)
	}
	return v.Go(w, r, v.URL("stage", "remote"))
}

func (p *pages) resultsAt(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	at := door.MustMoment(r, v.L, "results_at", &wrong)
	err := wrong.Err()
	if err == nil {
		err = p.award.SetResultsAt(r.Context(), v.Actor, v.Edition.ID, at)
	}
	return p.after(w, r, v, err)
}
