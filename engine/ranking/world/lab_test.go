package world

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"h48/engine/ranking"
)

type ours struct {
	w *World
	p *ranking.Posterior
	t time.Duration
	ix map[string]int
}

func (o *ours) Next(j int) int {
	id, ok, err := o.p.Next(o.w.Event.Jurors[j].ID)
	if err != nil {
		panic(err)
	}
	if !ok {
		return -1
	}
	return o.ix[id]
}
func (o *ours) Visited(j int, v []int) {
	k := len(v) - 1
	err := o.p.AddVisit(ranking.Visit{Juror: o.w.Event.Jurors[j].ID, Project: o.w.Event.Projects[v[k]].ID, Seq: k + 1, Scores: o.w.Score(j, v[k], k)}, o.w.Order(j, v))
	if err != nil {
		panic(err)
	}
}

func env(k string, d int) int {
	if v, err := strconv.Atoi(os.Getenv(k)); err == nil {
		return v
	}
	return d
}

func TestLab(t *testing.T) {
	P, J, R, n, floor := env("P", 60), env("J", 20), env("R", 3), env("N", 100), env("FLOOR", 2)
	c := Default(P, J, R)
	c.Parallel = env("PAR", 0) == 1
	c.Top = env("TOP", 0)
	c.Hostile = env("HOST", 0)
	if os.Getenv("CARE") != "" { c.Careless = float64(env("CARE", 5))/100 }
	var win, says, reg, cover, coverN, logp, tau, top3, rawwin, argp, stopn float64
	start := time.Now()
	made := 0
	for s := range n {
		w := New(c, uint64(env("SEED", 13)*100000+s))
		p, err := ranking.New(w.Event, ranking.Options{Floor: floor, VisitsTotal: c.Visits, Draws: 1000, Walk: env("WALK", 0) == 1})
		if err != nil {
			t.Fatal(err)
		}
		o := &ours{w: w, p: p, ix: map[string]int{}}
		for i, q := range w.Event.Projects {
			o.ix[q.ID] = i
		}
		made += w.Run(o)
		r, err := p.Result(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		best := w.Best()
		true3 := map[int]bool{}
		rank := make([]int, P)
		for i, q := range w.Quality {
			rank[i] = 1
			for _, x := range w.Quality {
				if x > q {
					rank[i]++
				}
			}
			if rank[i] <= 3 {
				true3[i] = true
			}
		}
		rb, rbi := math.Inf(-1), 0
		pb, pbi := -1.0, 0
		for k, st := range r.Projects {
			i := o.ix[st.Project]
			if k == 0 {
				if i == best {
					win++
				}
				says += st.PBest
				reg += w.Quality[best] - w.Quality[i]
			}
			if k < 3 && true3[i] {
				top3 += 1. / 3
			}
			if i == best {
				logp += math.Log(math.Max(st.PBest, 1e-6))
			}
			if st.RankLo <= rank[i] && rank[i] <= st.RankHi {
				cover++
			}
			coverN++
			if st.Raw > rb {
				rb, rbi = st.Raw, i
			}
			if st.PBest > pb {
				pb, pbi = st.PBest, i
			}
		}
		if rbi == best {
			rawwin++
		}
		if pbi == best {
			argp++
		}
		if r.Advice.Stop {
			stopn++
		}
		con, dis := 0., 0.
		for a := range r.Projects {
			for b := a + 1; b < P; b++ {
				if rank[o.ix[r.Projects[a].Project]] < rank[o.ix[r.Projects[b].Project]] {
					con++
				} else {
					dis++
				}
			}
		}
		tau += (con - dis) / (con + dis)
	}
	N := float64(n)
	pw := win / N
	fmt.Printf("%dx%d r%d floor%d n=%d visits %.1f: win %.3f ±%.3f argp %.3f says %.3f regret %.3f tau %.3f top3 %.3f logp %.3f cover %.3f raw %.3f  %.0f ms/world\n", P, J, R, floor, n, float64(made)/N, pw, 1.96*math.Sqrt(pw*(1-pw)/N), argp/N, says/N, reg/N, tau/N, top3/N, logp/N, cover/coverN, rawwin/N, float64(time.Since(start).Milliseconds())/N)
}
