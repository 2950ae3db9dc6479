package award

import (
	"math"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"h48/internal/ui"
)

// running is the vote that takes ballots now.
func (t table) running() (Vote, bool) {
	for _, v := range t.m.Votes {
		if v.Running() {
			return v, true
		}
	}
	return Vote{}, false
}

func (t table) voices(v Vote) []Attendance { return v.entitled(t.m.Jury, t.m.Recused) }

// votes says whether the reader is asked for a ballot.
func (t table) votes(v Vote) bool { return !v.Has(t.me) && v.mayVote(t.me, t.m.Jury, t.m.Recused) }

// silent are those whose ballot is awaited.
func (t table) silent(v Vote) []string {
	var names []string
	for _, a := range t.voices(v) {
		if !v.Has(a.Account) {
			names = append(names, a.Name)
		}
	}
	return names
}

func (t table) hands(v Vote) []ui.Option {
	var all []ui.Option
	for _, a := range t.voices(v) {
		if !v.Has(a.Account) {
			all = append(all, ui.Option{Value: string(a.Account), Label: a.Name})
		}
	}
	return all
}

// teams are the answers that a question may have.
func (t table) teams() []ui.Option {
	var all []ui.Option
	for _, s := range t.m.Basis.Standings {
		all = append(all, ui.Option{Value: s.Team, Label: s.title(), Hint: s.Name})
	}
	return all
}

func (t table) answerField(l ui.Locale) ui.Field {
	f := t.fields["place"]
	f.Label, f.Required = l.T("award.answer"), true
	return f
}

// answers are what can be chosen, the abstention last.
func answers(l ui.Locale, v Vote) []ui.Option {
	var all []ui.Option
	for _, o := range v.Options[1:] {
		all = append(all, ui.Option{Value: strconv.Itoa(o.Place), Label: o.answer(l)})
	}
	return append(all, ui.Option{Value: "0", Label: v.Options[0].answer(l)})
}

func secrecy(l ui.Locale) []ui.Option {
	return []ui.Option{{Value: "no", Label: l.T("award.secret.no"), Hint: l.T("award.open_vote_hint"), Icon: "hand-helping"},
		{Value: "yes", Label: l.T("award.secret.yes"), Hint: l.T("award.secret_vote_hint"), Icon: "lock"}}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func tallies(l ui.Locale, v Vote) ui.BarsData {
	bars := ui.BarsData{Label: v.Question}
	for _, o := range append(v.Options[1:len(v.Options):len(v.Options)], v.Options[0]) {
		bars.Rows = append(bars.Rows, ui.Bar{Label: o.answer(l), Value: float64(o.Tally), Text: l.Int(int64(o.Tally))})
	}
	return bars
}

// hands says who raised a hand for what.
func hands(l ui.Locale, v Vote) string {
	var all []string
	for _, b := range v.Voters {
		for _, o := range v.Options {
			if o.Place == b.Place {
				all = append(all, l.T("award.hand", "name", b.Name, "answer", o.answer(l)))
			}
		}
	}
	return strings.Join(all, " ")
}

func (t table) passMinutes() ui.Field {
	f := t.fields["minutes"]
	if f.Value == "" {
		f.Value = "15"
	}
	f.InputMode, f.Short, f.Required = "numeric", true, true
	return f
}

// influences are the rows of all jurors for an organiser, of the reader alone for a juror.
func (t table) influences(l ui.Locale) []ui.Row {
	var rows []ui.Row
	for _, j := range t.m.Basis.Jurors {
		if j.Sheets == 0 || !t.organiser && j.Account != t.me {
			continue
		}
		without := l.T("award.same_first")
		if j.turns(t.m.Basis.Ranking) {
			without = t.m.Basis.title(j.Without)
		}
		name := j.Name
		if j.Check {
			name += " · " + l.T("award.check")
		}
		rows = append(rows, ui.Row{Need: j.Check, Cells: []templ.Component{ui.Text(name), ui.Text(l.Int(int64(j.Sheets))),
			ui.Text(severity(l, j.Severity)), ui.Text(without)}})
	}
	return rows
}

func severity(l ui.Locale, s float64) string {
	switch figure := l.Decimal(math.Abs(s), 2); {
	case math.Abs(s) < 0.05:
		return l.T("award.even")
	case s < 0:
		return l.T("award.strict", "n", figure)
	default:
		return l.T("award.mild", "n", figure)
	}
}

// splitField is a field of the form that splits the prize, with what was typed there.
func (t table) splitField(name string, p Prize) ui.Field {
	f := t.fields[name]
	if t.split != p.ID {
		f.Value, f.Error = "", ""
	}
	f.ID, f.Required = "f-"+name+"-"+string(p.ID), true
	return f
}
