package crew

import (
	"context"
	"slices"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
)

// planKind is the kind of the job that makes a plan.
const planKind = "crew.plan"

// budget is how long the planner searches, in seconds of one core: the more there is to
// plan, the longer, up to what finds the best plan for a thousand people.
func (r Rota) budget() float64 { return min(2, 0.02*float64(len(r.Shifts)+len(r.Members))) }

// ordered is what the job is asked.
type ordered struct {
	Few bool `json:"few"` // change little
}

// Jobs are the long works of this room.
func (s *Service) Jobs() map[string]jobs.Handler { return map[string]jobs.Handler{planKind: s.plan} }

// Order has a plan made of what lies ahead and is not locked; few changes as little as
// possible of the one there is. It returns the job's id. An organiser's matter.
func (s *Service) Order(ctx context.Context, actor account.Actor, id edition.ID, few bool) (job string, err error) {
	err = s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		if len(at.rota.Shifts) == 0 {
			return said{}, ErrNoShifts
		}
		if !slices.ContainsFunc(at.rota.Members, func(m Member) bool { return !m.Offer.Silent() }) {
			return said{}, ErrNobody
		}
		job, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: planKind, Edition: string(id), Args: ordered{few}, OnlyOne: planKind + ":" + string(id), AskedBy: string(actor.ID)})
		if err != nil {
			return said{}, err
		}
		if job == "" {
			return said{}, ErrPlanning
		}
		at.rota.Book.Job = job
		return said{"crew.plan_ordered", "", "", ""}, setBook(ctx, tx, id, at.rota.Book)
	})
	return job, err
}

// plan is the job. Run twice it makes the same plan twice.
func (s *Service) plan(ctx context.Context, run *jobs.Run) error {
	var args ordered
	if err := run.Args(&args); err != nil {
		return err
	}
	id := edition.ID(run.Edition)
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return err
	}
	r, err := load(ctx, s.db, s.editions, id)
	if err != nil {
		return err
	}
	seats, err := r.Make(ctx, e.Now(s.db.Now()), args.Few, r.budget(), func(share float64) { run.Progress(int(100*share), 100) })
	if err != nil {
		return err
	}
	return s.change(ctx, account.Program, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		n, err := s.keep(ctx, tx, at, seats)
		run.Finish(strconv.Itoa(n))
		return said{"crew.planned", "", "", strconv.Itoa(n)}, err
	})
}

// keep writes a plan that was made a moment ago: what was dropped, locked or refused
// meanwhile stays so. It returns how many seats differ.
func (s *Service) keep(ctx context.Context, tx *sqldb.Tx, at scene, seats []Seat) (int, error) {
	n := 0
	wanted := map[Seat]bool{}
	for _, seat := range seats {
		wanted[seat] = true
	}
	for _, d := range at.rota.Duties {
		seat := Seat{d.Shift, d.Who}
		shift, _ := at.rota.Shift(d.Shift)
		planned := (wanted[seat] || d.Planned && (d.Locked || !shift.Start.After(at.now))) && d.No.IsZero()
		delete(wanted, seat)
		if planned != d.Planned {
			d.Planned, n = planned, n+1
			if err := putDuty(ctx, tx, at.e.ID, d); err != nil {
				return n, err
			}
		}
	}
	for _, seat := range seats {
		_, there := at.rota.Shift(seat.Shift)
		_, crew := at.rota.Member(seat.Who)
		if !wanted[seat] || !there || !crew {
			continue
		}
		n++
		if err := putDuty(ctx, tx, at.e.ID, Duty{Shift: seat.Shift, Who: seat.Who, Planned: true}); err != nil {
			return n, err
		}
	}
	at.rota.Book.Planned = at.now
	if err := setBook(ctx, tx, at.e.ID, at.rota.Book); err != nil {
		return n, err
	}
	return n, sweepDuties(ctx, tx, at.e.ID)
}

// Move puts somebody from one shift, or from none, on another, or takes them off: an
// organiser's matter, who may break a rule knowingly, but not a refusal. It does not tell
// anybody before it is published.
func (s *Service) Move(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, from, to ShiftID) error {
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		m, ok := at.rota.Member(who)
		if !ok || from == to {
			return said{}, sqldb.ErrNotFound
		}
		told := said{action: "crew.moved", subject: "account:" + string(who), before: m.Name}
		if from != "" {
			d, ok := at.rota.duty(who, from)
			if !ok || !d.Planned {
				return said{}, sqldb.ErrNotFound
			}
			d.Planned, d.Locked = false, false
			if err := putDuty(ctx, tx, id, d); err != nil {
				return said{}, err
			}
			shift, _ := at.rota.Shift(from)
			told.before += " " + at.rota.Post(shift.Post).Name + " " + shift.text(at.e)
		}
		if to != "" {
			shift, ok := at.rota.Shift(to)
			if !ok {
				return said{}, sqldb.ErrNotFound
			}
			d, _ := at.rota.duty(who, to)
			if !d.No.IsZero() {
				return said{}, ErrRefused
			}
			d.Shift, d.Who, d.Planned = to, who, true
			if err := putDuty(ctx, tx, id, d); err != nil {
				return said{}, err
			}
			told.after = at.rota.Post(shift.Post).Name + " " + shift.text(at.e)
		}
		return told, sweepDuties(ctx, tx, id)
	})
}

