// Package edition is one event: its name, place and hours, its people's roles, its words
// of the house, and its clock.
//
// An edition is of a kind: a hackathon, an inauguration, a staff day. What happens in it
// belongs to other rooms; they ask here who may do what and what time it is. The
// edition's time is the wall's, unless an organiser rehearses: then it starts, speeds up,
// stands still and jumps as they like, and everything in the event follows.
package edition

import (
	"regexp"
	"slices"
	"time"
	_ "time/tzdata" // an edition's zone must be there on a machine without a zone database

	"h48/internal/account"
	"h48/internal/kit/clock"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
)

// ID names an edition.
type ID string

// Kind is what sort of event an edition is.
type Kind string

// The kinds of event.
const (
	Hackathon    Kind = "hackathon"
	Inauguration Kind = "inauguration"
	StaffDay     Kind = "staff_day"
	Other        Kind = "other"
)

// Competes says whether teams work on projects that a jury judges. At an inauguration and
// on a staff day people are together, and no page speaks of teams.
func (k Kind) Competes() bool { return k != Inauguration && k != StaffDay }

// gatheringMoments are the moments that every event may have; the others belong to teams.
var gatheringMoments = []Moment{RegistrationOpens, RegistrationCloses, Doors, Starts, Ends}

// Moments are those that an event of this kind may have, in their order.
func (k Kind) Moments() []Moment {
	if k.Competes() {
		return Moments
	}
	return gatheringMoments
}

// Roles are those that an event of this kind has a use for.
func (k Kind) Roles() []Role {
	if k.Competes() {
		return AllRoles
	}
	return slices.DeleteFunc(slices.Clone(AllRoles), func(r Role) bool { return r == Mentor || r == Juror })
}

// State is how far an edition is open to others.
type State string

// The states of an edition.
const (
	Draft     State = "draft"
	Published State = "published"
	Archived  State = "archived"
)

// Moment is a point of the edition's time with a meaning.
type Moment string

// The moments of an edition, in their order.
const (
	RegistrationOpens  Moment = "registration_opens"
	RegistrationCloses Moment = "registration_closes"
	Doors              Moment = "doors"
	Teams              Moment = "teams"
	Starts             Moment = "starts"  // the clock opens
	HandIn             Moment = "hand_in" // the deadline
	Pitches            Moment = "pitches"
	Deliberation       Moment = "deliberation"
	Results            Moment = "results" // the public results page opens
	Ends               Moment = "ends"
)

// Moments lists the moments in their order.
var Moments = []Moment{RegistrationOpens, RegistrationCloses, Doors, Teams, Starts, HandIn, Pitches, Deliberation, Results, Ends}

// Phase is what an edition is busy with between two moments.
type Phase string

// The phases, in their order.
const (
	Announced   Phase = "announced"
	Registering Phase = "registering"
	Preparing   Phase = "preparing"
	CheckingIn  Phase = "checking_in"
	Teaming     Phase = "teaming"
	Working     Phase = "working"
	HandedIn    Phase = "handed_in"
	Pitching    Phase = "pitching"
	Judging     Phase = "judging"
	Awarding    Phase = "awarding"
	After       Phase = "after"
)

// Edition is one event.
type Edition struct {
	ID      ID
	Slug    string
	Kind    Kind
	State   State
	Name    string
	Tagline string
	// Theme, Practical and Rules are Markdown.
	Theme, Practical, Rules string
	Place                   string
	Host                    string // the organisation that holds it
	Contact                 string
	Zone                    *time.Location
	Lang                    i18n.Lang
	Accent                  string // #rrggbb, or "" for the house's colour
	LogoKey                 string
	Words                   map[string]string // the words of the house: a catalogue key → text
	Seats                   int               // 0 is no limit
	TeamMin, TeamMax        int
	Grace                   time.Duration // after the hand-in's deadline
	ClonedFrom              ID
	Created                 time.Time
	Pace                    clock.Pace
	At                      map[Moment]time.Time // a moment that is not set is not there
}

