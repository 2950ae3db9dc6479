package ranking_test

import (
	"math"
	"testing"

	"h48/engine/ranking"
	"h48/engine/ranking/world"
)

// The reasons add up to the difference between estimate and raw mean, to the last digit
// that is shown, in worlds with orders, careless jurors and teams seen once.
func TestReasonsAddUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		r := played(t, world.Default(12, 6, 2), seed, ranking.Options{Draws: 100})
		for _, s := range r.Projects {
			if math.IsNaN(s.Raw) {
				if s.Reasons != (ranking.Reasons{}) {
					t.Errorf("seed %d: %s has no mark but reasons %+v", seed, s.Project, s.Reasons)
				}
				continue
			}
			if got, want := s.Reasons.Total(), s.Score-s.Raw; math.Abs(got-want) > 1e-6 {
				t.Errorf("seed %d: %s: reasons %+v add up to %.4f, the difference is %.4f", seed, s.Project, s.Reasons, got, want)
			}
		}
	}
}

// Two teams with the same marks: the one that strict jurors saw gains by it.
func TestReasonsNameStrictJurors(t *testing.T) {
	t.Parallel()
	e := ranking.Event{Criteria: []ranking.Criterion{{ID: "c", Min: 1, Max: 10, Weight: 1}}}
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		e.Projects = append(e.Projects, ranking.Project{ID: id})
	}
	e.Jurors = []ranking.Juror{{ID: "mild"}, {ID: "strict"}}
	mark := func(juror, project string, score float64) {
		e.Visits = append(e.Visits, ranking.Visit{Juror: juror, Project: project, Scores: map[string]float64{"c": score}})
	}
	for k, id := range []string{"c", "d", "e", "f"} { // both saw these
		mark("mild", id, float64(6+k%2))
		mark("strict", id, float64(3+k%2))
	}
	mark("strict", "a", 5)
	mark("mild", "b", 5)
	r, err := ranking.Rank(t.Context(), e, ranking.Options{Draws: 100})
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]ranking.Reasons{}
	for _, s := range r.Projects {
		by[s.Project] = s.Reasons
	}
	if by["a"].Jurors < 1 || by["b"].Jurors > -1 {
		t.Errorf("the strict juror's team: %+v, the mild one's: %+v", by["a"], by["b"])
	}
	if by["a"].Few >= 0 || by["b"].Few <= 0 {
		t.Errorf("one visit each: the good one is not pulled down (%+v) or the poor one not up (%+v)", by["a"], by["b"])
	}
}

// Who saw nothing moves nothing; where leaving a juror out changes the winner, a place
// changed, and so did the chances of somebody to be the best.
func TestInfluence(t *testing.T) {
	t.Parallel()
	c := world.Default(12, 5, 3)
	moved := 0
	for seed := range uint64(4) {
		w := world.New(c, seed)
		e := w.Event
		e.Jurors = append(e.Jurors, ranking.Juror{ID: "zz-never-came"})
		w.Event = e
		p, err := ranking.New(e, ranking.Options{Draws: 100, Influence: true, VisitsTotal: c.Visits})
		if err != nil {
			t.Fatal(err)
		}
		w.Run(&judged{t: t, w: w, p: p})
		r, err := p.Result(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, report := range r.Jurors {
			x := report.Influence
			moved += x.Places
			switch {
			case report.Visits == 0 && x != (ranking.Influence{}):
				t.Errorf("seed %d: %s saw nothing and moves %+v", seed, report.Juror, x)
			case x.First < 0 || x.First > 1 || x.Places < 0 || x.Places >= len(r.Projects) || (x.Places > 0) != (x.Moved != ""):
				t.Errorf("seed %d: %s has the influence %+v", seed, report.Juror, x)
			case report.Without != r.Projects[0].Project && (x.Places == 0 || x.First == 0):
				t.Errorf("seed %d: without %s the winner is another, but its influence is %+v", seed, report.Juror, x)
			}
		}
	}
	if moved == 0 {
		t.Error("no juror of twenty moves any place")
	}
}

// played is the ranking of a world whose visits go round the hall.
func played(t *testing.T, c world.Config, seed uint64, opt ranking.Options) ranking.Result {
	t.Helper()
	w := world.New(c, seed)
	opt.VisitsTotal = c.Visits
	p, err := ranking.New(w.Event, opt)
	if err != nil {
		t.Fatal(err)
	}
	w.Run(&judged{t: t, w: w, p: p})
	r, err := p.Result(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// judged drives a posterior through a world.
type judged struct {
	t *testing.T
	w *world.World
	p *ranking.Posterior
}

func (d *judged) Next(j int) int {
	id, ok, err := d.p.Next(d.w.Event.Jurors[j].ID)
	if err != nil {
		d.t.Fatal(err)
	}
	for i, q := range d.w.Event.Projects {
		if ok && q.ID == id {
			return i
		}
	}
	return -1
}

func (d *judged) Visited(j int, visited []int) {
	k := len(visited) - 1
	v := ranking.Visit{Juror: d.w.Event.Jurors[j].ID, Project: d.w.Event.Projects[visited[k]].ID, Seq: k + 1, Scores: d.w.Score(j, visited[k], k)}
	if err := d.p.AddVisit(v, d.w.Order(j, visited)); err != nil {
		d.t.Fatal(err)
	}
}
