// Package format is the calculator before the event: how many teams a jury can hear in
// the time it has, in which form, and how often the best would win.
//
// It is arithmetic and a measured table (engine/ranking/chance); it has no sentences and
// decides nothing: the jury's pages say it in words, and an organiser takes it over or not.
package format

import (
	"cmp"
	"slices"

	"h48/engine/ranking"
	"h48/engine/ranking/chance"
)

// Question is what the organiser knows beforehand. Minutes is how long one team is heard,
// with its questions and the walk to the next.
type Question struct {
	Teams, Jurors, Minutes, Window int
}

// Limits of a question: beyond them it is a slip of the finger.
const (
	MostTeams   = 2000
	MostJurors  = 500
	MostMinutes = 120
	MostWindow  = 1440
)

// Form is how the jury and the teams meet.
type Form string

// The forms.
const (
	WholeJury  Form = "whole" // every team before the whole jury, on stage
	Visits     Form = "visits"
	ThenAFinal Form = "final" // visits, then the best of them before the whole jury
)

// Option is one way to hold the judging.
type Option struct {
	Form Form
	Way  chance.Way
	// Each is how many jurors see each team, and Load how many teams a juror sees at most.
	Each, Load int
	// Floor is how many visits every team is promised; the others go where they help.
	Floor int
	// Duration is in minutes; it Fits where the window is long enough.
	Duration int
	Fits     bool
	// Finalists come before the whole jury for Minutes each, after visits of First minutes
	// in all.
	Finalists, First int
	// Chance is how often the best wins; not Known where nothing like it was measured.
	Chance chance.Range
	Known  bool
}

// Reason is why an option is recommended.
type Reason string

// The reasons.
const (
	EverySees  Reason = "every"   // the whole jury sees every team
	BestChance Reason = "chance"  // the best wins more often than otherwise
	OnlyOne    Reason = "only"    // nothing else fits
	Nothing    Reason = "nothing" // nothing fits
)

// Answer is what is possible.
type Answer struct {
	Question
	// Options stand side by side, one a form; each is in the way of judging that promises
	// most, and Ways has the same option in the other ways too.
	Options []Option
	// Best is the recommended one's index; -1 where nothing fits.
	Best    int
	Why     Reason
	Ways    []Option
	Changes []Change
}

// Change is what would make a difference.
type Change struct {
	Jurors, Minutes int // so many more of the one or the other
	Option          Option
}

// Calculator answers by a measured table.
type Calculator struct{ table chance.Table }

// New returns a calculator over the table.
func New(table chance.Table) Calculator { return Calculator{table: table} }

// possible says whether the question has an answer at all.
func (q Question) possible() bool {
	return q.Teams >= 2 && q.Jurors >= 1 && q.Minutes >= 1 && q.Window >= 1
}

// turns is how many teams one juror can hear, one after the other.
func (q Question) turns(window int) int { return max(0, window) / q.Minutes }

// each is how many jurors every team gets to see in the window.
func (q Question) each(window int) int {
	return min(q.Jurors, q.Jurors*q.turns(window)/q.Teams)
}

// Answer says what is possible. The zero Answer with Best -1 is for a question without
// one: fewer than two teams, no juror, no time.
func (c Calculator) Answer(q Question) Answer {
	a := c.plain(q)
	if q.possible() {
		a.Changes = c.changes(a)
	}
	return a
}

func (c Calculator) plain(q Question) Answer {
	a := Answer{Question: q, Best: -1, Why: Nothing}
	if !q.possible() {
		return a
	}
	for _, form := range []Form{WholeJury, Visits, ThenAFinal} {
		if o, ok := c.bestWay(q, form); ok {
			a.Options = append(a.Options, o)
		}
	}
	a.recommend()
	if a.Best >= 0 {
		for _, way := range ways() {
			if o, ok := c.option(q, a.Options[a.Best].Form, way); ok {
				a.Ways = append(a.Ways, o)
			}
		}
	}
	return a
}

func ways() []chance.Way { return []chance.Way{chance.Criteria, chance.Both, chance.Comparison} }

// worthIt is how much more often the best must win for a further question to be asked of
// the jurors, or a further stage to be held.
const worthIt = 0.02

// bestWay is the form in the way that promises most; marks by criterion unless another way
// is worth it, since they are what teams can be told afterwards.
func (c Calculator) bestWay(q Question, form Form) (best Option, ok bool) {
	for _, way := range ways() {
		o, can := c.option(q, form, way)
		if can && (!ok || o.Known && best.Known && o.Chance.High > best.Chance.High+worthIt) {
			best, ok = o, true
		}
	}
	return best, ok
}