// Lock has planning leave somebody on a shift, or no longer: an organiser's matter.
func (s *Service) Lock(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, shift ShiftID, locked bool) error {
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		d, ok := at.rota.duty(who, shift)
		if !ok || !d.Planned {
			return said{}, sqldb.ErrNotFound
		}
		d.Locked = locked
		return said{"crew.locked", "shift:" + string(shift), "", strconv.FormatBool(locked)}, putDuty(ctx, tx, id, d)
	})
}

// Publish tells everybody their shifts: by letter those for whom something changed, and on
// their pages at once. An organiser's matter.
func (s *Service) Publish(ctx context.Context, actor account.Actor, id edition.ID) (told int, err error) {
	err = s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		changed := map[account.ID]news{}
		for _, d := range at.rota.Duties {
			if d.Planned == d.Told || !d.No.IsZero() {
				continue
			}
			shift, _ := at.rota.Shift(d.Shift)
			if d.Planned {
				changed[d.Who] = changed[d.Who].with(shift)
			} else {
				changed[d.Who] = changed[d.Who].without(shift)
			}
			d.Told = d.Planned
			if err := putDuty(ctx, tx, id, d); err != nil {
				return said{}, err
			}
		}
		if len(changed) == 0 {
			return said{}, ErrUnchanged
		}
		told = len(changed)
		at.rota.Book.Published = at.now
		if err := setBook(ctx, tx, id, at.rota.Book); err != nil {
			return said{}, err
		}
		if err := s.write(ctx, tx, at, changed); err != nil {
			return said{}, err
		}
		return said{"crew.published", "", "", strconv.Itoa(told)}, sweepDuties(ctx, tx, id)
	})
	return told, err
}

// Cannot lets somebody say that they cannot work a shift that they were told. The place is
// open from then on, and they are never planned there again.
func (s *Service) Cannot(ctx context.Context, actor account.Actor, id edition.ID, shift ShiftID, why string) error {
	if len([]rune(why)) > mostText {
		return errs.Fields{{Name: "why", Key: "crew.too_text", Args: []any{"most", mostText}}}
	}
	return s.change(ctx, actor, id, hands, func(tx *sqldb.Tx, at scene) (said, error) {
		d, one, err := at.mine(actor, shift)
		if err != nil {
			return said{}, err
		}
		d.Planned, d.Locked, d.No, d.Why = false, false, at.now, why
		return said{"crew.cannot", "shift:" + string(shift), at.rota.Post(one.Post).Name + " " + one.text(at.e), why}, putDuty(ctx, tx, id, d)
	})
}

// mine is the actor's duty that they were told of, as long as the shift is not over.
func (at scene) mine(actor account.Actor, shift ShiftID) (Duty, Shift, error) {
	d, ok := at.rota.duty(actor.ID, shift)
	one, there := at.rota.Shift(shift)
	switch {
	case !ok || !there || !d.Told:
		return d, one, ErrNotYours
	case !at.now.Before(one.End):
		return d, one, ErrOver
	}
	return d, one, nil
}

// Can takes back that somebody cannot, while nobody has stepped in.
func (s *Service) Can(ctx context.Context, actor account.Actor, id edition.ID, shift ShiftID) error {
	return s.change(ctx, actor, id, hands, func(tx *sqldb.Tx, at scene) (said, error) {
		d, one, err := at.mine(actor, shift)
		if err != nil {
			return said{}, err
		}
		if at.rota.Missing(one) == 0 {
			return said{}, ErrOver
		}
		d.Planned, d.No, d.Why = true, time.Time{}, ""
		return said{"crew.can", "shift:" + string(shift), "", at.rota.Post(one.Post).Name + " " + one.text(at.e)}, putDuty(ctx, tx, id, d)
	})
}

// StepIn gives a shift to somebody at once, tells them, and lets go who said that they
// cannot: an organiser's matter.
func (s *Service) StepIn(ctx context.Context, actor account.Actor, id edition.ID, shift ShiftID, who account.ID) error {
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		m, ok := at.rota.Member(who)
		one, there := at.rota.Shift(shift)
		if !ok || !there {
			return said{}, sqldb.ErrNotFound
		}
		d, _ := at.rota.duty(who, shift)
		if !d.No.IsZero() {
			return said{}, ErrRefused
		}
		for _, other := range at.rota.Duties {
			if other.Shift == shift && other.Told && !other.No.IsZero() {
				other.Told = false
				if err := putDuty(ctx, tx, id, other); err != nil {
					return said{}, err
				}
				break
			}
		}
		d.Shift, d.Who, d.Planned, d.Told = shift, who, true, true
		if err := putDuty(ctx, tx, id, d); err != nil {
			return said{}, err
		}
		told := said{"crew.stepped_in", "shift:" + string(shift), at.rota.Post(one.Post).Name + " " + one.text(at.e), m.Name}
		return told, s.write(ctx, tx, at, map[account.ID]news{who: news{}.with(one)})
	})
}
