package app

import (
	"context"
	"strings"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/mentoring"
	"h48/internal/message"
	"h48/internal/ui"
)

// frame adds to a page what the rooms have to say around it: the navigation, and what is
// announced. The edition's own topic, which every page listens to, is touched by every
// announcement, so that it appears on open pages at once.
func (a *App) frame(ctx context.Context, v *door.Visit, view *ui.View) error {
	if a.Parts.Demo && v.Edition.Pace.Rehearsal() {
		view.Rehearsal = rehearsalBar(v)
	}
	if v.Edition.ID == "" {
		return nil
	}
	waiting, err := a.waiting(ctx, v, view)
	if err != nil {
		return err
	}
	for _, p := range placesOf(v) {
		link := ui.Link{Label: v.L.T(p.key, "crew", v.L.T("edition.role.crew")), URL: v.Edition.URL() + p.path, Icon: p.icon, Count: waiting[p.path]}
		view.Nav = append(view.Nav, link)
	}
	if err := a.voting(ctx, v, view); err != nil {
		return err
	}
	markCurrent(view)
	if err := a.tellMachines(v, view); err != nil {
		return err
	}
	return a.announced(ctx, v, view)
}

// announced puts on the page what stands announced to the reader; on the projector, what
// is for everybody, whoever has signed it in.
func (a *App) announced(ctx context.Context, v *door.Visit, view *ui.View) error {
	reader, roles := v.Actor.ID, v.Roles
	if strings.HasPrefix(view.Path, v.URL("stage")) {
		reader, roles = "", nil
	}
	current, err := a.Message.Current(ctx, a.DB, v.Edition.ID, reader, roles, v.Now)
	view.Notices = message.Banners(v.L, current, len(roles) > 0, v.URL, view.Path)
	return err
}

// waiting counts what waits at the places of those who look after it, and makes their
// pages listen for it.
func (a *App) waiting(ctx context.Context, v *door.Visit, view *ui.View) (map[string]int, error) {
	if !v.Is(edition.Mentor, edition.Organiser) || v.Edition.Phase(v.Now) != edition.Working {
		return nil, nil
	}
	help, err := a.Mentoring.Summary(ctx, a.DB, v.Edition.ID)
	view.Topics = append(view.Topics, mentoring.Topic(v.Edition.ID))
	return map[string]int{"/help/queue": help.Waiting, "/help/board": help.Late}, err
}

// markCurrent marks the place that is read: the one with the longest address of which
// the page's own is a part.
func markCurrent(view *ui.View) {
	path, _, _ := strings.Cut(view.Path, "?")
	best := -1
	for i, link := range view.Nav {
		within := path == link.URL || link.URL != view.Edition.URL && strings.HasPrefix(path, link.URL+"/")
		if within && (best < 0 || len(link.URL) > len(view.Nav[best].URL)) {
			best = i
		}
	}
	if best >= 0 {
		view.Nav[best].Current = true
	}
}

// rehearsalBar is the clock of a rehearsal, with the phases that are still to come.
func rehearsalBar(v *door.Visit) *ui.Rehearsal {
	bar := &ui.Rehearsal{Action: v.URL("rehearsal"), Speeds: []float64{1, 60, 600, 3600}}
	for _, m := range edition.Moments {
		if at, set := v.Edition.At[m]; set && at.After(v.Now.Add(time.Minute)) {
			bar.Phases = append(bar.Phases, ui.Option{Value: string(m), Label: v.L.T("app.moment." + string(m))})
		}
	}
	return bar
}
