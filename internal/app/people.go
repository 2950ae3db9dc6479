package app

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/ui"
)

// roleList is who has which role.
type roleList struct {
	role    edition.Role
	members []edition.Member
}

func (a *App) showPeople(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return a.people(w, r, v, nil)
}

func (a *App) people(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	members, err := a.Editions.Members(r.Context(), a.DB, v.Edition.ID, "")
	if err != nil {
		return err
	}
	var all []roleList
	for _, role := range edition.AllRoles {
		if role == edition.Participant || !invites(v.Edition.Kind, role) && !has(members, role) { // participants have a page of their own
			continue
		}
		one := roleList{role: role}
		for _, m := range members {
			if m.Role == role {
				one.members = append(one.members, m)
			}
		}
		all = append(all, one)
	}
	fields := []ui.Field{v.Field(r, wrong, "name", "app.field.person"), v.Field(r, wrong, "email", "app.field.their_email"), v.Field(r, wrong, "role", "app.field.role"), v.Field(r, wrong, "organisation", "app.field.organisation")}
	fields[3].Hint, fields[3].Autocomplete = v.L.T("app.organisation_why"), "off"
	works, err := a.Editions.Organisations(r.Context(), a.DB, v.Edition.ID)
	if err != nil {
		return err
	}
	page := func() templ.Component {
		return peoplePage(v.Page(v.L.T("app.people")), v.URL("people"), v.Edition.Kind, all, works, fields)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

// invites says whether an event of the kind has a use for the role.
func invites(kind edition.Kind, role edition.Role) bool { return slices.Contains(kind.Roles(), role) }

func has(members []edition.Member, role edition.Role) bool {
	return slices.ContainsFunc(members, func(m edition.Member) bool { return m.Role == role })
}

// Named is somebody whom an organiser names.
type Named struct {
	Email, Name string
	Role        edition.Role
	// Organisation is for whom they work; empty where nobody said.
	Organisation string
}

// Name gives somebody a role in the edition, writes down for whom they work, and invites
// them by mail unless they had the role: all of it, or nothing.
func (a *App) Name(ctx context.Context, actor account.Actor, id edition.ID, n Named) (account.Account, error) {
	var wrong errs.Fields
	if !slices.Contains(edition.AllRoles, n.Role) {
		wrong.Add("role", "error.required")
	}
	if n.Name == "" {
		wrong.Add("name", "error.required")
	}
	if err := wrong.Err(); err != nil {
		return account.Account{}, err
	}
	var who account.Account
	err := a.DB.Together(ctx, func(ctx context.Context) (err error) {
		var fresh bool
		if who, fresh, err = a.Editions.GrantNew(ctx, actor, id, n.Email, n.Name, n.Role); err != nil {
			return err
		}
		if n.Organisation != "" {
			if err := a.Editions.SetOrganisation(ctx, actor, id, who.ID, n.Organisation); err != nil {
				return err
			}
		}
		if !fresh || who.ID == actor.ID {
			return nil
		}
		return a.invite(ctx, actor, id, who, n.Role)
	})
	return who, err
}

func (a *App) grant(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := a.Name(r.Context(), v.Actor, v.Edition.ID, Named{Email: door.Text(r, "email"), Name: door.Text(r, "name"),
		Role: edition.Role(door.Text(r, "role")), Organisation: door.Text(r, "organisation")})
	if err != nil {
		return a.people(w, r, v, err)
	}
	v.Say(w, "ok", "app.granted", "name", door.Text(r, "name"))
	return v.Go(w, r, v.URL("people"))
}

// employ writes down for whom somebody works.
func (a *App) employ(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := a.Editions.SetOrganisation(r.Context(), v.Actor, v.Edition.ID, account.ID(r.PathValue("account")), door.Text(r, "organisation"))
	if err != nil {
		return a.people(w, r, v, err)
	}
	v.Say(w, "ok", "app.organisation_kept")
	return v.Go(w, r, v.URL("people"))
}

func (a *App) revoke(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := a.Editions.Revoke(r.Context(), v.Actor, v.Edition.ID, account.ID(r.PathValue("account")), edition.Role(door.Text(r, "role")))
	if err != nil {
		return err
	}
	return v.Go(w, r, v.URL("people"))
}

func (a *App) showJob(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	job, err := a.jobOf(r, v)
	if err != nil {
		return err
	}
	return v.Show(w, r, jobPage(v.Page(v.L.T("app.job"), jobs.Topic(job.ID)), job, v.URL("jobs", job.ID, "stop")))
}

// jobOf returns the job of the address, which is its orderer's and the organisers'.
func (a *App) jobOf(r *http.Request, v *door.Visit) (jobs.Job, error) {
	job, err := jobs.Get(r.Context(), a.DB, r.PathValue("job"))
	if err == nil && (job.Edition != string(v.Edition.ID) || (job.AskedBy != string(v.Actor.ID) && !v.Is(edition.Organiser))) {
		err = errs.New(errs.NotFound, "error.not_found")
	}
	return job, err
}

func (a *App) stopJob(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	job, err := a.jobOf(r, v)
	if err != nil {
		return err
	}
	if err := a.StopJob(r.Context(), job.ID); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("jobs", job.ID))
}
