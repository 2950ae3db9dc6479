package crew

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"h48/engine/planning"
	"h48/engine/planning/shifts"
	"h48/internal/account"
)

// Prices of the planner: an open place is worth many wishes. Where few changes are wanted,
// everything that somebody does not do yet counts as disliked.
var (
	prices    = shifts.Weights{Uncovered: 40, Dislike: 3, Fair: 2}
	fewPrices = shifts.Weights{Uncovered: 40, Dislike: 6, Fair: 1}
)

// problem is the rota as the planner reads it: only what lies ahead and is not locked.
type problem struct {
	in    *shifts.Instance
	fixed []Seat
}

// problemOf puts the rota in the engine's words. The locked are left where they are: their
// places, hours and rests are taken out. strict also keeps everybody from working right
// before or after a place of theirs that is locked, where the six hours in a row may break.
func (r Rota) problemOf(now time.Time, few, strict bool) problem {
	p := problem{in: &shifts.Instance{Format: shifts.Format, Name: "crew", Weights: prices}}
	if few {
		p.in.Weights = fewPrices
	}
	left := map[ShiftID]int{}
	var ahead []Shift
	for _, s := range r.Shifts {
		left[s.ID] = s.Wanted
		if s.Start.After(now) {
			ahead = append(ahead, s)
		}
	}
	held := map[account.ID][]Shift{}
	for _, d := range r.Duties {
		s, ok := r.Shift(d.Shift)
		if ok && d.Planned && (d.Locked || !s.Start.After(now)) {
			p.fixed = append(p.fixed, Seat{d.Shift, d.Who})
			held[d.Who] = append(held[d.Who], s)
			left[s.ID]--
		}
	}
	for _, s := range ahead {
		p.in.Shifts = append(p.in.Shifts, shifts.Shift{ID: string(s.ID), Skill: string(s.Post), Start: r.minute(s.Start), End: r.minute(s.End), Demand: max(0, left[s.ID])})
	}
	share := r.share()
	for _, m := range r.Members {
		if !m.Offer.Silent() {
			p.in.Volunteers = append(p.in.Volunteers, r.volunteer(m, ahead, held[m.ID], share, few, strict))
		}
	}
	return p
}

// volunteer is a member as the planner reads them; the skills are the posts that they can
// and will work at.
func (r Rota) volunteer(m Member, ahead, held []Shift, share time.Duration, few, strict bool) shifts.Volunteer {
	work := total(held)
	v := shifts.Volunteer{ID: string(m.ID), Max: int(max(0, r.most(m.Offer)-work) / time.Minute),
		Target: int(max(0, m.wish(share)-work) / time.Minute), Rest: int(r.Book.Rest / time.Minute)}
	free := r.free[m.ID]
	for _, s := range ahead {
		fit := r.fit(m, s)
		if !slices.Contains(v.Skills, string(s.Post)) && !slices.ContainsFunc(fit, func(f Fault) bool { return f.Kind == Unable }) && !slices.Contains(m.Offer.Never, s.Post) {
			v.Skills = append(v.Skills, string(s.Post))
		}
		d, known := r.duty(m.ID, s.ID)
		if slices.Contains(m.Offer.Rather, s.Post) || few && !(known && d.Planned) {
			v.Dislikes = append(v.Dislikes, string(s.ID))
		}
	}
	spans := slices.Clone(free)
	for _, h := range held {
		spans = without(spans, h.Start.Add(-r.Book.Rest), h.End.Add(r.Book.Rest))
	}
	if !strict {
		spans = append(spans, besides(free, ahead, held)...)
	}
	for _, f := range spans {
		v.Free = append(v.Free, [2]int{r.minute(f.From), r.minute(f.To)})
	}
	return v
}

// besides are the shifts right before or after one that is held, as spans of their own.
func besides(free []Span, ahead, held []Shift) []Span {
	var all []Span
	for _, s := range ahead {
		next := slices.ContainsFunc(held, func(h Shift) bool { return h.End.Equal(s.Start) || s.End.Equal(h.Start) })
		clash := slices.ContainsFunc(held, func(h Shift) bool { return apart(h, s) < 0 })
		if next && !clash && covers(free, s) && turnAround(s, held).Length() <= MaxBlock {
			all = append(all, Span{s.Start, s.End})
		}
	}
	return all
}

// share is what everybody works if all work the same.
func (r Rota) share() time.Duration {
	work, people := time.Duration(0), 0
	for _, s := range r.Shifts {
		work += time.Duration(s.Wanted) * s.Length()
	}
	for _, m := range r.Members {
		if !m.Offer.Silent() {
			people++
		}
	}
	return work / time.Duration(max(1, people))
}

