package teaming

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

func envi(k string) int { v, _ := strconv.Atoi(os.Getenv(k)); return v }
func TestScratchBlocks(t *testing.T) {
	m := load(t, os.Getenv("INST"))
	budget, _ := strconv.ParseFloat(os.Getenv("BUDGET"), 64)
	t0 := time.Now()
	r := random(1)
	s := &solver{m: m, part: m.wholePart(), rnd: &r, table: deviates(), at: make([]int32, len(m.units))}
	me := newMeter(context.Background(), int64(budget*1e9))
	s.start(int64(envi("STEPS")), nil, me)
	fmt.Println("anneal", time.Since(t0).Milliseconds(), s.best.cost, s.best.broken, me.spent/1000000)
	last := time.Now()
	n := 0
	s.report = func(p plan, b int64, pr bool) {
		n++
		if time.Since(last) > time.Duration(budget/8*1e9) {
			last = time.Now()
			fmt.Println(time.Since(t0).Milliseconds(), n, p.cost, p.broken, b, pr, me.spent/1000000)
		}
	}
	s.improveBlocks(envi("SIZE"), effort{anneal: int64(envi("BSTEPS")), runs: envi("RUNS"), exact: os.Getenv("EXACT") != "", columns: 10000, rounds: 1}, me)
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
