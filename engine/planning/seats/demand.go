package seats

import "slices"

// wish is one person's interest in one workshop and what serving it is worth.
type wish struct {
	who  int32 // the person, or the workshop, at the other end
	gain int64
}

// demand is who wants what, both ways.
type demand struct {
	in    *Instance
	of    [][]wish // of each person: workshops
	by    [][]wish // of each workshop: people
	total int64
}

// newDemand adds up the price of every preference; one that costs nothing when it
// is not served is no demand.
func newDemand(in *Instance) *demand {
	d := &demand{in: in, of: make([][]wish, len(in.People)), by: make([][]wish, len(in.Workshops))}
	at := map[string]int32{}
	for w, workshop := range in.Workshops {
		at[workshop.ID] = int32(w)
	}
	for p, person := range in.People {
		for k, id := range person.Prefs[:min(len(person.Prefs), len(in.Weights.Rank))] {
			gain := in.Weights.Rank[k]
			d.total += gain
			w, known := at[id]
			if !known || gain == 0 {
				continue
			}
			if i := slices.IndexFunc(d.of[p], func(x wish) bool { return x.who == w }); i >= 0 {
				d.of[p][i].gain += gain // listed twice: served twice
				continue
			}
			d.of[p] = append(d.of[p], wish{w, gain})
		}
		for _, x := range d.of[p] {
			d.by[x.who] = append(d.by[x.who], wish{int32(p), x.gain})
		}
	}
	return d
}

// wishes is the number of all preferences.
func (d *demand) wishes() int {
	n := 0
	for _, list := range d.of {
		n += len(list)
	}
	return n
}

// away says whether person p misses the slot.
func (d *demand) away(p, slot int32) bool {
	return slices.Contains(d.in.People[p].Away, int(slot))
}

// gain is what workshop w is worth to person p; 0 when not asked for.
func (d *demand) gain(p, w int32) int64 {
	for _, x := range d.of[p] {
		if x.who == w {
			return x.gain
		}
	}
	return 0
}
