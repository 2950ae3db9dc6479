package meeting_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/mentoring"
	"h48/internal/mentoring/meeting"
	"h48/internal/ui"
)

// teams is the team room as this one sees it.
type teams map[account.ID]mentoring.TeamRef

func (t teams) OfAccount(_ context.Context, _ sqldb.Querier, _ edition.ID, who account.ID) (mentoring.TeamRef, error) {
	if team, ok := t[who]; ok {
		return team, nil
	}
	return mentoring.TeamRef{}, sqldb.ErrNotFound
}

func (t teams) Name(context.Context, sqldb.Querier, string) (mentoring.TeamRef, error) {
	return mentoring.TeamRef{}, sqldb.ErrNotFound
}

func (t teams) All(context.Context, sqldb.Querier, edition.ID) ([]mentoring.TeamRef, error) {
	all := []mentoring.TeamRef{voisins, palier}
	for who, team := range t {
		for i := range all {
			if all[i].ID == team.ID {
				all[i].Members = append(all[i].Members, who)
			}
		}
	}
	return all, nil
}

var (
	voisins = mentoring.TeamRef{ID: "team-voisins", Name: "Les Voisins", Table: "4"}
	palier  = mentoring.TeamRef{ID: "team-palier", Name: "Palier 3", Table: "6"}
)

// weekend has two teams, and two mentors who know the web.
type weekend struct {
	*doortest.House
	service          *meeting.Service
	ana, bilal, lone account.Actor
	renee, colin     account.Actor
	web, law         mentoring.ThemeID
	read             map[string]bool // letters
}

func setup(t testing.TB, db *dbtest.DB) *weekend {
	t.Helper()
	w := &weekend{House: doortest.New(t, db, mentoring.Words, meeting.Words), read: map[string]bool{}}
	group := teams{}
	help := mentoring.NewService(db.DB, w.IDs, w.Editions, group, w.Hub, w.Queue, w.Trail)
	w.service = meeting.NewService(db.DB, w.IDs, w.Editions, w.Accounts, help, group, w.Hub, w.Queue, w.Post, w.Trail, w.Words, "http://h48.test")
	mentoring.Routes(w.Door, help)
	meeting.Routes(w.Door, w.service)
	w.Go(edition.Starts)
	w.ana, w.bilal, w.lone = w.Person("Ana Un"), w.Person("Bilal Deux"), w.Person("Sacha Seul")
	group[w.ana.ID], group[w.bilal.ID] = voisins, palier
	w.renee, w.colin = w.Person("Renée Web", edition.Mentor), w.Person("Colin Web", edition.Mentor)
	ctx, id := t.Context(), w.Edition.ID
	must(t, help.SetThemes(ctx, w.Boss, id, []string{"Web", "Droit"}))
	themes, err := help.Themes(ctx, db, id)
	must(t, err)
	w.web, w.law = themes[0].ID, themes[1].ID
	for _, m := range []account.Actor{w.renee, w.colin} {
		must(t, help.Offer(ctx, m, id, m.ID, []mentoring.ThemeID{w.web}, nil))
	}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *weekend) mine(who account.Actor) []meeting.Date {
	w.T.Helper()
	v, err := w.service.See(w.T.Context(), who, w.Edition.ID)
	must(w.T, err)
	return v.Mine
}

