package app

import (
	"context"
	"net/http"
	"strconv"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/markdown"
	"h48/internal/programme"
	"h48/internal/recap"
	"h48/internal/registration"
	"h48/internal/team"
	"h48/internal/ui"
)

// publicView is an edition's public page.
type publicView struct {
	e         edition.Edition
	ring      ui.RingData
	theme     string // HTML
	practical string // HTML
	rules     string // HTML
	slots     []ui.Slot
	facts     []ui.StatData
	running   bool     // the event goes on
	onNow     []string // what goes on, and what comes next, in words
	next      []string
	prizes    []prizeLine
	mentors   []string
	jury      []string
	partners  []edition.PartnerOrg
	url       func(parts ...string) string
	register  registerLine
	results   bool // the results are open
	recap     bool // the recap is published
	before    becameLine
}

type prizeLine struct{ title, text, amount string }

// registerLine says where the reader stands with registering: the button and the words
// beside it.
type registerLine struct {
	url, action string // "" for no button
	text        string
}

// showPublic is what everybody sees: why to come, when and where, and how.
func (a *App) showPublic(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	p, err := a.publicView(r.Context(), v)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	topics := []string{programme.Topic(v.Edition.ID), award.Topic(v.Edition.ID), recap.Topic(v.Edition.ID)}
	if registration.IsOpen(v.Edition, v.Now) {
		topics = append(topics, registration.Topic(v.Edition.ID))
	}
	return v.Show(w, r, publicPage(v.Page("", topics...), p))
}

func (a *App) publicView(ctx context.Context, v *door.Visit) (publicView, error) {
	e := v.Edition
	p := publicView{e: e, ring: ring(v.L, e, v.Now), theme: markdown.HTML(clip(e.Theme), 3), practical: markdown.HTML(clip(e.Practical), 3),
		rules: markdown.HTML(clip(e.Rules), 3), url: v.URL}
	p.ring.Legend = true
	p.running = e.Has(edition.Doors, v.Now) && !e.Has(edition.Ends, v.Now)
	var err error
	if p.mentors, err = a.names(ctx, e.ID, edition.Mentor); err != nil {
		return p, err
	}
	if p.jury, err = a.names(ctx, e.ID, edition.Juror); err != nil {
		return p, err
	}
	if p.partners, err = a.Editions.Partners(ctx, a.DB, e.ID); err != nil {
		return p, err
	}
	return p, a.fillPublic(ctx, v, &p)
}

// mostMarkdown bounds what is rendered of one text.
const mostMarkdown = 10_000

func clip(s string) string {
	if len(s) > mostMarkdown {
		s = s[:mostMarkdown]
	}
	return s
}

// names lists the people of a role, by name.
func (a *App) names(ctx context.Context, id edition.ID, role edition.Role) ([]string, error) {
	members, err := a.Editions.Members(ctx, a.DB, id, role)
	names := make([]string, 0, len(members))
	for _, m := range members {
		if m.Account.Erased.IsZero() { // who was forgotten is no name to show
			names = append(names, m.Account.Name)
		}
	}
	return names, err
}

