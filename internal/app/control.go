package app

import (
	"context"
	"net/http"
	"slices"

	"h48/internal/award"
	"h48/internal/catering"
	"h48/internal/checkin"
	"h48/internal/crew"
	"h48/internal/cups"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/followup"
	"h48/internal/jury"
	"h48/internal/mentoring"
	"h48/internal/programme"
	"h48/internal/project"
	"h48/internal/recap"
	"h48/internal/registration"
	"h48/internal/stage"
	"h48/internal/team"
	"h48/internal/ui"
	"h48/internal/vote"
)

// urgency says how soon somebody has to act.
type urgency int

// The urgencies; the most urgent stands first on the page.
const (
	actNow urgency = iota
	actSoon
	fine
)

func (u urgency) tone() ui.Tone {
	return map[urgency]ui.Tone{actNow: ui.Bad, actSoon: ui.Warn, fine: ui.Good}[u]
}

// word is the key of what the urgency is called.
func (u urgency) word() string {
	return map[urgency]string{actNow: "app.control.act_now", actSoon: "app.control.act_soon", fine: "app.control.fine"}[u]
}

// concern is one thing that an organiser looks after: how it stands, what to do, where.
type concern struct {
	name        string // of its words
	urgency     urgency
	icon        string
	title, text string
	url, action string
}

// board is everything that an organiser looks after, the most urgent first.
type board struct {
	steps    []step // before the page is published
	concerns []concern
	stats    []ui.StatData
	now      []ui.Slot // what is on, and what begins next
}

// needing counts what somebody has to act on.
func (b board) needing() int {
	n := 0
	for _, c := range b.concerns {
		if c.urgency != fine {
			n++
		}
	}
	return n
}

// of lists the concerns of the urgencies.
func (b board) of(wanted ...urgency) []concern {
	return slices.DeleteFunc(slices.Clone(b.concerns), func(c concern) bool { return !slices.Contains(wanted, c.urgency) })
}

func (a *App) showControl(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	b, err := a.control(r.Context(), v)
	if err != nil {
		return err
	}
	return v.Show(w, r, controlPage(v.Page(v.L.T("app.nav.control"), controlTopics(v.Edition.ID)...), b))
}

// controlTopics are what the board depends on: everything that happens.
func controlTopics(e edition.ID) []string {
	return []string{registration.Topic(e), checkin.Topic(e), team.Topic(e), programme.Topic(e), mentoring.Topic(e), project.Topic(e),
		stage.Topic(e), jury.Topic(e), award.Topic(e), recap.Topic(e), cups.Topic(e), catering.Topic(e), vote.Topic(e), followup.Topic(e), crew.Topic(e)}
}

// watch looks after the rooms for one organiser at one moment.
type watch struct {
	*App
	v     *door.Visit
	phase edition.Phase
	board board
}

// control asks every room how it stands.
func (a *App) control(ctx context.Context, v *door.Visit) (board, error) {
	w := &watch{App: a, v: v, phase: v.Edition.Phase(v.Now)}
	looks := []func(context.Context) error{w.preparation, w.letters, w.edition, w.registrations, w.arrivals, w.meals, w.sessions, w.crew, w.stock, w.story, w.work}
	if v.Edition.Kind.Competes() {
		looks = append(looks, w.teams, w.help, w.handIns, w.pitches, w.jury, w.award, w.votes, w.followed)
	}
	for _, look := range looks {
		if err := look(ctx); err != nil {
			return w.board, err
		}
	}
	if len(w.board.steps) > 0 { // they say it already
		w.board.concerns = slices.DeleteFunc(w.board.concerns, func(c concern) bool { return slices.Contains(stepsSay, c.name) })
	}
	slices.SortStableFunc(w.board.concerns, func(x, y concern) int { return int(x.urgency) - int(y.urgency) })
	return w.board, nil
}

// say adds a concern of the words app.control.<name>, …_text and, where an address leads
// on, …_do. The title counts n things.
func (w *watch) say(u urgency, name string, n int, icon, url string, args ...any) {
	l := w.v.L
	c := concern{name: name, urgency: u, icon: icon, title: l.N("app.control."+name, n, args...), text: l.N("app.control."+name+"_text", n, args...), url: url}
	if url != "" {
		c.action = l.T("app.control." + name + "_do")
	}
	w.board.concerns = append(w.board.concerns, c)
}

// well adds a concern that needs nobody, with a line of how it stands.
func (w *watch) well(name, icon, url string, args ...any) {
	w.board.concerns = append(w.board.concerns, concern{name: name, urgency: fine, icon: icon, title: w.v.L.T("app.control."+name, args...), url: url})
}

// figure adds a figure to the head of the page.
func (w *watch) figure(s ui.StatData) { w.board.stats = append(w.board.stats, s) }

// during says whether the event is in one of the phases.
func (w *watch) during(phases ...edition.Phase) bool { return slices.Contains(phases, w.phase) }

// urgentIn is actNow in the phases and actSoon in others.
func (w *watch) urgentIn(phases ...edition.Phase) urgency {
	if w.during(phases...) {
		return actNow
	}
	return actSoon
}
