package record

import (
	"encoding/json"
	"fmt"
	"slices"

	"h48/internal/jury"
	"h48/internal/kit/chain"
)

// sheetOf is one juror and one team.
type sheetOf struct{ juror, team string }

// replay is what the chain says, entry by entry.
type replay struct {
	rounds    map[int]jury.TracedRound
	rubrics   map[int][]jury.Criterion
	marks     map[int][]jury.TracedMark
	known     map[string]markAt // by the mark's id
	presence  map[string]jury.Presence
	conflicts map[sheetOf]bool // true holds, false was lifted
	decisions map[int][]jury.Decision
	compared  map[int][]jury.Comparison
	said      map[string]comparedAt // by the comparison's id
	amended   []amendedAt
	panels    []jury.Panel
	published *jury.TracedRanking // the newest one
	won       winnings
}

// comparedAt is where a comparison stands in the chain, amendedAt where an amendment does.
type (
	comparedAt struct {
		jury.TracedComparison
		entry int64
	}
	amendedAt struct {
		jury.TracedAmendment
		entry int64
	}
)

// markAt is where a mark stands in the chain.
type markAt struct {
	jury.TracedMark
	round int
	entry int64
}

func newReplay() *replay {
	return &replay{rounds: map[int]jury.TracedRound{}, rubrics: map[int][]jury.Criterion{}, marks: map[int][]jury.TracedMark{},
		known: map[string]markAt{}, presence: map[string]jury.Presence{}, conflicts: map[sheetOf]bool{}, decisions: map[int][]jury.Decision{}, compared: map[int][]jury.Comparison{},
		said: map[string]comparedAt{}, won: newWinnings()}
}

// take applies an entry. Kinds that it does not know are other rooms' matter.
func (r *replay) take(e chain.Entry) error {
	switch e.Kind {
	case jury.TraceMarked:
		return read(e, func(b jury.TracedMarks) error { return r.takeMarks(e.N, b) })
	case jury.TraceCriteria:
		return read(e, func(b jury.TracedRubric) error { r.rubrics[b.Round] = b.Criteria; return nil })
	case jury.TraceRound:
		return read(e, func(b jury.TracedRound) error { r.rounds[b.Number] = b; return nil })
	case jury.TracePresence:
		return read(e, func(b jury.TracedPresence) error { r.presence[string(b.Juror)] = b.Presence; return nil })
	case jury.TraceConflict:
		return read(e, func(b jury.TracedConflict) error {
			r.conflicts[sheetOf{string(b.Juror), b.Team}] = !b.Lifted
			return nil
		})
	case jury.TraceCompared:
		return read(e, func(b jury.TracedComparison) error {
			if old, twice := r.said[b.ID]; twice {
				return fmt.Errorf("the comparison %s stands in entry %d already", b.ID, old.entry)
			}
			r.said[b.ID] = comparedAt{b, e.N}
			r.compared[b.Round] = append(r.compared[b.Round], b.Comparison())
			return nil
		})
	case jury.TraceAmended:
		return read(e, func(b jury.TracedAmendment) error { r.amended = append(r.amended, amendedAt{b, e.N}); return nil })
	case jury.TracePanel:
		return read(e, func(b jury.TracedPanel) error { r.takePanel(b.Panel()); return nil })
	case jury.TraceDecision:
		return read(e, func(b jury.TracedDecision) error {
			r.decisions[b.Round] = append(r.decisions[b.Round], jury.Decision{Team: b.Team, By: b.By})
			return nil
		})
	case jury.TraceRanking:
		return read(e, func(b jury.TracedRanking) error { r.published = &b; return nil })
	}
	return r.won.take(e)
}

func (r *replay) takePanel(p jury.Panel) {
	r.panels = slices.DeleteFunc(r.panels, func(old jury.Panel) bool { return old.Prize.ID == p.Prize.ID })
	r.panels = append(r.panels, p)
}

func (r *replay) takeMarks(n int64, b jury.TracedMarks) error {
	for _, m := range b.Marks {
		if old, twice := r.known[m.ID]; twice {
			return fmt.Errorf("the mark %s stands in entry %d already", m.ID, old.entry)
		}
		r.known[m.ID] = markAt{m, b.Round, n}
		r.marks[b.Round] = append(r.marks[b.Round], m)
	}
	return nil
}

func read[T any](e chain.Entry, take func(T) error) error {
	var body T
	if err := json.Unmarshal([]byte(e.Body), &body); err != nil {
		return fmt.Errorf("reading a %s: %w", e.Kind, err)
	}
	return take(body)
}

// evidence is what a ranking was computed from, as the chain has said so far.
func (r *replay) evidence(said jury.TracedRanking) jury.Evidence {
	e := jury.Evidence{Round: jury.Ordinary(), Criteria: r.rubrics[said.Round], Decisions: r.decisions[said.Round],
		Comparisons: r.compared[said.Round], Said: said}
	if t, set := r.rounds[said.Round]; set {
		e.Round = t.Round()
	}
	for _, m := range r.marks[said.Round] {
		e.Marks = append(e.Marks, m.Mark())
	}
	for _, p := range r.panels {
		p.Gone = r.won.dropped(p.Prize.ID)
		e.Panels = append(e.Panels, p)
	}
	return e
}
