package award

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
)

// Signature is a juror's hand under the minutes. It binds to the digest of what they had
// before them.
type Signature struct {
	ID      string
	Account account.ID
	Name    string
	Digest  string
	// Way is how the juror was known: by their own session, or by their own code on a
	// device that is shared.
	Way     Way
	Drawing string // see ParseDrawing; "" where nothing was drawn
	At      time.Time
}

// Way is how a signature was given.
type Way string

// The ways to sign on a screen.
const (
	BySession Way = "session"
	ByCode    Way = "code"
)

// Scan is the minutes signed on paper.
type Scan struct {
	ID     string
	Digest string // of the minutes then
	Key    string
	Kind   string
	Hash   string // SHA-256 of the file
	By     string
	At     time.Time
}

// record is what minutes say, in the one form that is signed. What becomes of a prize
// afterwards is no part of it.
type record struct {
	Edition    string           `json:"edition"`
	Name       string           `json:"name"`
	Place      string           `json:"place"`
	Rules      string           `json:"rules"` // their fingerprint
	Opened     int64            `json:"opened"`
	Decided    int64            `json:"decided"`
	Jury       []recordJuror    `json:"jury"`
	Guests     string           `json:"guests"`
	Basis      Basis            `json:"basis"`
	Votes      []recordVote     `json:"votes"`
	Reason     string           `json:"reason"`
	Decider    string           `json:"decider"`
	DeciderWhy string           `json:"decider_reason"`
	Prizes     []recordPrize    `json:"prizes"`
	Head       string           `json:"head"`
	Addenda    []recordAddendum `json:"addenda"`
	Amended    []recordAmended  `json:"amended,omitempty"`
	Format     int              `json:"format"` // of this record, 1
}

type recordJuror struct {
	Account  account.ID `json:"account"`
	Name     string     `json:"name"`
	Presence Presence   `json:"presence"`
	Note     string     `json:"note"`
	Recused  []string   `json:"recused"`
}

type recordVote struct {
	Question string   `json:"question"`
	Secret   bool     `json:"secret"`
	Answers  []Option `json:"answers"`
	Voters   []Voter  `json:"voters"`
	Entitled int      `json:"entitled"`
}

type recordPrize struct {
	ID     PrizeID `json:"id"`
	Title  string  `json:"title"`
	Text   string  `json:"text"`
	Cents  int64   `json:"cents"`
	Reason string  `json:"reason"`
	Team   string  `json:"team"`
	Split  PrizeID `json:"split_of"`
}

type recordAddendum struct {
	Text string     `json:"text"`
	By   account.ID `json:"by"`
	At   int64      `json:"at"`
}

type recordAmended struct {
	At     int64  `json:"at"`
	Reason string `json:"reason"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Digest is the SHA-256 of what the minutes say: it changes with every word that matters.
func (m Minutes) Digest() string {
	d := m.Deliberation
	r := record{Format: 1, Edition: string(m.Edition.ID), Name: m.Edition.Name, Place: m.Edition.Place, Rules: m.rulesPrint(), Opened: d.Opened.UnixMicro(),
		Decided: d.Decided.UnixMicro(), Guests: d.Guests, Basis: m.Basis, Reason: d.Reason, Decider: d.Decider, DeciderWhy: d.DeciderReason, Head: d.Head}
	for _, a := range m.Jury {
		r.Jury = append(r.Jury, recordJuror{a.Account, a.Name, a.Presence, a.Note, m.Recused[a.Account]})
	}
	for _, v := range m.Votes {
		if !v.Running() {
			r.Votes = append(r.Votes, recordVote{v.Question, v.Secret, v.Options, v.Voters, v.Entitled})
		}
	}
	for _, p := range m.Prizes {
		if p.Live() || p.Won() {
			r.Prizes = append(r.Prizes, recordPrize{p.ID, p.Title, p.Text, p.Cents, p.Reason, p.Team, p.SplitOf})
		}
	}
	for _, a := range m.Amended {
		r.Amended = append(r.Amended, recordAmended{a.At.UnixMicro(), a.Reason, a.Before, a.After})
	}
	for _, a := range m.Addenda {
		r.Addenda = append(r.Addenda, recordAddendum{a.Text, a.Actor, a.At.UnixMicro()})
	}
	text, err := json.Marshal(r)
	if err != nil { // a score that is no number: such minutes cannot be signed
		return ""
	}
	return sum(text)
}

func sum(text []byte) string {
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])
}

// rulesPrint names the version of the rules that applied.
func (m Minutes) rulesPrint() string {
	if m.Edition.Rules == "" {
		return ""
	}
	return sum([]byte(m.Edition.Rules))
}

// Holds says whether the signature is of the minutes as they stand.
func (m Minutes) Holds(s Signature) bool { return s.Digest != "" && s.Digest == m.Digest() }

// signed is the juror's newest signature, and whether it holds.
func (m Minutes) signed(who account.ID) (newest Signature, holds bool) {
	for _, s := range m.Signatures {
		if s.Account == who {
			newest = s
		}
	}
	return newest, newest.ID != "" && m.Holds(newest)
}

// Point is a place of a pen on the field to sign in, DrawingWidth by DrawingHeight.
type Point struct{ X, Y int }

// The field to sign in.
const (
	DrawingWidth  = 600
	DrawingHeight = 200
	mostPoints    = 3000
)

// ParseDrawing reads strokes as "x,y x,y;x,y …": points with spaces between, strokes with
// semicolons. ok is false for what is none, or leaves the field.
func ParseDrawing(text string) (strokes [][]Point, ok bool) {
	if text == "" {
		return nil, true
	}
	n := 0
	for stroke := range strings.SplitSeq(text, ";") {
		var points []Point
		for pair := range strings.SplitSeq(stroke, " ") {
			left, right, found := strings.Cut(pair, ",")
			x, err1 := strconv.Atoi(left)
			y, err2 := strconv.Atoi(right)
			if n++; !found || err1 != nil || err2 != nil || x < 0 || y < 0 || x > DrawingWidth || y > DrawingHeight || n > mostPoints {
				return nil, false
			}
			points = append(points, Point{x, y})
		}
		strokes = append(strokes, points)
	}
	return strokes, true
}

// path draws the strokes as SVG does.
func path(drawing string) string {
	strokes, ok := ParseDrawing(drawing)
	if !ok {
		return ""
	}
	var b strings.Builder
	for _, stroke := range strokes {
		for i, p := range stroke {
			verb := "L"
			if i == 0 {
				verb = "M"
			}
			fmt.Fprintf(&b, "%s%d %d", verb, p.X, p.Y)
		}
		if len(stroke) == 1 {
			b.WriteString("h1")
		}
	}
	return b.String()
}
