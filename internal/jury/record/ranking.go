package record

import (
	"math"
	"slices"

	"h48/internal/jury"
)

// check computes a ranking again; n is its entry, 0 for what the tables say.
func (c *checker) check(said jury.TracedRanking, n int64) {
	where := []any{"n", n, "line", c.n}
	for _, j := range said.Jurors {
		if p := c.replay.presence[string(j.Juror)]; p != j.Presence && !(p == "" && j.Presence == jury.Present) {
			c.found("record.juror_differs", where...)
		}
	}
	holds := map[sheetOf]bool{}
	for _, r := range said.Conflicts {
		k := sheetOf{string(r.Juror), r.Team}
		holds[k] = true
		if held, known := c.replay.conflicts[k]; known && !held {
			c.found("record.conflict_differs", append(where, "team", c.team(r.Team))...)
		}
	}
	for k, held := range c.replay.conflicts {
		if held && !holds[k] && judges(said, k) {
			c.found("record.conflict_differs", append(where, "team", c.team(k.team))...)
		}
	}
	again, err := c.replay.evidence(said).Rank(c.ctx)
	if err != nil {
		if c.ctx.Err() == nil {
			c.found("record.cannot_rank", append(where, "why", err.Error())...)
		}
		return
	}
	if again.Fingerprint != said.Fingerprint {
		c.found("record.marks_differ", where...)
	}
	c.show("", said.Fingerprint)
	c.report.Counted, c.report.Winner, c.report.Panels = 0, "", len(said.Prizes)
	for i, p := range said.Places {
		c.report.Counted += p.Visits
		if i == 0 {
			c.report.Winner = c.team(p.Team)
		}
	}
	c.places(places{"record.place_missing", "record.place_differs"}, said.Places, again.Places, where)
	for i, p := range said.Prizes {
		of := append(slices.Clone(where), "prize", prizeID(p.Prize))
		if again.Prizes[i].Fingerprint != p.Fingerprint {
			c.found("record.prize_marks_differ", of...)
		}
		c.show(p.Prize, p.Fingerprint)
		c.places(places{"record.prize_place_missing", "record.prize_place_differs"}, p.Places, again.Prizes[i].Places, of)
	}
}

// show notes that a ranking with that fingerprint was shown for the prize, "" for the
// common one.
func (c *checker) show(prize, fingerprint string) {
	if c.shown[prize] == nil {
		c.shown[prize] = map[string]bool{}
	}
	c.shown[prize][fingerprint] = true
}

// panels finds prizes that were given jurors, teams or a criterion of their own, and whose
// ranking is not there.
func (c *checker) panels(said jury.TracedRanking) {
	for _, p := range c.prizes {
		apart := slices.ContainsFunc(c.replay.rubrics[said.Round], func(k jury.Criterion) bool { return k.Prize == p.ID })
		for _, panel := range c.replay.panels {
			apart = apart || panel.Prize.ID == p.ID && (panel.Who != jury.AllTeams || len(panel.Jurors) > 0)
		}
		there := slices.ContainsFunc(said.Prizes, func(r jury.TracedPrize) bool { return r.Prize == p.ID })
		if apart && !there && p.State != stateDropped {
			c.found("record.prize_unranked", "prize", p.Title)
		}
	}
}

func judges(said jury.TracedRanking, k sheetOf) bool {
	return slices.ContainsFunc(said.Teams, func(t jury.TracedTeam) bool { return t.ID == k.team }) &&
		slices.ContainsFunc(said.Jurors, func(j jury.TracedPresence) bool { return string(j.Juror) == k.juror })
}

// places are the sentences of a ranking that is not what the marks give.
type places struct{ missing, differs string }

// places compares a ranking with what the marks give.
func (c *checker) places(say places, said, again []jury.TracedPlace, where []any) {
	if len(said) != len(again) {
		c.found(say.missing, where...)
		return
	}
	for i, p := range said {
		if q := again[i]; !samePlace(p, q) {
			c.found(say.differs, append(slices.Clone(where), "team", c.team(p.Team), "rank", p.Rank, "by_marks", c.team(q.Team))...)
			return
		}
	}
}

// samePlace allows for what another processor rounds otherwise.
func samePlace(a, b jury.TracedPlace) bool {
	close := math.Abs(a.Score-b.Score) <= 1e-6*(1+math.Abs(b.Score)) && math.Abs(a.PBest-b.PBest) <= 0.002 &&
		max(a.RankLo-b.RankLo, b.RankLo-a.RankLo, a.RankHi-b.RankHi, b.RankHi-a.RankHi) <= 1
	a.Score, a.PBest, a.RankLo, a.RankHi = b.Score, b.PBest, b.RankLo, b.RankHi
	return close && a == b
}
