package app

import (
	"maps"

	"h48/internal/account"
	"h48/internal/app/journal"
	"h48/internal/award"
	"h48/internal/award/payout"
	"h48/internal/catering"
	"h48/internal/certificate"
	"h48/internal/checkin"
	"h48/internal/crew"
	"h48/internal/cups"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/followup"
	"h48/internal/gallery"
	"h48/internal/jury"
	juryapi "h48/internal/jury/api"
	"h48/internal/jury/compare"
	"h48/internal/jury/corrections"
	"h48/internal/jury/feedback"
	"h48/internal/jury/hall"
	"h48/internal/jury/lead"
	"h48/internal/jury/link"
	"h48/internal/jury/paper"
	"h48/internal/jury/practice"
	"h48/internal/jury/record"
	"h48/internal/jury/rulebook"
	"h48/internal/kit/files"
	"h48/internal/kit/ical"
	"h48/internal/kit/jobs"
	"h48/internal/kit/post"
	"h48/internal/kit/seal"
	"h48/internal/kit/sheet"
	"h48/internal/kit/trail"
	"h48/internal/mentoring"
	"h48/internal/mentoring/meeting"
	"h48/internal/message"
	"h48/internal/programme"
	"h48/internal/programme/choosing"
	"h48/internal/project"
	"h48/internal/recap"
	"h48/internal/registration"
	"h48/internal/signin"
	"h48/internal/stage"
	"h48/internal/team"
	"h48/internal/team/forming"
	"h48/internal/ui"
	"h48/internal/vote"
)

// Rooms are the services of the features.
type Rooms struct {
	Registration *registration.Service
	Team         *team.Service
	Forming      *forming.Service
	Project      *project.Service
	Gallery      *gallery.Service
	Checkin      *checkin.Service
	Programme    *programme.Service
	Choosing     *choosing.Service
	Crew         *crew.Service
	Mentoring    *mentoring.Service
	Meeting      *meeting.Service
	Message      *message.Service
	Stage        *stage.Service
	Jury         *jury.Service
	Link         *link.Service
	Record       *record.Service
	Hall         *hall.Service
	Paper        *paper.Service
	Feedback     *feedback.Service
	Award        *award.Service
	Payout       *payout.Service
	Certificate  *certificate.Service
	Recap        *recap.Service
	Cups         *cups.Service
	Catering     *catering.Service
	Vote         *vote.Service
	Followup     *followup.Service
}

// words are the texts of every room, French and English together.
func words() [][]byte {
	return [][]byte{ui.Words, door.Words, account.Words, edition.Words, files.Words, sheet.Words, ical.Words, Words,
		journal.Words, registration.Words, team.Words, forming.Words, project.Words, gallery.Words, checkin.Words, programme.Words, choosing.Words, mentoring.Words, meeting.Words, message.Words,
		stage.Words, jury.Words, link.Words, paper.Words, record.Words, hall.Words, feedback.Words, award.Words, payout.Words, certificate.Words, recap.Words, cups.Words, catering.Words, crew.Words, vote.Words, followup.Words}
}

