package programme

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Astray counts the sessions that the event has left behind, and by how many days the
// whole programme moves to catch up; see [edition.Edition.LeftBehind].
func Astray(e edition.Edition, all []Session) (n, days int) {
	var spans []edition.Span
	for _, s := range all {
		if !s.Cancelled {
			spans = append(spans, edition.Span{From: s.Start, To: s.End})
		}
	}
	return e.LeftBehind(spans)
}

// ShiftDays moves every session by so many days, at the same hours of the clock. Who signed
// up is written to, as for any session that moves. An organiser may.
func (s *Service) ShiftDays(ctx context.Context, actor account.Actor, id edition.ID, days int) (n int, err error) {
	if days == 0 || days < -edition.MostShift || days > edition.MostShift {
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
