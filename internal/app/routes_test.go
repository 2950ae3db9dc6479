package app_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
)

var update = flag.Bool("update", false, "write testdata/routes.txt again")

const routesFile = "testdata/routes.txt"

// TestRoutes_tableIsReviewed: a route is open to whom the table says, and a change of it
// is a change of the table that somebody reads.
func TestRoutes_tableIsReviewed(t *testing.T) {
	t.Parallel()
	h := open(t)
	var lines []string
	for _, r := range h.Door.Routes() {
		lines = append(lines, fmt.Sprintf("%-6s %-70s %s", r.Method, r.Pattern, r.Rule))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		h.must(os.MkdirAll("testdata", 0o755))
		h.must(os.WriteFile(routesFile, []byte(got), 0o644))
	}
	want, err := os.ReadFile(routesFile)
	h.must(err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the routes are not those of %s; read the change, then go test ./internal/app -update (-want +got):\n%s", routesFile, diff)
	}
}

var pathValue = regexp.MustCompile(`\{[a-z]+\}`)

// address completes a pattern: the edition is there, everything else is not.
func address(pattern string) string {
	pattern = strings.ReplaceAll(strings.TrimSuffix(pattern, "{$}"), "{edition}", "amiens-2018")
	return pathValue.ReplaceAllString(pattern, "nothing")
}

// TestRoutes_asEverybody asks for every route as everybody: whom the rule keeps out gets
// the way to sign in or a refusal, whom it lets in gets anything else, and nobody ever
// gets an error of ours.
func TestRoutes_asEverybody(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"", "participant", "mentor", "speaker", "juror", "crew", "partner", "organiser", "admin"} {
		t.Run("as "+who, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			h.clock.Set(h.edition.At[edition.Pitches])
			cookie := h.cookie(h.who[who], i18n.French)
			for _, r := range h.Door.Routes() {
				if undoing(r.Pattern) {
					continue
				}
				w := h.ask(r.Method, address(r.Pattern), cookie, nil)
				if finer(who, r.Pattern) && w.Code == http.StatusForbidden {
					continue
				}
				if want := verdict(r, who); !want.allows(w.Code, w.Header().Get("Location")) {
					t.Errorf("%s %s (%s) as %q: %d %s, want %s", r.Method, r.Pattern, r.Rule, who, w.Code, w.Header().Get("Location"), want)
				}
			}
		})
	}
}

// undoing says whether the route takes away what the others are asked with: the session,
// the edition's page, the registration. Rooms test these.
func undoing(pattern string) bool {
	return pattern == "/sign-out" || pattern == "/e/{edition}/unpublish" || pattern == "/e/{edition}/registration/decline"
}

// finer says where a room lets in fewer than its route does: organisers do not compete,
// a sheet is a juror's and a juror is sent, jurors see no ranking before the deliberation,
// and what leads the jury is for its head alone.
func finer(who, pattern string) bool {
	page := strings.TrimPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/e/{edition}")
	switch who {
	case "organiser":
		return page == "/teams/join" || page == "/team/leave" || page == "/jury/sheets/{juror}/{team}" ||
			page == "/jury/hall/send" || page == "/jury/hall/missing" || page == "/jury/jurors/{juror}/head" ||
			page == "/jury/hall/jurors/{juror}/missing" || page == "/jury/hall/jurors/{juror}/back"
	case "juror":
		return page == "/jury/ranking" || page == "/jury/panels/{prize}/ranking" || strings.HasPrefix(page, "/jury/hall") || strings.HasPrefix(page, "/jury/paper") || strings.HasPrefix(page, "/jury/exports") ||
			slices.Contains([]string{"/jury/record.jsonl", "/jury/marks.xlsx", "/jury/judging.pdf", "/jury/marks.csv"}, page)
	}
	return false
}

// expected is what the rule says of somebody.
type expected string

const (
	in     expected = "to be let in"
	signIn expected = "the way to sign in"
	out    expected = "a refusal"
)

func (e expected) allows(status int, location string) bool {
	switch e {
	case signIn:
		return status == http.StatusUnauthorized || status == http.StatusSeeOther && strings.HasPrefix(location, "/sign-in")
	case out:
		return status == http.StatusForbidden
	case in:
	}
	return status < 500 && status != http.StatusUnauthorized && status != http.StatusForbidden
}

func verdict(r door.Route, who string) expected {
	rule := r.Rule.String()
	switch {
	case rule == "anyone":
		return in
	case who == "":
		return signIn
	case rule == "signed in", rule == "members" && who != "admin", rule == "admins" && (who == "admin" || who == "organiser"):
		return in // Olympe founded the edition, so she looks after the installation too
	case slices.Contains(strings.Split(rule, ", "), who):
		return in
	}
	return out
}
