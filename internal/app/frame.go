package app

import (
	"context"
	"strings"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/ui"
)

// place is an entry of the navigation: for whom, and from which moment on it matters.
type place struct {
	key, path, icon string
	roles           []edition.Role // nil for everybody
	kinds           []edition.Kind // nil for every kind
}

var everybody []edition.Role

// frame adds to a page what the rooms have to say around it.
func (a *App) frame(ctx context.Context, v *door.Visit, view *ui.View) error {
	if a.Parts.Demo && v.Edition.Pace.Rehearsal() {
		view.Rehearsal = rehearsalBar(v)
	}
	if v.Edition.ID == "" {
		return nil
	}
	for _, p := range places() {
		if !p.for_(v) {
			continue
		}
		link := ui.Link{Label: v.L.T(p.key), URL: v.Edition.URL() + p.path, Icon: p.icon}
		link.Current = at(view.Path, link.URL, p.path == "")
		view.Nav = append(view.Nav, link)
	}
	return nil
}

// for_ says whether the visitor has something to do at the place.
func (p place) for_(v *door.Visit) bool {
	if p.kinds != nil && !contains(p.kinds, v.Edition.Kind) {
		return false
	}
	return p.roles == nil || v.Is(p.roles...)
}

func contains(kinds []edition.Kind, kind edition.Kind) bool {
	for _, k := range kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// at says whether the page at path is the place at url or one below it.
func at(path, url string, exact bool) bool {
	path, _, _ = strings.Cut(path, "?")
	return path == url || (!exact && strings.HasPrefix(path, url+"/"))
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
