package programme_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/ical"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/programme"
)

const base = "/e/amiens-2018/programme"

func shows(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %q", text)
		}
	}
}

func TestProgramme_signUpWithoutScript(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	public, ana := w.Client(account.Actor{}), w.Client(w.ana)
	status, page := public.Get(base)
	if status != http.StatusOK {
		t.Errorf("the public programme: %d", status)
	}
	shows(t, page, w.workshop.Title, "2 places libres", "Salle Somme", "samedi 19 mai")
	path := base + "/" + string(w.workshop.ID)
	_, page = public.Get(path)
	shows(t, page, "Se connecter pour s’inscrire")
	_, page = ana.Post(path+"/sign-up", nil)
	shows(t, page, "Vous avez une place.", "Je ne viens plus")
	for _, who := range []account.Actor{w.bilal, w.chloe} {
		_, page = w.Client(who).Post(path+"/sign-up", nil)
	}
	shows(t, page, "Vous êtes sur la liste d’attente")
	_, page = ana.Post(path+"/sign-off", nil)
	shows(t, page, "Complet", "M’inscrire en liste d’attente")
	_, page = w.Client(w.chloe).Get(base + "/mine")
	shows(t, page, w.workshop.Title, "Vous êtes inscrit", "webcal://h48.example/e/amiens-2018/programme/")
}

func TestFeeds_overHTTP(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	ana := w.Client(w.ana)
	ana.Post(base+"/"+string(w.workshop.ID)+"/sign-up", nil)
	_, page := ana.Get(base + "/mine")
	secret := regexp.MustCompile(`/programme/([^/]{40,})/my\.ics`).FindStringSubmatch(page)
	if secret == nil {
		t.Fatal("the page does not show the address of one's own feed")
	}
	for path, name := range map[string]string{base + ".ics": w.Edition.Name, base + "/" + secret[1] + "/my.ics": w.Edition.Name + " (mon programme)"} {
		status, feed := w.Client(account.Actor{}).Get(path)
		calendar, problems, err := ical.Read(strings.NewReader(feed), time.UTC)
		if status != http.StatusOK || err != nil || len(problems) > 0 || len(calendar.Events) != 1 || calendar.Name != name {
			t.Errorf("%s: %d, %v, %v, %q with %d events", path, status, err, problems, calendar.Name, len(calendar.Events))
		}
	}
	if status, _ := w.Client(account.Actor{}).Get(base + "/guess/my.ics"); status != http.StatusNotFound {
		t.Errorf("a guessed feed: %d", status)
	}
}

func TestImport_fromTheFrontDoor(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	boss := w.Client(w.Boss)
	_, page := upload(t, w, "amiens.ics")
	shows(t, page, "Reprendre 12 sessions", "Remise du prix", "à ajouter", "dimanche 20 mai, 16\u00a0h\u00a030")
	id := regexp.MustCompile(`name="file" value="([^"]+)"`).FindStringSubmatch(page)[1]
	_, page = boss.Post(base+"/import/apply", url.Values{"file": {id}})
	shows(t, page, "Sessions reprises ou mises à jour\u00a0: 12.", "Buffet")

	_, page = upload(t, w, "broken.ics")
	shows(t, page, "Ne peut pas être repris", "a pas de début (DTSTART)", "Laisser de côté", "hors des dates")
	id = regexp.MustCompile(`name="file" value="([^"]+)"`).FindStringSubmatch(page)[1]
	status, page := boss.Post(base+"/import/apply", url.Values{"file": {id}})
	if status != http.StatusConflict {
		t.Errorf("a broken file without leaving anything out: %d", status)
	}
	shows(t, page, "corrigez le fichier")
	if status, page = boss.Post(base+"/import", url.Values{}); status != http.StatusUnprocessableEntity {
		t.Errorf("no file: %d", status)
	}
	shows(t, page, "À remplir.")
}

// upload hands a file of testdata in as a browser does.
func upload(t *testing.T, w *weekend, name string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	must(t, err)
	_, err = part.Write(file(t, name))
	must(t, err)
	must(t, form.Close())
	return w.Client(w.Boss).Do("POST", base+"/import", form.FormDataContentType(), body.String())
}

