package team

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// boardRoutes are the organisers' pages.
func boardRoutes(d *door.Door, p pages) {
	d.Get("/e/{edition}/teams/board", door.Only(), p.showBoard)
	d.Post("/e/{edition}/teams/place", door.Only(), p.place)
	d.Post("/e/{edition}/teams/excuse", door.Only(), p.excuse)
	d.Post("/e/{edition}/teams/relax", door.Only(), p.relax)
	d.Post("/e/{edition}/teams/freeze", door.Only(), p.freeze)
	d.Post("/e/{edition}/teams/thaw", door.Only(), p.thaw)
	d.Post("/e/{edition}/teams/{team}/merge", door.Only(), p.merge)
	d.Post("/e/{edition}/teams/{team}/except", door.Only(), p.except)
	d.Post("/e/{edition}/teams/{team}/table", door.Only(), p.table)
}

// boardData is what the organiser's board shows.
type boardData struct {
	Board     Board
	Teams     []Team
	Shown     []Team // the teams of this page of the board
	Page      int    // counted from 1
	Left      []Left // who still needs a team
	Apart     []Left
	Obstacles Obstacles
	Profiles  map[account.ID]string
	Names     map[account.ID]string
	URL       func(parts ...string) string

	Min, Max, Reason ui.Field
}

