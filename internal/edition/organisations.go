package edition

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// mostOrganisation is how long the name of an organisation may be, in letters.
const mostOrganisation = 80

// SetOrganisation writes down for whom somebody works whom an organiser has named; an
// empty name takes it back. It tells the jury whom a juror may not mark.
func (s *Service) SetOrganisation(ctx context.Context, actor account.Actor, id ID, who account.ID, name string) error {
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > mostOrganisation {
		return errs.Fields{{Name: "organisation", Key: "edition.organisation_long", Args: []any{"most", mostOrganisation}}}
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.Require(ctx, tx, actor, id, Organiser); err != nil {
			return err
		}
		roles, err := rolesOf(ctx, tx, id, who)
		if err != nil {
			return err
		}
		if len(roles) == 0 {
			return sqldb.ErrNotFound
		}
		before, err := organisationOf(ctx, tx, id, who)
		if err != nil && !errors.Is(err, sqldb.ErrNotFound) {
			return err
		}
		if before == name {
			return nil
		}
		if err := putOrganisation(ctx, tx, id, who, name); err != nil {
			return fmt.Errorf("writing down an organisation: %w", err)
		}
		s.hub.Touch(tx, Topic(e.ID))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "edition.organisation",
			Subject: "account:" + string(who), Before: before, After: name, EditionAt: now})
	})
}

// Organisations are those that organisers wrote down, by account: of those who are
// named, or of everybody.
func (s *Service) Organisations(ctx context.Context, q sqldb.Querier, id ID, of ...account.ID) (map[account.ID]string, error) {
	known := map[account.ID]string{}
	if len(of) == 0 {
		all, err := listOrganisations(ctx, q, id)
		for _, o := range all {
			known[o.account] = o.name
		}
		return known, err
	}
	for _, who := range of {
		name, err := organisationOf(ctx, q, id, who)
		if err != nil && !errors.Is(err, sqldb.ErrNotFound) {
			return nil, fmt.Errorf("asking for an organisation: %w", err)
		}
		if name != "" {
			known[who] = name
		}
	}
	return known, nil
}
