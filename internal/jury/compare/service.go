// Package compare is the page on which a juror says, one tap a question, which of two teams
// is better, and moves the teams in their own order. What is said is the jury room's, which
// keeps it and ranks by it.
package compare

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/sqldb"
)

// Service is the jury's, as this page asks it.
type Service struct {
	*jury.Service
	db *sqldb.DB
}

// NewService returns the service.
func NewService(j *jury.Service, db *sqldb.DB) *Service { return &Service{j, db} }

// Own is the present round and the juror's own order; jury.ErrNotCompared where the round
// is judged by marks alone.
func (s *Service) Own(ctx context.Context, actor account.Actor, id edition.ID) (jury.Round, jury.Preference, error) {
	round, err := s.Round(ctx, s.db, id)
	if err != nil {
		return round, jury.Preference{}, err
	}
	if !round.Compares() {
		return round, jury.Preference{}, jury.ErrNotCompared
	}
	own, err := s.Preference(ctx, s.db, actor, id)
	return round, own, err
}
