// Package project is what the teams make: a draft that keeps itself, and the versions
// that they hand in before the deadline.
//
// The server's clock decides what is on time, to the second; the organisers' grace and
// their decisions for one team are kept beside each version. A version is on disk before
// it is acknowledged and is never altered. Two members who write at once never overwrite
// each other: what cannot be joined is kept twice and shown side by side. The package
// judges nothing and shows nobody a project before it is published.
package project

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/team"
)

// ID names a project, ChallengeID a challenge, FileID a file.
type (
	ID          string
	ChallengeID string
	FileID      string
)

// Limits of what a team hands in. Lengths are in characters, but for the description:
// rendering Markdown takes time that grows with its bytes.
const (
	MaxTitle       = 100
	MaxPitch       = 140
	MaxDescription = 10_000
	MaxLinks       = 5
	MaxFiles       = 10
	MaxFile        = 25_000_000 // bytes of one file
)

// Link is an address that belongs to a project.
type Link struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// Content is what a team says of its project.
type Content struct {
	Title       string      `json:"title"`
	Pitch       string      `json:"pitch"`       // one line
	Description string      `json:"description"` // Markdown
	Challenge   ChallengeID `json:"challenge"`
	Links       []Link      `json:"links"`
}

// Equal says whether two contents are the same.
func (c Content) Equal(o Content) bool {
	return c.Title == o.Title && c.Pitch == o.Pitch && c.Description == o.Description && c.Challenge == o.Challenge &&
		slices.Equal(c.Links, o.Links)
}

// tidy trims what was typed and drops empty links.
func (c Content) tidy() Content {
	c.Title, c.Pitch = strings.Join(strings.Fields(c.Title), " "), strings.Join(strings.Fields(c.Pitch), " ")
	c.Description = strings.TrimSpace(strings.ReplaceAll(c.Description, "\r\n", "\n"))
	var links []Link
	for _, l := range c.Links {
		if l.Label, l.URL = strings.TrimSpace(l.Label), strings.TrimSpace(l.URL); l.Label != "" || l.URL != "" {
			links = append(links, l)
		}
	}
	c.Links = links
	return c
}

// checkSizes refuses what is too long to be kept: the only rule for a draft.
func (c Content) checkSizes(f *errs.Fields) {
	for _, field := range []struct {
		name string
		n    int
		most int
	}{
		{"title", utf8.RuneCountInString(c.Title), MaxTitle}, {"pitch", utf8.RuneCountInString(c.Pitch), MaxPitch},
		{"description", len(c.Description), MaxDescription},
	} {
		if field.n > field.most {
			f.Add(field.name, "project.too_long", "max", field.most, "n", field.n)
		}
	}
	if len(c.Links) > MaxLinks {
		f.Add("links", "project.too_many_links", "max", MaxLinks)
	}
	for _, l := range c.Links {
		if len(l.URL) > 2000 || len(l.Label) > 200 {
			f.Add("links", "project.link_long")
			return
		}
	}
}

