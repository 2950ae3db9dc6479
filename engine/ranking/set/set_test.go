package set_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"h48/engine/ranking"
	"h48/engine/ranking/set"
)

// whole is a small set that is in order; visits.csv is quoted and has Windows line
// ends and a column that nobody asked for.
var whole = map[string]string{
	"meta.json":       "\xef\xbb\xbf" + `{"format":1,"criteria":[{"id":"idea","min":1,"max":5,"weight":2},{"id":"demo","min":0,"max":10}]}`,
	"projects.csv":    "event,project,table\nfinal,kite,3\nfinal,\"gar\"\"den\",\n",
	"jurors.csv":      "event,juror,capacity\nfinal,Ada,9\nfinal,Bob,\n",
	"conflicts.csv":   "event,juror,project\nfinal,Bob,kite\n",
	"visits.csv":      "\xef\xbb\xbfevent,juror,project,seq,minute,idea,demo,weather\r\nfinal,Ada,kite,1,4.5,5,9.5,fair\r\nfinal,Ada,\"gar\"\"den\",2,,,,\r\n",
	"rankings.csv":    "event,juror,rank,project\nfinal,Ada,2,\"gar\"\"den\"\nfinal,Ada,1,kite\n",
	"comparisons.csv": "event,juror,seq,winner,loser\n",
}

func files(content map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, text := range content {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fs
}

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := set.Read(files(whole))
	if err != nil {
		t.Fatal(err)
	}
	garden := `gar"den`
	want := []set.Named{{Name: "final", Event: ranking.Event{
		Criteria:  []ranking.Criterion{{ID: "idea", Min: 1, Max: 5, Weight: 2}, {ID: "demo", Min: 0, Max: 10, Weight: 1}},
		Projects:  []ranking.Project{{ID: "kite", Table: 3}, {ID: garden, NoTable: true}},
		Jurors:    []ranking.Juror{{ID: "Ada", Capacity: 9}, {ID: "Bob"}},
		Conflicts: []ranking.Conflict{{Juror: "Bob", Project: "kite"}},
		Visits: []ranking.Visit{
			{Juror: "Ada", Project: "kite", Seq: 1, Scores: map[string]float64{"idea": 5, "demo": 9.5}},
			{Juror: "Ada", Project: garden, Seq: 2},
		},
		Orders: []ranking.Order{{Juror: "Ada", Places: [][]string{{"kite"}, {garden}}}},
	}}}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
}

