package format_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/engine/ranking/chance"
	"h48/internal/jury/format"
)

func calculator(t *testing.T) format.Calculator {
	t.Helper()
	table, err := chance.Measured()
	if err != nil {
		t.Fatal(err)
	}
	return format.New(table)
}

// The arithmetic of judging: N teams, t minutes each, a window of W, J jurors.
func TestAnswer_saysWhatIsPossible(t *testing.T) {
	t.Parallel()
	type want struct {
		Best     format.Form
		Why      format.Reason
		Each     int
		Duration int
	}
	for _, c := range []struct {
		what string
		q    format.Question
		want want
	}{
		{"six teams of ten minutes fill an hour", format.Question{Teams: 6, Jurors: 5, Minutes: 10, Window: 60},
			want{format.WholeJury, format.EverySees, 5, 60}},
		{"ten minutes cap two hours at twelve teams", format.Question{Teams: 12, Jurors: 6, Minutes: 10, Window: 120},
			want{format.WholeJury, format.EverySees, 6, 120}},
		{"five minutes cap two hours at twenty-four teams", format.Question{Teams: 24, Jurors: 6, Minutes: 5, Window: 120},
			want{format.WholeJury, format.EverySees, 6, 120}},
		{"more jurors change nothing on stage", format.Question{Teams: 6, Jurors: 30, Minutes: 10, Window: 60},
			want{format.WholeJury, format.EverySees, 30, 60}},
	} {
		a := calculator(t).Answer(c.q)
		if a.Best < 0 {
			t.Errorf("%s: nothing fits", c.what)
			continue
		}
		o := a.Options[a.Best]
		if diff := cmp.Diff(c.want, want{o.Form, a.Why, o.Each, o.Duration}); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
		if len(a.Changes) != 0 {
			t.Errorf("%s: every juror sees every team, and still %+v would help", c.what, a.Changes)
		}
	}
}

func TestAnswer_sixtyTeamsNineJurorsAnHour(t *testing.T) {
	t.Parallel()
	a := calculator(t).Answer(format.Question{Teams: 60, Jurors: 9, Minutes: 3, Window: 60})
	if a.Best < 0 || a.Options[a.Best].Form == format.WholeJury {
		t.Fatalf("the answer is %+v", a)
	}
	visits := a.Options[1]
	if visits.Form != format.Visits || visits.Each != 3 || visits.Load != 20 || visits.Duration != 60 || visits.Floor != 2 {
		t.Errorf("an expo is %+v, want 3 visits a team", visits)
	}
	if r := visits.Chance; !visits.Known || r.High < 0.25 || r.High > 0.65 {
		t.Errorf("the best wins with a chance of %+v", r)
	}
	if len(a.Changes) == 0 {
		t.Error("nothing would help")
	}
	for _, change := range a.Changes {
		if change.Option.Form != format.WholeJury && change.Option.Each <= visits.Each-1 {
			t.Errorf("a change makes it worse: %+v", change)
		}
	}
}

func TestAnswer_nothingFits(t *testing.T) {
	t.Parallel()
	a := calculator(t).Answer(format.Question{Teams: 60, Jurors: 3, Minutes: 10, Window: 60})
	if a.Best != -1 || a.Why != format.Nothing || len(a.Options) == 0 {
		t.Errorf("18 visits for 60 teams: %+v", a)
	}
	if a := calculator(t).Answer(format.Question{Teams: 1, Jurors: 3, Minutes: 10, Window: 60}); a.Best != -1 || len(a.Options) != 0 {
		t.Errorf("a competition of one: %+v", a)
	}
}

// What an option says of its minutes holds for every question.
func TestAnswer_theMinutesHold(t *testing.T) {
	t.Parallel()
	calc := calculator(t)
	rapid.Check(t, func(t *rapid.T) {
		q := format.Question{Teams: rapid.IntRange(2, 400).Draw(t, "teams"), Jurors: rapid.IntRange(1, 60).Draw(t, "jurors"),
			Minutes: rapid.IntRange(1, 20).Draw(t, "minutes"), Window: rapid.IntRange(1, 300).Draw(t, "window")}
		a := calc.Answer(q)
		for i, o := range append(a.Options, a.Ways...) {
			if o.Fits != (o.Duration <= q.Window) {
				t.Fatalf("%+v of %d minutes fits: %v", o, q.Window, o.Fits)
			}
			if o.Each > q.Jurors || o.Each < 1 || o.Floor > o.Each || o.Load*q.Jurors < o.Each*q.Teams {
				t.Fatalf("%+v cannot be held", o)
			}
			if o.Finalists >= q.Teams {
				t.Fatalf("%d finalists of %d teams", o.Finalists, q.Teams)
			}
			if i == a.Best && !o.Fits {
				t.Fatalf("%+v is recommended and does not fit", o)
			}
		}
	})
}
