// Package vote is the public's vote, apart from the jury's: a question, the projects as
// answers, one ballot a code, and a result that nobody sees before it was checked.
//
// A code comes from a badge, a letter, a printed card, the screen in the room or a poster
// in a residence. To use it and to drop the ballot into the box is one transaction, and
// nothing in the box leads back to the code. What looks odd is counted beside it, so that
// an organiser can set a source or a burst aside, with a reason that stays published,
// before knowing whom it helps.
//
// The room gives nobody a prize and knows no marks: the jury's result is elsewhere, and
// no page shows the two together.
package vote

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
)

// ID names a vote.
type ID string

// Question is what is asked.
type Question string

// The questions that are ready, and the organiser's own.
const (
	Convince Question = "convince" // which project convinces you?
	Use      Question = "use"      // which would you use?
	Own      Question = "own"
)

// Questions lists them.
var Questions = []Question{Convince, Use, Own}

// Audience is who is asked.
type Audience string

// The audiences.
const (
	Room         Audience = "room"         // whoever came
	Participants Audience = "participants" // who takes part
	Tenants      Audience = "tenants"      // people who were not there
)

// Audiences lists them.
var Audiences = []Audience{Room, Participants, Tenants}

// Source is where a code comes from.
type Source string

// The sources, from the one that says most of its holder to the one that says least.
const (
	Badge  Source = "badge"
	Letter Source = "letter"
	Paper  Source = "paper"
	Screen Source = "screen"
	Hall   Source = "hall"
)

// Sources lists them.
var Sources = []Source{Badge, Letter, Paper, Screen, Hall}

// Sources are the ways in which the audience can vote.
func (a Audience) Sources() []Source {
	switch a {
	case Room:
		return []Source{Badge, Letter, Paper, Screen}
	case Participants:
		return []Source{Badge, Letter}
	case Tenants:
		return []Source{Letter, Paper, Hall}
	}
	return nil
}

// State is how far a vote is.
type State string

// The states of a vote. Whether its result is public is a matter of time: see Poll.Public.
const (
	Planned State = "planned"
	Open    State = "open"
	Closed  State = "closed"
	Checked State = "checked"
)

// Limits of what is written and made.
const (
	MostWords  = 140
	MostLabel  = 80
	MostReason = 500
	MostWhy    = 400
	MostCards  = 600 // in one stack
	mostAreas  = 60
	mostPolls  = 20
)

// Fewest is how few ballots may be told apart: of fewer, and of an area with fewer, no
// choice is published.
const Fewest = 5

// Span is how finely the moment of a ballot is kept.
const Span = 5 * time.Minute

// Poll is one vote.
type Poll struct {
	ID       ID
	Edition  edition.ID
	Question Question
	Words    string // the organiser's own question
	Most     int    // how many one may choose; 0 is as many as one likes
	Audience Audience
	// SpareOwn keeps people from voting for their own team.
	SpareOwn bool
	AsksWhy  bool
	Areas    []string
	// Opens and Closes bound it in the edition's time; without Closes it is open until
	// somebody closes it.
	Opens, Closes time.Time
	State         State
	Checked       time.Time
	CheckedBy     account.ID
	PublishAt     time.Time

	secret string
}

// Taking says whether ballots are taken at the moment.
func (p Poll) Taking(now time.Time) bool {
	return p.State == Open && !now.Before(p.Opens) && (p.Closes.IsZero() || now.Before(p.Closes))
}

// Over says whether no ballot will be taken any more.
func (p Poll) Over(now time.Time) bool {
	return p.State == Closed || p.State == Checked || p.State == Open && !p.Closes.IsZero() && !now.Before(p.Closes)
}

// Public says whether everybody may see the result.
func (p Poll) Public(now time.Time) bool {
	return p.State == Checked && !p.PublishAt.IsZero() && !now.Before(p.PublishAt)
}

// Allows says whether a code of the source may be used in this vote.
func (p Poll) Allows(s Source) bool { return slices.Contains(p.Audience.Sources(), s) }

// Asks is the question in the reader's language, or in the organiser's words.
func (p Poll) Asks(l i18n.Locale) string {
	if p.Question == Own {
		return p.Words
	}
	return l.T("vote.question." + string(p.Question))
}

// Choice is a project that can be chosen.
type Choice struct {
	Team     string
	TeamName string
	Title    string
	Pitch    string
	Picture  string // the key of a file, or ""
	// Members are who may not choose it where teams do not vote for themselves; nobody
	// once the vote is open.
	Members []account.ID
}