// furnish makes the services in the order in which they need each other, and joins what
// one room asks of another.
func (a *App) furnish(mailer *post.Post, tr *trail.Trail) Rooms {
	db, source, base := a.DB, a.Parts.IDs, a.Config.Base()
	var r Rooms
	r.Registration = registration.NewService(db, source, a.Accounts, a.Editions, a.Hub, a.Queue, mailer, tr, a.Words, base)
	r.Team = team.NewService(db, source, a.Editions, roster{r.Registration}, a.Hub, mailer, tr, a.Words, base)
	r.Project = project.NewService(db, source, a.Editions, r.Team, a.Files, a.Hub, mailer, tr, a.Words, base)
	together := teams{r.Team, r.Project}
	r.Checkin = checkin.NewService(db, source, a.Accounts, a.Editions, r.Registration, a.Hub, tr, base)
	r.Forming = forming.NewService(db, source, a.Editions, r.Team, near(r.Registration, r.Project, r.Checkin), a.Hub, a.Queue, tr)
	r.Programme = programme.NewService(db, source, a.Editions, a.Accounts, a.Hub, a.Queue, mailer, tr, a.Words, base)
	a.manning(&r, mailer, tr)
	r.Choosing = choosing.NewService(db, a.Editions, a.Accounts, r.Programme, a.Hub, a.Queue, mailer, tr, a.Words, base)
	r.Mentoring = mentoring.NewService(db, source, a.Editions, together, a.Hub, a.Queue, tr)
	a.meeting(&r, together, mailer, tr)
	r.Message = message.NewService(db, source, a.Editions, a.Hub, a.Queue, mailer, tr, a.Words, base)
	r.Stage = stage.NewService(db, source, a.Editions, stagesTeams{together}, a.Hub, tr)
	r.Jury = jury.NewService(db, source, a.Editions, a.Accounts, jury.Neighbours{Teams: jurysTeams{together},
		Stage: pitches{r.Stage}, Helpers: helpers{r.Mentoring}, Employers: employers{r.Registration, a.Editions}, Companions: companions{r.Registration},
		Prizes: prizesToWin{func() *award.Service { return a.Award }}, Challenges: challenges{r.Project}}, a.Hub, tr)
	r.Link = link.NewService(db, source, a.Editions, a.Accounts, r.Jury, a.Hub, mailer, tr, a.Words, base)
	r.Award = award.NewService(db, source, a.Editions, award.Neighbours{Scoring: scoring{r.Jury}, Teams: laureates{together, a.Accounts}, Codes: codes{r.Link}, Files: a.Files,
		Curtain: curtain{r.Project}, Faces: faces{func() *gallery.Service { return a.Gallery }},
		Public: favourites{func() *vote.Service { return a.Vote }}}, a.Hub, a.Queue, mailer, tr, a.Words, base)
	r.Payout = payout.NewService(db, source, a.Editions, r.Award, seal.New(a.Config.KeyFile(), source), a.Hub, a.Queue, tr, a.Words)
	r.Followup = followup.NewService(db, source, a.Editions, a.Accounts, afterwards{together, r.Registration}, a.Files, a.Hub, a.Queue, mailer, tr, a.Words, base)
	r.Gallery = gallery.NewService(db, source, a.Editions, r.Team, r.Project, gallery.Neighbours{Prizes: winners{r.Award}, Afterwards: fates{r.Followup}}, a.Files, a.Hub, a.Queue, tr, a.Words, base)
	r.Certificate = certificate.NewService(db, source, a.Editions, chronicle{a}, a.Files, a.Hub, a.Queue, tr, a.Words, base)
	r.Recap = recap.NewService(db, source, a.Editions, chronicle{a}, a.Files, a.Hub, tr, a.Words)
	a.leading(&r, tr)
	r.Feedback = feedback.NewService(db, source, a.Editions, a.Accounts, r.Jury, jurysTeams{together}, published{r.Award}, a.Hub, tr)
	r.Cups = cups.NewService(db, source, a.Editions, a.Hub, tr)
	r.Catering = catering.NewService(db, source, a.Editions, a.Accounts, plates{r.Registration}, a.Hub, tr)
	r.Vote = vote.NewService(db, source, a.Editions, a.Accounts, vote.Neighbours{People: voters{r.Checkin, r.Registration},
		Projects: candidates{together, a.Files}}, a.Hub, a.Queue, mailer, tr, a.Words, base)
	return r
}

// handlers are the jobs that the rooms run.
func (a *App) handlers() map[string]jobs.Handler {
	all := a.leadJobs()
	for _, room := range []map[string]jobs.Handler{a.Registration.Jobs(), a.Forming.Jobs(), a.Mentoring.Jobs(), a.Meeting.Jobs(), a.Message.Jobs(), a.Programme.Jobs(), a.Choosing.Jobs(), a.Crew.Jobs(), a.Award.Jobs(), a.Payout.Jobs(), a.Certificate.Jobs(), a.Vote.Jobs(), a.Followup.Jobs()} {
		maps.Copy(all, room)
	}
	maps.Copy(all, a.Gallery.Jobs())
	return all
}

// mount registers every route of the program.
func (a *App) mount() {
	d := a.Door
	signin.Routes(d, a.Accounts)
	a.mountPages()
	registration.Routes(d, a.Registration)
	team.Routes(d, a.Team)
	forming.Routes(d, a.Forming)
	project.Routes(d, a.Project)
	gallery.Routes(d, a.Gallery, a.became)
	checkin.Routes(d, a.Checkin)
	programme.Routes(d, a.Programme)
	choosing.Routes(d, a.Choosing)
	crew.Routes(d, a.Crew)
	mentoring.Routes(d, a.Mentoring)
	meeting.Routes(d, a.Meeting)
	message.Routes(d, a.Message)
	stage.Routes(d, a.Stage, a.screen())
	jury.Routes(d, a.Jury)
	link.Routes(d, a.Link)
	a.mountLead()
	juryapi.Routes(d, a.Jury, a.DB)
	rulebook.Routes(d, a.Jury, a.DB)
	lead.Routes(d, a.Jury, a.Editions, a.DB)
	corrections.Routes(d, a.Jury, a.Accounts, a.DB)
	feedback.Routes(d, a.Feedback)
	compare.Routes(d, compare.NewService(a.Jury, a.DB))
	practice.Routes(d, a.Jury, a.DB)
	award.Routes(d, a.Award)
	payout.Routes(d, a.Payout)
	certificate.Routes(d, a.Certificate)
	recap.Routes(d, a.Recap)
	vote.Routes(d, a.Vote)
	followup.Routes(d, a.Followup)
	cups.Routes(d, a.Cups, badges{a.Checkin})
	journal.Routes(d, a.DB, naming{a.Accounts, a.Registration, a.Team, a.Programme, a.Message, a.Award})
	catering.Routes(d, a.Catering, badges{a.Checkin}, func(diet string) string { return "registration.meal." + diet })
}
