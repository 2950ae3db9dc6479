package jury

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// StepKind is what a step of the ladder looks at.
type StepKind string

// The steps that a ladder can have.
const (
	ByHeaviest    StepKind = "heaviest"     // the mean on the criterion with the most weight
	ByOne         StepKind = "criterion"    // the mean on a chosen criterion
	ByFirstPlaces StepKind = "first_places" // how many jurors have it first
	ByDecider     StepKind = "decider"      // a named person decides, with a reason
	Shared        StepKind = "shared"       // the place, and its prize, are shared
)

// Step is one rung: Name is the criterion's for ByOne, and the person's for ByDecider.
type Step struct {
	Kind StepKind `json:"kind"`
	Name string   `json:"name,omitempty"`
}

// Ladder is how teams that are exactly tied are separated, written before the marks and
// published with the criteria. It ends with somebody who decides, or with a shared place;
// nothing is ever drawn.
type Ladder []Step

// usualLadder is the one that holds until somebody writes another.
func usualLadder() Ladder {
	return Ladder{{Kind: ByHeaviest}, {Kind: ByFirstPlaces}, {Kind: ByDecider}}
}

// MostSteps is every kind once, and another criterion or two.
const MostSteps = 8

func (l Ladder) check(criteria []Criterion) error {
	if len(l) == 0 || len(l) > MostSteps {
		return errs.New(errs.Invalid, "jury.ladder.number", "most", MostSteps)
	}
	var wrong errs.Fields
	for i, step := range l {
		end := i == len(l)-1
		switch step.Kind {
		case ByHeaviest, ByFirstPlaces:
		case ByOne:
			if !slices.ContainsFunc(criteria, func(c Criterion) bool { return c.Name == step.Name && c.Prize == "" }) {
				wrong.Add(FieldName("step", i), "jury.ladder.criterion")
			}
		case ByDecider, Shared:
			if !end {
				wrong.Add(FieldName("step", i), "jury.ladder.last")
			}
		default:
			wrong.Add(FieldName("step", i), "error.required")
		}
		if slices.Contains(l[:i], step) {
			wrong.Add(FieldName("step", i), "jury.ladder.twice")
		}
		if end && step.Kind != ByDecider && step.Kind != Shared {
			wrong.Add(FieldName("step", i), "jury.ladder.open")
		}
	}
	return wrong.Err()
}

// String is the ladder in the words of the trail.
func (l Ladder) String() string {
	parts := make([]string, len(l))
	for i, step := range l {
		parts[i] = string(step.Kind)
		if step.Name != "" {
			parts[i] += " (" + step.Name + ")"
		}
	}
	return strings.Join(parts, ", ")
}

// Decider is the person whom the ladder names, "" where it names none.
func (l Ladder) Decider() string {
	if i := slices.IndexFunc(l, func(s Step) bool { return s.Kind == ByDecider }); i >= 0 {
		return l[i].Name
	}
	return ""
}

// Say is a step as jurors, teams and the public read it.
func (s Step) Say(l ui.Locale) string {
	switch {
	case s.Kind == ByOne:
		return l.T("jury.ladder.criterion_is", "name", s.Name)
	case s.Kind == ByDecider && s.Name != "":
		return l.T("jury.ladder.decider_is", "name", s.Name)
	}
	return l.T("jury.ladder." + string(s.Kind))
}

func readLadder(text string) (Ladder, error) {
	if text == "" {
		return usualLadder(), nil
	}
	var l Ladder
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return nil, fmt.Errorf("reading the ladder of ties: %w", err)
	}
	return l, nil
}

func (l Ladder) text() (string, error) {
	text, err := json.Marshal(l)
	return string(text), err
}
