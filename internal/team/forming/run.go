package forming

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
)

// Run is the last search for teams, as people watch it.
type Run struct {
	Job     string    `json:"-"`
	Started time.Time `json:"-"`
	Mode    Mode      `json:"mode"`
	Basis   ID        `json:"basis,omitempty"`
	Budget  int       `json:"budget"` // seconds
	People  int       `json:"people"`
	// Points are the answers on the way, each better than the one before.
	Points []Point `json:"points,omitempty"`
	// Groups are the best so far; a crowd's are not shown before the end.
	Groups []Group `json:"groups,omitempty"`
	// Made is the proposal that came of it; Clashes say why none could.
	Made    ID              `json:"made,omitempty"`
	Clashes []teaming.Clash `json:"clashes,omitempty"`
	Failed  bool            `json:"failed,omitempty"` // no teams were found that keep every rule
}

// Point is one answer on the way.
type Point struct {
	Done  float64 `json:"done"` // share of the search
	Bound int64   `json:"bound"`
	Tally Tally   `json:"tally"`
}

// Best is the newest point, the zero one before the first.
func (r Run) Best() Point {
	if len(r.Points) == 0 {
		return Point{}
	}
	return r.Points[len(r.Points)-1]
}

// mostPoints keeps a long search readable: every other point goes when there are more.
const mostPoints = 80

func (r *Run) add(p Point) {
	r.Points = append(r.Points, p)
	if len(r.Points) <= mostPoints {
		return
	}
	thin := r.Points[:0]
	for i, one := range r.Points {
		if i%2 == 0 || i == len(r.Points)-1 {
			thin = append(thin, one)
		}
	}
	r.Points = thin
}

// Wanted says how teams are to be formed.
type Wanted struct {
	Mode  Mode
	Basis ID // change this proposal little; "" starts from the teams as they are
	// Here leaves out whoever has not checked in.
	Here   bool
	Budget int // seconds of search; 0 is what suits the crowd
}

// Budgets are the seconds of search that can be chosen.
var Budgets = []int{5, 20, 60, 300}

// suits is the search that suits so many people: enough for proven answers while that is
// possible.
func suits(people int) int {
	switch {
	case people <= 75:
		return 5
	case people <= 600:
		return 20
	}
	return 60
}

// mostShown is up to how many people the best teams so far are shown while it searches.
const mostShown = 200

// jobForm is the kind of the job that makes a proposal; jobForget deletes the wishes of
// an event that is over.
const (
	jobForm   = "forming.form"
	jobForget = "forming.forget"
)

// order is what the job is told.
type order struct {
	Edition edition.ID
	Actor   account.ID
	Wanted  Wanted
}

// Jobs are the long works of this room.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{jobForm: s.form, jobForget: s.forget}
}

// Form orders a proposal and returns the job's id. One is made at a time: the id is empty
// where one is being made already.
func (s *Service) Form(ctx context.Context, actor account.Actor, id edition.ID, w Wanted) (job string, err error) {
	if w.Mode == "" {
		w.Mode = Place
	}
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		board, err := s.teams.Board(ctx, tx, id)
		if err != nil {
			return err
		}
		if !board.Frozen.IsZero() {
			return team.ErrFrozen
		}
		job, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: jobForm, Edition: string(id), AskedBy: string(actor.ID),
			Args: order{id, actor.ID, w}, OnlyOne: jobForm + " " + string(id)})
		if err != nil || job == "" {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return setRun(ctx, tx, id, Run{Job: job, Started: tx.Now(), Mode: w.Mode, Basis: w.Basis, Budget: w.Budget})
	})
	return job, err
}

// Stop ends the search; the best teams so far become the proposal.
func (s *Service) Stop(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		run, err := getRun(ctx, tx, id)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return s.queue.StopTx(ctx, tx, run.Job)
	})
}

// form is the job: read, let the engine search, and keep what it found. Run twice it
// makes the same proposal twice.
func (s *Service) form(ctx context.Context, run *jobs.Run) error {
	var o order
	if err := run.Args(&o); err != nil {
		return err
	}
	w, err := s.watch(ctx, run, o)
	if err != nil {
		return err
	}
	result, err := teaming.Form(ctx, w.brief.Instance, teaming.Options{Budget: float64(w.run.Budget), Progress: w.progress})
	stopped := run.Stopped(ctx)
	if ctx.Err() != nil && !stopped {
		return ctx.Err() // the program stops; the search begins again with it
	}
	ctx = context.WithoutCancel(ctx)
	var infeasible *teaming.Infeasible
	switch {
	case errors.As(err, &infeasible):
		w.run.Failed, w.run.Clashes = true, discreet(infeasible.Clashes)
	case err != nil && stopped:
		w.run.Failed = true
	case err != nil:
		return fmt.Errorf("forming teams: %w: %w", err, jobs.ErrForGood)
	}
	if w.run.Failed {
		return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
			s.hub.Touch(tx, Topic(o.Edition))
			return setRun(ctx, tx, o.Edition, w.run)
		})
	}
	return s.keep(ctx, run, w, result)
}

