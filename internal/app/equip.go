package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/stage"
)

// equip adds what the template knows to the rooms that keep it, in the edition's
// language: the jury's criteria, the meals, what teams may ask help on, the rule of the
// pitches.
func (a *App) equip(ctx context.Context, actor account.Actor, e edition.Edition, p preset, plan Plan, l i18n.Locale) error {
	if rubric := p.rubric(plan.Weights, l); len(rubric) > 0 {
		if err := a.Jury.SetCriteria(ctx, actor, e.ID, rubric); err != nil {
			return fmt.Errorf("setting the criteria: %w", err)
		}
	}
	midnight := dayOf(e.At[edition.Starts].In(e.Zone))
	for _, m := range p.meals {
		at := onClock(midnight, m.at)
		if end, set := e.At[edition.Ends]; set && at.After(end) {
			continue
		}
		if _, err := a.Catering.AddMeal(ctx, actor, e.ID, l.T("app.meal."+m.key), at); err != nil {
			return fmt.Errorf("planning the meal %s: %w", m.key, err)
		}
	}
	if len(p.topics) > 0 {
		var names []string
		for _, key := range p.topics {
			names = append(names, l.T("app.theme."+key))
		}
		if err := a.Mentoring.SetThemes(ctx, actor, e.ID, names); err != nil {
			return fmt.Errorf("setting the themes: %w", err)
		}
	}
	if p.kind != edition.Hackathon {
		return nil
	}
	if err := a.Stage.SetSettings(ctx, actor, e.ID, stage.Usual); err != nil {
		return fmt.Errorf("setting the rule of the pitches: %w", err)
	}
	return nil
}

// rubric is the template's criteria with the weights, which are by the template's keys;
// nil takes the template's own. A criterion without weight is left out.
func (p preset) rubric(weights map[string]int, l i18n.Locale) []jury.Criterion {
	var all []jury.Criterion
	for _, c := range p.criteria {
		weight := c.weight
		if weights != nil {
			weight = weights[c.key]
		}
		if weight > 0 {
			all = append(all, jury.Criterion{Name: l.T("app.criterion." + c.key), Weight: weight})
		}
	}
	return all
}

// readWeights reads the criteria's weights from the form.
func (p preset) readWeights(r *http.Request, weights map[string]int, wrong *errs.Fields) {
	sum := 0
	for _, c := range p.criteria {
		name := "weight_" + c.key
		weights[c.key] = door.Int(r, name, wrong)
		if w := weights[c.key]; w < 0 || w > 100 {
			wrong.Add(name, "app.weights_wrong")
		}
		sum += weights[c.key]
	}
	if len(p.criteria) > 0 && sum <= 0 {
		wrong.Add("weight_"+p.criteria[0].key, "app.weights_wrong")
	}
}

// dayOf is the midnight before the moment, in its zone.
func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// onClock is the moment at which the clocks on the wall show so much after midnight,
// also when they change in a night between.
func onClock(midnight time.Time, after time.Duration) time.Time {
	days, rest := int(after/day), after%day
	return time.Date(midnight.Year(), midnight.Month(), midnight.Day()+days, int(rest/hour), int(rest%hour/time.Minute), 0, 0, midnight.Location())
}
