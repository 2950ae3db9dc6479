package jury

import (
	"context"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Leads says whether the actor may see how the judging stands and send jurors: an
// organiser, or the juror who was named head of the jury.
func (s *Service) Leads(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) error {
	if err := s.editions.Require(ctx, q, actor, id, edition.Organiser); err == nil || !errs.Is(err, errs.Forbidden) {
		return err
	}
	if err := s.editions.Require(ctx, q, actor, id, edition.Juror); err != nil {
		return err
	}
	leads, err := isHead(ctx, q, id, actor.ID)
	if err == nil && !leads {
		return errs.New(errs.Forbidden, "jury.not_head")
	}
	return err
}

// NameHead makes a juror head of the jury, or no longer: the organisers' matter. There may
// be several. A head sees the ranking before the deliberation, so it is better one who
// gives no marks.
func (s *Service) NameHead(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, leads bool) error {
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		before, err := s.juror(ctx, tx, id, juror)
		if err != nil {
			return err
		}
		if err := putHead(ctx, tx, id, juror, leads); err != nil {
			return fmt.Errorf("naming the head of the jury: %w", err)
		}
		return s.note(ctx, tx, actor, id, now, "jury.head", "account:"+string(juror), fmt.Sprint(before.Head), fmt.Sprint(leads))
	})
}

// CriteriaOf is the rubric of a round.
func (s *Service) CriteriaOf(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]Criterion, error) {
	return listCriteria(ctx, q, id, round)
}
