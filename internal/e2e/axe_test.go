package e2e_test

import (
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/certificate"
	"h48/internal/config"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/web"
	"h48/internal/registration"
	"h48/internal/rehearsal"
)

//go:embed testdata/axe/axe.min.js
var axe string

// audit returns what axe finds against WCAG 2.2 A and AA on the page that is shown.
func (one *person) audit() []string {
	one.t.Helper()
	one.until(`document.readyState === "complete"`)
	ask[bool](one, "(() => {"+axe+"; return true})()")
	return ask[[]string](one, `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then((r) =>
		r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html.slice(0, 160) + " " + n.failureSummary.replaceAll("\n", " ").slice(0, 260))))`)
}

// overflow is how many pixels the page is wider than the screen.
func (one *person) overflow() float64 {
	one.t.Helper()
	return ask[float64](one, `document.documentElement.scrollWidth - innerWidth`)
}

// rehearsed runs the program with the event of Amiens, held by made-up people until so
// long after the moment.
func rehearsed(t testing.TB, m edition.Moment, after time.Duration) (*program, *rehearsal.Postbox) {
	t.Helper()
	post := rehearsal.NewPostbox()
	p := serve(t, app.Parts{Sender: post, Words: [][]byte{rehearsal.Words}, IDs: ids.Seeded(48, time.Now)}, config.Mail{})
	event, err := rehearsal.New(t.Context(), p.App, post, rehearsal.Config{Participants: 24, Seed: 48})
	if err != nil {
		t.Fatal(err)
	}
	p.e = event.Edition()
	if err := event.Run(t.Context(), p.e.At[m].Add(after)); err != nil {
		t.Fatal(err)
	}
	who, err := p.Accounts.Find(t.Context(), p.DB, "olympe.exemple@example.org")
	if err != nil {
		t.Fatal(err)
	}
	p.boss = who.Actor()
	return p, post
}

// member is the first person of the role, by name; the zero actor for "".
func (p *program) member(t testing.TB, role edition.Role) account.Actor {
	t.Helper()
	if role == "" {
		return account.Actor{}
	}
	members, err := p.Editions.Members(t.Context(), p.DB, p.e.ID, role)
	if err != nil || len(members) == 0 {
		t.Fatalf("nobody is %s: %v", role, err)
	}
	return members[0].Account.Actor()
}

// sight is a page that somebody can come to.
type sight struct {
	pattern, path string
	role          edition.Role
}

var linkForm = regexp.MustCompile(`(?:href|formaction)="(/[^"#]*)`)

// sights follows every link from the pages of the edition as each role, and returns the
// first address of each page, as the first role that comes to it.
func (p *program) sights(t *testing.T, seeds []string) []sight {
	t.Helper()
	mux := http.NewServeMux()
	var plain []string
	for _, route := range p.Door.Routes() {
		if route.Method != http.MethodGet || strings.HasPrefix(route.Pattern, "/api/") {
			continue
		}
		mux.Handle("GET "+route.Pattern, http.NotFoundHandler())
		if path := strings.ReplaceAll(strings.ReplaceAll(route.Pattern, "{edition}", p.e.Slug), "{$}", ""); !strings.Contains(path, "{") {
			plain = append(plain, path)
		}
	}
	found := map[string]bool{}
	var all []sight
	for _, role := range []edition.Role{"", edition.Juror, edition.Mentor, edition.Crew, edition.Participant, edition.Organiser} {
		client := p.client(t, p.member(t, role))
		queue, seen := slices.Concat([]string{p.url("today")}, seeds, plain), map[string]bool{}
		for len(queue) > 0 && len(seen) < 4000 {
			path := queue[0]
			queue = queue[1:]
			request, err := http.NewRequest(http.MethodGet, p.base+strings.ReplaceAll(path, "&amp;", "&"), nil)
			if err != nil {
				t.Fatal(err)
			}
			_, pattern := mux.Handler(request)
			pattern = strings.TrimPrefix(pattern, "GET ")
			if pattern == "" || seen[pattern] {
				continue
			}
			body, ok := read(t, client, request)
			if !ok {
				continue
			}
			seen[pattern] = true
			if !found[pattern] || strings.HasSuffix(pattern, "/today") {
				found[pattern] = true
				all = append(all, sight{pattern, path, role})
			}
			for _, link := range linkForm.FindAllStringSubmatch(body, -1) {
				queue = append(queue, link[1])
			}
		}
	}
	return all
}

// client is a browser without script.
func (p *program) client(t testing.TB, who account.Actor) *http.Client {
	t.Helper()
	token := ""
	if !who.Public() {
		session, err := p.Enter(t.Context(), who.ID)
		if err != nil {
			t.Fatal(err)
		}
		token = session.Token
	}
	return &http.Client{Transport: as(token), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// as sends every request in the session of the token.
type as string

// RoundTrip implements http.RoundTripper.
func (token as) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.AddCookie(&http.Cookie{Name: web.CookieName, Value: string(token) + "~fr~~"})
	return http.DefaultTransport.RoundTrip(r)
}

// read returns a page, and whether the address has one.
func read(t testing.TB, client *http.Client, request *http.Request) (body string, ok bool) {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s answers %s", request.URL.Path, response.Status)
	}
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		return "", false
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), true
}

// noPages are routes that lead to a file, a calendar or a redirection, not to a page.
var noPages = []string{"accent.css", "logo", ".csv", ".xlsx", ".ics", ".json", ".pdf", ".zip", ".png", ".svg", "openapi", "/checkin/{file}", "project-files", "/me", "copies",
	"/b/{code}", "certificate/{kind}", "certificates/{job}", "exports/{job}", "jury/paper/printed/{job}", "deliberation/scans", "jury/compare", "recap/pictures", "gallery/pictures", "gallery/sites", "/oembed", "/s/{code}", "/h/{code}", "/picture/{", "votes/{poll}/sheet", "followup/answer", "/first/{key}"}

