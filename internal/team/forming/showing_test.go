package forming_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/team/forming"
)

// A proposal for hundreds of people is read in pages; somebody is found by name, moved, and
// the organiser is where they were.
func TestProposal_ofManyTeamsInPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	p := h.people(300)
	made := h.formed(forming.Wanted{Mode: forming.Anew, Budget: 1})
	if len(made.Groups) < 60 {
		t.Fatalf("%d groups", len(made.Groups))
	}
	boss, at := h.Client(h.Boss), "/e/amiens-2018/teams/proposals/"+string(made.ID)
	groups := func(query string) int {
		status, body := boss.Get(at + query)
		if status != http.StatusOK || len(body) > 600_000 {
			t.Errorf("%s: %d, %d bytes", query, status, len(body))
		}
		return strings.Count(body, `id="group-T`)
	}
	for query, want := range map[string]int{"": 24, "?page=2": 24, "?page=99": len(made.Groups) % 24, "?page=x": 24, "?q=personne+07": 1, "?q=nobody": 0} {
		if got := groups(query); got != want {
			t.Errorf("%q shows %d groups, not %d", query, got, want)
		}
	}
	if n := groups("?view=changed"); n != 24 { // there were no teams before
		t.Errorf("%d groups changed", n)
	}

	who := made.Groups[30].People[0]
	for _, g := range made.Groups {
		if g.Key != made.At(who) && len(g.People) < 5 {
			_, body := boss.Post(at+"/move?page=2", url.Values{"who": {string(who)}, "to": {string(g.Key)}})
			if !strings.Contains(body, "Page 2 sur") {
				t.Error("after a move the page is another one")
			}
			break
		}
	}
	_, body := boss.Get(at + "/price?page=2&who=" + string(p[6].ID) + "&to=new")
	if !strings.Contains(body, `/move?page=2"`) || strings.Count(body, "<option") < len(made.Groups) {
		t.Error("the page of a move does not know all groups, or where it came from")
	}
}

// The teams that lack something stand in a view of their own, the dearest first.
func TestProposal_whatLacksSomethingFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	h.people(72)
	made := h.formed(forming.Wanted{Mode: forming.Anew, Budget: 1})
	boss, at := h.Client(h.Boss), "/e/amiens-2018/teams/proposals/"+string(made.ID)
	lonely := made.Groups[5].People[0]
	if err := h.forming.Move(t.Context(), h.Boss, h.Edition.ID, made.ID, lonely, forming.NewGroup); err != nil {
		t.Fatal(err)
	}
	after, err := h.forming.Proposals(t.Context(), h.DB, h.Edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, body := boss.Get(at + "?view=look")
	first := strings.Index(body, `id="group-`)
	if alone := "group-" + string(after[0].At(lonely)); !strings.HasPrefix(body[first+len(`id="`):], alone) {
		t.Errorf("a team of one is not what is shown first: %.80s", body[first:])
	}
	_, body = boss.Get(at + "?view=changed&q=Personne")
	if strings.Contains(body, "Aucune équipe ici") {
		t.Error("nothing changed, they say")
	}
}

// Who would found a new team takes nobody from it: the page says what it would not have.
func TestPrice_ofANewTeamSpeaksOfNoLoss(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	p := h.people(12)
	made := h.formed(forming.Wanted{Mode: forming.Anew})
	boss := h.Client(h.Boss)
	page := "/e/amiens-2018/teams/proposals/" + string(made.ID) + "/price?who=" + string(p[0].ID) + "&to="
	if _, body := boss.Get(page + "new"); !strings.Contains(body, "n’aurait personne de profil") || strings.Contains(body, "« Une nouvelle équipe » n’a plus") {
		t.Errorf("a new team would lose somebody: %s", body)
	}
	if _, body := boss.Get(page + string(made.At(p[0].ID))); !strings.Contains(body, "Actuellement") || strings.Contains(body, "Rien ne change") {
		t.Errorf("where nothing is chosen yet a price is told: %s", body)
	}
}
