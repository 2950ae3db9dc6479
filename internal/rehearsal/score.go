package rehearsal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"h48/internal/kit/web"
)

// visitor is somebody's browser, with no network between it and the program.
type visitor struct {
	handler http.Handler
	cookie  string
}

// visit opens a session for the person.
func (r *Rehearsal) visit(ctx context.Context, p person) (visitor, error) {
	session, err := r.app.Enter(ctx, p.actor.ID)
	if err != nil {
		return visitor{}, err
	}
	return visitor{handler: r.app.Handler(), cookie: web.CookieName + "=" + session.Token + "~fr~~"}, nil
}

// ask sends one request and returns the page.
func (v visitor) ask(ctx context.Context, method, path string, values url.Values) (status int, page string, err error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://h48.test"+path, strings.NewReader(values.Encode()))
	if err != nil {
		return 0, "", err
	}
	if v.cookie != "" {
		request.Header.Set("Cookie", v.cookie)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Accept", "application/json") // as the device sends it for its holder
	}
	answer := &screen{header: http.Header{}, status: http.StatusOK}
	v.handler.ServeHTTP(answer, request)
	return answer.status, answer.page.String(), nil
}

// screen is what the browser shows.
type screen struct {
	header http.Header
	page   bytes.Buffer
	status int
}

func (s *screen) Header() http.Header         { return s.header }
func (s *screen) WriteHeader(status int)      { s.status = status }
func (s *screen) Write(p []byte) (int, error) { return s.page.Write(p) }

var errNotShown = errors.New("the jury's page does not show the team")

var (
	tags       = regexp.MustCompile(`<(form|input)\b[^>]*>`)
	attributes = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

// form is a juror's form as the page shows it: where it goes, and the values that each
// question offers.
type form struct {
	action  string
	hidden  url.Values
	choices map[string][]int
}

// readSheet finds the form with the most questions of numbered choices.
func readSheet(page string) (form, bool) {
	var best, current form
	for _, tag := range tags.FindAllStringSubmatch(page, -1) {
		a := map[string]string{}
		for _, m := range attributes.FindAllStringSubmatch(tag[0], -1) {
			a[m[1]] = m[2]
		}
		if tag[1] == "form" {
			current = form{action: a["action"], hidden: url.Values{}, choices: map[string][]int{}}
			continue
		}
		switch a["type"] {
		case "hidden":
			current.hidden.Set(a["name"], a["value"])
		case "radio":
			if n, err := strconv.Atoi(a["value"]); err == nil {
				current.choices[a["name"]] = append(current.choices[a["name"]], n)
			}
		}
		if len(current.choices) > len(best.choices) {
			best = current
		}
	}
	return best, len(best.choices) > 0
}

// score lets the jurors who saw the pitch score it on their pages: how good the team is,
// how strict the juror is, and a little chance.
func (r *Rehearsal) score(ctx context.Context, team string, i int) error {
	merit := r.merit(i)
	for _, j := range r.watching() {
		felt := func(choices int) int {
			felt := merit + float64(j%5-2)*0.25 + r.rand.NormFloat64()*0.8
			return min(max(int(math.Round(felt/5*float64(choices)))-1, 0), choices-1)
		}
		word := url.Values{}
		if text, named := r.wordFor(j, i); text != "" {
			word.Set("word", text)
			if named {
				word.Set("named", "yes")
			}
		}
		if err := r.scoreOnPage(ctx, r.cast.jurors[j], team, j == 0 && team == r.cast.recused, felt, word); err != nil {
			return err
		}
	}
	return nil
}

// A jury is five people who see every team, as long as they can: one juror sees forty
// teams at most. In a larger event each team is seen by five jurors of a larger jury.
const (
	jurorsOfATeam = 5
	teamsOfAJuror = 40
)

// watching are the jurors at the next pitch, by number: those who have seen the fewest,
// and among them by chance, so that juries mix and can be compared.
func (r *Rehearsal) watching() []int {
	order := r.rand.Perm(len(r.cast.jurors))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.cast.seen[a], r.cast.seen[b]) })
	watching := order[:min(jurorsOfATeam, len(order))]
	slices.Sort(watching)
	for _, j := range watching {
		r.cast.seen[j]++
	}
	return watching
}

// scoreOnPage reads the juror's page of the team and sends its form, with the fields of a
// word for the team.
func (r *Rehearsal) scoreOnPage(ctx context.Context, juror person, team string, recused bool, felt func(choices int) int, word url.Values) error {
	v, err := r.visit(ctx, juror)
	if err != nil {
		return err
	}
	path := r.e.URL() + "/jury/teams/" + team
	status, page, err := v.ask(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if recused {
		if status != http.StatusNotFound && status != http.StatusForbidden {
			return fmt.Errorf("a recused juror sees the team: %s answered %d", path, status)
		}
		return nil
	}
	asked, shown := readSheet(page)
	if status != http.StatusOK || !shown {
		return fmt.Errorf("%w: %s answered %d", errNotShown, path, status)
	}
	values := asked.hidden
	for _, name := range slices.Sorted(maps.Keys(asked.choices)) { // chance must fall the same way each time
		choices := asked.choices[name]
		values.Set(name, strconv.Itoa(choices[felt(len(choices))]))
	}
	maps.Copy(values, word)
	action := asked.action
	if action == "" {
		action = path
	}
	if status, answer, err := v.ask(ctx, http.MethodPost, action, values); err != nil || status != http.StatusOK {
		return errors.Join(fmt.Errorf("scoring at %s: %d %s", action, status, answer), err)
	}
	r.facts.Marks += len(asked.choices)
	return nil
}

// merit is how good the i-th team to pitch is, on a scale of five.
func (r *Rehearsal) merit(i int) float64 {
	for len(r.merits) <= i {
		r.merits = append(r.merits, min(max(3.1+r.rand.NormFloat64()*0.7, 1), 5))
	}
	return r.merits[i]
}
