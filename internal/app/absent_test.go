package app_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
)

// TestGathering_speaksOfNoTeam: an inauguration and a staff day have no team, no project
// and no jury; no page that is there speaks of one, and those of teams are not there.
func TestGathering_speaksOfNoTeam(t *testing.T) {
	t.Parallel()
	for _, kind := range []edition.Kind{edition.Inauguration, edition.StaffDay} {
		h := open(t)
		h.change(func(e edition.Edition) edition.Edition {
			e.Kind, e.TeamMin, e.TeamMax, e.Theme, e.Tagline, e.Rules, e.Practical = kind, 1, 1, "", "", "", ""
			for m := range e.At {
				if !strings.Contains("registration_opens registration_closes doors starts ends", string(m)) {
					delete(e.At, m)
				}
			}
			return e
		})
		foreign := regexp.MustCompile(`(?i)\b(équipes?|jury|jurés?|pitchs?|mentors?|projets?|lauréats?|compétences|chrono|défis?|délibération)\b`)
		words := regexp.MustCompile(`<[^>]*>`)
		for _, path := range []string{"/register", "/registrations", "/registrations/new", "/programme", "/programme/new", "/settings", "/control", "/today",
			"/meals", "/cups", "/messages", "/recap/edit", "/badge"} {
			page := h.page("organiser", "/e/amiens-2018"+path)
			_, main, _ := strings.Cut(page, "<main")
			main, _, _ = strings.Cut(main, "</main>")
			main = words.ReplaceAllString(main, " ")
			if at := foreign.FindStringIndex(main); at != nil {
				t.Errorf("%s: %q speaks of it: %s", kind, path, main[max(at[0]-60, 0):min(at[1]+60, len(main))])
			}
		}
		cookie := h.cookie(h.who["organiser"], i18n.French)
		for _, path := range []string{"/judging", "/teams", "/projects", "/results", "/jury/board", "/votes", "/stage/reveal", "/challenges", "/prizes", "/registrations/skills"} {
			if w := h.ask(http.MethodGet, "/e/amiens-2018"+path, cookie, nil); w.Code != http.StatusNotFound {
				t.Errorf("%s: %s is there: %d", kind, path, w.Code)
			}
		}
	}
}

// TestAbsent_everyAddressIsDecided: who adds a page says whether an event without teams has
// it: here, or among those that only teams have.
func TestAbsent_everyAddressIsDecided(t *testing.T) {
	t.Parallel()
	gathering := strings.Fields(`accent.css again b badge certificate certificates checkin control crew cups jobs logo meals messages partners passes people
		presences programme programme.ics publish recap register registration registrations rehearsal sessions settings share.png sheets stage today
		trail trail.csv unpublish workshops`)
	door := open(t).Door
	for _, route := range door.Routes() {
		_, path, in := strings.Cut(route.Pattern, "/e/{edition}/")
		first, _, _ := strings.Cut(path, "/")
		if in && !slices.Contains(gathering, first) && !door.Absent(route.Pattern, edition.StaffDay) {
			t.Errorf("%s %s: say whether an event without teams has it", route.Method, route.Pattern)
		}
	}
}
