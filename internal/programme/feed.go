package programme

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ical"
	"h48/internal/kit/sqldb"
)

// refresh is how often a calendar application should ask again.
const refresh = 15 * time.Minute

// Feed returns the public sessions as a calendar in the edition's language. Cancelled
// ones stay in it, so that every subscriber's calendar strikes them out.
func (s *Service) Feed(ctx context.Context, e edition.Edition) (ical.Calendar, error) {
	sessions, err := listSessions(ctx, s.db, e.ID)
	if err != nil {
		return ical.Calendar{}, err
	}
	var public []Session
	for _, session := range sessions {
		if session.Public {
			public = append(public, session)
		}
	}
	return s.calendar(s.words.Locale(e.Lang), e, e.Name, public), nil
}

// OwnFeed returns what the owner of the secret has a seat in or leads; errs.NotFound for
// a secret that opens nothing.
func (s *Service) OwnFeed(ctx context.Context, e edition.Edition, secret string) (ical.Calendar, error) {
	who, err := feedOwner(ctx, s.db, e.ID, secret)
	if err != nil {
		return ical.Calendar{}, err
	}
	owner, err := s.accounts.Get(ctx, s.db, who)
	if err != nil {
		return ical.Calendar{}, err
	}
	entries, err := s.Mine(ctx, s.db, owner.Actor(), e.ID)
	if err != nil {
		return ical.Calendar{}, err
	}
	var own []Session
	for _, entry := range entries {
		if entry.Mine != Waiting || entry.Leads {
			own = append(own, entry.Session)
		}
	}
	l := s.words.Locale(owner.Lang)
	c := s.calendar(l, e, l.T("programme.feed_mine", "edition", e.Name), own)
	for _, b := range s.beside {
		events, err := b.Own(ctx, s.db, l.In(e.Zone).With(e.Words), e, who)
		if err != nil {
			return c, err
		}
		c.Events = append(c.Events, events...)
	}
	return c, nil
}

// Beside is another room that has something for a person's own calendar: their shifts,
// their meetings.
type Beside interface {
	Own(ctx context.Context, q sqldb.Querier, l i18n.Locale, e edition.Edition, who account.ID) ([]ical.Event, error)
}

// Beside has the other room's events stand in people's own calendars. Say so before the
// program serves.
func (s *Service) Beside(b Beside) { s.beside = append(s.beside, b) }

func (s *Service) calendar(l i18n.Locale, e edition.Edition, name string, sessions []Session) ical.Calendar {
	c := ical.Calendar{Name: name, Refresh: refresh}
	for _, session := range sessions {
		c.Events = append(c.Events, s.event(l.In(e.Zone).With(e.Words), e, session))
	}
	return c
}

func (s *Service) event(l i18n.Locale, e edition.Edition, session Session) ical.Event {
	description := session.Text
	if by := session.By(); by != "" {
		description = l.T("programme.by", "speaker", by) + "\n\n" + description
	}
	return ical.Event{UID: string(session.ID) + "@" + e.Slug + ".h48", Start: session.Start, End: session.End,
		Summary: session.Title, Location: location(e, session), Description: description,
		URL: s.base + e.URL() + "/programme/" + string(session.ID), Updated: session.Updated,
		Sequence: session.Sequence, Cancelled: session.Cancelled}
}

// location is the room, and the edition's place for those who do not know it.
func location(e edition.Edition, session Session) string {
	switch {
	case session.Room == "":
		return e.Place
	case e.Place == "":
		return session.Room
	}
	return session.Room + ", " + e.Place
}

// FeedURL is the absolute address of the edition's public feed.
func (s *Service) FeedURL(e edition.Edition) string { return s.base + e.URL() + "/programme.ics" }

// OwnFeedURL is the absolute address of the feed that the secret opens.
func (s *Service) OwnFeedURL(e edition.Edition, secret string) string {
	return s.base + e.URL() + "/programme/" + secret + "/my.ics"
}

// Attendance sums who was seen at the person's sessions, for an attestation.
type Attendance struct {
	Session Session
	Seen    bool
}

// Attended lists the sessions that the person signed up for, and where they were seen.
func (s *Service) Attended(ctx context.Context, id edition.ID, who account.ID) ([]Attendance, error) {
	places, err := placesOf(ctx, s.db, id, who)
	if err != nil {
		return nil, err
	}
	all, err := listSessions(ctx, s.db, id)
	var list []Attendance
	for _, p := range places {
		for _, session := range all {
			if session.ID == p.Session {
				list = append(list, Attendance{Session: session, Seen: !p.Attended.IsZero()})
			}
		}
	}
	return list, err
}
