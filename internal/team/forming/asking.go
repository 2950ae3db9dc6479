package forming

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
)

// Mine is what a person may wish for, and what they did.
type Mine struct {
	Wishes
	Rules      Rules
	Challenges []Challenge
	HalfDays   []HalfDay
	// Known are the typed names that are somebody's who comes.
	Known map[string]bool
	// Mates are the first names of those of the same group, without one's own.
	Mates []string
	// Frozen are teams that are settled: a wish changes nothing any more.
	Frozen bool
}

// Mine returns the actor's wishes; a matter of participants.
func (s *Service) Mine(ctx context.Context, actor account.Actor, id edition.ID) (Mine, error) {
	var m Mine
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Participant); err != nil {
		return m, err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return m, err
	}
	m.HalfDays = halfDays(e)
	if m.Wishes, err = getWishes(ctx, s.db, id, actor.ID); err != nil {
		return m, err
	}
	if m.Rules, err = getRules(ctx, s.db, id); err != nil {
		return m, err
	}
	if m.Challenges, err = s.near.Challenges(ctx, s.db, id); err != nil {
		return m, err
	}
	board, err := s.teams.Board(ctx, s.db, id)
	if err != nil {
		return m, err
	}
	m.Frozen = !board.Frozen.IsZero()
	return m, s.recognise(ctx, &m, actor, id)
}

// recognise finds out which of the typed names come, and who shares the group.
func (s *Service) recognise(ctx context.Context, m *Mine, actor account.Actor, id edition.ID) error {
	people, err := s.near.Roster.Confirmed(ctx, s.db, id)
	if err != nil {
		return err
	}
	called, count := map[account.ID]string{}, map[string]int{}
	for _, p := range people {
		called[p.ID] = p.Name
		count[names.Fold(p.Name)]++
	}
	m.Known = map[string]bool{}
	for _, name := range m.With {
		m.Known[name] = count[names.Fold(name)] == 1
	}
	for _, n := range m.Not {
		m.Known[n.Name] = count[names.Fold(n.Name)] == 1
	}
	if m.Group == "" {
		return nil
	}
	mates, err := listGroup(ctx, s.db, id, m.Group)
	for _, who := range mates {
		if who != actor.ID && called[who] != "" {
			first, _, _ := strings.Cut(called[who], " ")
			m.Mates = append(m.Mates, first)
		}
	}
	return err
}

// Say keeps the actor's wishes; the group is changed by Gather, JoinGroup and LeaveGroup
// alone. What somebody wishes is not in the trail.
func (s *Service) Say(ctx context.Context, actor account.Actor, id edition.ID, w Wishes) error {
	return s.wish(ctx, actor, id, func(tx *sqldb.Tx, e edition.Edition, before Wishes) (Wishes, error) {
		rules, err := getRules(ctx, tx, id)
		if err != nil {
			return w, err
		}
		challenges, err := s.near.Challenges(ctx, tx, id)
		if err != nil {
			return w, err
		}
		w, err = w.tidy(rules, challenges, len(halfDays(e)))
		w.Group = before.Group
		return w, err
	})
}

// wish changes the actor's wishes while teams are not settled.
func (s *Service) wish(ctx context.Context, actor account.Actor, id edition.ID, do func(tx *sqldb.Tx, e edition.Edition, before Wishes) (Wishes, error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Participant); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		board, err := s.teams.Board(ctx, tx, id)
		if err != nil {
			return err
		}
		if !board.Frozen.IsZero() {
			return team.ErrFrozen
		}
		before, err := getWishes(ctx, tx, id, actor.ID)
		if err != nil {
			return err
		}
		after, err := do(tx, e, before)
		if err != nil {
			return err
		}
		if err := setWishes(ctx, tx, id, actor.ID, after, now); err != nil {
			return fmt.Errorf("keeping wishes: %w", err)
		}
		return s.orderForgetting(ctx, tx, e)
	})
}

// codeLength is how many signs a group's code has.
const codeLength = 6

