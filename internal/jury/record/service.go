package record

import (
	"context"
	"fmt"
	"io"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/chain"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
)

// Awards says what was given; it may be nil.
type Awards interface {
	Given(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Prize, error)
}

// Service writes records.
type Service struct {
	db       *sqldb.DB
	jury     *jury.Service
	editions *edition.Service
	accounts *account.Service
	awards   Awards
	files    files.Store
	hub      *live.Hub
	queue    *jobs.Queue
	words    *i18n.Catalogue
}

// NewService returns the service.
func NewService(db *sqldb.DB, j *jury.Service, editions *edition.Service, accounts *account.Service, awards Awards, store files.Store,
	hub *live.Hub, queue *jobs.Queue, words *i18n.Catalogue) *Service {
	return &Service{db: db, jury: j, editions: editions, accounts: accounts, awards: awards, files: store, hub: hub, queue: queue, words: words}
}

// Write writes the record of the edition as it is at one moment. progress is told the
// entries that are written, of all; it may be nil.
func (s *Service) Write(ctx context.Context, id edition.ID, out io.Writer, progress func(done, all int64) error) error {
	return s.db.Freeze(ctx, func(q sqldb.Querier) error {
		e, err := s.editions.Get(ctx, q, id)
		if err != nil {
			return err
		}
		kept, err := s.jury.Kept(ctx, q, id)
		if err != nil {
			return fmt.Errorf("reading what the jury keeps: %w", err)
		}
		w := newWriter(out)
		if err := w.put(line{Head: &head{Format: format, Edition: string(id), Title: e.Name, Written: sqldb.Micros(s.db.Now()),
			Entries: kept.Head.N, Hash: kept.Head.Hash, Teams: kept.Ranking.Names}}); err != nil {
			return err
		}
		err = chain.Each(ctx, q, string(id), func(e chain.Entry) error {
			if progress != nil && e.N%1000 == 0 {
				if err := progress(e.N, kept.Head.N); err != nil {
					return err
				}
			}
			return w.put(line{Entry: entryOf(e)})
		})
		if err != nil {
			return err
		}
		if err := w.tables(kept); err != nil {
			return err
		}
		if err := s.prizes(ctx, q, id, w); err != nil {
			return err
		}
		return w.seal()
	})
}

// tables writes what the chain is compared with.
func (w *writer) tables(kept jury.Kept) error {
	for _, r := range kept.Rubrics {
		if err := w.put(line{Rubric: &r}); err != nil {
			return err
		}
	}
	for _, m := range kept.Marks {
		if err := w.put(line{Mark: &mark{Round: m.Round, TracedMark: m.Traced()}}); err != nil {
			return err
		}
	}
	return w.put(line{Ranking: &kept.Ranking})
}

func (s *Service) prizes(ctx context.Context, q sqldb.Querier, id edition.ID, w *writer) error {
	if s.awards == nil {
		return nil
	}
	given, err := s.awards.Given(ctx, q, id)
	if err != nil {
		return fmt.Errorf("asking what was given: %w", err)
	}
	for _, p := range given {
		if err := w.put(line{Prize: &p}); err != nil {
			return err
		}
	}
	return nil
}
