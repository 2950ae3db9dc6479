package registration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
)

// Confirmed lists who has a seat, by when they got it.
func (s *Service) Confirmed(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Person, error) {
	all, err := listByState(ctx, q, id, Confirmed)
	if err != nil {
		return nil, err
	}
	people := make([]Person, len(all))
	for i, r := range all {
		people[i] = r.person()
	}
	return people, nil
}

func (r Registration) person() Person {
	return Person{Account: r.Account, Name: r.Name, Profile: r.Profile, Trade: r.Trade, Skills: r.Skills,
		With: r.With, Theme: r.Theme, Meals: r.Meals, Photo: r.Photo}
}

// Of returns the account's registration in the edition, or errs.NotFound.
func (s *Service) Of(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (Registration, error) {
	return registrationOf(ctx, q, id, who)
}

// All lists every registration but the erased ones, by name, for a room that has checked
// who asks.
func (s *Service) All(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Registration, error) {
	return listAll(ctx, q, id)
}

// Matches says whether a text that Fold made is in one of the person's words.
func Matches(folded, name, email string) bool {
	return folded == "" || strings.Contains(names.Fold(name), folded) || strings.Contains(names.Fold(email), folded)
}

// Summary are an edition's figures.
type Summary struct {
	// Seats is the limit; 0 is none.
	Seats     int
	Confirmed int
	Waiting   int
	Pending   int
	Declined  int
	Absent    int
	// Profiles counts those who have a seat, in the order of Profiles.
	Profiles [4]int
}

// Free is how many seats nobody has; it is 0 where there is no limit.
func (s Summary) Free() int { return max(s.Seats-s.Confirmed, 0) }

// Shares are the percentages of the profiles, in whole numbers that sum to 100 (or to 0
// where nobody is counted): the counts come first and the shares are made from them.
func (s Summary) Shares() [4]int { return [4]int(shares(s.Profiles[:])) }

// shares rounds by the largest remainders, so that the whole is the whole; of equal
// remainders the earlier wins.
func shares(counts []int) []int {
	total, given := 0, 0
	for _, n := range counts {
		total += n
	}
	percent := make([]int, len(counts))
	if total == 0 {
		return percent
	}
	order := make([]int, len(counts))
	for i, n := range counts {
		percent[i] = n * 100 / total
		given += percent[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return counts[b]*100%total - counts[a]*100%total })
	for _, i := range order[:100-given] {
		percent[i]++
	}
	return percent
}

// Summary counts an edition's registrations.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, id edition.ID) (Summary, error) {
	e, err := s.editions.Get(ctx, q, id)
	if err != nil {
		return Summary{}, err
	}
	all, err := tallies(ctx, q, id)
	if err != nil {
		return Summary{}, fmt.Errorf("counting the registrations: %w", err)
	}
	sum := Summary{Seats: e.Seats}
	for _, t := range all {
		switch t.state {
		case Confirmed:
			sum.Confirmed += t.n
			sum.Profiles[slices.Index(Profiles, t.profile)] += t.n
		case Waiting:
			sum.Waiting += t.n
		case Pending:
			sum.Pending += t.n
		case Declined:
			sum.Declined += t.n
		case Absent:
			sum.Absent += t.n
		case Refused, Erased:
		}
	}
	return sum, nil
}

// MealCount is how many of those who have a seat want the same plate.
type MealCount struct {
	Meals []Meal
	N     int
}

// MealSheet is what the cook gets: plates and notes without a name.
type MealSheet struct {
	Counts []MealCount
	// Notes are what people wrote beside the choices, in no order that tells who.
	Notes []string
	// Unsaid is how many chose nothing.
	Unsaid int
}

// MealSheet counts the plates by everything that one person chose together: two who eat
// neither meat nor gluten are two plates of that kind. It is for crew and organisers.
func (s *Service) MealSheet(ctx context.Context, actor account.Actor, id edition.ID) (MealSheet, error) {
	var sheet MealSheet
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Crew); err != nil {
		return sheet, err
	}
	all, err := listByState(ctx, s.db, id, Confirmed)
	if err != nil {
		return sheet, err
	}
	at := map[string]int{}
	for _, r := range all {
		if r.MealNote != "" {
			sheet.Notes = append(sheet.Notes, r.MealNote)
		}
		if len(r.Meals) == 0 {
			sheet.Unsaid++
			continue
		}
		key := fmt.Sprint(r.Meals)
		i, seen := at[key]
		if !seen {
			i = len(sheet.Counts)
			at[key] = i
			sheet.Counts = append(sheet.Counts, MealCount{Meals: r.Meals})
		}
		sheet.Counts[i].N++
	}
	slices.SortStableFunc(sheet.Counts, func(a, b MealCount) int { return b.N - a.N })
	slices.Sort(sheet.Notes)
	return sheet, nil
}

// SeatTx gives somebody who stands at the door a seat if one is free; one who has a seat
// keeps it. Those who wait are served first: where nothing is left after them it returns
// ErrNoSeat, having noted who stands at the door, and for somebody who was refused
// ErrRefused. The caller has checked that the actor may.
func (s *Service) SeatTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, who account.ID, now time.Time) (Registration, error) {
	r, err := registrationOf(ctx, tx, e.ID, who)
	if err != nil || r.State == Confirmed {
		return r, err
	}
	if r.State == Refused {
		return r, ErrRefused
	}
	if r.State == Erased {
		return r, sqldb.ErrNotFound
	}
	if _, err := s.AtDoorTx(ctx, tx, r, now); err != nil {
		return r, err
	}
	if _, err := s.FillTx(ctx, tx, e, now); err != nil {
		return r, err
	}
	if r, err = registrationOf(ctx, tx, e.ID, who); err != nil || r.State == Confirmed {
		return r, err
	}
	free, err := s.free(ctx, tx, e)
	if err != nil {
		return r, err
	}
	if free == 0 {
		return r, ErrNoSeat
	}
	return s.move(ctx, tx, actor, r, Confirmed, now)
}

