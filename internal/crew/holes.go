package crew

import (
	"cmp"
	"slices"
	"time"

	"h48/internal/account"
)

// Hole is a shift that needs more people than are planned on it, and why.
type Hole struct {
	Shift   Shift
	Missing int
	// Can counts those who are able, willing and free at that time, whatever else they do.
	Can int
	// Able counts those of whom no rule keeps anybody from taking the place now.
	Able int
	// Why counts, of all others in the crew, what keeps them away; each counts once.
	Why []Because
}

// Because is one reason and how many people it keeps away.
type Because struct {
	Kind Kind
	N    int
}

// firstReason is the order in which the reasons of one person are named: what nobody can
// change first.
var firstReason = []Kind{Unable, Refuses, Silent, Away, Double, Rest, Row, TooMuch}

// Holes lists the shifts that lack people, the next ones first.
func (r Rota) Holes() []Hole {
	var all []Hole
	for _, s := range r.Shifts {
		missing := r.Missing(s)
		if missing == 0 {
			continue
		}
		h := Hole{Shift: s, Missing: missing}
		count := map[Kind]int{}
		for _, m := range r.Members {
			if !slices.ContainsFunc(r.fit(m, s), Fault.Hard) {
				h.Can++
			}
			if d, ok := r.duty(m.ID, s.ID); ok && d.Planned {
				continue
			}
			faults := r.Faults(m, s, r.Work(m.ID))
			if !slices.ContainsFunc(faults, Fault.Hard) {
				h.Able++
			}
			for _, k := range firstReason {
				if slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind == k }) {
					count[k]++
					break
				}
			}
		}
		for _, k := range firstReason {
			if count[k] > 0 {
				h.Why = append(h.Why, Because{k, count[k]})
			}
		}
		all = append(all, h)
	}
	return all
}

// Candidate is somebody who could work a shift, with what speaks against it.
type Candidate struct {
	Member Member
	Hours  time.Duration // that they work so far
	Faults []Fault
}

// Broken says whether a rule would be broken.
func (c Candidate) Broken() bool { return slices.ContainsFunc(c.Faults, Fault.Hard) }

// Candidates lists everybody who is not on the shift and has not refused it: those for whom
// no rule breaks first, and of them those who mind least and work least.
func (r Rota) Candidates(s Shift) []Candidate {
	var all []Candidate
	for _, m := range r.Members {
		d, known := r.duty(m.ID, s.ID)
		if known && (d.Planned || !d.No.IsZero()) || slices.Contains(m.Offer.Never, s.Post) {
			continue
		}
		work := r.Work(m.ID)
		all = append(all, Candidate{Member: m, Hours: total(work), Faults: r.Faults(m, s, work)})
	}
	slices.SortStableFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.weight(), b.weight()), cmp.Compare(a.Hours, b.Hours))
	})
	return all
}

// weight puts broken rules before wishes: what would send somebody elsewhere away from
// their own post weighs most.
func (c Candidate) weight() int {
	sum := 0
	for _, f := range c.Faults {
		switch f.Kind {
		case Rather:
			sum++
		case Rest, TooMuch, Row:
			sum += 10
		case Silent, Away:
			sum += 100
		case Double, Unable, Refuses:
			sum += 1000
		}
	}
	return sum
}

// Price is what moving somebody would do, before it is done.
type Price struct {
	Who      account.ID
	Name     string
	From, To ShiftID // "" for none
	Broken   []Fault // rules that the person would break there
	Mended   []Fault // that they break where they are
	Opens    Shift   // the shift that then lacks somebody; the zero shift for none
	Fills    bool    // a place that was open
	TooMany  bool    // there are enough people already
}

// Price says what moving somebody from a shift, or from no shift, to another would do.
func (r Rota) Price(m Member, from, to ShiftID) Price {
	p := Price{Who: m.ID, Name: m.Name, From: from, To: to}
	if from == to {
		return p
	}
	work := r.Work(m.ID)
	if s, ok := r.Shift(from); ok {
		p.Mended = slices.DeleteFunc(r.Faults(m, s, work), func(f Fault) bool { return f.Kind == Rather })
		work = slices.DeleteFunc(work, func(w Shift) bool { return w.ID == from })
		if len(r.On(from)) <= s.Wanted {
			p.Opens = s
		}
	}
	if s, ok := r.Shift(to); ok {
		p.Broken = r.Faults(m, s, work)
		p.Fills = r.Missing(s) > 0
		p.TooMany = !p.Fills
	}
	return p
}

// Hard says whether the move would break a rule.
func (p Price) Hard() bool { return slices.ContainsFunc(p.Broken, Fault.Hard) }
