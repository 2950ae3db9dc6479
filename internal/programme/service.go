package programme

import (
	"context"
	"fmt"
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
)

// Service is what can be done with the programme.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	accounts *account.Service
	hub      *live.Hub
	queue    *jobs.Queue
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
	beside   []Beside
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, hub *live.Hub,
	queue *jobs.Queue, p *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, accounts: accounts, hub: hub, queue: queue, post: p, trail: t,
		words: words, base: strings.TrimSuffix(base, "/")}
}

// Topic is what every page about the edition's programme listens to.
func Topic(id edition.ID) string { return "programme:" + string(id) }

// Add puts a session on the programme. An organiser may.
func (s *Service) Add(ctx context.Context, actor account.Actor, id edition.ID, plan Plan) (Session, error) {
	plan, err := plan.check()
	if err != nil {
		return Session{}, err
	}
	var added Session
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID); err != nil {
			return err
		}
		added, err = s.addTx(ctx, tx, actor, e, now, plan, "")
		return err
	})
	return added, err
}

func (s *Service) addTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, now time.Time, plan Plan, sourceUID string) (Session, error) {
	made, _ := plan.apply(Session{ID: ID(s.ids.ID()), Edition: e.ID, sourceUID: sourceUID})
	made.Sequence = 0
	if err := s.checkSpeakers(ctx, tx, e.ID, plan.Speakers); err != nil {
		return made, err
	}
	if err := insertSession(ctx, tx, made); err != nil {
		return made, fmt.Errorf("adding a session: %w", err)
	}
	if err := replaceSpeakers(ctx, tx, made.ID, plan.Speakers); err != nil {
		return made, fmt.Errorf("naming the speakers: %w", err)
	}
	made, err := getSession(ctx, tx, made.ID)
	if err != nil {
		return made, err
	}
	return made, s.tell(ctx, tx, actor, "programme.added", Session{}, made, now)
}

// checkSpeakers refuses a speaker who has no such role in the edition.
func (s *Service) checkSpeakers(ctx context.Context, tx *sqldb.Tx, id edition.ID, speakers []account.ID) error {
	for _, who := range speakers {
		roles, err := s.editions.Roles(ctx, tx, id, who)
		if err != nil {
			return err
		}
		if !roles.Has(edition.Speaker) {
			return errs.Fields{{Name: "speakers", Key: "programme.no_speaker"}}
		}
	}
	return nil
}

// Change makes the session what the plan says. Who signed up is written to when it moves
// to another room or hour, and who waits moves up when it has more seats. Fewer seats
// take nobody's away.
func (s *Service) Change(ctx context.Context, actor account.Actor, id ID, plan Plan) (Session, error) {
	plan, err := plan.check()
	if err != nil {
		return Session{}, err
	}
	return s.edit(ctx, actor, id, func(tx *sqldb.Tx, e edition.Edition, now time.Time, before Session) (Session, error) {
		return s.changeTx(ctx, tx, actor, e, now, before, plan)
	})
}

// edit is the frame of what an organiser does to a session.
func (s *Service) edit(ctx context.Context, actor account.Actor, id ID,
	do func(tx *sqldb.Tx, e edition.Edition, now time.Time, before Session) (Session, error)) (Session, error) {
	var after Session
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := lockSession(ctx, tx, id); err != nil {
			return err
		}
		before, err := getSession(ctx, tx, id)
		if err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, before.Edition)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID); err != nil {
			return err
		}
		after, err = do(tx, e, now, before)
		return err
	})
	return after, err
}

func (s *Service) changeTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, now time.Time, before Session, plan Plan) (Session, error) {
	after, moved := plan.apply(before)
	if moved {
		after.Moved = now
	}
	if err := s.checkSpeakers(ctx, tx, e.ID, plan.Speakers); err != nil {
		return before, err
	}
	if err := updateSession(ctx, tx, after); err != nil {
		return before, fmt.Errorf("changing session %s: %w", before.ID, err)
	}
	if err := replaceSpeakers(ctx, tx, before.ID, plan.Speakers); err != nil {
		return before, fmt.Errorf("naming the speakers: %w", err)
	}
	if err := s.moveUp(ctx, tx, e, after); err != nil {
		return before, err
	}
	after, err := getSession(ctx, tx, before.ID)
	if err != nil {
		return before, err
	}
	if moved && !after.Cancelled && !after.Over(now) {
		if err := s.writeToAll(ctx, tx, e, after, "moved", "was", where(before)); err != nil {
			return before, err
		}
	}
	return after, s.tell(ctx, tx, actor, "programme.changed", before, after, now)
}

