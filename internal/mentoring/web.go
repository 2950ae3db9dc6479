package mentoring

import (
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sheet"
	"h48/internal/ui"
)

// Routes registers this room's pages and operations.
func Routes(d *door.Door, s *Service) {
	h := handlers{s}
	mentors, teams, organisers := door.Only(edition.Mentor), door.Only(edition.Participant), door.Only()
	d.Get("/e/{edition}/help", door.Members(), h.showHelp)
	d.Post("/e/{edition}/help", teams, h.ask)
	d.Post("/e/{edition}/help/{request}/withdraw", teams, h.withdraw)
	d.Get("/e/{edition}/help/queue", mentors, h.showQueue)
	d.Post("/e/{edition}/help/{request}/claim", mentors, h.claim)
	d.Post("/e/{edition}/help/{request}/release", mentors, h.release)
	d.Post("/e/{edition}/help/{request}/hand-over", mentors, h.handOver)
	d.Post("/e/{edition}/help/{request}/resolve", mentors, h.resolve)
	d.Post("/e/{edition}/help/met", mentors, h.met)
	d.Get("/e/{edition}/help/mentor", mentors, h.showOffer)
	d.Post("/e/{edition}/help/mentor", mentors, h.offer)
	d.Post("/e/{edition}/help/duty", mentors, h.duty)
	d.Get("/e/{edition}/help/board", door.Only(edition.Crew), h.showBoard)
	d.Post("/e/{edition}/help/themes", organisers, h.setThemes)
	d.Get("/e/{edition}/help/contacts.csv", organisers, h.contacts)
	operations(d, s)
}

type handlers struct{ s *Service }

