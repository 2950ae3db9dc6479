package ranking

import "fmt"

// Reason is why a juror did not make a visit.
type Reason string

// The reasons of a skip. A busy team leaves no trace. One that is absent rests for a
// round of the jury; absent twice it waits for the organiser, and is only tried again
// with the last visits, where the floor is still owed to it, or when nothing else is left.
// A conflict bars the juror for good.
const (
	Busy   Reason = "busy"
	Absent Reason = "absent"
	Barred Reason = "conflict"
)

const (
	noProject   = -1
	absentTwice = 2
)

// walk is where everybody is and what was announced to them.
type walk struct {
	visits    []int  // by project
	announced []int  // by juror: the project it is on its way to, or noProject
	guests    []int  // by project: how many are on their way
	made      []int  // by juror
	last      []int  // by juror: the project visited last, or noProject
	avoid     []int  // by juror: the project it was just turned away from, or noProject
	absences  []int  // by project
	rests     []int  // by project: until so many visits were made
	refines   []bool // by juror: what was announced is for a prize's sake
	crowd     int    // the most jurors that were out at once
	alone     bool   // a juror was turned away from a table that another was on the way to
	total     int
	onTheWay  int
}

func newWalk(b *book) walk {
	w := walk{
		visits: make([]int, len(b.projects)), guests: make([]int, len(b.projects)),
		absences: make([]int, len(b.projects)), rests: make([]int, len(b.projects)),
		made: make([]int, len(b.jurors)), announced: make([]int, len(b.jurors)),
		refines: make([]bool, len(b.jurors)),
		last:    make([]int, len(b.jurors)), avoid: make([]int, len(b.jurors)),
	}
	for j, s := range b.sheets {
		w.announced[j], w.last[j], w.avoid[j] = noProject, noProject, noProject
		for _, e := range s.seen {
			w.visits[e.project]++
			w.made[j]++
			w.total++
			w.last[j] = e.project
		}
	}
	return w
}

// arrive notes that juror j has seen project i for the first time.
func (w *walk) arrive(j, i int) {
	w.visits[i]++
	w.made[j]++
	w.total++
	w.last[j], w.avoid[j] = i, noProject
	w.absences[i], w.rests[i] = 0, 0
}

// release takes back what was announced to juror j.
func (w *walk) release(j int) {
	if i := w.announced[j]; i != noProject {
		w.announced[j] = noProject
		w.guests[i]--
		w.onTheWay--
	}
}

func (w *walk) announce(j, i int) {
	w.release(j)
	w.announced[j] = i
	w.guests[i]++
	w.onTheWay++
	w.crowd = max(w.crowd, w.onTheWay)
}

// AddVisit records a visit, or corrects the juror's earlier one to the same project,
// and with it the juror's order as it now stands (nil leaves the order as it was).
// It takes the announcement back and re-estimates the model. A visit that does not
// fit the event is refused with an error and leaves no trace.
func (p *Posterior) AddVisit(v Visit, order [][]string) error {
	j, i, scores, err := p.book.readScores(v)
	if err != nil {
		return err
	}
	if p.book.barred[[2]int{j, i}] {
		return fmt.Errorf("juror %q declared a conflict with project %q", v.Juror, v.Project)
	}
	var places [][]int
	if order != nil {
		if _, places, err = p.book.readOrder(Order{v.Juror, order}); err != nil {
			return err
		}
	}
	if p.walk.announced[j] == i {
		p.walk.release(j)
	}
	s := &p.book.sheets[j]
	before := len(s.seen)
	s.touch(i, len(p.book.criteria)).scores = scores
	if order != nil {
		p.book.writeOrder(j, places)
	}
	for _, e := range s.seen[before:] {
		p.walk.arrive(j, e.project)
	}
	p.refit(p.model, warmRounds)
	return nil
}

// Compare records a juror's word on two projects, both of which it has then seen, and
// re-estimates the model. Words that contradict each other are weighed by the scores. One
// that does not fit the event is refused with an error and leaves no trace.
func (p *Posterior) Compare(c Comparison) error {
	j, known := p.book.juror[c.Juror]
	if !known {
		return fmt.Errorf("a comparison: juror %q is not in the event", c.Juror)
	}
	before := len(p.book.sheets[j].seen)
	if err := p.book.compare(c); err != nil {
		return err
	}
	for _, e := range p.book.sheets[j].seen[before:] {
		if p.walk.announced[j] == e.project {
			p.walk.release(j)
		}
		p.walk.arrive(j, e.project)
	}
	p.refit(p.model, warmRounds)
	return nil
}

// Skip takes back what was announced to the juror and remembers why.
func (p *Posterior) Skip(juror, project string, why Reason) error {
	j, i, err := p.book.find(juror, project)
	if err != nil {
		return err
	}
	switch why {
	case Busy:
		others := p.walk.guests[i]
		if p.walk.announced[j] == i {
			others--
		}
		p.walk.alone = p.walk.alone || others > 0
	case Absent:
		p.walk.absences[i]++
		p.walk.rests[i] = p.walk.total + len(p.book.jurors)
	case Barred:
		p.book.silence(j, i)
		p.refit(p.model, warmRounds)
	default:
		return fmt.Errorf("a skip for the reason %q: it is none of busy, absent, conflict", why)
	}
	if p.walk.announced[j] == i {
		p.walk.release(j)
	}
	p.walk.avoid[j] = i
	return nil
}

// Announce notes that the juror is on its way to the project, as when a judging that
// was under way is opened again.
func (p *Posterior) Announce(juror, project string) error {
	j, i, err := p.book.find(juror, project)
	if err != nil {
		return err
	}
	p.walk.announce(j, i)
	return nil
}
