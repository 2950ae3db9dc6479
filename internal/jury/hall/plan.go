package hall

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"h48/engine/planning"
	"h48/engine/planning/visits"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

const planKind = "hall.plan"

// Wanted is what a plan has to fit.
type Wanted struct {
	Minutes int       `json:"minutes"` // a visit, with the walk to it
	Window  int       `json:"window"`  // minutes in all
	Starts  time.Time `json:"starts"`  // the edition's time, and not over
}

func (w Wanted) check() error {
	var wrong errs.Fields
	if w.Minutes < 1 || w.Minutes > 120 {
		wrong.Add("minutes", "hall.minutes_range")
	}
	if w.Window < w.Minutes || w.Window > 1440 {
		wrong.Add("window", "hall.window_range")
	}
	return wrong.Err()
}

// Jobs are the jobs of this room.
func (s *Service) Jobs() map[string]jobs.Handler { return map[string]jobs.Handler{planKind: s.plan} }

// Order asks for a plan of visits; what is left of an earlier one is replaced once it is
// made.
func (s *Service) Order(ctx context.Context, actor account.Actor, id edition.ID, w Wanted) (string, error) {
	if err := w.check(); err != nil {
		return "", err
	}
	var job string
	err := s.change(ctx, actor, id, once.Action{}, s.leads(ctx, actor, id), func(tx *sqldb.Tx, _ int, now time.Time) (string, string, string, error) {
		if w.Starts.Before(now.Truncate(time.Minute)) {
			return "", "", "", errs.Fields{{Name: "starts", Key: "hall.starts_past"}}
		}
		var err error
		job, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: planKind, Edition: string(id), Args: w, OnlyOne: planKind + ":" + string(id), AskedBy: string(actor.ID)})
		if err == nil && job == "" {
			err = errPlanning
		}
		return "hall.planning", "edition:" + string(id), strconv.Itoa(w.Minutes) + "/" + strconv.Itoa(w.Window), err
	})
	return job, err
}

// Newest is the plan that was asked for last; ok is false before the first.
func (s *Service) Newest(ctx context.Context, id edition.ID) (job jobs.Job, ok bool, err error) {
	all, err := jobs.List(ctx, s.db, string(id), 100)
	for _, j := range all {
		if j.Kind == planKind {
			return j, true, err
		}
	}
	return jobs.Job{}, false, err
}

// closed says that a juror is not sent to the cell's team: they may not see it, judge other
// teams, or have marked it whole.
func closed(c jury.Cell) bool {
	return c.State == jury.CellRecused || c.State == jury.CellFree || c.State == jury.CellComplete
}

// instance is the hall as the planner reads it. Every team gets as many visits as the
// time and the jurors allow.
func instance(b jury.Board, gone map[string]bool, slots int) *visits.Instance {
	in := &visits.Instance{Format: visits.Format, Name: "hall", Slots: slots, Weights: visits.Weights{Pair: 4, Load: 2, Walk: 1}}
	for _, t := range b.Teams {
		if !gone[t.ID] {
			in.Projects = append(in.Projects, visits.Project{ID: t.ID, X: t.Table})
		}
	}
	for _, row := range b.Rows {
		if row.Juror.Presence != jury.Present {
			continue
		}
		j := visits.Juror{ID: string(row.Juror.Account.ID), Max: slots}
		for i, c := range row.Cells {
			if closed(c) && !gone[b.Teams[i].ID] {
				j.Conflicts = append(j.Conflicts, b.Teams[i].ID)
			}
		}
		in.Jurors = append(in.Jurors, j)
	}
	if len(in.Projects) > 0 {
		in.Visits = min(len(in.Jurors), slots*len(in.Jurors)/len(in.Projects), slots)
	}
	return in
}

// errLeft says that a juror or a team left, or came back, while a plan was searched for.
var errLeft = errors.New("who is there has changed")

// plan searches for a plan, and again where somebody left or came back meanwhile.
func (s *Service) plan(ctx context.Context, run *jobs.Run) error {
	var w Wanted
	if err := run.Args(&w); err != nil {
		return err
	}
	id := edition.ID(run.Edition)
	for {
		round, in, err := s.read(ctx, s.db, id, w)
		if err != nil {
			return err
		}
		found, err := search(ctx, in, func(share float64, _ int64) { run.Progress(int(share*100), 100) })
		if err != nil {
			return err
		}
		err = s.keep(ctx, id, round, w, in, found)
		if err == nil {
			run.Finish(strconv.Itoa(in.Visits))
			return nil
		}
		if !errors.Is(err, errLeft) {
			return err
		}
	}
}

