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

// Awards says what was given, and who signed the minutes, the oldest first; it may be nil.
type Awards interface {
	Given(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Prize, error)
	Signed(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Signature, error)
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
		if err := s.given(ctx, q, id, w, kept.Ranking); err != nil {
			return err
		}
		return w.seal()
	})
}

// tables writes what the chain is compared with.
func (w *writer) tables(kept jury.Kept) error {
	var all []line
	for _, r := range kept.Rubrics {
		all = append(all, line{Rubric: &r})
	}
	for _, a := range kept.Amended {
		all = append(all, line{Amended: &a})
	}
	for _, m := range kept.Marks {
		all = append(all, line{Mark: &mark{Round: m.Round, TracedMark: m.Traced()}})
	}
	for _, c := range kept.Compared {
		all = append(all, line{Compared: &c})
	}
	return w.puts(all)
}

// given writes the prizes, the ranking that they follow, and the signatures.
func (s *Service) given(ctx context.Context, q sqldb.Querier, id edition.ID, w *writer, ranking jury.TracedRanking) error {
	var all []line
	if s.awards == nil {
		return w.put(line{Ranking: &ranking})
	}
	prizes, err := s.awards.Given(ctx, q, id)
	if err != nil {
		return fmt.Errorf("asking what was given: %w", err)
	}
	for _, p := range prizes {
		all = append(all, line{Prize: &p})
	}
	all = append(all, line{Ranking: &ranking})
	signed, err := s.awards.Signed(ctx, q, id)
	if err != nil {
		return fmt.Errorf("asking who signed: %w", err)
	}
	for _, one := range signed {
		all = append(all, line{Signature: &one})
	}
	return w.puts(all)
}

func (w *writer) puts(all []line) error {
	for _, l := range all {
		if err := w.put(l); err != nil {
			return err
		}
	}
	return nil
}
