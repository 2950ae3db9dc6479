package jury

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Format is where the jury meets the teams.
type Format string

// The formats.
const (
	OnStage Format = "stage" // every team comes before the whole jury
	Expo    Format = "expo"  // teams stay at their tables and jurors visit them
)

// Way is how jurors say what they think.
type Way string

// The ways of judging.
const (
	ByCriterion  Way = "criteria"
	ByComparison Way = "comparison" // "who is better?", and no marks
	ByBoth       Way = "both"
)

// Setup is how a round is judged.
type Setup struct {
	Format Format
	Way    Way
	// Floor is how many visits every team gets before any gets more; 0 leaves it to the
	// engine.
	Floor int
	// Minutes is how long a visit takes, or a turn on stage with its questions; 0 while
	// nobody said. Window is how many minutes the round may take.
	Minutes, Window int
	// Finalists is how many of the best go on to a final, each for FinalMinutes on
	// stage; 0 where the round itself decides.
	Finalists, FinalMinutes int
}

// ordinary is how a round is judged that nobody set up.
func ordinary() Setup { return Setup{Format: OnStage, Way: ByCriterion} }

// Compares says whether jurors are asked which of two teams is better.
func (s Setup) Compares() bool { return s.Way != ByCriterion }

// Scores says whether jurors give marks by criterion.
func (s Setup) Scores() bool { return s.Way != ByComparison }

// Limits of a setup: beyond them it is a slip of the finger.
const (
	mostMinutes   = 120  // of a visit
	mostWindow    = 1440 // minutes
	mostFinalists = 50
	mostFloor     = 50
)

func (s Setup) check() error {
	var wrong errs.Fields
	if s.Format != OnStage && s.Format != Expo {
		wrong.Add("format", "error.required")
	}
	if s.Way != ByCriterion && s.Way != ByComparison && s.Way != ByBoth {
		wrong.Add("way", "error.required")
	}
	within := func(name string, n, most int) {
		if n < 0 || n > most {
			wrong.Add(name, "jury.number_range", "most", most)
		}
	}
	within("minutes", s.Minutes, mostMinutes)
	within("window", s.Window, mostWindow)
	within("floor", s.Floor, mostFloor)
	within("finalists", s.Finalists, mostFinalists)
	within("final_minutes", s.FinalMinutes, mostMinutes)
	return wrong.Err()
}

// String is the setup in the words of the trail.
func (s Setup) String() string {
	return fmt.Sprintf("%s by %s, %d min in %d, floor %d, finalists %d of %d min", s.Format, s.Way, s.Minutes, s.Window, s.Floor,
		s.Finalists, s.FinalMinutes)
}

// Round is one scoring of teams under one rubric. Another one follows where the rubric had
// to change after the first mark: all teams are then scored again. Or it is a final: it
// judges the best of the round before.
type Round struct {
	Number int
	Setup
	Closed       time.Time // zero while jurors may score
	Deliberation time.Time // from when the jury sees the ranking; zero while it is sealed
	Opened       time.Time
	Reason       string
	Ladder       Ladder // how ties end
	// Of is the round whose best are judged in this final, 0 where it is none; Teams are
	// then those that are in it.
	Of    int
	Teams []string

	version int
}

// Open says whether jurors may score.
func (r Round) Open() bool { return r.Closed.IsZero() }

// Final says whether the round judges the best of the one before.
func (r Round) Final() bool { return r.Of > 0 }

// Has says whether the team is judged in the round.
func (r Round) Has(team string) bool { return !r.Final() || slices.Contains(r.Teams, team) }

// judged keeps the teams that are in the round.
func (r Round) judged(all []TeamRef) []TeamRef {
	if !r.Final() {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(t TeamRef) bool { return !r.Has(t.ID) })
}

// SetUp says how the present round is judged. From the first mark on it takes a reason
// that everybody can read.
func (s *Service) SetUp(ctx context.Context, actor account.Actor, id edition.ID, setup Setup, reason string) error {
	if err := setup.check(); err != nil {
		return err
	}
	return s.rule(ctx, actor, id, rule{what: "setup", reason: reason, wanted: setup.String()}, func(tx *sqldb.Tx, r Round, frozen bool) (Change, error) {
		said := Change{Before: r.Setup.String(), After: setup.String()}
		if said.Before == said.After {
			return said, nil
		}
		if frozen && setup.Way != r.Way {
			return said, errs.New(errs.Conflict, "jury.needs_new_round") // what some were asked, all must be
		}
		if err := updateSetup(ctx, tx, id, r.Number, setup); err != nil {
			return said, fmt.Errorf("setting the round up: %w", err)
		}
		r.Setup = setup
		return said, s.traceRound(ctx, tx, id, r)
	})
}

// OpenFinal begins a final among the best of the present round, which must be closed and
// was set up with finalists. Teams that the ladder does not separate from the last
// finalist are in it as well: nobody is left out by chance. The rubric is the same until
// somebody changes it, before the final's first mark.
func (s *Service) OpenFinal(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		r, err := s.Ranking(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case r.Round.Open():
			return ErrOpen
		case r.Round.Finalists == 0:
			return errs.New(errs.Conflict, "jury.no_final")
		case !r.Round.Deliberation.IsZero():
			return errs.New(errs.Conflict, "jury.already_deliberating")
		}
		final := Round{Number: r.Round.Number + 1, Ladder: r.Round.Ladder, Opened: now, Of: r.Round.Number, Teams: finalists(r.Standings, r.Round.Finalists),
			Setup: Setup{Format: OnStage, Way: r.Round.Way, Minutes: r.Round.FinalMinutes}}
		if len(final.Teams) == 0 {
			return errs.New(errs.Conflict, "jury.nothing_to_rank")
		}
		if err := s.begin(ctx, tx, id, final, r.Criteria); err != nil {
			return err
		}
		if err := s.note(ctx, tx, actor, id, now, "jury.final", "edition:"+string(id), strconv.Itoa(r.Round.Number), strings.Join(final.Teams, ", ")); err != nil {
			return err
		}
		if err := s.traceRound(ctx, tx, id, final); err != nil {
			return err
		}
		return s.traceRubric(ctx, tx, id, final.Number)
	})
}

// finalists are the ids of the k best, and of those that share the last place.
func finalists(standings []Standing, k int) []string {
	var in []string
	for i, st := range standings {
		if st.Visits > 0 && (i < k || st.Rank <= k) {
			in = append(in, st.Team.ID)
		}
	}
	return in
}

// begin writes a round with the criteria it starts with.
func (s *Service) begin(ctx context.Context, tx *sqldb.Tx, id edition.ID, r Round, criteria []Criterion) error {
	if err := insertRound(ctx, tx, id, r); err != nil {
		return fmt.Errorf("opening a round: %w", err)
	}
	for _, team := range r.Teams {
		if err := insertRoundTeam(ctx, tx, id, r.Number, team); err != nil {
			return fmt.Errorf("putting a team into the final: %w", err)
		}
	}
	if err := s.replaceCriteria(ctx, tx, id, r.Number, criteria); err != nil {
		return fmt.Errorf("copying the criteria: %w", err)
	}
	return nil
}
