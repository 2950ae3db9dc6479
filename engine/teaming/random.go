package teaming

// random is SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
// Generators", OOPSLA 2014): one word of state, the same stream on every machine.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is uniform on 0..n-1 up to a bias of n/2^32, too small to matter in a search.
func (r *random) below(n int) int {
	return int(uint64(uint32(r.next())) * uint64(n) >> 32)
}

// mix hashes one word.
func mix(x uint64) uint64 {
	r := random(x)
	return r.next()
}

// deviates holds -ln(u) at the midpoints of 4096 intervals: a move that costs d is
// accepted at temperature T when d <= T·(-ln u), Metropolis' rule. The logarithm is
// computed here because the standard library's may differ in the last bit between
// processors, and the answer must not.
func deviates() *[4096]float64 {
	var table [4096]float64
	for i := range table {
		table[i] = -logarithm((float64(i) + 0.5) / 4096)
	}
	return &table
}

// logarithm is ln x for 0 < x <= 1, by ln x = 2·artanh((x-1)/(x+1)) after scaling x
// into [1/2, 1]. Every product is rounded before it is added, which forbids the
// fused multiply-add of some processors.
func logarithm(x float64) float64 {
	const ln2 = 0.693147180559945309417232121458
	halvings := 0
	for x < 0.5 {
		x *= 2
		halvings++
	}
	z := (x - 1) / (x + 1)
	square := float64(z * z)
	sum, power := 0.0, z
	for k := 1; k < 40; k += 2 {
		sum += power / float64(k)
		power = float64(power * square)
	}
	return float64(2*sum) - float64(float64(halvings)*ln2)
}
