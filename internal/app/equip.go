package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
)

// equip adds what the template knows to the rooms that keep it, in the edition's
// language.
func (a *App) equip(ctx context.Context, actor account.Actor, e edition.Edition, plan Plan, l i18n.Locale) error {
	p := presetOf(plan.Preset)
	if err := a.equipJury(ctx, actor, e, p, plan, l); err != nil {
		return err
	}
	for _, m := range p.meals {
		at := onClock(e.At[edition.Starts].In(e.Zone), m.at)
		if ends, set := e.At[edition.Ends]; set && at.After(ends) {
			continue
		}
		if _, err := a.Catering.AddMeal(ctx, actor, e.ID, l.T("app.meal."+m.key), at); err != nil {
			return fmt.Errorf("planning the meals: %w", err)
		}
	}
	if len(p.topics) == 0 {
		return nil
	}
	names := make([]string, len(p.topics))
	for i, key := range p.topics {
		names[i] = l.T("app.theme." + key)
	}
	return a.Mentoring.SetThemes(ctx, actor, e.ID, names)
}

// equipJury adds the criteria and the prize.
func (a *App) equipJury(ctx context.Context, actor account.Actor, e edition.Edition, p preset, plan Plan, l i18n.Locale) error {
	if criteria := p.rubric(plan.Weights, l); len(criteria) > 0 {
		if err := a.Jury.SetCriteria(ctx, actor, e.ID, criteria); err != nil {
			return fmt.Errorf("setting the criteria: %w", err)
		}
	}
	if plan.Prize == 0 {
		return nil
	}
	prize := award.Prize{Title: l.T("app.prize.first"), Text: l.T("app.prize.first_text"), Cents: plan.Prize, Position: 1}
	if _, err := a.Award.AddPrize(ctx, actor, e.ID, prize); err != nil {
		return fmt.Errorf("adding the prize: %w", err)
	}
	return nil
}

// rubric is the template's criteria with the plan's weights, which are by the template's
// keys; one that the plan does not name has the template's. A criterion without weight is
// left out.
func (p preset) rubric(weights map[string]int, l i18n.Locale) []jury.Criterion {
	var all []jury.Criterion
	for _, c := range p.criteria {
		weight := c.weight
		if own, given := weights[c.key]; given {
			weight = own
		}
		if weight > 0 {
			all = append(all, jury.Worded(l, c.key, jury.Criterion{Name: l.T("app.criterion." + c.key), Weight: weight}))
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

// onClock is when the clocks on the wall show so much after the midnight before the
// moment, in its zone; also when they change in a night between.
func onClock(t time.Time, after time.Duration) time.Time {
	days, rest := int(after/day), after%day
	return time.Date(t.Year(), t.Month(), t.Day()+days, int(rest/hour), int(rest%hour/time.Minute), 0, 0, t.Location())
}
