package programme

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// mostShift is by how many days a programme can be moved at once.
const mostShift = 3 * 366

// Astray counts the sessions that are on none of the event's days, as when its dates were
// moved and the programme was not. Where that is all of them, days is by how many the
// whole programme moves to begin on the event's first day again; 0 otherwise.
func Astray(e edition.Edition, all []Session) (n, days int) {
	var first time.Time
	kept := 0
	for _, s := range all {
		switch {
		case s.Cancelled:
		case outside(e, Plan{Start: s.Start, End: s.End}):
			n++
			if first.IsZero() || s.Start.Before(first) {
				first = s.Start
			}
		default:
			kept++
		}
	}
	if n == 0 || kept > 0 {
		return n, 0
	}
	begins := e.At[edition.Starts]
	if at, set := e.At[edition.Doors]; set {
		begins = at
	}
	return n, daysBetween(first.In(e.Zone), begins.In(e.Zone))
}

// daysBetween is how many days of the calendar lie between two moments, whatever the
// clocks do on the way.
func daysBetween(from, to time.Time) int {
	noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(noon(to).Sub(noon(from)).Hours() / 24)
}

// ShiftDays moves every session by so many days, at the same hours of the clock. Who signed
// up is written to, as for any session that moves. An organiser may.
func (s *Service) ShiftDays(ctx context.Context, actor account.Actor, id edition.ID, days int) (n int, err error) {
	if days == 0 || days < -mostShift || days > mostShift {
		return 0, errs.New(errs.Invalid, "programme.shift_range")
	}
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID); err != nil {
			return err
		}
		all, err := listSessions(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		for _, session := range all {
			if session.Cancelled {
				continue
			}
			if _, err := s.changeTx(ctx, tx, actor, e, now, session, session.planned(days, e.Zone)); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// planned is the plan of the session as it is, so many days later.
func (s Session) planned(days int, zone *time.Location) Plan {
	p := Plan{Kind: s.Kind, Title: s.Title, Text: s.Text, Room: s.Room, Seats: s.Seats, Public: s.Public, SpeakerName: s.SpeakerName,
		Start: s.Start.In(zone).AddDate(0, 0, days), End: s.End.In(zone).AddDate(0, 0, days)}
	for _, who := range s.Speakers {
		p.Speakers = append(p.Speakers, who.ID)
	}
	return p
}
