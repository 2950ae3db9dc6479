package app_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
	"h48/internal/message"
	"h48/internal/programme"
	"h48/internal/registration"
)

var emailForm = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)

func TestPublicPage_showsNoAddressButTheContact(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.page("", "/e/amiens-2018")
	for _, address := range emailForm.FindAllString(page, -1) {
		if address != "contact@example.org" {
			t.Errorf("the public page says %s", address)
		}
	}
	for _, text := range []string{"Une Personne mentor", "Une Personne juror", "5 000", "S’inscrire", "24 places"} {
		if !strings.Contains(strings.ReplaceAll(page, "\u202f", " "), text) {
			t.Errorf("the public page does not say %q", text)
		}
	}
}

func TestPublicPage_saysWhatRegisteringMeans(t *testing.T) {
	t.Parallel()
	h := open(t)
	opens := h.edition.At[edition.RegistrationOpens]
	for _, step := range []struct {
		at   time.Time
		says string
	}{
		{opens.Add(-time.Hour), "Les inscriptions ouvrent le"},
		{opens, "Il reste 24 places."},
		{h.edition.At[edition.RegistrationCloses], "Les inscriptions sont closes."},
	} {
		h.clock.Set(step.at)
		if page := h.page("", "/e/amiens-2018"); !strings.Contains(page, step.says) {
			t.Errorf("at %v the page does not say %q", step.at, step.says)
		}
	}
	h.clock.Set(opens)
	h.change(func(e edition.Edition) edition.Edition { e.Seats = 1; return e })
	h.register("Zoé Exemple")
	if page := h.page("", "/e/amiens-2018"); !strings.Contains(page, "Rejoindre la liste d’attente") {
		t.Error("a full edition does not offer its waiting list")
	}
}

func (h *house) change(how func(edition.Edition) edition.Edition) {
	h.t.Helper()
	var err error
	h.edition, err = h.Editions.Change(h.t.Context(), h.who["organiser"], h.edition.ID, how)
	h.must(err)
}

// register gives somebody a seat.
func (h *house) register(name string) account.Actor {
	h.t.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org"
	email = strings.NewReplacer("é", "e", "è", "e").Replace(email)
	_, err := h.Registration.Add(h.t.Context(), h.who["organiser"], h.edition.ID, registration.Asked{Email: email, Rules: true, Answers: registration.Answers{Name: name}})
	h.must(err)
	who, err := h.Accounts.Find(h.t.Context(), h.DB, email)
	h.must(err)
	return who.Actor()
}

// TestToday_leadsEveryRoleThroughEveryPhase: whoever opens their day at whatever moment
// finds one next thing, whose address exists for them.
func TestToday_leadsEveryRoleThroughEveryPhase(t *testing.T) {
	t.Parallel()
	h := open(t)
	next := regexp.MustCompile(`(?s)<section class="next.*?<h2>([^<]+)</h2>.*?<a [^>]*href="([^"]+)"`)
	for _, role := range edition.AllRoles {
		cookie := h.cookie(h.who[string(role)], i18n.English)
		for _, m := range edition.Moments {
			h.clock.Set(h.edition.At[m].Add(time.Minute))
			w := h.ask(http.MethodGet, "/e/amiens-2018/today", cookie, nil)
			found := next.FindStringSubmatch(w.Body.String())
			if w.Code != http.StatusOK || found == nil {
				t.Errorf("%s after %s: %d, no next thing", role, m, w.Code)
				continue
			}
			if strings.Contains(found[1], "app.today") {
				t.Errorf("%s after %s: %q has no words", role, m, found[1])
			}
			if to := h.ask(http.MethodGet, found[2], cookie, nil); to.Code != http.StatusOK {
				t.Errorf("%s after %s: %q leads to %s: %d", role, m, found[1], found[2], to.Code)
			}
		}
	}
}

