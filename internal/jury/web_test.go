package jury_test

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/jury"
	"h48/internal/jury/api"
	"h48/internal/jury/corrections"
	"h48/internal/jury/lead"
	"h48/internal/jury/practice"
	"h48/internal/jury/rulebook"
	"h48/internal/kit/sqldb/dbtest"
)

// newHall is a bench with its pages.
func newHall(t *testing.T) *bench {
	b := newBench(t, dbtest.SQLite(t))
	jury.Routes(b.Door, b.Service)
	practice.Routes(b.Door, b.Service, b.DB.DB)
	api.Routes(b.Door, b.Service, b.DB.DB)
	rulebook.Routes(b.Door, b.Service, b.DB.DB)
	lead.Routes(b.Door, b.Service, b.Editions, b.DB.DB)
	corrections.Routes(b.Door, b.Service, b.Accounts, b.DB)
	return b
}

var bareKey = regexp.MustCompile(`>\s*jury\.[a-z_.]+\s*<`)

// shows fails unless the page at the path has all the texts.
func (b *bench) shows(who account.Actor, path string, texts ...string) string {
	b.T.Helper()
	status, body := b.Client(who).Get("/e/amiens-2018/jury" + path)
	if status != 200 {
		b.T.Fatalf("%s answers %d to %s", path, status, who.Name)
	}
	if key := bareKey.FindString(body); key != "" {
		b.T.Errorf("%s shows a key: %s", path, key)
	}
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(body), text) {
			b.T.Errorf("%s lacks %q", path, text)
		}
	}
	return body
}

// form is a sheet as the page sends it.
func (b *bench) form(values ...int) url.Values {
	form := url.Values{"note": {"à moi"}}
	for i, v := range values {
		form.Set("mark_"+b.criteria[i].ID, strconv.Itoa(v))
	}
	return form
}

func TestPages_aJurorsWay(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	anne := b.jurors[0]
	b.shows(anne, "", "La fiche du jury", "Utile aux locataires", "60")
	c := b.Client(anne)
	if status, body := c.Post("/e/amiens-2018/jury/brief", nil); status != 200 || !strings.Contains(body, "0 sur 6 reçues") {
		t.Fatalf("after the brief: %d", status)
	}
	form := b.form(4, 5)
	form.Set("action_id", "sheet-1")
	for range 2 {
		if status, body := c.Post("/e/amiens-2018/jury/teams/t-Chaleur", form); status != 200 || !strings.Contains(body, "entièrement notées\u00a0: 1.") {
			t.Errorf("a sheet answers %d", status)
		}
	}
	b.shows(anne, "/teams/t-Chaleur", "reçu", "à moi")
	if status, body := c.Post("/e/amiens-2018/jury/teams/t-Cour", b.form(9)); status != 422 || !strings.Contains(body, "Entre 1 et 5.") {
		t.Errorf("a mark above the scale answers %d", status)
	}
	if status, _ := c.Post("/e/amiens-2018/jury/teams/t-Chaleur/move", url.Values{"to": {"t-Cour"}}); status != 200 {
		t.Errorf("moving answers %d", status)
	}
	if status, _ := c.Post("/e/amiens-2018/jury/teams/t-Jardin/conflict", url.Values{"reason": {"voisine"}}); status != 200 {
		t.Errorf("declaring answers %d", status)
	}
	b.shows(anne, "", "se récuse", "1 sur 5 reçues")
}

func TestPages_noLeakByAddress(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	anne, basile := b.jurors[0], b.jurors[1]
	b.near.helped[anne.ID] = []string{"t-Voisins"}
	c := b.Client(anne)
	for path, want := range map[string]int{
		"/teams/t-Voisins": 403, // a conflict
		"/teams/t-None":    404,
		"/board":           403,
		"/conflicts":       403,
		"/ranking":         403, // sealed
		"/sheets/" + string(basile.ID) + "/t-Cour": 403,
		"/sheets/" + string(anne.ID) + "/t-Cour":   403,
	} {
		if status, _ := c.Get("/e/amiens-2018/jury" + path); status != want {
			t.Errorf("%s answers %d to a juror, want %d", path, status, want)
		}
	}
	for _, path := range []string{"/jury/ranking", "/jury/teams/t-Voisins/marks", "/jury/coverage", "/jury/event"} {
		if status, _ := c.Get("/api/v1/e/amiens-2018" + path); status != 403 {
			t.Errorf("the API's %s answers %d to a juror", path, status)
		}
	}
	if status, _ := c.Post("/e/amiens-2018/jury/teams/t-Voisins", b.form(5, 5)); status != 403 {
		t.Errorf("a recused juror scores: %d", status)
	}
	if status, _ := b.Client(b.Person("Paule Exemple")).Get("/e/amiens-2018/jury"); status != 403 {
		t.Errorf("a participant opens the jury: %d", status)
	}
}