// read is the hall at this moment, and the round that it judges.
func (s *Service) read(ctx context.Context, q sqldb.Querier, id edition.ID, w Wanted) (round int, in *visits.Instance, err error) {
	b, err := s.jury.Board(ctx, q, id)
	if err != nil {
		return 0, nil, err
	}
	gone, err := listGone(ctx, q, id)
	if err != nil {
		return 0, nil, err
	}
	b.Teams = seated(b.Teams)
	return b.Round.Number, instance(b, gone, w.Window/w.Minutes), nil
}

// search finds a plan; where conflicts make so many visits impossible, with one less, which
// in then says.
func search(ctx context.Context, in *visits.Instance, progress func(float64, int64)) (*visits.Solution, error) {
	for ; in.Visits > 0; in.Visits-- {
		found, err := visits.Solve(ctx, in, planning.Options{Seed: 48, Budget: 1, Progress: progress})
		var impossible *planning.Infeasible
		if !errors.As(err, &impossible) {
			return found, err
		}
	}
	return nil, fmt.Errorf("no plan gives every team a visit: %w", jobs.ErrForGood)
}

// sameThere says whether two instances have the same jurors and teams.
func sameThere(a, b *visits.Instance) bool {
	return slices.EqualFunc(a.Jurors, b.Jurors, func(x, y visits.Juror) bool { return x.ID == y.ID }) &&
		slices.EqualFunc(a.Projects, b.Projects, func(x, y visits.Project) bool { return x.ID == y.ID })
}

// keep writes a plan that was found for the hall as it was, or returns errLeft. What a
// juror may no longer see, or has marked meanwhile, is left out.
func (s *Service) keep(ctx context.Context, id edition.ID, round int, w Wanted, was *visits.Instance, found *visits.Solution) error {
	program := func(*sqldb.Tx) error { return nil }
	return s.change(ctx, account.Program, id, once.Action{}, program, func(tx *sqldb.Tx, _ int, _ time.Time) (string, string, string, error) {
		_, now, err := s.read(ctx, tx, id, w)
		if err != nil {
			return "", "", "", err
		}
		if !sameThere(was, now) {
			return "", "", "", errLeft
		}
		taken := map[[2]string]bool{}
		for _, j := range now.Jurors {
			for _, team := range j.Conflicts {
				taken[[2]string{j.ID, team}] = true
			}
		}
		if err := dropPlan(ctx, tx, id, round); err != nil {
			return "", "", "", fmt.Errorf("dropping the earlier plan: %w", err)
		}
		all, err := listErrands(ctx, tx, id, round)
		if err != nil {
			return "", "", "", err
		}
		for _, e := range all {
			if e.State == Open {
				taken[[2]string{string(e.Juror), e.Team}] = true
			}
		}
		n := 0
		for _, r := range found.Routes {
			for i, team := range r.Visits {
				if team == "" || taken[[2]string{r.Juror, team}] {
					continue
				}
				e := Errand{ID: s.ids.ID(), Juror: account.ID(r.Juror), Team: team, Slot: i + 1, At: w.at(i + 1), Source: Planned}
				if err := insertErrand(ctx, tx, id, round, e); err != nil {
					return "", "", "", fmt.Errorf("writing the plan: %w", err)
				}
				n++
			}
		}
		return "hall.planned", "edition:" + string(id), strconv.Itoa(n), nil
	})
}

// at is when a slot begins.
func (w Wanted) at(slot int) time.Time {
	return w.Starts.Add(time.Duration(slot-1) * time.Duration(w.Minutes) * time.Minute)
}

// replan changes what is left of the plan for a juror or a team that is no longer there,
// as c says.
func (s *Service) replan(ctx context.Context, actor account.Actor, id edition.ID, c Change) (Replanned, error) {
	var out Replanned
	subject := "account:" + string(c.Juror)
	missing, gone := map[account.ID]bool{c.Juror: true}, map[string]bool{}
	if c.Team != "" {
		missing, gone, subject = nil, map[string]bool{c.Team: true}, "team:"+c.Team
	}
	err := s.change(ctx, actor, id, once.Action{}, s.leads(ctx, actor, id), func(tx *sqldb.Tx, round int, now time.Time) (string, string, string, error) {
		b, err := s.jury.Board(ctx, tx, id)
		if err != nil {
			return "", "", "", err
		}
		if c.Team != "" {
			if err := s.letGo(ctx, tx, id, b, c.Team); err != nil {
				return "", "", "", err
			}
		}
		all, err := listErrands(ctx, tx, id, round)
		if err != nil {
			return "", "", "", err
		}
		p := readPlan(b, all, missing, now)
		if !p.concerns(missing, gone) { // told twice, or nothing was planned: the last change stays in sight
			return "hall.replanned", subject, "", nil
		}
		out = Replan(p.routes, missing, gone, p.first, p.slots)
		c.ID, c.At = s.ids.ID(), now
		if err := insertChange(ctx, tx, id, round, c, out.Lost); err != nil {
			return "", "", "", fmt.Errorf("keeping a change of plan: %w", err)
		}
		if err := s.apply(ctx, tx, id, round, c.ID, p, out, missing, gone); err != nil {
			return "", "", "", fmt.Errorf("replanning: %w", err)
		}
		return "hall.replanned", subject, fmt.Sprintf("%d given, %d moved, %d lost", len(out.Given), len(out.Moved), len(out.Lost)), nil
	})
	return out, err
}

