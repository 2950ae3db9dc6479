package forming_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/once"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/trail"
	"h48/internal/registration"
	"h48/internal/team"
	"h48/internal/team/forming"
)

// registrar is a registration that confirmed whom the test says.
type registrar struct {
	people []team.Person
	came   map[account.ID]bool
}

func (r *registrar) Confirmed(context.Context, sqldb.Querier, edition.ID) ([]team.Person, error) {
	return r.people, nil
}

func (r *registrar) Skills(context.Context, sqldb.Querier, edition.ID) ([]registration.Skill, error) {
	return []registration.Skill{{Key: "web"}, {Key: "design"}}, nil
}

type house struct {
	*doortest.House
	teams   *team.Service
	forming *forming.Service
	reg     *registrar
	given   map[team.ID]string // what each team is to work on
}

func newHouse(t testing.TB, db *dbtest.DB) *house {
	t.Helper()
	h := &house{House: doortest.New(t, db, team.Words, forming.Words, registration.Words), reg: &registrar{}, given: map[team.ID]string{}}
	h.teams = team.NewService(db.DB, h.IDs, h.Editions, h.reg, h.Hub, h.Post, h.Trail, h.Words, "http://h48.test")
	near := forming.Neighbours{Roster: h.reg, Skills: h.reg,
		Give: func(_ context.Context, _ *sqldb.Tx, _ account.Actor, _ edition.ID, t team.ID, challenge string, _ time.Time) error {
			h.given[t] = challenge
			return nil
		},
		Challenges: func(context.Context, sqldb.Querier, edition.ID) ([]forming.Challenge, error) {
			return []forming.Challenge{{ID: "reuse", Title: "Le réemploi"}, {ID: "heat", Title: "La chaleur"}}, nil
		},
		Came: func(context.Context, sqldb.Querier, edition.ID) (map[account.ID]bool, error) { return h.reg.came, nil }}
	h.forming = forming.NewService(db.DB, h.IDs, h.Editions, h.teams, near, h.Hub, h.Queue, h.Trail)
	team.Routes(h.Door, h.teams)
	forming.Routes(h.Door, h.forming)
	return h
}

// people are n confirmed participants, every third of them a professional.
func (h *house) people(n int) []account.Actor {
	h.T.Helper()
	var all []account.Actor
	for i := range n {
		a := h.Person(fmt.Sprintf("Personne %02d", len(h.reg.people)+1))
		profile := "student"
		if i%3 == 2 {
			profile = "professional"
		}
		h.reg.people = append(h.reg.people, team.Person{ID: a.ID, Name: a.Name, Profile: profile, Skills: map[string]int{"web": i % 5}})
		all = append(all, a)
	}
	return all
}

// formed orders a proposal and has it made.
func (h *house) formed(w forming.Wanted) forming.Proposal {
	h.T.Helper()
	ctx := h.T.Context()
	if _, err := h.forming.Form(ctx, h.Boss, h.Edition.ID, w); err != nil {
		h.T.Fatal(err)
	}
	h.RunJobs(h.forming.Jobs())
	run, job, err := h.forming.Watch(ctx, h.DB, h.Edition.ID)
	if err != nil || job.State != jobs.Done || run.Made == "" {
		h.T.Fatalf("the search is %s with %+v: %v %s", job.State, run, err, job.Error)
	}
	all, err := h.forming.Proposals(ctx, h.DB, h.Edition.ID)
	if err != nil || all[0].ID != run.Made {
		h.T.Fatalf("%+v, %v", all, err)
	}
	return all[0]
}

