package award

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Deliberation returns how far the edition's deliberation has come.
func (s *Service) Deliberation(ctx context.Context, q sqldb.Querier, e edition.ID) (Deliberation, error) {
	return getDeliberation(ctx, q, e)
}

// OpenDeliberation ends the scoring and lets the jury see the ranking: an organiser's
// matter. To open it again is no error.
func (s *Service) OpenDeliberation(ctx context.Context, actor account.Actor, e edition.ID) error {
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Organiser); err != nil {
		return err
	}
	// The scoring closes in a transaction of its own; where the second one fails, the
	// organiser presses again.
	if err := s.scoring.Close(ctx, actor, e); err != nil {
		return fmt.Errorf("closing the scoring: %w", err)
	}
	already := errors.New("open already")
	err := s.act(ctx, actor, e, edition.Organiser, func(tx *sqldb.Tx, d Deliberation, now time.Time) (trail.Entry, error) {
		if d.State != Waiting {
			return trail.Entry{}, already
		}
		jurors, err := s.editions.Members(ctx, tx, e, edition.Juror)
		if err != nil {
			return trail.Entry{}, err
		}
		for _, m := range jurors {
			if err := upsertAttendance(ctx, tx, e, Attendance{Account: m.Account.ID, Name: m.Account.Name, Presence: Present}); err != nil {
				return trail.Entry{}, fmt.Errorf("noting who is there: %w", err)
			}
		}
		if err := insertDeliberation(ctx, tx, e, now); err != nil {
			return trail.Entry{}, fmt.Errorf("opening the deliberation: %w", err)
		}
		return trail.Entry{Action: "award.opened", Subject: "deliberation:" + string(e), After: string(Open)}, nil
	})
	if errors.Is(err, already) || sqldb.IsUnique(err) {
		return nil
	}
	return err
}

// Attend notes who of the jury takes part, who stepped back, and who else is in the
// room.
func (s *Service) Attend(ctx context.Context, actor account.Actor, e edition.ID, jury []Attendance, guests string) error {
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, _ time.Time) (trail.Entry, error) {
		if err := d.mayChange(); err != nil {
			return trail.Entry{}, err
		}
		known, err := listAttendance(ctx, tx, e)
		if err != nil {
			return trail.Entry{}, err
		}
		names := map[account.ID]string{}
		for _, a := range known {
			names[a.Account] = a.Name
		}
		var said []string
		for _, a := range jury {
			var there bool
			if a.Name, there = names[a.Account]; !there {
				return trail.Entry{}, sqldb.ErrNotFound
			}
			if a.Presence != Present && a.Presence != Absent && a.Presence != Recused || len(a.Note)+len(guests) > longest {
				return trail.Entry{}, errs.New(errs.Invalid, "award.presence_wrong")
			}
			if err := upsertAttendance(ctx, tx, e, a); err != nil {
				return trail.Entry{}, err
			}
			said = append(said, string(a.Account)+" "+string(a.Presence))
		}
		d.Guests = strings.TrimSpace(guests)
		if ok, err := updateDeliberation(ctx, tx, d, d.State); err != nil || !ok {
			return trail.Entry{}, errors.Join(err, errChanged)
		}
		return trail.Entry{Action: "award.attendance", Subject: "deliberation:" + string(e), After: strings.Join(said, "; ")}, nil
	})
}

func (d Deliberation) mayChange() error {
	switch d.State { //nolint:exhaustive // the others may
	case Waiting:
		return errNotOpen
	case Closed:
		return errClosed
	}
	return nil
}

// Decide says which team gets which prize. The ranking it is decided upon is kept with
// it. It may be decided again until the deliberation is closed.
func (s *Service) Decide(ctx context.Context, actor account.Actor, e edition.ID, decision Decision) error {
	decision.Reason, decision.Decider, decision.DeciderReason =
		strings.TrimSpace(decision.Reason), strings.TrimSpace(decision.Decider), strings.TrimSpace(decision.DeciderReason)
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (trail.Entry, error) {
		if err := d.mayChange(); err != nil {
			return trail.Entry{}, err
		}
		standings, err := s.scoring.Standings(ctx, tx, e)
		if err != nil {
			return trail.Entry{}, fmt.Errorf("reading the standings: %w", err)
		}
		prizes, err := listPrizes(ctx, tx, e)
		if err != nil {
			return trail.Entry{}, err
		}
		places := Ladder(standings)
		if err := decision.check(prizes, places); err != nil {
			return trail.Entry{}, err
		}
		from := d.State
		d.State, d.Decided, d.Ranking = Decided, now, standings
		d.Reason, d.Decider, d.DeciderReason = decision.Reason, decision.Decider, decision.DeciderReason
		if ok, err := updateDeliberation(ctx, tx, d, from); err != nil || !ok {
			return trail.Entry{}, errors.Join(err, errChanged)
		}
		var said []string
		for _, p := range prizes {
			if !p.Live() {
				continue
			}
			if err := choose(ctx, tx, p.ID, decision.Choice[p.ID]); err != nil {
				return trail.Entry{}, fmt.Errorf("choosing for the prize %s: %w", p.Title, err)
			}
			said = append(said, p.Title+" → "+decision.Choice[p.ID])
		}
		if d.Reason != "" {
			said = append(said, d.Reason)
		}
		return trail.Entry{Action: "award.decided", Subject: "deliberation:" + string(e), After: strings.Join(said, "; ")}, nil
	})
}

