package ranking

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Several is a good number of jurors at a contender's table at once where a hall has room
// for it (docs/bench/ranking.md).
const Several = 5

const (
	nearestOf    = 4  // tables that a walk chooses from: the nearest of a few by chance halves the way
	redraws      = 60 // draws whose leaders this juror cannot see, before giving up
	tablesAtOnce = 5  // contenders that are worth a visit at the same time
)

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
	due := p.due(p.empty(p.elsewhere(j, open)))
	if len(due) == 0 && p.opt.VisitsTotal > 0 && p.spare() <= 0 {
		if due = p.empty(p.elsewhere(j, p.promised(j))); len(due) == 0 {
			return noProject
		}
	}
	if w.refines[j] = len(due) == 0 || p.crowded(due); w.refines[j] {
		return p.refine(rng, j, open)
	}
	return p.cover(rng, j, due)
}

// spare is how many visits are left over for the prize's sake: those that can be afforded,
// less what the floor still promises.
func (p *Posterior) spare() int {
	spare := p.opt.VisitsTotal - p.walk.total - p.walk.onTheWay
	for i := range p.book.projects {
		spare -= p.owed(i)
	}
	return spare
}

// owed is how many visits the floor still promises project i, as far as there are jurors
// who can make them. One that was absent even at its last chance is owed none: it must not
// hold up the others.
func (p *Posterior) owed(i int) int {
	w := &p.walk
	short := p.floor() - w.visits[i] - w.guests[i]
	if short <= 0 || w.absences[i] > absentTwice {
		return 0
	}
	able := 0
	for j := range p.book.jurors {
		if able == short {
			break
		}
		if w.announced[j] != i && p.may(j, i) && p.canMove(j) {
			able++
		}
	}
	return able
}

// promised are the projects that are owed a visit which juror j may make. The last visits
// that can be afforded go to them alone, resting, waiting or taken as they may be: a juror
// who may see none of them stays, and leaves the visit to one who may.
func (p *Posterior) promised(j int) []int {
	var promised []int
	for i := range p.book.projects {
		if p.may(j, i) && p.owed(i) > 0 {
			promised = append(promised, i)
		}
	}
	return promised
}

// elsewhere leaves out the project that just turned juror j away and those that rest, where
// there are others.
func (p *Posterior) elsewhere(j int, projects []int) []int {
	w := &p.walk
	var others []int
	for _, i := range projects {
		if w.avoid[j] != i && w.rests[i] <= w.total {
			others = append(others, i)
		}
	}
	if len(others) == 0 {
		return projects
	}
	return others
}

// canMove tells whether juror j has visits left in it.
func (p *Posterior) canMove(j int) bool {
	c := p.book.jurors[j].Capacity
	return c == 0 || p.walk.made[j] < c
}

// may tells whether juror j has not seen project i and is not barred from it.
func (p *Posterior) may(j, i int) bool {
	_, seen := p.book.sheets[j].at[i]
	return !seen && !p.book.barred[[2]int{j, i}]
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
		if !p.may(j, i) {
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
	left, spare := p.opt.VisitsTotal-w.total-w.onTheWay, p.spare()
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
