package app_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
)

// pigeons keep the letters that they should carry.
type pigeons struct {
	mu  sync.Mutex
	all []mail.Message
}

func (p *pigeons) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, m)
	return nil
}

// to returns the letters to the address.
func (p *pigeons) to(address string) []mail.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.all), func(m mail.Message) bool { return m.To != address })
}

// Whoever is named gets one letter: who invites them, to what, as what, when and where,
// with a link that lets them in once; it comes from the event and answers go to its
// organisers.
func TestName_invitesByMailOnce(t *testing.T) {
	t.Parallel()
	birds := &pigeons{}
	h := buildWith(t, false, birds)
	h.who["organiser"] = h.admin("olympe@example.org", "Olympe")
	h.found(h.who["organiser"])
	form := url.Values{"name": {"Maud Mentor"}, "email": {"maud@example.org"}, "role": {"mentor"}}
	boss := h.cookie(h.who["organiser"], i18n.French)
	for range 2 { // pressed twice
		if w := h.ask(http.MethodPost, h.edition.URL()+"/people", boss, form); w.Code != http.StatusSeeOther {
			t.Fatalf("inviting: %d", w.Code)
		}
	}
	form.Set("role", "juror")
	h.ask(http.MethodPost, h.edition.URL()+"/people", boss, form)
	_, err := h.RunDueJobs(t.Context())
	h.must(err)
	got := birds.to("maud@example.org")
	if len(got) != 2 {
		t.Fatalf("%d letters, one a role is wanted", len(got))
	}
	first := got[0]
	if first.FromName != h.edition.Name || first.ReplyTo != h.edition.Contact {
		t.Errorf("it comes from %q, answers go to %q", first.FromName, first.ReplyTo)
	}
	for _, want := range []string{"Maud Mentor", "Olympe", h.edition.Name, h.edition.Place, "mentor", "2018"} {
		if !strings.Contains(first.Text, want) {
			t.Errorf("the letter does not say %q:\n%s", want, first.Text)
		}
	}
	link := regexp.MustCompile(`/sign-in/\S+`).FindString(first.Text)
	if page := h.ask(http.MethodGet, link, h.cookie(account.Actor{}, i18n.French), nil); !strings.Contains(page.Body.String(), "Maud Mentor") {
		t.Errorf("the link: %d", page.Code)
	}
	if w := h.ask(http.MethodPost, link, h.cookie(account.Actor{}, i18n.French), url.Values{}); w.Header().Get("Location") != h.edition.URL()+"/today" {
		t.Errorf("the link leads to %q", w.Header().Get("Location"))
	}
}

// Before the page is public, the organiser's page is a list of what is left to do; each
// thing that is done is ticked, and the list goes when the page is published.
func TestControl_beforeTheAnnouncement(t *testing.T) {
	t.Parallel()
	h := empty(t)
	boss := h.admin("olympe@example.org", "Olympe")
	h.found(boss)
	id := h.edition.ID
	h.who["organiser"] = boss
	h.must(h.Editions.Unpublish(t.Context(), boss, id))
	board := func() string {
		return h.ask(http.MethodGet, h.edition.URL()+"/control", h.cookie(boss, i18n.English), nil).Body.String()
	}
	done := func() int { return strings.Count(board(), `class="is-done"`) }
	before := done()
	if before == 0 || !strings.Contains(board(), "Before you announce") {
		t.Fatalf("%d done\n%s", before, board())
	}
	h.change(func(e edition.Edition) edition.Edition {
		e.Tagline, e.Theme, e.Practical = "Mieux habiter", "Des services", "Gare d’Amiens, puis le tram."
		return e
	})
	if _, err := h.Programme.AddUsual(t.Context(), boss, id); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ada", "bea", "cleo"} {
		_, err := h.Name(t.Context(), boss, id, app.Named{Email: name + "@example.org", Name: name, Role: edition.Juror})
		h.must(err)
	}
	_, err := h.Name(t.Context(), boss, id, app.Named{Email: "mo@example.org", Name: "Mo", Role: edition.Mentor})
	h.must(err)
	if n := done(); n != 6 || !strings.Contains(board(), "6 of 7") {
		t.Errorf("%d of 7 done\n%s", n, board())
	}
	h.must(h.Editions.Publish(t.Context(), boss, id))
	if strings.Contains(board(), "Before you announce") {
		t.Error("the list stays when the page is public")
	}
}