// Name is what the choice is called: its title, or its team's name where there is none.
func (c Choice) Name() string {
	if c.Title != "" {
		return c.Title
	}
	return c.TeamName
}

// Plan is what an organiser fills in.
type Plan struct {
	Question Question
	Words    string
	Most     int
	Audience Audience
	SpareOwn bool
	AsksWhy  bool
	Areas    []string
	Opens    time.Time
	Closes   time.Time
}

// check trims the plan and says what is wrong with it.
func (p Plan) check() (Plan, error) {
	var f errs.Fields
	p.Words = strings.Join(strings.Fields(p.Words), " ")
	if !slices.Contains(Questions, p.Question) {
		f.Add("question", "error.required")
	}
	if p.Question != Own {
		p.Words = ""
	} else if p.Words == "" {
		f.Add("words", "error.required")
	}
	tooLong(&f, "words", p.Words, MostWords)
	if !slices.Contains(Audiences, p.Audience) {
		f.Add("audience", "error.required")
	}
	if p.Most < 0 || p.Most > 50 {
		f.Add("most", "vote.most_range")
	}
	if p.Opens.IsZero() {
		f.Add("opens", "error.required")
	}
	if !p.Closes.IsZero() && !p.Closes.After(p.Opens) {
		f.Add("closes", "vote.closes_first")
	}
	p.Areas = tidyAreas(&f, p.Areas)
	return p, f.Err()
}

// tidyAreas trims the residences and drops empty and repeated ones.
func tidyAreas(f *errs.Fields, areas []string) []string {
	var tidy []string
	for _, a := range areas {
		a = strings.Join(strings.Fields(a), " ")
		if a == "" || slices.Contains(tidy, a) {
			continue
		}
		tooLong(f, "areas", a, MostLabel)
		tidy = append(tidy, a)
	}
	if len(tidy) > mostAreas {
		f.Add("areas", "vote.areas_many", "most", mostAreas)
	}
	return tidy
}

func tooLong(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "vote.too_long", "most", most)
	}
}

// Cast is what a voter sends.
type Cast struct {
	Teams []string
	Area  string
	Why   string
}

// check says what is wrong with a ballot: too few or too many choices, one that is not
// offered, the voter's own team.
func (p Poll) check(in Cast, choices []Choice, own string) (Cast, error) {
	var f errs.Fields
	slices.Sort(in.Teams)
	in.Teams = slices.Compact(in.Teams)
	in.Why = strings.TrimSpace(in.Why)
	switch {
	case len(in.Teams) == 0:
		f.Add("choice", "vote.choose_one")
	case p.Most > 0 && len(in.Teams) > p.Most:
		f.Add("choice", "vote.too_many", "most", p.Most, "n", len(in.Teams))
	}
	for _, t := range in.Teams {
		if !slices.ContainsFunc(choices, func(c Choice) bool { return c.Team == t }) {
			f.Add("choice", "vote.not_offered")
			break
		}
		if p.SpareOwn && own != "" && t == own {
			f.Add("choice", "vote.own_team")
		}
	}
	if in.Area != "" && !slices.Contains(p.Areas, in.Area) {
		f.Add("area", "vote.not_offered")
	}
	if !p.AsksWhy {
		in.Why = ""
	}
	tooLong(&f, "why", in.Why, MostWhy)
	return in, f.Err()
}

// Refusals that callers decide on.
var (
	// ErrSpent is a code that was used before: the first ballot counts.
	ErrSpent = errs.New(errs.Conflict, "vote.spent")
	// ErrCode is a code that is none of this vote.
	ErrCode = errs.New(errs.NotFound, "vote.unknown_code")
	// ErrStale is a code of the screen that has changed since.
	ErrStale = errs.New(errs.Conflict, "vote.stale_code")
	// ErrVoid is a code that an organiser took out of use.
	ErrVoid = errs.New(errs.Conflict, "vote.void_code")
	// ErrNotOpen is a vote that takes no ballots now.
	ErrNotOpen = errs.New(errs.Conflict, "vote.not_open")
	// ErrTries is somebody who tries codes.
	ErrTries = errs.New(errs.TooMany, "vote.too_many_tries")
	// ErrStarted is a change of what people have voted on.
	ErrStarted = errs.New(errs.Conflict, "vote.started")
	// ErrState is something done to a vote that is not where it was thought to be.
	ErrState = errs.New(errs.Conflict, "vote.moved_on")
	// ErrNoProject is a vote that would open with nothing to choose from.
	ErrNoProject = errs.New(errs.Conflict, "vote.no_project")
)
