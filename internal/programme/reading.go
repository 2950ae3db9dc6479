package programme

import (
	"context"
	"errors"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Entry is a session as one reader sees it.
type Entry struct {
	Session
	// Mine is the reader's place, "" for none; Leads says that they are a speaker.
	Mine  PlaceState
	Leads bool
	// Changed says that room or hour changed after the reader signed up.
	Changed bool
	// Also are the reader's other sessions that share a moment with this one.
	Also []Session
}

// List returns the programme as the actor may see it: the public the public sessions,
// the edition's people all.
func (s *Service) List(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) ([]Entry, error) {
	member, err := s.isMember(ctx, q, actor, id)
	if err != nil {
		return nil, err
	}
	all, err := listSessions(ctx, q, id)
	if err != nil {
		return nil, err
	}
	if !member {
		all = slices.DeleteFunc(all, func(s Session) bool { return !s.Public })
	}
	var places []Place
	if !actor.Public() {
		if places, err = placesOf(ctx, q, id, actor.ID); err != nil {
			return nil, err
		}
	}
	return entries(all, places, actor.ID), nil
}

func (s *Service) isMember(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) (bool, error) {
	err := s.editions.Require(ctx, q, actor, id, edition.AllRoles...)
	if errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Unauthenticated) {
		return false, nil
	}
	return err == nil, err
}

// entries joins the sessions with the places of one person.
func entries(all []Session, places []Place, who account.ID) []Entry {
	mine := map[ID]Place{}
	for _, p := range places {
		mine[p.Session] = p
	}
	list := make([]Entry, len(all))
	var own []Session
	for i, session := range all {
		place := mine[session.ID]
		list[i] = Entry{Session: session, Mine: place.State, Leads: who != "" && session.LedBy(who),
			Changed: place.State != "" && session.Moved.After(place.Signed)}
		if list[i].Mine != "" || list[i].Leads {
			own = append(own, session)
		}
	}
	for i := range list {
		for _, other := range own {
			if other.ID != list[i].ID && other.Overlaps(list[i].Session) {
				list[i].Also = append(list[i].Also, other)
			}
		}
	}
	return list
}

// Mine returns what the actor signed up for or leads.
func (s *Service) Mine(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) ([]Entry, error) {
	all, err := s.List(ctx, q, actor, id)
	return slices.DeleteFunc(all, func(e Entry) bool { return e.Mine == "" && !e.Leads }), err
}

// Get returns one session as the actor sees it.
func (s *Service) Get(ctx context.Context, q sqldb.Querier, actor account.Actor, e edition.ID, id ID) (Entry, error) {
	all, err := s.List(ctx, q, actor, e)
	if err != nil {
		return Entry{}, err
	}
	for _, entry := range all {
		if entry.ID == id {
			return entry, nil
		}
	}
	return Entry{}, sqldb.ErrNotFound
}

// NowAndNext returns the public sessions that are on and those that begin next, for the
// home page and the stage.
func (s *Service) NowAndNext(ctx context.Context, q sqldb.Querier, id edition.ID, now time.Time) (on, next []Session, err error) {
	all, err := listSessions(ctx, q, id)
	all = slices.DeleteFunc(all, func(s Session) bool { return !s.Public })
	on, next = NowAndNext(all, now)
	return on, next, err
}

// Guests lists who signed up for the session: for its speakers, the crew and organisers.
func (s *Service) Guests(ctx context.Context, q sqldb.Querier, actor account.Actor, e edition.ID, id ID) ([]Place, error) {
	session, err := s.sessionIn(ctx, q, e, id)
	if err != nil {
		return nil, err
	}
	if err := s.mayCount(ctx, q, actor, session); err != nil {
		return nil, err
	}
	return listPlaces(ctx, q, id)
}

// sessionIn reads a session and refuses one of another edition.
func (s *Service) sessionIn(ctx context.Context, q sqldb.Querier, e edition.ID, id ID) (Session, error) {
	session, err := getSession(ctx, q, id)
	if err == nil && session.Edition != e {
		return Session{}, sqldb.ErrNotFound
	}
	return session, err
}

// Clashes lists the sessions that share a moment with this one in its room or with one
// of its speakers.
func (s *Service) Clashes(ctx context.Context, q sqldb.Querier, session Session) ([]Session, error) {
	all, err := listSessions(ctx, q, session.Edition)
	if err != nil {
		return nil, err
	}
	found := session.Clashes(all)
	for _, other := range all {
		busy := slices.ContainsFunc(session.Speakers, func(p Person) bool { return other.LedBy(p.ID) })
		seen := slices.ContainsFunc(found, func(f Session) bool { return f.ID == other.ID })
		if other.ID != session.ID && busy && !seen && session.Overlaps(other) {
			found = append(found, other)
		}
	}
	Sort(found)
	return found, nil
}

// Summary is the programme in figures.
type Summary struct {
	Sessions, Workshops, Cancelled int
	// Full workshops have no seat left; Waiting people wait for one.
	Full, Waiting int
	// Clashing sessions share their room and a moment with another.
	Clashing int
}

// Summary counts; it is for an organiser's page.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, id edition.ID) (Summary, error) {
	var sum Summary
	all, err := listSessions(ctx, q, id)
	for _, session := range all {
		if session.Cancelled {
			sum.Cancelled++
			continue
		}
		sum.Sessions++
		sum.Waiting += session.Waiting
		if session.Kind == Workshop {
			sum.Workshops++
			if session.Full() {
				sum.Full++
			}
		}
		if len(session.Clashes(all)) > 0 {
			sum.Clashing++
		}
	}
	return sum, err
}

// Rooms lists the rooms that sessions are in, sorted.
func (s *Service) Rooms(ctx context.Context, q sqldb.Querier, id edition.ID) ([]string, error) {
	all, err := listSessions(ctx, q, id)
	var rooms []string
	for _, session := range all {
		if session.Room != "" && !slices.Contains(rooms, session.Room) {
			rooms = append(rooms, session.Room)
		}
	}
	slices.Sort(rooms)
	return rooms, err
}

// FeedSecret returns the secret of the actor's own feed and makes it when there is none;
// renew makes another one, and the old address ends.
func (s *Service) FeedSecret(ctx context.Context, actor account.Actor, id edition.ID, renew bool) (string, error) {
	var secret string
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) (err error) {
		if err := s.editions.Require(ctx, tx, actor, id, edition.AllRoles...); err != nil {
			return err
		}
		secret, err = feedSecret(ctx, tx, id, actor.ID)
		if err == nil && !renew {
			return nil
		}
		if err != nil && !errors.Is(err, sqldb.ErrNotFound) {
			return err
		}
		secret = s.ids.Secret()
		return putFeed(ctx, tx, id, actor.ID, secret)
	})
	return secret, err
}
