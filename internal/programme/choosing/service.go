package choosing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"h48/engine/planning"
	"h48/engine/planning/seats"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/mail"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/programme"
)

// Service is what can be done to choose workshops.
type Service struct {
	db        *sqldb.DB
	editions  *edition.Service
	accounts  *account.Service
	programme *programme.Service
	hub       *live.Hub
	queue     *jobs.Queue
	post      *post.Post
	trail     *trail.Trail
	words     *i18n.Catalogue
	base      string
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, editions *edition.Service, accounts *account.Service, sessions *programme.Service, hub *live.Hub,
	queue *jobs.Queue, p *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, editions: editions, accounts: accounts, programme: sessions, hub: hub, queue: queue, post: p, trail: t,
		words: words, base: base}
}

// Topic is what pages about the choice of an edition's workshops listen to.
func Topic(id edition.ID) string { return "choosing:" + string(id) }

// change is a change of the book in a transaction, by an organiser.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, action string, do func(tx *sqldb.Tx, e edition.Edition, now time.Time, b *Book) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		b, err := getBook(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := do(tx, e, now, &b); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action,
			Subject: "edition:" + string(id), EditionAt: now})
	})
}

// OpenUntil lets people choose until a moment of the edition, so many workshops each; the
// zero moment ends the choice. What was planned before is dropped.
func (s *Service) OpenUntil(ctx context.Context, actor account.Actor, id edition.ID, until time.Time, most int) error {
	if most < 1 || most > MostWishes {
		return errs.Fields{{Name: "most", Key: "choosing.most_range", Args: []any{"most", MostWishes}}}
	}
	return s.change(ctx, actor, id, "choosing.opened", func(tx *sqldb.Tx, _ edition.Edition, now time.Time, b *Book) error {
		if !until.IsZero() && !until.After(now) {
			return errs.Fields{{Name: "until", Key: "choosing.past"}}
		}
		return setBook(ctx, tx, id, Book{Until: until, Most: most})
	})
}

// Mine is what a person may choose, and what they chose.
type Mine struct {
	Book     Book
	Open     bool
	Sessions []programme.Session
	Order    []programme.ID
	Places   map[programme.ID]programme.PlaceState
	// Missed says, once the seats are given, why somebody has no seat in a workshop that
	// they wish.
	Missed map[programme.ID]Missed
}

// Mine returns the actor's choice: a matter of the edition's people.
func (s *Service) Mine(ctx context.Context, actor account.Actor, id edition.ID) (Mine, error) {
	m := Mine{Places: map[programme.ID]programme.PlaceState{}}
	if err := s.editions.Require(ctx, s.db, actor, id, edition.AllRoles...); err != nil {
		return m, err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return m, err
	}
	if m.Book, err = getBook(ctx, s.db, id); err != nil {
		return m, err
	}
	now := e.Now(s.db.Now())
	m.Open = m.Book.Open(now)
	all, err := s.programme.Sessions(ctx, s.db, id)
	if err != nil {
		return m, err
	}
	m.Sessions = offered(all, now)
	mine, err := s.programme.Mine(ctx, s.db, actor, id)
	if err != nil {
		return m, err
	}
	for _, entry := range mine {
		m.Places[entry.ID] = entry.Mine
	}
	if m.Order, err = wishOf(ctx, s.db, id, actor.ID); err != nil || m.Book.Published.IsZero() {
		return m, err
	}
	all, err = s.programme.Sessions(ctx, s.db, id)
	if err != nil {
		return m, err
	}
	wishes, err := listWishes(ctx, s.db, id)
	m.Missed = missed(all, wishes, m.Order, m.Places, m.Book.Most)
	return m, err
}

// Choose keeps the actor's order of workshops while the choice is open.
func (s *Service) Choose(ctx context.Context, actor account.Actor, id edition.ID, wishes []programme.ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.AllRoles...); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		b, err := getBook(ctx, tx, id)
		if err != nil {
			return err
		}
		if !b.Open(now) {
			return ErrClosed
		}
		all, err := s.programme.Sessions(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := setWish(ctx, tx, id, actor.ID, tidy(wishes, offered(all, now)), now); err != nil {
			return fmt.Errorf("keeping the choice of workshops: %w", err)
		}
		s.hub.Touch(tx, Topic(id))
		return nil
	})
}