// The organiser's whole path: form, lock, run again with few changes, move by hand, undo,
// publish; people hear of it.
func TestForm_toPublished(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(24)
		voisins, err := h.teams.Found(ctx, p[0], id, team.Details{Name: "Les Voisins"}, once.Action{})
		if err != nil {
			t.Fatal(err)
		}
		first := h.formed(forming.Wanted{Mode: forming.Place})
		if !first.Proven || first.Letter() != "A" || first.At(p[0].ID) != forming.Key(voisins.ID) {
			t.Errorf("%+v", first)
		}
		locked := first.Groups[2]
		if err := h.forming.LockGroup(ctx, h.Boss, id, first.ID, locked.Key, true); err != nil {
			t.Fatal(err)
		}
		if err := h.forming.Move(ctx, h.Boss, id, first.ID, locked.People[0], forming.NewGroup); !errs.Is(err, errs.Conflict) {
			t.Errorf("somebody was moved out of a locked team: %v", err)
		}
		free := first.Groups[1].People[0]
		if err := h.forming.Move(ctx, h.Boss, id, first.ID, free, forming.NewGroup); err != nil {
			t.Fatal(err)
		}
		if err := h.forming.Publish(ctx, h.Boss, id, first.ID, false); !errs.Is(err, errs.Conflict) {
			t.Errorf("a team of one was published: %v", err)
		}
		if err := h.forming.Undo(ctx, h.Boss, id, first.ID); err != nil {
			t.Fatal(err)
		}
		h.reg.people = h.reg.people[:22] // two do not come
		second := h.formed(forming.Wanted{Mode: forming.Few, Basis: first.ID})
		if second.Basis != first.ID || second.At(p[23].ID) != "" {
			t.Errorf("%+v", second)
		}
		if err := h.forming.Publish(ctx, h.Boss, id, second.ID, false); err != nil {
			t.Fatal(err)
		}
		if err := h.forming.Publish(ctx, h.Boss, id, first.ID, false); !errs.Is(err, errs.Conflict) {
			t.Errorf("an outdated proposal was published: %v", err)
		}
		sum, err := h.teams.Summary(ctx, db, id)
		if err != nil || sum.People != 22 || sum.Left != 0 || sum.Small+sum.Large != 0 {
			t.Errorf("%+v, %v", sum, err)
		}
		letters, err := sqldb.Value[int](ctx, db, `SELECT COUNT(*) FROM jobs WHERE kind = $1`, post.Kind)
		if err != nil || letters != 21 {
			t.Errorf("%d letters, want one for each of the 21 who were placed; %v", letters, err)
		}
	})
}

// A search that an organiser stops leaves the best so far; one that cannot succeed says
// why, in words, and changes nothing.
func TestForm_saysWhyItCannotBe(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		h.people(2)
		if _, err := h.forming.Form(ctx, h.Boss, id, forming.Wanted{Mode: forming.Anew}); err != nil {
			t.Fatal(err)
		}
		if job, err := h.forming.Form(ctx, h.Boss, id, forming.Wanted{Mode: forming.Anew}); err != nil || job != "" {
			t.Errorf("two searches at once: %q, %v", job, err)
		}
		h.RunJobs(h.forming.Jobs())
		run, _, err := h.forming.Watch(ctx, db, id)
		if err != nil || !run.Failed || len(run.Clashes) == 0 || run.Made != "" {
			t.Errorf("%+v, %v", run, err)
		}
		if _, body := h.Client(h.Boss).Get("/e/amiens-2018/teams/proposals"); !strings.Contains(body, "2 personnes ne peuvent pas être réparties") {
			t.Error("the page does not say why")
		}
		if err := h.teams.Freeze(ctx, h.Boss, id); err == nil {
			t.Error("teams were frozen")
		}
	})
}

// wall is a clock of editions that all keep the wall's time.
type wall struct{ db *dbtest.DB }

func (w wall) EditionNow(context.Context, string) (time.Time, error) { return w.db.Clock.Now(), nil }

