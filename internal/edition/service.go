package edition

import (
	"context"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/kit/clock"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/kit/turns"
)

// Service is what can be done with editions.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	accounts *account.Service
	hub      *live.Hub
	queue    *jobs.Queue
	trail    *trail.Trail
	whenever []func(ctx context.Context, tx *sqldb.Tx, e Edition) error
}

// NewService returns the service.
func NewService(db *sqldb.DB, source *ids.Source, accounts *account.Service, hub *live.Hub, queue *jobs.Queue, t *trail.Trail) *Service {
	return &Service{db: db, ids: source, accounts: accounts, hub: hub, queue: queue, trail: t}
}

// Whenever calls f in the transaction in which an edition is made or changed: for a room
// that orders something at one of its moments. Say so before the program serves.
func (s *Service) Whenever(f func(ctx context.Context, tx *sqldb.Tx, e Edition) error) {
	s.whenever = append(s.whenever, f)
}

// told calls everybody who wants to know of an edition.
func (s *Service) told(ctx context.Context, tx *sqldb.Tx, e Edition) error {
	for _, f := range s.whenever {
		if err := f(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// inTurn runs do in a transaction beside which nobody else changes the edition or its
// organisers: both are read, judged and written whole.
func (s *Service) inTurn(ctx context.Context, id ID, do func(tx *sqldb.Tx) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := turns.Take(ctx, tx, turn(id)); err != nil {
			return err
		}
		return do(tx)
	})
}

func turn(id ID) string { return "edition:" + string(id) }

// Topic is what every page of the edition listens to: its settings and its clock.
func Topic(id ID) string { return "edition:" + string(id) }

// Get returns an edition.
func (s *Service) Get(ctx context.Context, q sqldb.Querier, id ID) (Edition, error) {
	return getEdition(ctx, q, "id = $1", id)
}

// BySlug returns the edition of an address.
func (s *Service) BySlug(ctx context.Context, slug string) (Edition, error) {
	return getEdition(ctx, s.db, "slug = $1", slug)
}

// EditionNow implements jobs.Clocks.
func (s *Service) EditionNow(ctx context.Context, id string) (time.Time, error) {
	e, err := s.Get(ctx, s.db, ID(id))
	return e.Now(s.db.Now()), err
}

// Open returns the edition and its time in the transaction: what nearly every use case
// of a room begins with.
func (s *Service) Open(ctx context.Context, tx *sqldb.Tx, id ID) (Edition, time.Time, error) {
	e, err := s.Get(ctx, tx, id)
	return e, e.Now(tx.Now()), err
}

// Roles returns what the account is in the edition.
func (s *Service) Roles(ctx context.Context, q sqldb.Querier, id ID, who account.ID) (Roles, error) {
	return rolesOf(ctx, q, id, who)
}

// Require refuses an actor who has none of the roles in the edition. An organiser may do
// what the other roles may; an administrator is nothing in an edition that they do not
// organise. The program itself may do everything.
func (s *Service) Require(ctx context.Context, q sqldb.Querier, actor account.Actor, id ID, wanted ...Role) error {
	if actor.Program {
		return nil
	}
	if actor.Public() {
		return errs.New(errs.Unauthenticated, "error.sign_in")
	}
	roles, err := rolesOf(ctx, q, id, actor.ID)
	if err != nil {
		return err
	}
	if !roles.Has(append(wanted, Organiser)...) {
		return ErrForbidden
	}
	return nil
}

// Create makes a draft edition; the actor, who must be an administrator, becomes its
// first organiser.
func (s *Service) Create(ctx context.Context, actor account.Actor, e Edition) (Edition, error) {
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) (err error) {
		e, err = s.CreateTx(ctx, tx, actor, e)
		return err
	})
	return e, err
}

// CreateTx is Create in the caller's transaction.
func (s *Service) CreateTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e Edition) (Edition, error) {
	if !actor.Admin && !actor.Program {
		return e, ErrForbidden
	}
	e.ID, e.State, e.Created = ID(s.ids.ID()), Draft, tx.Now()
	e = e.withDefaults()
	if err := e.Check(); err != nil {
		return e, err
	}
	err := insertEdition(ctx, tx, e)
	if sqldb.IsUnique(err) {
		return e, errs.Fields{{Name: "slug", Key: ErrSlugTaken.Key}}
	}
	if err != nil {
		return e, fmt.Errorf("making edition %s: %w", e.Slug, err)
	}
	if !actor.Program {
		if _, err := insertRole(ctx, tx, e.ID, actor.ID, Organiser); err != nil {
			return e, fmt.Errorf("making %s the organiser: %w", actor.ID, err)
		}
	}
	if err := s.told(ctx, tx, e); err != nil {
		return e, err
	}
	return e, s.note(ctx, tx, actor, e, "edition.created", "", e.Name)
}

