package teaming

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

func load(t testing.TB, p string) *model {
	b, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	in, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	m, err := buildModel(&in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
func TestScratchAnneal(t *testing.T) {
	m := load(t, os.Getenv("INST"))
	hot, _ := strconv.ParseFloat(os.Getenv("HOT"), 64)
	cold, _ := strconv.ParseFloat(os.Getenv("COLD"), 64)
	steps, _ := strconv.Atoi(os.Getenv("STEPS"))
	for seed := 1; seed < 3; seed++ {
		t0 := time.Now()
		s := newState(m, m.wholePart(), make([]int32, len(m.units)))
		a := &annealer{state: s, rnd: random(seed), deviates: deviates(), penalty: 100}
		a.open()
		a.scatter(12)
		p := a.anneal(schedule{steps: int64(steps), hot: hot, cold: cold, penalty: 100}, newMeter(context.Background(), 1<<60))
		fmt.Println(hot, cold, steps, p.cost, p.broken, len(p.teams), time.Since(t0))
		// recheck
		if p.broken > 0 {
			s.load(p.teams)
			fmt.Println("reload", s.cost, s.broken, s.used, m.lo, m.hi)
			continue
		}
		var c int64
		for _, x := range p.teams {
			cc, ok := m.teamCost(x.units, x.challenge, x.ident)
			if !ok || cc != x.cost {
				t.Fatal("bad", x, cc, ok)
			}
			c += cc
		}
		if c != p.cost {
			t.Fatal("sum")
		}
	}
}
