package registration_test

import (
	"bytes"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/registration"
)

// open is a desk with its pages.
func open(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t, dbtest.SQLite(t))
	registration.Routes(d.Door, d.Service)
	return d
}

// shows fails where a page lacks a text.
func shows(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q:\n%s", text, page[strings.Index(page, "<main"):])
		}
	}
}

func answersOf(n int) url.Values {
	in := asked(n)
	return url.Values{"email": {in.Email}, "name": {in.Name}, "profile": {"student"}, "skill_web": {"3"}, "meals": {"vegan", "halal"}, "rules": {"on"}}
}

// From the form to the badge and back: a participant with a phone and no script.
func TestPages_registerConfirmDecline(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.Client(account.Actor{})
	status, page := c.Get("/e/amiens-2018/register")
	shows(t, page, "Je participe", "Sur votre badge", `name="rules"`)
	if status != 200 || strings.Contains(page, "checked") {
		t.Errorf("status %d, or a box is ticked", status)
	}
	form := answersOf(1)
	form.Del("rules")
	form.Set("name", "<b>Personne</b>")
	status, page = c.Post("/e/amiens-2018/register", form)
	shows(t, page, "Il faut accepter le règlement", "&lt;b&gt;Personne", `value="vegan" checked`)
	if status != 422 {
		t.Errorf("status %d", status)
	}
	if status, page = c.Post("/e/amiens-2018/register", answersOf(1)); status != 200 {
		t.Errorf("status %d", status)
	}
	shows(t, page, "Regardez vos e-mails")
	link := "/e/amiens-2018/register/" + d.token("p1@example.org")
	_, page = c.Get(link)
	shows(t, page, "Bonjour Personne Exemple 1", "Confirmer mon inscription")
	_, page = c.Post(link+"/confirm", nil)
	shows(t, page, "Votre place est réservée.", "Mon badge", `value="Personne Exemple 1"`)
	_, page = c.Post("/e/amiens-2018/registration", url.Values{"name": {"Personne Exemple"}, "trade": {"maçonne"}})
	shows(t, page, "Vos réponses sont enregistrées.", `value="maçonne"`)
	_, page = c.Post("/e/amiens-2018/registration/decline", nil)
	shows(t, page, "Merci d’avoir prévenu", "Vous avez rendu votre place")
	status, page = c.Get("/e/amiens-2018/register/never-sent")
	if status != 422 {
		t.Errorf("an unknown link: %d", status)
	}
	shows(t, page, "Ce lien ne marche plus")
}

func TestPages_organiser(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.seats(1)
	d.come(1)
	d.come(2)
	c := d.Client(d.Boss)
	_, page := c.Get("/e/amiens-2018/registrations")
	shows(t, page, "1 sur 1", "1 personne attend une place.", "Personne Exemple 1", "p2@example.org", "1 · 100\u00a0%")
	_, page = c.Get("/e/amiens-2018/registrations?q=EXEMPLE+2&state=waiting")
	if strings.Contains(page, "p1@example.org") {
		t.Error("the filter leaves everybody")
	}
	person := regexp.MustCompile(`/e/amiens-2018/registrations/person/\w+`).FindString(page)
	_, page = c.Post(person+"/move", url.Values{"to": {"confirmed"}})
	shows(t, page, "Personne Exemple 2\u00a0: confirmée.")
	if status, _ := c.Post(person+"/move", url.Values{"to": {"king"}}); status != 409 {
		t.Errorf("a state that is none: %d", status)
	}
	_, page = c.Post("/e/amiens-2018/registrations/new", url.Values{"email": {"sam@example.org"}, "name": {"Sam Exemple"}})
	shows(t, page, "Sam Exemple est sur la liste", "en liste d’attente")
	_, page = c.Post("/e/amiens-2018/registrations/skills", url.Values{"skills": {"Menuiserie\nmenuiserie"}})
	shows(t, page, "est là deux fois", "Menuiserie\nmenuiserie")
	_, page = c.Get("/e/amiens-2018/registrations/meals")
	shows(t, page, "Sans réponse")
	_, file := c.Get("/e/amiens-2018/registrations/export.csv?state=waiting")
	if !strings.Contains(file, "sam@example.org") || strings.Contains(file, "p1@") {
		t.Errorf("the export: %s", file)
	}
}

