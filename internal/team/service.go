package team

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/once"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Service is what can be done with teams.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	roster   Roster
	hub      *live.Hub
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; roster says who takes part, and base is the
// installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, roster Roster, hub *live.Hub,
	p *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, roster: roster, hub: hub,
		post: p, trail: t, words: words, base: base}
}

// Topic is what pages about the edition's teams listen to.
func Topic(id edition.ID) string { return "team:" + string(id) }

// codeLength is how many signs a code has: 30 to the power of 6 codes for at most some
// thousand teams, and only participants may try one.
const codeLength = 6

// change is one use case that alters the teams of an edition, in its transaction.
type change struct {
	tx      *sqldb.Tx
	actor   account.Actor
	edition edition.Edition
	board   Board
	now     time.Time // the edition's
}

// alter runs do in a transaction that holds the board of the edition, so that no two
// changes of its teams happen at once.
func (s *Service) alter(ctx context.Context, actor account.Actor, id edition.ID, allow func(tx *sqldb.Tx) error, do func(c change) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := allow(tx); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		board, err := lockBoard(ctx, tx, e)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return do(change{tx: tx, actor: actor, edition: e, board: board, now: now})
	})
}

// note writes the change's trace.
func (s *Service) note(ctx context.Context, c change, action, subject, before, after string) error {
	return s.trail.Write(ctx, c.tx, trail.Entry{Edition: string(c.edition.ID), Actor: string(c.actor.ID), Action: action,
		Subject: subject, Before: before, After: after, EditionAt: c.now})
}

// participant admits those who can be in a team: participants who neither judge nor help.
func (s *Service) participant(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) error {
	if who == "" {
		return errs.New(errs.Unauthenticated, "error.sign_in")
	}
	roles, err := s.editions.Roles(ctx, q, id, who)
	if err != nil {
		return fmt.Errorf("reading the roles of %s: %w", who, err)
	}
	if !roles.Has(edition.Participant) || roles.Has(edition.Mentor, edition.Juror) {
		return ErrNotPerson
	}
	return nil
}

func (s *Service) asParticipant(ctx context.Context, actor account.Actor, id edition.ID) func(tx *sqldb.Tx) error {
	return func(tx *sqldb.Tx) error { return s.participant(ctx, tx, id, actor.ID) }
}

func (s *Service) asOrganiser(ctx context.Context, actor account.Actor, id edition.ID) func(tx *sqldb.Tx) error {
	return func(tx *sqldb.Tx) error { return s.editions.Require(ctx, tx, actor, id, edition.Organiser) }
}

// Found makes a team with the actor as its first member.
func (s *Service) Found(ctx context.Context, actor account.Actor, id edition.ID, d Details, a once.Action) (Team, error) {
	var t Team
	d, err := d.clean()
	if err != nil {
		return t, err
	}
	err = s.alter(ctx, actor, id, s.asParticipant(ctx, actor, id), func(c change) error {
		first, err := once.First(ctx, c.tx, a)
		if err != nil {
			return err
		}
		if !first {
			t, err = s.OfAccount(ctx, c.tx, id, actor.ID)
			return err
		}
		if !c.board.Frozen.IsZero() {
			return ErrFrozen
		}
		if _, err := teamIDOf(ctx, c.tx, id, actor.ID); !errors.Is(err, sqldb.ErrNotFound) {
			return orElse(err, ErrInOther)
		}
		if t, err = s.make(ctx, c, d); err != nil {
			return err
		}
		if err := seat(ctx, c.tx, id, actor.ID, t.ID, false, c.now); err != nil {
			return fmt.Errorf("seating the founder of %s: %w", t.ID, err)
		}
		if t, err = getTeam(ctx, c.tx, "id = $1", t.ID); err != nil {
			return err
		}
		return s.note(ctx, c, "team.founded", subject(t.ID), "", t.Name)
	})
	return t, err
}

// orElse is the error, or the other one where there is none.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func subject(id ID) string { return "team:" + string(id) }

func person(who account.ID) string { return "account:" + string(who) }

