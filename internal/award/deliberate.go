package award

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/chain"
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
	if err := s.with.Scoring.Close(ctx, actor, e); err != nil {
		return fmt.Errorf("closing the scoring: %w", err)
	}
	already := errors.New("open already")
	err := s.act(ctx, actor, e, edition.Organiser, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if d.State != Waiting {
			return deed{}, already
		}
		jurors, err := s.editions.Members(ctx, tx, e, edition.Juror)
		if err != nil {
			return deed{}, err
		}
		sitting := TracedSitting{Jury: map[account.ID]Presence{}}
		for _, m := range jurors {
			sitting.Jury[m.Account.ID] = Present
			if err := upsertAttendance(ctx, tx, e, Attendance{Account: m.Account.ID, Name: m.Account.Name, Presence: Present}); err != nil {
				return deed{}, fmt.Errorf("noting who is there: %w", err)
			}
		}
		if err := insertDeliberation(ctx, tx, e, now); err != nil {
			return deed{}, fmt.Errorf("opening the deliberation: %w", err)
		}
		return deed{Entry: trail.Entry{Action: "award.opened", Subject: "deliberation:" + string(e), After: string(Open)}, body: sitting}, nil
	})
	if errors.Is(err, already) || sqldb.IsUnique(err) {
		return nil
	}
	return err
}

// Attend notes who of the jury takes part, who stepped back, and who else is in the
// room.
func (s *Service) Attend(ctx context.Context, actor account.Actor, e edition.ID, jury []Attendance, guests string) error {
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, _ time.Time) (deed, error) {
		if err := d.mayChange(); err != nil {
			return deed{}, err
		}
		known, err := listAttendance(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		names := map[account.ID]string{}
		for _, a := range known {
			names[a.Account] = a.Name
		}
		var said []string
		sitting := TracedSitting{Jury: map[account.ID]Presence{}}
		for _, a := range jury {
			var there bool
			if a.Name, there = names[a.Account]; !there {
				return deed{}, sqldb.ErrNotFound
			}
			if a.Presence != Present && a.Presence != Absent && a.Presence != Recused || len(a.Note)+len(guests) > longest {
				return deed{}, errs.New(errs.Invalid, "award.presence_wrong")
			}
			if err := upsertAttendance(ctx, tx, e, a); err != nil {
				return deed{}, err
			}
			sitting.Jury[a.Account] = a.Presence
			said = append(said, string(a.Account)+" "+string(a.Presence))
		}
		d.Guests = strings.TrimSpace(guests)
		if ok, err := updateDeliberation(ctx, tx, d, d.State); err != nil || !ok {
			return deed{}, errors.Join(err, errChanged)
		}
		return deed{Entry: trail.Entry{Action: "award.attendance", Subject: "deliberation:" + string(e), After: strings.Join(said, "; ")}, body: sitting}, nil
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
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if err := d.mayChange(); err != nil {
			return deed{}, err
		}
		basis, err := s.basis(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		prizes, err := listPrizes(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		if err := decision.check(prizes, basis); err != nil {
			return deed{}, err
		}
		if len(tied(basis, prizes, decision.Choice)) == 0 { // nobody had to break a tie
			decision.Decider, decision.DeciderReason = "", ""
		}
		from := d.State
		d.State, d.Decided, d.Basis = Decided, now, basis
		d.Reason, d.Decider, d.DeciderReason = decision.Reason, decision.Decider, decision.DeciderReason
		if ok, err := updateDeliberation(ctx, tx, d, from); err != nil || !ok {
			return deed{}, errors.Join(err, errChanged)
		}
		var said []string
		for _, p := range prizes {
			if !p.Live() {
				continue
			}
			if err := choose(ctx, tx, p.ID, decision.Choice[p.ID]); err != nil {
				return deed{}, fmt.Errorf("choosing for the prize %s: %w", p.Title, err)
			}
			said = append(said, p.Title+" → "+decision.Choice[p.ID])
		}
		if d.Reason != "" {
			said = append(said, d.Reason)
		}
		done := deed{Entry: trail.Entry{Action: "award.decided", Subject: "deliberation:" + string(e), After: strings.Join(said, "; ")}}
		done = done.decided(d, decision.Choice)
		done.after = func(head chain.Head) error { return updateHead(ctx, tx, e, head.Hash) }
		return done, nil
	})
}

// Close freezes what was decided: the prizes are awarded, the minutes only grow by
// addenda from now on, and the results open at their minute.
func (s *Service) Close(ctx context.Context, actor account.Actor, e edition.ID) error {
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if err := d.mayChange(); err != nil {
			return deed{}, err
		}
		if d.State != Decided {
			return deed{}, errs.New(errs.Conflict, "award.not_decided")
		}
		votes, err := listVotes(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		if slices.ContainsFunc(votes, Vote.Running) {
			return deed{}, errs.New(errs.Conflict, "award.vote_runs")
		}
		prizes, err := listPrizes(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		d.State, d.Closed = Closed, now
		if ok, err := updateDeliberation(ctx, tx, d, Decided); err != nil || !ok {
			return deed{}, errors.Join(err, errChanged)
		}
		choice := Choice{}
		for _, p := range prizes {
			if p.State != Planned || p.Team == "" {
				continue
			}
			choice[p.ID] = p.Team
			if err := s.move(ctx, tx, actor, p, Awarded, "", now); err != nil {
				return deed{}, err
			}
		}
		done := deed{Entry: trail.Entry{Action: "award.closed", Subject: "deliberation:" + string(e), Before: string(Decided), After: string(Closed)}}
		ed, err := s.editions.Get(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		return done.decided(d, choice), s.follow(ctx, tx, ed)
	})
}

// AddAddendum adds to closed minutes what came after them, as the answer to a contested
// result.
func (s *Service) AddAddendum(ctx context.Context, actor account.Actor, e edition.ID, text string) error {
	if text = strings.TrimSpace(text); text == "" || len(text) > longest {
		return errs.Fields{{Name: "addendum", Key: "award.addendum_wrong"}}
	}
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if d.State != Closed {
			return deed{}, errs.New(errs.Conflict, "award.not_closed")
		}
		a := Addendum{ID: s.ids.ID(), Text: text, Actor: actor.ID, ActorName: actor.Name, At: now}
		body := &TracedText{Text: text}
		done := deed{Entry: trail.Entry{Action: "award.addendum", Subject: "addendum:" + a.ID, After: text}, body: body, words: []*string{&body.Text}}
		return done, insertAddendum(ctx, tx, e, a)
	})
}
