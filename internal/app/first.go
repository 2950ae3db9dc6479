package app

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

// FirstURL is the address at which the first person of an empty installation makes
// themselves known; "" once somebody has. Only the console shows it.
func (a *App) FirstURL(ctx context.Context) (string, error) {
	empty, err := a.Accounts.Empty(ctx)
	if err != nil || !empty {
		return "", err
	}
	a.firstKey = a.Parts.IDs.Secret()
	return a.Config.Base() + "/first/" + a.firstKey, nil
}

// checkFirst refuses all but the console's key, and that too once there is an account.
func (a *App) checkFirst(r *http.Request) error {
	empty, err := a.Accounts.Empty(r.Context())
	if err != nil {
		return err
	}
	if !empty {
		return errs.New(errs.NotFound, "app.first_taken")
	}
	if a.firstKey == "" || r.PathValue("key") != a.firstKey {
		return sqldb.ErrNotFound
	}
	return nil
}

func (a *App) showFirst(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := a.checkFirst(r); err != nil {
		return err
	}
	return v.Show(w, r, firstPage(firstView(v), firstFields(v, r, nil)))
}

func (a *App) first(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := a.checkFirst(r); err != nil {
		return err
	}
	var wrong errs.Fields
	if door.Text(r, "name") == "" {
		wrong.Add("name", "error.required")
	}
	err := wrong.Err()
	if err == nil {
		err = a.welcomeFirst(w, r, v)
	}
	if err != nil {
		if errs.KindOf(err) == errs.Invalid && wrong == nil {
			err = errs.Fields{{Name: "email", Key: "account.email_wrong"}}
		}
		return v.Again(w, r, err, func() templ.Component { return firstPage(firstView(v), firstFields(v, r, err)) })
	}
	return v.Go(w, r, "/new")
}

func (a *App) welcomeFirst(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who, err := a.Accounts.MakeAdmin(r.Context(), door.Text(r, "email"), door.Text(r, "name"), v.L.Lang)
	if err != nil {
		return err
	}
	session, err := a.Enter(r.Context(), who.ID)
	if err != nil {
		return err
	}
	v.SignIn(w, session)
	return nil
}

func firstView(v *door.Visit) ui.View {
	view := v.Page(v.L.T("app.first"))
	view.Bare = true
	return view
}

func firstFields(v *door.Visit, r *http.Request, err error) []ui.Field {
	return []ui.Field{required(v.Field(r, err, "name", "app.field.person")), required(email(v.Field(r, err, "email", "account.email")))}
}
