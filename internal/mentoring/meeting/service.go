package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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
