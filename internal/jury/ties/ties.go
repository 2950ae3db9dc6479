// Package ties finds what binds a juror to a team: they are in it, helped it, work for the
// same house, registered together. It decides nothing: what is found is shown to people, and
// the jury's rules say what follows from it.
package ties

import (
	"slices"
	"strings"

	"h48/internal/account"
	"h48/internal/kit/names"
)

// Kind is what binds.
type Kind string

// The kinds, the strongest first.
const (
	None         Kind = ""
	Member       Kind = "member"
	Mentored     Kind = "mentored"
	Employer     Kind = "employer"
	OwnChallenge Kind = "challenge" // the team works on the challenge of the juror's organisation
	Together     Kind = "together"  // one named the other when registering
	Domain       Kind = "domain"
)

// Team is a team with what may bind somebody to it.
type Team struct {
	ID, Challenge string
	Members       []account.ID
}

// Web is what is known of people.
type Web struct {
	Helped   map[account.ID][]string // teams, by who helped them
	Employer map[account.ID]string
	People   map[account.ID]account.Account
	With     map[account.ID][]string // whom they named when they registered
	Sponsor  map[string]string       // organisation, by challenge
}

// Tie binds a juror to a team.
type Tie struct {
	Juror  account.ID
	Team   string
	Kind   Kind
	Reason string // the organisation or domain
}

// publicMail are providers where anybody can have an address, so that sharing one means
// nothing.
var publicMail = strings.Fields(`gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr live.com live.fr
	msn.com yahoo.com yahoo.fr ymail.com icloud.com me.com mac.com orange.fr wanadoo.fr free.fr sfr.fr neuf.fr
	laposte.net bbox.fr numericable.fr aol.com gmx.com gmx.fr gmx.net proton.me protonmail.com tutanota.com
	mailo.com zoho.com yandex.com mail.com example.org example.com`)

// MailDomain is the organisation's domain of an address, "" for a public provider.
func MailDomain(email string) string {
	_, d, _ := strings.Cut(strings.ToLower(email), "@")
	if slices.Contains(publicMail, d) {
		return ""
	}
	return d
}

// Between is the strongest tie of a juror with a team, None where there is none.
func (w Web) Between(juror account.Account, team Team) (Kind, string) {
	if slices.Contains(team.Members, juror.ID) {
		return Member, ""
	}
	if slices.Contains(w.Helped[juror.ID], team.ID) {
		return Mentored, ""
	}
	own := w.Employer[juror.ID]
	for _, m := range team.Members {
		if names.Fold(own) != "" && names.Fold(own) == names.Fold(w.Employer[m]) {
			return Employer, own
		}
	}
	if names.Fold(own) != "" && names.Fold(own) == names.Fold(w.Sponsor[team.Challenge]) {
		return OwnChallenge, own
	}
	for _, m := range team.Members {
		if named(w.With[m], juror) || named(w.With[juror.ID], w.People[m]) {
			return Together, ""
		}
	}
	for _, m := range team.Members {
		if d := MailDomain(juror.Email); d != "" && d == MailDomain(w.People[m].Email) {
			return Domain, d
		}
	}
	return None, ""
}

// named says whether one of the words is the person's name or address.
func named(words []string, who account.Account) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return names.Fold(word) != "" && (names.Fold(word) == names.Fold(who.Name) || names.Fold(word) == names.Fold(who.Email))
	})
}
