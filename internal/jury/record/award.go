package record

import (
	"encoding/json"
	"maps"
	"slices"
)

// awards compares each prize with the newest decision about it in the chain: the same
// laureates, and none without a decision.
func (c *checker) awards() {
	for _, p := range c.prizes {
		n, teams := c.decided(p.ID)
		switch {
		case n == 0 && len(p.Teams) > 0:
			c.found("record.prize_undecided", "prize", p.Title)
		case n > 0 && !slices.Equal(teams, slices.Sorted(slices.Values(p.Teams))):
			c.found("record.prize_differs", "prize", p.Title, "n", n)
		}
	}
}

// decided finds the newest entry that gives the prize to somebody, and to whom. Whatever
// form a decision is written in, the prize's id stands over or beside its laureates.
func (c *checker) decided(prize string) (n int64, teams []string) {
	for _, e := range slices.Backward(c.replay.awards) {
		var body any
		if json.Unmarshal([]byte(e.Body), &body) != nil {
			continue
		}
		in := map[string]bool{}
		c.laureates(body, prize, in)
		if len(in) > 0 {
			return e.N, slices.Sorted(maps.Keys(in))
		}
	}
	return 0, nil
}

// laureates collects the teams that stand under the prize's id, or in an object that has
// it as a value.
func (c *checker) laureates(node any, prize string, in map[string]bool) {
	switch v := node.(type) {
	case map[string]any:
		for key, value := range v {
			if key == prize || value == prize {
				c.teamsUnder(v[key], in)
				if value == prize {
					c.teamsUnder(v, in)
				}
				continue
			}
			c.laureates(value, prize, in)
		}
	case []any:
		for _, value := range v {
			c.laureates(value, prize, in)
		}
	}
}

// teamsUnder collects the ids of teams below the node.
func (c *checker) teamsUnder(node any, in map[string]bool) {
	switch v := node.(type) {
	case string:
		if c.head.Teams[v] != "" {
			in[v] = true
		}
	case map[string]any:
		for _, value := range v {
			c.teamsUnder(value, in)
		}
	case []any:
		for _, value := range v {
			c.teamsUnder(value, in)
		}
	}
}
