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
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/kit/turns"
	"h48/internal/mentoring"
)

// Service is what can be done with planned meetings.
type Service struct {
	db        *sqldb.DB
	ids       *ids.Source
	editions  *edition.Service
	mentoring *mentoring.Service
	teams     mentoring.Teams
	hub       *live.Hub
	queue     *jobs.Queue
	trail     *trail.Trail
	accounts  *account.Service
	post      *post.Post
	words     *i18n.Catalogue
	base      string
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, m *mentoring.Service, teams mentoring.Teams, hub *live.Hub, queue *jobs.Queue,
	letters *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, accounts: accounts, mentoring: m, teams: teams, hub: hub, queue: queue,
		post: letters, trail: t, words: words, base: base}
}

// table reads everything about the meetings.
func (s *Service) table(ctx context.Context, q sqldb.Querier, id edition.ID) (t Table, err error) {
	if t.Round, err = getRound(ctx, q, id); err != nil {
		return t, fmt.Errorf("reading the round of meetings: %w", err)
	}
	if t.Mentors, err = s.mentoring.Mentors(ctx, q, id); err != nil {
		return t, err
	}
	if t.Themes, err = s.mentoring.Themes(ctx, q, id); err != nil {
		return t, err
	}
	if t.Teams, err = s.teams.All(ctx, q, id); err != nil {
		return t, err
	}
	if t.Wishes, err = listWishes(ctx, q, id); err != nil {
		return t, err
	}
	if t.Dates, err = listDates(ctx, q, id); err != nil {
		return t, err
	}
	t.Gone, err = listGone(ctx, q, id)
	return t, err
}

// scene is what a use case finds in its transaction.
type scene struct {
	id    edition.ID
	now   time.Time
	table Table
}

// change is a use case in one transaction, one after the other; do returns what the trail hears: an action, a
// subject ("" for the edition) and the value that it has now.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, roles []edition.Role, do func(tx *sqldb.Tx, at scene) (action, subject, after string, err error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := turns.Take(ctx, tx, "meeting:"+string(id)); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, id, roles...); err != nil {
			return err
		}
		t, err := s.table(ctx, tx, id)
		if err != nil {
			return err
		}
		action, subject, after, err := do(tx, scene{id, now, t})
		if err != nil {
			return err
		}
		if subject == "" {
			subject = "edition:" + string(id)
		}
		s.hub.Touch(tx, Topic(id))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action, Subject: subject, After: after, EditionAt: now})
	})
}

var organisers = []edition.Role{edition.Organiser}

// SetRound gives a time to meetings: an organiser's matter. What was planned stays until it
// is planned again.
func (s *Service) SetRound(ctx context.Context, actor account.Actor, id edition.ID, r Round) error {
	if err := r.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (string, string, string, error) {
		before := at.table.Round
		r.Job, r.Planned, r.Published = before.Job, before.Planned, before.Published
		return "meeting.round", "", fmt.Sprintf("%d × %d min", r.Slots(), r.Minutes), setRound(ctx, tx, id, r)
	})
}

// Wish keeps what the actor's team would like to talk about, the most wanted first.
func (s *Service) Wish(ctx context.Context, actor account.Actor, id edition.ID, wanted []mentoring.ThemeID) error {
	return s.change(ctx, actor, id, []edition.Role{edition.Participant}, func(tx *sqldb.Tx, at scene) (string, string, string, error) {
		team, err := s.teams.OfAccount(ctx, tx, id, actor.ID)
		if errs.Is(err, errs.NotFound) {
			return "", "", "", mentoring.ErrNoTeam
		}
		if err != nil {
			return "", "", "", err
		}
		w := Wish{Team: team.ID}
		var names []string
		for _, theme := range wanted {
			if name := at.table.theme(theme); name != "" && !slices.Contains(w.Themes, theme) && len(w.Themes) < MostThemes {
				w.Themes, names = append(w.Themes, theme), append(names, name)
			}
		}
		return "meeting.wished", "team:" + team.ID, strings.Join(names, ", "), setWish(ctx, tx, id, w, at.now)
	})
}

// theme is the name of a theme, "" where there is none.
func (t Table) theme(id mentoring.ThemeID) string {
	i := slices.IndexFunc(t.Themes, func(one mentoring.Theme) bool { return one.ID == id })
	if i < 0 {
		return ""
	}
	return t.Themes[i].Name
}

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

