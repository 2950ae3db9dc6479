package meeting

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"h48/engine/planning"
	"h48/engine/planning/meetings"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/mentoring"
)

// planKind is the kind of the job that plans meetings.
const planKind = "meeting.plan"

// budget is how long the planner searches, in seconds of one core.
const budget = 1

// ordered is what the job is asked.
type ordered struct {
	Few  bool `json:"few"`  // every meeting that still can stays
	Tell bool `json:"tell"` // everybody sees it at once, and hears of what was lost
}

// Jobs are the long works of this room.
func (s *Service) Jobs() map[string]jobs.Handler { return map[string]jobs.Handler{planKind: s.plan} }

// Order has the meetings planned; with few, those that are planned stay. It returns the
// job's id. An organiser's matter.
func (s *Service) Order(ctx context.Context, actor account.Actor, id edition.ID, few bool) (job string, err error) {
	err = s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (string, string, string, error) {
		if !at.table.Round.Set() {
			return "", "", "", ErrNoRound
		}
		job, err = s.enqueue(ctx, tx, actor, at, ordered{Few: few}, planKind+":"+string(id))
		if err == nil && job == "" {
			err = ErrPlanning
		}
		return "meeting.ordered", "", "", err
	})
	return job, err
}

func (s *Service) enqueue(ctx context.Context, tx *sqldb.Tx, actor account.Actor, at scene, o ordered, only string) (string, error) {
	job, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: planKind, Edition: string(at.id), Args: o, OnlyOne: only, AskedBy: string(actor.ID)})
	if err != nil || job == "" {
		return job, err
	}
	at.table.Round.Job = job
	return job, setRound(ctx, tx, at.id, at.table.Round)
}

// plan is the job. Run twice it makes the same plan twice. Where somebody stops it, meetings
// are lost all the same, and those concerned hear of it.
func (s *Service) plan(ctx context.Context, run *jobs.Run) error {
	var args ordered
	if err := run.Args(&args); err != nil {
		return err
	}
	id := edition.ID(run.Edition)
	err := s.planUntilKept(ctx, run, id, args)
	if err != nil && args.Tell && run.Stopped(ctx) {
		err = errors.Join(err, s.tellLost(context.WithoutCancel(ctx), id))
	}
	return err
}

// errLeft says that a mentor left or came back, or another plan was written, while the plan
// was made.
var errLeft = errors.New("the mentors who are there, or their plan, changed meanwhile")

// planUntilKept ends when nobody leaves, and no other plan is written, while one is made.
func (s *Service) planUntilKept(ctx context.Context, run *jobs.Run, id edition.ID, args ordered) error {
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return err
	}
	for {
		if err := s.planOnce(ctx, run, e, args); !errors.Is(err, errLeft) {
			return err
		}
	}
}

// tellLost writes to those who lost meetings, without anything in their place.
func (s *Service) tellLost(ctx context.Context, id edition.ID) error {
	return s.change(ctx, account.Program, id, organisers, func(tx *sqldb.Tx, at scene) (string, string, string, error) {
		return "meeting.lost_told", "", "", s.writeLost(ctx, tx, at)
	})
}

func (s *Service) writeLost(ctx context.Context, tx *sqldb.Tx, at scene) error {
	var lost []Date
	for _, d := range at.table.Dates {
		if d.Lost {
			lost = append(lost, d)
		}
	}
	if err := s.write(ctx, tx, at, nil, lost); err != nil {
		return err
	}
	if err := clearLost(ctx, tx, at.id); err != nil {
		return err
	}
	return sweepDates(ctx, tx, at.id)
}

