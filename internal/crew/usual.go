package crew

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
)

// usual is a post that nearly every event has, with its hours.
type usual struct {
	word  string // of the catalogue
	hours []Hours
}

// usuals are the posts that follow from an edition's moments, for an organiser to change.
func usuals(e edition.Edition) []usual {
	at := func(m edition.Moment) time.Time { return e.At[m] }
	first, last := at(edition.Doors), at(edition.Ends)
	if first.IsZero() {
		first = at(edition.Starts)
	}
	if first.IsZero() || !last.After(first) {
		return nil
	}
	work := at(edition.Starts).Add(time.Hour)
	if at(edition.Starts).IsZero() {
		work = first.Add(2 * time.Hour)
	}
	all := []usual{{"welcome", byDay(first.Add(-30*time.Minute), work, 2, e.Zone)}}
	var meals, nights usual
	meals.word, nights.word = "meals", "night"
	y, m, d := first.In(e.Zone).Date()
	for day := 0; time.Date(y, m, d+day, 0, 0, 0, 0, e.Zone).Before(last); day++ {
		hour := func(h, minute int) time.Time { return time.Date(y, m, d+day, h, minute, 0, 0, e.Zone) }
		for _, meal := range []Hours{{Start: hour(11, 30), End: hour(14, 0), Wanted: 2}, {Start: hour(18, 30), End: hour(21, 0), Wanted: 2}} {
			if !meal.Start.Before(first) && !meal.End.After(last) {
				meals.hours = append(meals.hours, meal)
			}
		}
		if night := (Hours{Start: hour(22, 0), End: hour(30, 0), Wanted: 2, Every: 4 * time.Hour}); !night.Start.Before(first) && !night.End.After(last) {
			nights.hours = append(nights.hours, night)
		}
	}
	for _, u := range []usual{meals, nights} {
		if len(u.hours) > 0 {
			all = append(all, u)
		}
	}
	if pitches, results := at(edition.Pitches), at(edition.Results); !pitches.IsZero() && results.After(pitches) {
		all = append(all, usual{"stage", byDay(pitches.Add(-time.Hour), results.Add(30*time.Minute), 2, e.Zone)})
	}
	return append(all, usual{"tidy", []Hours{{Start: last.Add(-time.Hour), End: last.Add(time.Hour), Wanted: 3}}})
}

// byDay are the hours of a post that is wanted from one moment to another: as they are
// where that is within a day's work, or else from eight to eight on each of the days.
func byDay(from, to time.Time, wanted int, zone *time.Location) []Hours {
	if to.Sub(from) <= 12*time.Hour {
		return []Hours{{Start: from, End: to, Wanted: wanted}}
	}
	var all []Hours
	y, m, d := from.In(zone).Date()
	for day := 0; ; day++ {
		opens, shuts := time.Date(y, m, d+day, 8, 0, 0, 0, zone), time.Date(y, m, d+day, 20, 0, 0, 0, zone)
		if !opens.Before(to) {
			return all
		}
		if opens.Before(from) {
			opens = from
		}
		if shuts.After(to) {
			shuts = to
		}
		if shuts.Sub(opens) >= time.Hour {
			all = append(all, Hours{Start: opens, End: shuts, Wanted: wanted, Every: 4 * time.Hour})
		}
	}
}

// AddUsual adds the posts that nearly every event has: an organiser's matter.
func (s *Service) AddUsual(ctx context.Context, actor account.Actor, id edition.ID) error {
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return err
	}
	l := s.words.Locale(e.Lang)
	return s.db.Together(ctx, func(ctx context.Context) error {
		for _, u := range usuals(e) {
			if _, err := s.AddPost(ctx, actor, id, u.post(l), u.hours...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (u usual) post(l i18n.Locale) Post {
	switch u.word {
	case "welcome":
		return Post{Name: l.T("crew.usual.welcome"), Task: l.T("crew.usual.welcome_task")}
	case "meals":
		return Post{Name: l.T("crew.usual.meals"), Task: l.T("crew.usual.meals_task")}
	case "night":
		return Post{Name: l.T("crew.usual.night"), Task: l.T("crew.usual.night_task")}
	case "stage":
		return Post{Name: l.T("crew.usual.stage"), Task: l.T("crew.usual.stage_task")}
	}
	return Post{Name: l.T("crew.usual.tidy"), Task: l.T("crew.usual.tidy_task")}
}
