package catering

import (
	"context"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Service is what can be done with meals.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	accounts *account.Service
	diets    Diets
	hub      *live.Hub
	trail    *trail.Trail
}

// NewService returns the service.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, diets Diets, hub *live.Hub, t *trail.Trail) *Service {
	return &Service{db: db, ids: source, editions: editions, accounts: accounts, diets: diets, hub: hub, trail: t}
}

// Topic is what the pages of an edition's meals listen to.
func Topic(e edition.ID) string { return "catering:" + string(e) }

// Serve hands a plate to the person: the crew's matter. It returns Eaten for a
// badge that has eaten; with a reason the person gets one more. A phone that
// was without network has handed the plate over already: its second plate is kept as
// Twice and shown, not refused.
func (s *Service) Serve(ctx context.Context, actor account.Actor, e edition.ID, meal string, who account.ID, reason string, action once.Action) (Serving, error) {
	served := Serving{Meal: meal, Account: who, State: First, Reason: strings.TrimSpace(reason), By: string(actor.ID)}
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, e, edition.Crew); err != nil {
			return err
		}
		ed, now, err := s.editions.Open(ctx, tx, e)
		if err != nil {
			return err
		}
		m, err := getMeal(ctx, tx, e, meal)
		if err != nil {
			return err
		}
		if fresh, err := once.First(ctx, tx, action); err != nil || !fresh {
			return err
		}
		served.ID, served.At = s.ids.ID(), action.Moment(now)
		if err := s.plate(ctx, tx, ed, &served, action); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(e))
		return s.note(ctx, tx, actor, e, now, "catering.served", m, "", string(served.State))
	})
	return served, err
}

// plate adds the serving as what it turns out to be.
func (s *Service) plate(ctx context.Context, tx *sqldb.Tx, e edition.Edition, served *Serving, action once.Action) error {
	added, err := insertServing(ctx, tx, *served)
	if err != nil || added {
		return err
	}
	before, err := firstServing(ctx, tx, served.Meal, served.Account)
	if err != nil {
		return err
	}
	switch {
	case served.Reason != "":
		served.State = Extra
	case late(served.At, tx.Now(), e):
		served.State = Twice
	default:
		who, err := s.accounts.Get(ctx, tx, served.Account)
		if err != nil {
			return err
		}
		return &Eaten{Name: who.Name, At: before.At}
	}
	_, err = insertServing(ctx, tx, *served)
	return err
}

// apart is how old an action is that a phone without network has kept: in time that really
// passed, however fast a rehearsal's clock runs.
const apart = 10 * time.Second

// late says whether the plate was handed over some time ago.
func late(at, wall time.Time, e edition.Edition) bool {
	return float64(e.Now(wall).Sub(at)) > float64(apart)*max(e.Pace.Rate(), 1)
}

// Tallies lists the meals with how much of each is served.
func (s *Service) Tallies(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Tally, error) {
	return tallies(ctx, q, e)
}

// Plates is what the cook makes for each meal, the most wanted first.
func (s *Service) Plates(ctx context.Context, actor account.Actor, e edition.ID) ([]Plates, error) {
	all, err := s.diets.Plates(ctx, actor, e)
	slices.SortStableFunc(all, func(a, b Plates) int { return b.Count - a.Count })
	return all, err
}

// Latest lists the newest servings of a meal with the names of the served.
func (s *Service) Latest(ctx context.Context, meal string, limit int) ([]Serving, map[account.ID]string, error) {
	list, err := latestServings(ctx, s.db, meal, limit)
	if err != nil {
		return nil, nil, err
	}
	names := map[account.ID]string{}
	for _, one := range list {
		who, err := s.accounts.Get(ctx, s.db, one.Account)
		if err != nil {
			return nil, nil, err
		}
		names[one.Account] = who.Name
	}
	return list, names, nil
}

func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.ID, now time.Time, action string, m Meal, before, after string) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e), Actor: string(actor.ID), Action: action, Subject: "meal:" + m.ID, Before: before, After: after, EditionAt: now})
}
