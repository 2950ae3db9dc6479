package checkin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
	"h48/internal/registration"
)

// Badge is what somebody shows at the door.
type Badge struct {
	Someone
	// URL is what its QR code says: a page that tells crew who this is.
	URL string
}

// URL is the address that the QR code of a badge says: short, so that its squares are
// large.
func (s *Service) url(e edition.Edition, code string) string { return s.base + e.URL() + "/b/" + code }

// Badge returns the actor's own badge, and makes it on the first asking. It returns
// errs.Forbidden for who is nothing in the edition.
func (s *Service) Badge(ctx context.Context, actor account.Actor, id edition.ID) (Badge, error) {
	var b Badge
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.AllRoles...); err != nil {
			return err
		}
		e, err := s.editions.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		code, err := s.ensureBadge(ctx, tx, id, actor.ID)
		if err != nil {
			return err
		}
		if b.Someone, err = s.someone(ctx, tx, id, actor.ID); err != nil {
			return err
		}
		b.URL = s.url(e, code)
		return nil
	})
	return b, err
}

// Badges returns the badges of everybody who is expected, by name, for printing: crew's
// work. Those that are missing are made.
func (s *Service) Badges(ctx context.Context, actor account.Actor, id edition.ID) ([]Badge, error) {
	var all []Badge
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Crew); err != nil {
			return err
		}
		e, err := s.editions.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		people, err := s.everyone(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, p := range people {
			if !p.Expected() {
				continue
			}
			if p.Code == "" {
				if p.Code, err = s.ensureBadge(ctx, tx, id, p.Account); err != nil {
					return err
				}
			}
			all = append(all, Badge{Someone: p, URL: s.url(e, p.Code)})
		}
		return nil
	})
	return all, err
}

// ensureBadge returns the account's code in the edition, and makes one when there is
// none.
func (s *Service) ensureBadge(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID) (string, error) {
	for range 10 { // of 700 million codes, a taken one is a rare thing
		code, err := badgeCode(ctx, tx, id, who)
		if !errors.Is(err, sqldb.ErrNotFound) {
			return code, err
		}
		if _, err := insertBadge(ctx, tx, id, who, s.ids.Code(codeLength)); err != nil {
			return "", fmt.Errorf("making a badge: %w", err)
		}
	}
	return "", fmt.Errorf("no code is free for a badge of %s", id)
}

// Who returns the person of a badge's code: crew's work. The person themselves may ask
// too.
func (s *Service) Who(ctx context.Context, actor account.Actor, id edition.ID, code string) (Someone, error) {
	code, ok := ParseCode(code)
	if !ok {
		return Someone{}, ErrUnknown
	}
	who, err := accountByCode(ctx, s.db, id, code)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Someone{}, ErrUnknown
	}
	if err != nil {
		return Someone{}, err
	}
	if who != actor.ID {
		if err := s.editions.Require(ctx, s.db, actor, id, edition.Crew); err != nil {
			return Someone{}, err
		}
	}
	return s.someone(ctx, s.db, id, who)
}

// ByCode returns the person of a badge's code, for a room that has a reason to ask and
// tells nobody; ErrUnknown where no badge has it.
func (s *Service) ByCode(ctx context.Context, q sqldb.Querier, id edition.ID, code string) (Someone, error) {
	code, ok := ParseCode(code)
	if !ok {
		return Someone{}, ErrUnknown
	}
	who, err := accountByCode(ctx, q, id, code)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Someone{}, ErrUnknown
	}
	if err != nil {
		return Someone{}, err
	}
	return s.someone(ctx, q, id, who)
}

