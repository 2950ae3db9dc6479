package award

import (
	"context"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/chain"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/kit/turns"
)

// Neighbours are the rooms from which the awards know what they do not keep.
type Neighbours struct {
	Scoring Scoring
	Teams   Teams
	Codes   Codes
	Files   files.Store
	Curtain Curtain
	Faces   Faces
	Public  Public
}

// Service is what can be done with prizes and in a deliberation.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	with     Neighbours
	hub      *live.Hub
	queue    *jobs.Queue
	post     *post.Post
	trail    *trail.Trail
	chain    *chain.Chain
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; base is the installation's own address. From then on
// the results follow their minute wherever an organiser moves it.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, with Neighbours, hub *live.Hub,
	queue *jobs.Queue, letters *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	s := &Service{db: db, ids: source, editions: editions, with: with, hub: hub, queue: queue, post: letters, trail: t, chain: chain.New(source),
		words: words, base: base}
	editions.Whenever(s.follow)
	return s
}

// Topic is what the pages of an edition's prizes and results listen to.
func Topic(e edition.ID) string { return "award:" + string(e) }

var (
	errNotOpen = errs.New(errs.Conflict, "award.not_open")
	errClosed  = errs.New(errs.Conflict, "award.is_closed")
	errChanged = errs.New(errs.Conflict, "award.changed_meanwhile")
)

// act runs one change of a use case: the actor's right, the edition's time and the
// deliberation as it stands, then the change, its note in the trail and the touch. They
// follow each other, so that the deliberation stands like that until it is written.
func (s *Service) act(ctx context.Context, actor account.Actor, e edition.ID, role edition.Role,
	change func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := turns.Take(ctx, tx, "award:"+string(e)); err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e, role); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, e)
		if err != nil {
			return err
		}
		d, err := getDeliberation(ctx, tx, e)
		if err != nil {
			return err
		}
		done, err := change(tx, d, now)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(e))
		done.Edition, done.Actor, done.EditionAt = string(e), string(actor.ID), now
		return s.write(ctx, tx, e, done)
	})
}

func (p *Prize) check() error {
	var wrong errs.Fields
	if p.Title = strings.TrimSpace(p.Title); p.Title == "" {
		wrong.Add("title", "error.required")
	}
	if p.Cents < 0 || p.Cents >= 1_000_000_000_00 {
		wrong.Add("amount", "award.amount_range")
	}
	for name, text := range map[string]string{"title": p.Title, "text": p.Text, "why": p.Reason} {
		if len(text) > longest {
			wrong.Add(name, "award.too_long")
		}
	}
	return wrong.Err()
}

// AddPrize adds a prize. Before the deliberation that is the organisers' matter; while
// it is open the jury may add one that was not planned, with a reason; afterwards it is
// a Conflict.
func (s *Service) AddPrize(ctx context.Context, actor account.Actor, e edition.ID, p Prize) (Prize, error) {
	p.Team = ""
	return s.add(ctx, actor, e, p)
}

// add is AddPrize for a team that is proposed, or for none.
func (s *Service) add(ctx context.Context, actor account.Actor, e edition.ID, p Prize) (Prize, error) {
	if err := p.check(); err != nil {
		return p, err
	}
	err := s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		switch d.State {
		case Closed:
			return deed{}, errClosed
		case Waiting:
			if err := s.editions.Require(ctx, tx, actor, e, edition.Organiser); err != nil {
				return deed{}, err
			}
			p.Unplanned, p.Reason, p.Team = false, "", ""
		default:
			if p.Unplanned = true; p.Reason == "" {
				return deed{}, errs.Fields{{Name: "why", Key: "award.why_needed"}}
			}
			if d.State == Decided { // the decision does not know this prize
				if _, err := s.reopen(ctx, tx, d); err != nil {
					return deed{}, err
				}
			}
		}
		others, err := listPrizes(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		p.ID, p.Edition, p.Position, p.State = PrizeID(s.ids.ID()), e, 1, Planned
		if n := len(others); n > 0 {
			p.Position = others[n-1].Position + 1
		}
		if err := insertPrize(ctx, tx, p); err != nil {
			return deed{}, fmt.Errorf("adding the prize %s: %w", p.Title, err)
		}
		done := deed{Entry: trail.Entry{Action: "award.prize_added", Subject: "prize:" + string(p.ID), After: describe(p)}}
		return done.turned(p, p.Reason), s.move(ctx, tx, actor, p, Planned, p.Reason, now)
	})
	return p, err
}

// describe is a prize in the words of the trail.
func describe(p Prize) string {
	text := p.Title
	if p.Cents > 0 {
		text += fmt.Sprintf(" (%d.%02d EUR)", p.Cents/100, p.Cents%100)
	}
	if p.Reason != "" {
		text += ": " + p.Reason
	}
	return text
}

// ChangePrize alters a prize's title, text and amount before the deliberation opens.
func (s *Service) ChangePrize(ctx context.Context, actor account.Actor, e edition.ID, p Prize) error {
	if err := p.check(); err != nil {
		return err
	}
	return s.act(ctx, actor, e, edition.Organiser, func(tx *sqldb.Tx, d Deliberation, _ time.Time) (deed, error) {
		if d.State != Waiting {
			return deed{}, errs.New(errs.Conflict, "award.prizes_fixed")
		}
		before, err := findPrize(ctx, tx, e, p.ID)
		if err != nil {
			return deed{}, err
		}
		if err := updatePrize(ctx, tx, p); err != nil {
			return deed{}, fmt.Errorf("changing the prize %s: %w", p.Title, err)
		}
		p.State = before.State
		done := deed{Entry: trail.Entry{Action: "award.prize_changed", Subject: "prize:" + string(p.ID), Before: describe(before), After: describe(p)}}
		return done.turned(p, ""), nil
	})
}

