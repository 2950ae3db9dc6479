package message_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"h48/internal/edition"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/message"
)

func shows(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %q", text)
		}
	}
}

func TestMessages_forOrganisersAndForOthers(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	boss, ana := h.Client(h.Boss), h.Client(h.ana)
	form := url.Values{"text": {"Le <bus> part"}, "level": {"urgent"}, "audience": {"participants"}, "minutes": {"dix"}}
	status, page := boss.Post(base, form)
	if status != http.StatusUnprocessableEntity {
		t.Errorf("an unreadable draft: %d", status)
	}
	shows(t, page, "Le &lt;bus&gt; part", "dix", "Un nombre entier")
	form.Set("minutes", "10")
	form.Set("email", "on")
	_, page = boss.Post(base, form)
	shows(t, page, "Annonce faite.", "Vu par 0 sur 1", "Arrêter les e-mails", "jusqu’à samedi 19 mai, 9\u00a0h\u00a010")
	_, page = ana.Get(base)
	shows(t, page, "Le &lt;bus&gt; part")
	if strings.Contains(page, "Vu par") || strings.Contains(page, "Faire une annonce") {
		t.Error("a participant sees what is the organisers'")
	}
	if _, page = h.Client(h.renee).Get(base); strings.Contains(page, "bus") {
		t.Error("a mentor reads what was said to participants")
	}

	id := newest(t, h)
	if status, _ = ana.Post(base+"/"+id+"/retract", nil); status != http.StatusForbidden {
		t.Errorf("a participant takes it down: %d", status)
	}
	ana.Post(base+"/"+id+"/seen", url.Values{"back": {"https://elsewhere.example/"}})
	_, page = boss.Get(base)
	shows(t, page, "Vu par 1 sur 1")
	_, page = boss.Post(base+"/"+id+"/stop", nil)
	shows(t, page, "E-mails arrêtés.", "arrêtés")
	_, page = boss.Post(base+"/"+id+"/retract", nil)
	shows(t, page, "retirée ou expirée")
	if status, page = boss.Post(base+"/"+id+"/retract", nil); status != http.StatusConflict {
		t.Errorf("taking down twice: %d", status)
	}
	shows(t, page, "n’est plus affichée")
}

// newest is the id of the newest announcement.
func newest(t *testing.T, h *house) string {
	t.Helper()
	all, err := h.service.History(t.Context(), h.DB, h.Edition.ID, nil)
	must(t, err)
	if len(all) != 0 {
		t.Fatalf("the public reads %+v", all)
	}
	all, err = h.service.History(t.Context(), h.DB, h.Edition.ID, edition.Roles{edition.Organiser})
	must(t, err)
	return string(all[0].ID)
}

func TestBanners(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	var html strings.Builder
	url := func(parts ...string) string { return "/e/amiens-2018/" + strings.Join(parts, "/") }
	all := []message.Announcement{{ID: "a1", Text: "Sortez <vite>", Level: message.Urgent}}
	must(t, message.Banners(h.Words.Locale("fr"), all, true, url, "/e/amiens-2018/help").Render(t.Context(), &html))
	shows(t, html.String(), `id="announcements"`, "data-live", "Sortez &lt;vite&gt;", base+"/a1/seen", `value="/e/amiens-2018/help"`, "Urgent")
}

func TestAPI(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	const api = "/api/v1/e/amiens-2018/messages"
	status, answer := h.Client(h.Boss).Do("POST", api, "application/json", `{"text": "Pitchs à 14 h", "level": "info", "audience": "everyone", "action_id": "x"}`)
	if status != http.StatusOK || !strings.Contains(answer, `"id":"`) {
		t.Fatalf("announcing: %d %s", status, answer)
	}
	if _, answer = h.Client(h.ana).Do("GET", api+"/current", "", ""); !strings.Contains(answer, "Pitchs à 14 h") {
		t.Errorf("what stands: %s", answer)
	}
	if status, _ = h.Client(h.ana).Do("POST", api, "application/json", `{}`); status != http.StatusForbidden {
		t.Errorf("a participant announces: %d", status)
	}
}