// make adds an empty team with a name and a code that are free.
func (s *Service) make(ctx context.Context, c change, d Details) (Team, error) {
	taken, err := nameTaken(ctx, c.tx, c.edition.ID, d.Name, "")
	if err != nil {
		return Team{}, err
	}
	if taken {
		return Team{}, errs.Fields{{Name: "name", Key: "team.name_taken"}}
	}
	t := Team{ID: ID(s.ids.ID()), Edition: c.edition.ID, Name: d.Name, LookingFor: d.LookingFor, State: Forming, Created: c.now}
	for {
		t.Code = s.ids.Code(codeLength)
		taken, err := codeTaken(ctx, c.tx, c.edition.ID, t.Code)
		if err != nil {
			return t, err
		}
		if !taken {
			break
		}
	}
	if err := insertTeam(ctx, c.tx, t); err != nil {
		return t, fmt.Errorf("making the team %q: %w", t.Name, err)
	}
	return t, nil
}

// Join puts the actor into the team of the code. Joining one's own team again changes
// nothing.
func (s *Service) Join(ctx context.Context, actor account.Actor, id edition.ID, code string) (Team, error) {
	var t Team
	err := s.alter(ctx, actor, id, s.asParticipant(ctx, actor, id), func(c change) (err error) {
		if t, err = s.ByCode(ctx, c.tx, id, code); err != nil {
			return err
		}
		if t.Has(actor.ID) {
			return nil
		}
		if err := joinable(ctx, c, t); err != nil {
			return err
		}
		if err := seat(ctx, c.tx, id, actor.ID, t.ID, false, c.now); err != nil {
			return fmt.Errorf("joining %s: %w", t.ID, err)
		}
		if err := deleteApart(ctx, c.tx, id, actor.ID); err != nil {
			return err
		}
		if t, err = getTeam(ctx, c.tx, "id = $1", t.ID); err != nil {
			return err
		}
		return s.note(ctx, c, "team.joined", subject(t.ID), "", person(actor.ID))
	})
	return t, err
}

// joinable refuses the actor a team that takes nobody, or not them.
func joinable(ctx context.Context, c change, t Team) error {
	switch {
	case !c.board.Frozen.IsZero():
		return ErrFrozen
	case t.State != Forming:
		return ErrClosed
	case len(t.Members) >= c.board.Limits.Max:
		return errs.New(ErrFull.Kind, ErrFull.Key, "max", c.board.Limits.Max)
	}
	if _, err := teamIDOf(ctx, c.tx, t.Edition, c.actor.ID); !errors.Is(err, sqldb.ErrNotFound) {
		return orElse(err, ErrInOther)
	}
	return nil
}

// Leave takes the actor out of their team; the last to leave dissolves it.
func (s *Service) Leave(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.alter(ctx, actor, id, s.asParticipant(ctx, actor, id), func(c change) error {
		t, err := s.OfAccount(ctx, c.tx, id, actor.ID)
		if err != nil {
			return err
		}
		if !c.board.Frozen.IsZero() {
			return ErrFrozen
		}
		return s.takeOut(ctx, c, t, actor.ID, "team.left")
	})
}

// takeOut ends a membership, and the team with its last member.
func (s *Service) takeOut(ctx context.Context, c change, t Team, who account.ID, action string) error {
	if err := unseat(ctx, c.tx, c.edition.ID, who); err != nil {
		return fmt.Errorf("taking %s out of %s: %w", who, t.ID, err)
	}
	if err := s.note(ctx, c, action, subject(t.ID), person(who), ""); err != nil {
		return err
	}
	if len(t.Members) > 1 {
		return nil
	}
	return s.dissolve(ctx, c, t)
}

func (s *Service) dissolve(ctx context.Context, c change, t Team) error {
	t.State = Dissolved
	if err := updateTeam(ctx, c.tx, t); err != nil {
		return fmt.Errorf("dissolving %s: %w", t.ID, err)
	}
	return s.note(ctx, c, "team.dissolved", subject(t.ID), t.Name, "")
}

// Describe changes what a team says of itself: a matter of its members and organisers.
func (s *Service) Describe(ctx context.Context, actor account.Actor, id edition.ID, team ID, d Details) (Team, error) {
	var t Team
	d, err := d.clean()
	if err != nil {
		return t, err
	}
	err = s.alterOne(ctx, actor, id, team, func(c change, before Team) error {
		if taken, err := nameTaken(ctx, c.tx, id, d.Name, team); err != nil {
			return err
		} else if taken {
			return errs.Fields{{Name: "name", Key: "team.name_taken"}}
		}
		t = before
		t.Name, t.LookingFor = d.Name, d.LookingFor
		if err := updateTeam(ctx, c.tx, t); err != nil {
			return fmt.Errorf("renaming %s: %w", team, err)
		}
		return s.note(ctx, c, "team.described", subject(team), before.Name+"; "+before.LookingFor, t.Name+"; "+t.LookingFor)
	})
	return t, err
}

