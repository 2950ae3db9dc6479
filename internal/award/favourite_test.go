package award_test

import (
	"net/url"
	"strings"
	"testing"

	"h48/internal/award"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb/dbtest"
)

// What the public chose stands beside the ranking with its count; one press makes it the
// public's prize, which the decision then proposes with its reason.
func TestCrown_thePublicsFavourite(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	b.hall.all = []award.Favourite{{Vote: "v1", Counted: 54, Asks: func(i18n.Locale) string { return "Lequel utiliseriez-vous ?" },
		Leaders: []award.Chosen{{Team: "t3", Name: "Capteurs", N: 23}}}}
	must(t, b.award.OpenDeliberation(t.Context(), b.Boss, b.Edition.ID))
	boss := b.Client(b.Boss)
	if _, page := boss.Get("/e/amiens-2018/deliberation"); !strings.Contains(page, "choisi 23 fois sur 54 bulletins") {
		t.Error("the count is not shown")
	}
	if _, err := b.award.Crown(t.Context(), b.Boss, b.Edition.ID, "v1", "t1"); !errs.Is(err, errs.Conflict) {
		t.Errorf("a prize of the public for another: %v", err)
	}
	if _, err := b.award.Crown(t.Context(), b.Person("Paul Exemple"), b.Edition.ID, "v1", "t3"); !errs.Is(err, errs.Forbidden) {
		t.Errorf("anybody crowns: %v", err)
	}
	status, page := boss.Post("/e/amiens-2018/deliberation/favourites", url.Values{"vote": {"v1"}, "team": {"t3"}})
	if status != 200 || !strings.Contains(page, "Prix du public") || strings.Contains(page, "Donner le prix du public") {
		t.Errorf("crowning: %d", status)
	}
	prizes, err := b.award.Prizes(t.Context(), b.DB, b.Edition.ID)
	must(t, err)
	last := prizes[len(prizes)-1]
	if last.Team != "t3" || !strings.Contains(last.Reason, "23 voix sur 54 bulletins") {
		t.Fatalf("the prize is %+v", last)
	}
	choice := award.Choice{b.first.ID: "t1", b.next.ID: "t2", last.ID: "t3"}
	must(t, b.award.Decide(t.Context(), b.Boss, b.Edition.ID, award.Decision{Choice: choice, Reason: last.Reason}))
}

// A program reads what the public chose and gives the public's prize to it, and to none
// that the public did not choose.
func TestAPI_crownsTheFavourite(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	b.hall.all = []award.Favourite{{Vote: "v1", Counted: 54, Asks: func(i18n.Locale) string { return "Lequel utiliseriez-vous ?" },
		Leaders: []award.Chosen{{Team: "t3", Name: "Capteurs", N: 23}}}}
	must(t, b.award.OpenDeliberation(t.Context(), b.Boss, b.Edition.ID))
	const path = "/api/v1/e/amiens-2018/deliberation/favourites"
	for _, c := range []struct {
		method, body string
		status       int
		says         string
	}{
		{"GET", "", 200, `{"favourites":[{"vote":"v1","question":"Lequel utiliseriez-vous ?","ballots":54,"leaders":[{"team":"t3","name":"Capteurs","votes":23}]}]}`},
		{"POST", `{"vote":"v1","team":"t1"}`, 409, ""},
		{"POST", `{"vote":"v1","team":"t3"}`, 200, `"team":"t3"`},
	} {
		if status, answer := b.Client(b.juror).Do(c.method, path, "application/json", c.body); status != c.status || !strings.Contains(answer, c.says) {
			t.Errorf("%s %s: %d %s", c.method, c.body, status, answer)
		}
	}
	if status, _ := b.Client(b.Person("Paul Exemple")).Do("GET", path, "", ""); status != 403 {
		t.Errorf("anybody reads what the public chose: %d", status)
	}
}
