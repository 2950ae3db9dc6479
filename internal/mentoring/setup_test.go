package mentoring_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/trail"
	"h48/internal/mentoring"
)

// weekend is an edition with two teams, two mentors and an organiser, on Saturday
// morning.
type weekend struct {
	db       *dbtest.DB
	service  *mentoring.Service
	editions *edition.Service
	hub      *live.Hub
	worker   *jobs.Worker
	teams    teams
	edition  edition.ID
	themes   map[string]mentoring.ThemeID

	organiser, rent, code, ana, bilal, stranger account.Actor
}

// teams is the team room as this one sees it.
type teams map[account.ID]mentoring.TeamRef

func (t teams) OfAccount(_ context.Context, _ sqldb.Querier, _ edition.ID, who account.ID) (mentoring.TeamRef, error) {
	if team, ok := t[who]; ok {
		return team, nil
	}
	return mentoring.TeamRef{}, sqldb.ErrNotFound
}

func (t teams) Name(_ context.Context, _ sqldb.Querier, id string) (mentoring.TeamRef, error) {
	for _, team := range t {
		if team.ID == id {
			return team, nil
		}
	}
	return mentoring.TeamRef{}, sqldb.ErrNotFound
}

func (t teams) All(context.Context, sqldb.Querier, edition.ID) ([]mentoring.TeamRef, error) {
	return []mentoring.TeamRef{voisins, palier}, nil
}

var (
	voisins = mentoring.TeamRef{ID: "team-voisins", Name: "Les Voisins", Table: "table 4"}
	palier  = mentoring.TeamRef{ID: "team-palier", Name: "Palier 3", Table: "table 6"}
)

var saturday = time.Date(2018, 5, 19, 9, 0, 0, 0, time.UTC)

func setup(t *testing.T, db *dbtest.DB) *weekend {
	t.Helper()
	ctx := t.Context()
	db.Clock.Set(saturday)
	w := &weekend{db: db, teams: teams{}, themes: map[string]mentoring.ThemeID{}}
	source := ids.Seeded(1, db.Clock.Now)
	hub, err := live.NewHub("test", nil)
	w.hub = hub
	must(t, err)
	queue := jobs.NewQueue(source, hub)
	tr := trail.New(source)
	words, err := i18n.New()
	must(t, err)
	accounts := account.NewService(db.DB, source, post.New(queue, source), tr, words, "https://h48.example")
	w.editions = edition.NewService(db.DB, source, accounts, hub, queue, tr)
	w.service = mentoring.NewService(db.DB, source, w.editions, w.teams, hub, queue, tr)
	w.worker = jobs.NewWorker(db.DB, queue, w.editions, slog.New(slog.DiscardHandler), 1, w.service.Jobs())
	boss, err := accounts.MakeAdmin(ctx, "organisation@h48.example", "Odile Organise", i18n.French)
	must(t, err)
	w.organiser = boss.Actor()
	e, err := w.editions.Create(ctx, w.organiser, edition.Edition{Slug: "amiens-2018", Name: "Amiens 2018",
		Kind: edition.Hackathon, At: map[edition.Moment]time.Time{edition.Starts: saturday}})
	must(t, err)
	w.edition = e.ID
	person := func(email, name string, role edition.Role) account.Actor {
		who, err := w.editions.Grant(ctx, w.organiser, e.ID, email, name, role)
		must(t, err)
		return who.Actor()
	}
	w.rent = person("rent@h48.example", "Renée Location", edition.Mentor)
	w.code = person("code@h48.example", "Colin Dubois-Code", edition.Mentor)
	w.ana = person("ana@h48.example", "Ana", edition.Participant)
	w.bilal = person("bilal@h48.example", "Bilal", edition.Participant)
	w.stranger = person("stranger@h48.example", "Sacha", edition.Participant)
	w.teams[w.ana.ID], w.teams[w.bilal.ID] = voisins, palier
	must(t, w.service.SetThemes(ctx, w.organiser, e.ID, []string{"Gestion locative", "Web", "Pitch"}))
	listed, err := w.service.Themes(ctx, db, e.ID)
	must(t, err)
	for _, theme := range listed {
		w.themes[theme.Name] = theme.ID
	}
	return w
}

func (w *weekend) ask(t *testing.T, who account.Actor, theme, text string) mentoring.Request {
	t.Helper()
	r, err := w.service.Ask(t.Context(), who, w.edition, mentoring.Question{Theme: w.themes[theme], Text: text}, now)
	must(t, err)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