func (e Edition) withDefaults() Edition {
	if e.Zone == nil {
		e.Zone = time.UTC
	}
	if e.Lang == "" {
		e.Lang = i18n.French
	}
	if e.Kind == "" {
		e.Kind = Hackathon
	}
	if e.TeamMin == 0 && e.TeamMax == 0 {
		e.TeamMin, e.TeamMax = 3, 5
	}
	return e
}

// Change alters an edition: an organiser's matter. change gets the edition as it is in
// this transaction, which may be newer than what the caller has read, and returns it as it
// shall be; what it does to the id, the state and the clock is ignored.
func (s *Service) Change(ctx context.Context, actor account.Actor, id ID, change func(Edition) Edition) (Edition, error) {
	var e Edition
	err := s.inTurn(ctx, id, func(tx *sqldb.Tx) error {
		if err := s.Require(ctx, tx, actor, id, Organiser); err != nil {
			return err
		}
		before, err := s.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		e = change(before)
		e.ID, e.State, e.Pace = before.ID, before.State, before.Pace
		if err := e.Check(); err != nil {
			return err
		}
		if err := updateEdition(ctx, tx, e); sqldb.IsUnique(err) {
			return errs.Fields{{Name: "slug", Key: ErrSlugTaken.Key}}
		} else if err != nil {
			return fmt.Errorf("changing edition %s: %w", e.Slug, err)
		}
		s.hub.Touch(tx, Topic(id))
		tx.AfterCommit(s.queue.Wake)
		if err := s.told(ctx, tx, e); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, e, "edition.changed", describe(before), describe(e))
	})
	return e, err
}

// Publish opens the edition's pages to everybody; what is missing for that is said.
func (s *Service) Publish(ctx context.Context, actor account.Actor, id ID) error {
	return s.enter(ctx, actor, id, Published, func(e Edition) error {
		var f errs.Fields
		if e.Place == "" {
			f.Add("place", "error.required")
		}
		if e.Contact == "" {
			f.Add("contact", "error.required")
		}
		return f.Err()
	})
}

// Unpublish takes the edition's pages back from the public.
func (s *Service) Unpublish(ctx context.Context, actor account.Actor, id ID) error {
	return s.enter(ctx, actor, id, Draft, func(Edition) error { return nil })
}

func (s *Service) enter(ctx context.Context, actor account.Actor, id ID, to State, ready func(Edition) error) error {
	return s.inTurn(ctx, id, func(tx *sqldb.Tx) error {
		if err := s.Require(ctx, tx, actor, id, Organiser); err != nil {
			return err
		}
		e, err := s.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := ready(e); err != nil {
			return err
		}
		before := e.State
		e.State = to
		if err := updateEdition(ctx, tx, e); err != nil {
			return fmt.Errorf("making edition %s %s: %w", e.Slug, to, err)
		}
		s.hub.Touch(tx, Topic(id))
		if err := s.told(ctx, tx, e); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, e, "edition.state", string(before), string(to))
	})
}

// SetClock changes how the edition's time runs: an organiser's rehearsal. An edition
// that is published and runs on the wall's time refuses: its people trust its clock.
func (s *Service) SetClock(ctx context.Context, actor account.Actor, id ID, set func(p clock.Pace, wall time.Time) clock.Pace) error {
	return s.inTurn(ctx, id, func(tx *sqldb.Tx) error {
		if err := s.Require(ctx, tx, actor, id, Organiser); err != nil {
			return err
		}
		e, err := s.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if !e.Pace.Rehearsal() && e.State == Published {
			return errs.New(errs.Conflict, "edition.clock_is_walls")
		}
		before := e.Now(tx.Now())
		e.Pace = set(e.Pace, tx.Now())
		if err := updateClock(ctx, tx, e); err != nil {
			return fmt.Errorf("setting the clock of %s: %w", e.Slug, err)
		}
		s.hub.Touch(tx, Topic(id))
		tx.AfterCommit(s.queue.Wake)
		return s.note(ctx, tx, actor, e, "edition.clock", before.Format(time.RFC3339), e.Now(tx.Now()).Format(time.RFC3339))
	})
}

