package project

import (
	"net/http"
	"strconv"

	"h48/internal/door"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
)

// history is the versions of a project that the visitor may see.
func (p pages) history(r *http.Request, v *door.Visit) (Project, []Submission, team.Team, error) {
	project, err := p.s.Get(r.Context(), p.s.db, v.Edition.ID, ID(r.PathValue("project")))
	if err != nil {
		return project, nil, team.Team{}, err
	}
	if err := p.s.MaySee(r.Context(), p.s.db, v.Actor, project); err != nil {
		return project, nil, team.Team{}, err
	}
	versions, err := p.s.Versions(r.Context(), p.s.db, project.ID)
	if err != nil {
		return project, nil, team.Team{}, err
	}
	t, err := p.s.teams.Get(r.Context(), p.s.db, v.Edition.ID, project.Team)
	return project, versions, t, err
}

func (p pages) showVersions(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	project, versions, t, err := p.history(r, v)
	if err != nil {
		return err
	}
	attempts, err := p.s.Attempts(r.Context(), p.s.db, project.ID)
	if err != nil {
		return err
	}
	d := editorData{Project: project, Team: t, URL: v.URL}
	return v.Show(w, r, versionsPage(v.Page(v.L.T("project.versions"), TeamTopic(t.ID)), d, versions, attempts))
}

func (p pages) showReceipt(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	project, versions, t, err := p.history(r, v)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 || number > len(versions) {
		return sqldb.ErrNotFound
	}
	d := editorData{Edition: v.Edition, Project: project, Team: t, URL: v.URL, Own: t.Has(v.Actor.ID)}
	return v.Show(w, r, receiptPage(v.Page(v.L.T("project.receipt.title")), d, versions[len(versions)-number]))
}
