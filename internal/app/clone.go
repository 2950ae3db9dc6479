package app

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/cups"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/sqldb"
	"h48/internal/mentoring"
	"h48/internal/programme"
)

// oneYear is how far an edition moves when it is held again: whole weeks, so that a
// Saturday stays a Saturday.
const oneYear = 52 * 7 // days

// again makes next year's edition of this one and shows its settings.
func (a *App) again(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	made, err := a.HoldAgain(r.Context(), v.Actor, v.Edition)
	if err != nil {
		return err
	}
	v.Say(w, "ok", "app.again_done", "name", made.Name)
	return v.Go(w, r, made.URL()+"/settings")
}

// HoldAgain makes a draft of the next edition, 52 weeks later at the same hours of the
// day. What was decided comes along: settings, words, partners, criteria, prizes, themes,
// meals, the crew's posts, the programme, the kinds of cup, the rule of the pitches. Who was there and what came
// of it stays behind: nobody but the actor, who must organise the edition, is in the new
// one. All of it comes along, or there is no new edition. An organiser needs no right over the installation to hold their own event again.
func (a *App) HoldAgain(ctx context.Context, actor account.Actor, from edition.Edition) (edition.Edition, error) {
	if err := a.Editions.Require(ctx, a.DB, actor, from.ID, edition.Organiser); err != nil {
		return edition.Edition{}, err
	}
	founder := actor
	founder.Admin = true
	next := from
	next.ClonedFrom, next.Pace = from.ID, clock.Pace{}
	next.At = map[edition.Moment]time.Time{}
	for m, at := range from.At {
		next.At[m] = nextYear(at, from.Zone)
	}
	year, later := strconv.Itoa(from.At[edition.Starts].In(from.Zone).Year()), strconv.Itoa(next.At[edition.Starts].In(from.Zone).Year())
	next.Slug, next.Name = withYear(from.Slug, year, later, "-"), withYear(from.Name, year, later, " ")
	var made edition.Edition
	err := a.DB.Together(ctx, func(ctx context.Context) (err error) {
		if made, err = a.Editions.Create(ctx, founder, next); err != nil {
			return err
		}
		for _, carry := range []func(context.Context, account.Actor, edition.Edition, edition.Edition) error{
			a.carryPartners, a.carryRubric, a.carryPrizes, a.carryThemes, a.carryMeals, a.carryProgramme, a.carryCups, a.carrySkills, a.carryCrew} {
			if err := carry(ctx, actor, from, made); err != nil {
				return fmt.Errorf("holding %s again: %w", from.Slug, err)
			}
		}
		return nil
	})
	return made, err
}

// nextYear is the same hour of the same weekday in the zone, 52 weeks later.
func nextYear(at time.Time, zone *time.Location) time.Time {
	return at.In(zone).AddDate(0, 0, oneYear)
}

// withYear replaces the year in the text by the later one, or adds it. Where the text
// ends in another year, as of an event whose dates were moved across New Year, that one
// is counted on.
func withYear(text, year, later, gap string) string {
	if strings.Contains(text, year) {
		return strings.ReplaceAll(text, year, later)
	}
	if last := strings.LastIndex(text, gap+"20"); last >= 0 && len(text) == last+len(gap)+len("2018") {
		if other, err := strconv.Atoi(text[last+len(gap):]); err == nil {
			return text[:last] + gap + strconv.Itoa(other+1)
		}
	}
	return text + gap + later
}

func (a *App) carryPartners(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	all, err := a.Editions.Partners(ctx, a.DB, from.ID)
	for _, p := range all {
		if err == nil {
			_, err = a.Editions.AddPartner(ctx, actor, to.ID, edition.PartnerOrg{Name: p.Name, URL: p.URL, LogoKey: p.LogoKey})
		}
	}
	return err
}

func (a *App) carryRubric(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	lineup, err := a.Stage.Lineup(ctx, a.DB, from.ID)
	if err != nil {
		return err
	}
	if err := a.Stage.SetSettings(ctx, actor, to.ID, lineup.Settings); err != nil {
		return err
	}
	all, err := a.Jury.Criteria(ctx, a.DB, from.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	for i := range all {
		all[i].ID = ""
	}
	return a.Jury.SetCriteria(ctx, actor, to.ID, all)
}

func (a *App) carryPrizes(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	return a.DB.InTx(ctx, func(tx *sqldb.Tx) error { return a.Award.CopyPrizes(ctx, tx, actor, from.ID, to.ID) })
}

func (a *App) carryThemes(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	all, err := a.Mentoring.Themes(ctx, a.DB, from.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	return a.Mentoring.SetThemes(ctx, actor, to.ID, themeNames(all))
}

func themeNames(all []mentoring.Theme) []string {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Name
	}
	return names
}

func (a *App) carryMeals(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	all, err := a.Catering.Tallies(ctx, a.DB, from.ID)
	for _, meal := range all {
		if err == nil {
			_, err = a.Catering.AddMeal(ctx, actor, to.ID, meal.Name, nextYear(meal.At, from.Zone))
		}
	}
	return err
}

// carryProgramme copies the sessions that took place, without who led them and who came.
func (a *App) carryProgramme(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	all, err := a.Programme.List(ctx, a.DB, actor, from.ID)
	for _, s := range all {
		if err != nil || s.Cancelled {
			continue
		}
		_, err = a.Programme.Add(ctx, actor, to.ID, programme.Plan{Kind: s.Kind, Title: s.Title, Text: s.Text, Room: s.Room,
			Start: nextYear(s.Start, from.Zone), End: nextYear(s.End, from.Zone), Seats: s.Seats, Public: s.Public})
	}
	return err
}

func (a *App) carryCups(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	all, err := a.Cups.Stocks(ctx, a.DB, from.ID)
	for _, s := range all {
		if err == nil {
			_, err = a.Cups.AddModel(ctx, actor, to.ID, cups.Model{Name: s.Model.Name, VolumeCl: s.Model.VolumeCl, Deposit: s.Model.Deposit})
		}
	}
	return err
}

func (a *App) carrySkills(ctx context.Context, actor account.Actor, from, to edition.Edition) error {
	all, err := a.Registration.Skills(ctx, a.DB, from.ID)
	if err != nil {
		return err
	}
	l := a.Words.Locale(from.Lang)
	var lines []string
	for _, s := range all {
		lines = append(lines, s.Name(l))
	}
	return a.Registration.SetSkills(ctx, actor, to.ID, strings.Join(lines, "\n"))
}