// Close says that a team takes nobody more; it must be as large as the rule wants.
func (s *Service) Close(ctx context.Context, actor account.Actor, id edition.ID, team ID) error {
	return s.alterOne(ctx, actor, id, team, func(c change, t Team) error {
		if c.board.Limits.Of(len(t.Members)) != Fits && t.Exception == "" {
			return errs.New(errs.Conflict, "team.not_complete", "min", c.board.Limits.Min, "max", c.board.Limits.Max)
		}
		return s.enter(ctx, c, t, Complete)
	})
}

// Reopen lets people join again.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id edition.ID, team ID) error {
	return s.alterOne(ctx, actor, id, team, func(c change, t Team) error {
		if !c.board.Frozen.IsZero() {
			return ErrFrozen
		}
		return s.enter(ctx, c, t, Forming)
	})
}

func (s *Service) enter(ctx context.Context, c change, t Team, to State) error {
	before := t.State
	t.State = to
	if err := updateTeam(ctx, c.tx, t); err != nil {
		return fmt.Errorf("making %s %s: %w", t.ID, to, err)
	}
	return s.note(ctx, c, "team.state", subject(t.ID), string(before), string(to))
}

// alterOne is alter for a change of one team by its members or an organiser.
func (s *Service) alterOne(ctx context.Context, actor account.Actor, id edition.ID, team ID, do func(c change, t Team) error) error {
	anybody := func(tx *sqldb.Tx) error {
		return s.editions.Require(ctx, tx, actor, id, edition.Participant)
	}
	return s.alter(ctx, actor, id, anybody, func(c change) error {
		t, err := s.living(ctx, c.tx, id, team)
		if err != nil {
			return err
		}
		if !t.Has(actor.ID) {
			if err := s.editions.Require(ctx, c.tx, actor, id, edition.Organiser); err != nil {
				return err
			}
		}
		return do(c, t)
	})
}

// living returns a team of the edition that is not dissolved.
func (s *Service) living(ctx context.Context, q sqldb.Querier, id edition.ID, team ID) (Team, error) {
	return getTeam(ctx, q, "edition_id = $1 AND id = $2 AND state <> 'dissolved'", id, team)
}

// List returns the teams of the edition with their members, the oldest first.
func (s *Service) List(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Team, error) {
	return listTeams(ctx, q, id)
}

// Get returns a team of the edition, a dissolved one too.
func (s *Service) Get(ctx context.Context, q sqldb.Querier, id edition.ID, team ID) (Team, error) {
	return getTeam(ctx, q, "edition_id = $1 AND id = $2", id, team)
}

// Names are what the teams of the edition are called, dissolved ones too.
func (s *Service) Names(ctx context.Context, q sqldb.Querier, id edition.ID) (map[ID]string, error) {
	return listNames(ctx, q, id)
}

// ByID returns a team of whatever edition, a dissolved one too.
func (s *Service) ByID(ctx context.Context, q sqldb.Querier, team ID) (Team, error) {
	return getTeam(ctx, q, "id = $1", team)
}

// OfAccount returns the team of a person, or ErrNone.
func (s *Service) OfAccount(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (Team, error) {
	team, err := teamIDOf(ctx, q, id, who)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Team{}, ErrNone
	}
	if err != nil {
		return Team{}, err
	}
	return getTeam(ctx, q, "id = $1", team)
}

// IDOfAccount is OfAccount for those who need no more than the team's id.
func (s *Service) IDOfAccount(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (ID, error) {
	team, err := teamIDOf(ctx, q, id, who)
	if errors.Is(err, sqldb.ErrNotFound) {
		return "", ErrNone
	}
	return team, err
}

// ByCode returns the team of a code as people type it, or ErrCode.
func (s *Service) ByCode(ctx context.Context, q sqldb.Querier, id edition.ID, code string) (Team, error) {
	t, err := getTeam(ctx, q, "edition_id = $1 AND code = $2 AND state <> 'dissolved'", id, ParseCode(code))
	if errors.Is(err, sqldb.ErrNotFound) {
		return t, ErrCode
	}
	return t, err
}

// Members returns the people of a team, in the order in which they came.
func (s *Service) Members(ctx context.Context, q sqldb.Querier, team ID) ([]Member, error) {
	return membersOf(ctx, q, team)
}

// InviteURL is the address that an invitation to the team leads to.
func (s *Service) InviteURL(e edition.Edition, t Team) string {
	return s.base + e.URL() + "/teams/join?code=" + url.QueryEscape(t.Code)
}
