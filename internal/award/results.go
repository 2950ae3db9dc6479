package award

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// openKind is the job that tells the open pages that the results are there.
const openKind = "award.open_results"

// public says whether everybody may read the results: the deliberation is closed and
// their minute has come.
func public(d Deliberation, e edition.Edition, now time.Time) bool {
	return d.State == Closed && e.Has(edition.Results, now)
}

// Results are the prizes with their laureates.
type Results struct {
	Public    bool
	Closed    bool
	At        time.Time // when they open; zero where no minute is set
	Laureates []Laureate
	Revealed  int
}

// Results returns the results of the edition at its time: without laureates until the
// minute has come.
func (s *Service) Results(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (Results, error) {
	d, err := getDeliberation(ctx, q, e.ID)
	if err != nil {
		return Results{}, err
	}
	r := Results{Public: public(d, e, now), Closed: d.State == Closed, At: e.At[edition.Results], Revealed: d.Revealed}
	if r.Public {
		r.Laureates, err = s.laureates(ctx, q, e.ID)
	}
	return r, err
}

// Laureates returns who won what, first prize first, from the moment the deliberation is
// closed; before it there are none. It does not ask whether the results are public.
func (s *Service) Laureates(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Laureate, error) {
	d, err := getDeliberation(ctx, q, e)
	if err != nil || d.State != Closed {
		return nil, err
	}
	return s.laureates(ctx, q, e)
}

func (s *Service) laureates(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Laureate, error) {
	prizes, err := listPrizes(ctx, q, e)
	if err != nil {
		return nil, err
	}
	teams, err := s.teams.Competing(ctx, q, e)
	if err != nil {
		return nil, fmt.Errorf("reading the teams: %w", err)
	}
	d, err := getDeliberation(ctx, q, e)
	if err != nil {
		return nil, err
	}
	var all []Laureate
	for _, p := range prizes {
		if p.won() {
			all = append(all, Laureate{Prize: p, Team: teamOf(p.Team, teams, d.Ranking)})
		}
	}
	return all, nil
}

// teamOf finds the team among those who compete, or as the ranking named it where the
// team has gone since.
func teamOf(id string, teams []TeamRef, ranking []Standing) TeamRef {
	for _, t := range teams {
		if t.ID == id {
			return t
		}
	}
	for _, r := range ranking {
		if r.Team == id {
			return TeamRef{ID: id, Name: r.Name, Title: r.Title}
		}
	}
	return TeamRef{ID: id, Name: id}
}

// SetResultsAt changes the minute at which the results open.
func (s *Service) SetResultsAt(ctx context.Context, actor account.Actor, id edition.ID, at time.Time) error {
	_, err := s.editions.Change(ctx, actor, id, func(e edition.Edition) edition.Edition {
		moments := map[edition.Moment]time.Time{}
		for m, t := range e.At {
			moments[m] = t
		}
		moments[edition.Results] = at
		if ends, set := moments[edition.Ends]; set && ends.Before(at) {
			moments[edition.Ends] = at // a late jury makes a late evening
		}
		e.At = moments
		return e
	})
	if errs.Is(err, errs.Invalid) {
		return errs.Fields{{Name: "results_at", Key: "award.results_too_early"}}
	}
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		s.hub.Touch(tx, Topic(id))
		return s.scheduleTx(ctx, tx, id)
	})
}

func only(id edition.ID) string { return openKind + ":" + string(id) }

// scheduleTx orders the job of the results' minute, in the place of an earlier order.
func (s *Service) scheduleTx(ctx context.Context, tx *sqldb.Tx, id edition.ID) error {
	if err := s.queue.DropTx(ctx, tx, only(id)); err != nil {
		return fmt.Errorf("dropping the earlier minute of the results: %w", err)
	}
	e, err := s.editions.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	at, set := e.At[edition.Results]
	if !set {
		return nil
	}
	_, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: openKind, Edition: string(id), Args: struct{}{}, At: at, OnEditionTime: true, OnlyOne: only(id)})
	if err != nil {
		return fmt.Errorf("ordering the minute of the results: %w", err)
	}
	return nil
}

// Jobs are the jobs of this room.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{openKind: s.openResults}
}

// openResults tells every open page to read again; what it may show is decided there.
func (s *Service) openResults(_ context.Context, run *jobs.Run) error {
	s.hub.Tell(Topic(edition.ID(run.Edition)))
	return nil
}

// Reveal shows one more prize on the stage, the last one first. shown is how many the
// organiser saw when they pressed: a second press on the same page changes nothing.
func (s *Service) Reveal(ctx context.Context, actor account.Actor, e edition.ID, shown int) error {
	same := errors.New("revealed already")
	err := s.act(ctx, actor, e, edition.Organiser, func(tx *sqldb.Tx, d Deliberation, _ time.Time) (trail.Entry, error) {
		if d.State != Closed {
			return trail.Entry{}, errs.New(errs.Conflict, "award.not_closed")
		}
		all, err := s.laureates(ctx, tx, e)
		if err != nil {
			return trail.Entry{}, err
		}
		if shown >= len(all) {
			return trail.Entry{}, same
		}
		ok, err := updateRevealed(ctx, tx, e, shown, shown+1)
		if err == nil && !ok {
			err = same
		}
		revealed := all[len(all)-1-shown]
		return trail.Entry{Action: "award.revealed", Subject: "prize:" + string(revealed.Prize.ID), After: revealed.Team.Name}, err
	})
	if errors.Is(err, same) {
		return nil
	}
	return err
}

// Stage is what the stage shows: how many prizes there are, and those revealed so far,
// the newest first.
type Stage struct {
	All      int
	Revealed []Laureate
}

// Stage returns what of the results was revealed in the room.
func (s *Service) Stage(ctx context.Context, q sqldb.Querier, e edition.ID) (Stage, error) {
	d, err := getDeliberation(ctx, q, e)
	if err != nil || d.State != Closed {
		return Stage{}, err
	}
	all, err := s.laureates(ctx, q, e)
	if err != nil {
		return Stage{}, err
	}
	return Stage{All: len(all), Revealed: all[max(len(all)-d.Revealed, 0):]}, nil
}