func TestBrokenFilesAreNamed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ file, content, want string }{
		"no header":          {"jurors.csv", "", "jurors.csv: line 1, column 1: the header line is missing"},
		"column missing":     {"visits.csv", "event,juror,project,seq,minute,idea\n", `visits.csv: line 1, column 1: the column "demo" is missing`},
		"column twice":       {"jurors.csv", "event,juror,juror,capacity\n", `jurors.csv: line 1, column 13: the column "juror" stands twice`},
		"open quote":         {"conflicts.csv", "event,juror,project\nfinal,\"Bob,kite\n", "conflicts.csv: line 2, column 17: a quote is not closed, or text follows it"},
		"bare quote":         {"conflicts.csv", "event,juror,project\nfinal,B\"ob,kite\n", "conflicts.csv: line 2, column 8: a quote inside a field that is not quoted"},
		"too few fields":     {"conflicts.csv", "event,juror,project\nfinal,Bob\n", "conflicts.csv: line 2, column 1: the number of fields is not that of the header"},
		"not UTF-8":          {"conflicts.csv", "event,juror,project\nfinal,B\xff,kite\n", "conflicts.csv: line 2, column 8: the text is not UTF-8"},
		"a zero byte":        {"conflicts.csv", "event,juror,project\nfinal,B\x00,kite\n", "conflicts.csv: line 2, column 8: a zero byte"},
		"no event":           {"projects.csv", "event,project,table\n,kite,1\n", "projects.csv: line 2, column 1: the event is empty"},
		"project twice":      {"projects.csv", "event,project,table\nfinal,kite,1\nfinal,kite,2\n", `projects.csv: line 3, column 7: project "kite" stands twice in event "final"`},
		"table a word":       {"projects.csv", "event,project,table\nfinal,kite,A\n", `projects.csv: line 2, column 12: "A" is not a whole number`},
		"juror twice":        {"jurors.csv", "event,juror,capacity\nfinal,Ada,1\nfinal,Ada,1\n", `jurors.csv: line 3, column 7: juror "Ada" stands twice in event "final"`},
		"negative capacity":  {"jurors.csv", "event,juror,capacity\nfinal,Ada,-1\n", "jurors.csv: line 2, column 11: -1 is less than 0"},
		"event unknown":      {"jurors.csv", "event,juror,capacity\nsemi,Ada,1\n", `jurors.csv: line 2, column 1: event "semi" has no project in projects.csv`},
		"juror unknown":      {"conflicts.csv", "event,juror,project\nfinal,Eve,kite\n", `conflicts.csv: line 2, column 7: juror "Eve" is not among the jurors of event "final"`},
		"project unknown":    {"rankings.csv", "event,juror,rank,project\nfinal,Ada,1,boat\n", `rankings.csv: line 2, column 13: project "boat" is not among the projects of event "final"`},
		"rank empty":         {"rankings.csv", "event,juror,rank,project\nfinal,Ada,,kite\n", "rankings.csv: line 2, column 11: the rank is empty"},
		"ranked twice":       {"rankings.csv", "event,juror,rank,project\nfinal,Ada,1,kite\nfinal,Ada,2,kite\n", `rankings.csv: line 3, column 13: juror "Ada" ranks project "kite" again; the first time is on line 2`},
		"score not a number": {"visits.csv", "event,juror,project,seq,minute,idea,demo\nfinal,Ada,kite,1,1,good,1\n", `visits.csv: line 2, column 20: "good" is not a number`},
		"score infinite":     {"visits.csv", "event,juror,project,seq,minute,idea,demo\nfinal,Ada,kite,1,1,Inf,1\n", `visits.csv: line 2, column 20: "Inf" is not a number`},
		"score too high":     {"visits.csv", "event,juror,project,seq,minute,idea,demo\nfinal,Ada,kite,1,1,6,1\n", "visits.csv: line 2, column 20: the score 6 is not between 1 and 5"},
		"visited twice":      {"visits.csv", "event,juror,project,seq,minute,idea,demo\nfinal,Ada,kite,1,1,5,1\nfinal,Ada,kite,2,1,5,1\n", `visits.csv: line 3, column 11: juror "Ada" visits project "kite" again; the first visit is on line 2`},
		"against itself":     {"comparisons.csv", "event,juror,seq,winner,loser\nfinal,Ada,1,kite,kite\n", `comparisons.csv: line 2, column 18: project "kite" is compared with itself`},
		"not JSON":           {"meta.json", "{\n \"format\": 1,\n}", "meta.json: line 3, column 1: not the JSON that was expected"},
		"unknown format":     {"meta.json", `{"format":2}`, "meta.json: line 1, column 11: the format is 2"},
		"a field twice":      {"meta.json", "{\"format\":1,\n \"format\":1}", "meta.json: line 2, column 2: the field \"format\" stands twice"},
		"empty scale":        {"meta.json", `{"format":1,"criteria":[{"id":"idea","min":5,"max":1}]}`, "min and max are not a scale"},
		"weight below zero":  {"meta.json", `{"format":1,"criteria":[{"id":"idea","min":1,"max":5,"weight":-1}]}`, "the weight is negative"},
		"no weight at all":   {"meta.json", `{"format":1,"criteria":[{"id":"idea","min":1,"max":5,"weight":0}]}`, "no criterion has a weight"},
		"named as a column":  {"meta.json", `{"format":1,"criteria":[{"id":"seq","min":1,"max":5}]}`, "the id is that of another column"},
		"text after":         {"meta.json", `{"format":1} more`, "meta.json: line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := maps.Clone(whole)
			broken[tc.file] = tc.content
			_, err := set.Read(files(broken))
			var at *set.Error
			if !errors.As(err, &at) || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestMissingFileIsNamed(t *testing.T) {
	t.Parallel()
	for name := range whole {
		broken := maps.Clone(whole)
		delete(broken, name)
		if _, err := set.Read(files(broken)); err == nil || !strings.HasPrefix(err.Error(), name+": the file cannot be opened") {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// FuzzRead holds that any bytes give either an error with a place or events that the
// engine takes.
func FuzzRead(f *testing.F) {
	f.Add(whole["meta.json"], whole["projects.csv"], whole["jurors.csv"], whole["visits.csv"], whole["rankings.csv"], whole["comparisons.csv"])
	f.Fuzz(func(t *testing.T, meta, projects, jurors, visits, rankings, comparisons string) {
		events, err := set.Read(files(map[string]string{
			"meta.json": meta, "projects.csv": projects, "jurors.csv": jurors, "visits.csv": visits,
			"rankings.csv": rankings, "comparisons.csv": comparisons, "conflicts.csv": "event,juror,project\n",
		}))
		var at *set.Error
		if err != nil && !errors.As(err, &at) {
			t.Fatalf("an error without a place: %v", err)
		}
		for _, e := range events {
			if _, err := ranking.Rank(t.Context(), e.Event, ranking.Options{Draws: 10}); err != nil {
				t.Fatalf("read, but not ranked: %v", err)
			}
		}
	})
}
