package teaming

import (
	"slices"

	"h48/engine/assign"
)

// reseater lifts somebody, sometimes with a companion, out of each of many teams and hands
// the places out again at the least total cost: an assignment problem, solved exactly. It
// finds the long chains of exchanges that annealing, which changes two teams at a time,
// cannot. While annealing, every cost is lowered by chance before (perturb-and-MAP,
// Papandreou and Yuille, ICCV 2011): hundreds of people then change places as they would
// one by one at that temperature, for the work of far fewer proposals.
type reseater struct {
	a       *annealer
	order   []int32 // teams that may take part
	seats   []seat  // of those that do
	blocked []bool  // by unit: linked to somebody lifted
	seatOf  []int32 // by team: its seat in this round, -1 for none
	ties    []int64 // by seat: links of the lifted one being priced, impassable for a refusal
	cost    []int64 // lifted × seat
	pairs   bool    // whether this round lifts two of a team
	assign  assign.Solver
}

// seat is a team without those lifted out of it, and what they are together.
type seat struct {
	team   int32
	units  [2]int32 // lifted, -1 for nobody
	rest   holding
	lifted holding // without what depends on where they go: preferences and moves
}

const (
	impassable = 1 << 50
	reseatMost = 450 // teams a round; its work grows with their square and a little more
	cellWork   = 18  // pricing what one seat held on another
	warmWork   = 7   // one deviate
	scanWork   = 1   // looking at one price while assigning
	showEach   = 16  // rounds between two answers shown
	dryRounds  = 40  // rounds without gain after which there is little left to find
)

// reseat improves the incumbent until the meter is empty or little more is found.
func (s *solver) reseat(harvest *pool, meter *meter) {
	if s.best.broken > 0 || meter.empty() {
		return
	}
	a := s.annealer()
	a.load(s.best.teams)
	a.pool = harvest
	r := newReseater(a)
	if len(r.order) < 3 {
		return
	}
	for round, dry := 0, 0; dry < dryRounds && !meter.empty(); round++ {
		gain, work := r.round(0)
		meter.spend(work)
		if dry++; gain > 0 {
			dry = 0
		}
		if round%showEach == 0 {
			s.take(a.snapshot())
		}
	}
	s.take(a.snapshot())
}

func newReseater(a *annealer) *reseater {
	r := &reseater{a: a, blocked: make([]bool, len(a.m.units))}
	r.find()
	return r
}

// find lists the teams that may take part.
func (r *reseater) find() {
	a := r.a
	for len(r.seatOf) < len(a.teams) {
		r.seatOf = append(r.seatOf, -1)
	}
	r.order = r.order[:0]
	for k := range a.teams {
		if t := &a.teams[k]; len(t.units) > 1 && t.lock < 0 {
			r.order = append(r.order, int32(k))
		}
	}
}

// round reseats one draw of teams at a temperature, and reports by how much the cost fell
// and the work. Rounds alternately lift one and two of a team.
func (r *reseater) round(temp float64) (gain, work int64) {
	for i := range r.seats {
		r.seatOf[r.seats[i].team] = -1
	}
	r.draw()
	r.pairs = !r.pairs
	n := len(r.seats)
	if n < 2 {
		return 0, int64(len(r.order)) * 10
	}
	a := r.a
	before := a.cost
	r.cost = slices.Grow(r.cost[:0], n*n)[:n*n]
	r.ties = slices.Grow(r.ties[:0], n)[:n]
	clear(r.ties)
	for i := range n {
		r.price(i, r.cost[i*n:][:n])
	}
	work = int64(n*n) * cellWork
	if temp > 0 {
		r.warm(temp)
		work += int64(n*n) * warmWork
	}
	work += r.assign.Solve(r.cost, n) * scanWork
	match := r.assign.Match
	for i, j := range match {
		if r.cost[i*n+int(j)] >= impassable {
			return 0, work
		}
	}
	r.carryOut(match)
	return before - a.cost, work
}

// warm lowers every cost by chance, in 64ths of a unit: 4096 deviates, twelve bits a draw.
func (r *reseater) warm(temp float64) {
	var less [4096]int64
	for i, d := range r.a.deviates {
		less[i] = int64(float64(64 * temp * d))
	}
	word := uint64(0)
	for i, c := range r.cost {
		if i%5 == 0 {
			word = r.a.rnd.next()
		}
		if c < impassable/64 {
			r.cost[i] = c*64 - less[word&4095]
		} else {
			r.cost[i] = impassable
		}
		word >>= 12
	}
}

