package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"h48/engine/teaming"
)

const fourPeople = `{"format":"teams-instance/1","name":"four","size":{"min":2,"max":2,"target":2},"weights":{"wish":5},
"people":[{"id":"a","wants":["d"]},{"id":"b"},{"id":"c"},{"id":"d"}]}`

func TestForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		args     []string
		code     int
		err      string
	}{
		{"optimal", fourPeople, []string{"form"}, 0, "cost 0, bound 0, gap 0.00 %, proven optimal"},
		{"explained", fourPeople, []string{"form", "--why"}, 0, "T1 costs 0"},
		{"not JSON", "{", []string{"form"}, 2, "line 1, column"},
		{"empty", "", []string{"form"}, 2, "line 1, column 1: it is empty"},
		{"a field twice", strings.Replace(fourPeople, `{"id":"b"}`, `{"id":"b","id":"e"}`, 1), []string{"form"}, 2, `line 2, column 46: the field "id" stands twice`},
		{"a person twice", strings.Replace(fourPeople, `"c"`, `"b"`, 1), []string{"form"}, 2, `line 2, column 53: people[2].id: "b" is already`},
		{"a level in words", strings.Replace(fourPeople, `"id":"b"`, `"strength":"strong","id":"b"`, 1), []string{"form"}, 2, "column 55: people.strength: a JSON string cannot be read as int"},
		{"no time at all", fourPeople, []string{"form", "--budget", "0"}, 0, "proven optimal"},
		{"a budget that is none", fourPeople, []string{"form", "--budget", "NaN"}, 2, "--budget is a number of seconds"},
		{"nonsense", strings.Replace(fourPeople, `"max":2`, `"max":-1`, 1), []string{"form"}, 2, "size.max"},
		{"looser", strings.Replace(fourPeople, `"max":2`, `"max":3`, 1), []string{"form"}, 0, "teams"},
		{"three in pairs", strings.Replace(fourPeople, `{"id":"b"},`, "", 1), []string{"form"}, 3, "3 people cannot be cut into teams of 2 to 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			code := Main(context.Background(), c.args, Streams{strings.NewReader(c.in), &out, &errs})
			if code != c.code || !strings.Contains(errs.String(), c.err) {
				t.Fatalf("exit %d, wanted %d; standard error:\n%s", code, c.code, errs.String())
			}
			if code != 0 {
				return
			}
			var sol teaming.Solution
			if err := json.Unmarshal(out.Bytes(), &sol); err != nil || sol.Format != teaming.SolutionFormat || len(sol.Teams) == 0 {
				t.Errorf("%v in %s", err, out.String())
			}
		})
	}
}
