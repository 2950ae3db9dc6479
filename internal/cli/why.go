package cli

import (
	"fmt"
	"strings"

	"h48/engine/teaming"
)

// whyItCosts says in one line what a team costs and why; the reasons are the terms of the
// objective that are not 0, in the order of the format.
func whyItCosts(c teaming.TeamCost) string {
	var why []string
	add := func(cost int64, format string, args ...any) {
		if cost != 0 {
			why = append(why, fmt.Sprintf(format, args...)+fmt.Sprintf(" (%d)", cost))
		}
	}
	add(c.Size, "not the size wanted")
	add(c.Skill, "below the need in %s", strings.Join(c.MissingSkills, ", "))
	add(c.Pref, "not everybody's first challenge")
	add(c.Mix, "no %s", strings.Join(c.MissingRoles, ", no "))
	add(c.Wish, "wishes not met: %s", pairsOf(c.UnmetWishes))
	add(c.Avoid, "together though avoided: %s", pairsOf(c.Avoided))
	add(c.Isolation, "alone of their kind: %s", strings.Join(c.IsolatedTags, ", "))
	add(c.Balance, "strength off the mean")
	add(c.Slots, "only %d time slots in common", c.SlotsFree)
	add(c.Fair, "surcharge of a bad team")
	add(c.Move, "moved: %s", strings.Join(c.Moved, ", "))
	if len(why) == 0 {
		return fmt.Sprintf("%s costs %d", c.Team, c.Total)
	}
	return fmt.Sprintf("%s costs %d: %s", c.Team, c.Total, strings.Join(why, "; "))
}

func pairsOf(pairs [][2]string) string {
	var out []string
	for _, p := range pairs {
		out = append(out, p[0]+" → "+p[1])
	}
	return strings.Join(out, ", ")
}
