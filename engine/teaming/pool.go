package teaming

import "slices"

// column is one possible team, a column of the set partition. Units are sorted.
type column struct {
	units     []int32
	challenge int32
	ident     int32
	cost      int64
}

// pool is a set of columns without duplicates. It never holds more than its limit:
// when full, the caller's prune decides what to keep.
type pool struct {
	columns []column
	index   map[uint64]int32 // hash → column; a collision loses a column, nothing else
	limit   int
	accept  func(units []int32, challenge int32, cost int64) bool
}

func newPool(limit int) *pool {
	return &pool{index: make(map[uint64]int32), limit: limit}
}

func hashColumn(units []int32, challenge, ident int32) uint64 {
	h := mix(uint64(challenge)<<32 | uint64(uint32(ident)))
	for _, u := range units {
		h += mix(uint64(u) + 0x51ed2701a4c3)
	}
	return h
}

// offer adds a column unless it is known, unwanted or the pool is full.
func (p *pool) offer(units []int32, challenge, ident int32, cost int64) bool {
	if len(p.columns) >= p.limit || p.accept != nil && !p.accept(units, challenge, cost) {
		return false
	}
	h := hashColumn(units, challenge, ident)
	if _, known := p.index[h]; known {
		return false
	}
	p.index[h] = int32(len(p.columns))
	us := slices.Clone(units)
	slices.Sort(us)
	p.columns = append(p.columns, column{us, challenge, ident, cost})
	return true
}

// inherit adds a column of another pool, sharing its list of units.
func (p *pool) inherit(c *column) {
	p.index[hashColumn(c.units, c.challenge, c.ident)] = int32(len(p.columns))
	p.columns = append(p.columns, *c)
}
