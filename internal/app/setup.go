package app

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

func (a *App) showNew(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, presetsPage(v.Page(v.L.T("app.new")), presets()))
}

// showNewForm asks for what no template can know; the rest is filled in from it and can
// be changed at leisure.
func (a *App) showNewForm(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, newPage(v.Page(v.L.T("app.new")), a.newForm(v, r, nil)))
}

// setup is what the guided set-up asks.
type setup struct {
	preset preset
	fields map[string]ui.Field
	zone   *time.Location // in which the start is meant
	// criteria are the weights, in the template's order.
	criteria []ui.Field
}

func (a *App) newForm(v *door.Visit, r *http.Request, err error) setup {
	p := presetOf(r.PathValue("preset"))
	s := setup{preset: p, fields: map[string]ui.Field{}}
	first := r.Method == http.MethodGet
	day := v.Wall.AddDate(0, 0, (int(p.weekday)-int(v.Wall.Weekday())+7)%7+70)
	start := time.Date(day.Year(), day.Month(), day.Day(), p.hour, 0, 0, 0, time.UTC)
	defaults := map[string]string{"start": ui.LocalTime(v.L, start), "hours": strconv.Itoa(int(p.length / hour)),
		"seats": strconv.Itoa(p.seats), "team_min": strconv.Itoa(p.min), "team_max": strconv.Itoa(p.max),
		"prize": strconv.FormatInt(p.prize/100, 10), "zone": "Europe/Paris", "contact": v.Actor.Email, "accent": houseColour}
	for _, name := range []string{"name", "slug", "tagline", "theme", "host", "place", "contact", "zone", "start", "hours", "seats",
		"team_min", "team_max", "prize", "accent", "crew_word"} {
		f := v.Field(r, err, name, "app.field."+name)
		if name == "start" && !p.kind.Competes() {
			f.Label = v.L.T("app.begins")
		}
		if first {
			f.Value = defaults[name]
		}
		s.fields[name] = f
	}
	s.zone = v.L.Zone()
	if zone, err := time.LoadLocation(s.fields["zone"].Value); err == nil {
		s.zone = zone
	}
	for _, c := range p.criteria {
		f := v.Field(r, err, "weight_"+c.key, "app.criterion."+c.key)
		if first {
			f.Value = strconv.Itoa(c.weight)
		}
		f.Kind, f.Min, f.Max, f.Short = "number", "0", "100", true
		s.criteria = append(s.criteria, f)
	}
	return s
}

// create makes the edition that the form describes, with what the template adds.
func (a *App) create(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	plan, err := a.readSetup(r, v)
	var made edition.Edition
	if err == nil {
		made, err = a.Found(r.Context(), v.Actor, plan)
	}
	if err != nil {
		return v.Again(w, r, err, func() templ.Component {
			return newPage(v.Page(v.L.T("app.new")), a.newForm(v, r, err))
		})
	}
	v.Say(w, "ok", "app.created", "name", made.Name)
	return v.Go(w, r, made.URL()+"/control")
}

// Plan is an edition to be founded: its settings, and what a template adds to them.
type Plan struct {
	Preset  string
	Edition edition.Edition
	// Weights are the criteria's, by the template's keys; nil takes the template's.
	Weights map[string]int
	// Prize is the first prize in cents; 0 for none.
	Prize int64
}

func (a *App) readSetup(r *http.Request, v *door.Visit) (Plan, error) {
	p := presetOf(r.PathValue("preset"))
	var wrong errs.Fields
	plan := Plan{Preset: p.key, Weights: map[string]int{}}
	e := edition.Edition{Kind: p.kind, Name: door.Text(r, "name"), Slug: door.Text(r, "slug"), Tagline: door.Text(r, "tagline"),
		Theme: door.Text(r, "theme"), Host: door.Text(r, "host"), Place: door.Text(r, "place"), Contact: door.Text(r, "contact"),
		Lang: v.L.Lang, Accent: ownColour(r), Seats: door.Int(r, "seats", &wrong),
		TeamMin: door.Int(r, "team_min", &wrong), TeamMax: door.Int(r, "team_max", &wrong), Grace: p.grace}
	if e.Slug == "" {
		e.Slug = slugOf(e.Name)
	}
	if word := door.Text(r, "crew_word"); word != "" {
		e.Words = map[string]string{"edition.role.crew": word}
	}
	zone, err := time.LoadLocation(door.Text(r, "zone"))
	if err != nil || door.Text(r, "zone") == "" {
		wrong.Add("zone", "app.zone_wrong")
		zone = time.UTC
	}
	e.Zone = zone
	start := door.MustMoment(r, v.L.In(zone), "start", &wrong)
	hours := door.Int(r, "hours", &wrong)
	if hours < 1 || hours > 24*31 {
		wrong.Add("hours", "app.hours_wrong")
	}
	e.At = p.stretched(time.Duration(hours)*hour, start)
	plan.Prize = int64(door.Int(r, "prize", &wrong)) * 100
	p.readWeights(r, plan.Weights, &wrong)
	plan.Edition = e
	return plan, wrong.Err()
}

// stretched returns the template's moments when its work lasts another time: what
// follows the work moves with its end.
func (p preset) stretched(length time.Duration, start time.Time) map[edition.Moment]time.Time {
	at := p.at(start)
	for m, after := range p.moments {
		if after >= p.length {
			at[m] = at[m].Add(length - p.length)
		}
	}
	return at
}

// slugOf makes an address of a name.
func slugOf(name string) string {
	plain := strings.NewReplacer("à", "a", "â", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i",
		"ô", "o", "ö", "o", "ù", "u", "û", "u", "ü", "u", "œ", "oe", "’", " ", "'", " ").Replace(strings.ToLower(name))
	words := strings.FieldsFunc(plain, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') })
	slug := strings.Join(words, "-")
	return strings.Trim(slug[:min(len(slug), 60)], "-")
}

// Found makes the edition of a plan with its criteria, prize, meals and rules, as the
// guided set-up does: all of it, or nothing.
func (a *App) Found(ctx context.Context, actor account.Actor, plan Plan) (edition.Edition, error) {
	l := a.Words.Locale(plan.Edition.Lang)
	e := plan.Edition
	if e.Rules == "" {
		e.Rules = rulesDraft(l, e)
	}
	if e.Practical == "" {
		e.Practical = practicalDraft(l, e)
	}
	var made edition.Edition
	err := a.DB.Together(ctx, func(ctx context.Context) (err error) {
		if made, err = a.Editions.Create(ctx, actor, e); err != nil {
			return err
		}
		return a.equip(ctx, actor, made, plan, l)
	})
	return made, err
}

func orDots(s string) string {
	if s == "" {
		return "…"
	}
	return s
}