// Holder returns the account as the door knows it, for a room that has a reason to ask.
func (s *Service) Holder(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (Someone, error) {
	return s.someone(ctx, q, id, who)
}

// Everyone lists who is expected or has come, for a room that has checked who asks.
func (s *Service) Everyone(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Someone, error) {
	return s.everyone(ctx, q, id)
}

// People lists whose name or address holds the text, whatever case and accents, by name:
// crew's work. Who is refused or has only asked is there too, for they may come.
func (s *Service) People(ctx context.Context, actor account.Actor, id edition.ID, text string) ([]Someone, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Crew); err != nil {
		return nil, err
	}
	all, err := s.everyone(ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	if text = names.Fold(text); text == "" {
		return all, nil
	}
	return slices.DeleteFunc(all, func(p Someone) bool { return !registration.Matches(text, p.Name, "") }), nil
}

// Inside lists who is in the building now, by name: what firefighters are handed.
func (s *Service) Inside(ctx context.Context, actor account.Actor, id edition.ID) ([]Someone, error) {
	all, err := s.People(ctx, actor, id, "")
	return slices.DeleteFunc(all, func(p Someone) bool { return !p.Inside }), err
}

// everyone joins the edition's members, its registrations, their badges and where they
// are, by name.
func (s *Service) everyone(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Someone, error) {
	members, err := s.editions.Members(ctx, q, id, "")
	if err != nil {
		return nil, err
	}
	registered, err := s.registrations.All(ctx, q, id)
	if err != nil {
		return nil, err
	}
	people := map[account.ID]*Someone{}
	at := func(who account.ID, name string) *Someone {
		if people[who] == nil {
			people[who] = &Someone{Account: who, Name: name}
		}
		return people[who]
	}
	for _, m := range members {
		p := at(m.Account.ID, m.Account.Name)
		p.Roles = append(p.Roles, m.Role)
	}
	for _, r := range registered {
		p := at(r.Account, r.Name)
		p.Name, p.State, p.Photo = r.Name, r.State, r.Photo
	}
	if err := s.complete(ctx, q, id, people); err != nil {
		return nil, err
	}
	all := make([]Someone, 0, len(people))
	keys := make(map[account.ID]string, len(people))
	for who, p := range people {
		all, keys[who] = append(all, *p), names.Fold(p.Name)
	}
	slices.SortFunc(all, func(a, b Someone) int {
		return cmp.Or(cmp.Compare(keys[a.Account], keys[b.Account]), cmp.Compare(a.Account, b.Account))
	})
	return all, nil
}

// complete adds the badges and where the people are. Somebody inside who has left every
// list stays among those inside.
func (s *Service) complete(ctx context.Context, q sqldb.Querier, id edition.ID, people map[account.ID]*Someone) error {
	badges, err := listBadges(ctx, q, id)
	if err != nil {
		return err
	}
	for _, b := range badges {
		if p := people[b.account]; p != nil {
			p.Code, p.Mark = b.code, MarkOf(id, b.code)
		}
	}
	presences, err := listPresences(ctx, q, id)
	if err != nil {
		return err
	}
	var unlisted []account.ID
	for _, now := range presences {
		if now.Inside && people[now.account] == nil {
			unlisted = append(unlisted, now.account)
		}
	}
	found, err := s.accounts.Of(ctx, q, unlisted)
	if err != nil {
		return err
	}
	for _, now := range presences {
		p := people[now.account]
		if p == nil && now.Inside {
			p = &Someone{Account: now.account, Name: found[now.account].Name}
			people[now.account] = p
		}
		if p != nil {
			p.First, p.Since, p.Inside = now.First, now.Since, now.Inside
		}
	}
	return nil
}

// stranger says whether they have nothing to do with the edition.
func (p Someone) stranger() bool { return len(p.Roles) == 0 && p.State == "" && p.First.IsZero() }

// someone is one person as the door sees them.
func (s *Service) someone(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (Someone, error) {
	a, err := s.accounts.Get(ctx, q, who)
	if err != nil {
		return Someone{}, err
	}
	p := Someone{Account: who, Name: a.Name}
	if p.Roles, err = s.editions.Roles(ctx, q, id, who); err != nil {
		return p, err
	}
	r, err := s.registrations.Of(ctx, q, id, who)
	if err == nil {
		p.Name, p.State, p.Photo = r.Name, r.State, r.Photo
	} else if !errors.Is(err, sqldb.ErrNotFound) {
		return p, err
	}
	if p.Code, err = badgeCode(ctx, q, id, who); err == nil {
		p.Mark = MarkOf(id, p.Code)
	} else if !errors.Is(err, sqldb.ErrNotFound) {
		return p, err
	}
	passes, err := passesOf(ctx, q, id, who)
	now := Replay(passes)
	p.First, p.Since, p.Inside = now.First, now.Since, now.Inside
	return p, err
}

// Recent lists the newest passes, at most limit, with their people: crew's work.
func (s *Service) Recent(ctx context.Context, actor account.Actor, id edition.ID, limit int) ([]Outcome, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Crew); err != nil {
		return nil, err
	}
	passes, err := recentPasses(ctx, s.db, id, limit)
	if err != nil {
		return nil, err
	}
	all := make([]Outcome, len(passes))
	for i, p := range passes {
		all[i] = Outcome{Result: p.Result, At: p.At, Pass: p.ID}
		if all[i].Person, err = s.someone(ctx, s.db, id, p.Account); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Clash is a person whom two doors let in without knowing of each other.
type Clash struct {
	Person  Someone
	Doubles []Double
	// By names who stood at the doors.
	By map[account.ID]string
}

// Clashes lists what nobody has looked at yet: crew's work.
func (s *Service) Clashes(ctx context.Context, actor account.Actor, id edition.ID) ([]Clash, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Crew); err != nil {
		return nil, err
	}
	who, err := doubledAccounts(ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	var all []Clash
	for _, a := range who {
		c := Clash{By: map[account.ID]string{}}
		if c.Person, err = s.someone(ctx, s.db, id, a); err != nil {
			return nil, err
		}
		passes, err := passesOf(ctx, s.db, id, a)
		if err != nil {
			return nil, err
		}
		c.Doubles = Replay(passes).Doubles
		for _, p := range passes {
			by, err := s.accounts.Get(ctx, s.db, p.By)
			if err != nil {
				return nil, err
			}
			c.By[p.By] = by.Name
		}
		all = append(all, c)
	}
	return all, nil
}

// Summary counts the door.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, id edition.ID) (Summary, error) {
	var sum Summary
	members, err := s.editions.Members(ctx, q, id, "")
	if err != nil {
		return sum, err
	}
	expected := map[account.ID]bool{}
	for _, m := range members {
		expected[m.Account.ID] = true
	}
	sum.Expected = len(expected)
	if sum.Arrived, sum.Inside, err = countPresences(ctx, q, id); err != nil {
		return sum, err
	}
	if sum.Max, err = buildingMax(ctx, q, id); err != nil {
		return sum, err
	}
	sum.Doubles, err = countDoubles(ctx, q, id)
	return sum, err
}

// Came says who has checked in at least once.
func (s *Service) Came(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]bool, error) {
	presences, err := listPresences(ctx, q, id)
	came := make(map[account.ID]bool, len(presences))
	for _, p := range presences {
		if !p.First.IsZero() {
			came[p.account] = true
		}
	}
	return came, err
}
