package certificate_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/certificate"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/pdf/ua"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// facts stand in for the rooms that know them.
type facts struct {
	people []certificate.Person
	won    []certificate.Laureate
	public bool
}

func (f *facts) People(context.Context, sqldb.Querier, edition.ID) ([]certificate.Person, error) {
	return f.people, nil
}

func (f *facts) Laureates(context.Context, sqldb.Querier, edition.ID) ([]certificate.Laureate, bool, error) {
	return f.won, f.public, nil
}

type bundle struct {
	*doortest.House
	certificates *certificate.Service
	facts        *facts
	ada, absent  account.Actor
}

func setup(t testing.TB, db *dbtest.DB) bundle {
	t.Helper()
	h := doortest.New(t, db, certificate.Words)
	b := bundle{House: h, facts: &facts{}, ada: h.Person("Ada Exemple"), absent: h.Person("Absente Exemple")}
	mentor := h.Person("Marc Exemple", edition.Mentor)
	b.facts.people = []certificate.Person{
		{Account: b.ada.ID, Name: "Ada Exemple", Email: "ada@example.org", Role: edition.Participant, Team: "Les Voisins", Arrived: true, Hours: 41},
		{Account: b.absent.ID, Name: "Absente Exemple", Role: edition.Participant},
		{Account: mentor.ID, Name: "Marc Exemple", Email: "marc@example.org", Lang: i18n.English, Role: edition.Mentor},
	}
	b.facts.won = []certificate.Laureate{{Account: b.ada.ID, Name: "Ada Exemple", PrizeID: "p1", Prize: "Premier prix", Project: "Le Guichet malin", Team: "Les Voisins"}}
	store, err := files.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b.certificates = certificate.NewService(db.DB, h.IDs, h.Editions, b.facts, store, h.Hub, h.Queue, h.Trail, h.Words, "http://h48.test")
	certificate.Routes(h.Door, b.certificates)
	return b
}

func TestMine_onlyOnceTheResultsAreOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		count := func(who account.Actor, want int) {
			t.Helper()
			mine, err := b.certificates.Mine(t.Context(), who, b.Edition, db.Clock.Now())
			if err != nil || len(mine) != want {
				t.Errorf("%d claims, want %d: %v", len(mine), want, err)
			}
		}
		b.Go(edition.Deliberation)
		count(b.ada, 0)
		b.Go(edition.Results)
		count(b.ada, 1) // the jury is late: no diploma yet
		b.facts.public = true
		count(b.ada, 2)
		count(b.absent, 0)
		count(account.Actor{}, 0)
	})
}

// A sheet is fetched twice, keeps its code, and the code says no name.
func TestSheet_isVerifiedByItsCode(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		b.facts.public = true
		b.Go(edition.Results)
		ada := b.Client(b.ada)
		status, first := ada.Get("/e/amiens-2018/certificate/diploma?for=p1")
		if _, second := ada.Get("/e/amiens-2018/certificate/diploma?for=p1"); status != 200 || !strings.HasPrefix(first, "%PDF") || first != second {
			t.Fatalf("%d, or the second sheet is another one", status)
		}
		if status, _ := b.Client(b.absent).Get("/e/amiens-2018/certificate/participation"); status != 404 {
			t.Errorf("a certificate for who did not come: %d", status)
		}
		code, err := sqldb.Value[string](t.Context(), db, `SELECT code FROM certificates WHERE account_id = $1`, b.ada.ID)
		if err != nil {
			t.Fatal(err)
		}
		public := b.Client(account.Actor{})
		typed := strings.ToLower(code[:4] + "-" + code[4:8] + " " + code[8:])
		status, body := public.Get("/verify?code=" + url.QueryEscape(typed))
		if status != 200 || !strings.Contains(body, "A. E.") || !strings.Contains(body, "Diplôme") || strings.Contains(body, "Ada") {
			t.Errorf("%d: the page lacks the initials or says the name", status)
		}
		if status, body := public.Get("/verify/ZZZZZZZZZZZZ"); status != 404 || !strings.Contains(body, "existe pas") {
			t.Errorf("an unknown code: %d", status)
		}
		if err := db.InTx(t.Context(), func(tx *dbtest.Tx) error { return b.certificates.Forget(t.Context(), tx, b.ada.ID) }); err != nil {
			t.Fatal(err)
		}
		if _, body := public.Get("/verify/" + code); strings.Contains(body, "A. E.") {
			t.Error("the initials of somebody who was forgotten")
		}
	})
}