// jobPlan is the kind of the job that shares out the seats.
const jobPlan = "choosing.plan"

// Jobs are the long works of this room.
func (s *Service) Jobs() map[string]jobs.Handler { return map[string]jobs.Handler{jobPlan: s.plan} }

// Order has the seats shared out, when people have chosen; it returns the job's id, ""
// where one is at it.
func (s *Service) Order(ctx context.Context, actor account.Actor, id edition.ID) (job string, err error) {
	err = s.change(ctx, actor, id, "choosing.ordered", func(tx *sqldb.Tx, _ edition.Edition, now time.Time, b *Book) error {
		if b.Until.IsZero() || !b.Published.IsZero() {
			return ErrClosed
		}
		if now.Before(b.Until) {
			return ErrEarly
		}
		job, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: jobPlan, Edition: string(id), AskedBy: string(actor.ID), Args: id, OnlyOne: jobPlan + " " + string(id)})
		if err != nil || job == "" {
			return err
		}
		b.Job = job
		return setBook(ctx, tx, id, *b)
	})
	return job, err
}

// plan is the job. Run twice it makes the same plan twice.
func (s *Service) plan(ctx context.Context, run *jobs.Run) error {
	var id edition.ID
	if err := run.Args(&id); err != nil {
		return err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return err
	}
	b, err := getBook(ctx, s.db, id)
	if err != nil {
		return err
	}
	all, err := s.programme.Sessions(ctx, s.db, id)
	if err != nil {
		return err
	}
	wishes, err := listWishes(ctx, s.db, id)
	if err != nil {
		return err
	}
	places, err := s.programme.Places(ctx, s.db, id)
	if err != nil {
		return err
	}
	now := e.Now(s.db.Now())
	in := instance(offered(all, now), wishes, places, b.Most)
	sol, err := seats.Solve(ctx, in, planning.Options{Budget: 2, Progress: func(share float64, _ int64) { run.Progress(int(100*share), 100) }})
	if err != nil {
		return fmt.Errorf("sharing out the seats: %w", err)
	}
	p := planOf(in, sol, now)
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		b, err := getBook(ctx, tx, id)
		if err != nil {
			return err
		}
		if !b.Published.IsZero() {
			return nil
		}
		b.Plan = &p
		s.hub.Touch(tx, Topic(id))
		return setBook(ctx, tx, id, b)
	})
}

