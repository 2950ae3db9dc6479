package teaming

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"testing"
)

func TestScratchLP(t *testing.T) {
	m := load(t, os.Getenv("INST"))
	r := random(1)
	s := &solver{m: m, part: m.wholePart(), rnd: &r, table: deviates(), at: make([]int32, len(m.units))}
	me := newMeter(context.Background(), int64(60e9))
	pool := newPool(20000)
	for range envi("RUNS") {
		s.start(int64(envi("STEPS")), pool, me)
	}
	for _, c := range s.best.teams {
		pool.offer(c.units, c.challenge, c.ident, c.cost)
	}

	g := newGenerator(s.m, s.part, pool, s.rnd)
	pool.limit = 100000
	me = newMeter(context.Background(), int64(60e9))
	g.master.sync()
	g.master.lp.solve(me)
	pr := g.master.prices()
	fmt.Println("first", pr.total, g.master.lp.pivots, me.spent/1000000, cpums(), len(pool.columns))
	g.converge(me)
	fmt.Println("conv", g.prices.total, g.master.lp.pivots, me.spent/1000000, cpums(), len(pool.columns))
	teams := g.dive(me)
	fmt.Println("dive", g.master.lp.pivots, me.spent/1000000, cpums(), len(pool.columns))
	s.polish(teams, 100000, pool, me)
	fmt.Println(s.best.cost, me.spent/1000000, cpums())
}

func cpums() int64 { var r syscall.Rusage; syscall.Getrusage(0, &r); return r.Utime.Nano() / 1000000 }
