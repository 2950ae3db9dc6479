package mentoring

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// Contacts is the contact log, the newest first, for organisers.
func (s *Service) Contacts(ctx context.Context, actor account.Actor, id edition.ID) ([]Contact, error) {
	if err := s.editions.Require(ctx, s.db, actor, id); err != nil {
		return nil, err
	}
	teams, err := s.teams.All(ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	contacts, err := listContacts(ctx, s.db, id)
	for i := range contacts {
		contacts[i].Team = named(teams, contacts[i].Team.ID)
	}
	return contacts, err
}

// unmet lists the teams that have met no mentor.
func (s *Service) unmet(ctx context.Context, q sqldb.Querier, id edition.ID, teams []TeamRef) ([]TeamRef, error) {
	helped, err := s.Helped(ctx, q, id)
	if err != nil {
		return nil, err
	}
	met := map[string]bool{}
	for _, h := range helped {
		met[h.Team] = true
	}
	return slices.DeleteFunc(slices.Clone(teams), func(t TeamRef) bool { return met[t.ID] }), nil
}

// Helped lists which mentor has met which team, each pair once: who may not judge whom.
func (s *Service) Helped(ctx context.Context, q sqldb.Querier, id edition.ID) ([]struct {
	Mentor account.ID
	Team   string
}, error) {
	contacts, err := listContacts(ctx, q, id)
	if err != nil {
		return nil, err
	}
	type pair = struct {
		Mentor account.ID
		Team   string
	}
	var pairs []pair
	seen := map[pair]bool{}
	for _, c := range contacts {
		p := pair{c.Mentor.ID, c.Team.ID}
		if c.Ending.Counts() && !seen[p] {
			seen[p] = true
			pairs = append(pairs, p)
		}
	}
	return pairs, nil
}

// HelpedBy lists the teams that one mentor has met, each once.
func (s *Service) HelpedBy(ctx context.Context, q sqldb.Querier, id edition.ID, mentor account.ID) ([]string, error) {
	met, err := listMet(ctx, q, id, mentor)
	if err != nil {
		return nil, err
	}
	var teams []string
	for _, c := range met {
		if c.Ending.Counts() && !slices.Contains(teams, c.Team.ID) {
			teams = append(teams, c.Team.ID)
		}
	}
	return teams, nil
}

// Effort is what a mentor gave: how many contacts, with how many teams, for how long.
type Effort struct {
	Mentor          Person
	Contacts, Teams int
	Time            time.Duration
}

// Efforts sums each mentor's contacts that have ended, by name: for their attestation.
func (s *Service) Efforts(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Effort, error) {
	contacts, err := listContacts(ctx, q, id)
	if err != nil {
		return nil, err
	}
	sums := map[account.ID]*Effort{}
	teams := map[account.ID]map[string]bool{}
	for _, c := range contacts {
		if !c.Ending.Counts() || c.Ending == Helping {
			continue
		}
		if sums[c.Mentor.ID] == nil {
			sums[c.Mentor.ID], teams[c.Mentor.ID] = &Effort{Mentor: c.Mentor}, map[string]bool{}
		}
		sum := sums[c.Mentor.ID]
		sum.Contacts++
		sum.Time += time.Duration(c.Minutes) * time.Minute
		teams[c.Mentor.ID][c.Team.ID] = true
		sum.Teams = len(teams[c.Mentor.ID])
	}
	var all []Effort
	for _, sum := range sums {
		all = append(all, *sum)
	}
	slices.SortFunc(all, func(a, b Effort) int {
		return cmp.Or(strings.Compare(a.Mentor.Name, b.Mentor.Name), strings.Compare(string(a.Mentor.ID), string(b.Mentor.ID)))
	})
	return all, nil
}
