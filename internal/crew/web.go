package crew

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

type pages struct{ s *Service }

// Routes registers the room's pages and its part of the API.
func Routes(d *door.Door, s *Service) {
	p := pages{s}
	organisers, crew := door.Only(), door.Only(edition.Crew)
	d.Get("/e/{edition}/crew", organisers, p.showBoard)
	d.Post("/e/{edition}/crew/plan", organisers, p.plan)
	d.Post("/e/{edition}/crew/publish", organisers, p.publish)
	d.Post("/e/{edition}/crew/rules", organisers, p.setRules)
	d.Get("/e/{edition}/crew/price", organisers, p.showPrice)
	d.Post("/e/{edition}/crew/move", organisers, p.move)
	d.Post("/e/{edition}/crew/lock", organisers, p.lock)
	d.Get("/e/{edition}/crew/posts", organisers, p.showPosts)
	d.Post("/e/{edition}/crew/posts", organisers, p.addPost)
	d.Post("/e/{edition}/crew/posts/usual", organisers, p.addUsual)
	d.Get("/e/{edition}/crew/posts/{post}", organisers, p.showPost)
	d.Post("/e/{edition}/crew/posts/{post}", organisers, p.changePost)
	d.Post("/e/{edition}/crew/posts/{post}/hours", organisers, p.addHours)
	d.Post("/e/{edition}/crew/posts/{post}/drop", organisers, p.dropPost)
	d.Get("/e/{edition}/crew/shifts/{shift}", organisers, p.showShift)
	d.Post("/e/{edition}/crew/shifts/{shift}", organisers, p.changeShift)
	d.Post("/e/{edition}/crew/shifts/{shift}/drop", organisers, p.dropShift)
	d.Post("/e/{edition}/crew/shifts/{shift}/step-in", organisers, p.stepIn)
	d.Get("/e/{edition}/crew/people", organisers, p.showPeople)
	d.Post("/e/{edition}/crew/people", organisers, p.importPeople)
	d.Get("/e/{edition}/crew/people/{account}", organisers, p.showOffer)
	d.Post("/e/{edition}/crew/people/{account}", organisers, p.offerFor)
	d.Get("/e/{edition}/crew/roster", crew, p.showRoster)
	d.Get("/e/{edition}/crew/mine", crew, p.showMine)
	d.Post("/e/{edition}/crew/mine", crew, p.offer)
	d.Post("/e/{edition}/crew/shifts/{shift}/cannot", crew, p.cannot)
	d.Post("/e/{edition}/crew/shifts/{shift}/can", crew, p.can)
	api(d, s)
}

// dayForm is a day in an address.
const dayForm = "2006-01-02"

// boardData is the organiser's page.
type boardData struct {
	Board
	URL        func(parts ...string) string
	Days       []ui.Link
	Today      []Shift // of the day that is shown
	Broken     map[ShiftID]map[account.ID][]Fault
	Day        string
	Rest, Most ui.Field
}

