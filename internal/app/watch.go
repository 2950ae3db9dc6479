package app

import (
	"context"
	"time"

	"h48/internal/catering"
	"h48/internal/cups"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/jobs"
	"h48/internal/kit/post"
	"h48/internal/programme"
	"h48/internal/ui"
)

// What an organiser looks after at every event: the page, the people, the plates, the
// sessions, the cups, and the work of the machine.

// letters looks whether any leave: without a mail server nobody can confirm or sign in.
func (w *watch) letters(context.Context) error {
	if w.Parts.Sender == nil && w.Config.Mail.Server == "" {
		w.say(w.urgentIn(edition.Registering, edition.Preparing), "no_mail", 1, "mail", "")
	}
	return nil
}

// edition looks at the settings.
func (w *watch) edition(context.Context) error {
	e := w.v.Edition
	if e.State == edition.Draft {
		u := actSoon
		if e.Has(edition.RegistrationOpens, w.v.Now) {
			u = actNow
		}
		w.say(u, "draft", 1, "globe", w.v.URL("settings"))
	}
	return nil
}

// registrations looks at the seats.
func (w *watch) registrations(ctx context.Context) error {
	s, err := w.Registration.Summary(ctx, w.DB, w.v.Edition.ID)
	if err != nil {
		return err
	}
	l, url := w.v.L, w.v.URL("registrations")
	seats := ui.StatData{Label: l.T("app.stat.registered"), Value: l.Int(int64(s.Confirmed)), Note: l.N("app.stat.in_line", s.Waiting), Icon: "id-card", URL: url}
	if s.Seats > 0 {
		seats.Value = l.T("app.stat.of", "n", s.Confirmed, "of", s.Seats)
	}
	w.figure(seats)
	before := w.during(edition.Announced, edition.Registering, edition.Preparing)
	switch starts := w.v.Edition.At[edition.Starts].Sub(w.v.Now); {
	case s.Free() > 0 && s.Waiting > 0 && w.v.Now.Before(w.v.Edition.At[edition.Starts]):
		w.say(actNow, "seats_to_give", min(s.Free(), s.Waiting), "id-card", url)
	case before && s.Seats > 0 && 2*s.Confirmed < s.Seats && starts < 14*day:
		w.say(actSoon, "half_empty", s.Confirmed, "id-card", w.v.URL("messages"), "seats", s.Seats)
	case before:
		w.well("registering", "id-card", url, "n", s.Confirmed)
	}
	if s.Pending > 0 && before {
		w.well("pending", "mail", url, "n", s.Pending)
	}
	return nil
}

// arrivals looks at the door.
func (w *watch) arrivals(ctx context.Context) error {
	s, err := w.Checkin.Summary(ctx, w.DB, w.v.Edition.ID)
	if err != nil || !w.v.Edition.Has(edition.Doors, w.v.Now) {
		return err
	}
	url := w.v.URL("checkin")
	stat := arrivedStat(w.v, s)
	stat.URL = url
	w.figure(stat)
	if s.Alarm() {
		w.say(actNow, "full_house", s.Inside, "triangle-alert", url, "max", s.Max)
	}
	if s.Doubles > 0 {
		w.say(actSoon, "doubles", s.Doubles, "scan-line", url)
	}
	if missing := s.Expected - s.Arrived; missing > 0 && w.during(edition.CheckingIn, edition.Teaming) {
		w.well("expected", "scan-line", url, "n", missing)
	} else if missing > 0 && w.v.Now.Before(w.v.Edition.At[edition.Starts].Add(3*hour)) {
		w.say(actSoon, "missing", missing, "scan-line", url)
	}
	return nil
}

// meals looks at the next plates.
func (w *watch) meals(ctx context.Context) error {
	all, err := w.Catering.Tallies(ctx, w.DB, w.v.Edition.ID)
	if err != nil {
		return err
	}
	for _, m := range all {
		if servedNow(m.At, w.v.Now) {
			w.figure(ui.StatData{Label: m.Name, Value: w.v.L.Int(int64(m.Served)), Note: w.v.L.T("app.stat.served"), Icon: "utensils", URL: w.v.URL("meals", m.ID)})
		}
		if m.Twice > 0 {
			w.say(actSoon, "twice", m.Twice, "utensils", w.v.URL("meals", m.ID), "meal", m.Name)
		}
		if soon := m.At.Sub(w.v.Now); soon > 30*time.Minute && soon < 3*hour {
			w.well("meal", "utensils", w.v.URL("meals"), "meal", m.Name, "at", w.v.L.Clock(m.At))
		}
	}
	if n, _ := catering.Astray(w.v.Edition, all); n > 0 {
		w.say(actSoon, "meals_astray", n, "utensils", w.v.URL("meals"))
	}
	return nil
}