// Leave says that a mentor is not there any more: a mentor of themselves, an organiser of
// any. Their meetings to come go to others at once, if a plan was published, and nobody
// else's changes.
func (s *Service) Leave(ctx context.Context, actor account.Actor, id edition.ID, who account.ID) error {
	return s.presence(ctx, actor, id, who, func(tx *sqldb.Tx, at scene) (string, error) {
		if err := setGone(ctx, tx, id, who, at.now); err != nil {
			return "", err
		}
		var had int
		tell := !at.table.Round.Published.IsZero() && at.table.Unpublished() == 0 // a draft stays the organiser's
		for _, d := range at.table.Dates {
			if d.Mentor != who || !d.At.After(at.now) || d.Lost {
				continue
			}
			had++
			d.Planned, d.Told, d.Lost = false, false, d.Told
			if err := putDate(ctx, tx, id, d); err != nil {
				return "", err
			}
		}
		if err := sweepDates(ctx, tx, id); err != nil || had == 0 {
			return "meeting.left", err
		}
		var err error
		if at.table.Dates, err = listDates(ctx, tx, id); err != nil {
			return "", err
		}
		at.table.Gone[who] = true
		if !tell { // nobody else is told before the organiser publishes; this they hear now
			if err := s.writeLost(ctx, tx, at); err != nil {
				return "", err
			}
		}
		// Not held up by a plan that is being made: that one may have been written this very moment.
		_, err = s.enqueue(ctx, tx, actor, at, ordered{Few: true, Tell: tell}, "")
		return "meeting.left", err
	})
}

// Return says that a mentor is there again. What they had, and nobody has heard yet that it
// would not take place, takes place.
func (s *Service) Return(ctx context.Context, actor account.Actor, id edition.ID, who account.ID) error {
	return s.presence(ctx, actor, id, who, func(tx *sqldb.Tx, at scene) (string, error) {
		for _, d := range at.table.restored(who, at.now) {
			if err := putDate(ctx, tx, id, d); err != nil {
				return "", err
			}
		}
		return "meeting.back", unsetGone(ctx, tx, id, who)
	})
}

func (s *Service) presence(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, do func(tx *sqldb.Tx, at scene) (string, error)) error {
	roles := organisers
	if who == actor.ID {
		roles = []edition.Role{edition.Mentor}
	}
	return s.change(ctx, actor, id, roles, func(tx *sqldb.Tx, at scene) (string, string, string, error) {
		if !at.table.isMentor(who) {
			return "", "", "", errs.New(errs.NotFound, "error.not_found")
		}
		action, err := do(tx, at)
		return action, "account:" + string(who), "", err
	})
}

// View is the meetings as somebody reads them.
type View struct {
	Table
	Now  time.Time
	Job  *jobs.Job          // the organiser's
	Team *mentoring.TeamRef // the reader's own, nil for none
	Mine []Date             // the reader's, as they were told
}

// See returns the meetings: an organiser sees the plan, a mentor and a participant their
// own, as they were told.
func (s *Service) See(ctx context.Context, actor account.Actor, id edition.ID) (View, error) {
	var v View
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Mentor, edition.Participant); err != nil {
		return v, err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return v, err
	}
	v.Now = e.Now(s.db.Now())
	if v.Table, err = s.table(ctx, s.db, id); err != nil {
		return v, err
	}
	team, err := s.teams.OfAccount(ctx, s.db, id, actor.ID)
	if err == nil {
		v.Team = &team
	} else if !errs.Is(err, errs.NotFound) {
		return v, err
	}
	v.Mine = v.of(team.ID, actor.ID, true)
	if s.editions.Require(ctx, s.db, actor, id, edition.Organiser) != nil {
		v.Dates = nil // the plan is the organisers'
		return v, nil
	}
	if v.Round.Job != "" {
		job, err := jobs.Get(ctx, s.db, v.Round.Job)
		if err == nil {
			v.Job = &job
		} else if !errors.Is(err, sqldb.ErrNotFound) {
			return v, err
		}
	}
	return v, nil
}

// Told lists the meetings of a person, as a mentor or with their team, for other rooms;
// the edition's time for meetings bounds each.
func (s *Service) Told(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) ([]Appointment, error) {
	t, err := s.table(ctx, q, id)
	if err != nil {
		return nil, err
	}
	team, err := s.teams.OfAccount(ctx, q, id, who)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	var all []Appointment
	for _, d := range t.of(team.ID, who, true) {
		all = append(all, t.appointment(d))
	}
	return all, nil
}

// Appointment is a meeting in names.
type Appointment struct {
	Date
	Until    time.Time
	TeamName string
	Table    string
	About    string // "" for anything
	With     string // the mentor's name
}

func (t Table) appointment(d Date) Appointment {
	a := Appointment{Date: d, Until: d.At.Add(t.Round.length()), About: t.theme(d.Theme)}
	for _, team := range t.Teams {
		if team.ID == d.Team {
			a.TeamName, a.Table = team.Name, team.Table
		}
	}
	for _, m := range t.Mentors {
		if m.ID == d.Mentor {
			a.With = m.Name
		}
	}
	return a
}

// Forget drops a mentor's meetings, in every edition.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return forget(ctx, tx, who)
}