// TestPlaces_leadSomewhere: every entry of the navigation is open to whom it is shown.
func TestPlaces_leadSomewhere(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := regexp.MustCompile(`href="(/e/amiens-2018[^"]*)"`)
	for _, who := range []string{"", "participant", "mentor", "speaker", "juror", "crew", "partner", "organiser"} {
		cookie := h.cookie(h.who[who], i18n.French)
		for _, m := range []edition.Moment{edition.RegistrationOpens, edition.Starts, edition.Pitches, edition.Ends} {
			h.clock.Set(h.edition.At[m])
			_, nav, found := strings.Cut(h.page(who, "/e/amiens-2018"), `<nav class="nav"`)
			nav, _, _ = strings.Cut(nav, "</nav>")
			links := link.FindAllStringSubmatch(nav, -1)
			if !found || len(links) == 0 {
				t.Errorf("%q sees no navigation at %s", who, m)
			}
			for _, to := range links {
				if w := h.ask(http.MethodGet, to[1], cookie, nil); w.Code >= http.StatusBadRequest {
					t.Errorf("%q at %s: %s is %d", who, m, to[1], w.Code)
				}
			}
		}
	}
}

func TestControl_saysWhatNeedsAttention(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, name := range []string{"Zoé Exemple", "Malo Fictif"} {
		h.register(name)
	}
	h.clock.Set(h.edition.At[edition.Starts].Add(time.Minute))
	page := h.page("organiser", "/e/amiens-2018/control")
	for _, text := range []string{"2 personnes sans équipe", "choses demandent votre attention", "attendues ne sont pas venues", "Le programme est vide"} {
		if !strings.Contains(page, text) {
			t.Errorf("the board does not say %q", text)
		}
	}
	act, soon := strings.Index(page, "sans équipe</h3>"), strings.Index(page, "Le programme est vide</h3>")
	if act < 0 || soon < act {
		t.Errorf("what must be done now stands at %d, what can wait at %d", act, soon)
	}
}

func TestFrame_anAnnouncementReachesAnOpenPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	server := httptest.NewServer(h.Handler())
	defer server.Close()
	page := h.page("participant", "/e/amiens-2018/today")
	if strings.Contains(page, "La salle change") {
		t.Fatal("it was announced before it was said")
	}
	topics := regexp.MustCompile(`data-topics="([^"]*)"`).FindStringSubmatch(page)[1]
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/live?"+url.Values{"t": strings.Fields(topics)}.Encode(), nil)
	h.must(err)
	stream, err := server.Client().Do(r)
	h.must(err)
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	lines.Scan() // the stream is open
	_, err = h.Message.Send(t.Context(), h.who["organiser"], h.edition.ID, message.Draft{Text: "La salle change", Level: message.Now, Audience: message.Everyone}, once.Action{ID: "one"})
	h.must(err)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data: "+edition.Topic(h.edition.ID)) {
			break
		}
	}
	h.must(lines.Err())
	for _, who := range []string{"participant", "juror", ""} {
		region := regexp.MustCompile(`(?s)<section id="announcements" data-live.*?</section>`)
		if said := region.FindString(h.page(who, "/e/amiens-2018/programme")); !strings.Contains(said, "La salle change") {
			t.Errorf("%q is not told: %s", who, said)
		}
	}
}

// The projector is signed in as the crew; the room reads on it what is for everybody, and
// nothing that is for the crew.
func TestFrame_theProjectorShowsWhatIsForEverybody(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, d := range []message.Draft{{Text: "La salle change", Level: message.Now, Audience: message.Everyone},
		{Text: "Le jury est en retard", Level: message.Now, Audience: message.Crew}} {
		_, err := h.Message.Send(t.Context(), h.who["organiser"], h.edition.ID, d, once.Action{ID: d.Text})
		h.must(err)
	}
	stage := h.page("crew", "/e/amiens-2018/stage")
	if !strings.Contains(stage, "La salle change") || strings.Contains(stage, "Le jury est en retard") {
		t.Errorf("the projector shows the wrong announcements: %s", stage)
	}
	if today := h.page("crew", "/e/amiens-2018/today"); !strings.Contains(today, "Le jury est en retard") {
		t.Errorf("the crew is not told")
	}
}