// The organiser watches a long search and stops it: the best teams so far are a proposal.
func TestStop_takesTheBestSoFar(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	h := newHouse(t, db)
	ctx, id := t.Context(), h.Edition.ID
	h.people(160)
	for i := range h.reg.people { // more wishes than can be granted
		for _, k := range []int{i*7 + 3, i*13 + 5, i*29 + 11} {
			if other := h.reg.people[k%160].ID; other != h.reg.people[i].ID {
				h.reg.people[i].Wishes = append(h.reg.people[i].Wishes, other)
			}
		}
	}
	worker := jobs.NewWorker(db.DB, h.Queue, wall{db}, slog.New(slog.DiscardHandler), 1, h.forming.Jobs())
	if _, err := h.forming.Form(ctx, h.Boss, id, forming.Wanted{Mode: forming.Anew, Budget: 300}); err != nil {
		t.Fatal(err)
	}
	if _, err := worker.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	watch := func() (forming.Run, jobs.Job) {
		run, job, err := h.forming.Watch(ctx, db, id)
		if err != nil {
			t.Fatal(err)
		}
		return run, job
	}
	for { // until the first teams are there
		run, job := watch()
		if len(run.Points) > 0 {
			if len(run.Groups) == 0 {
				t.Error("the best teams so far are not shown")
			}
			break
		}
		if job.State.Ended() {
			t.Fatalf("the search ended: %s %s", job.State, job.Error)
		}
		runtime.Gosched()
	}
	if _, body := h.Client(h.Boss).Get("/e/amiens-2018/teams/proposals"); !strings.Contains(body, "Arrêter et prendre") || !strings.Contains(body, "points de manque") {
		t.Error("nobody can watch")
	}
	if err := h.forming.Stop(ctx, h.Boss, id); err != nil {
		t.Fatal(err)
	}
	worker.Wait()
	run, job := watch()
	all, err := h.forming.Proposals(ctx, db, id)
	if err != nil || job.State != jobs.Done || len(all) != 1 || all[0].ID != run.Made || !all[0].Stopped {
		t.Errorf("the search is %s, %+v, %v", job.State, all, err)
	}
}

// With whom somebody would rather not be is told to nobody: not on any page, not in any
// answer of the API, not in the trail, and not by a difference between two answers.
func TestRefusals_staySecret(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(12)
		anna, boris := p[3], p[8]
		read := func(who account.Actor) map[string]string {
			client, all := h.Client(who), map[string]string{}
			proposals, err := h.forming.Proposals(ctx, db, id)
			if err != nil {
				t.Fatal(err)
			}
			paths := []string{"/e/amiens-2018/team", "/e/amiens-2018/teams", "/e/amiens-2018/wishes", "/e/amiens-2018/teams/board",
				"/api/v1/e/amiens-2018/teams", "/api/v1/e/amiens-2018/wishes", "/e/amiens-2018/teams/proposals", "/api/v1/e/amiens-2018/teams/proposals"}
			for _, prop := range append(proposals, forming.Proposal{ID: forming.Now}) {
				at := "/e/amiens-2018/teams/proposals/" + string(prop.ID)
				for _, one := range p {
					paths = append(paths, at+"/price?who="+string(one.ID)+"&to=new")
				}
				paths = append(paths, at, "/api/v1"+at)
			}
			for _, path := range paths {
				status, body := client.Get(path)
				all[path] = fmt.Sprint(status, " ", body)
			}
			return all
		}
		before := read(boris)
		if err := h.forming.Say(ctx, anna, id, forming.Wishes{Not: []forming.Refusal{{Name: boris.Name, Never: true}, {Name: p[9].Name}}}); err != nil {
			t.Fatal(err)
		}
		after := read(boris)
		for path, body := range before {
			if after[path] != body {
				t.Errorf("%s tells %s that somebody refused them", path, boris.Name)
			}
		}
		made := h.formed(forming.Wanted{Mode: forming.Anew})
		if made.At(anna.ID) == made.At(boris.ID) {
			t.Error("the refusal was not kept")
		}
		for path, body := range read(h.Boss) {
			for _, told := range []string{boris.Name, p[9].Name} {
				near := strings.Index(body, "onfidentiel")
				if near >= 0 && strings.Contains(body[max(0, near-120):min(len(body), near+160)], told) {
					t.Errorf("%s names %s beside a confidential wish", path, told)
				}
			}
		}
		entries, err := trail.Of(ctx, db, string(id), trail.Filter{}, 200)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if text := e.Before + e.After; strings.Contains(text, boris.Name) || e.Actor == string(anna.ID) && strings.Contains(text, string(boris.ID)) {
				t.Errorf("the trail tells it: %+v", e)
			}
		}
		mine, err := h.forming.Mine(ctx, anna, id)
		if err != nil || len(mine.Not) != 2 || !mine.Known[boris.Name] {
			t.Errorf("who said it reads %+v, %v", mine.Wishes, err)
		}
	})
}

