package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"h48/internal/award"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/followup"
	"h48/internal/gallery"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
	"h48/internal/ui"
)

// winners tells the gallery who won, from the second at which everybody may know.
type winners struct{ award *award.Service }

// Won implements gallery.Prizes.
func (w winners) Won(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (map[team.ID][]gallery.Prize, error) {
	prizes, err := w.award.WonPrizes(ctx, q, e, now)
	won := map[team.ID][]gallery.Prize{}
	for i, p := range prizes {
		of := team.ID(p.Team)
		won[of] = append(won[of], gallery.Prize{ID: string(p.ID), Title: p.Title, Place: i})
	}
	return won, err
}

// fates tells the gallery what became of the projects.
type fates struct{ followup *followup.Service }

// Fates implements gallery.Afterwards.
func (f fates) Fates(ctx context.Context, q sqldb.Querier, e edition.ID) (map[team.ID]gallery.Fate, error) {
	states, err := f.followup.States(ctx, q, e)
	of := make(map[team.ID]gallery.Fate, len(states))
	for t, state := range states {
		of[team.ID(t)] = gallery.Fate(state)
	}
	return of, err
}

// FateTopic implements gallery.Afterwards.
func (f fates) FateTopic(e edition.ID) string { return followup.Topic(e) }

// sharedPages are the edition's pages, beside those of its projects, that people pass on.
var sharedPages = []string{"", "/results", "/recap", "/followup", "/programme", "/judging"}

// tellMachines lets the pages that people pass on say what they are about, and how they
// look where they are shared.
func (a *App) tellMachines(v *door.Visit, view *ui.View) (err error) {
	path, _, _ := strings.Cut(view.Path, "?")
	path, ours := strings.CutPrefix(path, v.Edition.URL())
	if ours && slices.Contains(sharedPages, path) {
		view.Head, err = a.Gallery.EditionHead(v.L, v.Edition, path, view.Title)
	}
	return err
}

// faces shows the laureates as the gallery shows them. It asks for the gallery late: that
// room is built on who won.
type faces struct{ gallery func() *gallery.Service }

// Faces implements award.Faces.
func (f faces) Faces(ctx context.Context, e edition.Edition) (map[string]award.Face, error) {
	all, err := f.gallery().Laureates(ctx, e)
	of := make(map[string]award.Face, len(all))
	for _, p := range all {
		face := award.Face{URL: p.URL(), Members: p.Members, Others: p.Others}
		if p.Cover != nil {
			face.Picture = p.CoverURL()
			face.Width, face.Height = p.Cover.Box(gallery.Large)
		}
		of[string(p.Team)] = face
	}
	return of, err
}
