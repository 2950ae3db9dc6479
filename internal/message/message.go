// Package message is the organisers' voice: an announcement that everybody's open page
// shows at once, to all or to some, and that goes out by e-mail as well where it should.
//
// An announcement is never edited: what was read was read. It is taken down, or expires.
// Who has pressed "seen" no longer has it before them, and is counted. The room carries
// no conversation and no answer.
package message

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/edition"
	"h48/internal/kit/errs"
)

// ID names an announcement.
type ID string

// Level is how loudly it speaks.
type Level string

// The levels. Urgent ones are for the wall as well.
const (
	Info   Level = "info"
	Now    Level = "now"
	Urgent Level = "urgent"
)

// Levels lists the levels.
var Levels = []Level{Info, Now, Urgent}

// Audience is for whom it is.
type Audience string

// The audiences. Everyone is the public too.
const (
	Everyone     Audience = "everyone"
	Participants Audience = "participants"
	Mentors      Audience = "mentors"
	Jurors       Audience = "jurors"
	Crew         Audience = "crew"
	Partners     Audience = "partners"
)

// Audiences lists the audiences.
var Audiences = []Audience{Everyone, Participants, Mentors, Jurors, Crew, Partners}

// audiences are those that an event of the kind has.
func audiences(kind edition.Kind) []Audience {
	return slices.DeleteFunc(slices.Clone(Audiences), func(a Audience) bool { return role[a] != "" && !slices.Contains(kind.Roles(), role[a]) })
}

// role is whom the audience names; "" is every member.
var role = map[Audience]edition.Role{Participants: edition.Participant, Mentors: edition.Mentor, Jurors: edition.Juror,
	Crew: edition.Crew, Partners: edition.Partner}

// Reaches says whether somebody with the roles belongs to the audience. Organisers hear
// everything that is said.
func (a Audience) Reaches(roles edition.Roles) bool {
	return a == Everyone || roles.Has(edition.Organiser, role[a])
}

// MostText is how long an announcement may be, in characters: it is read while walking.
const MostText = 400

// longest is how long an announcement may stand.
const longest = 7 * 24 * time.Hour

// Announcement is something that was said.
type Announcement struct {
	ID       ID
	Edition  edition.ID
	Text     string
	Level    Level
	Audience Audience
	By       string
	// Sent, Expires and Ended are in the edition's time; Expires and Ended may be zero.
	Sent, Expires, Ended time.Time
	// Job sends it by e-mail; "" where it does not.
	Job string
	// Seen of Reached people have pressed "seen".
	Seen, Reached int
}

// Stands says whether it is before its readers' eyes.
func (a Announcement) Stands(now time.Time) bool {
	return a.Ended.IsZero() && !now.Before(a.Sent) && (a.Expires.IsZero() || now.Before(a.Expires))
}

// Draft is what an organiser writes.
type Draft struct {
	Text     string
	Level    Level
	Audience Audience
	// For is how long it stands; 0 until it is taken down.
	For time.Duration
	// Email sends it to each one's address as well.
	Email bool
}

func (d Draft) check() (Draft, error) {
	d.Text = strings.TrimSpace(d.Text)
	var f errs.Fields
	if d.Text == "" {
		f.Add("text", "error.required")
	} else if utf8.RuneCountInString(d.Text) > MostText {
		f.Add("text", "message.too_long", "most", MostText)
	}
	if !slices.Contains(Levels, d.Level) {
		f.Add("level", "message.level_unknown")
	}
	if !slices.Contains(Audiences, d.Audience) {
		f.Add("audience", "message.audience_unknown")
	}
	if d.For < 0 || d.For > longest {
		f.Add("minutes", "message.for_range")
	}
	return d, f.Err()
}

// sort puts the loudest first, then the newest.
func sort(all []Announcement) {
	slices.SortStableFunc(all, func(a, b Announcement) int {
		if a.Level != b.Level {
			return slices.Index(Levels, b.Level) - slices.Index(Levels, a.Level)
		}
		return b.Sent.Compare(a.Sent)
	})
}

// ErrEnded is an announcement that is no longer before anybody's eyes.
var ErrEnded = errs.New(errs.Conflict, "message.ended")