func TestEdit_keepsWhatWasTypedAndTheNight(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	boss := w.Client(w.Boss)
	form := url.Values{"title": {"Veillée"}, "kind": {"other"}, "start": {"2018-10-28T02:30"}, "end": {"2018-10-28T01:00"},
		"seats": {"beaucoup"}, "public": {"on"}, "room": {"Hall"}}
	status, page := boss.Post(base, form)
	if status != http.StatusUnprocessableEntity {
		t.Errorf("an unreadable session: %d", status)
	}
	shows(t, page, "beaucoup", "2018-10-28T02:30", "Veillée", "Un nombre entier", "Laquelle", "avant le changement d’heure")

	// A session in the second of the two half past twos says so, and stays there when
	// another field is edited.
	second := time.Date(2018, 10, 28, 1, 30, 0, 0, time.UTC)
	plan := w.plan("Veillée", 0, 0)
	plan.Start, plan.End = second, second.Add(time.Hour)
	night := w.add(t, plan)
	_, page = boss.Get(base + "/" + string(night.ID))
	shows(t, page, "2\u00a0h\u00a030 (après le changement d’heure)")
	_, page = boss.Get(base + "/" + string(night.ID) + "/edit")
	shows(t, page, `value="+01:00" checked`)
	form = url.Values{"title": {"Veillée aux lampions"}, "kind": {"other"}, "start": {"2018-10-28T02:30"}, "start_offset": {"+01:00"}, "end": {"2018-10-28T03:30"},
		"seats": {"0"}, "public": {"on"}, "room": {"Salle Somme"}}
	boss.Post(base+"/"+string(night.ID), form)
	if got := w.get(t, w.Boss, night.ID); !got.Start.Equal(second) || got.Title != "Veillée aux lampions" {
		t.Errorf("the edited session begins at %v, want %v", got.Start, second)
	}
}

func TestGuests_whoMaySee(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	path := base + "/" + string(w.workshop.ID)
	w.Client(w.ana).Post(path+"/sign-up", nil)
	for _, c := range []struct {
		who  account.Actor
		path string
		want int
	}{
		{w.speaker, path + "/guests", http.StatusOK}, {w.Boss, path + "/guests", http.StatusOK},
		{w.Person("Gaël", edition.Crew), path + "/guests", http.StatusOK}, {w.ana, path + "/guests", http.StatusForbidden},
		{w.ana, base + "/new", http.StatusForbidden}, {w.Boss, base + "/new", http.StatusOK}, {w.ana, base + "/import", http.StatusForbidden},
		{account.Actor{}, path, http.StatusOK}, {w.ana, base + "/nowhere", http.StatusNotFound},
	} {
		if status, _ := w.Client(c.who).Get(c.path); status != c.want {
			t.Errorf("%q reads %s: %d, want %d", c.who.Name, c.path, status, c.want)
		}
	}
	_, page := w.Client(w.speaker).Post(path+"/attend", url.Values{"account": {string(w.ana.ID)}, "there": {"on"}})
	shows(t, page, "Ana", "présent")
}

func TestAPI(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	const api = "/api/v1/e/amiens-2018/sessions"
	status, answer := w.Client(w.Boss).Do("POST", api, "application/json",
		`{"kind": "workshop", "title": "Maquetter", "start": "2018-05-19T14:00:00+02:00", "end": "2018-05-19T15:00:00+02:00", "seats": 1, "public": true}`)
	var made struct{ ID programme.ID }
	if err := json.Unmarshal([]byte(answer), &made); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s: %v", status, answer, err)
	}
	for _, c := range []struct {
		who  account.Actor
		want string
	}{{w.ana, "seated"}, {w.bilal, "waiting"}} {
		if _, answer = w.Client(c.who).Do("POST", api+"/"+string(made.ID)+"/sign-up", "application/json", ""); !strings.Contains(answer, c.want) {
			t.Errorf("%s: %s, want %s", c.who.Name, answer, c.want)
		}
	}
	status, answer = w.Client(account.Actor{}).Do("GET", api, "", "")
	if status != http.StatusOK || !strings.Contains(answer, "Maquetter") || strings.Contains(answer, w.ana.Name) {
		t.Errorf("the public list: %d %s", status, answer)
	}
}
