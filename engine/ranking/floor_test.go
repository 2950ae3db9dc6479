package ranking_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"h48/engine/ranking"
)

// Conflicts and absences leave some jurors nothing that the floor still promises. They
// must not use up the last visits for the prize's sake: who can make them comes later.
func TestLastVisitsKeepThePromise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const projects, jurors, floor = 6, 4, 2
		p := open(t, projects, jurors, ranking.Options{Floor: floor, VisitsTotal: floor*projects + 2, Together: ranking.Several})
		able := make([]int, projects)
		for i := range projects {
			for j := range jurors {
				if rapid.IntRange(0, 3).Draw(t, "conflict") > 0 {
					able[i]++
				} else if err := p.Skip(fmt.Sprint("j", j), fmt.Sprint("p", i), ranking.Barred); err != nil {
					t.Fatal(err)
				}
			}
		}
		visits := map[string]int{}
		for left := floor*projects + 2; ; {
			before := left
			for _, juror := range rapid.Permutation([]string{"j0", "j1", "j2", "j3"}).Draw(t, "turn") {
				to := next(t, p, juror)
				if to == "" {
					continue
				}
				if rapid.IntRange(0, 9).Draw(t, "busy") == 0 {
					if err := p.Skip(juror, to, ranking.Busy); err != nil {
						t.Fatal(err)
					}
					before = -1
					continue
				}
				score(t, p, juror, to, float64(rapid.IntRange(0, 10).Draw(t, "score")))
				visits[to]++
				left--
			}
			if left == before {
				break
			}
		}
		for i, n := range able {
			if got := visits[fmt.Sprint("p", i)]; got < min(n, floor) {
				t.Fatalf("project %d has %d visits; %d jurors may see it (all: %v)", i, got, n, visits)
			}
		}
	})
}

// A team that was away twice is not forgotten: where the floor is owed to it, the last visits
// are for it. One that is away then too costs nobody else a visit.
func TestAwayTwiceIsTriedBeforeTheVisitsEnd(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ absences, want int }{"back": {2, 1}, "gone": {99, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const total = 12
			p := open(t, 6, 4, ranking.Options{Floor: 1, VisitsTotal: total})
			made, visits, away := 0, map[string]int{}, 0
			for range 10 * total {
				for j := range 4 {
					juror := fmt.Sprint("j", j)
					switch to := next(t, p, juror); {
					case to == "":
					case to == "p0" && away < tc.absences:
						away++
						if err := p.Skip(juror, to, ranking.Absent); err != nil {
							t.Fatal(err)
						}
					default:
						score(t, p, juror, to, float64(j+made%5))
						visits[to]++
						made++
					}
				}
			}
			if made != total || visits["p0"] != tc.want || tc.want == 0 && away > 4 {
				t.Errorf("%d visits made, %v; sent to the absent team %d times", made, visits, away)
			}
		})
	}
}

// A juror who finds the table busy to which the last visits belong is sent to another of
// them, not straight back.
func TestBusyTableIsNotOfferedAgainAtOnce(t *testing.T) {
	t.Parallel()
	for turn := range 8 {
		const total = 6
		p := open(t, 5, 3, ranking.Options{Floor: 1, VisitsTotal: total})
		for _, team := range []string{"p0", "p1"} { // away twice, and back when all else was seen
			for range 2 {
				if err := p.Skip("j0", team, ranking.Absent); err != nil {
					t.Fatal(err)
				}
			}
		}
		for k, team := range []string{"p2", "p3", "p4", "p2"}[:3+turn%2] {
			score(t, p, fmt.Sprint("j", 1+k%2), team, float64(k+turn))
		}
		first := next(t, p, "j0")
		if err := p.Skip("j0", first, ranking.Busy); err != nil {
			t.Fatal(err)
		}
		if again := next(t, p, "j0"); first == "" || again == first {
			t.Errorf("turn %d: from %q back to %q", turn, first, again)
		}
	}
}
