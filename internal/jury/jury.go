// Package jury is how the jurors score: the criteria, each juror's marks and conflicts of
// interest, who has scored what, and the ranking that comes out.
//
// Marks are only ever added: a correction is a new mark, and the newest by the time it was
// given is the one that counts. A juror sees their own marks and nobody else's; the
// ranking is sealed until an organiser opens the deliberation. The room computes no
// ranking itself (engine/ranking does) and awards nothing (the award room does).
package jury

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury/heard"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// TeamRef is what the jury has to know of a team.
type TeamRef struct {
	ID      string
	Name    string
	Title   string // of its project
	Pitch   string // the project in a few lines
	Table   int    // 0 where it has none
	Members []account.ID
	// Challenge is the id of what it works on, "" where it chose none.
	Challenge string
}

// Teams says who is judged.
type Teams interface {
	// Competing lists the teams that take part, in no order that matters.
	Competing(ctx context.Context, q sqldb.Querier, id edition.ID) ([]TeamRef, error)
	// One is a team that takes part, read alone; sqldb.ErrNotFound for any other.
	One(ctx context.Context, q sqldb.Querier, id edition.ID, team string) (TeamRef, error)
}

// PitchRef is what the jury has to know of a team's pitch.
type PitchRef struct {
	Team     string
	Position int    // 0 where the team has none
	State    string // waiting, running, paused, done or absent
	Until    time.Time
	Allotted time.Duration
	Real     time.Duration // how long it took, once done
}

// On says whether the team is on the stage.
func (p PitchRef) On() bool { return p.State == "running" || p.State == "paused" }

// Stage says in which order the teams pitch.
type Stage interface {
	// Pitches are the teams' pitches by team id; a team without one is not there.
	Pitches(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string]PitchRef, error)
	// Pitch is the team's pitch, without a position where it has none.
	Pitch(ctx context.Context, q sqldb.Querier, id edition.ID, team string) (PitchRef, error)
	// OnStage is the pitch that is on the stage, without a position where there is none.
	OnStage(ctx context.Context, q sqldb.Querier, id edition.ID) (PitchRef, error)
	// Between lists the pitches from one position to another, in their order.
	Between(ctx context.Context, q sqldb.Querier, id edition.ID, from, to int) ([]PitchRef, error)
	// LiveTopic is what a page listens to that shows them.
	LiveTopic(id edition.ID) string
}

// Helpers says who helped whom before the jury.
type Helpers interface {
	// Helped lists, by account, the teams that the person has mentored.
	Helped(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID][]string, error)
	// HelpedBy lists the teams that one person has mentored.
	HelpedBy(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) ([]string, error)
}

// Employers says for whom people work or where they study.
type Employers interface {
	// Employers are the organisations by account, as each wrote it, of those people or of
	// everybody where none are named; unknown ones are not there.
	Employers(ctx context.Context, q sqldb.Querier, id edition.ID, of ...account.ID) (map[account.ID]string, error)
}

// Companions says with whom people registered.
type Companions interface {
	// ComesWith are the names and addresses that each of those people, or everybody where
	// none are named, gave as whom they come with, as they wrote them.
	ComesWith(ctx context.Context, q sqldb.Querier, id edition.ID, of ...account.ID) (map[account.ID][]string, error)
}

// Neighbours are the rooms that the jury asks. Teams is needed; the others may be nil.
type Neighbours struct {
	Teams     Teams
	Stage     Stage
	Helpers   Helpers
	Employers Employers
	// Companions are whom people said they come with.
	Companions Companions
	Prizes     Prizes
	// Challenges are what the teams work on.
	Challenges Challenges
}

// Kind says what a mark says.
type Kind string

// The kinds of mark.
const (
	Scored      Kind = "scored"
	NotObserved Kind = "not_observed" // the juror saw nothing to judge it by
	Withdrawn   Kind = "withdrawn"    // it was for another team
)

