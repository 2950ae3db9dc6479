package crew

import (
	"context"
	"errors"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
)

// Board is what the organiser reads of the crew.
type Board struct {
	Rota
	Standing Standing
	Holes    []Hole // of what is not over
	Refused  []Refusal
	Job      *jobs.Job
	Now      time.Time
}

// Refusal is a shift that somebody was told and cannot work.
type Refusal struct {
	Duty
	Member Member
	At     Shift
}

// Silent counts who has not said when they can.
func (b Board) Silent() int {
	n := 0
	for _, m := range b.Members {
		if m.Offer.Silent() {
			n++
		}
	}
	return n
}

// Board returns how the crew's plan stands: an organiser's business.
func (s *Service) Board(ctx context.Context, actor account.Actor, id edition.ID) (Board, error) {
	var b Board
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser); err != nil {
		return b, err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return b, err
	}
	if b.Rota, err = load(ctx, s.db, s.editions, id); err != nil {
		return b, err
	}
	b.Now = e.Now(s.db.Now())
	b.Standing = b.Rota.Standing()
	b.Holes = slices.DeleteFunc(b.Rota.Holes(), func(h Hole) bool { return !b.Now.Before(h.Shift.End) })
	b.Refused = b.refused(b.Now)
	if b.Book.Job == "" {
		return b, nil
	}
	job, err := jobs.Get(ctx, s.db, b.Book.Job)
	if errors.Is(err, sqldb.ErrNotFound) { // jobs are swept after a while
		return b, nil
	}
	b.Job = &job
	return b, err
}

// refused lists the told shifts ahead that somebody cannot work and nobody took over.
func (r Rota) refused(now time.Time) []Refusal {
	var all []Refusal
	for _, s := range r.Shifts {
		for _, m := range r.Members {
			if d, ok := r.duty(m.ID, s.ID); ok && d.Told && !d.No.IsZero() && now.Before(s.End) && r.Missing(s) > 0 {
				all = append(all, Refusal{d, m, s})
			}
		}
	}
	return all
}

// Turn is one shift of one person, as they see it.
type Turn struct {
	Shift  Shift
	Post   Post
	No     time.Time // when they said that they cannot
	Why    string
	Others []string // who else was told
}

// Mine is what somebody of the crew reads.
type Mine struct {
	Member  Member
	Posts   []Post
	Skills  []string // that posts need
	Turns   []Turn   // in their order
	Parts   []Span   // that can be ticked
	Now     time.Time
	Started bool // there is something to be planned for
	Told    bool // a plan was published
}

// Next is the shift that is on or comes next; ok is false where there is none.
func (m Mine) Next() (t Turn, ok bool) {
	for _, t := range m.Turns {
		if m.Now.Before(t.Shift.End) && t.No.IsZero() {
			return t, true
		}
	}
	return Turn{}, false
}

// Mine returns the actor's own shifts and what they said of themselves. An organiser may
// read it of anybody.
func (s *Service) Mine(ctx context.Context, actor account.Actor, id edition.ID, who account.ID) (Mine, error) {
	role := edition.Crew
	if who != actor.ID {
		role = edition.Organiser
	}
	if err := s.editions.Require(ctx, s.db, actor, id, role); err != nil {
		return Mine{}, err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return Mine{}, err
	}
	r, err := load(ctx, s.db, s.editions, id)
	if err != nil {
		return Mine{}, err
	}
	m := Mine{Posts: r.Posts, Now: e.Now(s.db.Now()), Started: len(r.Shifts) > 0, Told: !r.Book.Published.IsZero(), Turns: r.turns(who)}
	if m.Member, _ = r.Member(who); m.Member.ID == "" && who != actor.ID {
		return m, sqldb.ErrNotFound
	}
	for _, p := range r.Posts {
		if p.Skill != "" && !slices.ContainsFunc(m.Skills, func(k string) bool { return same(k, p.Skill) }) {
			m.Skills = append(m.Skills, p.Skill)
		}
	}
	if m.Started {
		last := r.Shifts[0].End
		for _, s := range r.Shifts {
			if s.End.After(last) {
				last = s.End
			}
		}
		m.Parts = parts(r.Shifts[0].Start, last, e.Zone)
	}
	return m, nil
}

// turns lists what somebody was told, with whom they work.
func (r Rota) turns(who account.ID) []Turn {
	var all []Turn
	for _, s := range r.Shifts {
		d, ok := r.duty(who, s.ID)
		if !ok || !d.Told {
			continue
		}
		t := Turn{Shift: s, Post: r.Post(s.Post), No: d.No, Why: d.Why}
		for _, m := range r.Members {
			if o, ok := r.duty(m.ID, s.ID); ok && m.ID != who && o.Told && o.No.IsZero() {
				t.Others = append(t.Others, m.Name)
			}
		}
		all = append(all, t)
	}
	return all
}

// Turns lists the shifts that somebody was told and has not refused, for other rooms.
func (s *Service) Turns(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) ([]Turn, error) {
	r, err := load(ctx, q, s.editions, id)
	return slices.DeleteFunc(r.turns(who), func(t Turn) bool { return !t.No.IsZero() }), err
}

// Sheet is the plan to be read by everybody of the crew: organisers see what is planned,
// the others what was told.
func (s *Service) Sheet(ctx context.Context, actor account.Actor, id edition.ID) (Rota, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Crew); err != nil {
		return Rota{}, err
	}
	r, err := load(ctx, s.db, s.editions, id)
	if err != nil {
		return r, err
	}
	if s.editions.Require(ctx, s.db, actor, id, edition.Organiser) == nil {
		return r, nil
	}
	var told []Seat
	for _, d := range r.Duties {
		if d.Told && d.No.IsZero() {
			told = append(told, Seat{d.Shift, d.Who})
		}
	}
	r = r.with(told)
	for i := range r.Members { // what people said of themselves is not for each other
		r.Members[i].Offer, r.Members[i].Email = Offer{}, ""
	}
	return r, nil
}

// Summary is how the crew stands, for a dashboard.
type Summary struct {
	Shifts int
	Open   int // places that lack somebody, of what is not over
	Soon   int // of those, what begins within half a day
	Cannot int // shifts that somebody was told and cannot work
	Silent int
	Drafts int // people who were told something else than is planned
	Here   int // people who are on a shift now
}

// soon is how far ahead an open place presses.
const soon = 12 * time.Hour

// Summary counts.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, id edition.ID, now time.Time) (Summary, error) {
	r, err := load(ctx, q, s.editions, id)
	if err != nil {
		return Summary{}, err
	}
	sum := Summary{Shifts: len(r.Shifts), Cannot: len(r.refused(now)), Silent: Board{Rota: r}.Silent(), Drafts: r.Unpublished()}
	for _, one := range r.Shifts {
		if !now.Before(one.End) {
			continue
		}
		missing := r.Missing(one)
		sum.Open += missing
		if one.Start.Sub(now) < soon {
			sum.Soon += missing
		}
		if one.On(now) {
			sum.Here += len(r.On(one.ID))
		}
	}
	return sum, nil
}