// check says what keeps the content from being handed in: little, so that nobody is
// stopped in the last minute.
func (c Content) check() error {
	var f errs.Fields
	c.checkSizes(&f)
	if c.Title == "" {
		f.Add("title", "error.required")
	}
	if c.Pitch == "" {
		f.Add("pitch", "error.required")
	}
	for _, l := range c.Links {
		if !isWeb(l.URL) {
			f.Add("links", "error.url")
			break
		}
	}
	return f.Err()
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// Project is what a team works on.
type Project struct {
	ID      ID
	Edition edition.ID
	Team    team.ID
	Draft   Content
	// Revision of the draft grows with each saving.
	Revision int64
	EditedBy account.ID
	Edited   time.Time // zero for an empty draft
	Versions int       // how many were handed in
	// ReopenedUntil lets this team hand in after the deadline, for the reason.
	ReopenedUntil time.Time
	ReopenedFor   string
	Published     time.Time // zero while the public sees nothing
	// Withheld says why the project is kept from everybody but its team and organisers.
	Withheld string
}

// Basis says by which rule a version counts.
type Basis string

// The bases of a version.
const (
	OnTime     Basis = "on_time"
	InGrace    Basis = "grace"    // after the deadline, within the edition's grace
	Reopened   Basis = "reopened" // an organiser reopened for this team
	Admitted   Basis = "admitted" // refused as too late, then let in by an organiser
	Moved      Basis = "moved"    // an organiser moved it to another challenge
	NoDeadline Basis = "no_deadline"
)

// Submission is a version that was handed in.
type Submission struct {
	ID      string
	Edition edition.ID
	Project ID
	Team    team.ID
	Number  int // 1 is the first
	Content
	Files []File
	Basis Basis
	Note  string // why, where an organiser decided
	By    account.ID
	// At is the edition's time of its arrival, Received the wall's, Device what the
	// sender's device said: zero where it said nothing, and never decisive.
	At, Received, Device time.Time
	Deadline             time.Time // as it stood; zero where there was none
	// Digest is the SHA-256 of the content and the files' ids, in hex.
	Digest string
}

// Late says whether the version came after the deadline.
func (s Submission) Late() bool { return !s.Deadline.IsZero() && !s.At.Before(s.Deadline) }

// digest is a proof of what was handed in.
func digest(c Content, files []FileID) (string, error) {
	text, err := json.Marshal(struct {
		Content
		Files []FileID `json:"files"`
	}{c, files})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// File is a file that a team added.
type File struct {
	ID          FileID
	Edition     edition.ID
	Project     ID
	Name        string
	Size        int64
	ContentType string
	Key         string // in the store
	By          account.ID
	Added       time.Time
	Removed     time.Time // from the draft
}

// Picture says whether a browser may show the file in the page.
func (f File) Picture() bool { return strings.HasPrefix(f.ContentType, "image/") }

// Attempt is a hand-in that was refused because it came too late.
type Attempt struct {
	ID       string
	Project  ID
	Content  Content
	By       account.ID
	At       time.Time // the edition's
	Received time.Time // the wall's
	Device   time.Time // what the device said
	Admitted time.Time // zero unless an organiser let it in
}

// Copy is what a member wrote over what another had written meanwhile.
type Copy struct {
	ID      string
	Project ID
	Content Content
	By      account.ID
	At      time.Time
}

// Challenge is a subject that a partner or the organiser set.
type Challenge struct {
	ID      ChallengeID
	Edition edition.ID
	Title   string
	Text    string // Markdown
	Partner string
	Dropped time.Time // zero while teams may choose it
}

// Gate says whether a team may hand in at a moment, and why.
type Gate struct {
	Open  bool
	Basis Basis
	// Deadline is the edition's, Until when this gate shuts; zero for never.
	Deadline, Until time.Time
}

// gateAt is the rule of the deadline. A hand-in at the deadline's own second is late:
// "until noon" ends when the clock shows noon. The grace is the edition's; a team for
// which an organiser reopened has until then.
func gateAt(e edition.Edition, p Project, now time.Time) Gate {
	deadline, set := e.At[edition.HandIn]
	g := Gate{Deadline: deadline}
	switch grace := deadline.Add(e.Grace); {
	case !set || deadline.IsZero():
		return Gate{Open: true, Basis: NoDeadline}
	case now.Before(deadline):
		g.Open, g.Basis, g.Until = true, OnTime, deadline
	case now.Before(grace):
		g.Open, g.Basis, g.Until = true, InGrace, grace
	case now.Before(p.ReopenedUntil):
		g.Open, g.Basis, g.Until = true, Reopened, p.ReopenedUntil
	default:
		g.Until = grace
		if p.ReopenedUntil.After(grace) {
			g.Until = p.ReopenedUntil
		}
	}
	return g
}

// Summary counts what the teams of an edition have handed in.
type Summary struct {
	Teams    int
	HandedIn int
	Drafts   int // began to write and handed nothing in
	Nothing  int
	Late     int // of those handed in
	Refused  int // attempts that came too late and wait for a decision
}

// Refusals that callers decide on.
var (
	// ErrNone is what Current answers for a team that handed nothing in.
	ErrNone     = errs.New(errs.NotFound, "project.none")
	ErrClosed   = errs.New(errs.Conflict, "project.closed")
	ErrDiverged = errs.New(errs.Conflict, "project.diverged")
	ErrMoved    = errs.New(errs.Conflict, "project.moved_on")
	ErrFiles    = errs.New(errs.Conflict, "project.too_many_files")
	ErrTooLarge = errs.New(errs.TooLarge, "project.file_large")
	ErrNotYours = errs.New(errs.Forbidden, "project.not_yours")
)