// Cancel takes the session off; it stays visible as cancelled, and who signed up is
// written to. Cancelling twice changes nothing.
func (s *Service) Cancel(ctx context.Context, actor account.Actor, id ID) (Session, error) {
	return s.setCancelled(ctx, actor, id, true)
}

// Restore puts a cancelled session back on, for all who had signed up.
func (s *Service) Restore(ctx context.Context, actor account.Actor, id ID) (Session, error) {
	return s.setCancelled(ctx, actor, id, false)
}

func (s *Service) setCancelled(ctx context.Context, actor account.Actor, id ID, cancelled bool) (Session, error) {
	return s.edit(ctx, actor, id, func(tx *sqldb.Tx, e edition.Edition, now time.Time, before Session) (Session, error) {
		return s.cancelTx(ctx, tx, actor, e, now, before, cancelled)
	})
}

func (s *Service) cancelTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, now time.Time, before Session, cancelled bool) (Session, error) {
	if before.Cancelled == cancelled {
		return before, nil
	}
	after := before
	after.Cancelled = cancelled
	after.Sequence++
	if err := updateSession(ctx, tx, after); err != nil {
		return before, fmt.Errorf("cancelling session %s: %w", before.ID, err)
	}
	verb, letter := "programme.restored", "restored"
	if cancelled {
		verb, letter = "programme.cancelled", "cancelled"
	}
	if !after.Over(now) {
		if err := s.writeToAll(ctx, tx, e, after, letter); err != nil {
			return before, err
		}
	}
	return after, s.tell(ctx, tx, actor, verb, before, after, now)
}

// turnKind is the job that lets pages read again when a session begins or ends, so that
// "now and next" stays true on a page that nobody touches.
const turnKind = "programme.turn"

// Jobs are the handlers of this room's jobs.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{turnKind: func(_ context.Context, run *jobs.Run) error {
		s.hub.Tell(Topic(edition.ID(run.Edition)))
		return nil
	}}
}

// keepTurns orders the job for the session's two ends that are still to come; sessions
// that share a moment share the job.
func (s *Service) keepTurns(ctx context.Context, tx *sqldb.Tx, session Session, now time.Time) error {
	for _, at := range []time.Time{session.Start, session.End} {
		if !at.After(now) {
			continue
		}
		order := jobs.Order{Kind: turnKind, Edition: string(session.Edition), At: at, OnEditionTime: true,
			OnlyOne: turnKind + ":" + string(session.Edition) + ":" + at.UTC().Format(time.RFC3339Nano)}
		if _, err := s.queue.EnqueueTx(ctx, tx, order); err != nil {
			return err
		}
	}
	return nil
}

// tell says what became of the session: to the pages that show it, now and when it
// begins and ends, and to the trail.
func (s *Service) tell(ctx context.Context, tx *sqldb.Tx, actor account.Actor, verb string, before, after Session, now time.Time) error {
	if err := s.keepTurns(ctx, tx, after, now); err != nil {
		return err
	}
	s.hub.Touch(tx, Topic(after.Edition))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(after.Edition), Actor: string(actor.ID), Action: verb,
		Subject: "session:" + string(after.ID), Before: before.inWords(), After: after.inWords(), EditionAt: now})
}

// inWords is the session in the words of the trail.
func (s Session) inWords() string {
	if s.ID == "" {
		return ""
	}
	return fmt.Sprintf("%s, %s, %s – %s, %d seats", s.Title, s.Room, s.Start.Format(time.RFC3339), s.End.Format(time.RFC3339), s.Seats)
}
