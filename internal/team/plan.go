package team

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// PlanState is what became of a proposal.
type PlanState string

// The states of a proposal.
const (
	Proposed  PlanState = "proposed"
	Published PlanState = "published"
	Dropped   PlanState = "dropped"
)

// Plan is a proposal of teams: nothing is changed until an organiser publishes it.
type Plan struct {
	ID      string
	Edition edition.ID
	State   PlanState
	Groups  []Group
	// Revision is the board's at the time of making; a plan for another one is outdated.
	Revision int64
	Made     time.Time
}

// Group is one team of a plan. Team is empty for a new one.
type Group struct {
	Team   ID           `json:"team,omitempty"`
	People []account.ID `json:"people"`
}

// jobPropose is the kind of the job that makes a plan.
const jobPropose = "team.propose"

// proposal is what the job is told.
type proposal struct {
	Edition edition.ID
	Actor   account.ID
}

// Jobs are the long works of this room.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{jobPropose: s.propose}
}

// Propose orders a plan for everybody who has no team, and returns the job's id; the
// plan is there when the job is done. One is made at a time: the id is empty where one
// is being made already.
func (s *Service) Propose(ctx context.Context, actor account.Actor, id edition.ID) (job string, err error) {
	err = s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		if !c.board.Frozen.IsZero() {
			return ErrFrozen
		}
		job, err = s.queue.EnqueueTx(ctx, c.tx, jobs.Order{Kind: jobPropose, Edition: string(id), AskedBy: string(actor.ID),
			Args: proposal{Edition: id, Actor: actor.ID}, OnlyOne: jobPropose + " " + string(id)})
		if err != nil || job == "" {
			return err
		}
		return updateJob(ctx, c.tx, id, job)
	})
	return job, err
}

// propose is the job: read, form, and keep the plan. Run twice it makes the same plan
// twice, and the newer one counts.
func (s *Service) propose(ctx context.Context, run *jobs.Run) error {
	var p proposal
	if err := run.Args(&p); err != nil {
		return err
	}
	board, err := s.Board(ctx, s.db, p.Edition)
	if err != nil {
		return err
	}
	teams, err := listTeams(ctx, s.db, p.Edition)
	if err != nil {
		return err
	}
	left, err := s.Left(ctx, s.db, p.Edition)
	if err != nil {
		return err
	}
	var people []Person
	for _, l := range left {
		if l.Reason == "" {
			people = append(people, l.Person)
		}
	}
	groups, err := s.former.Form(ctx, people, board.Limits, teams, run.Progress)
	if err != nil {
		return forGood(err)
	}
	if !checkPlan(people, board.Limits, teams, groups) {
		return fmt.Errorf("the proposal breaks a rule: %w", jobs.ErrForGood)
	}
	return s.keepPlan(ctx, run, p, board, teams, groups)
}

// forGood marks a refusal as one that another try would meet again.
func forGood(err error) error {
	if errs.KindOf(err) == errs.Internal {
		return fmt.Errorf("forming teams: %w", err)
	}
	return fmt.Errorf("forming teams: %w: %w", err, jobs.ErrForGood)
}

func (s *Service) keepPlan(ctx context.Context, run *jobs.Run, p proposal, board Board, teams []Team, groups [][]account.ID) error {
	plan := Plan{ID: s.ids.ID(), Edition: p.Edition, State: Proposed, Revision: board.Revision}
	for i, people := range groups {
		g := Group{People: people}
		if i < len(teams) {
			g.Team = teams[i].ID
		}
		plan.Groups = append(plan.Groups, g)
	}
	run.Finish(plan.ID)
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, p.Edition)
		if err != nil {
			return err
		}
		plan.Made = now
		if err := dropPlans(ctx, tx, p.Edition); err != nil {
			return fmt.Errorf("dropping older plans: %w", err)
		}
		if err := insertPlan(ctx, tx, plan); err != nil {
			return fmt.Errorf("keeping the plan: %w", err)
		}
		s.hub.Touch(tx, Topic(p.Edition))
		return nil
	})
}

