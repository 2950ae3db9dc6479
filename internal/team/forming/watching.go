package forming

import (
	"fmt"
	"strings"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/ui"
)

// filled is how many groups have people.
func filled(c Content) int {
	n := 0
	for _, g := range c.Groups {
		if len(g.People) > 0 {
			n++
		}
	}
	return n
}

func namesOf(names map[account.ID]string, people []account.ID) list {
	all := make(list, len(people))
	for i, who := range people {
		all[i] = names[who]
	}
	return all
}

// sureness says how sure it is that there are no better teams.
func sureness(l ui.Locale, p Proposal) string {
	switch {
	case p.ByHand():
		return l.N("forming.by_hand", len(p.Steps))
	case p.Proven:
		return l.T("forming.sure.proven")
	case p.Bound > 0 && p.Cost <= p.Bound+p.Bound/2:
		return l.T("forming.sure.gap", "share", l.Percent(float64(p.Cost-p.Bound)/float64(p.Bound)))
	case p.Bound > 0:
		return l.N("forming.sure.bound", int(p.Bound))
	case p.Stopped:
		return l.T("forming.sure.stopped")
	}
	return l.T("forming.sure.unknown")
}

// polyline is the course of the cost over the search, in a box of 100 by 32; what does
// not change is a line at the foot.
func (r Run) polyline() string {
	top, low := r.Points[0].Tally.Cost, r.Best().Tally.Cost
	var b strings.Builder
	for i, p := range r.Points {
		y := 30.0
		if top > low {
			y = 2 + 28*float64(top-p.Tally.Cost)/float64(top-low)
		}
		if i > 0 { // better comes at once
			fmt.Fprintf(&b, "%.1f,", 100*p.Done)
			last := 30.0
			if top > low {
				last = 2 + 28*float64(top-r.Points[i-1].Tally.Cost)/float64(top-low)
			}
			fmt.Fprintf(&b, "%.1f ", last)
		}
		fmt.Fprintf(&b, "%.1f,%.1f ", 100*p.Done, y)
	}
	return strings.TrimSpace(b.String())
}

// progress is one step of a search: how far, and what got better.
type progress struct {
	done   float64
	gain   int64
	better []Line
}

func (p progress) text(l ui.Locale) string {
	parts := make([]string, len(p.better))
	for i, line := range p.better {
		parts[i] = line.Text(l)
	}
	what := strings.Join(parts, " · ")
	if what == "" {
		what = l.T("forming.better.other")
	}
	return l.T("forming.step", "done", l.Percent(p.done), "gain", int(p.gain), "what", what)
}

// mostSteps is how many steps are told.
const mostSteps = 8

// steps are the last improvements, the newest first.
func (r Run) steps() []progress {
	var all []progress
	for i := len(r.Points) - 1; i > 0 && len(all) < mostSteps; i-- {
		gain := r.Points[i-1].Tally.Cost - r.Points[i].Tally.Cost
		if gain > 0 {
			all = append(all, progress{r.Points[i].Done, gain, r.Points[i].Tally.better(r.Points[i-1].Tally)})
		}
	}
	return all
}

// clashLine puts a reason why there are no teams into words.
func clashLine(h hubData, c teaming.Clash) Line {
	var names list
	for _, p := range c.People {
		names = append(names, h.Names[account.ID(p)])
	}
	if len(names) > 6 {
		names = append(names[:5:5], "…")
	}
	team := ""
	if c.Team != "" {
		team = h.title(Key(c.Team))
	}
	key := "forming.clash." + c.Kind
	switch c.Kind {
	case teaming.ClashRule, teaming.ClashWayOut:
		key += "." + strings.ToLower(c.Rule)
	}
	challenge := c.Challenge
	for _, one := range h.Challenges {
		if one.ID == challenge {
			challenge = one.Title
		}
	}
	return bad(key, "challenge", challenge, "n", c.N, "who", names, "team", team, "min", h.Board.Limits.Min, "max", h.Board.Limits.Max)
}
