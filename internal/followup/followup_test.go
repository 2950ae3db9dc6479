package followup_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/followup"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// after is an edition with three projects, whose people have left.
type after struct {
	*doortest.House
	*followup.Service
	projects projects
	sent     []mail.Message
	ana, ben account.Actor
	posting  sync.Mutex // guards sent
}

// projects are those that were handed in.
type projects []followup.Project

func (p *projects) Handed(context.Context, sqldb.Querier, edition.ID) ([]followup.Project, error) {
	return *p, nil
}

func (p *projects) Public(context.Context, sqldb.Querier, edition.ID) (bool, error) { return true, nil }

// Send implements mail.Sender; several jobs send at once.
func (a *after) Send(_ context.Context, m mail.Message) error {
	a.posting.Lock()
	defer a.posting.Unlock()
	a.sent = append(a.sent, m)
	return nil
}

func setup(t testing.TB, db *dbtest.DB) *after {
	t.Helper()
	a := &after{House: doortest.New(t, db, followup.Words)}
	store, err := files.NewDisk(t.TempDir())
	a.must(err)
	a.Service = followup.NewService(db.DB, a.IDs, a.Editions, a.Accounts, &a.projects, store, a.Hub, a.Queue, a.Post, a.Trail, a.Words, "http://h48.test")
	followup.Routes(a.Door, a.Service)
	a.ana, a.ben = a.Person("Ana Exemple"), a.Person("Ben Exemple")
	a.projects = projects{{Team: "palier", TeamName: "Palier 3", Title: "La machine partagée", Agreed: []account.ID{a.ana.ID, a.ben.ID}},
		{Team: "voisins", TeamName: "Les Voisins", Title: "Guichet malin", Agreed: []account.ID{a.Person("Cléo Exemple").ID}},
		{Team: "cour", TeamName: "Cour verte", Title: "Le jardin du 12"}}
	_, err = a.Editions.Change(t.Context(), a.Boss, a.Edition.ID, func(e edition.Edition) edition.Edition { return e })
	a.must(err) // what was made before the room was there is ordered now
	return a
}

func (a *after) must(err error) {
	a.T.Helper()
	if err != nil {
		a.T.Fatal(err)
	}
}

// later moves the clock to so long after the edition's end, and runs what is due.
func (a *after) later(months, days int) {
	a.T.Helper()
	at := a.Edition.At[edition.Ends].In(a.Edition.Zone).AddDate(0, months, days).Add(time.Minute)
	a.DB.Clock.Set(at)
	handlers := a.Jobs()
	handlers[post.Kind] = post.Handler(a)
	a.RunJobs(handlers)
}

var linkForm = regexp.MustCompile(`http://h48\.test(/e/amiens-2018/followup/answer/[^\s/]+)\n`)

// link is the path in the n-th letter to somebody.
func (a *after) link(to account.Actor, n int) string {
	a.T.Helper()
	for _, m := range a.sent {
		if m.To != to.Email {
			continue
		}
		if n--; n == 0 {
			return linkForm.FindStringSubmatch(m.Text)[1]
		}
	}
	a.T.Fatalf("%s has fewer letters", to.Email)
	return ""
}

// letters counts those to somebody.
func (a *after) letters(to account.Actor) int {
	n := 0
	for _, m := range a.sent {
		if m.To == to.Email {
			n++
		}
	}
	return n
}

func TestDue_keepsTheDayOrTheMonthsLast(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	e := edition.Edition{Zone: paris, At: map[edition.Moment]time.Time{edition.Ends: time.Date(2019, 8, 31, 18, 0, 0, 0, paris)}}
	for months, want := range map[int]string{1: "2019-09-30 18:00", 6: "2020-02-29 18:00", 12: "2020-08-31 18:00"} {
		if at, ok := followup.Due(e, months); !ok || at.In(paris).Format("2006-01-02 15:04") != want {
			t.Errorf("%d months later is %v", months, at.In(paris))
		}
	}
	if _, ok := followup.Due(edition.Edition{}, 1); ok {
		t.Error("an edition without an end has a turn")
	}
}

