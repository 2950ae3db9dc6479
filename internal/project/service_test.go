package project_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/once"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/project"
	"h48/internal/team"
)

// nobody is a registration without people: these tests name theirs.
type nobody struct{}

func (nobody) Confirmed(context.Context, sqldb.Querier, edition.ID) ([]team.Person, error) {
	return nil, nil
}

type house struct {
	*doortest.House
	teams    *team.Service
	projects *project.Service
	// ada and bob are a team.
	ada, bob account.Actor
	team     team.Team
}

func newHouse(t testing.TB, db *dbtest.DB) *house {
	t.Helper()
	h := &house{House: doortest.New(t, db, team.Words, project.Words, files.Words)}
	h.teams = team.NewService(db.DB, h.IDs, h.Editions, nobody{}, h.Hub, h.Post, h.Trail, h.Words, "http://h48.test")
	store, err := files.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	h.projects = project.NewService(db.DB, h.IDs, h.Editions, h.teams, store, h.Hub, h.Post, h.Trail, h.Words, "http://h48.test")
	h.ada, h.bob = h.Person("Ada Exemple"), h.Person("Bob Exemple")
	if h.team, err = h.teams.Found(context.Background(), h.ada, h.Edition.ID, team.Details{Name: "Les Voisins"}, once.Action{}); err != nil {
		t.Fatal(err)
	}
	if _, err = h.teams.Join(context.Background(), h.bob, h.Edition.ID, h.team.Code); err != nil {
		t.Fatal(err)
	}
	return h
}

var guichet = project.Content{Title: "Le Guichet malin", Pitch: "Une réponse en un jour", Description: "# Idée\nUn guichet."}

func (h *house) handIn(who account.Actor, c project.Content) (project.Submission, error) {
	return h.projects.HandIn(h.T.Context(), who, h.Edition.ID, c, project.Edit{}, once.Action{})
}

func wants(t *testing.T, got error, want *errs.Error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The deadline is the server's, to the second: noon is late, and the edition's minute of
// grace ends as sharply.
func TestHandIn_toTheSecond(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		deadline := h.Edition.At[edition.HandIn]
		for _, c := range []struct {
			after time.Duration
			basis project.Basis
			late  bool
			err   *errs.Error
		}{
			{-time.Hour, project.OnTime, false, nil},
			{-time.Microsecond, project.OnTime, false, nil},
			{0, project.InGrace, true, nil},
			{time.Minute - time.Microsecond, project.InGrace, true, nil},
			{time.Minute, "", false, project.ErrClosed},
		} {
			db.Clock.Set(deadline.Add(c.after))
			got, err := h.handIn(h.ada, guichet)
			if c.err != nil {
				wants(t, err, c.err)
				continue
			}
			if err != nil || got.Basis != c.basis || got.Late() != c.late || !got.At.Equal(deadline.Add(c.after)) {
				t.Errorf("%s after the deadline: %s, late %v, %v", c.after, got.Basis, got.Late(), err)
			}
		}
	})
}

// Two members hand in: the team has one current submission and two versions.
func TestHandIn_twiceMakesTwoVersions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		second := guichet
		second.Title = "Le Guichet très malin"
		for i, c := range []project.Content{guichet, second} {
			got, err := h.handIn([]account.Actor{h.ada, h.bob}[i], c)
			if err != nil || got.Number != i+1 {
				t.Fatalf("version %d: %+v, %v", i+1, got, err)
			}
		}
		current, err := h.projects.Current(t.Context(), db, h.team.ID)
		if err != nil || current.Title != second.Title || current.By != h.bob.ID {
			t.Errorf("current: %+v, %v", current, err)
		}
		versions, err := h.projects.Versions(t.Context(), db, current.Project)
		if err != nil || len(versions) != 2 || versions[1].Title != guichet.Title {
			t.Errorf("versions: %+v, %v", versions, err)
		}
		all, err := h.projects.List(t.Context(), db, h.Edition.ID)
		if err != nil || len(all) != 1 || all[0].Number != 2 {
			t.Errorf("list: %+v, %v", all, err)
		}
	})
}

func TestHandIn_sentTwiceByAPhone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		for range 2 {
			got, err := h.projects.HandIn(t.Context(), h.ada, h.Edition.ID, guichet, project.Edit{}, once.Action{ID: "phone-1"})
			if err != nil || got.Number != 1 {
				t.Errorf("version %d, %v", got.Number, err)
			}
		}
	})
}

func TestHandIn_manyAtOnceGetTheirOwnNumbers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		var group sync.WaitGroup
		numbers := make(chan int, 20)
		for i := range 20 {
			group.Go(func() {
				c := guichet
				c.Description = fmt.Sprint("version of writer ", i)
				got, err := h.handIn([]account.Actor{h.ada, h.bob}[i%2], c)
				if err != nil {
					t.Error(err)
				}
				numbers <- got.Number
			})
		}
		group.Wait()
		close(numbers)
		seen := map[int]bool{}
		for n := range numbers {
			seen[n] = true
		}
		if len(seen) != 20 || !seen[1] || !seen[20] {
			t.Errorf("numbers %v", seen)
		}
	})
}

