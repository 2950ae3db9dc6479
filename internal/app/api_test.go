package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/jury"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/registration"
	"h48/internal/team"
)

// call asks the API as somebody and reads the answer.
func (h *house) call(method, path string, who account.Actor, in, out any) int {
	h.t.Helper()
	body, err := json.Marshal(in)
	h.must(err)
	session, err := h.Enter(h.t.Context(), who.ID)
	h.must(err)
	request := httptest.NewRequestWithContext(h.t.Context(), method, path, bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+session.Token)
	answer := httptest.NewRecorder()
	h.Handler().ServeHTTP(answer, request)
	if out != nil && answer.Code < 300 {
		h.must(json.Unmarshal(answer.Body.Bytes(), out))
	}
	if answer.Code >= 400 && !strings.HasPrefix(answer.Header().Get("Content-Type"), "application/problem+json") {
		h.t.Errorf("%s %s refuses with %d as %s", method, path, answer.Code, answer.Header().Get("Content-Type"))
	}
	return answer.Code
}

// A program founds an edition, changes it, names its people and publishes it, as the
// pages do.
func TestAPI_foundsAndSetsUpAnEdition(t *testing.T) {
	t.Parallel()
	h := open(t)
	boss := h.who["organiser"]
	var made map[string]any
	asked := map[string]any{"preset": "landlord", "name": "Hackathon de printemps", "place": "Amiens", "host": "Un bailleur", "contact": "contact@example.org",
		"zone": "Europe/Paris", "start": "2019-05-18T09:00:00+02:00", "hours": 24, "seats": 40}
	if code := h.call("POST", "/api/v1/editions", boss, asked, &made); code != http.StatusOK || made["slug"] != "hackathon-de-printemps" {
		t.Fatalf("founding answers %d: %v", code, made)
	}
	moments, _ := made["moments"].(map[string]any)
	if moments["hand_in"] != "2019-05-19T09:00:00+02:00" {
		t.Errorf("24 hours later is %v", moments["hand_in"])
	}
	url := "/api/v1/e/hackathon-de-printemps"
	made["seats"], made["tagline"] = 30, "Mieux vivre ensemble"
	var changed map[string]any
	if code := h.call("PUT", url+"/settings", boss, made, &changed); code != http.StatusOK || changed["seats"] != 30.0 || changed["tagline"] != "Mieux vivre ensemble" {
		t.Errorf("changing answers %d: %v", code, changed)
	}
	moments["starts"] = "Saturday"
	if code := h.call("PUT", url+"/settings", boss, made, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("a moment that is none answers %d", code)
	}
	juror := map[string]any{"email": "josephine@example.org", "name": "Joséphine Exemple", "role": "juror", "organisation": "Régie Exemple"}
	var named map[string]any
	if code := h.call("POST", url+"/people", boss, juror, &named); code != http.StatusOK || named["account"] == "" {
		t.Fatalf("naming answers %d: %v", code, named)
	}
	var people struct{ People []map[string]any }
	if code := h.call("GET", url+"/people", boss, nil, &people); code != http.StatusOK || len(people.People) != 2 {
		t.Errorf("%d, %d people", code, len(people.People))
	}
	if code := h.call("POST", url+"/people", h.who["participant"], juror, nil); code != http.StatusNotFound && code != http.StatusForbidden {
		t.Errorf("a stranger names a juror: %d", code)
	}
	if code := h.call("DELETE", url+"/people/"+fmt.Sprint(named["account"])+"/juror", boss, nil, nil); code != http.StatusNoContent {
		t.Errorf("taking a role away answers %d", code)
	}
	for _, step := range []string{"publish", "unpublish", "again"} {
		if code := h.call("POST", url+"/"+step, boss, nil, nil); code >= 300 {
			t.Errorf("%s answers %d", step, code)
		}
	}
	if code := h.call("POST", "/api/v1/editions", boss, map[string]any{"preset": "none"}, nil); code != http.StatusUnprocessableEntity {
		t.Errorf("a plan of nothing answers %d", code)
	}
}

// A juror does not judge a team in which somebody of the same organisation is: as the one
// wrote on the form and the other's was written down by an organiser.
func TestConflict_ofOneHouse(t *testing.T) {
	t.Parallel()
	ctx, h := t.Context(), open(t)
	boss, id := h.who["organiser"], h.edition.ID
	r, err := h.Registration.Add(ctx, boss, id, registration.Asked{Email: "lea@example.org",
		Answers: registration.Answers{Name: "Léa Exemple", Organisation: "Régie  de l’Exemple"}})
	h.must(err)
	lea, err := h.Accounts.Get(ctx, h.DB, r.Account)
	h.must(err)
	one, err := h.Team.Found(ctx, lea.Actor(), id, team.Details{Name: "Les Voisins"}, once.Action{})
	h.must(err)
	juror := h.who["juror"]
	if all, err := h.Jury.Conflicts(ctx, h.DB, id); err != nil || len(all) != 0 {
		t.Fatalf("%+v, %v", all, err)
	}
	h.must(h.Editions.SetOrganisation(ctx, boss, id, juror.ID, "régie de l’exemple"))
	all, err := h.Jury.Conflicts(ctx, h.DB, id)
	if err != nil || len(all) != 1 || all[0].Source != jury.Employer || all[0].Juror != juror.ID || all[0].Team != string(one.ID) {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, _, err := h.Jury.MySheet(ctx, h.DB, juror, id, string(one.ID)); err == nil {
		t.Error("the juror sees the team's sheet")
	}
	h.must(h.DB.InTx(ctx, func(tx *sqldb.Tx) error {
		return h.Registration.EraseTx(ctx, tx, lea.Actor(), lea.ID, "Personne effacée")
	}))
	if known, err := h.Registration.Employers(ctx, h.DB, id); err != nil || len(known) != 0 {
		t.Errorf("after the erasure %v, %v", known, err)
	}
}