func sessionsOf(all []programme.Entry) []programme.Session {
	sessions := make([]programme.Session, len(all))
	for i, e := range all {
		sessions[i] = e.Session
	}
	return sessions
}

// sessions looks at the programme.
func (w *watch) sessions(ctx context.Context) error {
	all, err := w.Programme.List(ctx, w.DB, w.v.Actor, w.v.Edition.ID)
	if err != nil {
		return err
	}
	s, err := w.Programme.Summary(ctx, w.DB, w.v.Edition.ID)
	if err != nil {
		return err
	}
	url := w.v.URL("programme")
	if s.Clashing > 0 {
		w.say(w.urgentIn(edition.Working), "clashes", s.Clashing, "calendar", url)
	}
	if n, _ := programme.Astray(w.v.Edition, sessionsOf(all)); n > 0 {
		w.say(actSoon, "astray", n, "calendar", url)
	}
	if s.Sessions == 0 {
		w.say(actSoon, "no_programme", 1, "calendar", w.v.URL("programme", "new"))
	}
	if s.Waiting > 0 && !w.v.Edition.Has(edition.HandIn, w.v.Now) {
		w.say(actSoon, "workshop_lines", s.Waiting, "users", url)
	}
	var near []programme.Entry
	for _, e := range all {
		if !e.Cancelled && !e.Over(w.v.Now) && e.Start.Sub(w.v.Now) < 4*hour {
			near = append(near, e)
		}
	}
	w.board.now = slots(w.v, near[:min(len(near), 5)])
	return nil
}

// stock looks at the cups and at the money that is owed for them.
func (w *watch) stock(ctx context.Context) error {
	all, err := w.Cups.Stocks(ctx, w.DB, w.v.Edition.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	var clean, out int
	var owed int64
	for _, s := range all {
		clean, out, owed = clean+s.At[cups.Clean], out+s.At[cups.Out], owed+s.Owed
	}
	url := w.v.URL("cups")
	during := w.v.Edition.Has(edition.Doors, w.v.Now)
	switch {
	case w.phase == edition.After && out > 0:
		w.say(actSoon, "cups_out", out, "cup-soda", url, "owed", w.v.L.Euros(owed))
	case during && w.phase != edition.After && clean == 0:
		w.say(actNow, "no_cups", 1, "cup-soda", url)
	case during && w.phase != edition.After && clean < fewCups:
		w.say(actSoon, "few_cups", clean, "cup-soda", url)
	default:
		w.well("cups", "cup-soda", url, "clean", clean, "out", out)
	}
	return nil
}

// fewCups is how many clean cups are too few to go on with.
const fewCups = 10

// story looks at what is told afterwards.
func (w *watch) story(ctx context.Context) error {
	if w.phase != edition.After {
		return nil
	}
	r, err := w.Recap.Recap(ctx, w.DB, w.v.Actor, w.v.Edition.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if r.Public() {
		w.well("recap_out", "sparkles", w.v.URL("recap"))
		return nil
	}
	w.say(actSoon, "recap", 1, "sparkles", w.v.URL("recap", "edit"))
	return nil
}

// mostJobs is how many of the newest jobs are looked at.
const mostJobs = 50

// work looks at what the machine was asked to do and could not.
func (w *watch) work(ctx context.Context) error {
	all, err := jobs.List(ctx, w.DB, string(w.v.Edition.ID), mostJobs)
	if err != nil {
		return err
	}
	if disk, is := w.Files.(interface{ Room() (uint64, error) }); is {
		if free, err := disk.Room(); err == nil && free < 2*files.Reserve {
			w.say(actNow, "disk", 1, "triangle-alert", w.v.URL("settings"), "free", free>>20)
		}
	}
	letters, failed := 0, ""
	for _, j := range all {
		switch {
		case j.State != jobs.Failed:
		case j.Kind == post.Kind:
			letters++
		case failed == "":
			failed = j.ID
		}
	}
	if letters > 0 {
		w.say(actNow, "letters", letters, "mail", w.v.URL("registrations"))
	}
	if failed != "" {
		w.say(actNow, "job", 1, "circle-alert", w.v.URL("jobs", failed))
	}
	return nil
}
