package app

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

// Forget erases a person, in every room and every edition, or nowhere: who they were goes,
// and what they did with others (a team, a mark, a prize) stays under an alias. They may
// ask it of themselves; an organiser may for somebody who took part only in editions of
// theirs, who wrote to them. It returns the alias.
//
// An edition's last organiser, and who looks after the installation, hand over first.
func (a *App) Forget(ctx context.Context, actor account.Actor, who account.ID) (alias string, err error) {
	person, err := a.Accounts.Get(ctx, a.DB, who)
	if err != nil {
		return "", err
	}
	editions, err := a.Editions.Visible(ctx, person.Actor())
	if err != nil {
		return "", err
	}
	err = a.DB.InTx(ctx, func(tx *sqldb.Tx) error {
		if person, err = a.Accounts.Get(ctx, tx, who); err != nil {
			return err
		}
		if !person.Erased.IsZero() {
			return sqldb.ErrNotFound
		}
		if err := a.mayForget(ctx, tx, actor, person, editions); err != nil {
			return err
		}
		if alias, err = a.alias(ctx, tx, person); err != nil {
			return err
		}
		return a.forgetTx(ctx, tx, actor, who, alias, editions)
	})
	return alias, err
}

// mayForget says why the actor may not have the person forgotten, or nil. The editions
// are those that the person may see, among them all in which they took part.
func (a *App) mayForget(ctx context.Context, tx *sqldb.Tx, actor account.Actor, person account.Account, editions []edition.Edition) error {
	if person.Admin {
		return errs.New(errs.Conflict, "app.forget.admin")
	}
	mine, tookPart := actor.ID == person.ID, false
	for _, e := range editions {
		roles, part, err := a.partIn(ctx, tx, e.ID, person.ID)
		if err != nil {
			return err
		}
		if !part {
			continue
		}
		tookPart = true
		if !mine {
			if err := a.Editions.Require(ctx, tx, actor, e.ID, edition.Organiser); err != nil {
				return err
			}
		}
		if err := a.lastOrganiser(ctx, tx, e, roles); err != nil {
			return err
		}
	}
	if !tookPart && !mine && !actor.Admin {
		return errs.New(errs.Forbidden, "app.forget.stranger")
	}
	return nil
}

// partIn says whether somebody takes part in an edition, or asked to: who waits for a seat
// has no role yet.
func (a *App) partIn(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (edition.Roles, bool, error) {
	roles, err := a.Editions.Roles(ctx, q, e, who)
	if err != nil || len(roles) > 0 {
		return roles, err == nil, err
	}
	_, err = a.Registration.Of(ctx, q, e, who)
	if errs.Is(err, errs.NotFound) {
		return nil, false, nil
	}
	return nil, err == nil, err
}

// lastOrganiser refuses to leave an edition to nobody.
func (a *App) lastOrganiser(ctx context.Context, tx *sqldb.Tx, e edition.Edition, roles edition.Roles) error {
	if !slices.Contains(roles, edition.Organiser) {
		return nil
	}
	organisers, err := a.Editions.Members(ctx, tx, e.ID, edition.Organiser)
	organisers = slices.DeleteFunc(organisers, func(m edition.Member) bool { return !m.Account.Erased.IsZero() })
	if err == nil && len(organisers) == 1 {
		err = errs.New(errs.Conflict, "app.forget.last", "edition", e.Name)
	}
	return err
}

// alias is what a forgotten person is called from then on: it says nothing of them, and
// tells two forgotten members of a team apart.
func (a *App) alias(ctx context.Context, q sqldb.Querier, person account.Account) (string, error) {
	n, err := a.Accounts.CountErased(ctx, q)
	if err != nil {
		return "", err
	}
	return a.Words.Locale(person.Lang).T("app.forget.alias", "n", strconv.Itoa(n+1)), nil
}

// forgetTx goes from room to room; the account goes last, which the others still name.
func (a *App) forgetTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, who account.ID, alias string, editions []edition.Edition) error {
	for _, room := range []struct {
		name   string
		forget func() error
	}{
		{"registration", func() error { return a.Registration.EraseTx(ctx, tx, actor, who, alias) }},
		{"edition", func() error { return a.retireTx(ctx, tx, actor, who, editions) }},
		{"link", func() error { return a.Link.Forget(ctx, tx, who) }},
		{"forming", func() error { return a.Forming.Forget(ctx, tx, who) }},
		{"crew", func() error { return a.Crew.Forget(ctx, tx, who) }},
		{"meeting", func() error { return a.Meeting.Forget(ctx, tx, who) }},
		{"choosing", func() error { return a.Choosing.Forget(ctx, tx, who) }},
		{"checkin", func() error { return a.Checkin.EraseTx(ctx, tx, who) }},
		{"gallery", func() error { return a.Gallery.Forget(ctx, tx, who) }},
		{"vote", func() error { return a.Vote.Forget(ctx, tx, who) }},
		{"followup", func() error { return a.Followup.Forget(ctx, tx, who) }},
		{"certificate", func() error { return a.Certificate.Forget(ctx, tx, who) }},
		{"payout", func() error { return a.Payout.Forget(ctx, tx, who) }},
		{"account", func() error { return a.Accounts.EraseTx(ctx, tx, who, alias) }},
	} {
		if err := room.forget(); err != nil {
			return fmt.Errorf("forgetting a person in the room %s: %w", room.name, err)
		}
	}
	return nil
}

