// Package feedback is what the teams hear from the jury after the results: the words that
// jurors marked for them, and their own profile by criterion.
//
// An organiser reads the words over and may withhold one, with a reason, before all are
// released. A team sees its own means and how far its jurors were apart; never another
// team's, never a rank, and never who said what unless the juror agreed. The room keeps no
// words and no marks: those are the jury's.
package feedback

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// fewest is from how many jurors on a profile is shown: a mean of two is two marks.
const fewest = 3

// Refusals that callers decide on.
var (
	ErrNotYet   = errs.New(errs.Conflict, "feedback.not_yet")
	ErrReleased = errs.New(errs.Conflict, "feedback.released")
)

// Topic is what the pages of this room listen to.
func Topic(id edition.ID) string { return "feedback:" + string(id) }

// Results says whether everybody may read them.
type Results interface {
	Public(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (bool, error)
}

// Teams says whom the jury judged.
type Teams interface {
	Competing(ctx context.Context, q sqldb.Querier, id edition.ID) ([]jury.TeamRef, error)
}

// Word is a juror's word as an organiser reads it over.
type Word struct {
	jury.Word
	Team     jury.TeamRef
	Juror    string
	Withheld bool
	Reason   string // of what was last decided on it
}

// Line is one criterion of a team's profile.
type Line struct {
	Criterion jury.Criterion
	Jurors    int
	Mean      float64
	Low, High float64 // one standard deviation around the mean, within the scale
}

// Said is a word as its team reads it.
type Said struct {
	Text string
	By   string // "" where the juror gave no name
}

// Sheet is what one team hears.
type Sheet struct {
	Team    jury.TeamRef
	Words   []Said
	Profile []Line // empty where too few jurors scored the team
}

// Service is what can be done with the jury's words for the teams.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	accounts *account.Service
	jury     *jury.Service
	teams    Teams
	results  Results
	hub      *live.Hub
	trail    *trail.Trail
}

// NewService returns the service.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, j *jury.Service, teams Teams,
	results Results, hub *live.Hub, t *trail.Trail) *Service {
	return &Service{db: db, ids: source, editions: editions, accounts: accounts, jury: j, teams: teams, results: results, hub: hub, trail: t}
}

// Review lists the words for an organiser to read over, by team, and when they were
// released, zero while they are not.
func (s *Service) Review(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Word, time.Time, error) {
	released, err := releasedAt(ctx, q, id)
	if err != nil {
		return nil, released, err
	}
	words, err := s.jury.WordsForTeams(ctx, q, id)
	if err != nil {
		return nil, released, err
	}
	teams, err := s.teams.Competing(ctx, q, id)
	if err != nil {
		return nil, released, fmt.Errorf("listing the teams: %w", err)
	}
	reviews, err := listReviews(ctx, q, id)
	if err != nil {
		return nil, released, fmt.Errorf("reading what was decided on words: %w", err)
	}
	var writers []account.ID
	for _, w := range words {
		writers = append(writers, w.Juror)
	}
	people, err := s.accounts.Of(ctx, q, writers)
	if err != nil {
		return nil, released, err
	}
	var all []Word
	for _, w := range words {
		i := slices.IndexFunc(teams, func(t jury.TeamRef) bool { return t.ID == w.Team })
		if i < 0 {
			continue // it no longer takes part
		}
		r := reviews[w.ID]
		all = append(all, Word{Word: w, Team: teams[i], Juror: people[w.Juror].Name, Withheld: r.withheld, Reason: r.reason})
	}
	slices.SortStableFunc(all, func(a, b Word) int {
		return cmp.Or(strings.Compare(a.Team.Name, b.Team.Name), strings.Compare(a.Team.ID, b.Team.ID))
	})
	return all, released, nil
}

// Withhold keeps a word from its team, for a reason; Let lets it go after all. Neither is
// possible once the words are released.
func (s *Service) Withhold(ctx context.Context, actor account.Actor, id edition.ID, word, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	return s.decide(ctx, actor, id, word, review{withheld: true, reason: reason})
}

// Let takes a Withhold back.
func (s *Service) Let(ctx context.Context, actor account.Actor, id edition.ID, word string) error {
	return s.decide(ctx, actor, id, word, review{})
}

func (s *Service) decide(ctx context.Context, actor account.Actor, id edition.ID, word string, r review) error {
	return s.change(ctx, actor, id, func(tx *sqldb.Tx, _ edition.Edition, now time.Time) error {
		words, released, err := s.Review(ctx, tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(words, func(w Word) bool { return w.ID == word })
		switch {
		case !released.IsZero():
			return ErrReleased
		case i < 0:
			return sqldb.ErrNotFound
		}
		if err := insertReview(ctx, tx, id, s.ids.ID(), word, r, actor.ID, now); err != nil {
			return fmt.Errorf("deciding on a word: %w", err)
		}
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "feedback.reviewed",
			Subject: "word:" + word, Before: fmt.Sprint(words[i].Withheld), After: strings.TrimSpace(fmt.Sprint(r.withheld, " ", r.reason)), EditionAt: now})
	})
}

