// Package certificate writes what people take home: certificates of participation,
// laureates' diplomas, and thanks to mentors, jurors and crew.
//
// Each is one sheet, tagged, with a code that anyone can verify. What is kept of it is
// the code, the kind and initials; the name is read when the sheet is made. The package
// decides nobody's prize and counts nobody's hours: it asks for the facts.
package certificate

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
)

// Person is somebody who was there, as the certificates need them.
type Person struct {
	Account account.ID
	Name    string
	Email   string
	Lang    i18n.Lang // of the person; "" for the edition's
	Role    edition.Role
	Team    string // "" for who has none
	// Arrived says whether they came; Hours how long they stayed, 0 where nobody knows.
	Arrived bool
	Hours   int
}

// Laureate is one person of a team that won.
type Laureate struct {
	Account account.ID
	Name    string
	PrizeID string
	Prize   string
	Project string
	Team    string
}

// People are the facts that certificates tell.
type People interface {
	// People lists who is in the edition, one entry a person and role.
	People(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Person, error)
	// Laureates lists who won, and whether everybody may know it.
	Laureates(ctx context.Context, q sqldb.Querier, e edition.ID) (won []Laureate, public bool, err error)
}

// Kind is what a sheet certifies.
type Kind string

// The kinds of sheet.
const (
	Participation Kind = "participation"
	Diploma       Kind = "diploma"
	Thanks        Kind = "thanks"
)

// Kinds lists the kinds of sheet.
var Kinds = []Kind{Participation, Diploma, Thanks}

// Claim is what a person has a right to: a sheet that may have been made or not.
type Claim struct {
	Account account.ID
	Name    string
	Email   string
	Lang    i18n.Lang
	Kind    Kind
	// Subject tells two claims of a kind apart: the prize's id, or the role.
	Subject string
	Role    edition.Role
	Team    string
	Hours   int
	Prize   string
	Project string
}

// Certificate is a claim that was issued under a code.
type Certificate struct {
	ID       string
	Edition  edition.ID
	Account  account.ID
	Kind     Kind
	Subject  string
	Code     string
	Initials string
	Issued   time.Time
	// Revoked is when it was withdrawn, for the reason; zero while it holds.
	Revoked    time.Time
	RevokedFor string
}

// Former is a code whose sheet a corrected one replaced.
type Former struct {
	Code        string
	Certificate string
	Issued      time.Time
	Replaced    time.Time
	Reason      string
}

// thanked are the roles that thanks go to.
var thanked = []edition.Role{edition.Mentor, edition.Juror, edition.Crew, edition.Speaker}

// claims lists what the people have a right to: participants who came, laureates, and
// those who helped.
func claims(people []Person, won []Laureate) []Claim {
	var all []Claim
	known := map[account.ID]Person{}
	for _, p := range people {
		known[p.Account] = p
	}
	for _, l := range won {
		all = append(all, Claim{Account: l.Account, Name: l.Name, Email: known[l.Account].Email, Lang: known[l.Account].Lang, Kind: Diploma, Subject: l.PrizeID, Team: l.Team, Prize: l.Prize, Project: l.Project})
	}
	for _, p := range people {
		switch {
		case p.Role == edition.Participant && p.Arrived:
			all = append(all, Claim{Account: p.Account, Name: p.Name, Email: p.Email, Lang: p.Lang, Kind: Participation, Role: p.Role, Team: p.Team, Hours: p.Hours})
		case slices.Contains(thanked, p.Role):
			all = append(all, Claim{Account: p.Account, Name: p.Name, Email: p.Email, Lang: p.Lang, Kind: Thanks, Subject: string(p.Role), Role: p.Role})
		}
	}
	return all
}

// Initials are the first letters of the names, at most four: "Jean-Luc Exemple" is
// "J. L. E.".
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && c != '\'' && c != '’' })
	var all []string
	for _, w := range words[:min(len(words), 4)] {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, "'’"))
		if unicode.IsLetter(first) {
			all = append(all, string(unicode.ToUpper(first))+".")
		}
	}
	return strings.Join(all, " ")
}