// AtDoorTx notes that somebody who waits is at the door, so that the next free seat is
// theirs before those who are at home, and returns their place in the order.
func (s *Service) AtDoorTx(ctx context.Context, tx *sqldb.Tx, r Registration, now time.Time) (int, error) {
	if r.State != Waiting {
		return 0, nil
	}
	if r.AtDoor.IsZero() {
		r.AtDoor = now
		if _, err := updateState(ctx, tx, r, Waiting); err != nil {
			return 0, fmt.Errorf("noting who is at the door: %w", err)
		}
		s.hub.Touch(tx, Topic(r.Edition))
	}
	ahead, err := countAhead(ctx, tx, r)
	return ahead + 1, err
}

// WalkInTx registers somebody who comes to the door without a seat, if one is free. An
// address that is known is that person. Its errors are those of SeatTx.
func (s *Service) WalkInTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, in Asked, now time.Time) (Registration, error) {
	in.Answers, in.Rules = in.tidy(nil), true
	if err := in.check(); err != nil {
		return Registration{}, err
	}
	if _, err := s.FillTx(ctx, tx, e, now); err != nil {
		return Registration{}, err
	}
	who, err := s.accounts.EnsureTx(ctx, tx, in.Email, in.Name, in.Lang)
	if err != nil {
		return Registration{}, err
	}
	r, err := registrationOf(ctx, tx, e.ID, who.ID)
	if errors.Is(err, sqldb.ErrNotFound) {
		free, freeErr := s.free(ctx, tx, e)
		if freeErr != nil {
			return r, freeErr
		}
		if free == 0 {
			return r, ErrNoSeat
		}
		if r, err = s.ensure(ctx, tx, e, who, in.Answers, Door, now); err != nil {
			return r, err
		}
		if r, err = s.move(ctx, tx, actor, r, Confirmed, now); err != nil {
			return r, err
		}
		return r, s.send(ctx, tx, e, r, letterAdded, nil)
	}
	if err != nil {
		return r, err
	}
	return s.SeatTx(ctx, tx, actor, e, who.ID, now)
}

// ReleaseTx gives the seats of those who did not come to those who wait, at the door
// first. It returns how many seats became free and how many of them were given on.
func (s *Service) ReleaseTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, came map[account.ID]bool, now time.Time) (freed, given int, err error) {
	if err := takeTurn(ctx, tx, e.ID); err != nil {
		return 0, 0, err
	}
	seated, err := listByState(ctx, tx, e.ID, Confirmed)
	if err != nil {
		return 0, 0, err
	}
	for _, r := range seated {
		if came[r.Account] {
			continue
		}
		if _, err := s.move(ctx, tx, actor, r, Absent, now); err != nil {
			return freed, 0, err
		}
		freed++
	}
	given, err = s.FillTx(ctx, tx, e, now)
	return freed, given, err
}

// EraseTx forgets what the account said in every edition: the person leaves every list
// at once, a seat goes to the next, and what others hold under the account (a team, a
// mark) stays under the alias. The account itself is erased by account.EraseTx, after it.
func (s *Service) EraseTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, who account.ID, alias string) error {
	all, err := registrationsOf(ctx, tx, who)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.State == Erased {
			continue
		}
		e, now, err := s.editions.Open(ctx, tx, r.Edition)
		if err != nil {
			return err
		}
		if r, err = s.move(ctx, tx, actor, r, Erased, now); err != nil {
			return err
		}
		if err := eraseRegistration(ctx, tx, r.ID, alias); err != nil {
			return fmt.Errorf("erasing a registration: %w", err)
		}
		if err := deleteLinks(ctx, tx, r.ID); err != nil {
			return fmt.Errorf("erasing the links of a registration: %w", err)
		}
		if e.Has(edition.Ends, now) {
			continue
		}
		if _, err := s.FillTx(ctx, tx, e, now); err != nil {
			return err
		}
	}
	return nil
}

const forgetKind = "registration.forget"

// Jobs are what this room does later.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{forgetKind: s.forget, importKind: s.runImport}
}

// orderForgetting orders the job that forgets the meals a week after the edition's end.
func (s *Service) orderForgetting(ctx context.Context, tx *sqldb.Tx, e edition.Edition) error {
	end, set := e.At[edition.Ends]
	if !set {
		return nil
	}
	_, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: forgetKind, Edition: string(e.ID), At: end.Add(mealsAfter),
		OnEditionTime: true, OnlyOne: forgetKind + ":" + string(e.ID)})
	return err
}

// forget empties what people said of their meals; where the end was moved meanwhile, it
// comes back later.
func (s *Service) forget(ctx context.Context, run *jobs.Run) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, edition.ID(run.Edition))
		if err != nil {
			return err
		}
		if now.Before(e.At[edition.Ends].Add(mealsAfter)) {
			return s.orderForgetting(ctx, tx, e)
		}
		return eraseMeals(ctx, tx, e.ID)
	})
}