// wish is how long somebody would like to work; an equal share where they did not say.
func (m Member) wish(share time.Duration) time.Duration {
	if m.Offer.Wish > 0 {
		return time.Duration(m.Offer.Wish) * time.Hour
	}
	return share
}

// minute is a moment as the engine counts it: from the first shift on.
func (r Rota) minute(t time.Time) int {
	if len(r.Shifts) == 0 {
		return 0
	}
	return int(t.Sub(r.Shifts[0].Start) / time.Minute)
}

// without takes a stretch of time out of the spans.
func without(spans []Span, from, to time.Time) []Span {
	var all []Span
	for _, s := range spans {
		if !s.To.After(from) || !to.After(s.From) {
			all = append(all, s)
			continue
		}
		if from.After(s.From) {
			all = append(all, Span{s.From, from})
		}
		if s.To.After(to) {
			all = append(all, Span{to, s.To})
		}
	}
	return all
}

// Make plans what lies ahead and is not locked. Every seat that it adds keeps every rule
// of [Rota.Faults]; what cannot be filled stays open.
func (r Rota) Make(ctx context.Context, now time.Time, few bool, budget float64, progress func(share float64)) ([]Seat, error) {
	for _, strict := range []bool{false, true} {
		p := r.problemOf(now, few, strict)
		sol, err := shifts.Solve(ctx, p.in, planning.Options{Seed: 48, Budget: budget, Progress: func(share float64, _ int64) { progress(share) }})
		if err != nil {
			return nil, fmt.Errorf("planning the crew: %w", err)
		}
		seats := slices.Clone(p.fixed)
		for _, a := range sol.Assign {
			for _, who := range a.Volunteers {
				seats = append(seats, Seat{ShiftID(a.Shift), account.ID(who)})
			}
		}
		if strict || r.with(seats).keeps(p.fixed) {
			return seats, nil
		}
	}
	return nil, fmt.Errorf("planning the crew: no plan kept the rules")
}

// with is the rota with these seats planned and no others.
func (r Rota) with(seats []Seat) Rota {
	taken := map[Seat]bool{}
	for _, s := range seats {
		taken[s] = true
	}
	duties := slices.Clone(r.Duties)
	for i, d := range duties {
		seat := Seat{d.Shift, d.Who}
		duties[i].Planned = taken[seat]
		delete(taken, seat)
	}
	for _, s := range seats {
		if taken[s] {
			duties = append(duties, Duty{Shift: s.Shift, Who: s.Who, Planned: true})
			delete(taken, s)
		}
	}
	r.Duties = duties
	return r.indexed()
}

// keeps says whether nobody but on the fixed seats breaks a rule.
func (r Rota) keeps(fixed []Seat) bool {
	for shift, people := range r.Broken() {
		for who := range people {
			if !slices.Contains(fixed, Seat{shift, who}) {
				return false
			}
		}
	}
	return true
}

// Standing is how good the plan is, and how good any could be.
type Standing struct {
	Places int // wanted in all
	Open   int // not filled
	// Least is a number of open places that no plan can be below.
	Least int
	// Rather counts people on posts that they would rather not work at.
	Rather int
	// Below and Above are the people whose hours lie an hour or more from their wish.
	Below, Above int
	Changed      int // people who were told something else
}

// Standing measures the plan.
func (r Rota) Standing() Standing {
	st := Standing{Changed: r.Unpublished()}
	for _, s := range r.Shifts {
		st.Places += s.Wanted
		st.Open += r.Missing(s)
		for _, d := range r.On(s.ID) {
			m, _ := r.Member(d.Who)
			if slices.Contains(m.Offer.Rather, s.Post) {
				st.Rather++
			}
		}
	}
	share := r.share()
	for _, m := range r.Members {
		if m.Offer.Silent() {
			continue
		}
		switch off := r.Hours(m.ID) - m.wish(share); {
		case off <= -time.Hour:
			st.Below++
		case off >= time.Hour:
			st.Above++
		}
	}
	st.Least = r.least()
	return st
}

// least asks the engine how many places stay open whatever anybody plans.
func (r Rota) least() int {
	bare := r
	bare.Duties = slices.DeleteFunc(slices.Clone(r.Duties), func(d Duty) bool { return d.No.IsZero() })
	p := bare.indexed().problemOf(time.Unix(math.MinInt32, 0), false, false)
	p.in.Weights = shifts.Weights{Uncovered: 1}
	return int(shifts.Bound(p.in))
}