// Plan returns the proposal that waits for a decision, or sqldb.ErrNotFound.
func (s *Service) Plan(ctx context.Context, q sqldb.Querier, id edition.ID) (Plan, error) {
	return newestPlan(ctx, q, id)
}

// PublishPlan makes the proposal true and writes to everybody whom it gave a team. A
// team that changed since it was made makes it ErrOutdated.
func (s *Service) PublishPlan(ctx context.Context, actor account.Actor, id edition.ID, plan string) error {
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		p, err := newestPlan(ctx, c.tx, id)
		if errors.Is(err, sqldb.ErrNotFound) || (err == nil && p.ID != plan) {
			return ErrOutdated
		}
		if err != nil {
			return err
		}
		// The transaction itself took the board one revision further.
		if p.Revision != c.board.Revision-1 {
			return ErrOutdated
		}
		if ok, err := movePlan(ctx, c.tx, id, plan, Published); err != nil || !ok {
			return orElse(err, ErrOutdated)
		}
		for _, g := range p.Groups {
			if err := s.publishGroup(ctx, c, g); err != nil {
				return err
			}
		}
		return s.note(ctx, c, "team.plan_published", "plan:"+plan, "", fmt.Sprint(len(p.Groups)))
	})
}

// publishGroup seats the people of a group who are not in its team yet.
func (s *Service) publishGroup(ctx context.Context, c change, g Group) error {
	to := g.Team
	if to == "" {
		to = NewTeam
	}
	t, err := s.target(ctx, c, to)
	if err != nil {
		return err
	}
	var added []account.ID
	for _, who := range g.People {
		if t.Has(who) {
			continue
		}
		if err := s.participant(ctx, c.tx, c.edition.ID, who); err != nil {
			return err
		}
		if err := s.move(ctx, c, Team{}, t, who); err != nil {
			return err
		}
		added = append(added, who)
	}
	return s.writeTo(ctx, c, t, added)
}

// writeTo tells people which team they are in now.
func (s *Service) writeTo(ctx context.Context, c change, t Team, added []account.ID) error {
	if len(added) == 0 {
		return nil
	}
	t, err := getTeam(ctx, c.tx, "id = $1", t.ID)
	if err != nil {
		return err
	}
	fresh := map[account.ID]bool{}
	for _, who := range added {
		fresh[who] = true
	}
	for _, m := range t.Members {
		if !fresh[m.ID] || m.Email == "" {
			continue
		}
		l := s.words.Locale(m.Lang).In(c.edition.Zone).With(c.edition.Words)
		letter := mail.Message{To: m.Email, ToName: m.Name,
			Subject: l.T("team.mail.placed.subject", "team", t.Name, "edition", c.edition.Name),
			Text: l.T("team.mail.placed.text", "name", m.Name, "team", t.Name, "people", names(t.Members),
				"url", s.base+c.edition.URL()+"/team")}
		if err := s.post.SendTx(ctx, c.tx, string(c.edition.ID), letter); err != nil {
			return err
		}
	}
	return nil
}

func names(members []Member) string {
	list := ""
	for i, m := range members {
		if i > 0 {
			list += ", "
		}
		list += m.Name
	}
	return list
}

// DropPlan throws the proposal away.
func (s *Service) DropPlan(ctx context.Context, actor account.Actor, id edition.ID, plan string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		ok, err := movePlan(ctx, tx, id, plan, Dropped)
		if err == nil && !ok {
			return ErrOutdated
		}
		s.hub.Touch(tx, Topic(id))
		return err
	})
}

// Job returns the last job that was to make a plan for the edition, or
// sqldb.ErrNotFound.
func (s *Service) Job(ctx context.Context, q sqldb.Querier, id edition.ID) (jobs.Job, error) {
	board, err := s.Board(ctx, q, id)
	if err != nil {
		return jobs.Job{}, err
	}
	return jobs.Get(ctx, q, board.Job)
}
