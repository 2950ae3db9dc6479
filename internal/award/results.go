package award

import (
	"context"
	"errors"
	"fmt"
	"strconv"
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

// Face is how the public meets a laureate's project: its page, its picture, and the
// members who agreed to be named.
type Face struct {
	URL           string
	Picture       string
	Width, Height int
	Members       []string
	Others        int // members who did not
}

// Faces tells the faces of the laureates, by team; a project that is not public has none.
type Faces interface {
	Faces(ctx context.Context, e edition.Edition) (map[string]Face, error)
}

// faces are those of the laureates; there are none where nobody keeps them.
func (s *Service) faces(ctx context.Context, e edition.Edition, r Results) (map[string]Face, error) {
	if s.with.Faces == nil || !r.Public || len(r.Laureates) == 0 {
		return nil, nil
	}
	return s.with.Faces.Faces(ctx, e)
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
	teams, err := s.with.Teams.Competing(ctx, q, e)
	if err != nil {
		return nil, fmt.Errorf("reading the teams: %w", err)
	}
	d, err := getDeliberation(ctx, q, e)
	if err != nil {
		return nil, err
	}
	var all []Laureate
	for _, p := range prizes {
		if !p.Won() || p.Team == "" {
			continue
		}
		all = append(all, Laureate{Prize: p, Team: teamOf(p.Team, teams, d.Basis.Standings)})
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
	return err
}

func only(id edition.ID) string { return openKind + ":" + string(id) }

// follow keeps the job of the results' minute where the edition has that minute now,
// whoever moved it. Results that were opened, and are still open, are not opened again.
func (s *Service) follow(ctx context.Context, tx *sqldb.Tx, e edition.Edition) error {
	s.hub.Touch(tx, Topic(e.ID))
	at, set := e.At[edition.Results]
	if !set {
		return s.queue.DropTx(ctx, tx, only(e.ID))
	}
	if !at.After(e.Now(tx.Now())) {
		if opened, err := hasLetters(ctx, tx, e.ID); err != nil || opened {
			return err
		}
	}
	_, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: openKind, Edition: string(e.ID), Args: struct{}{}, At: at, OnEditionTime: true, OnlyOne: only(e.ID)})
	if err != nil {
		return fmt.Errorf("ordering the minute of the results: %w", err)
	}
	return nil
}

// Jobs are the jobs of this room.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{openKind: s.openResults}
}

// beat counts the steps of the ceremony, two a prize from the last one to the first: its
// name, and then its laureate.
type beat int

func (b beat) revealed() int   { return int(b) / 2 }
func (b beat) announced() bool { return b%2 == 1 }

func (d Deliberation) beat() beat {
	if d.Announced {
		return beat(2*d.Revealed + 1)
	}
	return beat(2 * d.Revealed)
}

// Reveal goes one step on in the ceremony, or one back. at is where the organiser saw the
// stage when they pressed: a second press on the same page changes nothing.
func (s *Service) Reveal(ctx context.Context, actor account.Actor, e edition.ID, at int, back bool) error {
	same := errors.New("revealed already")
	err := s.act(ctx, actor, e, edition.Organiser, func(tx *sqldb.Tx, d Deliberation, _ time.Time) (deed, error) {
		if d.State != Closed {
			return deed{}, errs.New(errs.Conflict, "award.not_closed")
		}
		all, err := s.laureates(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		from, to := beat(at), beat(at+1)
		if back {
			to = from - 1
		}
		if to < 0 || int(to) > 2*len(all) {
			return deed{}, same
		}
		ok, err := updateRevealed(ctx, tx, e, from, to)
		if err == nil && !ok {
			err = same
		}
		prize := all[max(len(all)-1-int(min(from, to))/2, 0)].Prize
		return deed{Entry: trail.Entry{Action: "award.revealed", Subject: "prize:" + string(prize.ID), Before: strconv.Itoa(int(from)), After: strconv.Itoa(int(to))}}, err
	})
	if errors.Is(err, same) {
		return nil
	}
	return err
}

// Stage is what the stage shows: how many prizes there are, the one that was named and
// whose laureate is still to come, and those revealed so far, the newest first.
type Stage struct {
	All      int
	Beat     int
	Named    *Laureate
	Revealed []Laureate
	// Next is what the next step shows: for who holds the remote.
	Next *Laureate
}

// Over says whether everything was shown.
func (st Stage) Over() bool { return st.All > 0 && st.Beat >= 2*st.All }

// Stage returns where the ceremony stands.
func (s *Service) Stage(ctx context.Context, q sqldb.Querier, e edition.ID) (Stage, error) {
	d, err := getDeliberation(ctx, q, e)
	if err != nil || d.State != Closed {
		return Stage{}, err
	}
	all, err := s.laureates(ctx, q, e)
	if err != nil {
		return Stage{}, err
	}
	shown := min(d.Revealed, len(all))
	st := Stage{All: len(all), Beat: int(d.beat()), Revealed: all[len(all)-shown:]}
	if shown < len(all) {
		st.Next = &all[len(all)-1-shown]
		if d.Announced {
			st.Named = st.Next
		}
	}
	return st, nil
}