func TestNew_keepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	typed := url.Values{"name": {"Amiens <2019>"}, "slug": {"Pas Bon !"}, "start": {"hier"}, "hours": {"mille"}, "seats": {"-3"}, "zone": {"Lune/Mer"},
		"team_min": {"9"}, "team_max": {"2"}, "prize": {"beaucoup"}, "weight_useful": {"900"}, "contact": {"personne"}, "accent": {"bleu"}}
	for lang, says := range map[i18n.Lang]string{i18n.French: "Un jour et une heure.", i18n.English: "A day and a time."} {
		w := h.ask(http.MethodPost, "/new/landlord", h.cookie(h.who["admin"], lang), typed)
		if w.Code != http.StatusUnprocessableEntity {
			t.Fatalf("%s: nonsense was taken: %d", lang, w.Code)
		}
		page := w.Body.String()
		for _, kept := range []string{says, "Amiens &lt;2019&gt;", `value="Pas Bon !"`, `value="hier"`, `value="mille"`, `value="beaucoup"`, `value="900"`} {
			if !strings.Contains(page, kept) {
				t.Errorf("%s: the form lost %q", lang, kept)
			}
		}
	}
}

func TestHoldAgain_bringsWhatWasDecidedAndNobody(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx, boss := t.Context(), h.who["organiser"]
	h.register("Zoé Exemple")
	saturday := h.edition.At[edition.Starts]
	_, err := h.Programme.Add(ctx, boss, h.edition.ID, programme.Plan{Kind: programme.Workshop, Title: "Le pitch", Room: "Salle Somme",
		Start: saturday.Add(5 * time.Hour), End: saturday.Add(6 * time.Hour), Seats: 12, Public: true, SpeakerName: "Jules Imaginaire"})
	h.must(err)
	_, err = h.Editions.AddPartner(ctx, boss, h.edition.ID, edition.PartnerOrg{Name: "Réseau fictif"})
	h.must(err)
	w := h.ask(http.MethodPost, "/e/amiens-2018/again", h.cookie(boss, i18n.French), nil)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/e/amiens-2019/settings" {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	next, err := h.Editions.BySlug(ctx, "amiens-2019")
	h.must(err)
	if start := next.At[edition.Starts].In(next.Zone); start.Weekday() != time.Saturday || start.Hour() != 9 || start.Year() != 2019 {
		t.Errorf("the next clock opens on %v", start)
	}
	if next.State != edition.Draft || next.ClonedFrom != h.edition.ID || next.Name != "Hackathon de l’habitat 2019" {
		t.Errorf("%s %s from %s", next.State, next.Name, next.ClonedFrom)
	}
	members, err := h.Editions.Members(ctx, h.DB, next.ID, "")
	h.must(err)
	people, err := h.Registration.All(ctx, h.DB, next.ID)
	h.must(err)
	if len(members) != 1 || members[0].Account.ID != boss.ID || len(people) != 0 {
		t.Errorf("%d members and %d registrations came along", len(members), len(people))
	}
	sessions, err := h.Programme.List(ctx, h.DB, boss, next.ID)
	h.must(err)
	if len(sessions) != 1 || sessions[0].By() != "" || sessions[0].Start.In(next.Zone).Hour() != 14 {
		t.Errorf("the programme is %+v", sessions)
	}
	prizes, err := h.Award.Prizes(ctx, h.DB, next.ID)
	h.must(err)
	criteria, err := h.Jury.Criteria(ctx, h.DB, next.ID)
	h.must(err)
	themes, err := h.Mentoring.Themes(ctx, h.DB, next.ID)
	h.must(err)
	meals, err := h.Catering.Tallies(ctx, h.DB, next.ID)
	h.must(err)
	partners, err := h.Editions.Partners(ctx, h.DB, next.ID)
	h.must(err)
	if len(prizes) != 1 || len(criteria) != 5 || len(themes) != 6 || len(meals) != 6 || len(partners) != 1 {
		t.Errorf("%d prizes, %d criteria, %d themes, %d meals, %d partners", len(prizes), len(criteria), len(themes), len(meals), len(partners))
	}
}

// A form may name what another organiser has just taken away.
func TestForm_namesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	h := open(t)
	got := h.ask(http.MethodPost, h.edition.URL()+"/teams/excuse", h.cookie(h.who["organiser"], i18n.French), url.Values{"who": {"nobody"}, "reason": {"arrive dimanche"}})
	if got.Code != http.StatusNotFound {
		t.Errorf("it is answered %d", got.Code)
	}
}