// "It was sent at 11:59": what came too late is kept with both times, and an organiser
// decides; nothing is lost and nothing is guessed.
func TestAdmit_makesAVersionOfALateAttempt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		deadline := h.Edition.At[edition.HandIn]
		db.Clock.Set(deadline.Add(3 * time.Minute))
		said := deadline.Add(-time.Minute)
		_, err := h.projects.HandIn(ctx, h.ada, id, guichet, project.Edit{}, once.Action{ID: "a", At: said})
		wants(t, err, project.ErrClosed)
		p, err := h.projects.Mine(ctx, h.ada, id)
		if err != nil {
			t.Fatal(err)
		}
		attempts, err := h.projects.Attempts(ctx, db, p.ID)
		if err != nil || len(attempts) != 1 || !attempts[0].Device.Equal(said) || attempts[0].Content.Title != guichet.Title {
			t.Fatalf("attempts %+v, %v", attempts, err)
		}
		if _, err := h.projects.Admit(ctx, h.ada, id, h.team.ID, attempts[0].ID, "panne"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a member admits their own attempt: %v", err)
		}
		if _, err := h.projects.Admit(ctx, h.Boss, id, h.team.ID, attempts[0].ID, ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		got, err := h.projects.Admit(ctx, h.Boss, id, h.team.ID, attempts[0].ID, "wifi en panne à 11 h 58")
		if err != nil || got.Basis != project.Admitted || got.By != h.ada.ID || got.Number != 1 {
			t.Errorf("admitted %+v, %v", got, err)
		}
		_, err = h.projects.Admit(ctx, h.Boss, id, h.team.ID, attempts[0].ID, "encore")
		wants(t, err, project.ErrMoved)
	})
}

func TestReopen_forOneTeamUntilAMoment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		late := h.Edition.At[edition.HandIn].Add(10 * time.Minute)
		db.Clock.Set(late)
		if err := h.projects.Reopen(ctx, h.Boss, id, h.team.ID, late.Add(-time.Second), "panne"); !errs.Is(err, errs.Invalid) {
			t.Errorf("until a moment that is over: %v", err)
		}
		if err := h.projects.Reopen(ctx, h.Boss, id, h.team.ID, late.Add(5*time.Minute), "panne"); err != nil {
			t.Fatal(err)
		}
		got, err := h.handIn(h.bob, guichet)
		if err != nil || got.Basis != project.Reopened || !got.Late() {
			t.Errorf("%+v, %v", got, err)
		}
		db.Clock.Set(late.Add(5 * time.Minute))
		_, err = h.handIn(h.bob, guichet)
		wants(t, err, project.ErrClosed)
		letters, err := sqldb.Value[int](ctx, db, `SELECT COUNT(*) FROM jobs WHERE kind = $1`, post.Kind)
		if err != nil || letters != 2 {
			t.Errorf("%d letters, want one for each member; %v", letters, err)
		}
	})
}

// Two members write at once. Different parts are joined; the same part is kept twice.
func TestSaveDraft_twoWriters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		start, err := h.projects.SaveDraft(ctx, h.ada, id, guichet, project.Edit{Editor: "ada"})
		if err != nil {
			t.Fatal(err)
		}
		byBob, byAda := guichet, guichet
		byBob.Pitch, byAda.Title = "Une réponse en une heure", "Guichet"
		if _, err := h.projects.SaveDraft(ctx, h.bob, id, byBob, project.Edit{Editor: "bob", Base: start.Revision}); err != nil {
			t.Fatal(err)
		}
		joined, err := h.projects.SaveDraft(ctx, h.ada, id, byAda, project.Edit{Editor: "ada"})
		if err != nil || joined.Draft.Title != "Guichet" || joined.Draft.Pitch != "Une réponse en une heure" {
			t.Fatalf("joined %+v, %v", joined.Draft, err)
		}
		// Now both write the description; Ada is first.
		byAda.Description, byBob.Description = "d’Ada", "de Bob"
		if _, err := h.projects.SaveDraft(ctx, h.ada, id, byAda, project.Edit{Editor: "ada"}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the page saves itself again and again: still one copy
			byBob.Description += "…"
			got, err := h.projects.SaveDraft(ctx, h.bob, id, byBob, project.Edit{Editor: "bob", Base: start.Revision})
			wants(t, err, project.ErrDiverged)
			if got.Draft.Description != "d’Ada" || got.Draft.Pitch != "Une réponse en une heure" {
				t.Errorf("Bob overwrote: %+v", got.Draft)
			}
		}
		copies, err := h.projects.Copies(ctx, db, start.ID)
		if err != nil || len(copies) != 1 || copies[0].Content.Description != "de Bob……" || copies[0].By != h.bob.ID {
			t.Fatalf("copies %+v, %v", copies, err)
		}
		h.settle(t, copies[0])
	})
}

