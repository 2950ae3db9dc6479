// Package link is how a juror enters without an account: a personal link with its QR code
// and a short code that can be said aloud, on a printed card or in a letter. It says who
// somebody is and nothing of what they may do: that stays with the jury.
package link

import (
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
)

// How a code is guarded: of 30^6 codes a jury has a dozen.
const (
	codeLength = 6
	mostMisses = 60 // of all visitors together, in missWindow
	missWindow = 10 * time.Minute
)

// Way is how a link reaches its juror. A new one takes the place of the older one of its
// way alone: a letter does not kill the card that was handed out in the morning.
type Way string

// The ways of a link.
const (
	Card   Way = "card"
	Letter Way = "letter"
)

// Link is a juror's personal way in, as it can be shown once: the address and the code
// are not kept.
type Link struct {
	Juror jury.Juror
	URL   string
	Code  string
}

// State is what is known afterwards of a link that works.
type State struct {
	Made, Used time.Time // Used is the last time, zero for never
}

// Entry is a juror with the links that work, by their way.
type Entry struct {
	Juror jury.Juror
	Ways  map[Way]State
}

// Opened is when one of the links was last used, zero for never.
func (e Entry) Opened() time.Time {
	var last time.Time
	for _, s := range e.Ways {
		if s.Used.After(last) {
			last = s.Used
		}
	}
	return last
}

// ErrDead is a link that opens nothing any more.
var ErrDead = errs.New(errs.Gone, "link.dead")

var errWrongCode = errs.Fields{{Name: "code", Key: "link.code_wrong"}}

// spoken is a code as it is kept, however it was typed.
func spoken(code string) string {
	return strings.ToUpper(strings.Join(strings.FieldsFunc(code, func(r rune) bool { return r == ' ' || r == '-' || r == '.' || r == '\u00a0' }), ""))
}

// alive says whether the link opens anything in the edition for somebody with the roles.
func (l row) alive(e edition.Edition, roles edition.Roles, now time.Time) bool {
	return l.revoked.IsZero() && e.State != edition.Archived && !e.Has(edition.Ends, now) && roles.Has(edition.Juror)
}

func find(all []jury.Juror, who account.ID) (jury.Juror, bool) {
	for _, j := range all {
		if j.Account.ID == who {
			return j, true
		}
	}
	return jury.Juror{}, false
}

// without are the jurors who have no link of the way, of those who are waited for.
func without(all []Entry, way Way) []account.ID {
	var out []account.ID
	for _, e := range all {
		if _, has := e.Ways[way]; !has && e.Juror.Presence == jury.Present {
			out = append(out, e.Juror.Account.ID)
		}
	}
	return out
}
