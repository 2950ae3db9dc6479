package app

import (
	"context"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/i18n"
)

// themes are what teams of a social landlord's hackathon ask help on; their words are
// app.theme.<key>.
var themes = []string{"rental", "digital", "web", "housing", "business", "pitch"}

// equip adds what the template knows to the rooms that keep it, in the edition's language.
func (a *App) equip(ctx context.Context, actor account.Actor, e edition.Edition, plan Plan, l i18n.Locale) error {
	p := presetOf(plan.Preset)
	if err := a.equipJury(ctx, actor, e, p, plan, l); err != nil {
		return err
	}
	midnight := time.Date(e.At[edition.Starts].In(e.Zone).Year(), e.At[edition.Starts].In(e.Zone).Month(),
		e.At[edition.Starts].In(e.Zone).Day(), 0, 0, 0, 0, e.Zone)
	for _, m := range p.meals {
		at := midnight.Add(m.at)
		if ends, set := e.At[edition.Ends]; set && at.After(ends) {
			continue
		}
		if _, err := a.Catering.AddMeal(ctx, actor, e.ID, l.T("app.meal."+m.key), at); err != nil {
			return fmt.Errorf("planning the meals: %w", err)
		}
	}
	if e.Kind != edition.Hackathon {
		return nil
	}
	names := make([]string, len(themes))
	for i, key := range themes {
		names[i] = l.T("app.theme." + key)
	}
	return a.Mentoring.SetThemes(ctx, actor, e.ID, names)
}

// equipJury adds the criteria and the prize.
func (a *App) equipJury(ctx context.Context, actor account.Actor, e edition.Edition, p preset, plan Plan, l i18n.Locale) error {
	var criteria []jury.Criterion
	for _, c := range p.criteria {
		weight := c.weight
		if own, given := plan.Weights[c.key]; given {
			weight = own
		}
		if weight == 0 {
			continue
		}
		criteria = append(criteria, jury.Criterion{Name: l.T("app.criterion." + c.key), Weight: weight})
	}
	if len(criteria) > 0 {
		if err := a.Jury.SetCriteria(ctx, actor, e.ID, criteria); err != nil {
			return fmt.Errorf("setting the criteria: %w", err)
		}
	}
	if plan.Prize == 0 {
		return nil
	}
	for _, prize := range []award.Prize{{Title: l.T("app.prize.first"), Text: l.T("app.prize.first_text"), Cents: plan.Prize, Position: 1}} {
		if _, err := a.Award.AddPrize(ctx, actor, e.ID, prize); err != nil {
			return fmt.Errorf("adding the prize: %w", err)
		}
	}
	return nil
}
