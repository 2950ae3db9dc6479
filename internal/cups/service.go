package cups

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Service is what can be done with cups.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	hub      *live.Hub
	trail    *trail.Trail
}

// NewService returns the service.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, hub *live.Hub, t *trail.Trail) *Service {
	return &Service{db: db, ids: source, editions: editions, hub: hub, trail: t}
}

// Topic is what the pages of an edition's cups listen to.
func Topic(e edition.ID) string { return "cups:" + string(e) }

// AddModel adds a kind of cup: an organiser's matter.
func (s *Service) AddModel(ctx context.Context, actor account.Actor, e edition.ID, m Model) (Model, error) {
	var wrong errs.Fields
	if m.Name = strings.TrimSpace(m.Name); m.Name == "" {
		wrong.Add("name", "error.required")
	}
	if m.VolumeCl < 1 || m.VolumeCl > 200 {
		wrong.Add("volume", "cups.volume_range")
	}
	if m.Deposit < 0 || m.Deposit > 100_00 {
		wrong.Add("deposit", "cups.deposit_range")
	}
	if err := wrong.Err(); err != nil {
		return m, err
	}
	m.ID, m.Edition = ModelID(s.ids.ID()), e
	return m, s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, e, edition.Organiser); err != nil {
			return err
		}
		if err := insertModel(ctx, tx, m); err != nil {
			return fmt.Errorf("adding the cup %s: %w", m.Name, err)
		}
		s.hub.Touch(tx, Topic(e))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e), Actor: string(actor.ID), Action: "cups.model", Subject: "cup:" + string(m.ID), After: m.Name})
	})
}

// Act is something done with cups.
type Act struct {
	Model    ModelID
	Kind     Kind
	Quantity int
	// Person is who took a gift, when that is known: one person gets one.
	Person string
	Note   string
}

// Move does an act: the crew's and the organisers' matter. It returns a Conflict when
// there are not as many cups where they should come from, or the person has their gift
// already. The same action twice moves cups once.
func (s *Service) Move(ctx context.Context, actor account.Actor, e edition.ID, act Act, action once.Action) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, e, edition.Crew); err != nil {
			return err
		}
		model, err := getModel(ctx, tx, act.Model)
		if err == nil && model.Edition != e {
			err = sqldb.ErrNotFound
		}
		if err != nil {
			return err
		}
		steps, err := movements(model, act.Kind, act.Quantity)
		if err != nil {
			return err
		}
		if first, err := once.First(ctx, tx, action); err != nil || !first {
			return err
		}
		if err := lockModel(ctx, tx, model.ID); err != nil {
			return err
		}
		if act.Kind == Give && act.Person != "" {
			if err := s.oneGift(ctx, tx, model, act.Person); err != nil {
				return err
			}
		}
		for i := range steps {
			steps[i].Person, steps[i].Note = act.Person, act.Note
		}
		return s.write(ctx, tx, actor, e, model, steps, action)
	})
}

func (s *Service) oneGift(ctx context.Context, tx *sqldb.Tx, m Model, person string) error {
	at, err := givenTo(ctx, tx, m.ID, person)
	if errors.Is(err, sqldb.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	e, _, err := s.editions.Open(ctx, tx, m.Edition)
	if err != nil {
		return err
	}
	return errs.New(errs.Conflict, "cups.has_gift", "at", at.In(e.Zone).Format("15:04"))
}

// write adds the movements when no place would owe cups afterwards.
func (s *Service) write(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, model Model, steps []Movement, action once.Action) error {
	_, now, err := s.editions.Open(ctx, tx, id)
	if err != nil {
		return err
	}
	stock, err := stockOf(ctx, tx, id, model.ID)
	if err != nil {
		return err
	}
	for _, m := range steps {
		m.ID, m.Actor, m.At = s.ids.ID(), string(actor.ID), action.Moment(now)
		stock.add(m)
		if err := insertMovement(ctx, tx, m); err != nil {
			return fmt.Errorf("moving cups: %w", err)
		}
	}
	if place, short := stock.short(); short {
		return errs.New(errs.Conflict, "cups.short."+string(place))
	}
	s.hub.Touch(tx, Topic(id))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "cups." + string(steps[0].Kind),
		Subject: "cup:" + string(model.ID), After: fmt.Sprint(steps[0].Quantity), EditionAt: now})
}

// Undo takes a movement back by another; one can be taken back once.
func (s *Service) Undo(ctx context.Context, actor account.Actor, e edition.ID, movement string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, e, edition.Crew); err != nil {
			return err
		}
		m, err := getMovement(ctx, tx, movement)
		if err == nil && m.Edition != e {
			err = sqldb.ErrNotFound
		}
		if err != nil {
			return err
		}
		if m.Undoes != "" {
			return errs.New(errs.Conflict, "cups.undone")
		}
		model, err := getModel(ctx, tx, m.Model)
		if err != nil {
			return err
		}
		if err := lockModel(ctx, tx, model.ID); err != nil {
			return err
		}
		err = s.write(ctx, tx, actor, e, model, []Movement{undo(m)}, once.Action{})
		if sqldb.IsUnique(err) {
			return errs.New(errs.Conflict, "cups.undone")
		}
		return err
	})
}

// CloseOut ends the lending: the cups that are still out are their bearers', and their
// deposits are earned.
func (s *Service) CloseOut(ctx context.Context, actor account.Actor, e edition.ID) error {
	stocks, err := s.Stocks(ctx, s.db, e)
	if err != nil {
		return err
	}
	for _, stock := range stocks {
		if n := stock.At[Out]; n > 0 {
			if err := s.Move(ctx, actor, e, Act{Model: stock.Model.ID, Kind: Keep, Quantity: n}, once.Action{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Stocks is where the edition's cups are, model by model.
func (s *Service) Stocks(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Stock, error) {
	models, err := listModels(ctx, q, e)
	if err != nil {
		return nil, err
	}
	moved, err := sums(ctx, q, e)
	if err != nil {
		return nil, err
	}
	stocks := make([]Stock, len(models))
	for i, m := range models {
		stocks[i] = Stock{Model: m, At: map[Place]int{}}
		for _, movement := range moved {
			if movement.Model == m.ID {
				stocks[i].add(movement)
			}
		}
	}
	return stocks, nil
}

func stockOf(ctx context.Context, q sqldb.Querier, e edition.ID, id ModelID) (*Stock, error) {
	model, err := getModel(ctx, q, id)
	if err != nil {
		return nil, err
	}
	moved, err := sums(ctx, q, e)
	stock := &Stock{Model: model, At: map[Place]int{}}
	for _, m := range moved {
		if m.Model == id {
			stock.add(m)
		}
	}
	return stock, err
}

// Audit adds the whole ledger up and returns an error where a sum that the counters use
// is another.
func (s *Service) Audit(ctx context.Context, q sqldb.Querier, e edition.ID) error {
	kept, err := sums(ctx, q, e)
	if err != nil {
		return err
	}
	ledger, err := added(ctx, q, e)
	if err != nil {
		return err
	}
	if !slices.Equal(kept, ledger) {
		return fmt.Errorf("the sums of the cups of %s are not those of the ledger: %v, and %v", e, kept, ledger)
	}
	return nil
}

// Latest is the newest movements.
func (s *Service) Latest(ctx context.Context, e edition.ID, limit int) ([]Movement, error) {
	return latestMovements(ctx, s.db, e, limit)
}
