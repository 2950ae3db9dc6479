package forming

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/registration"
	"h48/internal/team"
	"h48/internal/ui"
)

// Skills tells what an edition asks people whether they know.
type Skills interface {
	Skills(ctx context.Context, q sqldb.Querier, id edition.ID) ([]registration.Skill, error)
}

// Neighbours are the rooms that this one asks.
type Neighbours struct {
	Roster team.Roster
	Skills Skills
	// Give has a team work on the challenge that a published proposal gives it.
	Give func(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, t team.ID, challenge string, now time.Time) error
	// Challenges lists the challenges that teams may choose.
	Challenges func(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Challenge, error)
	// Came says who has checked in; nil before anybody has.
	Came func(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]bool, error)
}

// Service is what can be done to form teams.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	teams    *team.Service
	near     Neighbours
	hub      *live.Hub
	queue    *jobs.Queue
	trail    *trail.Trail
}

// NewService returns the service. From then on wishes are forgotten at the end of their
// edition wherever an organiser moves it.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, teams *team.Service, near Neighbours, hub *live.Hub,
	queue *jobs.Queue, t *trail.Trail) *Service {
	s := &Service{db: db, ids: source, editions: editions, teams: teams, near: near, hub: hub, queue: queue, trail: t}
	editions.Whenever(s.orderForgetting)
	return s
}

// Topic is what pages about an edition's proposals listen to.
func Topic(id edition.ID) string { return "forming:" + string(id) }

func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, now time.Time, action string, p ID, before, after string) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action,
		Subject: "proposal:" + string(p), Before: before, After: after, EditionAt: now})
}

// Proposals lists the proposals that are not dropped, the newest first.
func (s *Service) Proposals(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Proposal, error) {
	return listProposals(ctx, q, id)
}

// PriceMove says what moving a person would cost, in a proposal or, for Now, in the teams
// as they are, and where they would cost least.
func (s *Service) PriceMove(ctx context.Context, actor account.Actor, id edition.ID, p ID, who account.ID, to Key, l ui.Locale) (Price, []Offer, error) {
	v, err := s.outline(ctx, actor, id, p)
	if err != nil {
		return Price{}, nil, err
	}
	price, err := v.sit.priceMove(v.Content, who, to, v.title(l))
	if err != nil {
		return price, nil, err
	}
	return price, v.sit.offers(v.Content, who), nil
}

// change is a change of a proposal by hand.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, p ID, action string, do func(p *Proposal) (before, after string, err error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		prop, err := getProposal(ctx, tx, id, p)
		if err != nil {
			return err
		}
		if prop.State != Open {
			return ErrOutdated
		}
		before, after, err := do(&prop)
		if err != nil {
			return err
		}
		ok, err := updateContent(ctx, tx, prop)
		if err != nil {
			return fmt.Errorf("changing the proposal %s: %w", p, err)
		}
		if !ok {
			return ErrMoved
		}
		s.hub.Touch(tx, Topic(id))
		return s.note(ctx, tx, actor, id, now, action, p, before, after)
	})
}

// Move puts a person into another group of a proposal, into a new one, or into none. It
// may break a rule: the page says so, and publishing asks again.
func (s *Service) Move(ctx context.Context, actor account.Actor, id edition.ID, p ID, who account.ID, to Key) error {
	people, err := s.near.Roster.Confirmed(ctx, s.db, id)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, id, p, "forming.moved", func(prop *Proposal) (string, string, error) {
		from := prop.At(who)
		if from == "" && !slices.ContainsFunc(people, func(one team.Person) bool { return one.ID == who }) {
			return "", "", ErrNobody
		}
		if to != "" && to != NewGroup && !slices.ContainsFunc(prop.Groups, func(g Group) bool { return g.Key == to }) {
			return "", "", ErrOutdated
		}
		if prop.Holds(who) || prop.holds(to) {
			return "", "", ErrLocked
		}
		to, moved := prop.put(who, to)
		if moved {
			prop.Steps = append(prop.Steps, Step{Who: who, From: from})
		}
		return string(from), string(who) + " → " + string(to), nil
	})
}

// holds says whether nobody may come into the group.
func (c Content) holds(to Key) bool {
	return slices.ContainsFunc(c.Groups, func(g Group) bool { return g.Key == to && (g.Locked || g.Kept) })
}

// Undo takes the last move by hand back.
func (s *Service) Undo(ctx context.Context, actor account.Actor, id edition.ID, p ID) error {
	return s.change(ctx, actor, id, p, "forming.undone", func(prop *Proposal) (string, string, error) {
		n := len(prop.Steps)
		if n == 0 {
			return "", "", ErrMoved
		}
		last := prop.Steps[n-1]
		prop.Steps = prop.Steps[:n-1]
		if last.From != "" && !slices.ContainsFunc(prop.Groups, func(g Group) bool { return g.Key == last.From }) {
			prop.Groups = append(prop.Groups, Group{Key: last.From})
		}
		prop.put(last.Who, last.From)
		return "", string(last.Who), nil
	})
}

