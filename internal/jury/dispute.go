package jury

import (
	"cmp"
	"slices"
	"time"

	"h48/internal/account"
)

// blind is what a device has seen of a sheet that showed no mark.
var blind = time.UnixMicro(1).UTC()

// Dispute is a criterion on which two of a juror's devices, or the juror and whoever
// copied their paper, said different things without knowing of each other. The newest
// counts until the juror has chosen; nothing of it is dropped.
type Dispute struct {
	Criterion Criterion
	Counts    Mark
	Other     Mark
}

// disputes are those of one sheet, in the order of the criteria.
func disputes(criteria []Criterion, marks []Mark) []Dispute {
	var all []Dispute
	for _, c := range criteria {
		newest := map[origin]Mark{}
		var counts Mark
		for _, m := range marks {
			if m.Criterion != c.ID {
				continue
			}
			if old, there := newest[m.origin()]; !there || newer(m, old) {
				newest[m.origin()] = m
			}
			if counts.ID == "" || newer(m, counts) {
				counts = m
			}
		}
		if counts.ID == "" || counts.Kind == Withdrawn {
			continue
		}
		var others []Dispute
		for _, m := range newest {
			if m.origin() != counts.origin() && !counts.saw(m) && m.Kind != Withdrawn && m.said() != counts.said() {
				others = append(others, Dispute{Criterion: c, Counts: counts, Other: m})
			}
		}
		slices.SortFunc(others, func(a, b Dispute) int { return cmp.Compare(a.Other.ID, b.Other.ID) })
		all = append(all, others...)
	}
	return all
}

// origin is where a mark was given: two marks of one origin follow each other, whatever
// their sheet showed.
type origin struct {
	by     account.ID
	device string
}

func (m Mark) origin() origin { return origin{m.EnteredBy, m.Device} }

// saw says whether who gave the mark had the other before them.
func (m Mark) saw(other Mark) bool { return m.Seen.IsZero() || !other.Received.After(m.Seen) }

// seen is what a page shows of a sheet, as what is given on it is to say.
func seen(marks []Mark, texts ...[]written) time.Time {
	at := blind
	for _, m := range marks {
		if m.Received.After(at) {
			at = m.Received
		}
	}
	for _, w := range slices.Concat(texts...) {
		if w.received.After(at) {
			at = w.received
		}
	}
	return at
}