// Even a price that breaks a firm request names nobody.
func TestPrice_ofAMoveAgainstAConfidentialRequest(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	ctx, id := t.Context(), h.Edition.ID
	p := h.people(9)
	if err := h.forming.Say(ctx, p[0], id, forming.Wishes{Not: []forming.Refusal{{Name: p[1].Name, Never: true}}}); err != nil {
		t.Fatal(err)
	}
	made := h.formed(forming.Wanted{Mode: forming.Anew})
	at := "/e/amiens-2018/teams/proposals/" + string(made.ID) + "/price?who=" + string(p[1].ID) + "&to=" + string(made.At(p[0].ID))
	_, body := h.Client(h.Boss).Get(at)
	if !strings.Contains(body, "demande confidentielle") || strings.Contains(body, p[0].Name) {
		t.Errorf("the price says %s", body)
	}
	boss := h.Client(h.Boss)
	_, answer := boss.Get("/api/v1" + strings.Replace(at, "who=", "account=", 1))
	var price struct{ Broken []string }
	if err := json.Unmarshal([]byte(answer), &price); err != nil || len(price.Broken) == 0 {
		t.Errorf("%s, %v", answer, err)
	}
}

func TestGroup_sharesACode(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(12)
		code, err := h.forming.Gather(ctx, p[0], id)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.forming.JoinGroup(ctx, p[1], id, "zzzzzz"); !errs.Is(err, errs.Invalid) {
			t.Errorf("an unknown code: %v", err)
		}
		for _, one := range p[1:5] {
			if err := h.forming.JoinGroup(ctx, one, id, strings.ToLower(code)); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.forming.JoinGroup(ctx, p[5], id, code); !errs.Is(err, errs.Invalid) {
			t.Errorf("a sixth in a team of five: %v", err)
		}
		if err := h.forming.LeaveGroup(ctx, p[4], id); err != nil {
			t.Fatal(err)
		}
		made := h.formed(forming.Wanted{Mode: forming.Anew})
		for _, one := range p[1:4] {
			if made.At(one.ID) != made.At(p[0].ID) {
				t.Errorf("%s is not with their group", one.Name)
			}
		}
		mine, err := h.forming.Mine(ctx, p[0], id)
		if err != nil || len(mine.Mates) != 3 {
			t.Errorf("%+v, %v", mine.Mates, err)
		}
	})
}

// What people wished is kept until the event is over, at its dates as they are then, and
// not a day longer.
func TestForget_whenTheEventIsOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		anna := h.people(3)[0]
		if err := h.forming.Say(ctx, anna, id, forming.Wishes{Not: []forming.Refusal{{Name: "Personne 02"}}}); err != nil {
			t.Fatal(err)
		}
		kept := func() int {
			h.RunJobs(h.forming.Jobs())
			mine, err := h.forming.Mine(ctx, anna, id)
			if err != nil {
				t.Fatal(err)
			}
			return len(mine.Not)
		}
		const month = 30 * 24 * time.Hour
		move := func(by time.Duration) {
			if _, err := h.Editions.Change(ctx, h.Boss, id, func(e edition.Edition) edition.Edition {
				e.At = maps.Clone(e.At)
				for m, at := range e.At {
					e.At[m] = at.Add(by)
				}
				return e
			}); err != nil {
				t.Fatal(err)
			}
		}
		move(2 * month)
		h.Go(edition.Ends)
		if kept() != 1 {
			t.Error("wishes were forgotten at the end that had been moved")
		}
		move(-month)
		h.DB.Clock.Advance(month)
		if kept() != 0 {
			t.Error("wishes outlived the event, which had been moved back")
		}
	})
}