// Gather begins a group of people who want to stay together, and returns the code that
// the others join by.
func (s *Service) Gather(ctx context.Context, actor account.Actor, id edition.ID) (code string, err error) {
	err = s.wish(ctx, actor, id, func(tx *sqldb.Tx, _ edition.Edition, before Wishes) (Wishes, error) {
		for taken := true; taken; {
			code = s.ids.Code(codeLength)
			people, err := listGroup(ctx, tx, id, code)
			if err != nil {
				return before, err
			}
			taken = len(people) > 0
		}
		before.Group = code
		return before, nil
	})
	return code, err
}

// JoinGroup puts the actor among those who share the code, as far as one team holds them.
func (s *Service) JoinGroup(ctx context.Context, actor account.Actor, id edition.ID, code string) error {
	code = team.ParseCode(code)
	return s.wish(ctx, actor, id, func(tx *sqldb.Tx, _ edition.Edition, before Wishes) (Wishes, error) {
		people, err := listGroup(ctx, tx, id, code)
		if err != nil {
			return before, err
		}
		if code == "" || len(people) == 0 {
			return before, errs.Fields{{Name: "code", Key: "forming.group.unknown"}}
		}
		board, err := s.teams.Board(ctx, tx, id)
		if err != nil {
			return before, err
		}
		if before.Group != code && len(people) >= board.Limits.Max {
			return before, errs.Fields{{Name: "code", Key: "forming.group.full", Args: []any{"max", board.Limits.Max}}}
		}
		before.Group = code
		return before, nil
	})
}

// LeaveGroup takes the actor out of their group.
func (s *Service) LeaveGroup(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.wish(ctx, actor, id, func(_ *sqldb.Tx, _ edition.Edition, before Wishes) (Wishes, error) {
		before.Group = ""
		return before, nil
	})
}

// Forget leaves nothing of what the person wished.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return deleteWishesOf(ctx, tx, who)
}

// over is when the event has no more use for wishes.
func over(e edition.Edition) time.Time {
	if at := e.At[edition.Ends]; !at.IsZero() {
		return at
	}
	return e.At[edition.Starts].AddDate(0, 0, 7)
}

// orderForgetting has the wishes deleted when the event is over.
func (s *Service) orderForgetting(ctx context.Context, tx *sqldb.Tx, e edition.Edition) error {
	_, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: jobForget, Edition: string(e.ID), Args: e.ID, At: over(e), OnEditionTime: true,
		OnlyOne: jobForget + " " + string(e.ID)})
	return err
}

// forget is the job that deletes the wishes of an event that is over; where its dates
// were moved meanwhile, it comes back then.
func (s *Service) forget(ctx context.Context, run *jobs.Run) error {
	var id edition.ID
	if err := run.Args(&id); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if now.Before(over(e)) {
			return s.orderForgetting(ctx, tx, e)
		}
		n, err := deleteWishes(ctx, tx, id)
		if err != nil || n == 0 {
			return err
		}
		return s.note(ctx, tx, account.Program, id, now, "forming.forgotten", "wishes", "", fmt.Sprint(n))
	})
}

// Asked counts what people have said, for the organiser.
type Asked struct {
	People, Said int
	Groups       int
	// Unknown are wishes whose name is nobody's, or several people's: who, and what they
	// typed. Of the confidential ones only the number is told.
	Unknown             []UnknownName
	UnknownConfidential int
}

// UnknownName is a wish for somebody who is not found.
type UnknownName struct{ Who, Typed string }

// asked counts the wishes of those who come, those said with the registration among them.
func (s *Situation) asked() Asked {
	a := Asked{People: len(s.People)}
	groups := map[string]int{}
	for _, p := range s.People {
		w := s.Wishes[p.ID]
		if w.said() || len(p.Wishes)+len(p.Avoids) > 0 || p.Group != "" {
			a.Said++
		}
		if group := cmp.Or(w.Group, p.Group); group != "" {
			groups[group]++
		}
		for _, name := range w.With {
			if _, known := s.find(name); !known {
				a.Unknown = append(a.Unknown, UnknownName{p.Name, name})
			}
		}
		for _, n := range w.Not {
			if _, known := s.find(n.Name); !known {
				a.UnknownConfidential++
			}
		}
	}
	for _, n := range groups {
		if n > 1 {
			a.Groups++
		}
	}
	return a
}
