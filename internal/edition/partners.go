package edition

import (
	"context"
	"strings"

	"h48/internal/account"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// AddPartner puts an organisation on the public page.
func (s *Service) AddPartner(ctx context.Context, actor account.Actor, id ID, p PartnerOrg) (PartnerOrg, error) {
	p.Name, p.URL = strings.TrimSpace(p.Name), strings.TrimSpace(p.URL)
	var f errs.Fields
	if p.Name == "" {
		f.Add("name", "error.required")
	}
	if p.URL != "" && !strings.HasPrefix(p.URL, "https://") && !strings.HasPrefix(p.URL, "http://") {
		f.Add("url", "error.url")
	}
	if err := f.Err(); err != nil {
		return p, err
	}
	p.ID = s.ids.ID()
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.Require(ctx, tx, actor, id, Organiser); err != nil {
			return err
		}
		others, err := listPartners(ctx, tx, id)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return insertPartner(ctx, tx, id, p, len(others))
	})
	return p, err
}

// DropPartner takes an organisation off the public page.
func (s *Service) DropPartner(ctx context.Context, actor account.Actor, id ID, partner string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.Require(ctx, tx, actor, id, Organiser); err != nil {
			return err
		}
		had, err := deletePartner(ctx, tx, id, partner)
		if err == nil && !had {
			return sqldb.ErrNotFound
		}
		s.hub.Touch(tx, Topic(id))
		return err
	})
}

// Partners lists the organisations that support the edition.
func (s *Service) Partners(ctx context.Context, q sqldb.Querier, id ID) ([]PartnerOrg, error) {
	return listPartners(ctx, q, id)
}
