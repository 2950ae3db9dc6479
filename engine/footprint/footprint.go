// Package footprint counts cups, deposits, waste and carbon for an event, as
// ranges: every figure it starts from carries its source and how far sources
// disagree, and the disagreement is carried through to the answer. A saving whose
// range holds zero is not a saving; it is "not demonstrated".
//
// The package does not certify anything and does not guess: what no source says
// (the capacity of a cup a supplier has not measured, the drinks a person takes)
// is asked for.
package footprint

import (
	"fmt"
	"math"
)

// Range is a closed interval: the truth lies somewhere in it, Lo <= Hi.
type Range struct {
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

// Exactly is the range of a number known for sure.
func Exactly(x float64) Range { return Range{x, x} }

// Plus is the range of a sum of two independent quantities.
func (r Range) Plus(s Range) Range { return Range{r.Lo + s.Lo, r.Hi + s.Hi} }

// Minus is the range of a difference: the low end takes the other's high end.
func (r Range) Minus(s Range) Range { return Range{r.Lo - s.Hi, r.Hi - s.Lo} }

// Times is the range of a product.
func (r Range) Times(s Range) Range {
	a, b, c, d := r.Lo*s.Lo, r.Lo*s.Hi, r.Hi*s.Lo, r.Hi*s.Hi
	return Range{min(a, b, c, d), max(a, b, c, d)}
}

// Scale is the range times a number known for sure.
func (r Range) Scale(x float64) Range { return r.Times(Exactly(x)) }

// Holds says whether x lies in the range.
func (r Range) Holds(x float64) bool { return r.Lo <= x && x <= r.Hi }

// Valid says whether both ends are finite and in order.
func (r Range) Valid() bool {
	return r.Lo <= r.Hi && !math.IsInf(r.Lo, 0) && !math.IsInf(r.Hi, 0)
}

func (r Range) String() string {
	if r.Lo == r.Hi {
		return fmt.Sprintf("%.4g", r.Lo)
	}
	return fmt.Sprintf("%.4g to %.4g", r.Lo, r.Hi)
}

// Factor is a figure that the formulas start from: a range, its unit, and where it
// comes from. Assumed marks a figure that no source gives; it is never to be
// printed as a fact.
type Factor struct {
	ID      string `json:"id"`
	Value   Range  `json:"value"`
	Unit    string `json:"unit"`
	Source  string `json:"source"`
	Assumed bool   `json:"assumed,omitempty"`
}

// Verdict says what a computed saving shows.
type Verdict string

// The verdicts on a saving.
const (
	Saving          Verdict = "saving"
	Loss            Verdict = "loss"
	NotDemonstrated Verdict = "not demonstrated"
)

// Judge reads a saving: a range wholly above zero is a saving, wholly below a
// loss; one that holds zero demonstrates nothing.
func Judge(saved Range) Verdict {
	switch {
	case saved.Lo > 0:
		return Saving
	case saved.Hi < 0:
		return Loss
	}
	return NotDemonstrated
}
