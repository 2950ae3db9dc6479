// Package account knows people: who has an e-mail address, who is signed in, and how
// they sign in by a link in a letter.
//
// A person has one account, whatever roles they have in whatever editions; roles are the
// edition's matter. There are no passwords.
package account

import (
	"net/mail"
	"strings"
	"time"

	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
)

// ID names an account.
type ID string

// Account is a person.
type Account struct {
	ID    ID
	Email string
	Name  string
	Lang  i18n.Lang
	// Admin may create editions and look after the installation.
	Admin   bool
	Created time.Time
	Erased  time.Time
}

// Actor is who does something: a person, the public (the zero Actor), or the program
// itself in a job.
type Actor struct {
	ID    ID
	Name  string
	Email string
	Lang  i18n.Lang
	Admin bool
	// Program is the actor of jobs: it may do all that a job does for somebody.
	Program bool
}

// Program is the actor of work that nobody does by hand.
var Program = Actor{Name: "H48", Program: true}

// Public says whether nobody is signed in.
func (a Actor) Public() bool { return a.ID == "" && !a.Program }

// Actor returns the account as one who does something.
func (a Account) Actor() Actor {
	return Actor{ID: a.ID, Name: a.Name, Email: a.Email, Lang: a.Lang, Admin: a.Admin}
}

// How long things last.
const (
	LinkLife    = 30 * time.Minute
	SessionLife = 60 * 24 * time.Hour
	mostMisses  = 5
	mostLinks   = 5 // to one address in LinkLife
)

// Refusals that a caller decides on.
var (
	// ErrLink is a link or a code that is used, expired or wrong.
	ErrLink = errs.New(errs.Invalid, "account.link_dead")
	// ErrTooManyLinks is a sixth letter to one address in half an hour.
	ErrTooManyLinks = errs.New(errs.TooMany, "account.too_many_links")
)

// ParseEmail returns the address without the name around it and the key under which it
// is one account: folded, since nobody has two mailboxes that differ by case. ok is
// false for what no letter can be sent to.
func ParseEmail(text string) (email, key string, ok bool) {
	address, err := mail.ParseAddress(strings.TrimSpace(text))
	if err != nil || len(address.Address) > 254 || !strings.Contains(address.Address, ".") {
		return "", "", false
	}
	return address.Address, strings.ToLower(address.Address), true
}
