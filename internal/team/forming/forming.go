// Package forming makes proposals of teams: it asks people for their wishes and the
// organiser for what teams should be like, lets engine/teaming look for the best teams,
// shows why each stands as it does, prices every move by hand, and publishes the one
// that the organiser chooses.
//
// A proposal changes nothing until it is published; then the room team seats everybody.
// With whom somebody would rather not be is theirs alone: it is told to the engine, and
// to nobody else by name. The organiser reads how many such wishes a proposal breaks,
// and never whose. The room decides nothing by itself.
package forming

import (
	"slices"
	"time"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/team"
)

// ID names a proposal.
type ID string

// Now stands for the teams as they are, where a proposal could stand.
const Now ID = "now"

// State is what became of a proposal.
type State string

// The states of a proposal.
const (
	Open      State = "open"
	Published State = "published"
	Dropped   State = "dropped"
)

// Key names a group in its proposal: a team's id, or T1, T2 for those that are new.
type Key string

// NewGroup as a place to put somebody begins a group.
const NewGroup Key = "new"

// Group is one team of a proposal.
type Group struct {
	Key       Key          `json:"key"`
	Team      team.ID      `json:"team,omitempty"` // the team that it would become; "" for a new one
	Challenge string       `json:"challenge,omitempty"`
	People    []account.ID `json:"people"`
	// Locked is a group that the organiser wants as it is.
	Locked bool `json:"locked,omitempty"`
	// Kept is a team that was not asked: it is complete, or an exception.
	Kept bool `json:"kept,omitempty"`
}

// Step is a move by hand, kept so that it can be taken back.
type Step struct {
	Who  account.ID `json:"who"`
	From Key        `json:"from"` // "" for no group
}

// Content is what a proposal proposes.
type Content struct {
	Groups []Group      `json:"groups"`
	Locked []account.ID `json:"locked,omitempty"` // people who stay in their group
	Steps  []Step       `json:"steps,omitempty"`  // by hand, the newest last
	// Mode and Out say how it was asked for.
	Mode Mode         `json:"mode"`
	Out  []account.ID `json:"out,omitempty"` // left out as not here
}

// Proposal is one way to form the teams.
type Proposal struct {
	ID      ID
	Edition edition.ID
	Number  int // 1 is A
	State   State
	Content
	// Cost of the teams when the engine was done, the least any teams can cost, and
	// whether the engine proved that these are the best.
	Cost, Bound int64
	Proven      bool
	Stopped     bool // by the organiser, who took the best so far
	Basis       ID   // that it was to change little; "" for none
	Board       int64
	Revision    int64
	Made        time.Time
}

// Letter is the proposal's name on the page.
func (p Proposal) Letter() string { return letter(p.Number) }

// letter is A for 1, Z for 26, AA for 27.
func letter(n int) string {
	name := ""
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// ByHand says whether the proposal was changed since the engine was done.
func (p Proposal) ByHand() bool { return len(p.Steps) > 0 }

// At returns the group of the person, "" where they have none.
func (c Content) At(who account.ID) Key {
	for _, g := range c.Groups {
		if slices.Contains(g.People, who) {
			return g.Key
		}
	}
	return ""
}

// Holds says whether the person is locked into their group, alone or with all of it.
func (c Content) Holds(who account.ID) bool {
	if slices.Contains(c.Locked, who) {
		return true
	}
	return slices.ContainsFunc(c.Groups, func(g Group) bool { return (g.Locked || g.Kept) && slices.Contains(g.People, who) })
}

// put moves a person into a group, or out of all of them; a new group is begun with the
// first free name. It returns the group's name, and false where nothing moved.
func (c *Content) put(who account.ID, to Key) (Key, bool) {
	from := c.At(who)
	if from == to {
		return to, false
	}
	if to == NewGroup {
		to = c.freeKey()
		c.Groups = append(c.Groups, Group{Key: to})
	}
	for i := range c.Groups {
		g := &c.Groups[i]
		g.People = slices.DeleteFunc(slices.Clone(g.People), func(p account.ID) bool { return p == who })
		if g.Key == to {
			g.People = append(g.People, who)
		}
	}
	c.Groups = slices.DeleteFunc(c.Groups, func(g Group) bool { return len(g.People) == 0 && g.Team == "" })
	return to, true
}

func (c *Content) freeKey() Key {
	for n := 1; ; n++ {
		key := Key("T" + itoa(n))
		if !slices.ContainsFunc(c.Groups, func(g Group) bool { return g.Key == key }) {
			return key
		}
	}
}

// solution is the proposal in the engine's words.
func (c Content) solution() teaming.Solution {
	sol := teaming.Solution{Format: teaming.SolutionFormat}
	for _, g := range c.Groups {
		if len(g.People) == 0 {
			continue
		}
		t := teaming.Team{ID: string(g.Key), Challenge: g.Challenge}
		for _, p := range g.People {
			t.People = append(t.People, string(p))
		}
		slices.Sort(t.People)
		sol.Teams = append(sol.Teams, t)
	}
	return sol
}

// Mode is how much may change when teams are formed.
type Mode string

// The modes.
const (
	// Place gives a team to those who have none; nobody else moves.
	Place Mode = "place"
	// Few may move people, each at a cost, but for those who chose their team.
	Few Mode = "few"
	// Anew forms all teams again, but for those that people founded themselves.
	Anew Mode = "anew"
)

// Modes lists the modes, the gentlest first.
var Modes = []Mode{Place, Few, Anew}

// Refusals that callers decide on.
var (
	ErrOutdated = errs.New(errs.Conflict, "forming.outdated")
	ErrMoved    = errs.New(errs.Conflict, "forming.moved")
	ErrLocked   = errs.New(errs.Conflict, "forming.locked")
	ErrNobody   = errs.New(errs.Conflict, "forming.nobody")
)
