package app

import (
	"context"
	"net/http"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// showHome leads to the editions: to the only one there is, or to a list.
func (a *App) showHome(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if a.Parts.Demo {
		return a.showDoors(w, r, v)
	}
	editions, err := a.Editions.Visible(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	if len(editions) == 0 && v.Actor.Public() {
		empty, err := a.Accounts.Empty(r.Context())
		if err != nil {
			return err
		}
		if empty {
			view := v.Page(v.L.T("app.first"))
			view.Bare = true
			return v.Show(w, r, unclaimedPage(view))
		}
	}
	if len(editions) == 1 && !v.Actor.Admin {
		return v.Go(w, r, editions[0].URL())
	}
	return v.Show(w, r, homePage(v.Page(v.L.T("app.home_title")), editions, v.Actor.Admin))
}

// showMe lists the person's own editions, or leads to the only one.
func (a *App) showMe(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	editions, err := a.Editions.Visible(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	var mine []edition.Edition
	for _, e := range editions {
		roles, err := a.Editions.Roles(r.Context(), a.DB, e.ID, v.Actor.ID)
		if err != nil {
			return err
		}
		if len(roles) > 0 {
			mine = append(mine, e)
		}
	}
	switch {
	case len(mine) == 1:
		return v.Go(w, r, mine[0].URL()+"/today")
	case len(mine) == 0 && !v.Actor.Admin: // who waits for a seat has no role yet
		return v.Go(w, r, "/")
	}
	return v.Show(w, r, homePage(v.Page(v.L.T("app.mine")), mine, v.Actor.Admin))
}

func (a *App) showAccessibility(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, textPage(v.Page(v.L.T("app.accessibility")), "app.accessibility_text"))
}

func (a *App) showPrivacy(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, privacyPage(v.Page(v.L.T("app.privacy"))))
}

// StopJob asks for the end of a job.
func (a *App) StopJob(ctx context.Context, id string) error {
	return a.DB.InTx(ctx, func(tx *sqldb.Tx) error { return a.Queue.StopTx(ctx, tx, id) })
}

// Enter opens a session for an account without a letter: the demo's doors, and the first
// person of an installation, whom only the console can name.
func (a *App) Enter(ctx context.Context, id account.ID) (account.Session, error) {
	var session account.Session
	err := a.DB.InTx(ctx, func(tx *sqldb.Tx) (err error) {
		session, err = a.Accounts.OpenTx(ctx, tx, id)
		return err
	})
	return session, err
}