// option is one form in one way; ok is false where it makes no sense for the numbers.
func (c Calculator) option(q Question, form Form, way chance.Way) (Option, bool) {
	switch form {
	case WholeJury:
		o := Option{Form: form, Way: way, Each: q.Jurors, Load: q.Teams, Floor: q.Jurors, Duration: q.Teams * q.Minutes}
		o.Fits = o.Duration <= q.Window
		o.Chance, o.Known = c.table.Of(chance.Cell{Way: way, Projects: q.Teams, Jurors: q.Jurors, Visits: q.Jurors}, 0)
		return o, true
	case Visits:
		return c.visits(q, way, q.Window), true
	case ThenAFinal:
		return c.final(q, way)
	}
	return Option{}, false
}

// visits is an expo of so many minutes.
func (c Calculator) visits(q Question, way chance.Way, window int) Option {
	o := Option{Form: Visits, Way: way, Each: q.each(window)}
	o.Fits = o.Each >= 1
	o.Each = max(1, o.Each)
	o.Load = ceil(q.Teams*o.Each, q.Jurors)
	o.Duration = o.Load * q.Minutes
	o.Floor = min(o.Each, ranking.DefaultFloor(q.Teams, q.Teams*o.Each))
	o.Chance, o.Known = c.table.Of(chance.Cell{Way: way, Projects: q.Teams, Jurors: q.Jurors, Visits: o.Each}, 0)
	return o
}

func ceil(n, by int) int { return (n + by - 1) / by }

// final is an expo and then a final in the same window; of the sizes that leave time for
// visits, the one that promises most.
func (c Calculator) final(q Question, way chance.Way) (best Option, ok bool) {
	for _, size := range chance.FinalSizes {
		if size >= q.Teams || size*q.Minutes >= q.Window {
			continue
		}
		o := c.visits(q, way, q.Window-size*q.Minutes)
		o.Form, o.Finalists, o.First = ThenAFinal, size, o.Duration
		o.Duration += size * q.Minutes
		o.Chance, o.Known = c.table.Of(chance.Cell{Way: way, Projects: q.Teams, Jurors: q.Jurors, Visits: o.Each}, size)
		if !ok || o.Fits && !best.Fits || o.Fits == best.Fits && o.Known && o.Chance.High > best.Chance.High {
			best, ok = o, true
		}
	}
	return best, ok
}

// recommend chooses: the whole jury where it sees every team, since nothing is then left
// to who saw whom; else the form that promises most, the simpler one unless it is worth it.
func (a *Answer) recommend() {
	fitting := 0
	for i, o := range a.Options {
		if !o.Fits {
			continue
		}
		fitting++
		if a.Best < 0 || o.Known && (!a.Options[a.Best].Known || o.Chance.High > a.Options[a.Best].Chance.High+worthIt) {
			a.Best = i
		}
		if o.Form == WholeJury {
			a.Best, a.Why = i, EverySees
			return
		}
	}
	switch {
	case fitting == 1:
		a.Why = OnlyOne
	case fitting > 1:
		a.Why = BestChance
	}
}

// Limits within which a change is looked for: nobody finds more jurors on the way.
const (
	moreJurors = 20
	moreTime   = 180 // minutes
)

// changes are the fewest jurors and the fewest minutes more that would let the jury see
// more: another form, or more visits a team.
func (c Calculator) changes(a Answer) []Change {
	var all []Change
	seek := func(most, step int, with func(n int) (Question, Change)) {
		for n := step; n <= most; n += step {
			q, change := with(n)
			if o, better := c.better(a, q); better {
				change.Option = o
				all = append(all, change)
				return
			}
		}
	}
	seek(moreJurors, 1, func(n int) (Question, Change) {
		q := a.Question
		q.Jurors += n
		return q, Change{Jurors: n}
	})
	seek(moreTime, 5, func(n int) (Question, Change) {
		q := a.Question
		q.Window += n
		return q, Change{Minutes: n}
	})
	if whole := a.Teams*a.Minutes - a.Window; whole > 0 && whole <= moreTime {
		q := a.Question
		q.Window += whole
		if o, ok := c.bestWay(q, WholeJury); ok && !slices.ContainsFunc(all, func(k Change) bool { return k.Minutes == whole }) {
			all = append(all, Change{Minutes: whole, Option: o})
		}
	}
	slices.SortStableFunc(all, func(x, y Change) int { return cmp.Compare(y.Jurors, x.Jurors) })
	return all
}

// better says whether the question's recommendation lets more be seen than the answer's.
func (c Calculator) better(a Answer, q Question) (Option, bool) {
	b := c.plain(q)
	if b.Best < 0 {
		return Option{}, false
	}
	now := b.Options[b.Best]
	if a.Best < 0 {
		return now, true
	}
	was := a.Options[a.Best]
	if was.Form == WholeJury { // everybody sees everything: more changes little
		return Option{}, false
	}
	return now, now.Form == WholeJury || now.Each > was.Each
}
