package ranking

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Reason is why a juror did not make a visit.
type Reason string

// The reasons of a skip. A busy team leaves no trace. One that is absent rests for a
// round of the jury; absent twice it waits for the organiser, and is only tried again
// when nothing else is left. A conflict bars the juror for good.
const (
	Busy   Reason = "busy"
	Absent Reason = "absent"
	Barred Reason = "conflict"
)

// Several is a good number of jurors at a contender's table at once where a hall has room
// for it (docs/bench/ranking.md).
const Several = 5

const (
	noProject    = -1
	nearestOf    = 4  // tables that a walk chooses from (judging.md, section 4)
	redraws      = 60 // draws whose leaders this juror cannot see, before giving up
	absentTwice  = 2
	tablesAtOnce = 5 // contenders that are worth a visit at the same time
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

// Next is the project that the juror should see now, and false when nothing is left
// for it. Asked again before a visit or a skip, it answers the same: what was
// announced is never changed. The answer depends on what was said and announced so
// far and on nothing else.
func (p *Posterior) Next(juror string) (project string, ok bool, err error) {
	j, known := p.book.juror[juror]
	if !known {
		return "", false, fmt.Errorf("juror %q is not in the event", juror)
	}
	if i := p.walk.announced[j]; i != noProject {
		return p.book.projects[i].ID, true, nil
	}
	i := p.choose(j)
	if i == noProject {
		return "", false, nil
	}
	p.walk.announce(j, i)
	return p.book.projects[i].ID, true, nil
}

func (p *Posterior) choose(j int) int {
	w := &p.walk
	if !p.canMove(j) {
		return noProject
	}
	if p.opt.VisitsTotal > 0 && w.total+w.onTheWay >= p.opt.VisitsTotal {
		return noProject
	}
	open := p.open(j)
	if len(open) == 0 {
		return noProject
	}
	rng := rand.New(rand.NewPCG(uint64(w.total)<<20|uint64(w.onTheWay), uint64(j)))
	due := p.due(p.empty(open))
	if w.refines[j] = len(due) == 0 || p.crowded(due); w.refines[j] {
		return p.refine(rng, j, open)
	}
	return p.cover(rng, j, due)
}

// canMove tells whether juror j has visits left in it.
func (p *Posterior) canMove(j int) bool {
	c := p.book.jurors[j].Capacity
	return c == 0 || p.walk.made[j] < c
}

// open is what juror j may go and see now: the best of the classes free, resting,
// just refused, occupied, absent twice that has a member. A table has room for as many
// as Options.Together says once its project was seen, until somebody finds it busy.
func (p *Posterior) open(j int) []int {
	w := &p.walk
	room := max(1, p.opt.Together)
	if w.alone {
		room = 1
	}
	var classes [5][]int
	for i := range p.book.projects {
		_, seen := p.book.sheets[j].at[i]
		if seen || p.book.barred[[2]int{j, i}] {
			continue
		}
		class := 0
		switch {
		case w.absences[i] >= absentTwice:
			class = 4
		case w.guests[i] >= room || w.guests[i] > 0 && w.visits[i] == 0:
			class = 3
		case w.avoid[j] == i:
			class = 2
		case w.rests[i] > w.total:
			class = 1
		}
		classes[class] = append(classes[class], i)
	}
	for _, class := range classes {
		if len(class) > 0 {
			return class
		}
	}
	return nil
}

// empty are the tables that nobody is on the way to, or all where there is none: the
// coverage has jurors look alone.
func (p *Posterior) empty(open []int) []int {
	var empty []int
	for _, i := range open {
		if p.walk.guests[i] == 0 {
			empty = append(empty, i)
		}
	}
	if len(empty) == 0 {
		return open
	}
	return empty
}

func (p *Posterior) floor() int {
	if p.opt.Floor > 0 {
		return p.opt.Floor
	}
	return DefaultFloor(len(p.book.projects), p.opt.VisitsTotal)
}

// due are the least visited of those below the floor.
func (p *Posterior) due(open []int) []int {
	floor := p.floor()
	least := floor
	var due []int
	for _, i := range open {
		n := p.walk.visits[i] + p.walk.guests[i]
		if n < least {
			least, due = n, due[:0]
		}
		if n == least && n < floor {
			due = append(due, i)
		}
	}
	return due
}

// crowded tells whether this visit should go to a contender although the coverage is
// not done. When one juror moves at a time, coverage comes first: contenders are then
// chosen on all of it. When many are out at once they cannot all stand at the
// contenders' few tables afterwards, so the spare visits are spread over the rest of
// the time. The promise of the floor stays: only visits beyond it are spent so.
func (p *Posterior) crowded(due []int) bool {
	w := &p.walk
	if p.opt.VisitsTotal <= 0 || w.visits[due[0]]+w.guests[due[0]] == 0 {
		return false
	}
	left := p.opt.VisitsTotal - w.total - w.onTheWay
	spare := left
	for i := range w.visits {
		spare -= max(0, p.floor()-w.visits[i]-w.guests[i])
	}
	refining := 0
	for j, i := range w.announced {
		if i != noProject && w.refines[j] {
			refining++
		}
	}
	return spare > 0 && w.crowd*spare >= tablesAtOnce*left && refining*left < max(tablesAtOnce*left, w.crowd*spare)
}

// cover takes one of the least visited by chance: blocks of neighbours for a juror
// would make its severity look like a quality of that part of the hall.
func (p *Posterior) cover(rng *rand.Rand, j int, due []int) int {
	from := p.walk.last[j]
	if !p.opt.Walk || from == noProject || p.book.projects[from].NoTable {
		return due[rng.IntN(len(due))]
	}
	near, away := noProject, 0
	for range nearestOf {
		i := due[rng.IntN(len(due))]
		d := p.book.projects[i].Table - p.book.projects[from].Table
		if d = max(d, -d); near == noProject || d < away {
			near, away = i, d
		}
	}
	return near
}

// doubtAfter is the variance that will be left of project i's merit when those on their way to
// it have said their word, whatever they say: visits under way count as made (Ginsbourger,
// Le Riche and Carraro 2010 call it the believer), so that jurors who leave together do
// not all go to one table.
func (p *Posterior) doubtAfter(i int) float64 {
	m := p.model
	return 1 / (1/m.meritVar[i] + float64(p.walk.guests[i])/m.vE)
}

// refine sends the juror where a prize is undecided: top-two Thompson sampling
// (Russo 2016) for the first places. One draw of the merits names m contenders; of
// those this juror may see, the one that will be least known is next.
func (p *Posterior) refine(rng *rand.Rand, j int, open []int) int {
	may := make([]bool, len(p.book.projects))
	for _, i := range open {
		may[i] = true
	}
	q := p.prizeFor(rng, j, may)
	m := p.model
	z := make([]float64, m.normals())
	one, mirrored := m.newDrawn(), m.newDrawn()
	order := slices.Clone(q.eligible)
	for range redraws {
		for k := range z {
			z[k] = rng.NormFloat64()
		}
		m.pair(z, len(m.merit), one, mirrored)
		slices.SortFunc(order, func(x, y int) int { return cmp.Compare(one.theta[y], one.theta[x]) })
		best := noProject
		for _, i := range order[:min(len(order), 1+rng.IntN(q.places))] {
			if may[i] && (best == noProject || p.doubtAfter(i) > p.doubtAfter(best)) {
				best = i
			}
		}
		if best != noProject {
			return best
		}
	}
	return p.promising(open)
}

// promising is the highest of mean and standard deviation together.
func (p *Posterior) promising(open []int) int {
	return slices.MaxFunc(open, func(x, y int) int { return cmp.Compare(p.model.hope(x), p.model.hope(y)) })
}

// prizeFor is the prize that this visit serves: one of those that the juror is sent
// out for and that can still gain by it, by chance; failing that, any.
func (p *Posterior) prizeFor(rng *rand.Rand, j int, may []bool) prize {
	var serve []prize
	for _, q := range p.book.prizes {
		if q.serves[j] && slices.ContainsFunc(q.eligible, func(i int) bool { return may[i] }) {
			serve = append(serve, q)
		}
	}
	if len(serve) == 0 {
		return p.book.prizes[0]
	}
	return serve[rng.IntN(len(serve))]
}
