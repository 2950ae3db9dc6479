package app

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/crew"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ical"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/ui"
)

// manning makes the service of the crew's plan; their shifts stand in their calendars.
func (a *App) manning(r *Rooms, mailer *post.Post, tr *trail.Trail) {
	r.Crew = crew.NewService(a.DB, a.Parts.IDs, a.Editions, a.Accounts, a.Hub, a.Queue, mailer, tr, a.Words, a.Config.Base())
	r.Programme.Beside(shiftsOf{r.Crew, a.Config.Base()})
}

// shiftsOf puts somebody's shifts into their own calendar.
type shiftsOf struct {
	crew *crew.Service
	base string
}

// Own implements programme.Beside.
func (s shiftsOf) Own(ctx context.Context, q sqldb.Querier, l i18n.Locale, e edition.Edition, who account.ID) ([]ical.Event, error) {
	turns, err := s.crew.Turns(ctx, q, e.ID, who)
	var all []ical.Event
	for _, t := range turns {
		all = append(all, ical.Event{UID: "shift-" + string(t.Shift.ID) + "@" + e.Slug + ".h48", Start: t.Shift.Start, End: t.Shift.End,
			Summary: t.Post.Name, Location: t.Post.Place, Description: t.Post.Task, URL: s.base + e.URL() + "/crew/mine"})
	}
	return all, err
}

// shiftFirst is how long before a shift it is the next thing to do.
const shiftFirst = 2 * time.Hour

// shiftNext leads somebody of the crew to their shift, where one is on or near, and to the
// question when they can; ok is false where neither presses.
func (a *App) shiftNext(ctx context.Context, v *door.Visit, t *todayView) (next nextThing, ok bool, err error) {
	m, err := a.Crew.Mine(ctx, v.Actor, v.Edition.ID, v.Actor.ID)
	if err != nil || !m.Started {
		return next, false, err
	}
	turn, ahead := m.Next()
	switch {
	case ahead && turn.Shift.On(v.Now):
		return thing(v, "shift_on", v.URL("crew", "mine"), "map-pin", "post", turn.Post.Name, "place", orDots(turn.Post.Place), "until", v.L.Clock(turn.Shift.End)).now(), true, nil
	case ahead:
		t.stats = append(t.stats, ui.StatData{Label: v.L.T("app.stat.shift"), Value: turn.Post.Name, Note: v.L.Span(turn.Shift.Start, turn.Shift.End), Icon: "map-pin", URL: v.URL("crew", "mine")})
		if turn.Shift.Start.Sub(v.Now) < shiftFirst {
			next = thing(v, "shift_soon", v.URL("crew", "mine"), "map-pin", "post", turn.Post.Name, "place", orDots(turn.Post.Place), "at", v.L.DateTime(turn.Shift.Start))
			return next.until(turn.Shift.Start), true, nil
		}
	case m.Member.Offer.Silent() && !v.Edition.Has(edition.HandIn, v.Now):
		return thing(v, "shift_offer", v.URL("crew", "mine"), "calendar"), true, nil
	}
	return next, false, nil
}

// crewsNext leads to one's own shift where it presses, and to the counter of the hour.
func (a *App) crewsNext(ctx context.Context, v *door.Visit, t *todayView) (nextThing, error) {
	counter, err := a.counterNext(ctx, v, t)
	if err != nil {
		return counter, err
	}
	shift, ok, err := a.shiftNext(ctx, v, t)
	if err != nil || !ok {
		return counter, err
	}
	t.also = append(t.also, counter.NextData)
	return shift, nil
}

// crew looks at the plan of the crew.
func (w *watch) crew(ctx context.Context) error {
	s, err := w.Crew.Summary(ctx, w.DB, w.v.Edition.ID, w.v.Now)
	if err != nil || s.Shifts == 0 || w.phase == edition.After {
		return err
	}
	url := w.v.URL("crew")
	if s.Cannot > 0 {
		w.say(actNow, "crew_cannot", s.Cannot, "users", url)
	}
	switch {
	case s.Soon > 0 && w.v.Edition.Has(edition.Doors, w.v.Now):
		w.say(actNow, "crew_soon", s.Soon, "users", url)
	case s.Open > 0:
		w.say(actSoon, "crew_open", s.Open, "users", url)
	default:
		w.well("crew", "users", url, "n", s.Here)
	}
	if s.Silent > 0 && !w.v.Edition.Has(edition.Doors, w.v.Now) {
		w.say(actSoon, "crew_silent", s.Silent, "users", w.v.URL("crew", "people"))
	}
	return nil
}

// carryCrew copies the crew's posts and hours, without who leads and who worked them.
func (a *App) carryCrew(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	b, err := a.Crew.Board(ctx, actor, from.ID)
	if err != nil || len(b.Posts) == 0 {
		return err
	}
	if err := a.Crew.SetRules(ctx, actor, to.ID, b.Book.Rest, b.Book.Most); err != nil {
		return err
	}
	for _, p := range b.Posts {
		var hours []crew.Hours
		for _, s := range b.Shifts {
			if s.Post == p.ID {
				hours = append(hours, crew.Hours{Start: nextYear(s.Start, from.Zone), End: nextYear(s.End, from.Zone), Wanted: s.Wanted})
			}
		}
		if _, err := a.Crew.AddPost(ctx, actor, to.ID, crew.Post{Name: p.Name, Place: p.Place, Task: p.Task, Skill: p.Skill}, hours...); err != nil {
			return err
		}
	}
	return nil
}
