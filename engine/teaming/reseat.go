package teaming

import "math"

// reseater takes one seat out of each of many teams and hands the people on them out
// again at the least total cost: an assignment problem, solved exactly. It finds the
// long chains of exchanges that annealing, which changes two teams at a time, cannot.
type reseater struct {
	a       *annealer
	order   []int32 // teams that may take part
	teams   []int32 // those that do
	seated  []int32 // by team taking part: who was lifted off its seat, -1 for a free seat
	blocked []bool  // by unit: linked to somebody lifted
	cost    [][]int64
}

const (
	impassable = math.MaxInt64 / 8
	reseatMost = 450 // teams a round; its work grows with their square and a little more
	cellWork   = 70  // pricing one unit on one seat
	scanWork   = 3   // looking at one seat while augmenting
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
		gain, work := r.round()
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
	for k := range a.teams {
		if t := &a.teams[k]; len(t.units) > 1 && t.lock < 0 {
			r.order = append(r.order, int32(k))
		}
	}
	return r
}

// round reseats one draw of teams and reports by how much the cost fell, and the work.
func (r *reseater) round() (gain, work int64) {
	r.draw()
	n := len(r.teams)
	if n < 2 {
		return 0, int64(len(r.order)) * 10
	}
	for len(r.cost) < n {
		r.cost = append(r.cost, nil)
	}
	a := r.a
	before := a.cost
	for j, k := range r.teams {
		t := a.look(k)
		rest := &t.whole
		if r.seated[j] >= 0 {
			rest = t.rest(r.seated[j])
		}
		for i := range n {
			if j == 0 {
				r.cost[i] = append(r.cost[i][:0], make([]int64, n)...)
			}
			r.cost[i][j] = r.price(t, k, rest, j, r.seated[i])
		}
	}
	match, scans := assign(r.cost[:n])
	r.carryOut(match)
	return before - a.cost, int64(n*n)*cellWork + scans*scanWork
}

// price is the cost of team j with unit u on the seat, -1 for nobody.
func (r *reseater) price(t *team, k int32, rest *holding, j int, u int32) int64 {
	a := r.a
	var w worth
	if u < 0 {
		w = a.value(t, rest, t.challenge)
	} else {
		if rest.lang&a.m.units[u].lang == 0 || a.m.prefOf(u, t.challenge) == forbidden {
			return impassable
		}
		w = a.joined(t, rest, u, k, r.seated[j])
	}
	if w.broken > t.broken {
		return impassable
	}
	return w.cost
}

// draw chooses the teams and lifts one unit, or a free seat, out of each; nobody lifted
// is linked to another, so that every price holds whatever the others do.
func (r *reseater) draw() {
	a := r.a
	clear(r.blocked)
	r.teams, r.seated = r.teams[:0], r.seated[:0]
	for i := 0; i < len(r.order) && len(r.teams) < reseatMost; i++ {
		j := i + a.rnd.below(len(r.order)-i)
		r.order[i], r.order[j] = r.order[j], r.order[i]
		k := r.order[i]
		t := a.look(k)
		u := int32(-1)
		if pick := a.rnd.below(a.m.in.Size.Max); pick < len(t.units) {
			u = t.units[pick]
		} else if int(t.whole.size) >= a.m.in.Size.Max {
			continue
		}
		if u >= 0 {
			if r.blocked[u] {
				continue
			}
			for n := range a.m.adj[u] {
				r.blocked[a.m.adj[u][n].to] = true
			}
		}
		r.teams = append(r.teams, k)
		r.seated = append(r.seated, u)
	}
}

// carryOut seats unit i of the draw in the team match[i].
func (r *reseater) carryOut(match []int) {
	a := r.a
	for i, j := range match {
		if i != j && r.seated[i] >= 0 {
			a.remove(r.seated[i])
		}
	}
	for i, j := range match {
		if i != j && r.seated[i] >= 0 {
			a.insert(r.seated[i], r.teams[j])
		}
	}
	for i, j := range match {
		if i != j {
			a.reap(r.teams[j])
		}
	}
}

// assign gives every row a column of its own at the least total cost, by shortest
// augmenting paths (Jonker and Volgenant, "A Shortest Augmenting Path Algorithm for
// Dense and Sparse Linear Assignment Problems", Computing 38, 1987). The identity must
// be possible. It also counts the seats looked at.
func assign(cost [][]int64) (match []int, scans int64) {
	n := len(cost)
	u, v := make([]int64, n+1), make([]int64, n+1)
	row := make([]int, n+1) // by column, from 1; 0 is no row
	way := make([]int, n+1)
	least := make([]int64, n+1)
	done := make([]bool, n+1)
	for i := 1; i <= n; i++ {
		row[0] = i
		at := 0
		for j := range least {
			least[j], done[j] = math.MaxInt64/2, false
		}
		for row[at] != 0 {
			done[at] = true
			scans += int64(n)
			i0, delta, next := row[at], int64(math.MaxInt64/2), 0
			for j := 1; j <= n; j++ {
				if done[j] {
					continue
				}
				if c := cost[i0-1][j-1] - u[i0] - v[j]; c < least[j] {
					least[j], way[j] = c, at
				}
				if least[j] < delta {
					delta, next = least[j], j
				}
			}
			for j := 0; j <= n; j++ {
				if done[j] {
					u[row[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			at = next
		}
		for at != 0 {
			row[at] = row[way[at]]
			at = way[at]
		}
	}
	match = make([]int, n)
	for j := 1; j <= n; j++ {
		match[row[j]-1] = j - 1
	}
	return match, scans
}