// Lock keeps a person in their group, or lets go of them, whatever is formed again.
func (s *Service) Lock(ctx context.Context, actor account.Actor, id edition.ID, p ID, who account.ID, locked bool) error {
	return s.change(ctx, actor, id, p, "forming.locked", func(prop *Proposal) (string, string, error) {
		if prop.At(who) == "" {
			return "", "", ErrNobody
		}
		prop.Locked = slices.DeleteFunc(prop.Locked, func(p account.ID) bool { return p == who })
		if locked {
			prop.Locked = append(prop.Locked, who)
		}
		return "", fmt.Sprint(who, " ", locked), nil
	})
}

// LockGroup keeps a whole group as it is, or lets go of it.
func (s *Service) LockGroup(ctx context.Context, actor account.Actor, id edition.ID, p ID, key Key, locked bool) error {
	return s.change(ctx, actor, id, p, "forming.locked", func(prop *Proposal) (string, string, error) {
		i := slices.IndexFunc(prop.Groups, func(g Group) bool { return g.Key == key && len(g.People) > 0 })
		if i < 0 {
			return "", "", sqldb.ErrNotFound
		}
		prop.Groups[i].Locked = locked
		return "", fmt.Sprint(key, " ", locked), nil
	})
}

// Drop throws a proposal away.
func (s *Service) Drop(ctx context.Context, actor account.Actor, id edition.ID, p ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		ok, err := moveProposal(ctx, tx, id, p, Dropped)
		if err != nil {
			return err
		}
		if !ok {
			return ErrOutdated
		}
		s.hub.Touch(tx, Topic(id))
		return s.note(ctx, tx, actor, id, now, "forming.dropped", p, "", "")
	})
}

// Publish makes a proposal true and writes to everybody whose team it changes. A proposal
// for teams that changed since is ErrOutdated; one that breaks a rule is refused unless
// the organiser wants it anyway.
func (s *Service) Publish(ctx context.Context, actor account.Actor, id edition.ID, p ID, anyway bool) error {
	v, err := s.outline(ctx, actor, id, p)
	if err != nil {
		return err
	}
	if faults, _ := v.sit.faults(v.Content, func(k Key) string { return string(k) }); len(faults) > 0 && !anyway {
		return errs.New(errs.Conflict, "forming.faulty", "n", len(faults))
	}
	here := map[account.ID]bool{}
	for _, one := range v.sit.People {
		here[one.ID] = true
	}
	var seats []team.Seats
	for _, g := range v.Groups {
		people := g.People
		if !g.Kept {
			people = slices.DeleteFunc(slices.Clone(people), func(who account.ID) bool { return !here[who] })
		}
		seats = append(seats, team.Seats{Team: g.Team, People: people, Subject: v.challenge(g.Challenge)})
	}
	return s.teams.Arrange(ctx, actor, id, v.Board, seats, func(tx *sqldb.Tx, now time.Time, made []team.ID) error {
		ok, err := moveProposal(ctx, tx, id, p, Published)
		if err != nil {
			return err
		}
		if !ok {
			return ErrOutdated
		}
		for i, g := range v.Groups {
			if made[i] == "" || g.Challenge == "" || g.Kept {
				continue
			}
			if err := s.near.Give(ctx, tx, actor, id, made[i], g.Challenge, now); err != nil {
				return fmt.Errorf("giving %s its challenge: %w", made[i], err)
			}
		}
		s.hub.Touch(tx, Topic(id))
		return s.note(ctx, tx, actor, id, now, "forming.published", p, "", fmt.Sprint(len(seats)))
	})
}

// SetRules says what teams should be like.
func (s *Service) SetRules(ctx context.Context, actor account.Actor, id edition.ID, r Rules) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if r, err = r.tidy(len(halfDays(e))); err != nil {
			return err
		}
		if err := setRules(ctx, tx, id, r, now); err != nil {
			return fmt.Errorf("writing the rules: %w", err)
		}
		s.hub.Touch(tx, Topic(id))
		return s.note(ctx, tx, actor, id, now, "forming.rules", "rules", "", "")
	})
}

// RulesOf returns what the organiser wants of the teams.
func (s *Service) RulesOf(ctx context.Context, q sqldb.Querier, id edition.ID) (Rules, error) {
	return getRules(ctx, q, id)
}

// missing makes "there is none" no error.
func missing(err error) error {
	if errors.Is(err, sqldb.ErrNotFound) || errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}
