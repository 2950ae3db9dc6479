package teaming

// worthiest keeps the worthiest people for a few seats; a unit of several takes as many.
type worthiest struct {
	seats int
	count int
	worth [12]float64 // best first
	who   [12]int32
}

func (k *worthiest) clear(seats int) { k.seats, k.count = min(seats, len(k.worth)), 0 }

func (k *worthiest) take(worth float64, u int32, size int) {
	for range min(size, k.seats) {
		if k.count == k.seats {
			if worth <= k.worth[k.seats-1] {
				return
			}
			k.count--
		}
		i := k.count
		for i > 0 && k.worth[i-1] < worth {
			k.worth[i], k.who[i] = k.worth[i-1], k.who[i-1]
			i--
		}
		k.worth[i], k.who[i] = worth, u
		k.count++
	}
}

// sum is the most that n people are worth, false if there are not so many. Those beyond
// the twelve it keeps count like the last of them.
func (k *worthiest) sum(n int) (float64, bool) {
	sum := 0.0
	for _, w := range k.worth[:min(n, k.count)] {
		sum += w
	}
	if n > k.count {
		if k.count < len(k.worth) {
			return 0, false
		}
		sum += float64(float64(n-k.count) * k.worth[k.count-1])
	}
	return sum, true
}