func (s *Service) planOnce(ctx context.Context, run *jobs.Run, e edition.Edition, args ordered) error {
	t, err := s.table(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	made, err := t.Make(ctx, e.Now(s.db.Now()), args.Few, func(share float64) { run.Progress(int(100*share), 100) })
	if err != nil {
		return err
	}
	return s.change(ctx, account.Program, e.ID, organisers, func(tx *sqldb.Tx, at scene) (string, string, string, error) {
		if !maps.Equal(t.Gone, at.table.Gone) || !t.Round.Planned.Equal(at.table.Round.Planned) {
			return "", "", "", errLeft
		}
		if args.Tell && at.table.Unpublished() > 0 { // a draft was made meanwhile, and stays the organiser's
			if err := s.writeLost(ctx, tx, at); err != nil {
				return "", "", "", err
			}
			if at.table.Dates, err = listDates(ctx, tx, at.id); err != nil {
				return "", "", "", err
			}
			args.Tell = false
		}
		n, err := s.keep(ctx, tx, at, made, args)
		run.Finish(strconv.Itoa(n))
		return "meeting.planned", "", strconv.Itoa(n), err
	})
}

// Make plans the turns that are ahead; with few, the dates that can stay do. It returns
// every date of the plan; new ones have no ID.
func (t Table) Make(ctx context.Context, now time.Time, few bool, progress func(share float64)) ([]Date, error) {
	var made []Date
	for _, d := range t.Dates {
		if t.keeps(d, now, few) {
			made = append(made, d)
		}
	}
	sol, err := meetings.Solve(ctx, t.instance(now, made), planning.Options{Seed: 48, Budget: budget, Progress: func(share float64, _ int64) { progress(share) }})
	if err != nil {
		return nil, fmt.Errorf("planning the meetings: %w", err)
	}
	for _, m := range sol.Meetings {
		team, theme, _ := strings.Cut(m.Request, "/")
		made = append(made, Date{Team: team, Theme: mentoring.ThemeID(theme), Mentor: account.ID(m.Mentor), At: t.Round.At(m.Slot)})
	}
	return made, nil
}

// keep writes a plan. A date that is there already keeps its id, and so what was told.
func (s *Service) keep(ctx context.Context, tx *sqldb.Tx, at scene, made []Date, args ordered) (int, error) {
	same := func(a Date) func(Date) bool {
		return func(b Date) bool {
			return a.Team == b.Team && a.Theme == b.Theme && a.Mentor == b.Mentor && a.At.Equal(b.At)
		}
	}
	for _, d := range at.table.Dates {
		planned := slices.ContainsFunc(made, same(d))
		made = slices.DeleteFunc(made, same(d))
		if planned != d.Planned {
			d.Planned = planned
			if d.Lost && planned { // nobody heard that it would not take place
				d.Told, d.Lost = true, false
			}
			if err := putDate(ctx, tx, at.id, d); err != nil {
				return 0, err
			}
		}
	}
	for _, d := range made {
		if at.table.Gone[d.Mentor] { // left while the plan was made
			continue
		}
		d.ID, d.Planned = s.ids.ID(), true
		if err := putDate(ctx, tx, at.id, d); err != nil {
			return 0, err
		}
	}
	at.table.Round.Planned = at.now
	if args.Tell {
		if _, err := s.tell(ctx, tx, at); err != nil {
			return 0, err
		}
		at.table.Round.Published = at.now
	}
	if err := sweepDates(ctx, tx, at.id); err != nil {
		return 0, err
	}
	return len(made), setRound(ctx, tx, at.id, at.table.Round)
}

// tell makes what is planned what everybody sees, writes to those for whom something
// changes, and returns how many dates do.
func (s *Service) tell(ctx context.Context, tx *sqldb.Tx, at scene) (int64, error) {
	var err error
	if at.table.Dates, err = listDates(ctx, tx, at.id); err != nil {
		return 0, err
	}
	added, gone := at.table.changes()
	if err := s.write(ctx, tx, at, added, gone); err != nil {
		return 0, err
	}
	return tellDates(ctx, tx, at.id)
}

// Publish lets mentors and teams see the plan, and writes to each of them what is theirs and
// new: an organiser's matter.
func (s *Service) Publish(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (string, string, string, error) {
		n, err := s.tell(ctx, tx, at)
		if err == nil && n == 0 {
			err = ErrNothing
		}
		if err != nil {
			return "", "", "", err
		}
		at.table.Round.Published = at.now
		return "meeting.published", "", strconv.Itoa(int(n)), setRound(ctx, tx, id, at.table.Round)
	})
}