// The button over the settings publishes what has just been typed under it.
func TestPublish_keepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := empty(t)
	boss := h.admin("olympe@example.org", "Olympe")
	h.found(boss)
	h.must(h.Editions.Unpublish(t.Context(), boss, h.edition.ID))
	cookie := h.cookie(boss, i18n.English)
	form := url.Values{"name": {""}, "tagline": {"Tapé à l’instant"}, "slug": {"amiens-2018"}, "place": {"Amiens"}, "contact": {"contact@example.org"},
		"starts": {"2018-05-19T09:00"}, "hand_in": {"2018-05-21T09:00"}, "seats": {"24"}, "team_min": {"3"}, "team_max": {"5"}, "grace": {"60"}, "accent": {"#00668a"}}
	if w := h.ask(http.MethodPost, h.edition.URL()+"/publish", cookie, form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Tapé à l’instant") {
		t.Fatalf("an event without a name: %d, and what was typed must stay", w.Code)
	}
	form.Set("name", "Habiter ensemble")
	w := h.ask(http.MethodPost, h.edition.URL()+"/publish", cookie, form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", w.Code, w.Body)
	}
	e, err := h.Editions.Get(t.Context(), h.DB, h.edition.ID)
	h.must(err)
	if e.State != edition.Published || e.Tagline != "Tapé à l’instant" || e.Name != "Habiter ensemble" {
		t.Errorf("%s, %q, %q", e.State, e.Name, e.Tagline)
	}
}

// What an inauguration begins with says nothing of teams, computers and nights.
func TestFound_draftsFitTheKind(t *testing.T) {
	t.Parallel()
	h := empty(t)
	boss := h.admin("olympe@example.org", "Olympe")
	start := h.clock.Now().Add(90 * 24 * time.Hour)
	e, err := h.Found(t.Context(), boss, app.Plan{Preset: "inauguration", Edition: edition.Edition{Kind: edition.Inauguration, Name: "Les Tilleuls", Slug: "tilleuls",
		Place: "Amiens", Contact: "olympe@example.org", Zone: time.UTC, Lang: i18n.French, TeamMin: 1, TeamMax: 1,
		At: map[edition.Moment]time.Time{edition.Starts: start, edition.Ends: start.Add(4 * time.Hour)}}})
	h.must(err)
	for _, strange := range []string{"quipe", "ordinateur", "Nuit", "jury"} {
		if strings.Contains(e.Rules+e.Practical, strange) {
			t.Errorf("the drafts speak of %q:\n%s\n%s", strange, e.Rules, e.Practical)
		}
	}
}

// Once everybody is in, the crew's page leads on: to their shifts, and to the stage while
// teams pitch.
func TestToday_crewOnceEverybodyIsIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.clock.Set(h.edition.At[edition.Doors].Add(time.Minute))
	if page := h.page("crew", h.edition.URL()+"/today"); !strings.Contains(page, "L’accueil est ouvert") {
		t.Errorf("at the doors:\n%s", page)
	}
	h.clock.Set(h.edition.At[edition.Pitches].Add(time.Minute))
	if page := h.page("crew", h.edition.URL()+"/today"); !strings.Contains(page, h.edition.URL()+"/pitches/run") {
		t.Errorf("while teams pitch:\n%s", page)
	}
}

// Saving the settings as they stand leaves an event without a colour of its own in the
// house's: a colour field that is sent empty would come back black.
func TestSettings_savedAsTheyStandChangeNoColour(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.page("organiser", h.edition.URL()+"/settings")
	shown := regexp.MustCompile(`type="color" value="(#[0-9a-f]{6})"`).FindStringSubmatch(page)
	if shown == nil {
		t.Fatal("the colour field is empty, which a browser sends as black")
	}
	form := url.Values{"name": {"Habiter ensemble"}, "slug": {"amiens-2018"}, "place": {"Amiens"}, "contact": {"contact@example.org"},
		"starts": {"2018-05-19T09:00"}, "hand_in": {"2018-05-21T09:00"}, "seats": {"24"}, "team_min": {"3"}, "team_max": {"5"}, "grace": {"60"}, "accent": {shown[1]}}
	for colour, want := range map[string]string{shown[1]: "", "#AA3300": "#aa3300"} {
		form.Set("accent", colour)
		if w := h.ask(http.MethodPost, h.edition.URL()+"/settings", h.cookie(h.who["organiser"], i18n.French), form); w.Code != http.StatusSeeOther {
			t.Fatalf("saving answers %d", w.Code)
		}
		if e, err := h.Editions.Get(t.Context(), h.DB, h.edition.ID); err != nil || e.Accent != want {
			t.Errorf("%s is kept as %q, want %q (%v)", colour, e.Accent, want, err)
		}
	}
}