func TestPages_importWizard(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.Client(d.Boss)
	_, page := c.Get("/e/amiens-2018/registrations/import")
	shows(t, page, "Fichier CSV")
	upload := func(content string) string {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		file, err := form.CreateFormFile("file", "inscriptions.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		_, page := c.Do("POST", "/e/amiens-2018/registrations/import", form.FormDataContentType(), body.String())
		return page
	}
	shows(t, upload(""), "Ce fichier est vide.")
	page = upload("Courriel;Nom complet;Profil;Pointure\na@example.org;Ana Exemple;étudiante;38\nnobody;Dan Exemple;roi;41\n")
	shows(t, page, "Rien n’est encore importé", "laissée de côté", "Ana Exemple", "n’est pas un profil", "Importer 1 personne", "Laisser de côté 1 ligne")
	address := regexp.MustCompile(`registrations/import/\w{26}`).FindString(page)
	status, page := c.Post("/e/amiens-2018/"+address, url.Values{"welcome": {"vouched"}})
	if status != 422 {
		t.Errorf("with a wrong line: %d", status)
	}
	shows(t, page, "Des lignes sont à corriger")
	_, page = c.Post("/e/amiens-2018/"+address, url.Values{"welcome": {"vouched"}, "leave_out": {"on"}})
	shows(t, page, "L’import est en cours")
	d.run()
	_, page = c.Get("/e/amiens-2018/" + address)
	shows(t, page, "L’import est terminé.", "n’est pas un profil")
}

func TestAPI(t *testing.T) {
	t.Parallel()
	d := open(t)
	public := d.Client(account.Actor{})
	const path = "/api/v1/e/amiens-2018/registrations"
	if status, body := public.Do("POST", path, "application/json", `{"email": "a@example.org", "name": "Ana Exemple", "rules": true, "skills": {"web": 2}}`); status != 200 || !strings.Contains(body, `"sent"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := public.Do("POST", path, "application/json", `{"email": "a"}`); status != 422 || !strings.Contains(body, `"rules"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := public.Do("GET", path, "", ""); status != 401 {
		t.Errorf("the public lists people: %d", status)
	}
	if status, body := d.Client(d.Boss).Do("GET", path+"?q=ana", "", ""); status != 200 || !strings.Contains(body, `"total":1`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := d.Client(d.Boss).Do("GET", path+"/summary", "", ""); status != 200 || !strings.Contains(body, `"pending":1`) {
		t.Errorf("%d %s", status, body)
	}
}

// Guests of an event without teams are asked for nothing that only teams and jurors use.
func TestPages_guestsAreAskedLess(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []struct {
		most  int
		asked bool
	}{{5, true}, {1, false}} {
		_, err := h.Editions.Change(t.Context(), h.Boss, h.Edition.ID, func(e edition.Edition) edition.Edition {
			e.TeamMin, e.TeamMax = 1, c.most
			return e
		})
		if err != nil {
			t.Fatal(err)
		}
		_, page := h.Client(account.Actor{}).Get(h.Edition.URL() + "/register")
		for _, name := range []string{`name="profile"`, `name="trade"`, `name="organisation"`, `name="with"`} {
			if strings.Contains(page, name) != c.asked {
				t.Errorf("teams of %d: %s is asked: %v", c.most, name, !c.asked)
			}
		}
		if !strings.Contains(page, `name="meals"`) || !strings.Contains(page, `name="photo"`) {
			t.Errorf("teams of %d: meals or pictures are not asked", c.most)
		}
	}
}

// What a file said of a guest, and their own page does not ask, stays when they change
// what it asks.
func TestPages_aGuestKeepsWhatIsNotAsked(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, err := h.Editions.Change(t.Context(), h.Boss, h.Edition.ID, func(e edition.Edition) edition.Edition {
		e.TeamMin, e.TeamMax = 1, 1
		return e
	})
	if err != nil {
		t.Fatal(err)
	}
	in := registration.Asked{Email: "ana@example.org", Rules: true, Answers: registration.Answers{Name: "Ana Exemple", Profile: registration.Professional, Trade: "gardienne", Organisation: "Amiens Habitat (fictif)"}}
	if _, err := h.Add(t.Context(), h.Boss, h.Edition.ID, in); err != nil {
		t.Fatal(err)
	}
	ana, err := h.Accounts.Find(t.Context(), h.DB, in.Email)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := h.Client(ana.Actor()).Post(h.Edition.URL()+"/registration", url.Values{"name": {"Ana Exemple"}, "meals": {"vegan"}, "photo": {"group"}}); status != 200 {
		t.Errorf("changing answers %d", status)
	}
	now, err := h.Of(t.Context(), h.DB, h.Edition.ID, ana.ID)
	if err != nil {
		t.Fatal(err)
	}
	if now.Trade != "gardienne" || now.Profile != registration.Professional || now.Organisation != in.Organisation || len(now.Meals) != 1 {
		t.Errorf("after it they are %+v", now.Answers)
	}
}
