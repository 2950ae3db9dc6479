package programme

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/ical"
	"h48/internal/kit/markdown"
	"h48/internal/ui"
)

// Routes registers this room's pages, feeds and operations.
func Routes(d *door.Door, s *Service) {
	h := handlers{s}
	members, organisers := door.Members(), door.Only()
	d.Get("/e/{edition}/programme", door.Anyone(), h.showProgramme)
	d.Get("/e/{edition}/programme.ics", door.Anyone(), h.feed)
	d.Get("/e/{edition}/programme/mine", members, h.showMine)
	d.Post("/e/{edition}/programme/feed", members, h.renewFeed)
	d.Get("/e/{edition}/programme/{secret}/my.ics", door.Anyone(), h.ownFeed)
	d.Get("/e/{edition}/programme/{session}", door.Anyone(), h.showSession)
	d.Post("/e/{edition}/programme/{session}/sign-up", members, h.signUp)
	d.Post("/e/{edition}/programme/{session}/sign-off", members, h.signOff)
	d.Get("/e/{edition}/programme/{session}/guests", members, h.showGuests)
	d.Post("/e/{edition}/programme/{session}/attend", members, h.attend)
	d.Get("/e/{edition}/programme/new", organisers, h.showNew)
	d.Post("/e/{edition}/programme", organisers, h.add)
	d.Post("/e/{edition}/programme/usual", organisers, h.addUsual)
	d.Post("/e/{edition}/programme/shift", organisers, h.shift)
	d.Get("/e/{edition}/programme/{session}/edit", organisers, h.showEdit)
	d.Post("/e/{edition}/programme/{session}", organisers, h.change)
	d.Post("/e/{edition}/programme/{session}/cancel", organisers, h.cancel)
	d.Post("/e/{edition}/programme/{session}/restore", organisers, h.restore)
	d.Get("/e/{edition}/programme/import", organisers, h.showImport)
	d.Post("/e/{edition}/programme/import", organisers, h.preview)
	d.Post("/e/{edition}/programme/import/apply", organisers, h.apply)
	operations(d, s)
}

type handlers struct{ s *Service }

func session(r *http.Request) ID { return ID(r.PathValue("session")) }

// urls writes an address inside the edition.
type urls func(parts ...string) string

// listView is the programme as a page shows it.
type listView struct {
	Entries   []Entry
	Mine      bool // one's own sessions only
	Member    bool
	Organises bool
	// Astray and Days are what an organiser is told of sessions beside the event's dates.
	Astray, Days int
	Feed         string
	Kind         edition.Kind
}

func (h handlers) showProgramme(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	entries, err := h.s.List(r.Context(), h.s.db, v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	list := listView{Kind: v.Edition.Kind, Entries: entries, Member: len(v.Roles) > 0, Organises: v.Is(edition.Organiser), Feed: h.s.FeedURL(v.Edition)}
	list.Astray, list.Days = Astray(v.Edition, sessions(entries))
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, programmePage(v.Page(v.L.T("programme.title"), Topic(v.Edition.ID)), list, v.URL))
}

func (h handlers) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	entries, err := h.s.Mine(r.Context(), h.s.db, v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	secret, err := h.s.FeedSecret(r.Context(), v.Actor, v.Edition.ID, false)
	if err != nil {
		return err
	}
	list := listView{Kind: v.Edition.Kind, Entries: entries, Mine: true, Member: true, Organises: v.Is(edition.Organiser), Feed: h.s.OwnFeedURL(v.Edition, secret)}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, programmePage(v.Page(v.L.T("programme.mine"), Topic(v.Edition.ID)), list, v.URL))
}

func (h handlers) renewFeed(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, err := h.s.FeedSecret(r.Context(), v.Actor, v.Edition.ID, true); err != nil {
		return err
	}
	v.Say(w, "ok", "programme.said.renewed")
	return v.Go(w, r, v.URL("programme", "mine"))
}

func (h handlers) feed(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	calendar, err := h.s.Feed(r.Context(), v.Edition)
	return writeFeed(w, calendar, err)
}

func (h handlers) ownFeed(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	calendar, err := h.s.OwnFeed(r.Context(), v.Edition, r.PathValue("secret"))
	return writeFeed(w, calendar, err)
}

