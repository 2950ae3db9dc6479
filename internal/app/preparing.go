package app

import (
	"context"
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
)

// step is one thing to do before an event is announced; its words are app.step.<name>,
// …_text and …_do.
type step struct {
	name string
	done bool
	url  string
}

// fewestJurors is below how many a jury is no jury.
const fewestJurors = 3

// stepsSay are the concerns that the steps before the announcement say already.
var stepsSay = []string{"draft", "no_programme", "no_juror", "registering"}

// preparation lists, while the page is a draft, what an organiser does before announcing
// it; the last step is to publish.
func (w *watch) preparation(ctx context.Context) error {
	e := w.v.Edition
	if e.State != edition.Draft {
		return nil
	}
	s, err := w.Programme.Summary(ctx, w.DB, e.ID)
	if err != nil {
		return err
	}
	settings, people := w.v.URL("settings"), w.v.URL("people")
	w.board.steps = []step{{name: "created", done: true, url: settings},
		{name: "theme", done: e.Theme != "" && e.Tagline != "", url: settings},
		{name: "practical", done: practicalRead(w.Words.Locale(e.Lang), e), url: settings + "#f-practical"},
		{name: "programme", done: s.Sessions > 0, url: w.v.URL("programme")}}
	if e.Kind == edition.Hackathon {
		mentors, err := w.names(ctx, e.ID, edition.Mentor)
		if err != nil {
			return err
		}
		jurors, err := w.names(ctx, e.ID, edition.Juror)
		if err != nil {
			return err
		}
		w.board.steps = append(w.board.steps, step{name: "mentors", done: len(mentors) > 0, url: people},
			step{name: "jury", done: len(jurors) >= fewestJurors, url: people})
	}
	w.board.steps = append(w.board.steps, step{name: "publish", url: settings})
	return nil
}

// next is the name of the first step that is not done.
func (b board) next() string {
	for _, s := range b.steps {
		if !s.done {
			return s.name
		}
	}
	return ""
}

// stepsDone counts what is done.
func (b board) stepsDone() int {
	n := 0
	for _, s := range b.steps {
		if s.done {
			n++
		}
	}
	return n
}

// practicalDraft is what stands under the practical matters until an organiser writes
// them.
func practicalDraft(l i18n.Locale, e edition.Edition) string {
	return l.T("app.practical_draft."+gathering(e), "place", orDots(e.Place))
}

// practicalRead says whether somebody has written the practical matters.
func practicalRead(l i18n.Locale, e edition.Edition) bool {
	return e.Practical != "" && strings.TrimSpace(e.Practical) != strings.TrimSpace(practicalDraft(l, e))
}

// rulesDraft is the rules that an organiser begins with.
func rulesDraft(l i18n.Locale, e edition.Edition) string {
	return l.T("app.rules_draft."+gathering(e), "host", orDots(e.Host), "name", e.Name, "min", max(e.TeamMin, 1), "max", max(e.TeamMax, 1))
}

// gathering says whether people come to work in teams or to be together: the drafts
// differ.
func gathering(e edition.Edition) string {
	if e.TeamMax > 1 {
		return "teams"
	}
	return "guests"
}
