// Package registration is how people come to an edition: they say who they are on one
// short form, confirm it from a real letter, get a seat or a place in the waiting order,
// and may decline until the end. Organisers add people by hand or from a file.
//
// A seat is given when an address is confirmed, never before; who declines makes room for
// the first who waits. The room asks only what the event needs: there is no birth date,
// and a diet is a choice of meal, never its reason. Whether somebody came is the matter of
// the room checkin; their team that of the room team.
package registration

import (
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
)

// ID names a registration.
type ID string

// State is how far a registration has come.
type State string

// The states of a registration.
const (
	Pending   State = "pending"   // the address is not confirmed yet
	Waiting   State = "waiting"   // confirmed, and there was no seat
	Confirmed State = "confirmed" // has a seat
	Declined  State = "declined"  // will not come
	Absent    State = "absent"    // did not come, and the seat was given on
	Refused   State = "refused"   // an organiser said no
	Erased    State = "erased"    // the person asked to be forgotten
)

// States lists the states that a list of people can be filtered by.
var States = []State{Confirmed, Waiting, Pending, Declined, Absent, Refused}

// Source is how a registration came in.
type Source string

// The sources.
const (
	Form        Source = "form"
	ByOrganiser Source = "organiser"
	Import      Source = "import"
	Door        Source = "door"
)

// Profile is what a person is, as far as they say.
type Profile string

// The profiles; the empty one is "not said".
const (
	Unsaid       Profile = ""
	Student      Profile = "student"
	Professional Profile = "professional"
	OtherProfile Profile = "other"
)

// Profiles lists the profiles, "not said" last.
var Profiles = []Profile{Student, Professional, OtherProfile, Unsaid}

// Photo is whether a person may be seen on pictures. Nothing said is a no.
type Photo string

// The answers about pictures.
const (
	PhotoUnsaid Photo = ""
	PhotoYes    Photo = "yes"
	PhotoGroup  Photo = "group" // among others, not recognisable
	PhotoNo     Photo = "no"
)

// Photos lists what can be answered about pictures.
var Photos = []Photo{PhotoYes, PhotoGroup, PhotoNo}

// Meal is a choice of what to be served, never the reason for it.
type Meal string

// The meals.
const (
	Omnivore    Meal = "omnivore"
	Vegetarian  Meal = "vegetarian"
	Vegan       Meal = "vegan"
	Pescatarian Meal = "pescatarian"
	NoPork      Meal = "no_pork"
	Halal       Meal = "halal"
	Kosher      Meal = "kosher"
	GlutenFree  Meal = "gluten_free"
)

// Meals lists the choices in the order of the form.
var Meals = []Meal{Omnivore, Vegetarian, Vegan, Pescatarian, NoPork, Halal, Kosher, GlutenFree}

// Answers are what a person says on the form.
type Answers struct {
	Name    string
	Profile Profile
	Trade   string
	// Organisation is where they work or study.
	Organisation string
	// Skills holds a level from 1 to 4 for each skill of the edition that the person has.
	Skills Levels
	Meals  []Meal
	// MealNote is what the meals do not say, in the person's own words.
	MealNote string
	// With is whom they want to be with, Theme what they would like to work on.
	With, Theme string
	Photo       Photo
	News        bool
}

// Registration is one person's place in one edition.
type Registration struct {
	ID      ID
	Edition edition.ID
	Account account.ID
	// Email is the account's, "" once it is erased.
	Email  string
	State  State
	Source Source
	Answers
	// RulesAt is when the rules were accepted; zero where an organiser vouched for it.
	RulesAt   time.Time
	Created   time.Time
	Queued    time.Time
	Confirmed time.Time
	// AtDoor is since when a waiting person stands at the door; zero elsewhere.
	AtDoor time.Time
}

// Here says whether the person counts among those who come.
func (r Registration) Here() bool { return r.State == Confirmed }

// Person is what other rooms may know of somebody who has a seat.
type Person struct {
	Account account.ID
	Name    string
	Profile Profile
	Trade   string
	Skills  Levels
	// With and Theme are their wishes, in their own words.
	With, Theme string
	Meals       []Meal
	Photo       Photo
}

// How long things last and how much there may be.
const (
	mostText    = 500
	mostName    = 80
	mostLetters = 5 // to one address in letterPause
	letterPause = 30 * time.Minute
	linkLife    = 14 * 24 * time.Hour // a link confirms so long; it declines until the end
	mealsAfter  = 7 * 24 * time.Hour  // how long after the end the meals are forgotten
)

// Refusals that a caller decides on.
var (
	// ErrLink is a link of a letter that is unknown, used or too old.
	ErrLink = errs.New(errs.Invalid, "registration.link_dead")
	// ErrClosed is a registration before the opening or after the closing.
	ErrClosed = errs.New(errs.Conflict, "registration.closed")
	// ErrMoved is a change of state of somebody who is in another state by now.
	ErrMoved = errs.New(errs.Conflict, "registration.moved")
	// ErrNoSeat is a person at the door for whom no seat is free.
	ErrNoSeat = errs.New(errs.Conflict, "registration.no_seat")
	// ErrRefused is a person whom an organiser has refused; the sentence does not say so.
	ErrRefused = errs.New(errs.Conflict, "registration.ask_organiser")
)

// IsOpen says whether people may register themselves now.
func IsOpen(e edition.Edition, now time.Time) bool {
	if at, set := e.At[edition.RegistrationOpens]; set && now.Before(at) {
		return false
	}
	return !e.Has(edition.RegistrationCloses, now) && !e.Has(edition.Ends, now)
}

// tidy takes the spaces around the texts off and keeps only what is known of the choices.
func (a Answers) tidy(skills []Skill) Answers {
	a.Name = strings.Join(strings.Fields(a.Name), " ")
	a.Trade, a.MealNote = strings.TrimSpace(a.Trade), strings.TrimSpace(a.MealNote)
	a.Organisation = strings.Join(strings.Fields(a.Organisation), " ")
	a.With, a.Theme = strings.TrimSpace(a.With), strings.TrimSpace(a.Theme)
	a.Skills = a.Skills.of(skills)
	a.Meals = knownMeals(a.Meals)
	return a
}

// check says what is wrong with the answers, field by field.
func (a Answers) check(f *errs.Fields) {
	if a.Name == "" {
		f.Add("name", "error.required")
	}
	for _, text := range []struct {
		field, value string
		most         int
	}{{"name", a.Name, mostName}, {"trade", a.Trade, mostName}, {"organisation", a.Organisation, mostName}, {"meal_note", a.MealNote, mostText},
		{"with", a.With, mostText}, {"theme", a.Theme, mostText}} {
		if utf8.RuneCountInString(text.value) > text.most {
			f.Add(text.field, "registration.too_long", "most", text.most)
		}
	}
	switch a.Profile {
	case Unsaid, Student, Professional, OtherProfile:
	default:
		f.Add("profile", "registration.not_a_choice")
	}
	switch a.Photo {
	case PhotoUnsaid, PhotoYes, PhotoGroup, PhotoNo:
	default:
		f.Add("photo", "registration.not_a_choice")
	}
}

// knownMeals keeps the choices that there are, once each, in the order of the form.
func knownMeals(chosen []Meal) []Meal {
	var known []Meal
	for _, meal := range Meals {
		for _, c := range chosen {
			if c == meal {
				known = append(known, meal)
				break
			}
		}
	}
	return known
}