// letGo notes that a team of the board went home.
func (s *Service) letGo(ctx context.Context, tx *sqldb.Tx, id edition.ID, b jury.Board, team string) error {
	if !slices.ContainsFunc(b.Teams, func(t jury.TeamRef) bool { return t.ID == team }) {
		return sqldb.ErrNotFound
	}
	return insertGone(ctx, tx, id, team)
}

// left is what is left of a plan.
type left struct {
	routes       []Route
	errands      map[place]map[account.ID]Errand
	times        map[int]time.Time
	first, slots int
}

// readPlan makes routes of the plan's open errands; what a juror has scored already, or
// may not see, is barred.
func readPlan(b jury.Board, all []Errand, missing map[account.ID]bool, now time.Time) left {
	p := left{errands: map[place]map[account.ID]Errand{}, times: slotTimes(all)}
	for _, row := range b.Rows {
		if row.Juror.Presence != jury.Present && !missing[row.Juror.Account.ID] {
			continue
		}
		r := Route{Juror: row.Juror.Account.ID, Visits: map[int]string{}, Barred: map[string]bool{}}
		for i, c := range row.Cells {
			// Nobody waits for the sheets of who is missing, and they may have had visits.
			r.Barred[b.Teams[i].ID] = closed(c) && (c.State != jury.CellFree || row.Juror.Presence == jury.Present)
		}
		for _, e := range all {
			if e.Juror != r.Juror || e.State != Open || r.Barred[e.Team] {
				continue
			}
			if e.Source != Planned {
				r.Barred[e.Team] = true
				continue
			}
			r.Visits[e.Slot] = e.Team
			at := place{e.Team, e.Slot}
			if p.errands[at] == nil {
				p.errands[at] = map[account.ID]Errand{}
			}
			p.errands[at][e.Juror] = e
		}
		p.routes = append(p.routes, r)
	}
	p.first, p.slots = ahead(p.times, now)
	return p
}

// concerns says whether a visit of the plan is one of, or to, who is not there.
func (p left) concerns(missing map[account.ID]bool, gone map[string]bool) bool {
	for at, of := range p.errands {
		for juror := range of {
			if missing[juror] || gone[at.team] {
				return true
			}
		}
	}
	return false
}

// slotTimes is when each slot from the first to the last of the plan begins; one of which
// every visit was dropped lies between the others.
func slotTimes(all []Errand) map[int]time.Time {
	times := map[int]time.Time{}
	for _, e := range all { // also of visits that are made
		if e.Source == Planned {
			times[e.Slot] = e.At
		}
	}
	known := slices.Sorted(maps.Keys(times))
	for i := 1; i < len(known); i++ {
		from, to := known[i-1], known[i]
		each := times[to].Sub(times[from]) / time.Duration(to-from)
		for slot := from + 1; slot < to; slot++ {
			times[slot] = times[from].Add(time.Duration(slot-from) * each)
		}
	}
	return times
}

// ahead is the first slot that has not begun, and the last one: what has begun takes no
// other visit, however long ago a sheet of it was forgotten.
func ahead(times map[int]time.Time, now time.Time) (first, last int) {
	slots := slices.Sorted(maps.Keys(times))
	if len(slots) == 0 {
		return 1, 0
	}
	last = slots[len(slots)-1]
	for _, slot := range slots {
		if !times[slot].Before(now) {
			return slot, last
		}
	}
	return last + 1, last
}

// apply writes a change of plan: the errands of who is missing are dropped, those of who
// takes over are new, and the moved ones change their time.
func (s *Service) apply(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, change string, p left, out Replanned, missing map[account.ID]bool, gone map[string]bool) error {
	for at, of := range p.errands {
		for juror, e := range of {
			if missing[juror] || gone[at.team] {
				if err := dropErrand(ctx, tx, id, change, e.ID); err != nil {
					return err
				}
			}
		}
	}
	for _, m := range out.Moved {
		if err := moveErrand(ctx, tx, id, change, p.errands[place{m.Team, m.From}][m.Juror].ID, m.To, p.times[m.To]); err != nil {
			return err
		}
	}
	for _, g := range out.Given {
		e := Errand{ID: s.ids.ID(), Juror: g.Juror, Team: g.Team, Slot: g.To, At: p.times[g.To], Source: Planned, ChangeID: change}
		if err := insertErrand(ctx, tx, id, round, e); err != nil {
			return err
		}
	}
	return nil
}