// showHelp leads everybody to their own side of the queue; a team's is here.
func (h handlers) showHelp(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	switch {
	case v.Is(edition.Mentor):
		return v.Go(w, r, v.URL("help", "queue"))
	case v.Is(edition.Organiser, edition.Crew):
		return v.Go(w, r, v.URL("help", "board"))
	}
	page, err := h.desk(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

// desk reads the page of the visitor's team, with what is wrong with the question that
// was sent.
func (h handlers) desk(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	desk, err := h.s.Desk(r.Context(), v.Actor, v.Edition.ID)
	if errs.Is(err, errs.Conflict) { // in no team yet
		return func() templ.Component {
			return lonePage(v.Page(v.L.T("mentoring.title"), Topic(v.Edition.ID)), v.URL("teams"))
		}, nil
	}
	if err != nil {
		return nil, err
	}
	form := questionForm{
		Theme: v.Field(r, wrong, "theme", "mentoring.theme"),
		Text:  v.Field(r, wrong, "text", "mentoring.text"),
		Place: v.Field(r, wrong, "place", "mentoring.place"),
	}
	if r.PostForm == nil && desk.Team.Table != "" {
		form.Place.Value = v.L.T("mentoring.at_table", "table", desk.Team.Table)
	}
	return func() templ.Component {
		return deskPage(v.Page(v.L.T("mentoring.title"), Topic(v.Edition.ID)), desk, form, v.URL)
	}, nil
}

func (h handlers) ask(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	question := Question{Theme: ThemeID(door.Text(r, "theme")), Text: door.Text(r, "text"), Place: door.Text(r, "place")}
	_, err := h.s.Ask(r.Context(), v.Actor, v.Edition.ID, question, door.Action(r, v))
	if err != nil {
		page, failed := h.desk(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "mentoring.said.asked")
	return v.Go(w, r, v.URL("help"))
}

func (h handlers) withdraw(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := h.s.Withdraw(r.Context(), v.Actor, request(r), door.Action(r, v))
	if err != nil {
		return err
	}
	v.Say(w, "ok", "mentoring.said.withdrawn")
	return v.Go(w, r, v.URL("help"))
}

func request(r *http.Request) ID { return ID(r.PathValue("request")) }

func (h handlers) showQueue(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := h.queuePage(r, v, nil)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep") // a mentor reads it between two walls of concrete
	return v.Show(w, r, page())
}

// queuePage reads the mentor's page; wrong is what is wrong with the form of the
// request in the address.
func (h handlers) queuePage(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	queue, err := h.s.Queue(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	forms := func(id ID, name, label string) ui.Field {
		f := ui.Field{Name: name, Label: v.L.T(label)}
		if id == request(r) && wrong != nil {
			f = v.Field(r, wrong, name, label)
		}
		f.ID = "f-" + name + "-" + string(id)
		return f
	}
	return func() templ.Component {
		return queuePage(v.Page(v.L.T("mentoring.queue"), Topic(v.Edition.ID)), queue, forms, v.URL)
	}, nil
}

// after answers what a mentor did: the queue again, with the reason where it was refused.
func (h handlers) after(w http.ResponseWriter, r *http.Request, v *door.Visit, err error, done string) error {
	if err != nil {
		page, failed := h.queuePage(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", done)
	return v.Go(w, r, v.URL("help", "queue"))
}

// claim is the tap of a mentor who goes. Refused, the page shows who was faster.
func (h handlers) claim(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := h.s.Claim(r.Context(), v.Actor, request(r), door.Action(r, v))
	return h.after(w, r, v, err, "mentoring.said.claimed")
}

func (h handlers) release(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := h.s.Release(r.Context(), v.Actor, request(r), door.Action(r, v))
	return h.after(w, r, v, err, "mentoring.said.released")
}

func (h handlers) handOver(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	to := Handover{Theme: ThemeID(door.Text(r, "theme")), Note: door.Text(r, "note"), Minutes: door.Int(r, "minutes", &wrong)}
	return h.afterForm(w, r, v, wrong, "mentoring.said.handed_over", func(a once.Action) error {
		_, err := h.s.HandOver(r.Context(), v.Actor, request(r), to, a)
		return err
	})
}

func (h handlers) resolve(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	outcome := Outcome{Line: door.Text(r, "line"), Minutes: door.Int(r, "minutes", &wrong)}
	return h.afterForm(w, r, v, wrong, "mentoring.said.resolved", func(a once.Action) error {
		_, err := h.s.Resolve(r.Context(), v.Actor, request(r), outcome, a)
		return err
	})
}

func (h handlers) met(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	outcome := Outcome{Line: door.Text(r, "line"), Minutes: door.Int(r, "minutes", &wrong)}
	return h.afterForm(w, r, v, wrong, "mentoring.said.met", func(once.Action) error {
		return h.s.Met(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "team"), outcome)
	})
}

// afterForm does what a readable form asks.
func (h handlers) afterForm(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong errs.Fields, done string, do func(once.Action) error) error {
	err := wrong.Err()
	if err == nil {
		err = do(door.Action(r, v))
	}
	return h.after(w, r, v, err, done)
}

func (h handlers) showBoard(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := h.boardPage(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (h handlers) boardPage(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	board, err := h.s.Board(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	themes := v.Field(r, wrong, "themes", "mentoring.themes")
	if wrong == nil {
		for _, c := range board.Coverage {
			themes.Value += c.Theme.Name + "\n"
		}
	}
	organises := v.Is(edition.Organiser)
	return func() templ.Component {
		return boardPage(v.Page(v.L.T("mentoring.board"), Topic(v.Edition.ID)), board, themes, organises, v.URL)
	}, nil
}

func (h handlers) setThemes(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := h.s.SetThemes(r.Context(), v.Actor, v.Edition.ID, lines(door.Text(r, "themes"))); err != nil {
		page, failed := h.boardPage(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "mentoring.said.themes")
	return v.Go(w, r, v.URL("help", "board"))
}

// contacts hands the contact log out as a table.
func (h handlers) contacts(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	all, err := h.s.Contacts(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="contacts.csv"`)
	table, err := sheet.NewWriter(w, ';')
	if err != nil {
		return err
	}
	if err := table.Write(v.L.T("mentoring.from"), v.L.T("mentoring.to"), v.L.T("mentoring.mentor"), v.L.T("mentoring.team"),
		v.L.T("mentoring.minutes"), v.L.T("mentoring.ending"), v.L.T("mentoring.line")); err != nil {
		return err
	}
	for _, c := range all {
		if err := table.Write(minute(v, c.From), minute(v, c.To), c.Mentor.Name, c.Team.Name, strconv.Itoa(c.Minutes),
			v.L.T("mentoring.ending."+string(c.Ending)), c.Line); err != nil {
			return err
		}
	}
	return table.Flush()
}

// minute writes a time as a spreadsheet reads it; nothing for no time.
func minute(v *door.Visit, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.Edition.Zone).Format("2006-01-02 15:04")
}

// who is the mentor that a form speaks of: the visitor, unless an organiser names another.
func who(r *http.Request, v *door.Visit) account.ID {
	if other := door.Text(r, "mentor"); other != "" {
		return account.ID(other)
	}
	return v.Actor.ID
}
