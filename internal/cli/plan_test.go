package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"h48/engine/planning"
	"h48/engine/planning/meetings"
	"h48/engine/planning/practice"
	"h48/engine/planning/seats"
	"h48/engine/planning/shifts"
	"h48/engine/planning/visits"
	"h48/internal/cli"
)

// command runs one command line on the given input.
func command(t *testing.T, input string, args ...string) (code int, out, errors string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = cli.Main(context.Background(), args, cli.Streams{In: strings.NewReader(input), Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func decodeInto[S any](t *testing.T, text string) *S {
	t.Helper()
	s := new(S)
	if err := json.Unmarshal([]byte(text), s); err != nil {
		t.Fatalf("the plan cannot be read: %v", err)
	}
	return s
}

func TestPlan_everyKind(t *testing.T) {
	t.Parallel()
	jury, pitch, rooms, day, rota := practice.Visits(12, 1), practice.Pitch(12, 1), practice.Seats(12, 1), practice.Meetings(12, 1), practice.Shifts(12, 1)
	for name, c := range map[string]struct {
		in    any
		check func(plan string) error
	}{
		"visits": {jury, func(plan string) error {
			_, err := visits.Check(jury, decodeInto[visits.Solution](t, plan))
			return err
		}},
		"pitch": {pitch, func(plan string) error {
			return planning.CheckPitch(pitch, decodeInto[planning.PitchSolution](t, plan))
		}},
		"seats": {rooms, func(plan string) error {
			_, err := seats.Check(rooms, decodeInto[seats.Solution](t, plan))
			return err
		}},
		"meetings": {day, func(plan string) error {
			_, err := meetings.Check(day, decodeInto[meetings.Solution](t, plan))
			return err
		}},
		"shifts": {rota, func(plan string) error {
			_, err := shifts.Check(rota, decodeInto[shifts.Solution](t, plan))
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			input := encode(t, c.in)
			code, plan, errors := command(t, input, "plan", "--budget", "0.05", "--seed", "3")
			if code != 0 {
				t.Fatalf("exit %d: %s", code, errors)
			}
			if err := c.check(plan); err != nil {
				t.Error(err)
			}
			if _, again, _ := command(t, input, "plan", "--budget", "0.05", "--seed", "3"); again != plan {
				t.Error("the same instance, seed and budget gave other bytes")
			}
		})
	}
}

func TestPlan_refuses(t *testing.T) {
	t.Parallel()
	clash := `{"format":"rooms-instance/1","slots":1,"rooms":[{"id":"r","capacity":9}],"workshops":[{"id":"a"},{"id":"b"}]}`
	for name, c := range map[string]struct {
		input string
		code  int
		want  string
	}{
		"an infeasible instance": {clash, 3, "2 workshops"},
		"broken JSON":            {"{\n\"format\":", 2, "line 2"},
		"a field twice":          {"{\"format\":\"shifts-instance/1\",\n \"shifts\":[],\"shifts\":[]}", 2, `line 2, column 14: the field "shifts" stands twice`},
		"a value out of range":   {"{\"format\":\"shifts-instance/1\",\n\"shifts\":[{\"id\":\"s\",\"demand\":-1}]}", 2, "line 2, column 30: field shifts[0].demand: -1 is outside"},
		"another format":         {`{"format":"teams-instance/1"}`, 2, "teams-instance/1"},
		"nothing":                {"", 2, "empty"},
		"a draw without secret":  {`{"format":"pitch-instance/1","teams":[{"id":"a"}]}`, 2, "secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, errors := command(t, c.input, "plan")
			if code != c.code || !strings.Contains(errors, c.want) || out != "" {
				t.Errorf("exit %d, output %q, error %q; want exit %d and an error about %q", code, out, errors, c.code, c.want)
			}
		})
	}
}

func TestPlan_secretFromFlag(t *testing.T) {
	t.Parallel()
	in := practice.Pitch(6, 2)
	secret := in.Secret
	in.Secret = ""
	code, plan, errors := command(t, encode(t, in), "plan", "--secret", secret)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errors)
	}
	if err := planning.CheckPitch(in, decodeInto[planning.PitchSolution](t, plan)); err != nil {
		t.Error(err)
	}
}

func TestPlan_saysHowGoodItIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   any
		want string
	}{
		"a rota":            {practice.Shifts(6, 1), "cost 1287, proven optimal"},
		"a day of mentors":  {practice.Meetings(6, 1), "cost 494, proven optimal"},
		"a draw":            {practice.Pitch(6, 1), "anyone can draw it again"},
		"jury visits":       {practice.Visits(6, 1), "above the optimum"},
		"a price of nought": {&visits.Instance{Format: visits.Format}, "cost 0, proven optimal"},
	} {
		if code, _, told := command(t, encode(t, c.in), "plan", "--budget", "0.5", "--seed", "1"); code != 0 || !strings.Contains(told, c.want) {
			t.Errorf("%s: exit %d, told %q; want %q", name, code, told, c.want)
		}
	}
}
