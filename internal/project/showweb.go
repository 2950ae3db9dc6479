package project

import (
	"net/http"
	"strconv"

	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
)

// shown is one project for its readers.
type shown struct {
	Submission
	TeamName string
	About    string // the title of its challenge
	MaySee   bool   // versions and receipts are for the team, jurors and organisers
}

func (p pages) showPublic(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	all, err := p.s.PublicProjects(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return err
	}
	projects, err := p.named(r, v, all)
	if err != nil {
		return err
	}
	return v.Show(w, r, publicPage(v.Page(v.L.T("project.public.title"), Topic(v.Edition.ID)), projects, v.URL))
}

// named adds the names of teams and challenges.
func (p pages) named(r *http.Request, v *door.Visit, all []Submission) ([]shown, error) {
	titles, err := p.s.titles(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	teams, err := p.s.teams.List(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	names := map[team.ID]string{}
	for _, t := range teams {
		names[t.ID] = t.Name
	}
	var projects []shown
	for _, s := range all {
		one := shown{Submission: s, TeamName: names[s.Team]}
		if s.Challenge != "" {
			one.About = titles[s.Challenge]
		}
		projects = append(projects, one)
	}
	return projects, nil
}

// showProject is what was handed in last: for whoever may see it.
func (p pages) showProject(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	project, err := p.s.Get(r.Context(), p.s.db, v.Edition.ID, ID(r.PathValue("project")))
	if err != nil {
		return err
	}
	refusal := p.s.MaySee(r.Context(), p.s.db, v.Actor, project)
	if refusal != nil && (project.Published.IsZero() || project.Withheld != "" || errs.KindOf(refusal) == errs.Internal) {
		return refusal
	}
	current, err := p.s.Current(r.Context(), p.s.db, project.Team)
	if err != nil {
		return err
	}
	named, err := p.named(r, v, []Submission{current})
	if err != nil {
		return err
	}
	named[0].MaySee = refusal == nil
	return v.Show(w, r, projectPage(v.Page(current.Title, TeamTopic(project.Team)), named[0], v.URL))
}

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
	d := editorData{Edition: v.Edition, Project: project, Team: t, URL: v.URL}
	return v.Show(w, r, receiptPage(v.Page(v.L.T("project.receipt.title")), d, versions[len(versions)-number]))
}