// A name in letters that the fonts lack is told to its owner and to the organisers before
// a sheet shows question marks.
func TestNames_inOtherLetters(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	b.facts.people[0].Name, b.facts.won[0].Name = "王 Ада 🎉", "王 Ада 🎉"
	b.facts.public = true
	b.Go(edition.Results)
	if _, page := b.Client(b.ada).Get("/e/amiens-2018/certificate"); !strings.Contains(page, "王") || !strings.Contains(page, "point d’interrogation") {
		t.Error("the owner is not told")
	}
	if _, page := b.Client(b.Boss).Get("/e/amiens-2018/certificates"); !strings.Contains(page, "Un nom a des signes") || !strings.Contains(page, "王 Ада 🎉") {
		t.Error("the organisers are not told")
	}
	if status, sheet := b.Client(b.ada).Get("/e/amiens-2018/certificate/diploma?for=p1"); status != 200 || len(ua.Check([]byte(sheet))) > 0 {
		t.Errorf("%d, %v", status, ua.Check([]byte(sheet)))
	}
}

// The organiser makes all at once, follows, and downloads the ZIP.
func TestMakeAll_leavesAZIP(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		boss := b.Client(b.Boss)
		if status, body := boss.Post("/e/amiens-2018/certificates", nil); status != 422 || !strings.Contains(body, "au moins une sorte") {
			t.Errorf("nothing chosen: %d", status)
		}
		form := url.Values{"kinds": {"participation", "diploma", "thanks"}}
		if status, body := boss.Post("/e/amiens-2018/certificates", form); status != 200 || !strings.Contains(body, "En préparation") {
			t.Errorf("ordering: %d", status)
		}
		if status, _ := boss.Post("/e/amiens-2018/certificates", form); status != 409 {
			t.Errorf("a second order: %d", status)
		}
		b.RunJobs(b.certificates.Jobs())
		makings, err := b.certificates.Makings(t.Context(), b.Edition.ID)
		if err != nil || len(makings) != 1 || makings[0].State != jobs.Done {
			t.Fatalf("%+v %v", makings, err)
		}
		status, body := boss.Get("/e/amiens-2018/certificates/" + makings[0].ID)
		archive, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
		if status != 200 || err != nil {
			t.Fatalf("%d %v", status, err)
		}
		var names []string
		for _, f := range archive.File {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != "diploma/0001-Ada-Exemple.pdf participation/0002-Ada-Exemple.pdf thanks/0003-Marc-Exemple.pdf" {
			t.Error(got)
		}
		if status, _ := b.Client(b.ada).Get("/e/amiens-2018/certificates/" + makings[0].ID); status != 403 {
			t.Errorf("a participant downloads all: %d", status)
		}
	})
}

func TestMakeAll_canBeStopped(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	id, err := b.certificates.MakeAll(t.Context(), b.Boss, b.Edition.ID, []certificate.Kind{certificate.Thanks})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.certificates.MakeAll(t.Context(), b.ada, b.Edition.ID, []certificate.Kind{certificate.Thanks}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a participant orders: %v", err)
	}
	if status, body := b.Client(b.Boss).Post("/e/amiens-2018/certificates/"+id+"/stop", nil); status != 200 || !strings.Contains(body, "arrêté") {
		t.Errorf("stopping: %d", status)
	}
	b.RunJobs(b.certificates.Jobs())
	if status, _ := b.Client(b.Boss).Get("/e/amiens-2018/certificates/" + id); status != 404 {
		t.Errorf("downloading what was stopped: %d", status)
	}
}

func TestInitials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Jean-Luc Exemple": "J. L. E.", "": "", "élodie d’Exemple": "É. D.", "42": "", "A B C D E F": "A. B. C. D.",
	} {
		if got := certificate.Initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func FuzzInitials(f *testing.F) {
	f.Add("Jean-Luc ’’ Exemple")
	f.Add("\xff '")
	f.Fuzz(func(t *testing.T, name string) {
		if got := certificate.Initials(name); len([]rune(got)) > 11 {
			t.Errorf("%q: %q", name, got)
		}
	})
}

// BenchmarkMakeAll makes a thousand certificates a round.
func BenchmarkMakeAll(b *testing.B) {
	h := setup(b, dbtest.SQLite(b))
	h.facts.people = nil
	for i := range 1000 {
		h.facts.people = append(h.facts.people, certificate.Person{Account: account.ID(fmt.Sprint("a", i)), Name: fmt.Sprintf("Personne %d Exemple", i),
			Role: edition.Participant, Team: "Les Voisins", Arrived: true})
	}
	for b.Loop() {
		if _, err := h.certificates.MakeAll(b.Context(), h.Boss, h.Edition.ID, []certificate.Kind{certificate.Participation}); err != nil {
			b.Fatal(err)
		}
		h.RunJobs(h.certificates.Jobs())
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "sheets/s")
}