// Release gives the teams their pages. The results must be public.
func (s *Service) Release(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.change(ctx, actor, id, func(tx *sqldb.Tx, e edition.Edition, now time.Time) error {
		open, err := s.results.Public(ctx, tx, e, now)
		if err != nil {
			return fmt.Errorf("asking whether the results are public: %w", err)
		}
		if !open {
			return ErrNotYet
		}
		first, err := insertRelease(ctx, tx, id, actor.ID, now)
		if err != nil {
			return fmt.Errorf("releasing the words: %w", err)
		}
		if !first {
			return ErrReleased
		}
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "feedback.released",
			Subject: "edition:" + string(id), EditionAt: now})
	})
}

func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, do func(tx *sqldb.Tx, e edition.Edition, now time.Time) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return do(tx, e, now)
	})
}

// Mine is what the actor's team hears: ErrNotYet before the release, sqldb.ErrNotFound for
// who is in no team that was judged.
func (s *Service) Mine(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) (Sheet, error) {
	teams, err := s.teams.Competing(ctx, q, id)
	if err != nil {
		return Sheet{}, fmt.Errorf("listing the teams: %w", err)
	}
	i := slices.IndexFunc(teams, func(t jury.TeamRef) bool { return slices.Contains(t.Members, actor.ID) })
	if i < 0 {
		return Sheet{}, sqldb.ErrNotFound
	}
	sheet := Sheet{Team: teams[i]}
	words, released, err := s.Review(ctx, q, id)
	if err != nil {
		return sheet, err
	}
	if released.IsZero() {
		return sheet, ErrNotYet
	}
	mine := slices.DeleteFunc(words, func(w Word) bool { return w.Team.ID != sheet.Team.ID || w.Withheld })
	// An order that says nothing of the jurors': neither names nor who wrote first.
	slices.SortFunc(mine, func(a, b Word) int { return strings.Compare(shuffled(a.ID), shuffled(b.ID)) })
	for _, w := range mine {
		said := Said{Text: w.Text}
		if w.Named {
			said.By = w.Juror
		}
		sheet.Words = append(sheet.Words, said)
	}
	sheet.Profile, err = s.profile(ctx, q, id, sheet.Team.ID)
	return sheet, err
}

func shuffled(word string) string {
	sum := sha256.Sum256([]byte("feedback " + word))
	return string(sum[:])
}

func (s *Service) profile(ctx context.Context, q sqldb.Querier, id edition.ID, team string) ([]Line, error) {
	criteria, err := s.jury.Criteria(ctx, q, id)
	if err != nil {
		return nil, err
	}
	e, err := s.jury.Event(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("reading the marks that count: %w", err)
	}
	var all []Line
	for _, c := range criteria {
		var scores []float64
		for _, v := range e.Visits {
			if score, given := v.Scores[c.ID]; given && v.Project == team {
				scores = append(scores, score)
			}
		}
		if len(scores) >= fewest {
			all = append(all, line(c, scores))
		}
	}
	return all, nil
}

// line is the mean of the scores and one standard deviation of them to either side, within
// the scale.
func line(c jury.Criterion, scores []float64) Line {
	n, sum, squares := float64(len(scores)), 0.0, 0.0
	for _, s := range scores {
		sum += s
	}
	mean := sum / n
	for _, s := range scores {
		squares += (s - mean) * (s - mean)
	}
	sd := math.Sqrt(squares / (n - 1))
	return Line{Criterion: c, Jurors: len(scores), Mean: mean, Low: max(float64(c.Min), mean-sd), High: min(float64(c.Max), mean+sd)}
}

// review is what was decided on a word.
type review struct {
	withheld bool
	reason   string
}

// listReviews are the newest by word.
func listReviews(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string]review, error) {
	type row struct {
		word string
		review
	}
	rows, err := sqldb.All(ctx, q, func(r *row) []any { return []any{&r.word, &r.withheld, &r.reason} },
		`SELECT word_id, withheld, reason FROM feedback_reviews WHERE edition_id = $1 ORDER BY id`, id)
	all := map[string]review{}
	for _, r := range rows {
		all[r.word] = r.review
	}
	return all, err
}

func insertReview(ctx context.Context, tx *sqldb.Tx, id edition.ID, row, word string, r review, by account.ID, now time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO feedback_reviews (id, edition_id, word_id, withheld, reason, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, row, id, word, r.withheld, r.reason, by, sqldb.Micros(now))
	return err
}

// releasedAt is zero while the words are not released.
func releasedAt(ctx context.Context, q sqldb.Querier, id edition.ID) (time.Time, error) {
	at, err := sqldb.One(ctx, q, func(t *time.Time) []any { return []any{sqldb.Moment{Time: t}} },
		`SELECT made_at FROM feedback_releases WHERE edition_id = $1`, id)
	if errors.Is(err, sqldb.ErrNotFound) {
		return time.Time{}, nil
	}
	return at, err
}

func insertRelease(ctx context.Context, tx *sqldb.Tx, id edition.ID, by account.ID, now time.Time) (first bool, err error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO feedback_releases (edition_id, made_by, made_at) VALUES ($1, $2, $3)
		ON CONFLICT (edition_id) DO NOTHING`, id, by, sqldb.Micros(now))
	return n == 1, err
}