// Two teams ask, the plan is made and published; then a mentor leaves, and the other takes
// over without moving what they had.
func TestLeave_anotherTakesOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id := t.Context(), w.Edition.ID
		if _, err := w.service.Order(ctx, w.Boss, id, false); !errs.Is(err, errs.Conflict) {
			t.Errorf("a plan without a time for it: %v", err)
		}
		start := w.Edition.At[edition.Starts].Add(5 * time.Hour)
		must(t, w.service.SetRound(ctx, w.Boss, id, meeting.Round{From: start, To: start.Add(time.Hour), Minutes: 20, PerTeam: 2, PerMentor: 3}))
		must(t, w.service.Wish(ctx, w.ana, id, []mentoring.ThemeID{w.web, w.law, w.web}))
		must(t, w.service.Wish(ctx, w.bilal, id, []mentoring.ThemeID{w.web}))
		if err := w.service.Wish(ctx, w.lone, id, []mentoring.ThemeID{w.web}); !errs.Is(err, errs.Conflict) {
			t.Errorf("somebody without a team asks: %v", err)
		}
		_, err := w.service.Order(ctx, w.Boss, id, false)
		must(t, err)
		w.RunJobs(w.service.Jobs())
		if n := len(w.mine(w.ana)); n != 0 {
			t.Errorf("a draft is seen: %d", n)
		}
		v, err := w.service.See(ctx, w.Boss, id)
		must(t, err)
		if missing := v.Missing(); len(missing) != 1 || missing[0].Why != meeting.Unknown || missing[0].Theme != w.law {
			t.Errorf("%+v", missing)
		}
		must(t, w.service.Publish(ctx, w.Boss, id))
		before := [][]meeting.Date{w.mine(w.renee), w.mine(w.colin)}
		if len(before[0]) != 1 || len(before[1]) != 1 || len(w.mine(w.ana)) != 1 {
			t.Fatalf("%+v", before)
		}
		must(t, w.service.Leave(ctx, w.renee, id, w.renee.ID))
		w.RunJobs(w.service.Jobs())
		after := w.mine(w.colin)
		if len(w.mine(w.renee)) != 0 || len(after) != 2 || len(w.mine(w.ana)) != 1 || len(w.mine(w.bilal)) != 1 {
			t.Fatalf("%+v", after)
		}
		if kept := before[1][0]; kept != after[0] && kept != after[1] {
			t.Errorf("%+v moved: %+v", kept, after)
		}
		if err := w.service.Leave(ctx, w.ana, id, w.colin.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a team sends a mentor away: %v", err)
		}
	})
}

func TestPages_withoutScript(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	boss, ana, renee := w.Client(w.Boss), w.Client(w.ana), w.Client(w.renee)
	l := w.Words.Locale("fr").In(w.Edition.Zone)
	start := w.Edition.At[edition.Starts].Add(5 * time.Hour)
	const page = "/e/amiens-2018/help/meetings"
	form := url.Values{"from": {ui.LocalTime(l, start)}, "to": {ui.LocalTime(l, start.Add(-time.Hour))}, "minutes": {"20"}, "per_team": {"2"}, "per_mentor": {"3"}}
	if status, body := boss.Post(page+"/round", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "La fin vient après le début") {
		t.Errorf("a time that ends before it begins: %d", status)
	}
	form.Set("to", ui.LocalTime(l, start.Add(time.Hour)))
	if status, body := boss.Post(page+"/round", form); status != http.StatusOK || !strings.Contains(body, "3 créneaux de 20") {
		t.Errorf("setting the time: %d", status)
	}
	if status, body := ana.Post(page+"/wish", url.Values{"theme_1": {string(w.law)}}); status != http.StatusOK || !strings.Contains(body, "C’est noté pour toute l’équipe") {
		t.Errorf("asking: %d", status)
	}
	boss.Post(page+"/plan", nil)
	w.RunJobs(w.service.Jobs())
	if _, body := boss.Get(page); !strings.Contains(body, "aucun mentor ne connaît") || !strings.Contains(body, "Palier 3, table 6") {
		t.Error("the plan does not say who finds no mentor, and why")
	}
	if status, _ := boss.Post(page+"/publish", nil); status != http.StatusOK {
		t.Errorf("publishing: %d", status)
	}
	if _, body := w.Client(w.bilal).Get(page); !strings.Contains(body, "Prochain rendez-vous") || !strings.Contains(body, "Web") {
		t.Error("a team does not see its meeting")
	}
	if status, body := renee.Post(page+"/presence", nil); status != http.StatusOK || !strings.Contains(body, "passent à d’autres") {
		t.Errorf("leaving: %d", status)
	}
}