func findPrize(ctx context.Context, q sqldb.Querier, e edition.ID, id PrizeID) (Prize, error) {
	prizes, err := listPrizes(ctx, q, e)
	if err != nil {
		return Prize{}, err
	}
	for _, p := range prizes {
		if p.ID == id {
			return p, nil
		}
	}
	return Prize{}, sqldb.ErrNotFound
}

// move writes the next step of what becomes of a prize.
func (s *Service) move(ctx context.Context, tx *sqldb.Tx, actor account.Actor, p Prize, to PrizeState, reason string, now time.Time) error {
	err := insertMovement(ctx, tx, p.Edition, Movement{ID: s.ids.ID(), Prize: p.ID, Step: len(p.Steps), State: to, Reason: reason,
		Actor: actor.ID, ActorName: actor.Name, At: now})
	if sqldb.IsUnique(err) {
		return errChanged
	}
	return err
}

// Turn says what became of a prize: dropped for a reason, taken back to where it was for a
// reason, or, where there is no cheque, kept as promised. A cheque is paid share by share,
// see SettleTx. Only the close of a deliberation awards a prize for the first
// time.
func (s *Service) Turn(ctx context.Context, actor account.Actor, e edition.ID, id PrizeID, to PrizeState, reason string) error {
	return s.act(ctx, actor, e, edition.Organiser, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		p, err := findPrize(ctx, tx, e, id)
		if err != nil {
			return deed{}, err
		}
		if p.Cents > 0 && (to == Paid || p.State == Paid) {
			return deed{}, errs.New(errs.Conflict, "award.paid_by_shares")
		}
		if !p.mayBecome(to) || p.State == Planned && to == Awarded {
			return deed{}, errs.New(errs.Conflict, "award.step_not_possible")
		}
		if reason = strings.TrimSpace(reason); reason == "" && to != Paid {
			return deed{}, errs.Fields{{Name: "reason", Key: "award.turn_reason_needed"}}
		}
		if len(reason) > longest {
			return deed{}, errs.Fields{{Name: "reason", Key: "award.too_long"}}
		}
		if d.State == Decided && p.State == Planned { // the choice was made with this prize, or without it
			if _, err := s.reopen(ctx, tx, d); err != nil {
				return deed{}, err
			}
		}
		done := deed{Entry: trail.Entry{Action: "award.prize_" + string(to), Subject: "prize:" + string(id), Before: string(p.State), After: reason}}
		if err := s.move(ctx, tx, actor, p, to, reason, now); err != nil {
			return deed{}, err
		}
		p.State = to
		return done.turned(p, reason), nil
	})
}

// SettleTx brings a prize with a cheque along with its shares: paid when all of them are,
// and back to awarded when one was not after all. The caller has checked that the actor
// may.
func (s *Service) SettleTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, p Prize, paid bool, reason string, now time.Time) error {
	to := Awarded
	if paid {
		to = Paid
	}
	if p.State == to || !p.mayBecome(to) || p.State == Dropped {
		return nil
	}
	s.hub.Touch(tx, Topic(p.Edition))
	return s.move(ctx, tx, actor, p, to, reason, now)
}

// reopen takes a decision back, so that it is made again.
func (s *Service) reopen(ctx context.Context, tx *sqldb.Tx, d Deliberation) (Deliberation, error) {
	d.State, d.Decided = Open, time.Time{}
	ok, err := updateDeliberation(ctx, tx, d, Decided)
	if err == nil && !ok {
		err = errChanged
	}
	return d, err
}

// Prizes lists the edition's prizes, first one first, with what became of them.
func (s *Service) Prizes(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Prize, error) {
	return listPrizes(ctx, q, e)
}

// Title is what a prize of the edition is called.
func (s *Service) Title(ctx context.Context, q sqldb.Querier, e edition.ID, id PrizeID) (string, error) {
	return titleOf(ctx, q, e, id)
}

// CopyPrizes gives an edition the prizes that were planned for another: titles, texts
// and amounts, no laureates. The caller has checked that the actor may.
func (s *Service) CopyPrizes(ctx context.Context, tx *sqldb.Tx, actor account.Actor, from, to edition.ID) error {
	prizes, err := listPrizes(ctx, tx, from)
	if err != nil {
		return err
	}
	_, now, err := s.editions.Open(ctx, tx, to)
	if err != nil {
		return err
	}
	for _, p := range prizes {
		if p.Unplanned {
			continue
		}
		p.ID, p.Edition, p.Team, p.Steps = PrizeID(s.ids.ID()), to, "", nil
		if err := insertPrize(ctx, tx, p); err != nil {
			return fmt.Errorf("copying the prize %s: %w", p.Title, err)
		}
		if err := s.move(ctx, tx, actor, p, Planned, "", now); err != nil {
			return err
		}
	}
	s.hub.Touch(tx, Topic(to))
	return nil
}

// Summary is what an organiser's dashboard shows of the awards.
type Summary struct {
	State State
	// Prizes can be won or are; Unpaid are those with a cheque that is owed.
	Prizes, Unpaid int
	OwedCents      int64
	ResultsAt      time.Time
	Public         bool
}

// Summary counts the edition's prizes and says how far the deliberation is.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (Summary, error) {
	d, err := getDeliberation(ctx, q, e.ID)
	if err != nil {
		return Summary{}, err
	}
	prizes, err := listPrizes(ctx, q, e.ID)
	sum := Summary{State: d.State, ResultsAt: e.At[edition.Results], Public: public(d, e, now)}
	for _, p := range prizes {
		if p.Live() {
			sum.Prizes++
		}
		if p.State == Awarded && p.Cents > 0 {
			sum.Unpaid++
			sum.OwedCents += p.Cents
		}
	}
	return sum, err
}
