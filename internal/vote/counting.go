package vote

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ballot is what lies in the box.
type ballot struct {
	id     string
	source Source
	batch  string
	area   string
	span   time.Time
	net    string
	teams  []string
	aside  string
}

// Line is how often a project was chosen.
type Line struct {
	Choice
	N int
	// Rank is shared by those who were chosen equally often.
	Rank int
	// Share is of the ballots, from 0 to 1.
	Share float64
}

// Area is what one residence chose.
type Area struct {
	Name    string // "" for the others together
	Ballots int
	Lines   []Line
}

// Result is what a vote says.
type Result struct {
	// Cast ballots were dropped into the box, Counted of them were not set aside.
	Cast, Counted int
	Lines         []Line
	Areas         []Area
}

// Silent says whether there are too few ballots for a result to be told without telling
// who chose what.
func (r Result) Silent() bool { return r.Counted < Fewest }

// count counts the ballots that are not set aside.
func count(choices []Choice, ballots []ballot) Result {
	r := Result{Cast: len(ballots)}
	counted := slices.DeleteFunc(slices.Clone(ballots), func(b ballot) bool { return b.aside != "" })
	r.Counted = len(counted)
	r.Lines = lines(choices, counted)
	r.Areas = areas(choices, counted)
	return r
}

// lines counts each choice, the most often chosen first.
func lines(choices []Choice, ballots []ballot) []Line {
	n := map[string]int{}
	for _, b := range ballots {
		for _, t := range b.teams {
			n[t]++
		}
	}
	all := make([]Line, len(choices))
	for i, c := range choices {
		all[i] = Line{Choice: c, N: n[c.Team]}
		if len(ballots) > 0 {
			all[i].Share = float64(all[i].N) / float64(len(ballots))
		}
	}
	slices.SortStableFunc(all, func(a, b Line) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Name(), b.Name()))
	})
	for i := range all {
		all[i].Rank = i + 1
		if i > 0 && all[i].N == all[i-1].N {
			all[i].Rank = all[i-1].Rank
		}
	}
	return all
}

// areas groups the ballots by residence so that no group is smaller than Fewest, nor can
// be found by taking the others from the sum: the smallest go together, with who named
// none, until they are enough. Where only one group is left there is nothing to tell
// apart.
func areas(choices []Choice, ballots []ballot) []Area {
	byName := map[string][]ballot{}
	for _, b := range ballots {
		byName[b.area] = append(byName[b.area], b)
	}
	others := byName[""]
	delete(byName, "")
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byName[a]), len(byName[b])), strings.Compare(a, b))
	})
	for len(names) > 0 && (len(byName[names[0]]) < Fewest || len(others) > 0 && len(others) < Fewest) {
		others = append(others, byName[names[0]]...)
		names = names[1:]
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	var all []Area
	for _, name := range names {
		all = append(all, Area{Name: name, Ballots: len(byName[name]), Lines: lines(choices, byName[name])})
	}
	if len(others) > 0 {
		all = append(all, Area{Ballots: len(others), Lines: lines(choices, others)})
	}
	return all
}

// Heap are ballots of one source, stack, span and network: how many, never for whom.
type Heap struct {
	Source Source
	Batch  string
	Span   time.Time
	Net    string
	N      int
}

// Kind is what looks odd.
type Kind string

// The kinds of pattern that are shown.
const (
	Burst   Kind = "burst"   // many ballots in five minutes from where they come one by one
	Network Kind = "network" // many ballots of one network from people who are not together
	Series  Kind = "series"  // cards used one after the other within seconds
	Reuse   Kind = "reuse"   // codes used again
	Unknown Kind = "unknown" // codes that are none
	Crowd   Kind = "crowd"   // more ballots by the screen than people in the room
)

// When a pattern is worth a look.
const (
	fewBurst   = 10
	timesUsual = 5
	fewNet     = 10
	shareNet   = 0.3
	quickly    = 20 * time.Second
	longRun    = 5
	fewReuse   = 5
	fewUnknown = 20
)

// Sign is something to look at before the result is checked. It proves nothing.
type Sign struct {
	Kind   Kind
	Source Source
	Batch  string
	Span   time.Time // zero for the whole time
	Net    string
	N, Of  int
}

