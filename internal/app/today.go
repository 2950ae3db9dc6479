package app

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/ui"
)

// todayView is a member's own page: the one next thing, and what is going on.
type todayView struct {
	next  []ui.NextData
	stats []ui.StatData
	ring  ui.RingData
	slots []ui.Slot
	news  []templ.Component
}

func (a *App) showToday(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	t, err := a.todayView(r.Context(), v)
	if err != nil {
		return err
	}
	return v.Show(w, r, todayPage(v.Page(v.L.T("app.nav.today"), a.todayTopics(v)...), t))
}

func (a *App) todayView(_ context.Context, v *door.Visit) (todayView, error) {
	return todayView{ring: ring(v.L, v.Edition, v.Now)}, nil
}

func (a *App) todayTopics(*door.Visit) []string { return nil }
