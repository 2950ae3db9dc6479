package rehearsal

import (
	"bytes"
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

	"h48/internal/jury"
	"h48/internal/kit/once"
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

// onPages is how many teams' marks go through the jurors' pages; in a larger event those
// of the others are given to the same use case directly, since a page shows a juror's
// whole list each time.
const onPages = 40

// score lets every juror who may see the team score it: how good the team is, how strict
// the juror is, and a little chance.
func (r *Rehearsal) score(ctx context.Context, team string, i int) error {
	merit := r.merit(i)
	for j, juror := range r.cast.jurors {
		felt := func(choices int) int {
			felt := merit + float64(j-2)*0.25 + r.rand.NormFloat64()*0.8
			return min(max(int(math.Round(felt/5*float64(choices)))-1, 0), choices-1)
		}
		var err error
		if i < onPages {
			err = r.scoreOnPage(ctx, juror, team, j == 0 && team == r.cast.recused, felt)
		} else {
			err = r.scoreDirectly(ctx, juror, team, j == 0 && team == r.cast.recused, felt)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// scoreOnPage reads the juror's page of the team and sends its form.
func (r *Rehearsal) scoreOnPage(ctx context.Context, juror person, team string, recused bool, felt func(choices int) int) error {
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

// scoreDirectly gives the marks to the use case behind the page.
func (r *Rehearsal) scoreDirectly(ctx context.Context, juror person, team string, recused bool, felt func(choices int) int) error {
	criteria, err := r.app.Jury.Criteria(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	answers := jury.Answers{Marks: map[string]jury.Answer{}}
	for _, c := range criteria {
		answers.Marks[c.ID] = jury.Answer{Kind: jury.Scored, Value: felt(5) + 1}
	}
	err = r.app.Jury.Score(ctx, juror.actor, r.e.ID, team, answers, once.Action{})
	if recused {
		if err == nil {
			return fmt.Errorf("a recused juror scored the team %s", team)
		}
		return nil
	}
	r.facts.Marks += len(criteria)
	return err
}

// merit is how good the i-th team to pitch is, on a scale of five.
func (r *Rehearsal) merit(i int) float64 {
	for len(r.merits) <= i {
		r.merits = append(r.merits, min(max(3.1+r.rand.NormFloat64()*0.7, 1), 5))
	}
	return r.merits[i]
}