// URL is the edition's address on this site, without a slash at its end.
func (e Edition) URL() string { return "/e/" + e.Slug }

// Now is the edition's time at a moment of the wall clock.
func (e Edition) Now(wall time.Time) time.Time { return e.Pace.At(wall) }

// Has says whether the moment is set and has come.
func (e Edition) Has(m Moment, now time.Time) bool {
	at, set := e.At[m]
	return set && !now.Before(at)
}

// starts says which phase begins at which moment.
var starts = []struct {
	at    Moment
	phase Phase
}{
	{RegistrationOpens, Registering}, {RegistrationCloses, Preparing}, {Doors, CheckingIn}, {Teams, Teaming},
	{Starts, Working}, {HandIn, HandedIn}, {Pitches, Pitching}, {Deliberation, Judging}, {Results, Awarding}, {Ends, After},
}

// Phase says what the edition is busy with.
func (e Edition) Phase(now time.Time) Phase {
	phase := Announced
	for _, s := range starts {
		if e.Has(s.at, now) {
			phase = s.phase
		}
	}
	return phase
}

// Role is what a person is in an edition; one person may have several.
type Role string

// The roles.
const (
	Organiser   Role = "organiser"
	Crew        Role = "crew"
	Participant Role = "participant"
	Mentor      Role = "mentor"
	Speaker     Role = "speaker"
	Juror       Role = "juror"
	Partner     Role = "partner"
)

// AllRoles lists the roles.
var AllRoles = []Role{Organiser, Crew, Participant, Mentor, Speaker, Juror, Partner}

// Roles are a person's roles in one edition.
type Roles []Role

// Has says whether one of the wanted roles is there.
func (r Roles) Has(wanted ...Role) bool {
	return slices.ContainsFunc(wanted, func(w Role) bool { return slices.Contains(r, w) })
}

// Member is a person with a role.
type Member struct {
	Account account.Account
	Role    Role
}

// Partner organisation, with its logo on the public page.
type PartnerOrg struct {
	ID      string
	Name    string
	URL     string
	LogoKey string
}

// Refusals that callers decide on.
var (
	ErrForbidden = errs.New(errs.Forbidden, "error.forbidden")
	ErrSlugTaken = errs.New(errs.Conflict, "edition.slug_taken")
)

var slugForm = regexp.MustCompile(`^[a-z0-9](-?[a-z0-9]+){0,60}$`)

var accentForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Check says what is wrong with the edition, field by field.
func (e Edition) Check() error {
	var f errs.Fields
	if e.Name == "" {
		f.Add("name", "error.required")
	}
	if !slugForm.MatchString(e.Slug) {
		f.Add("slug", "edition.slug_form")
	}
	if e.Accent != "" && !accentForm.MatchString(e.Accent) {
		f.Add("accent", "edition.accent_form")
	}
	if e.Seats < 0 || e.Seats > 100_000 {
		f.Add("seats", "edition.seats_range")
	}
	if e.TeamMin < 1 || e.TeamMax < e.TeamMin || e.TeamMax > 50 {
		f.Add("team_max", "edition.team_range")
	}
	if e.Grace < 0 || e.Grace > 24*time.Hour {
		f.Add("grace", "edition.grace_range")
	}
	e.checkMoments(&f)
	return f.Err()
}

// checkMoments finds a moment that stands before the one it follows.
func (e Edition) checkMoments(f *errs.Fields) {
	if e.At[Starts].IsZero() {
		f.Add(string(Starts), "error.required")
		return
	}
	last := time.Time{}
	for _, m := range Moments {
		at, set := e.At[m]
		if !set {
			continue
		}
		if at.Before(last) {
			f.Add(string(m), "edition.moment_order", "after", last)
			return
		}
		last = at
	}
}