// settle joins the copy, once from an outdated page and once from the right one.
func (h *house) settle(t *testing.T, c project.Copy) {
	t.Helper()
	ctx, id := t.Context(), h.Edition.ID
	now, err := h.projects.Mine(ctx, h.bob, id)
	if err != nil {
		t.Fatal(err)
	}
	both := now.Draft
	both.Description = "d’Ada et de Bob"
	_, err = h.projects.Settle(ctx, h.bob, id, c.ID, both, now.Revision-1)
	wants(t, err, project.ErrMoved)
	settled, err := h.projects.Settle(ctx, h.bob, id, c.ID, both, now.Revision)
	if err != nil || settled.Draft.Description != both.Description {
		t.Errorf("settled %+v, %v", settled.Draft, err)
	}
	left, err := h.projects.Copies(ctx, h.DB, now.ID)
	if err != nil || len(left) != 0 {
		t.Errorf("%d copies left, %v", len(left), err)
	}
}

func TestSaveDraft_endsWithTheDeadline(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		db.Clock.Set(h.Edition.At[edition.HandIn].Add(time.Hour))
		_, err := h.projects.SaveDraft(t.Context(), h.ada, h.Edition.ID, guichet, project.Edit{Editor: "ada"})
		wants(t, err, project.ErrClosed)
	})
}

func TestMoveChallenge_tellsTheTeamAndKeepsTheVersion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		var challenges []project.ChallengeID
		for _, title := range []string{"Le lien entre voisins", "L’énergie"} {
			c, err := h.projects.SetChallenge(ctx, h.Boss, id, project.Challenge{Title: title, Partner: "Office fictif"})
			if err != nil {
				t.Fatal(err)
			}
			challenges = append(challenges, c.ID)
		}
		wrong := guichet
		wrong.Challenge = challenges[1]
		if _, err := h.handIn(h.ada, wrong); err != nil {
			t.Fatal(err)
		}
		if err := h.projects.MoveChallenge(ctx, h.Boss, id, h.team.ID, challenges[0], "coché par erreur"); err != nil {
			t.Fatal(err)
		}
		current, err := h.projects.Current(ctx, db, h.team.ID)
		if err != nil || current.Challenge != challenges[0] || current.Number != 2 || current.Note != "coché par erreur" || current.Late() {
			t.Errorf("%+v, %v", current, err)
		}
		unknown := guichet
		unknown.Challenge = "nowhere"
		if _, err := h.handIn(h.ada, unknown); !errs.Is(err, errs.Invalid) {
			t.Errorf("a challenge that is not there: %v", err)
		}
	})
}

// A plan of teams that is made true puts a team's draft under its challenge, also where
// nobody has begun to write, and leaves what they wrote as it is.
func TestGiveTx_aChallengeFromThePlanOfTeams(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		c, err := h.projects.SetChallenge(ctx, h.Boss, id, project.Challenge{Title: "L’énergie", Partner: "Office fictif"})
		if err != nil {
			t.Fatal(err)
		}
		give := func() project.Project {
			t.Helper()
			err := db.InTx(ctx, func(tx *dbtest.Tx) error {
				return h.projects.GiveTx(ctx, tx, h.Boss, id, h.team.ID, c.ID, db.Now())
			})
			if err != nil {
				t.Fatal(err)
			}
			p, err := h.projects.Mine(ctx, h.ada, id)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		if p := give(); p.Draft.Challenge != c.ID || p.Draft.Title != "" {
			t.Errorf("nobody had begun: %+v", p.Draft)
		}
		written := guichet
		written.Challenge = ""
		if _, err := h.projects.SaveDraft(ctx, h.ada, id, written, project.Edit{Editor: "ada", Base: 1}); err != nil {
			t.Fatal(err)
		}
		if p := give(); p.Draft.Challenge != c.ID || p.Draft.Title != guichet.Title {
			t.Errorf("with a text: %+v", p.Draft)
		}
	})
}

func TestSummary_counts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		for i, name := range []string{"Brouillon", "Rien"} {
			who := h.Person("Autre " + name)
			if _, err := h.teams.Found(ctx, who, id, team.Details{Name: name}, once.Action{}); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				if _, err := h.projects.SaveDraft(ctx, who, id, guichet, project.Edit{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := h.handIn(h.ada, guichet); err != nil {
			t.Fatal(err)
		}
		got, err := h.projects.Summary(ctx, db, id)
		if want := (project.Summary{Teams: 3, HandedIn: 1, Drafts: 1, Nothing: 1}); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestHandIn_checks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	for name, c := range map[string]project.Content{
		"no title":     {Pitch: "p"},
		"no pitch":     {Title: "t"},
		"a long pitch": {Title: "t", Pitch: strings.Repeat("é", project.MaxPitch+1)},
		"a long text":  {Title: "t", Pitch: "p", Description: strings.Repeat("x", project.MaxDescription+1)},
		"a bad link":   {Title: "t", Pitch: "p", Links: []project.Link{{URL: "javascript:alert(1)"}}},
	} {
		if _, err := h.handIn(h.ada, c); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := h.handIn(h.Person("Sans Équipe"), guichet)
	wants(t, err, team.ErrNone)
}