// The pages of the organiser and the participant, without script.
func TestPages_withoutScript(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	p := h.people(12)
	boss, one := h.Client(h.Boss), h.Client(p[0])
	if status, body := one.Post("/e/amiens-2018/wishes", url.Values{"with": {p[1].Name, "Personne Inconnue"}, "languages": {"en"}, "pref_1": {"heat"}, "away": {"2"}}); status != http.StatusOK ||
		!strings.Contains(body, "Trouvé parmi les participants") || !strings.Contains(body, "Pas encore trouvé") {
		t.Errorf("wishes: %d", status)
	}
	if status, body := one.Post("/e/amiens-2018/wishes", url.Values{"with": {p[1].Name}, "not_1": {p[1].Name}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "aussi parmi") {
		t.Errorf("a wish against itself: %d", status)
	}
	rules := url.Values{"target": {"4"}, "profiles": {"student"}, "languages": {"fr, en"}, "assign": {"on"}, "need_all_web": {"3"}, "min_heat": {"1"}, "max_heat": {"2"}, "care_wish": {"3"}, "tags": {"débutant"}}
	if status, _ := boss.Post("/e/amiens-2018/teams/rules", rules); status != http.StatusOK {
		t.Errorf("rules: %d", status)
	}
	if status, body := boss.Post("/e/amiens-2018/teams/rules", url.Values{"min_heat": {"3"}, "max_heat": {"2"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, `value="3"`) {
		t.Errorf("rules that contradict each other: %d", status)
	}
	if status, body := boss.Post("/e/amiens-2018/teams/proposals", url.Values{"mode": {"anew"}, "budget": {"5"}}); status != http.StatusOK || !strings.Contains(body, "Recherche en cours") {
		t.Errorf("forming: %d", status)
	}
	h.RunJobs(h.forming.Jobs())
	_, body := boss.Get("/e/amiens-2018/teams/proposals")
	if !strings.Contains(body, "La proposition A est prête") || !strings.Contains(body, "1 personne sur 12") {
		t.Error("the proposal is not there")
	}
	all, err := h.forming.Proposals(t.Context(), h.DB, h.Edition.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	at := "/e/amiens-2018/teams/proposals/" + string(all[0].ID)
	if _, body = boss.Get(at); !strings.Contains(body, "Pourquoi ces personnes") || !strings.Contains(body, "La chaleur") {
		t.Error("a team without its reasons or its challenge")
	}
	for what, form := range map[string]url.Values{"/move": {"who": {string(p[2].ID)}, "to": {"new"}}, "/lock": {"who": {string(p[3].ID)}}} {
		if status, _ := boss.Post(at+what, form); status != http.StatusOK {
			t.Errorf("%s: %d", what, status)
		}
	}
	if _, body := boss.Get(at); strings.Contains(body, "[Personne") || !strings.Contains(body, "à la main depuis") {
		t.Error("a move by hand is not told, or a list of names is not a sentence")
	}
	if status, body := boss.Get("/e/amiens-2018/teams/proposals/compare?a=now&b=" + string(all[0].ID)); status != http.StatusOK || !strings.Contains(body, "Souhaits exaucés") {
		t.Errorf("comparing: %d", status)
	}
	if status, _ := boss.Post(at+"/publish", url.Values{"anyway": {"on"}}); status != http.StatusOK {
		t.Errorf("publishing: %d", status)
	}
	teams, err := h.teams.List(t.Context(), h.DB, h.Edition.ID)
	if err != nil || len(h.given) != len(teams)-1 || len(h.given) == 0 { // the one made by hand has none
		t.Errorf("%d of %d teams know what they work on, %v", len(h.given), len(teams), err)
	}
	for _, path := range []string{"/e/amiens-2018/teams/proposals", at, at + "/price", "/e/amiens-2018/teams/rules"} {
		if status, _ := one.Get(path); status != http.StatusForbidden {
			t.Errorf("a participant reads %s: %d", path, status)
		}
	}
}