// Mark is one juror's word on one team and criterion. Marks are never altered.
type Mark struct {
	ID        string
	Juror     account.ID
	Team      string
	Criterion string
	Kind      Kind
	Value     int
	Given     time.Time  // the edition's time when the juror gave it
	Received  time.Time  // the edition's time when it came in
	EnteredBy account.ID // the juror, or who copied it from paper or moved it
	Reason    string     // of a correction by somebody else
	// Paper is the code of the sheet that it was copied from, "" for none.
	Paper string
	// Device is which of the juror's devices it was given on, and Seen the newest mark that
	// it showed of the sheet then, by when that came in; empty where it did not say.
	Device string
	Seen   time.Time
}

// newer says whether a counts rather than b: the one given later, and of two given at
// the same moment the one that came in later.
func newer(a, b Mark) bool {
	if c := a.Given.Compare(b.Given); c != 0 {
		return c > 0
	}
	return a.ID > b.ID
}

// Number is the mark's id; with the methods below it is a mark as heard.Said.
func (m Mark) Number() string { return m.ID }

// Sheet is whose sheet of which team it stands on.
func (m Mark) Sheet() sheetKey { return sheetKey{m.Juror, m.Team} }

// Line is its criterion.
func (m Mark) Line() string { return m.Criterion }

// Outdates says whether it counts rather than another of its line.
func (m Mark) Outdates(other Mark) bool { return newer(m, other) }

// Withdrawn says whether it takes back what was there.
func (m Mark) Withdrawn() bool { return m.Kind == Withdrawn }

type sheets = heard.Sheets[sheetKey, Mark, Sheet]

// Sheet is what counts of one juror's marks for one team, by criterion.
type Sheet map[string]Mark

// current keeps of all marks those that count.
func current(all []Mark) map[sheetKey]Sheet {
	return sheets{}.With(all).Count
}

type sheetKey struct {
	juror account.ID
	team  string
}

// Total is the mean of the scores weighted by the criteria's weights, criteria that were
// not observed left out; ok is false without any score.
func (s Sheet) Total(criteria []Criterion) (total float64, ok bool) {
	sum, weight := 0, 0
	for _, c := range criteria {
		if m, there := s[c.ID]; there && m.Kind == Scored {
			sum += c.Weight * m.Value
			weight += c.Weight
		}
	}
	if weight == 0 {
		return 0, false
	}
	return float64(sum) / float64(weight), true
}

// Complete says whether every criterion has an answer.
func (s Sheet) Complete(criteria []Criterion) bool {
	for _, c := range criteria {
		if _, there := s[c.ID]; !there {
			return false
		}
	}
	return len(criteria) > 0
}

// Presence says whether a juror's marks are waited for and count.
type Presence string

// The presences of a juror.
const (
	Present  Presence = "present"
	Absent   Presence = "absent"   // no longer waited for; what was marked counts
	Excluded Presence = "excluded" // what was marked does not count
)

// Juror is a member of the jury.
type Juror struct {
	Account  account.Account
	Presence Presence
	Reason   string // of an absence or exclusion
	Briefed  time.Time
	Head     bool // of the jury: see Leads
	// Organisation is for whom the juror works, as they wrote it.
	Organisation string
}

// Refusals that callers decide on.
var (
	ErrClosed   = errs.New(errs.Conflict, "jury.closed")
	ErrOpen     = errs.New(errs.Conflict, "jury.still_open")
	errMoved    = errs.New(errs.Conflict, "jury.changed_meanwhile")
	ErrRecused  = errs.New(errs.Forbidden, "jury.recused")
	ErrSealed   = errs.New(errs.Forbidden, "jury.sealed")
	ErrNotJuror = errs.New(errs.Forbidden, "jury.not_juror")
)

// Topic is what the pages of the jury listen to.
func Topic(id edition.ID) string { return "jury:" + string(id) }