// Close freezes what was decided: the prizes are awarded, the minutes only grow by
// addenda from now on, and the results open at their minute.
func (s *Service) Close(ctx context.Context, actor account.Actor, e edition.ID) error {
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (trail.Entry, error) {
		if err := d.mayChange(); err != nil {
			return trail.Entry{}, err
		}
		if d.State != Decided {
			return trail.Entry{}, errs.New(errs.Conflict, "award.not_decided")
		}
		prizes, err := listPrizes(ctx, tx, e)
		if err != nil {
			return trail.Entry{}, err
		}
		d.State, d.Closed = Closed, now
		if ok, err := updateDeliberation(ctx, tx, d, Decided); err != nil || !ok {
			return trail.Entry{}, errors.Join(err, errChanged)
		}
		for _, p := range prizes {
			if p.State != Planned || p.Team == "" {
				continue
			}
			if err := s.move(ctx, tx, actor, p, Awarded, "", now); err != nil {
				return trail.Entry{}, err
			}
		}
		entry := trail.Entry{Action: "award.closed", Subject: "deliberation:" + string(e), Before: string(Decided), After: string(Closed)}
		return entry, s.scheduleTx(ctx, tx, e)
	})
}

// AddAddendum adds to closed minutes what came after them, as the answer to a contested
// result.
func (s *Service) AddAddendum(ctx context.Context, actor account.Actor, e edition.ID, text string) error {
	if text = strings.TrimSpace(text); text == "" || len(text) > longest {
		return errs.Fields{{Name: "addendum", Key: "award.addendum_wrong"}}
	}
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (trail.Entry, error) {
		if d.State != Closed {
			return trail.Entry{}, errs.New(errs.Conflict, "award.not_closed")
		}
		a := Addendum{ID: s.ids.ID(), Text: text, Actor: actor.ID, ActorName: actor.Name, At: now}
		return trail.Entry{Action: "award.addendum", Subject: "deliberation:" + string(e), After: text}, insertAddendum(ctx, tx, e, a)
	})
}

// Minutes are what was decided, by whom and why.
type Minutes struct {
	Edition      edition.Edition
	Deliberation Deliberation
	Jury         []Attendance
	Places       []Place
	Prizes       []Prize
	// Names are those of the teams in the ranking, and their projects.
	Names   map[string]Standing
	Addenda []Addendum
	// Recomputed says that the ranking was computed anew from the raw marks, Differs
	// that it then is not the one decided upon.
	Recomputed, Differs bool
}

// Minutes returns the minutes as they stand: the jury's and the organisers' to read.
func (s *Service) Minutes(ctx context.Context, actor account.Actor, id edition.ID) (Minutes, error) {
	var m Minutes
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Juror); err != nil {
		return m, err
	}
	var err error
	if m.Edition, err = s.editions.Get(ctx, s.db, id); err != nil {
		return m, err
	}
	if m.Deliberation, err = getDeliberation(ctx, s.db, id); err != nil {
		return m, err
	}
	if m.Jury, err = listAttendance(ctx, s.db, id); err != nil {
		return m, fmt.Errorf("reading who was there: %w", err)
	}
	if m.Prizes, err = listPrizes(ctx, s.db, id); err != nil {
		return m, err
	}
	if m.Addenda, err = listAddenda(ctx, s.db, id); err != nil {
		return m, fmt.Errorf("reading the addenda: %w", err)
	}
	if m.Deliberation.State == Waiting {
		return m, nil
	}
	standings, err := s.scoring.Standings(ctx, s.db, id)
	if err != nil {
		return m, fmt.Errorf("reading the standings: %w", err)
	}
	if m.Deliberation.State != Open {
		m.Recomputed, m.Differs = true, Differs(standings, m.Deliberation.Ranking)
		standings = m.Deliberation.Ranking
	}
	m.Places, m.Names = Ladder(standings), map[string]Standing{}
	for _, p := range standings {
		m.Names[p.Team] = p
	}
	return m, nil
}
