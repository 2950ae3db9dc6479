package visits

// mayExchange says whether the visits in two cells of different jurors can change
// places: what juror 1 does in cell c1 and juror 2 in cell c2. One may be a pause.
func (t *plan) mayExchange(c1, c2 int32) bool {
	p, q := t.cell[c1], t.cell[c2]
	j1, j2 := t.juror(c1), t.juror(c2)
	if p == none && !t.room(j1) || q == none && !t.room(j2) {
		return false
	}
	return (q == none || t.mayMove(q, c2, j1, t.slot(c1))) && (p == none || t.mayMove(p, c1, j2, t.slot(c2)))
}

// room says whether juror j may make one more visit; a juror keeps at least one.
func (t *plan) room(j int32) bool {
	return int(t.load[j]) < t.in.Jurors[j].Max
}

// mayMove says whether the visit to p in a cell could be juror j's, in the slot.
func (t *plan) mayMove(p, cell, j, slot int32) bool {
	for _, c := range t.spotsOf(p) {
		if c != cell && (t.slot(c) == slot || t.juror(c) == j) {
			return false
		}
	}
	return !t.conflict(j, p)
}

// gain is the price of exchanging two cells of different jurors; loads are not
// counted.
func (t *plan) gain(c1, c2 int32) int64 {
	p, q := t.cell[c1], t.cell[c2]
	j1, j2 := t.juror(c1), t.juror(c2)
	w := &t.in.Weights
	delta := w.Pair * (t.pairGain(p, q, j1, j2) + t.pairGain(q, p, j2, j1))
	if p != none {
		delta += t.foreign(j2, p) - t.foreign(j1, p)
	}
	if q != none {
		delta += t.foreign(j1, q) - t.foreign(j2, q)
	}
	return delta + w.Walk*(t.detour(c1, p, q)+t.detour(c2, q, p))
}

// pairGain is the change of the sum of squares when p goes from juror a to juror b
// and q the other way; jurors that see both see no change.
func (t *plan) pairGain(p, q, a, b int32) int64 {
	if p == none {
		return 0
	}
	var sum int64
	for _, c := range t.spotsOf(p) {
		k := t.juror(c)
		if k == a || q != none && t.sees(k, q) {
			continue
		}
		sum += 2 * (int64(*t.pairs.at(k, b)) - int64(*t.pairs.at(k, a)) + 1)
	}
	return sum
}

// exchange makes the exchange and keeps loads and pairs, not the cost.
func (t *plan) exchange(c1, c2 int32) {
	p, q := t.cell[c1], t.cell[c2]
	j1, j2 := t.juror(c1), t.juror(c2)
	t.rehome(p, c1, j1, c2, j2)
	t.rehome(q, c2, j2, c1, j1)
	t.cell[c1], t.cell[c2] = q, p
	if p == none {
		t.shift(j2, j1)
	} else if q == none {
		t.shift(j1, j2)
	}
}

// rehome moves p's visit from one cell to another in spots and pairs.
func (t *plan) rehome(p, from, a, to, b int32) {
	if p == none {
		return
	}
	spots := t.spotsOf(p)
	for i, c := range spots {
		if c == from {
			spots[i] = to
			continue
		}
		k := t.juror(c)
		*t.pairs.at(k, a)--
		*t.pairs.at(k, b)++
	}
}

// swapSlots exchanges two cells of one juror in cells and spots.
func (t *plan) swapSlots(c1, c2 int32) {
	p, q := t.cell[c1], t.cell[c2]
	for _, v := range [2][3]int32{{p, c1, c2}, {q, c2, c1}} {
		if v[0] == none {
			continue
		}
		for i, c := range t.spotsOf(v[0]) {
			if c == v[1] {
				t.spotsOf(v[0])[i] = v[2]
				break
			}
		}
	}
	t.cell[c1], t.cell[c2] = q, p
}