// Publish makes the plan true: everybody gets their seats and their turns in the lines,
// and a letter that says so. Seats that somebody took meanwhile become turns.
func (s *Service) Publish(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.change(ctx, actor, id, "choosing.published", func(tx *sqldb.Tx, e edition.Edition, now time.Time, b *Book) error {
		ok, err := publish(ctx, tx, id, now)
		if err != nil {
			return err
		}
		if !ok {
			return ErrNoPlan
		}
		list, err := listWishes(ctx, tx, id)
		if err != nil {
			return err
		}
		wishes := map[account.ID][]programme.ID{}
		for _, w := range list {
			wishes[w.Who] = w.Sessions
		}
		got := map[account.ID]map[programme.ID]programme.PlaceState{}
		all, err := s.programme.Sessions(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, of := range []func(Seat) []programme.ID{func(s Seat) []programme.ID { return s.Seats }, func(s Seat) []programme.ID { return s.Waiting }} {
			lines := b.Plan.lines(of, wishes)
			for _, session := range all {
				if err := s.seat(ctx, tx, actor, e, session.ID, lines[session.ID], got); err != nil {
					return err
				}
			}
		}
		return s.writeToAll(ctx, tx, e, all, b.Plan, got)
	})
}

// seat takes places in one session and notes who got which.
func (s *Service) seat(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, id programme.ID, people []account.ID, got map[account.ID]map[programme.ID]programme.PlaceState) error {
	if len(people) == 0 {
		return nil
	}
	states, err := s.programme.SeatTx(ctx, tx, actor, e, id, people)
	if err != nil {
		return err
	}
	for who, state := range states {
		if got[who] == nil {
			got[who] = map[programme.ID]programme.PlaceState{}
		}
		got[who][id] = state
	}
	return nil
}

// writeToAll tells everybody who chose what they got.
func (s *Service) writeToAll(ctx context.Context, tx *sqldb.Tx, e edition.Edition, all []programme.Session, p *Plan, got map[account.ID]map[programme.ID]programme.PlaceState) error {
	var seated []account.ID
	for _, seat := range p.Seats {
		seated = append(seated, seat.Who)
	}
	people, err := s.accounts.Of(ctx, tx, seated)
	if err != nil {
		return err
	}
	for _, seat := range p.Seats {
		to := people[seat.Who]
		if to.Email == "" {
			continue // nobody to reach
		}
		l := s.words.Locale(to.Lang).In(e.Zone).With(e.Words)
		var lines []string
		for _, session := range all {
			switch got[seat.Who][session.ID] {
			case programme.Seated:
				lines = append(lines, l.T("choosing.letter.seat", "title", session.Title, "when", l.Span(session.Start, session.End), "room", session.Room))
			case programme.Waiting:
				lines = append(lines, l.T("choosing.letter.waiting", "title", session.Title))
			}
		}
		if len(lines) == 0 {
			lines = append(lines, l.T("choosing.letter.nothing"))
		}
		err = s.post.SendTx(ctx, tx, string(e.ID), mail.Message{To: to.Email, ToName: to.Name,
			Subject: l.T("choosing.letter.subject", "edition", e.Name),
			Text:    l.T("choosing.letter.text", "name", to.Name, "lines", strings.Join(lines, "\n"), "url", s.base+e.URL()+"/programme/mine")})
		if err != nil {
			return err
		}
	}
	return nil
}

// Overview is what the organiser reads.
type Overview struct {
	Book     Book
	Open     bool
	Sessions []programme.Session
	Chosen   int
	First    map[programme.ID]int // who wishes it first
	Any      map[programme.ID]int
	Planned  map[programme.ID]int
	Lines    map[programme.ID]int
	Job      *jobs.Job
}

// Overview returns how the choice stands: an organiser's business.
func (s *Service) Overview(ctx context.Context, actor account.Actor, id edition.ID) (Overview, error) {
	o := Overview{First: map[programme.ID]int{}, Any: map[programme.ID]int{}, Planned: map[programme.ID]int{}, Lines: map[programme.ID]int{}}
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser); err != nil {
		return o, err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return o, err
	}
	if o.Book, err = getBook(ctx, s.db, id); err != nil {
		return o, err
	}
	now := e.Now(s.db.Now())
	o.Open = o.Book.Open(now)
	all, err := s.programme.Sessions(ctx, s.db, id)
	if err != nil {
		return o, err
	}
	o.Sessions = offered(all, now)
	wishes, err := listWishes(ctx, s.db, id)
	if err != nil {
		return o, err
	}
	for _, w := range wishes {
		if len(w.Sessions) > 0 {
			o.Chosen++
		}
		for k, id := range w.Sessions {
			o.Any[id]++
			if k == 0 {
				o.First[id]++
			}
		}
	}
	if o.Book.Plan != nil {
		for _, seat := range o.Book.Plan.Seats {
			for _, id := range seat.Seats {
				o.Planned[id]++
			}
			for _, id := range seat.Waiting {
				o.Lines[id]++
			}
		}
	}
	if o.Book.Job != "" {
		job, err := jobs.Get(ctx, s.db, o.Book.Job)
		if err != nil {
			return o, err
		}
		o.Job = &job
	}
	return o, nil
}

// Forget drops a person's wishes, in every edition.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return deleteWishes(ctx, tx, who)
}
