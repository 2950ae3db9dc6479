package rehearsal

import (
	"context"

	"h48/internal/app"
	"h48/internal/edition"
)

// Doors are the ways into the demonstration: one of each role, and the public.
func (r *Rehearsal) Doors(ctx context.Context) ([]app.DemoDoor, error) {
	url := r.e.URL()
	people := []struct {
		role edition.Role
		who  person
		path string
	}{
		{edition.Organiser, person{name: r.boss.Name, actor: r.boss}, "/control"},
		{edition.Participant, r.insider(), "/today"}, {edition.Mentor, r.cast.mentors[0], "/help"},
		{edition.Juror, r.cast.jurors[0], "/today"}, {edition.Crew, r.cast.crew[0], "/today"},
		{edition.Speaker, r.cast.speakers[0], "/today"}, {edition.Partner, r.cast.partner, "/today"},
	}
	var doors []app.DemoDoor
	for _, p := range people {
		who, err := r.app.Accounts.Get(ctx, r.app.DB, p.who.actor.ID)
		if err != nil {
			return nil, err
		}
		doors = append(doors, app.DemoDoor{Role: p.role, Account: who.ID, Name: who.Name, Path: url + p.path})
	}
	return append(doors, app.DemoDoor{Name: "", Path: url}), nil
}

// insider is a participant who is in a team.
func (r *Rehearsal) insider() person {
	for _, p := range r.cast.people {
		if len(r.teams) > 0 && r.teams[0].Has(p.actor.ID) {
			return p
		}
	}
	return r.cast.people[0]
}
