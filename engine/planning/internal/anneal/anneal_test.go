package anneal_test

import (
	"math"
	"testing"

	"h48/engine/planning/internal/anneal"
)

func TestCooling_acceptsAsMetropolis(t *testing.T) {
	t.Parallel()
	const draws = 200_000
	r := anneal.NewRand(1, 1)
	c := anneal.NewCooling(r, 2, 2, draws)
	taken := 0
	for range draws {
		if c.Accept(3) {
			taken++
		}
		c.Step()
	}
	got, want := float64(taken)/draws, math.Exp(-1.5)
	if math.Abs(got-want) > 0.005 {
		t.Errorf("a cost of 3 at temperature 2 was taken %.4f of the time, want %.4f", got, want)
	}
}

func TestCooling_endsCold(t *testing.T) {
	t.Parallel()
	const steps = 100_000
	c := anneal.NewCooling(anneal.NewRand(1, 1), 100, 0.01, steps)
	for range steps {
		c.Step()
	}
	for range 1000 {
		if c.Accept(1) {
			t.Fatal("a cost of 1 was taken at temperature 0.01")
		}
	}
}

func TestRand_sameStreamEverywhere(t *testing.T) {
	t.Parallel()
	r := anneal.NewRand(7, 3)
	var got [6]int
	for i := range got {
		got[i] = r.Below(1000)
	}
	if want := [6]int{660, 429, 80, 97, 966, 803}; got != want {
		t.Errorf("the stream of seed 7 is %v, it was %v", got, want)
	}
}