// price fills in what every seat's team costs with those lifted out of seat i.
func (r *reseater) price(i int, row []int64) {
	a, own := r.a, &r.seats[i]
	m := a.m
	r.tie(own, 1)
	for j := range row {
		s := &r.seats[j]
		row[j] = impassable
		t := &a.teams[s.team]
		sums, moves := worth{s.rest.sums + own.lifted.sums + r.ties[j], 0}, s.rest.moves
		if r.ties[j] > impassable/2 || s.rest.size+own.lifted.size > int32(m.in.Size.Max) {
			continue
		}
		allowed := true
		for _, u := range own.units {
			if u < 0 {
				continue
			}
			p := m.prefOf(u, t.challenge)
			allowed = allowed && p != forbidden
			sums.cost += p
			if m.moves {
				moves += m.moveCost(&m.units[u], t.ident)
			}
		}
		if !allowed {
			continue
		}
		if w := a.both(t, &s.rest.trait, &own.lifted.trait, t.challenge, sums, moves); w.broken == 0 {
			row[j] = min(w.cost, impassable)
		}
	}
	r.tie(own, -1)
}

// tie adds up, or takes back, the links that those lifted have to people who stay.
func (r *reseater) tie(own *seat, d int64) {
	a := r.a
	for _, u := range own.units {
		if u < 0 {
			continue
		}
		for i := range a.m.adj[u] {
			l := &a.m.adj[u][i]
			k := a.at[l.to]
			if k < 0 || r.seatOf[k] < 0 || l.to == own.units[0] || l.to == own.units[1] {
				continue
			}
			r.ties[r.seatOf[k]] += d * l.cost
			if l.never {
				r.ties[r.seatOf[k]] += d * impassable
			}
		}
	}
}

// draw chooses the teams and lifts somebody, or a free seat, out of each; nobody lifted
// is linked to one lifted elsewhere, so that every price holds whatever the others do.
func (r *reseater) draw() {
	a := r.a
	clear(r.blocked)
	r.seats = r.seats[:0]
	for i := 0; i < len(r.order) && len(r.seats) < reseatMost; i++ {
		j := i + a.rnd.below(len(r.order)-i)
		r.order[i], r.order[j] = r.order[j], r.order[i]
		k := r.order[i]
		t := a.look(k)
		own := seat{team: k, units: [2]int32{-1, -1}}
		if pick := a.rnd.below(a.m.in.Size.Max); pick < len(t.units) {
			own.units[0] = t.units[pick]
		} else if int(t.whole.size) >= a.m.in.Size.Max {
			continue
		}
		if r.pairs && own.units[0] >= 0 && len(t.units) > 2 {
			if w := a.companion(own.units[0]); w >= 0 {
				own.units[1] = w
			} else if w := t.units[a.rnd.below(len(t.units))]; w != own.units[0] {
				own.units[1] = w
			}
		}
		if r.lift(&own, t) {
			r.seatOf[k] = int32(len(r.seats))
			r.seats = append(r.seats, own)
		}
	}
}

// lift works out what stays and what goes; false if somebody is linked to one lifted before.
func (r *reseater) lift(own *seat, t *team) bool {
	a := r.a
	own.lifted = nobody
	var room [32]int32
	stay := room[:0]
	for _, u := range t.units {
		if u != own.units[0] && u != own.units[1] {
			stay = append(stay, u)
		} else if r.blocked[u] {
			return false
		}
	}
	own.rest = a.holdingOf(t, stay)
	for _, u := range own.units {
		if u < 0 {
			continue
		}
		x := &a.m.units[u]
		a.m.join(&own.lifted.trait, &x.trait)
		own.lifted.sums += x.base
		for n := range a.m.adj[u] {
			l := &a.m.adj[u][n]
			if l.to == own.units[0] {
				own.lifted.sums += l.cost
			}
			r.blocked[l.to] = true
		}
	}
	return true
}

// carryOut seats those lifted from seat i on seat match[i].
func (r *reseater) carryOut(match []int32) {
	a := r.a
	for i, j := range match {
		if i == int(j) {
			continue
		}
		for _, u := range r.seats[i].units {
			if u >= 0 {
				a.remove(u)
			}
		}
	}
	for i, j := range match {
		if i == int(j) {
			continue
		}
		for _, u := range r.seats[i].units {
			if u >= 0 {
				a.insert(u, r.seats[j].team)
			}
		}
	}
	for i, j := range match {
		if i != int(j) {
			a.reap(r.seats[j].team)
		}
	}
}
