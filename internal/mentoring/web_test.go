package mentoring_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/mentoring"
)

const base = "/e/amiens-2018/help"

// house is a door with this room behind it, a team with Ana in it, and two mentors.
type house struct {
	*doortest.House
	service        *mentoring.Service
	ana, renee, co account.Actor
}

func open(t *testing.T) *house {
	h := &house{House: doortest.New(t, dbtest.SQLite(t), mentoring.Words)}
	known := teams{}
	h.service = mentoring.NewService(h.DB.DB, h.IDs, h.Editions, known, h.Hub, h.Queue, h.Trail)
	mentoring.Routes(h.Door, h.service)
	h.ana, h.renee, h.co = h.Person("Ana"), h.Person("Renée", edition.Mentor), h.Person("Colin", edition.Mentor)
	known[h.ana.ID] = voisins
	h.Go(edition.Starts)
	must(t, h.service.SetThemes(t.Context(), h.Boss, h.Edition.ID, []string{"Web", "Pitch"}))
	return h
}

func shows(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %q", text)
		}
	}
}

func TestHelp_fromTheTapToTheMentorsScreen(t *testing.T) {
	t.Parallel()
	h := open(t)
	team, mentor, other := h.Client(h.ana), h.Client(h.renee), h.Client(h.co)
	listening := h.Hub.Listen([]string{mentoring.Topic(h.Edition.ID)}, "")
	defer listening.Close()

	status, page := team.Post(base, url.Values{"text": {"  "}, "place": {"table 9"}})
	if status != http.StatusUnprocessableEntity {
		t.Errorf("an empty question: %d", status)
	}
	shows(t, page, "table 9", "À remplir")
	_, page = team.Post(base, url.Values{"text": {"Notre page <ne> s’affiche pas."}, "place": {"table 9"}})
	shows(t, page, "Votre demande est dans la file", "Notre page &lt;ne&gt; s’affiche pas.", "table 9")
	if topics, err := listening.Next(t.Context()); err != nil || topics[0] != mentoring.Topic(h.Edition.ID) {
		t.Errorf("the queue was not told: %v, %v", topics, err)
	}

	h.DB.Clock.Advance(3 * time.Minute)
	_, page = mentor.Get(base)
	shows(t, page, "Les Voisins", "table 9", "J’y vais")
	action := page[strings.Index(page, base+"/0"):]
	action = action[:strings.Index(action, "/claim")]
	_, page = mentor.Post(action+"/claim", nil)
	shows(t, page, "Vous aidez Les Voisins", "C’est réglé")
	status, page = other.Post(action+"/claim", nil)
	if status != http.StatusConflict {
		t.Errorf("the second mentor: %d", status)
	}
	shows(t, page, "Renée y est déjà.")
	_, page = team.Get(base)
	shows(t, page, "Renée vient vous aider")

	status, page = mentor.Post(action+"/resolve", url.Values{"line": {""}, "minutes": {"beaucoup"}})
	if status != http.StatusUnprocessableEntity {
		t.Errorf("an unreadable outcome: %d", status)
	}
	shows(t, page, "beaucoup", "Un nombre entier")
	_, page = mentor.Post(action+"/resolve", url.Values{"line": {"Grille revue"}, "minutes": {"12"}})
	shows(t, page, "Merci", "Personne n’attend")
	_, page = team.Get(base)
	shows(t, page, "Grille revue", "Demander un mentor")
	status, sheet := h.Client(h.Boss).Get(base + "/contacts.csv")
	if status != http.StatusOK {
		t.Errorf("the contact log: %d", status)
	}
	shows(t, sheet, "Renée;Les Voisins;12;réglé;Grille revue")
}

func TestHelp_whoMayEnter(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []struct {
		who  account.Actor
		path string
		want int
	}{
		{h.ana, "/queue", http.StatusForbidden}, {h.ana, "/board", http.StatusForbidden}, {h.ana, "/contacts.csv", http.StatusForbidden},
		{h.renee, "/queue", http.StatusOK}, {h.renee, "/mentor", http.StatusOK}, {h.renee, "/board", http.StatusForbidden},
		{h.Boss, "/board", http.StatusOK}, {h.Boss, "/queue", http.StatusOK},
		{h.Person("Sacha"), "", http.StatusOK}, {h.Person("Gaël", edition.Crew), "/board", http.StatusOK},
	} {
		if status, _ := h.Client(c.who).Get(base + c.path); status != c.want {
			t.Errorf("%s reads %s: %d, want %d", c.who.Name, c.path, status, c.want)
		}
	}
}

func TestOffer_keepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	mentor := h.Client(h.renee)
	themes, err := h.service.Themes(t.Context(), h.DB, h.Edition.ID)
	must(t, err)
	form := url.Values{"themes": {string(themes[0].ID)}, "from_0": {"2018-05-19T14:00"}, "to_0": {"2018-05-19T12:00"}}
	status, page := mentor.Post(base+"/mentor", form)
	if status != http.StatusUnprocessableEntity {
		t.Errorf("a slot that ends before it begins: %d", status)
	}
	shows(t, page, "2018-05-19T14:00", "La fin vient après le début", "checked")
	form.Set("to_0", "2018-05-19T18:00")
	mentor.Post(base+"/mentor", form)
	_, page = mentor.Post(base+"/duty", url.Values{"on": {"on"}})
	shows(t, page, "Vous êtes là")
	_, page = h.Client(h.ana).Get(base)
	shows(t, page, "Renée", "Web")
	_, page = h.Client(h.Boss).Get(base + "/board")
	shows(t, page, "samedi 19 mai, 14\u00a0h\u00a000 – 18\u00a0h\u00a000", "trou")
}

func TestAPI_claimAndRefuse(t *testing.T) {
	t.Parallel()
	h := open(t)
	const api = "/api/v1/e/amiens-2018/help"
	status, answer := h.Client(h.ana).Do("POST", api, "application/json", `{"text": "Qui peut venir ?", "action_id": "a1"}`)
	var asked struct{ ID, Place, State string }
	if err := json.Unmarshal([]byte(answer), &asked); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s: %v", status, answer, err)
	}
	if asked.Place != voisins.Table || asked.State != "open" {
		t.Errorf("asked %+v", asked)
	}
	if status, answer := h.Client(h.renee).Do("POST", api+"/"+asked.ID+"/claim", "application/json", ``); status != http.StatusOK {
		t.Errorf("claiming: %d %s", status, answer)
	}
	status, answer = h.Client(h.co).Do("POST", api+"/"+asked.ID+"/claim", "application/json", ``)
	if status != http.StatusConflict || !strings.Contains(answer, "Renée") {
		t.Errorf("the second mentor: %d %s", status, answer)
	}
	if status, _ = h.Client(h.ana).Do("GET", api+"/queue", "", ""); status != http.StatusForbidden {
		t.Errorf("a participant reads the queue: %d", status)
	}
}
