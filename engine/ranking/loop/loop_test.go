package loop_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"h48/engine/ranking"
	"h48/engine/ranking/loop"
)

// talk sends lines and returns the answers.
func talk(t *testing.T, lines ...string) []string {
	t.Helper()
	var out bytes.Buffer
	if err := loop.Run(context.Background(), strings.NewReader(strings.Join(lines, "\n")), &out, ranking.Options{}); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

const opening = `{"op":"open","projects":[{"id":"p1","table":1},{"id":"p2"}],"jurors":[{"id":"j1","capacity":2},{"id":"j2","capacity":0},{"id":"j3"}],` +
	`"conflicts":[["j3","p1"]],"visits_total":4,"criteria":[{"id":"c1","min":1,"max":5,"weight":1}]}`

func TestConversation(t *testing.T) {
	t.Parallel()
	var conversation []string
	for _, tc := range []struct{ line, want string }{
		{`{"op":"next","juror":"j1"}`, `{"error":"op \"next\" before the event is open"}`},
		{`{"op":"open","projects":[{"id":"p1"}],"jurors":[{"id":"j1"}],"conflicts":[["j1"]]}`, `{"error":"conflicts[0] wants a juror and a project, and has 1 ids"}`},
		{opening, `{"ok":true}`},
		{opening, `{"error":"the event is open already"}`},
		{`{"op":"next","juror":"j2"}`, `{"project":null}`},
		{`{"op":"next","juror":"j3"}`, `{"project":"p2"}`},
		{`{"op":"next","juror":"j1"}`, `{"project":"p1"}`},
		{`{"op":"skip","juror":"j1","project":"p1","reason":"bored"}`, `{"error":"a skip for the reason \"bored\": it is none of busy, absent, conflict"}`},
		{`{"op":"visit","juror":"j1","project":"p1","scores":{"c1":9},"ranking":["p1"]}`, `{"error":"juror \"j1\" at project \"p1\": the score 9 for \"c1\" is not between 1 and 5"}`},
		{`{"op":"visit","juror":"j1","project":"p1","scores":{"c1":4},"ranking":["p1"]}`, `{"ok":true}`},
		{`{"op":"skip","juror":"j3","project":"p2","reason":"busy"}`, `{"ok":true}`},
		{`{"op":"next","juror":"` + strings.Repeat("é", 1000) + `"}`, `{"error":"juror \"` + strings.Repeat("é", 196) + ` …"}`},
		{`{"op":"visit","juror":"j1","project":"p1","scores":{"c1":null},"ranking":["p1"]}`, `{"ok":true}`},
		{`{"op":"visit","juror":"j1","project":"p1","scores":{"c1":4}}`, `{"ok":true}`},
		{`not json`, `{"error":"not a line of this conversation: `},
		{`{"op":"dance"}`, `{"error":"op \"dance\" is none of open, next, visit, skip, result"}`},
		{`{"op":"visit","juror":"j1","project":"p2","scores":{},"ranking":[["p1","p2"]]}`, `{"ok":true}`},
		{`{"op":"next","juror":"j1"}`, `{"project":null}`},
		{`{"op":"result"}`, `{"ranking":[{"project":"p1","rank":1,"score":`},
	} {
		conversation = append(conversation, tc.line)
		got := talk(t, conversation...)
		if last := got[len(got)-1]; !strings.HasPrefix(last, tc.want) {
			t.Errorf("%s\ngot  %s\nwant %s", tc.line, last, tc.want)
		}
	}
}

// Jurors who leave together may go to the same contender; where the opening says that a
// table has room for one, they may not.
func TestTogether(t *testing.T) {
	t.Parallel()
	for together, shared := range map[string]bool{"": true, `"together":1,`: false} {
		lines := []string{`{"op":"open","floor":1,` + together + `"projects":[{"id":"p1"},{"id":"p2"},{"id":"p3"},{"id":"p4"},{"id":"p5"}],` +
			`"jurors":[{"id":"j1"},{"id":"j2"},{"id":"j3"},{"id":"j4"}],"criteria":[{"id":"c","min":0,"max":9}]}`}
		for _, project := range []string{"p1", "p2", "p3", "p4", "p5"} { // p1 and p2 stand out to the first juror
			score := map[string]string{"p1": "9", "p2": "9"}[project]
			lines = append(lines, `{"op":"visit","juror":"j1","project":"`+project+`","scores":{"c":`+cmp.Or(score, "1")+`}}`)
		}
		for _, juror := range []string{"j2", "j3", "j4"} {
			lines = append(lines, `{"op":"next","juror":"`+juror+`"}`)
		}
		going := map[string]int{}
		got := talk(t, lines...)
		for _, answer := range got[len(got)-3:] {
			going[answer]++
		}
		if (len(going) < 3) != shared {
			t.Errorf("%q: the three go to %v", together, going)
		}
	}
}

// FuzzLoop holds that every line is answered with one line of JSON.
func FuzzLoop(f *testing.F) {
	f.Add([]byte(opening + "\n" + `{"op":"visit","juror":"j1","project":"p1","scores":{"c1":4},"ranking":["p1"]}` + "\n" + `{"op":"result"}`))
	f.Add([]byte(`{"op":"open","projects":[],"jurors":[]}` + "\n" + `{"op":"result"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		if err := loop.Run(context.Background(), bytes.NewReader(in), &out, ranking.Options{Draws: 10}); err != nil {
			t.Fatal(err)
		}
		asked := 0
		for _, line := range bytes.Split(in, []byte("\n")) {
			if len(bytes.TrimSpace(line)) > 0 {
				asked++
			}
		}
		answers := bytes.Split(bytes.TrimSuffix(out.Bytes(), []byte("\n")), []byte("\n"))
		if asked == 0 {
			return
		}
		if len(answers) != asked {
			t.Fatalf("%d lines, %d answers", asked, len(answers))
		}
		for _, a := range answers {
			if !json.Valid(a) {
				t.Fatalf("not JSON: %s", a)
			}
		}
	})
}
