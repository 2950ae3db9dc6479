package forming

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"h48/engine/teaming"
	"h48/internal/kit/errs"
	"h48/internal/registration"
	"h48/internal/team"
)

// Weight is how much the organiser cares for one thing.
type Weight int

// The weights: from "not at all" to "above all".
const (
	Ignored Weight = iota
	Light
	Normal
	Strong
)

// Weights lists them.
var Weights = []Weight{Ignored, Light, Normal, Strong}

// Aim is one thing that teams should be like.
type Aim string

// The aims, in the order of the page.
const (
	Wish      Aim = "wish"
	Avoid     Aim = "avoid"
	Mix       Aim = "mix"
	Skill     Aim = "skill"
	Pref      Aim = "pref"
	Balance   Aim = "balance"
	Slots     Aim = "slots"
	Isolation Aim = "isolation"
	Size      Aim = "size"
	Moves     Aim = "move"
)

// Aims lists the aims.
var Aims = []Aim{Wish, Avoid, Mix, Skill, Pref, Balance, Slots, Isolation, Size, Moves}

// usual is what an aim costs at the weight Normal: the weights of engine/teaming's
// practice instances.
func (a Aim) usual() int64 {
	switch a {
	case Wish:
		return 6
	case Avoid, Mix:
		return 8
	case Isolation:
		return 4
	case Skill, Size, Moves:
		return 3
	case Slots:
		return 2
	case Pref, Balance:
		return 1
	}
	return 0
}

// Need is what a challenge asks of a team, and how many teams it takes.
type Need struct {
	Skills map[string]int `json:"skills,omitempty"` // the wanted level by skill, 1 to 4
	Min    int            `json:"min,omitempty"`
	Max    int            `json:"max,omitempty"` // 0 is no limit
}

// Rules are what the organiser wants of the teams of an edition.
type Rules struct {
	Target int            `json:"target,omitempty"` // people in a team; 0 is the middle of the limits
	Cares  map[Aim]Weight `json:"cares,omitempty"`  // an aim that is not named is Normal
	// Profiles are those of which every team should have somebody.
	Profiles []string `json:"profiles"`
	// Language wants a language that all of a team speak.
	Language bool `json:"language"`
	// Languages are those that people may tick, by their code.
	Languages []string `json:"languages"`
	// Tags are the words that people may tick so as not to be the only one in a team.
	Tags []string `json:"tags,omitempty"`
	// HalfDays is in how many of the half-days all of a team should be there.
	HalfDays int `json:"half_days,omitempty"`
	// Assign gives each team a challenge; Needs are the challenges', by id.
	Assign bool            `json:"assign,omitempty"`
	Needs  map[string]Need `json:"needs,omitempty"`
	// Skills are levels that every team should reach, whatever its challenge.
	Skills map[string]int `json:"skills,omitempty"`
}

// usualRules are those of an edition whose organiser has said nothing yet.
func usualRules() Rules {
	return Rules{Profiles: []string{string(registration.Student), string(registration.Professional)}, Language: true, Languages: []string{"fr", "en"}}
}

// Care is how much the organiser cares for the aim.
func (r Rules) Care(a Aim) Weight {
	if w, said := r.Cares[a]; said {
		return w
	}
	return Normal
}

// price is the aim's cost in the engine.
func (r Rules) price(a Aim) int64 {
	switch r.Care(a) {
	case Ignored:
		return 0
	case Light:
		return max(1, a.usual()/2)
	case Strong:
		return 3 * a.usual()
	case Normal:
	}
	return a.usual()
}

// weights are the rules' costs in the engine; a team far from what it should be counts
// double beyond fairOver.
func (r Rules) weights() teaming.Weights {
	w := teaming.Weights{Size: r.price(Size), Skill: r.price(Skill), Mix: r.price(Mix), Wish: r.price(Wish), Avoid: r.price(Avoid),
		Isolation: r.price(Isolation), Balance: r.price(Balance), Slots: r.price(Slots), Move: r.price(Moves), Fair: 1, FairOver: 20}
	if p := r.price(Pref); p > 0 {
		w.Pref, w.Unranked = []int64{0, 2 * p, 5 * p, 7 * p}, 9*p
	}
	return w
}

// target is the wanted size of a team within the limits.
func (r Rules) target(l team.Limits) int {
	if r.Target == 0 {
		return (l.Min + l.Max + 1) / 2
	}
	return min(max(r.Target, l.Min), l.Max)
}

// Limits of what an organiser may ask.
const (
	mostTags = 6
	mostWord = 60
)

// tidy trims the rules and says what is wrong with them.
func (r Rules) tidy(halfDays int) (Rules, error) {
	var f errs.Fields
	if r.Target < 0 || r.Target > 50 {
		f.Add("target", "forming.rules.target_range")
	}
	if r.HalfDays < 0 || r.HalfDays > halfDays {
		f.Add("half_days", "forming.rules.half_days_range", "most", halfDays)
	}
	r.Tags = words(r.Tags)
	if len(r.Tags) > mostTags {
		f.Add("tags", "forming.rules.tags_many", "most", mostTags)
	}
	for _, tag := range r.Tags {
		if utf8.RuneCountInString(tag) > mostWord {
			f.Add("tags", "forming.rules.tag_long", "most", mostWord)
			break
		}
	}
	r.Languages = words(r.Languages)
	for id, n := range r.Needs {
		if n.Max > 0 && n.Min > n.Max || n.Min < 0 || n.Max < 0 || n.Min > 9999 || n.Max > 9999 {
			f.Add("max_"+id, "forming.rules.need_range")
		}
	}
	return r, f.Err()
}

// words trims a list and drops what is empty or there already.
func words(list []string) []string {
	var all []string
	for _, w := range list {
		if w = strings.Join(strings.Fields(w), " "); w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

func itoa(n int) string { return strconv.Itoa(n) }