// fillPublic adds what the rooms tell the public.
func (a *App) fillPublic(ctx context.Context, v *door.Visit, p *publicView) error {
	sessions, err := a.Programme.List(ctx, a.DB, account.Actor{}, p.e.ID)
	if err != nil {
		return err
	}
	p.slots = slots(v, sessions)
	if p.running {
		on, next, err := a.Programme.NowAndNext(ctx, a.DB, p.e.ID, v.Now)
		if err != nil {
			return err
		}
		p.onNow, p.next = inWords(v, on), inWords(v, next)
	}
	seats, err := a.Registration.Summary(ctx, a.DB, p.e.ID)
	if err != nil {
		return err
	}
	teams, err := a.Team.Summary(ctx, a.DB, p.e.ID)
	if err != nil {
		return err
	}
	if err := a.fillPrizes(ctx, v, p); err != nil {
		return err
	}
	story, err := a.Recap.Recap(ctx, a.DB, account.Actor{}, p.e.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	p.recap = story.Public()
	if p.before.sentence, p.before.url, err = a.becameOf(ctx, v); err != nil {
		return err
	}
	p.facts = facts(v, seats, teams)
	p.register, err = a.registerLine(ctx, v, seats)
	return err
}

// fillPrizes adds what can be won, and says whether it is known who has.
func (a *App) fillPrizes(ctx context.Context, v *door.Visit, p *publicView) error {
	prizes, err := a.Award.Prizes(ctx, a.DB, p.e.ID)
	if err != nil {
		return err
	}
	for _, prize := range prizes {
		if !prize.Live() || prize.Unplanned {
			continue
		}
		line := prizeLine{title: prize.Title, text: prize.Text}
		if prize.Cents > 0 {
			line.amount = v.L.Euros(prize.Cents)
		}
		p.prizes = append(p.prizes, line)
	}
	sum, err := a.Award.Summary(ctx, a.DB, p.e, v.Now)
	if err != nil {
		return err
	}
	p.results = sum.Public
	story, err := a.Recap.Recap(ctx, a.DB, account.Actor{}, p.e.ID)
	if errs.Is(err, errs.NotFound) { // there is none yet, or it is not public
		return nil
	}
	p.recap = story.Public()
	return err
}

// slots are the sessions as a timeline, cancelled ones left out.
func slots(v *door.Visit, sessions []programme.Entry) []ui.Slot {
	var all []ui.Slot
	for _, s := range sessions {
		if s.Cancelled {
			continue
		}
		slot := ui.Slot{From: s.Start, To: s.End, Title: s.Title, Place: s.Room, Note: s.By(), URL: v.URL("programme", string(s.ID)), Tone: kindTone(s.Kind)}
		if free, limited := s.Free(); limited && !s.Over(v.Now) {
			slot.Note = v.L.N("app.session_free", free)
		}
		all = append(all, slot)
	}
	return all
}

func kindTone(k programme.Kind) ui.Tone {
	switch k {
	case programme.Workshop:
		return ui.Good
	case programme.Pitch, programme.Ceremony:
		return ui.Now
	case programme.Plenary:
		return ui.Water
	case programme.Meal, programme.Other:
	}
	return ui.Plain
}

// inWords says each session in a line: its hours, its title, its room.
func inWords(v *door.Visit, sessions []programme.Session) []string {
	var all []string
	for _, s := range sessions {
		line := v.L.T("app.session_line", "from", v.L.Clock(s.Start), "to", v.L.Clock(s.End), "title", s.Title)
		if s.Room != "" {
			line += " · " + s.Room
		}
		all = append(all, line)
	}
	return all
}

// facts are the edition's few figures for strangers; a figure that says nothing yet is
// left out.
func facts(v *door.Visit, seats registration.Summary, teams team.Summary) []ui.StatData {
	e := v.Edition
	var all []ui.StatData
	if hand, set := e.At[edition.HandIn]; set {
		all = append(all, ui.StatData{Label: v.L.T("app.fact.length"), Value: v.L.N("app.hours", int(hand.Sub(e.At[edition.Starts]).Hours())), Icon: "timer"})
	}
	people := ui.StatData{Label: v.L.T("app.fact.people"), Value: strconv.Itoa(seats.Confirmed), Icon: "user"}
	if e.Seats > 0 {
		people.Note = v.L.N("app.fact.of_seats", e.Seats)
	}
	if seats.Confirmed > 0 || e.Seats > 0 {
		all = append(all, people)
	}
	if teams.Teams > 0 {
		all = append(all, ui.StatData{Label: v.L.T("app.fact.teams"), Value: strconv.Itoa(teams.Teams), Icon: "users",
			Note: v.L.T("app.fact.team_size", "min", teams.Limits.Min, "max", teams.Limits.Max), URL: v.URL("teams")})
	}
	return all
}

// registerLine says what registering would mean now, or where the reader's own
// registration leads.
func (a *App) registerLine(ctx context.Context, v *door.Visit, seats registration.Summary) (registerLine, error) {
	if len(v.Roles) > 0 {
		return registerLine{url: v.URL("today"), action: v.L.T("app.public.my_day")}, nil
	}
	if !v.Actor.Public() {
		mine, place, err := a.Registration.Mine(ctx, v.Actor, v.Edition.ID)
		if err == nil && (mine.State == registration.Pending || mine.State == registration.Waiting) {
			line := registerLine{url: v.URL("registration"), action: v.L.T("app.public.my_registration")}
			if mine.State == registration.Waiting {
				line.text = v.L.T("app.public.place_in_line", "place", place)
			}
			return line, nil
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return registerLine{}, err
		}
	}
	return openLine(v, seats), nil
}

// openLine is the line of a reader who has not registered.
func openLine(v *door.Visit, seats registration.Summary) registerLine {
	opens, set := v.Edition.At[edition.RegistrationOpens]
	if set && v.Now.Before(opens) {
		return registerLine{text: v.L.T("app.public.opens", "at", v.L.DateTime(opens))}
	}
	if !registration.IsOpen(v.Edition, v.Now) {
		if v.Edition.Has(edition.RegistrationCloses, v.Now) && !v.Edition.Has(edition.Ends, v.Now) {
			return registerLine{text: v.L.T("app.public.closed")}
		}
		return registerLine{}
	}
	line := registerLine{url: v.URL("register"), action: v.L.T("app.public.register")}
	switch {
	case seats.Seats == 0:
		line.text = v.L.T("app.public.free_for_all")
	case seats.Free() > 0:
		line.text = v.L.N("app.public.seats_left", seats.Free())
	default:
		line.action, line.text = v.L.T("app.public.join_line"), v.L.N("app.public.line", seats.Waiting)
	}
	return line
}
