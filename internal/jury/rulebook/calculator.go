package rulebook

import (
	"cmp"
	"context"

	"h48/engine/ranking/chance"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/format"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// What the calculator begins with where the edition says nothing yet.
const (
	usualTeams   = 6
	usualJurors  = 3
	usualMinutes = 10
	usualWindow  = 60
)

// Calculate says what is possible in the time, by the measured table.
func Calculate(q format.Question) (format.Answer, error) {
	table, err := chance.Measured()
	return format.New(table).Answer(q), err
}

// Expected is what the calculator begins with: the teams and jurors there are, and the
// minutes of the present round.
func Expected(ctx context.Context, s *jury.Service, q sqldb.Querier, id edition.ID) (format.Question, error) {
	b, err := s.Board(ctx, q, id)
	present := 0
	for _, row := range b.Rows {
		if row.Juror.Presence == jury.Present {
			present++
		}
	}
	return format.Question{Teams: cmp.Or(len(b.Teams), usualTeams), Jurors: cmp.Or(present, usualJurors),
		Minutes: cmp.Or(b.Round.Minutes, usualMinutes), Window: cmp.Or(b.Round.Window, usualWindow)}, err
}

// setupOf is an option of the calculator as a round.
func setupOf(q format.Question, o format.Option) jury.Setup {
	s := jury.Setup{Format: jury.Expo, Way: jury.Way(o.Way), Floor: o.Floor, Minutes: q.Minutes, Window: q.Window}
	switch o.Form {
	case format.WholeJury:
		s.Format, s.Floor = jury.OnStage, 0
	case format.ThenAFinal:
		s.Window = q.Window - o.Finalists*q.Minutes
		s.Finalists, s.FinalMinutes = o.Finalists, q.Minutes
	}
	return s
}

// TakeOver sets the present round up as the calculator's option: the form in the way, for
// the question as it was asked. Frozen rules stay.
func TakeOver(ctx context.Context, s *jury.Service, actor account.Actor, id edition.ID, q format.Question, form format.Form, way jury.Way) error {
	a, err := Calculate(q)
	if err != nil {
		return err
	}
	for _, o := range append(a.Ways, a.Options...) {
		if o.Form == form && o.Way == chance.Way(way) && o.Fits {
			return s.SetUp(ctx, actor, id, setupOf(q, o), "")
		}
	}
	return errs.New(errs.Invalid, "jury.format.impossible")
}

// CheckQuestion refuses numbers that no event has.
func CheckQuestion(q format.Question) error {
	var wrong errs.Fields
	within := func(name string, n, from, to int) {
		if n < from || n > to {
			wrong.Add(name, "jury.format.range", "from", from, "to", to)
		}
	}
	within("teams", q.Teams, 2, format.MostTeams)
	within("jurors", q.Jurors, 1, format.MostJurors)
	within("minutes", q.Minutes, 1, format.MostMinutes)
	within("window", q.Window, 1, format.MostWindow)
	return wrong.Err()
}