func writeFeed(w http.ResponseWriter, calendar ical.Calendar, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="programme.ics"`)
	w.Header().Set("Cache-Control", "private, max-age=60")
	return ical.Write(w, calendar)
}

// sessionView is one session as its page shows it.
type sessionView struct {
	Entry
	HTML                        string // of the description, safe
	Member, Organises, MayCount bool
	Clashes                     []Session
	SignIn                      string
}

func (h handlers) showSession(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := h.sessionPage(r, v)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (h handlers) sessionPage(r *http.Request, v *door.Visit) (func() templ.Component, error) {
	entry, err := h.s.Get(r.Context(), h.s.db, v.Actor, v.Edition.ID, session(r))
	if err != nil {
		return nil, err
	}
	view := sessionView{Entry: entry, HTML: markdown.HTML(entry.Text, 3), Member: len(v.Roles) > 0, Organises: v.Is(edition.Organiser),
		MayCount: entry.Leads || v.Is(edition.Organiser, edition.Crew), SignIn: "/sign-in?next=" + v.URL("programme", string(entry.ID))}
	if view.MayCount {
		if view.Clashes, err = h.s.Clashes(r.Context(), h.s.db, entry.Session); err != nil {
			return nil, err
		}
	}
	return func() templ.Component {
		return sessionPage(v.Page(entry.Title, Topic(v.Edition.ID)), view, v.URL)
	}, nil
}

func (h handlers) signUp(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	state, err := h.s.SignUp(r.Context(), v.Actor, session(r), door.Action(r, v))
	if err != nil {
		page, failed := h.sessionPage(r, v)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, page)
	}
	if state == Waiting {
		v.Say(w, "warn", "programme.said.waiting")
	} else {
		v.Say(w, "ok", "programme.said.seated")
	}
	return v.Go(w, r, v.URL("programme", string(session(r))))
}

func (h handlers) signOff(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := h.s.SignOff(r.Context(), v.Actor, session(r), door.Action(r, v)); err != nil {
		return err
	}
	v.Say(w, "ok", "programme.said.off")
	return v.Go(w, r, v.URL("programme", string(session(r))))
}

func (h handlers) showGuests(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	entry, err := h.s.Get(r.Context(), h.s.db, v.Actor, v.Edition.ID, session(r))
	if err != nil {
		return err
	}
	places, err := h.s.Guests(r.Context(), h.s.db, v.Actor, v.Edition.ID, session(r))
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, guestsPage(v.Page(v.L.T("programme.guests"), Topic(v.Edition.ID)), entry, places, v.URL))
}

func (h handlers) attend(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := h.s.Attend(r.Context(), v.Actor, session(r), account.ID(door.Text(r, "account")), door.Has(r, "there"), door.Action(r, v))
	if err != nil {
		return err
	}
	return v.Go(w, r, v.URL("programme", string(session(r)), "guests"))
}

func (h handlers) addUsual(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	n, err := h.s.AddUsual(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	v.Say(w, "ok", "programme.said.usual", "n", n)
	return v.Go(w, r, v.URL("programme"))
}

func (h handlers) shift(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	days, err := strconv.Atoi(door.Text(r, "days"))
	if err != nil {
		return errs.New(errs.Invalid, "programme.shift_range")
	}
	n, err := h.s.ShiftDays(r.Context(), v.Actor, v.Edition.ID, days)
	if err != nil {
		return err
	}
	v.Say(w, "ok", "programme.said.shifted", "n", n)
	return v.Go(w, r, v.URL("programme"))
}

func (h handlers) cancel(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, err := h.s.Cancel(r.Context(), v.Actor, session(r)); err != nil {
		return err
	}
	v.Say(w, "ok", "programme.said.cancelled")
	return v.Go(w, r, v.URL("programme", string(session(r))))
}

func (h handlers) restore(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, err := h.s.Restore(r.Context(), v.Actor, session(r)); err != nil {
		return err
	}
	v.Say(w, "ok", "programme.said.restored")
	return v.Go(w, r, v.URL("programme", string(session(r))))
}

// slots are the sessions as the timeline draws them.
func slots(v ui.View, entries []Entry, url urls) []ui.Slot {
	all := make([]ui.Slot, len(entries))
	for i, e := range entries {
		all[i] = ui.Slot{From: e.Start, To: e.End, Title: e.Title, Place: e.Room, Note: entryNote(v, e),
			URL: url("programme", string(e.ID)), Tone: tone(e)}
		if e.Cancelled { // neither on nor next
			all[i].Title = v.L.T("programme.cancelled") + " · " + e.Title
		}
	}
	return all
}

func tone(e Entry) ui.Tone {
	switch {
	case e.Cancelled:
		return ui.Bad
	case e.Mine == Seated || e.Leads:
		return ui.Good
	case e.Mine == Waiting:
		return ui.Warn
	case e.Kind == Workshop:
		return ui.Water
	}
	return ui.Plain
}