// A year of letters: who agreed is asked at each turn, who is silent is reminded once, an
// answer of one person is the team's.
func TestLetters_aYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		a := setup(t, db)
		a.later(0, 20)
		if len(a.sent) != 0 {
			t.Fatalf("%d letters in the first weeks", len(a.sent))
		}
		a.later(1, 0)
		if len(a.sent) != 3 {
			t.Fatalf("%d letters after a month, want one to each who agreed", len(a.sent))
		}
		a.must(a.Answer(t.Context(), a.Edition.ID, token(a.link(a.ana, 1)), followup.Said{State: followup.Pilot, Words: "Deux résidences l’essaient."}))
		a.later(1, 15)
		if len(a.sent) != 4 || a.letters(a.ana)+a.letters(a.ben) != 2 {
			t.Errorf("after two more weeks there are %d letters; only the silent team is reminded", len(a.sent))
		}
		a.later(1, 40)
		a.later(6, 0)
		if len(a.sent) != 7 {
			t.Errorf("%d letters after six months", len(a.sent))
		}
		a.must(a.Answer(t.Context(), a.Edition.ID, token(a.link(a.ben, 2)), followup.Said{State: followup.InService, URL: "https://example.org/laverie"}))
		sum, err := a.Summary(t.Context(), db, a.Edition, a.Edition.At[edition.Ends].AddDate(0, 7, 0))
		a.must(err)
		if sum.Projects != 3 || sum.Known != 1 || sum.By[followup.InService] != 1 || sum.Silent != 1 || sum.Unasked != 1 {
			t.Errorf("the figures are %+v", sum)
		}
		fr, en := a.Words.Locale("fr"), a.Words.Locale("en")
		if got := sum.Sentence(en, "2018"); got != "Of the 3 projects of 2018, 1 is in service." {
			t.Error(got)
		}
		if got := sum.Sentence(fr, "2018"); got != "Sur les 3 projets de 2018, 1 est en service." {
			t.Error(got)
		}
	})
}

func token(link string) string { return link[strings.LastIndex(link, "/")+1:] }

// The job may run twice, as after a crash: nobody has two letters of one turn.
func TestLetters_onceHoweverOftenTheJobRuns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		a := setup(t, db)
		a.later(1, 0)
		for range 3 {
			a.must(db.InTx(t.Context(), func(tx *sqldb.Tx) error {
				_, err := a.Queue.EnqueueTx(t.Context(), tx, jobs.Order{Kind: "followup.ask", Edition: string(a.Edition.ID), Args: map[string]int{"Months": 1}})
				return err
			}))
			a.later(1, 0)
		}
		if len(a.sent) != 3 {
			t.Errorf("%d letters", len(a.sent))
		}
	})
}

func TestLetters_nobodyWhoSaidStopOrIsForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		a := setup(t, db)
		a.later(1, 0)
		link := a.link(a.ana, 1)
		if h := a.sent[0].Headers["List-Unsubscribe"]; !strings.HasSuffix(h, "/stop>") {
			t.Errorf("List-Unsubscribe is %q", h)
		}
		public := a.Client(account.Actor{})
		if status, _ := public.Get(link + "/stop"); status != 200 {
			t.Errorf("the page to stop answers %d", status)
		}
		a.later(1, 1)
		if status, page := public.Post(link+"/stop", url.Values{"List-Unsubscribe": {"One-Click"}}); status != 200 || !strings.Contains(page, "plus d’e-mails") {
			t.Errorf("stopping answers %d", status)
		}
		ben := a.link(a.ben, 1)
		a.must(db.InTx(t.Context(), func(tx *sqldb.Tx) error {
			if err := a.Forget(t.Context(), tx, a.ben.ID); err != nil {
				return err
			}
			return a.Accounts.EraseTx(t.Context(), tx, a.ben.ID, "Loutre 7")
		}))
		if _, err := a.Sheet(t.Context(), a.Edition.ID, token(ben)); !errs.Is(err, errs.NotFound) {
			t.Errorf("the link of somebody forgotten: %v", err)
		}
		before := len(a.sent)
		a.later(1, 15)
		a.later(6, 0)
		for _, m := range a.sent[before:] {
			if m.To != "cléo.exemple@example.org" {
				t.Errorf("a letter to %s", m.To)
			}
		}
		if status, _ := public.Get(link); status != 200 {
			t.Errorf("who stopped may still answer, but gets %d", status)
		}
	})
}

func TestLetters_offIsOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		a := setup(t, db)
		a.must(a.SetQuiet(t.Context(), a.Boss, a.Edition.ID, true))
		a.later(1, 0)
		if len(a.sent) != 0 {
			t.Errorf("%d letters while they are off", len(a.sent))
		}
		if err := a.SetQuiet(t.Context(), a.ana, a.Edition.ID, false); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant turns them on: %v", err)
		}
	})
}

