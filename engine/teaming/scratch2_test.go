package teaming

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

func TestScratchSolve(t *testing.T) {
	m := load(t, os.Getenv("INST"))
	steps, _ := strconv.Atoi(os.Getenv("STEPS"))
	budget, _ := strconv.ParseFloat(os.Getenv("BUDGET"), 64)
	runs, _ := strconv.Atoi(os.Getenv("RUNS"))
	t0 := time.Now()
	r := random(1)
	s := &solver{m: m, part: m.wholePart(), rnd: &r, table: deviates(), at: make([]int32, len(m.units))}
	s.report = func(p plan, b int64, pr bool) { fmt.Println(time.Since(t0).Milliseconds(), p.cost, p.broken, b, pr) }
	me := newMeter(context.Background(), int64(budget*1e9))
	s.solve(effort{anneal: int64(steps), runs: runs, exact: os.Getenv("EXACT") != "", columns: 30000}, me)
	var c int64
	for _, x := range s.best.teams {
		cc, ok := m.teamCost(x.units, x.challenge, x.ident)
		if !ok || cc != x.cost {
			t.Fatal("bad", x, cc, ok)
		}
		c += cc
	}
	if c != s.best.cost {
		t.Fatal("sum")
	}
	fmt.Println("end", time.Since(t0), float64(me.spent)/1e9, s.best.cost, s.bound, s.proven)
}