func (p pages) showBoard(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.board(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

// board prepares the board, with what is wrong with a form sent to it.
func (p pages) board(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	ctx, q, id := r.Context(), p.s.db, v.Edition.ID
	b := boardData{URL: v.URL, Profiles: map[account.ID]string{}, Names: map[account.ID]string{}}
	var err error
	if b.Board, err = p.s.Board(ctx, q, id); err != nil {
		return nil, err
	}
	if b.Teams, err = p.s.List(ctx, q, id); err != nil {
		return nil, err
	}
	people, err := p.s.roster.Confirmed(ctx, q, id)
	if err != nil {
		return nil, err
	}
	left, err := p.s.Left(ctx, q, id)
	if err != nil {
		return nil, err
	}
	b.fill(people, left)
	b.turnTo(r.URL.Query().Get("page"))
	b.Min, b.Max = v.Field(r, wrong, "min", "team.relax.min"), v.Field(r, wrong, "max", "team.relax.max")
	b.Reason = v.Field(r, wrong, "reason", "team.reason")
	if wrong == nil {
		b.Min.Value, b.Max.Value = v.L.Int(int64(b.Board.Limits.Min)), v.L.Int(int64(b.Board.Limits.Max))
	}
	return func() templ.Component {
		view := v.Page(v.L.T("team.board.title"), Topic(id))
		view.Wide = true
		return boardPage(view, b)
	}, nil
}

// fill sorts the people into those with a team, those without, and those left apart.
func (b *boardData) fill(people []Person, left []Left) {
	b.Obstacles = findObstacles(b.Teams, left, b.Board.Limits)
	for _, p := range people {
		b.Profiles[p.ID], b.Names[p.ID] = p.Profile, p.Name
	}
	for _, t := range b.Teams {
		for _, m := range t.Members {
			b.Names[m.ID] = m.Name
		}
	}
	for _, l := range left {
		if l.Reason == "" {
			b.Left = append(b.Left, l)
		} else {
			b.Apart = append(b.Apart, l)
		}
	}
}

// A large event's board comes in pages: a page offers its own teams to move people to,
// and as many of those without one as can be read.
const (
	teamsOnPage = 24
	mostListed  = 60
)

// turnTo picks the teams of one page; those outside the rule come first when there are
// several pages.
func (b *boardData) turnTo(page string) {
	teams := slices.Clone(b.Teams)
	if len(teams) > teamsOnPage {
		outside := func(t Team) int {
			if t.Exception == "" && b.Board.Limits.Of(len(t.Members)) != Fits {
				return 0
			}
			return 1
		}
		slices.SortStableFunc(teams, func(x, y Team) int { return cmp.Compare(outside(x), outside(y)) })
	}
	n, err := strconv.Atoi(page)
	if err != nil {
		n = 1
	}
	b.Page = min(max(n, 1), b.pages())
	first := (b.Page - 1) * teamsOnPage
	b.Shown = teams[first:min(first+teamsOnPage, len(teams))]
}

func (b *boardData) pages() int { return max((len(b.Teams)+teamsOnPage-1)/teamsOnPage, 1) }

// pager leads through the pages of the board.
func (b *boardData) pager() ui.PagerData {
	return ui.PagerData{Page: b.Page, Pages: b.pages(), URL: func(n int) string { return b.URL("teams", "board") + pageQuery(strconv.Itoa(n)) }}
}

// here is the query of this page of the board, for forms that come back to it.
func (b *boardData) here() string { return pageQuery(strconv.Itoa(b.Page)) }

// bestPlaces leads to where somebody would fit best, and from there back to this page.
func (b *boardData) bestPlaces(who account.ID, in ID) string {
	q := url.Values{"who": {string(who)}, "to": {string(in)}}
	if b.Page > 1 {
		q.Set("page", strconv.Itoa(b.Page))
	}
	return b.URL("teams", "proposals", "now", "price") + "?" + q.Encode()
}

// pageQuery is the query of a page of the board; the first needs none.
func pageQuery(page string) string {
	if n, err := strconv.Atoi(page); err != nil || n < 2 {
		return ""
	}
	return "?page=" + page
}

// atMost is the beginning of a list that is too long to read.
func atMost[T any](all []T) []T { return all[:min(len(all), mostListed)] }

// done answers a change of the board: the board again, with what was refused.
func (p pages) done(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string) error {
	if refusal != nil {
		page, err := p.board(r, v, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	if word != "" {
		v.Say(w, "ok", word)
	}
	return v.Go(w, r, v.URL("teams", "board")+pageQuery(r.URL.Query().Get("page")))
}

// place is what dragging a person sends: who, and the team, "new" or "" for none.
func (p pages) place(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Place(r.Context(), v.Actor, v.Edition.ID, account.ID(door.Text(r, "who")), ID(door.Text(r, "to")))
	return p.done(w, r, v, err, "")
}

func (p pages) excuse(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	reason := door.Text(r, "reason")
	if !door.Has(r, "back") && reason == "" {
		return p.done(w, r, v, errs.Fields{{Name: "reason", Key: "team.reason_needed"}}, "")
	}
	err := p.s.Excuse(r.Context(), v.Actor, v.Edition.ID, account.ID(door.Text(r, "who")), reason)
	return p.done(w, r, v, err, "team.excused")
}

func (p pages) relax(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	l := Limits{Min: door.Int(r, "min", &wrong), Max: door.Int(r, "max", &wrong)}
	if err := wrong.Err(); err != nil {
		return p.done(w, r, v, err, "")
	}
	if door.Has(r, "back") {
		l = Limits{}
	} else if l.Max == 0 {
		return p.done(w, r, v, errs.Fields{{Name: "max", Key: "error.required"}}, "")
	}
	err := p.s.Relax(r.Context(), v.Actor, v.Edition.ID, l, door.Text(r, "reason"))
	return p.done(w, r, v, err, "team.relaxed")
}

func (p pages) freeze(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.done(w, r, v, p.s.Freeze(r.Context(), v.Actor, v.Edition.ID), "team.frozen.done")
}

func (p pages) thaw(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Thaw(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "reason"))
	return p.done(w, r, v, err, "team.thawed")
}

func (p pages) merge(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Merge(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("team")), ID(door.Text(r, "into")))
	return p.done(w, r, v, err, "team.merged")
}

func (p pages) except(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	reason := door.Text(r, "reason")
	if !door.Has(r, "back") && reason == "" {
		return p.done(w, r, v, errs.Fields{{Name: "reason", Key: "team.reason_needed"}}, "")
	}
	err := p.s.Except(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("team")), reason)
	return p.done(w, r, v, err, "team.excused")
}

func (p pages) table(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	n := door.Int(r, "table", &wrong)
	err := wrong.Err()
	if err == nil {
		err = p.s.SetTable(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("team")), n)
	}
	return p.done(w, r, v, err, "")
}

// others are the teams that one could be merged into without breaking the limit.
func (b boardData) others(t Team) []ui.Option {
	var options []ui.Option
	for _, o := range b.Shown {
		if o.ID != t.ID && (len(o.Members)+len(t.Members) <= b.Board.Limits.Max || o.Exception != "") {
			options = append(options, ui.Option{Value: string(o.ID), Label: o.Name})
		}
	}
	return options
}