func (p pages) showBoard(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.board(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) board(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	b, err := p.s.Board(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := boardData{Board: b, URL: v.URL, Broken: b.Rota.Broken(), Rest: v.Field(r, wrong, "rest", "crew.rest"), Most: v.Field(r, wrong, "most", "crew.most")}
	if wrong == nil {
		d.Rest.Value, d.Most.Value = wholeHours(b.Book.Rest), wholeHours(b.Book.Most)
	}
	d.days(v, r.URL.Query().Get("day"))
	topics := []string{Topic(v.Edition.ID)}
	if b.Job != nil {
		topics = append(topics, jobs.Topic(b.Job.ID))
	}
	return func() templ.Component {
		view := v.Page(title(v.L), topics...)
		view.Wide = true
		return boardPage(view, d)
	}, nil
}

// title is what the crew is called in this house, as the name of the page.
func title(l ui.Locale) string { return l.T("crew.title", "crew", l.T("edition.role.crew")) }

// days cuts the shifts into days and shows the one that is asked for: else the one that is
// on, or the first with a shift that is not over.
func (d *boardData) days(v *door.Visit, asked string) {
	var order []string
	of := map[string][]Shift{}
	for _, s := range d.Shifts {
		key := s.Start.In(v.Edition.Zone).Format(dayForm)
		if of[key] == nil {
			order = append(order, key)
		}
		of[key] = append(of[key], s)
		if d.Day == "" && v.Now.Before(s.End) {
			d.Day = key
		}
	}
	if of[asked] != nil {
		d.Day = asked
	}
	if d.Day == "" && len(order) > 0 {
		d.Day = order[0]
	}
	for _, key := range order {
		missing := 0
		for _, s := range of[key] {
			missing += d.Missing(s)
		}
		d.Days = append(d.Days, ui.Link{Label: v.L.Day(of[key][0].Start), URL: v.URL("crew") + "?day=" + key, Current: key == d.Day, Count: missing})
	}
	d.Today = of[d.Day]
}

// back leads to the board, on the day that the form was on.
func (p pages) back(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	url := v.URL("crew")
	if day, err := time.Parse(dayForm, door.Text(r, "day")); err == nil {
		url += "?day=" + day.Format(dayForm)
	}
	return v.Go(w, r, url)
}

// again answers a change of the board.
func (p pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string, args ...any) error {
	if refusal != nil {
		page, err := p.board(r, v, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	if word != "" {
		v.Say(w, "ok", word, args...)
	}
	return p.back(w, r, v)
}

func (p pages) plan(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := p.s.Order(r.Context(), v.Actor, v.Edition.ID, door.Has(r, "few"))
	return p.again(w, r, v, err, "crew.ordered")
}

func (p pages) publish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	n, err := p.s.Publish(r.Context(), v.Actor, v.Edition.ID)
	return p.again(w, r, v, err, "crew.published", "n", n)
}

func (p pages) move(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	from, who := handle(door.Text(r, "who"))
	err := p.s.Move(r.Context(), v.Actor, v.Edition.ID, who, from, ShiftID(door.Text(r, "to")))
	return p.again(w, r, v, err, "")
}

func (p pages) lock(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	from, who := handle(door.Text(r, "who"))
	err := p.s.Lock(r.Context(), v.Actor, v.Edition.ID, who, from, !door.Has(r, "open"))
	return p.again(w, r, v, err, "")
}

// grip names somebody on a shift in a form that moves them; handle reads it.
func grip(shift ShiftID, who account.ID) string { return string(shift) + "." + string(who) }

func handle(text string) (ShiftID, account.ID) {
	shift, who, _ := strings.Cut(text, ".")
	return ShiftID(shift), account.ID(who)
}

// told is a price as a drag reads it: in words.
type told struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
	Tone  string   `json:"tone"`
}

// priceData is the page on which somebody without script reads what a move does.
type priceData struct {
	Price
	Rota  Rota
	Where func(ShiftID) string
	URL   func(parts ...string) string
	Day   string
}

func (p pages) showPrice(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	b, err := p.s.Board(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	from, who := handle(r.URL.Query().Get("who"))
	m, ok := b.Member(who)
	if !ok {
		return sqldb.ErrNotFound
	}
	price := b.Price(m, from, ShiftID(r.URL.Query().Get("to")))
	if v.ForDevice() {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		t := told{Title: price.headline(v.L, b.Rota), Lines: price.lines(v.L, b.Rota), Tone: string(price.tone())}
		if t.Lines == nil {
			t.Lines = []string{}
		}
		return json.NewEncoder(w).Encode(t)
	}
	d := priceData{Price: price, Rota: b.Rota, URL: v.URL, Day: r.URL.Query().Get("day"), Where: func(id ShiftID) string {
		s, ok := b.Shift(id)
		if !ok {
			return v.L.T("crew.nowhere")
		}
		return b.line(v.L, s)
	}}
	return v.Show(w, r, pricePage(v.Page(v.L.T("crew.price.title", "name", m.Name)), d))
}

// rosterData is the plan to print and to read.
type rosterData struct {
	Rota Rota
	Days [][]Shift
	URL  func(parts ...string) string
	Boss bool
}

func (p pages) showRoster(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	rota, err := p.s.Sheet(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	d := rosterData{Rota: rota, URL: v.URL, Boss: v.Is(edition.Organiser)}
	last := ""
	for _, s := range rota.Shifts {
		if key := s.Start.In(v.Edition.Zone).Format(dayForm); key != last {
			d.Days, last = append(d.Days, nil), key
		}
		d.Days[len(d.Days)-1] = append(d.Days[len(d.Days)-1], s)
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, rosterPage(v.Page(v.L.T("crew.roster"), Topic(v.Edition.ID)), d))
}

// parsed reads a moment of a form; the zero time where there is none.
func parsed(l ui.Locale, text string) time.Time {
	t, err := ui.ParseLocalTime(l, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// notFound says whether the error is about something that is not there.
func notFound(err error) bool { return errors.Is(err, sqldb.ErrNotFound) }