func TestPages_theLeadsWay(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	b.jurors = b.jurors[:2]
	b.scoreAll(func(j, k int) (int, int) { return 5 - (k+j)%5, 1 + (k*2+j)%5 })
	b.jurors = append(b.jurors, b.Person("=Dina Exemple"))
	lead := b.Client(b.Boss)
	b.shows(b.Boss, "/board", "Chloé Exemple", "12 sur 18", "téléphone")
	b.shows(b.Boss, "/criteria", "figés")
	b.shows(b.Boss, "/conflicts", "Aucun conflit connu")
	b.shows(b.Boss, "/ranking", "Provisoire")
	chloe := b.Person("Chloé Exemple").ID
	b.copy(jury.Copied{Sheet: "K7P2QX", Juror: chloe, Teams: []jury.CopiedTeam{{Team: "t-Cour", Marks: b.sheet(3, 3).Marks}}})
	b.shows(b.Boss, "/sheets/"+string(chloe)+"/t-Cour", "K7P2QX", "Olympe Exemple", "autre équipe")
	for _, do := range []string{"close", "deliberate"} {
		if status, _ := lead.Post("/e/amiens-2018/jury/turn", url.Values{"do": {do}}); status != 200 {
			t.Errorf("%s answers %d", do, status)
		}
	}
	body := b.shows(b.jurors[0], "/ranking", "13 fiches sur 18")
	if strings.Contains(body, "Basile") || strings.Contains(body, "Sévérité") {
		t.Error("a juror reads what concerns another juror")
	}
}

func TestPages_criteriaForm(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	lead := b.Client(b.Boss)
	form := url.Values{"name_0": {"Utile"}, "weight_0": {"60"}, "max_0": {"5"}, "name_1": {"utile"}, "weight_1": {"40"}, "max_1": {"5"}, "level1_0": {"à personne"}}
	if status, body := lead.Post("/e/amiens-2018/jury/criteria", form); status != 422 || !strings.Contains(body, "déjà là") || !strings.Contains(body, "à personne") {
		t.Errorf("a criterion twice answers %d", status)
	}
	form.Set("name_1", "Original")
	if status, _ := lead.Post("/e/amiens-2018/jury/criteria", form); status != 200 {
		t.Errorf("the rubric answers %d", status)
	}
	b.shows(b.Boss, "/criteria", "Original", "à personne")
}

func TestAPI_marksAndRanking(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	anne := b.Client(b.jurors[0])
	const path = "/api/v1/e/amiens-2018/jury/"
	body := `{"marks": [{"criterion": "` + b.criteria[0].ID + `", "value": 4}, {"criterion": "` + b.criteria[1].ID + `", "value": null}], "action_id": "k"}`
	for range 2 {
		if status, answer := anne.Do("PUT", path+"teams/t-Cour/marks", "application/json", body); status != 200 || !strings.Contains(answer, `"value":4`) {
			t.Fatalf("marks: %d %s", status, answer)
		}
	}
	lead := b.Client(b.Boss)
	if status, answer := lead.Get(path + "coverage"); status != 200 || !strings.Contains(answer, `"t-Cour":"complete"`) {
		t.Errorf("coverage: %d %s", status, answer)
	}
	if status, answer := lead.Get(path + "ranking"); status != 200 || !strings.Contains(answer, `"fingerprint"`) {
		t.Errorf("ranking: %d %s", status, answer)
	}
	if status, answer := lead.Do("PUT", path+"criteria", "application/json", `{"criteria": [{"name": "Autre", "weight": 1}]}`); status != 422 || !strings.Contains(answer, `"field":"reason"`) {
		t.Errorf("criteria after the first mark: %d %s", status, answer)
	}
}

// A juror who was thought to be away is told so, and is not thanked for sheets that nobody
// waits for.
func TestPages_whoIsThoughtAwayIsTold(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t))
	jury.Routes(b.Door, b.Service)
	b.must(b.Acknowledge(t.Context(), b.jurors[0], b.id))
	b.must(b.SetPresence(t.Context(), b.Boss, b.id, b.jurors[0].ID, jury.Absent, "train en retard"))
	_, page := b.Client(b.jurors[0]).Get("/e/amiens-2018/jury")
	if !strings.Contains(page, "vous croit absent") || strings.Contains(page, "notées, merci") {
		t.Error("an absent juror is thanked, or not told")
	}
}

// What many recusals have in common is shown once, and lifted with one reason; a reason
// that is missing is asked for in the form that was sent, and in no other.
func TestPages_manyRecusalsForOneReason(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	anne := b.jurors[0]
	for _, team := range b.near.teams[:3] {
		b.near.employers[team.Members[0]] = "Ville Exemple"
	}
	b.near.employers[anne.ID] = "Ville Exemple"
	b.shows(b.Boss, "/conflicts", "3 récusations\u00a0: 1 juré, 3 équipes", "Lever les 3 récusations", "Anne Exemple · Chaleur")
	boss := b.Client(b.Boss)
	form := url.Values{"form": {"employer Ville Exemple"}, "source": {"employer"}, "found": {"Ville Exemple"}}
	status, body := boss.Post("/e/amiens-2018/jury/conflicts/lift-all", form)
	if status != 422 || strings.Count(body, `aria-invalid="true"`) != 1 {
		t.Errorf("without a reason it answers %d, with %d fields marked", status, strings.Count(body, `aria-invalid="true"`))
	}
	form.Set("reason", "la ville emploie 2 000 personnes")
	if status, _ := boss.Post("/e/amiens-2018/jury/conflicts/lift-all", form); status != 200 {
		t.Errorf("with a reason it answers %d", status)
	}
	if body := b.shows(b.Boss, "/conflicts", "Levé\u00a0: la ville emploie 2 000 personnes"); strings.Contains(body, "récusations") {
		t.Error("they are still to be lifted")
	}
}