// discreet takes the people out of what would tell who refuses whom.
func discreet(clashes []teaming.Clash) []teaming.Clash {
	for i := range clashes {
		c := &clashes[i]
		if c.Kind == teaming.ClashNever || c.Kind == teaming.ClashAlone || c.Rule == "H4" {
			c.People = nil
		}
	}
	return clashes
}

// watcher tells those who look what the engine has found so far.
type watcher struct {
	s     *Service
	ctx   context.Context
	job   *jobs.Run
	order order
	base  Content
	sit   *Situation
	brief brief
	run   Run
	last  time.Time
}

// pace is how often those who look hear of something better.
const pace = 700 * time.Millisecond

func (s *Service) watch(ctx context.Context, job *jobs.Run, o order) (*watcher, error) {
	w := &watcher{s: s, ctx: ctx, job: job, order: o}
	var base *Proposal
	var out []account.ID
	if o.Wanted.Basis != "" {
		p, err := getProposal(ctx, s.db, o.Edition, o.Wanted.Basis)
		if err != nil {
			return nil, fmt.Errorf("reading the proposal to start from: %w: %w", err, jobs.ErrForGood)
		}
		base, out = &p, p.Out
	}
	if o.Wanted.Here {
		absent, err := s.absent(ctx, s.db, o.Edition)
		if err != nil {
			return nil, err
		}
		out = absent
	}
	sit, err := s.situation(ctx, s.db, o.Edition, out)
	if err != nil {
		return nil, err
	}
	w.sit, w.base = sit, sit.current(o.Wanted.Mode)
	if base != nil {
		w.base = base.Content
	}
	w.base.Mode, w.base.Out = o.Wanted.Mode, out
	w.brief = sit.brief(w.base, o.Wanted.Mode)
	w.run = Run{Job: job.ID, Started: s.db.Now(), Mode: o.Wanted.Mode, Basis: o.Wanted.Basis, Budget: o.Wanted.Budget, People: len(w.brief.People)}
	if w.run.Budget == 0 {
		w.run.Budget = suits(len(w.brief.People))
	}
	return w, nil
}

// progress is called by the engine on every better answer; it must not be slow.
func (w *watcher) progress(p teaming.Progress) {
	w.job.Progress(int(p.Done*1000), 1000)
	now := w.s.db.Now()
	if p.Answer == nil || (!w.last.IsZero() && now.Sub(w.last) < pace) || w.ctx.Err() != nil {
		return
	}
	w.last = now
	sol, terms := p.Answer()
	w.note(p.Done, p.Bound, sol, terms)
	err := w.s.db.InTx(w.ctx, func(tx *sqldb.Tx) error {
		w.s.hub.Touch(tx, Topic(w.order.Edition))
		return setRun(w.ctx, tx, w.order.Edition, w.run)
	})
	if err != nil { // those who look see less; the teams are not worse
		w.last = time.Time{}
	}
}

func (w *watcher) note(done float64, bound int64, sol teaming.Solution, terms []teaming.TeamCost) {
	w.run.add(Point{Done: done, Bound: bound, Tally: tally(w.brief.Instance, sol, terms)})
	if len(w.brief.People) <= mostShown {
		w.run.Groups = w.sit.content(w.brief, sol, w.base).Groups
	}
}

// keep makes the proposal of what was found.
func (s *Service) keep(ctx context.Context, job *jobs.Run, w *watcher, r teaming.Result) error {
	w.note(1, r.Bound, r.Solution, r.Terms)
	p := Proposal{ID: ID(s.ids.ID()), Edition: w.order.Edition, State: Open, Content: w.sit.content(w.brief, r.Solution, w.base),
		Cost: r.Cost, Bound: r.Bound, Proven: r.Proven, Stopped: r.Stopped, Basis: w.order.Wanted.Basis, Board: w.sit.Board.Revision}
	p.Mode, p.Out = w.order.Wanted.Mode, w.base.Out
	w.run.Made, w.run.Groups = p.ID, nil
	job.Finish(string(p.ID))
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, p.Edition)
		if err != nil {
			return err
		}
		p.Made = now
		if err := insertProposal(ctx, tx, &p); err != nil {
			return fmt.Errorf("keeping the proposal: %w", err)
		}
		if err := setRun(ctx, tx, p.Edition, w.run); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(p.Edition))
		return s.note(ctx, tx, account.Actor{ID: w.order.Actor}, p.Edition, now, "forming.made", p.ID, "", p.Letter())
	})
}

// Watch returns the last search and its job, or an error of the kind errs.NotFound.
func (s *Service) Watch(ctx context.Context, q sqldb.Querier, id edition.ID) (Run, jobs.Job, error) {
	run, err := getRun(ctx, q, id)
	if errors.Is(err, sqldb.ErrNotFound) {
		return run, jobs.Job{}, errs.New(errs.NotFound, "error.not_found")
	}
	if err != nil {
		return run, jobs.Job{}, err
	}
	job, err := jobs.Get(ctx, q, run.Job)
	return run, job, err
}