// noted is what was counted while it happened.
type noted struct {
	kind Kind
	Heap
}

// signs reads the patterns out of the heaps and of what was noted. inside is how many
// people were in the room, 0 where nobody knows.
func signs(heaps []Heap, seen []noted, inside int) []Sign {
	all := slices.Concat(bursts(heaps), networks(heaps), repeated(seen))
	screen := 0
	for _, h := range heaps {
		if h.Source == Screen {
			screen += h.N
		}
	}
	if inside > 0 && screen > inside {
		all = append(all, Sign{Kind: Crowd, Source: Screen, N: screen, Of: inside})
	}
	return all
}

// remote says whether people of the source vote one by one, wherever they are; in the
// room all vote at once, on one network.
func remote(s Source) bool { return s == Letter || s == Paper || s == Hall }

// stack tells the heaps of one source and batch from others.
type stack struct {
	source Source
	batch  string
}

func stacks(heaps []Heap) (order []stack, by map[stack][]Heap) {
	by = map[stack][]Heap{}
	for _, h := range heaps {
		s := stack{h.Source, h.Batch}
		if by[s] == nil {
			order = append(order, s)
		}
		by[s] = append(by[s], h)
	}
	return order, by
}

// bursts finds spans with many times more ballots than the stack's usual one.
func bursts(heaps []Heap) []Sign {
	var all []Sign
	order, by := stacks(heaps)
	for _, s := range order {
		if !remote(s.source) {
			continue
		}
		perSpan := map[time.Time]int{}
		for _, h := range by[s] {
			perSpan[h.Span] += h.N
		}
		var spans []time.Time
		var sizes []int
		for span, n := range perSpan {
			spans, sizes = append(spans, span), append(sizes, n)
		}
		slices.Sort(sizes)
		slices.SortFunc(spans, time.Time.Compare)
		usual := sizes[(len(sizes)-1)/2]
		for _, span := range spans {
			if n := perSpan[span]; n >= fewBurst && n >= timesUsual*usual && len(spans) > 1 {
				all = append(all, Sign{Kind: Burst, Source: s.source, Batch: s.batch, Span: span, N: n, Of: usual})
			}
		}
	}
	return all
}

// networks finds networks that many ballots of people who are not together come from.
func networks(heaps []Heap) []Sign {
	var all []Sign
	order, by := stacks(heaps)
	for _, s := range order {
		if !remote(s.source) {
			continue
		}
		perNet, total := map[string]int{}, 0
		for _, h := range by[s] {
			total += h.N
			if h.Net != "" {
				perNet[h.Net] += h.N
			}
		}
		nets := make([]string, 0, len(perNet))
		for net := range perNet {
			nets = append(nets, net)
		}
		slices.Sort(nets)
		for _, net := range nets {
			if n := perNet[net]; n >= fewNet && float64(n) >= shareNet*float64(total) {
				all = append(all, Sign{Kind: Network, Source: s.source, Batch: s.batch, Net: net, N: n, Of: total})
			}
		}
	}
	return all
}

// repeated sums what was noted while it happened.
func repeated(seen []noted) []Sign {
	var all []Sign
	type key struct {
		kind Kind
		stack
	}
	sums := map[key]int{}
	var order []key
	for _, n := range seen {
		if n.kind == Series {
			all = append(all, Sign{Kind: Series, Source: n.Source, Batch: n.Batch, Span: n.Span, N: n.N})
			continue
		}
		k := key{n.kind, stack{n.Source, n.Batch}}
		if _, known := sums[k]; !known {
			order = append(order, k)
		}
		sums[k] += n.N
	}
	for _, k := range order {
		if n := sums[k]; k.kind == Reuse && n >= fewReuse || k.kind == Unknown && n >= fewUnknown {
			all = append(all, Sign{Kind: k.kind, Source: k.source, Batch: k.batch, N: n})
		}
	}
	return all
}

// follow says how long the run of cards is after one more was used: a neighbour of the
// last one within seconds lengthens it, any other begins anew.
func follow(run int, last, serial int, since time.Duration) int {
	step := serial - last
	if run > 0 && (step == 1 || step == -1) && since >= 0 && since <= quickly {
		return run + 1
	}
	return 1
}
