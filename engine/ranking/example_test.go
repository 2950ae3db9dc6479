package ranking_test

import (
	"context"
	"fmt"

	"h48/engine/ranking"
)

// Three jurors see three projects. Bob is strict, which costs nobody anything.
func ExampleRank() {
	event := ranking.Event{
		Criteria: []ranking.Criterion{{ID: "idea", Min: 1, Max: 5, Weight: 2}, {ID: "demo", Min: 1, Max: 5, Weight: 1}},
		Projects: []ranking.Project{{ID: "garden"}, {ID: "bridge"}, {ID: "kite"}},
		Jurors:   []ranking.Juror{{ID: "Ada"}, {ID: "Bob"}, {ID: "Cleo"}},
		Orders:   []ranking.Order{{Juror: "Cleo", Places: [][]string{{"kite"}, {"garden"}, {"bridge"}}}},
	}
	for juror, level := range map[string]float64{"Ada": 3, "Bob": 1, "Cleo": 3} {
		for project, above := range map[string]float64{"garden": 1, "bridge": 0, "kite": 2} {
			event.Visits = append(event.Visits, ranking.Visit{Juror: juror, Project: project,
				Scores: map[string]float64{"idea": level + above, "demo": level + above}})
		}
	}
	result, err := ranking.Rank(context.Background(), event, ranking.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range result.Projects {
		fmt.Printf("%d. %s, between %d and %d\n", s.Rank, s.Project, s.RankLo, s.RankHi)
	}
	fmt.Printf("Bob's severity: %.1f\n", result.Jurors[1].Severity)
	// Output:
	// 1. kite, between 1 and 1
	// 2. garden, between 2 and 2
	// 3. bridge, between 3 and 3
	// Bob's severity: -1.3
}

// The engine says where each juror should go next.
func ExamplePosterior_Next() {
	posterior, err := ranking.New(ranking.Event{
		Criteria:  []ranking.Criterion{{ID: "overall", Min: 0, Max: 10, Weight: 1}},
		Projects:  []ranking.Project{{ID: "garden"}, {ID: "kite"}},
		Jurors:    []ranking.Juror{{ID: "Ada"}},
		Conflicts: []ranking.Conflict{{Juror: "Ada", Project: "kite"}},
	}, ranking.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	project, ok, err := posterior.Next("Ada")
	fmt.Println(project, ok, err)
	err = posterior.AddVisit(ranking.Visit{Juror: "Ada", Project: project, Scores: map[string]float64{"overall": 8}}, nil)
	fmt.Println(err)
	project, ok, err = posterior.Next("Ada")
	fmt.Printf("%q %v %v\n", project, ok, err)
	// Output:
	// garden true <nil>
	// <nil>
	// "" false <nil>
}
