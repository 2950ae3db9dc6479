// Package award is the jury's deliberation and what follows from it: which team gets
// which prize, the minutes, the results page that opens at its minute, and what became
// of each prize.
//
// The ranking proposes and the jury decides: in the ranking's order, or in another with
// a written reason that stays in the minutes; it may put a question to a vote. What the
// published ladder of ties leaves open goes to a named person who gives a reason; nothing
// is ever drawn by lot. Closed minutes are not edited, they get an addendum. To publish a
// result and to pay a prize are two different things. The package computes no score and
// breaks no tie: it asks for the ranking.
package award

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
)

// Scoring is the judging that a deliberation starts from.
type Scoring interface {
	// Close ends the scoring; closing it again is no error.
	Close(ctx context.Context, actor account.Actor, e edition.ID) error
	// Ranking computes the ranking from the marks.
	Ranking(ctx context.Context, q sqldb.Querier, e edition.ID) (Ranking, error)
	// Own computes the ranking of a prize that has a jury or rules of its own; ok is false
	// for one that follows the common ranking.
	Own(ctx context.Context, q sqldb.Querier, e edition.ID, prize PrizeID) (r Ranking, ok bool, err error)
	// Recused says which juror may not judge which teams.
	Recused(ctx context.Context, q sqldb.Querier, e edition.ID) (map[account.ID][]string, error)
	// Amended are the changes of the rules after the first mark, the oldest first.
	Amended(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Amended, error)
}

// Amended is a change of the rules of judging after the first mark.
type Amended struct {
	At     time.Time
	Reason string
	// Before and After are the rule as the trail has it.
	Before, After string
	// Say is what was changed, and the rule before and after, in a reader's words.
	Say func(l i18n.Locale) (what string, before, after []string)
}

// Tie says by which step of the published ladder a project that is exactly tied got its
// place; "" for a project that is not tied.
type Tie string

// TieOpen is a tie that the ladder leaves to a person.
const TieOpen Tie = "open"

// Step is one rung of the ladder as it was published: Kind says what it looks at, Name
// which criterion, or who decides.
type Step struct {
	Kind string `json:"kind"`
	Name string `json:"name,omitempty"`
}

// Standing is one project in the ranking.
type Standing struct {
	Team  string `json:"team"`
	Name  string `json:"name"`
	Title string `json:"title"`
	// Rank begins at 1; only projects whose tie is open share one.
	Rank  int     `json:"rank"`
	Score float64 `json:"score"`
	// Low and High are the ranks that the project may really hold.
	Low  int `json:"low"`
	High int `json:"high"`
	// PBest is how likely the project is the best one, from 0 to 1.
	PBest float64 `json:"p_best"`
	// Raw is the mean of the marks as they were given.
	Raw float64 `json:"raw"`
	// Tier numbers groups that the marks cannot tell apart; 0 where nobody says.
	Tier   int `json:"tier,omitempty"`
	Tie    Tie `json:"tie,omitempty"`
	Sheets int `json:"sheets,omitempty"`
}

// Influence is what the ranking owes to one juror.
type Influence struct {
	Account account.ID `json:"account"`
	Name    string     `json:"name"`
	Sheets  int        `json:"sheets"`
	// Severity is added to what the juror sees; negative is strict.
	Severity float64 `json:"severity"`
	// Without is the team that would be first without the juror.
	Without string `json:"without"`
	// Check says that the juror's marks do not look like the others': a question.
	Check bool `json:"check,omitempty"`
}

// Criterion is what was judged, and how much it counts.
type Criterion struct {
	Name   string `json:"name"`
	Weight int    `json:"weight"`
}

// Ranking is what the marks say.
type Ranking struct {
	Standings []Standing  `json:"standings"` // best first
	Jurors    []Influence `json:"jurors,omitempty"`
	Criteria  []Criterion `json:"criteria,omitempty"`
	// Ladder lists the steps by which ties are broken, as they were published.
	Ladder []Step `json:"ladder,omitempty"`
	// Fingerprint names the marks, the rubric and the recusals that it was computed from.
	Fingerprint string `json:"fingerprint,omitempty"`
	// Sheets of Expected were filled in.
	Sheets   int `json:"sheets,omitempty"`
	Expected int `json:"expected,omitempty"`
}

// Teams are those who compete.
type Teams interface {
	Competing(ctx context.Context, q sqldb.Querier, e edition.ID) ([]TeamRef, error)
}

// TeamRef is a team as a laureate is shown.
type TeamRef struct {
	ID      string
	Name    string
	Title   string // of the project
	Pitch   string
	Members []Member
}

// Member is a person of a team.
type Member struct {
	Account account.ID
	Name    string
}

// State is how far a deliberation has come.
type State string

// The states of a deliberation.
const (
	Waiting State = "waiting" // not open yet: the jury is still scoring
	Open    State = "open"
	Decided State = "decided"
	Closed  State = "closed"
)

// Presence is how a juror took part.
type Presence string

// The ways to take part.
const (
	Present Presence = "present"
	Absent  Presence = "absent"
	Recused Presence = "recused"
)

// Attendance is one juror in the minutes; Note says for which team they stepped back.
type Attendance struct {
	Account  account.ID
	Name     string
	Presence Presence
	Note     string
}

// Deliberation is the jury's meeting.
type Deliberation struct {
	Edition                 edition.ID
	State                   State
	Opened, Decided, Closed time.Time
	Reason                  string
	Decider, DeciderReason  string
	Guests                  string
	// Basis is the ranking that was decided upon.
	Basis Basis
	// Revealed prizes were shown on the stage; Announced says that the next one was named.
	Revealed  int
	Announced bool
	// Head is where the jury's chain stood when it was decided.
	Head string
}

// Addendum is what was added to closed minutes.
type Addendum struct {
	ID        string
	Text      string
	Actor     account.ID
	ActorName string
	At        time.Time
}