// A moved end moves the turns with it.
func TestTurns_followTheEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		a := setup(t, db)
		_, err := a.Editions.Change(t.Context(), a.Boss, a.Edition.ID, func(e edition.Edition) edition.Edition {
			e.At[edition.Ends] = e.At[edition.Ends].AddDate(0, 0, 3)
			return e
		})
		a.must(err)
		a.later(1, 1)
		if len(a.sent) != 0 {
			t.Errorf("%d letters by the old end", len(a.sent))
		}
		a.later(1, 4)
		if len(a.sent) != 3 {
			t.Errorf("%d letters by the new one", len(a.sent))
		}
	})
}

func TestFillIn_anOrganiserSaysWhy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		a := setup(t, db)
		ctx, e := t.Context(), a.Edition.ID
		a.later(1, 0)
		a.must(a.Answer(ctx, e, token(a.link(a.ana, 1)), followup.Said{State: followup.Idea}))
		said := followup.Said{State: followup.Stopped, Words: "Le propriétaire de l’idée a changé de métier."}
		if err := a.FillIn(ctx, a.Boss, e, "palier", said); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		said.Reason = "Appris au téléphone."
		if err := a.FillIn(ctx, a.ana, e, "palier", said); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant: %v", err)
		}
		a.later(1, 2)
		a.must(a.FillIn(ctx, a.Boss, e, "palier", said))
		o, err := a.Overview(ctx, a.Boss, e)
		a.must(err)
		history := o.History["palier"]
		if len(history) != 2 || history[0].State != followup.Stopped || history[1].State != followup.Idea || !history[0].Organiser || o.Names[history[1].By] != "Ana Exemple" {
			t.Errorf("the history is %+v", history)
		}
		if err := a.Answer(ctx, e, token(a.link(a.ben, 1)), followup.Said{State: followup.Stopped}); !errs.Is(err, errs.Invalid) {
			t.Errorf("stopped without a word: %v", err)
		}
		status, page := a.Client(account.Actor{}).Get("/e/amiens-2018/followup")
		if status != 200 || !strings.Contains(page, "changé de métier") || strings.Contains(page, "Ana Exemple") || strings.Contains(page, "téléphone") {
			t.Errorf("the public page answers %d", status)
		}
	})
}

// A refused form keeps what was typed; a picture needs its words.
func TestSheet_keepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	a := setup(t, dbtest.SQLite(t))
	a.later(1, 0)
	public := a.Client(account.Actor{})
	status, page := public.Post(a.link(a.ana, 1), url.Values{"state": {"stopped"}, "url": {"pas une adresse"}})
	if status != 422 || !strings.Contains(page, `value="pas une adresse"`) || !strings.Contains(page, "pourquoi il s’est arrêté") {
		t.Errorf("%d", status)
	}
	if status, page = public.Post(a.link(a.ana, 1), url.Values{"state": {"pilot"}, "words": {"À l’essai au 12."}}); status != 200 || !strings.Contains(page, "Merci") {
		t.Errorf("%d", status)
	}
	err := a.Answer(t.Context(), a.Edition.ID, token(a.link(a.ana, 1)), followup.Said{State: followup.Pilot, Picture: []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), Name: "x.png"})
	if _, wrong := err.(errs.Fields).Of("alt"); !wrong { //nolint:errorlint // the room's own answer
		t.Errorf("a picture without words: %v", err)
	}
}

// The machine goes off in the middle of a turn: who has had a letter has no second one,
// and the others have theirs once the program is back.
func TestLetters_goOnAfterTheMachineWentOff(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	a := setup(t, db)
	run := func(statement string) {
		a.must(db.InTx(t.Context(), func(tx *sqldb.Tx) error {
			_, err := sqldb.Exec(t.Context(), tx, statement)
			return err
		}))
	}
	run(`CREATE TRIGGER off BEFORE INSERT ON jobs WHEN NEW.kind = 'mail' AND (SELECT COUNT(*) FROM jobs WHERE kind = 'mail') >= 2
		BEGIN SELECT RAISE(ABORT, 'the machine is off'); END`)
	a.later(1, 0)
	if len(a.sent) != 2 {
		t.Fatalf("%d letters left before the machine went off, want 2", len(a.sent))
	}
	run(`DROP TRIGGER off`)
	a.later(1, 1)
	a.later(1, 2)
	to := map[string]int{}
	for _, m := range a.sent {
		to[m.To]++
	}
	if len(a.sent) != 3 || len(to) != 3 {
		t.Errorf("the letters are %v", to)
	}
}