// Every page of the event of Amiens, while it runs and when it is over: no violation of
// WCAG 2.2 A or AA, and nothing wider than a phone.
func TestEveryPage_isAccessible(t *testing.T) {
	needChromium(t)
	visited := map[string]bool{}
	for _, stop := range []struct {
		name  string
		m     edition.Moment
		after time.Duration
	}{{"while it runs", edition.Starts, 25 * time.Hour}, {"when it is over", edition.Ends, 24 * time.Hour}} {
		t.Run(stop.name, func(t *testing.T) {
			p, post := rehearsed(t, stop.m, stop.after)
			people := map[string]*person{}
			for i, s := range p.sights(t, p.seeds(t, post)) {
				if visited[s.pattern] && !strings.HasSuffix(s.pattern, "/today") {
					continue
				}
				visited[s.pattern] = true
				how := look{screen: phone}
				if i%2 == 1 {
					how = look{screen: laptop, lang: i18n.English, dark: true}
				}
				key := fmt.Sprint(s.role, i%2)
				if people[key] == nil {
					people[key] = p.sit(t, p.member(t, s.role), how)
				}
				people[key].inspect(t, s, how)
			}
		})
	}
	p := start(t)
	for _, route := range p.Door.Routes() {
		api := route.Method != http.MethodGet || strings.HasPrefix(route.Pattern, "/api/")
		other := slices.ContainsFunc(noPages, func(part string) bool { return strings.Contains(route.Pattern, part) })
		if !api && !other && !visited[route.Pattern] {
			t.Errorf("no link led to %s", route.Pattern)
		}
	}
}

// hiddenViews are the views of a page that it is on, where their names are out of sight.
const hiddenViews = `[...document.querySelectorAll(".tabs [aria-current]")].filter(seen).filter((e) => {
	const r = e.getBoundingClientRect();
	return r.left < 0 || r.right > innerWidth;
}).map((e) => e.innerText)`

func (one *person) inspect(t *testing.T, s sight, how look) {
	t.Helper()
	one.t = t
	one.do(chromedp.EmulateViewport(how.screen.width, how.screen.height))
	one.open(strings.ReplaceAll(s.path, "&amp;", "&"))
	if found := one.audit(); len(found) > 0 {
		t.Errorf("%s as %q: axe finds\n%s", s.path, s.role, strings.Join(found, "\n"))
	}
	if hidden := ask[[]string](one, hiddenViews); how.screen == phone && len(hidden) > 0 {
		t.Errorf("%s as %q does not show on which view it is: %q", s.path, s.role, hidden)
	}
	one.do(chromedp.EmulateViewport(phone.width, phone.height))
	if beyond := one.overflow(); beyond > 0 {
		t.Errorf("%s as %q is %v px wider than a phone: %s", s.path, s.role, beyond, ask[[]string](one,
			`[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("[class*=scroll], .table-wrap")).slice(0, 5).map((e) => e.outerHTML.slice(0, 120))`))
	}
}

// seeds are the addresses to which only a letter, a printed code or a running job leads.
func (p *program) seeds(t *testing.T, post *rehearsal.Postbox) []string {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	links, err := p.Link.Print(ctx, p.boss, p.e.ID, []account.ID{p.member(t, edition.Juror).ID})
	check(err)
	guest, err := p.Registration.Add(ctx, p.boss, p.e.ID, registration.Asked{Email: address("Zoé Exemple"), Answers: registration.Answers{Name: "Zoé Exemple"}})
	check(err)
	check(p.Registration.Resend(ctx, p.boss, guest.ID))
	check(p.Accounts.AskLink(ctx, p.boss.Email, "/"))
	preview, err := p.Registration.Upload(ctx, p.boss, p.e.ID, "liste.csv", strings.NewReader("Nom;Adresse e-mail\nYvan Exemple;yvan@example.org\nX;sans-arobase\n"))
	check(err)
	job, err := p.Certificate.MakeAll(ctx, p.boss, p.e.ID, []certificate.Kind{certificate.Thanks})
	check(err)
	badge, err := p.Checkin.Badge(ctx, p.member(t, edition.Crew), p.e.ID)
	check(err)
	teams, err := p.Team.List(ctx, p.DB, p.e.ID)
	check(err)
	for n := 1; n > 0; {
		n, err = p.RunDueJobs(ctx)
		check(err)
	}
	code, err := sqldb.One(ctx, p.DB, func(code *string) []any { return []any{code} }, `SELECT code FROM certificates ORDER BY code LIMIT 1`)
	check(err)
	shown, err := p.Project.PublicProjects(ctx, p.DB, p.e.ID)
	check(err)
	var cards []string // which other sites show
	for _, one := range shown {
		cards = append(cards, p.url("projects", string(one.Project), "card"))
	}
	_, sheets, err := p.Paper.Print(ctx, p.boss, p.e.ID, nil, i18n.French)
	check(err)
	seeds := append(cards, p.url("jury", "paper", sheets[0].Code), "/verify/"+code, p.url("registrations", "import", preview.ID), p.url("jobs", job), p.Team.InviteURL(p.e, teams[0]), badge.URL)
	for _, l := range links {
		seeds = append(seeds, l.URL)
	}
	for _, to := range []string{p.boss.Email, address("Zoé Exemple")} {
		if letter, came := post.Newest(to); came {
			seeds = append(seeds, link(p.base, letter.Text))
		}
	}
	seeds = append(seeds, p.ballots(t)...)
	for i, seed := range seeds {
		seeds[i] = strings.TrimPrefix(seed, p.base)
	}
	return seeds
}
