package app

import (
	"context"
	"errors"
	"strings"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
	"h48/internal/registration"
)

// prizesToWin tells the jury what can be won. The award room is made after the jury's,
// whose ranking it asks for, so it is looked up when it is asked.
type prizesToWin struct{ award func() *award.Service }

// ToWin implements jury.Prizes.
func (p prizesToWin) ToWin(ctx context.Context, q sqldb.Querier, id edition.ID) ([]jury.PrizeRef, error) {
	all, err := p.award().Prizes(ctx, q, id)
	var refs []jury.PrizeRef
	for _, one := range all {
		if one.State != award.Dropped {
			refs = append(refs, jury.PrizeRef{ID: string(one.ID), Title: one.Title})
		}
	}
	return refs, err
}

// challenges tells the jury what teams work on.
type challenges struct{ projects *project.Service }

// Challenges implements jury.Challenges.
func (c challenges) Challenges(ctx context.Context, q sqldb.Querier, id edition.ID) ([]jury.ChallengeRef, error) {
	all, err := c.projects.Challenges(ctx, q, id)
	var refs []jury.ChallengeRef
	for _, one := range all {
		if one.Dropped.IsZero() {
			refs = append(refs, jury.ChallengeRef{ID: string(one.ID), Title: one.Title, Sponsor: one.Partner})
		}
	}
	return refs, err
}

// companions tells the jury whom people said they come with.
type companions struct{ registrations *registration.Service }

// ComesWith implements jury.Companions.
func (c companions) ComesWith(ctx context.Context, q sqldb.Querier, id edition.ID, of ...account.ID) (map[account.ID][]string, error) {
	named := map[account.ID][]string{}
	add := func(who account.ID, text string) {
		named[who] = append(named[who], strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;\n", r) })...)
	}
	if len(of) == 0 {
		all, err := c.registrations.Confirmed(ctx, q, id)
		for _, p := range all {
			add(p.Account, p.With)
		}
		return named, err
	}
	for _, who := range of {
		r, err := c.registrations.Of(ctx, q, id, who)
		if err != nil && !errors.Is(err, sqldb.ErrNotFound) {
			return nil, err
		}
		add(who, r.Answers.With)
	}
	return named, nil
}
