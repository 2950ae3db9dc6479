package assign_test

import (
	"testing"

	"h48/engine/assign"

	"pgregory.net/rapid"
)

// Every way of placing a few people, compared; and the cost is a bound at any time before.
func TestCrowd_isTheCheapestThereIsRoomFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.IntRange(1, 4).Draw(t, "places")
		room := rapid.SliceOfN(rapid.IntRange(0, 3), places, places).Draw(t, "room")
		var price [][]int64
		for range rapid.IntRange(1, 6).Draw(t, "people") {
			p := rapid.SliceOfN(rapid.SampledFrom([]int64{0, 2, 5, 9, assign.Impassable}), places, places).Draw(t, "prices")
			p[rapid.IntRange(0, places-1).Draw(t, "open")] = 3
			price = append(price, p)
		}
		want := placed(price, room)
		c := assign.NewCrowd(price, room)
		for c.Cost <= want && c.Relieve() {
		}
		if want < assign.Impassable && c.Cost != want || c.Cost > want {
			t.Fatalf("cost %d, the cheapest %d", c.Cost, want)
		}
	})
}

// placed tries every place for each person in turn.
func placed(price [][]int64, room []int) int64 {
	if len(price) == 0 {
		return 0
	}
	best := int64(assign.Impassable)
	for k, p := range price[0] {
		if room[k] > 0 {
			room[k]--
			best = min(best, p+placed(price[1:], room))
			room[k]++
		}
	}
	return best
}