// Grant gives a person a role; they get an account if they have none.
func (s *Service) Grant(ctx context.Context, actor account.Actor, id ID, email, name string, role Role) (account.Account, error) {
	who, _, err := s.GrantNew(ctx, actor, id, email, name, role)
	return who, err
}

// GrantNew is Grant, and says whether they did not have the role before.
func (s *Service) GrantNew(ctx context.Context, actor account.Actor, id ID, email, name string, role Role) (who account.Account, fresh bool, err error) {
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) (err error) {
		if err := s.Require(ctx, tx, actor, id, Organiser); err != nil {
			return err
		}
		e, err := s.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if who, err = s.accounts.EnsureTx(ctx, tx, email, name, e.Lang); err != nil {
			return errs.Fields{{Name: "email", Key: "account.email_wrong"}}
		}
		fresh, err = s.GrantTx(ctx, tx, actor, id, who.ID, role)
		return err
	})
	return who, fresh, err
}

// GrantTx gives an account a role in the caller's transaction, which has checked that
// the actor may, and says whether they did not have it before.
func (s *Service) GrantTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id ID, who account.ID, role Role) (fresh bool, err error) {
	fresh, err = insertRole(ctx, tx, id, who, role)
	if err != nil || !fresh {
		return false, err
	}
	s.hub.Touch(tx, Topic(id))
	return true, s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "edition.role_given",
		Subject: "account:" + string(who), After: string(role)})
}

// Revoke takes a role away. The last organiser stays.
func (s *Service) Revoke(ctx context.Context, actor account.Actor, id ID, who account.ID, role Role) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.Require(ctx, tx, actor, id, Organiser); err != nil {
			return err
		}
		return s.RevokeTx(ctx, tx, actor, id, who, role)
	})
}

// RevokeTx is Revoke in the caller's transaction, which has checked that the actor may.
func (s *Service) RevokeTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id ID, who account.ID, role Role) error {
	if role == Organiser { // two who take each other's role at once would both find the other one left
		if err := turns.Take(ctx, tx, turn(id)); err != nil {
			return err
		}
	}
	had, err := deleteRole(ctx, tx, id, who, role)
	if err != nil || !had {
		return err
	}
	if role == Organiser {
		n, err := countRole(ctx, tx, id, Organiser)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "edition.last_organiser")
		}
	}
	s.hub.Touch(tx, Topic(id))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "edition.role_taken",
		Subject: "account:" + string(who), Before: string(role)})
}

// Members lists who has the role, or every member for the role "".
func (s *Service) Members(ctx context.Context, q sqldb.Querier, id ID, role Role) ([]Member, error) {
	return listMembers(ctx, q, id, role)
}

// Visible lists the editions that the actor may see: the published ones and their own.
func (s *Service) Visible(ctx context.Context, actor account.Actor) ([]Edition, error) {
	all, err := listEditions(ctx, s.db)
	if err != nil {
		return nil, err
	}
	mine, err := editionsOf(ctx, s.db, actor.ID)
	if err != nil {
		return nil, err
	}
	own := map[ID]bool{}
	for _, id := range mine {
		own[id] = true
	}
	var visible []Edition
	for _, e := range all {
		if e.State == Published || own[e.ID] {
			visible = append(visible, e)
		}
	}
	return visible, nil
}

func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e Edition, action, before, after string) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(actor.ID), Action: action,
		Subject: "edition:" + string(e.ID), Before: before, After: after, EditionAt: e.Now(tx.Now())})
}

// describe is an edition in the words of the trail: what somebody may ask about later.
func describe(e Edition) string {
	parts := []string{e.Name, e.Place, fmt.Sprintf("seats %d, teams %d–%d, grace %s", e.Seats, e.TeamMin, e.TeamMax, e.Grace)}
	for _, m := range Moments {
		if at, set := e.At[m]; set {
			parts = append(parts, string(m)+" "+at.Format(time.RFC3339))
		}
	}
	return strings.Join(parts, "; ")
}
