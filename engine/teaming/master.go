package teaming

import "h48/engine/simplex"

// master is the linear relaxation of the set partition over a pool of columns: one
// row a unit (exactly one team), and for each challenge whose limits can bind one row
// for its most and one for its least teams, and one row an identity (at most one team).
type master struct {
	m       *model
	part    *part
	pool    *pool
	lp      *simplex.Program
	rowOf   []int32 // by unit of the model, -1 outside the part
	maxRow  []int32 // by challenge, -1 if none
	minRow  []int32
	idRow   []int32 // by identity
	trueRHS []float64
	varOf   []int32 // by column of the pool
	columns []int32 // by variable: column of the pool, -1 for slack
}

func newMaster(m *model, p *part, pool *pool, rnd *random) *master {
	ms := &master{m: m, part: p, pool: pool,
		rowOf: filled(len(m.units), -1), maxRow: filled(len(m.need), -1),
		minRow: filled(len(m.need), -1), idRow: filled(len(m.ident), -1)}
	row := func() int32 { ms.trueRHS = append(ms.trueRHS, 0); return int32(len(ms.trueRHS) - 1) }
	people := 0
	for _, u := range p.units {
		ms.rowOf[u] = row()
		ms.trueRHS[ms.rowOf[u]] = 1
		people += int(m.units[u].size)
	}
	most := people / max(1, m.in.Size.Min)
	for c := range m.need {
		if p.hi[c] < most {
			ms.maxRow[c] = row()
			ms.trueRHS[ms.maxRow[c]] = float64(p.hi[c])
		}
		if p.lo[c] > 0 {
			ms.minRow[c] = row()
			ms.trueRHS[ms.minRow[c]] = float64(p.lo[c])
		}
	}
	for _, k := range p.idents {
		if m.moves && int(k) >= len(m.locks) { // a lock's people hold its identity by themselves
			ms.idRow[k] = row()
			ms.trueRHS[ms.idRow[k]] = 1
		}
	}
	worst := int64(100)
	for _, c := range pool.columns {
		worst = max(worst, c.cost)
	}
	ms.lp = simplex.New(ms.trueRHS, float64(4*worst), rnd.below)
	for r := range ms.trueRHS {
		switch {
		case ms.isMin(int32(r)):
			ms.slack(int32(r), -1)
		case r >= len(p.units):
			ms.slack(int32(r), 1)
		}
	}
	return ms
}

func filled(n int, v int32) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = v
	}
	return s
}

func (ms *master) isMin(r int32) bool {
	for _, m := range ms.minRow {
		if m == r {
			return true
		}
	}
	return false
}

func (ms *master) slack(r int32, sign float64) {
	ms.lp.Add([]int32{r}, sign, 0)
	ms.columns = append(ms.columns, -1)
}

// sync gives every new column of the pool a variable.
func (ms *master) sync() {
	for len(ms.varOf) < len(ms.pool.columns) {
		k := len(ms.varOf)
		c := &ms.pool.columns[k]
		rows := make([]int32, 0, len(c.units)+3)
		for _, u := range c.units {
			rows = append(rows, ms.rowOf[u])
		}
		for _, r := range [3]int32{ms.maxRow[c.challenge], ms.minRow[c.challenge], ms.identRow(c.ident)} {
			if r >= 0 {
				rows = append(rows, r)
			}
		}
		ms.varOf = append(ms.varOf, ms.lp.Add(rows, 1, float64(c.cost)))
		ms.columns = append(ms.columns, int32(k))
	}
}

func (ms *master) identRow(ident int32) int32 {
	if ident < 0 {
		return -1
	}
	return ms.idRow[ident]
}

// prices are duals made safe for bounding: the sign of a limit's price is certain.
type prices struct {
	unit      []float64 // by unit of the model
	challenge []float64
	ident     []float64
	total     float64 // dual objective
}

func (ms *master) prices() prices {
	p := prices{make([]float64, len(ms.rowOf)), make([]float64, len(ms.maxRow)), make([]float64, len(ms.idRow)), 0}
	take := func(r int32, low, high bool) float64 {
		if r < 0 {
			return 0
		}
		y := ms.lp.Dual[r]
		if low {
			y = max(y, 0)
		}
		if high {
			y = min(y, 0)
		}
		p.total += float64(y * ms.trueRHS[r])
		return y
	}
	for _, u := range ms.part.units {
		p.unit[u] = take(ms.rowOf[u], false, false)
	}
	for c := range ms.maxRow {
		p.challenge[c] = take(ms.maxRow[c], false, true) + take(ms.minRow[c], true, false)
	}
	for k := range ms.idRow {
		p.ident[k] = take(ms.idRow[k], false, true)
	}
	return p
}

// value is the reduced cost of a team that is or could be a column.
func (p *prices) value(c *column) float64 {
	d := float64(c.cost) - p.challenge[c.challenge]
	for _, u := range c.units {
		d -= p.unit[u]
	}
	if c.ident >= 0 {
		d -= p.ident[c.ident]
	}
	return d
}

// fraction is how much of a column the present solution takes.
type fraction struct {
	column int32
	level  float64
}

// support lists the columns that the present solution takes.
func (ms *master) support() []fraction {
	var out []fraction
	for i, v := range ms.lp.Basis {
		if v >= 0 && ms.columns[v] >= 0 && ms.lp.Level[i] > 1e-3 {
			out = append(out, fraction{ms.columns[v], ms.lp.Level[i]})
		}
	}
	return out
}