// retireTx takes the person's work away in every edition that is not over, so that nobody
// plans with them. A juror keeps the role, for their marks; the jury waits for them no more.
func (a *App) retireTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, who account.ID, editions []edition.Edition) error {
	for _, e := range editions {
		if e.Has(edition.Ends, e.Now(tx.Now())) {
			continue
		}
		roles, err := a.Editions.Roles(ctx, tx, e.ID, who)
		if err != nil {
			return err
		}
		for _, role := range roles {
			if role == edition.Juror || role == edition.Participant {
				continue
			}
			if err := a.Editions.RevokeTx(ctx, tx, actor, e.ID, who, role); err != nil {
				return err
			}
		}
	}
	return nil
}

// mountForgetting registers the pages and operations of the right to be forgotten.
func (a *App) mountForgetting() {
	d, organisers := a.Door, door.Only(edition.Organiser)
	d.Get("/me/forget", door.SignedIn(), a.showForgetMe)
	d.Post("/me/forget", door.SignedIn(), a.forgetMe)
	d.Get("/e/{edition}/people/{account}/forget", organisers, a.showForget)
	d.Post("/e/{edition}/people/{account}/forget", organisers, a.forget)
	d.API("DELETE", "/api/v1/me", door.SignedIn(), "Forget the person whose token this is", door.Op(a.apiForgetMe))
	d.API("DELETE", "/api/v1/e/{edition}/people/{account}", organisers, "Forget a person who asked for it", door.Op(a.apiForget))
}

func (a *App) showForgetMe(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, a.forgetMePage(r, v, nil))
}

func (a *App) forgetMePage(r *http.Request, v *door.Visit, wrong error) templ.Component {
	return forgetPage(v.Page(v.L.T("app.forget.title_me")), v.Actor.Name, true, understood(r, v, wrong))
}

func (a *App) forgetMe(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := understands(r)
	if err == nil {
		_, err = a.Forget(r.Context(), v.Actor, v.Actor.ID)
	}
	if err != nil {
		return v.Again(w, r, err, func() templ.Component { return a.forgetMePage(r, v, err) })
	}
	v.Say(w, "ok", "app.forget.done_me")
	return v.Go(w, r, "/")
}

// somebody is who took part in the edition, or waits for a seat in it, and may be forgotten.
func (a *App) somebody(ctx context.Context, e edition.ID, id string) (account.Account, error) {
	who, err := a.Accounts.Get(ctx, a.DB, account.ID(id))
	if err != nil {
		return who, err
	}
	_, part, err := a.partIn(ctx, a.DB, e, who.ID)
	if err == nil && (!part || !who.Erased.IsZero()) {
		err = sqldb.ErrNotFound
	}
	return who, err
}

func (a *App) showForget(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who, err := a.somebody(r.Context(), v.Edition.ID, r.PathValue("account"))
	if err != nil {
		return err
	}
	return v.Show(w, r, somebodysPage(r, v, who, nil))
}

func somebodysPage(r *http.Request, v *door.Visit, who account.Account, wrong error) templ.Component {
	return forgetPage(v.Page(v.L.T("app.forget.title", "name", who.Name)), who.Name, false, understood(r, v, wrong))
}

func (a *App) forget(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who, err := a.somebody(r.Context(), v.Edition.ID, r.PathValue("account"))
	if err != nil {
		return err
	}
	alias, err := "", understands(r)
	if err == nil {
		alias, err = a.Forget(r.Context(), v.Actor, who.ID)
	}
	if err != nil {
		return v.Again(w, r, err, func() templ.Component { return somebodysPage(r, v, who, err) })
	}
	v.Say(w, "ok", "app.forget.done", "alias", alias)
	return v.Go(w, r, v.URL("people"))
}

// understood is the box that is ticked before somebody is forgotten.
func understood(r *http.Request, v *door.Visit, wrong error) ui.Field {
	return v.Field(r, wrong, "understood", "app.forget.understood")
}

func understands(r *http.Request) error {
	if door.Text(r, "understood") == "" {
		return errUnderstand
	}
	return nil
}

type forgetMeIn struct {
	Understood bool `json:"understood"` // that it is final
}

type forgetIn struct {
	Account    string `path:"account" json:"-"`
	Understood bool   `json:"understood"` // that it is final
}

// errUnderstand asks for the tick that makes a slip of the hand harmless.
var errUnderstand = errs.Fields{{Name: "understood", Key: "app.forget.tick"}}

type forgotten struct {
	Alias string `json:"alias"` // what the person is called from now on
}

func (a *App) apiForgetMe(ctx context.Context, v *door.Visit, in *forgetMeIn) (*forgotten, error) {
	if !in.Understood {
		return nil, errUnderstand
	}
	alias, err := a.Forget(ctx, v.Actor, v.Actor.ID)
	return &forgotten{alias}, err
}

func (a *App) apiForget(ctx context.Context, v *door.Visit, in *forgetIn) (*forgotten, error) {
	who, err := a.somebody(ctx, v.Edition.ID, in.Account)
	if err != nil {
		return nil, err
	}
	if !in.Understood {
		return nil, errUnderstand
	}
	alias, err := a.Forget(ctx, v.Actor, who.ID)
	return &forgotten{alias}, err
}
