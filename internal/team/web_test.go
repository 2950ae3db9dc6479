package team_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/kit/sqldb/dbtest"
)

// The journey of a participant on a phone without script: found, invite, join, complete.
func TestPages_fromAFoundedTeamToACompleteOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	p := h.people(3)
	first := h.Client(p[0])
	if status, body := first.Post("/e/amiens-2018/teams/found", url.Values{"name": {""}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "À remplir") {
		t.Errorf("a team without a name: %d", status)
	}
	status, body := first.Post("/e/amiens-2018/teams/found", url.Values{"name": {"Les Voisins"}, "looking_for": {"Quelqu’un qui dessine"}})
	if status != http.StatusOK || !strings.Contains(body, "Il vous manque du monde") {
		t.Fatalf("%d %s", status, body)
	}
	voisins, err := h.teams.OfAccount(t.Context(), h.DB, h.Edition.ID, p[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(body, voisins.Code[:3]+" "+voisins.Code[3:]) || !strings.Contains(body, "<svg") {
		t.Error("the page shows no code and no QR")
	}
	invited := h.Client(p[1])
	if status, body := invited.Get("/e/amiens-2018/teams/join?code=" + voisins.Code); status != http.StatusOK || !strings.Contains(body, "Les Voisins") {
		t.Errorf("the invitation: %d", status)
	}
	if members, err := h.teams.Members(t.Context(), h.DB, voisins.ID); err != nil || len(members) != 1 {
		t.Errorf("opening the link joined: %v, %v", members, err)
	}
	if status, body := invited.Post("/e/amiens-2018/teams/join", url.Values{"code": {"NOCODE"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "six signes") {
		t.Errorf("a wrong code: %d", status)
	}
	for _, who := range p[1:] {
		if status, _ := h.Client(who).Post("/e/amiens-2018/teams/join", url.Values{"code": {strings.ToLower(voisins.Code)}}); status != http.StatusOK {
			t.Errorf("joining: %d", status)
		}
	}
	if status, body := first.Post("/e/amiens-2018/teams/"+string(voisins.ID)+"/close", nil); status != http.StatusOK || !strings.Contains(body, "au complet") {
		t.Errorf("closing: %d", status)
	}
}

func TestPages_thePublicSeesTeamsAndNoPeople(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	p := h.people(1)
	h.found(p[0], "Les Voisins")
	status, body := h.Client(account.Actor{}).Get("/e/amiens-2018/teams")
	if status != http.StatusOK || !strings.Contains(body, "Les Voisins") || strings.Contains(body, "Personne") {
		t.Errorf("%d %s", status, body)
	}
	if _, body := h.Client(p[0]).Get("/e/amiens-2018/teams"); !strings.Contains(body, "Personne") {
		t.Error("members of the edition do not see first names")
	}
}

// The board: a drag is one form; a blocked freeze lists the ways out.
func TestPages_theOrganisersBoard(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	p := h.people(8)
	voisins := h.teamOf("Les Voisins", p[:3]...)
	boss := h.Client(h.Boss)
	status, body := boss.Post("/e/amiens-2018/teams/freeze", nil)
	if status != http.StatusConflict || !strings.Contains(body, "5 points à régler") || !strings.Contains(body, "n’a pas d’équipe") {
		t.Errorf("a blocked freeze: %d", status)
	}
	status, answer := boss.Do("POST", "/e/amiens-2018/teams/place", "application/x-www-form-urlencoded",
		url.Values{"who": {string(p[3].ID)}, "to": {string(voisins.ID)}}.Encode())
	if status != http.StatusOK || !strings.Contains(answer, "4 personnes") {
		t.Errorf("placing: %d", status)
	}
	if status, body := boss.Post("/e/amiens-2018/teams/relax", url.Values{"min": {"2"}, "max": {"4"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Dites pourquoi") {
		t.Errorf("relaxing without a reason: %d", status)
	}
	if _, body := boss.Get("/e/amiens-2018/teams/board"); !strings.Contains(body, "/teams/proposals") {
		t.Error("no way from the board to the proposals")
	}
	other := h.teamOf("Guichet", p[4:7]...)
	if status, _ := boss.Post("/e/amiens-2018/teams/place", url.Values{"who": {string(p[7].ID)}, "to": {string(other.ID)}}); status != http.StatusOK {
		t.Errorf("placing: %d", status)
	}
	if status, body := boss.Post("/e/amiens-2018/teams/freeze", nil); status != http.StatusOK || !strings.Contains(body, "arrêtées depuis") {
		t.Errorf("freezing: %d", status)
	}
	if status, _ := h.Client(p[0]).Get("/e/amiens-2018/teams/board"); status != http.StatusForbidden {
		t.Errorf("a participant opens the board: %d", status)
	}
}

func TestAPI_foundJoinPlaceLeave(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	p := h.people(2)
	one, two, boss := h.Client(p[0]), h.Client(p[1]), h.Client(h.Boss)
	if status, answer := one.Do("POST", "/api/v1/e/amiens-2018/teams", "application/json", `{"name":"Les Voisins"}`); status != http.StatusOK || !strings.Contains(answer, `"code":"`) {
		t.Fatalf("founding: %d %s", status, answer)
	}
	voisins, err := h.teams.OfAccount(t.Context(), h.DB, h.Edition.ID, p[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if status, answer := two.Do("GET", "/api/v1/e/amiens-2018/teams", "application/json", ""); status != http.StatusOK || strings.Contains(answer, voisins.Code) {
		t.Errorf("a stranger reads the code: %d %s", status, answer)
	}
	for _, c := range []struct {
		by   func(method, path, kind, body string) (int, string)
		path string
		body string
		want int
	}{
		{two.Do, "teams/join", `{"code":"` + voisins.Code + `"}`, http.StatusOK},
		{two.Do, "team/leave", "", http.StatusNoContent},
		{two.Do, "team/leave", "", http.StatusNotFound},
		{two.Do, "teams/place", `{"account":"` + string(p[1].ID) + `","team":"new"}`, http.StatusForbidden},
		{boss.Do, "teams/place", `{"account":"` + string(p[1].ID) + `","team":"` + string(voisins.ID) + `"}`, http.StatusNoContent},
		{boss.Do, "teams/freeze", "", http.StatusConflict},
	} {
		if status, answer := c.by("POST", "/api/v1/e/amiens-2018/"+c.path, "application/json", c.body); status != c.want {
			t.Errorf("%s %s: %d %s", c.path, c.body, status, answer)
		}
	}
}

// A hall of 100 people: the board comes in pages and stays small enough to use.
func TestPages_aLargeBoardComesInPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	for i, who := range h.people(100) {
		if i < 50 {
			h.found(who, fmt.Sprint("Grande salle ", i))
		}
	}
	boss := h.Client(h.Boss)
	_, first := boss.Get("/e/amiens-2018/teams/board")
	_, second := boss.Get("/e/amiens-2018/teams/board?page=2")
	if n := strings.Count(first, `id="team-`); n != 25 { // 24 and the place for a new one
		t.Errorf("%d teams on the first page", n)
	}
	if n := strings.Count(second, `id="team-`); n != 25 {
		t.Errorf("%d teams on the second page", n)
	}
	if len(first) > 700_000 {
		t.Errorf("the page has %d bytes", len(first))
	}
}
