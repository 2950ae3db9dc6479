package app

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
)

// mountAPI registers what programs may do with an edition as a whole: the same use cases
// as the pages of the set-up, the settings and the people.
func (a *App) mountAPI() {
	d, organisers := a.Door, door.Only(edition.Organiser)
	d.API("POST", "/api/v1/editions", door.Admins(), "Found an edition from a template", door.Op(a.apiFound))
	d.API("GET", "/api/v1/e/{edition}/settings", organisers, "The edition's settings", door.Op(a.apiSettings))
	d.API("PUT", "/api/v1/e/{edition}/settings", organisers, "Change the edition's settings, all of them at once", door.Op(a.apiChange))
	d.API("POST", "/api/v1/e/{edition}/publish", organisers, "Open the public page", door.Op(a.apiPublish))
	d.API("POST", "/api/v1/e/{edition}/unpublish", organisers, "Close the public page", door.Op(a.apiUnpublish))
	d.API("POST", "/api/v1/e/{edition}/again", organisers, "Make a draft of next year's edition", door.Op(a.apiAgain))
	d.API("GET", "/api/v1/e/{edition}/people", organisers, "Who has which role", door.Op(a.apiPeople))
	d.API("POST", "/api/v1/e/{edition}/people", organisers, "Give somebody a role", door.Op(a.apiGrant))
	d.API("DELETE", "/api/v1/e/{edition}/people/{account}/{role}", organisers, "Take a role away", door.Op(a.apiRevoke))
}

type editionIn struct {
	Edition string `path:"edition" json:"-"`
}

// settingsJSON is an edition as programs read and change it; what is marked as read only
// is passed over when it is sent.
type settingsJSON struct {
	Edition   string `path:"edition" json:"-"`
	State     string `json:"state"` // read only
	URL       string `json:"url"`   // read only
	Slug      string `json:"slug"`
	Name      string `json:"name"`
	Tagline   string `json:"tagline"`
	Theme     string `json:"theme"`
	Place     string `json:"place"`
	Practical string `json:"practical"`
	Rules     string `json:"rules"`
	Host      string `json:"host"`
	Contact   string `json:"contact"`
	Accent    string `json:"accent"`
	Seats     int    `json:"seats"`
	TeamMin   int    `json:"team_min"`
	TeamMax   int    `json:"team_max"`
	Grace     int    `json:"grace_seconds"`
	// Moments are RFC 3339 by the moment's name; one that is not there is not planned.
	Moments map[string]string `json:"moments"`
	// Words are those of the house by the key that they replace.
	Words map[string]string `json:"words"`
}

func settingsOf(e edition.Edition) *settingsJSON {
	out := &settingsJSON{State: string(e.State), URL: e.URL(), Slug: e.Slug, Name: e.Name, Tagline: e.Tagline, Theme: e.Theme, Place: e.Place,
		Practical: e.Practical, Rules: e.Rules, Host: e.Host, Contact: e.Contact, Accent: e.Accent, Seats: e.Seats, TeamMin: e.TeamMin,
		TeamMax: e.TeamMax, Grace: int(e.Grace / time.Second), Moments: map[string]string{}, Words: map[string]string{}}
	for m, at := range e.At {
		out.Moments[string(m)] = at.In(e.Zone).Format(time.RFC3339)
	}
	maps.Copy(out.Words, e.Words)
	return out
}

// over puts the settings over the edition.
func (in settingsJSON) over(e edition.Edition) (edition.Edition, error) {
	var wrong errs.Fields
	e.Slug, e.Name, e.Tagline, e.Theme, e.Place = in.Slug, in.Name, in.Tagline, in.Theme, in.Place
	e.Practical, e.Rules, e.Host, e.Contact, e.Accent = in.Practical, in.Rules, in.Host, in.Contact, strings.ToLower(in.Accent)
	e.Seats, e.TeamMin, e.TeamMax, e.Grace = in.Seats, in.TeamMin, in.TeamMax, time.Duration(in.Grace)*time.Second
	e.At, e.Words = map[edition.Moment]time.Time{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(in.Moments)) {
		at, err := time.Parse(time.RFC3339, in.Moments[name])
		if err != nil || !slices.Contains(edition.Moments, edition.Moment(name)) {
			wrong.Add(name, "app.time_wrong")
			continue
		}
		e.At[edition.Moment(name)] = at
	}
	for _, key := range slices.Sorted(maps.Keys(in.Words)) {
		if !slices.Contains(houseWords, key) {
			wrong.Add(key, "app.word_unknown")
		}
		e.Words[key] = in.Words[key]
	}
	return e, wrong.Err()
}

func (a *App) apiSettings(_ context.Context, v *door.Visit, _ *editionIn) (*settingsJSON, error) {
	return settingsOf(v.Edition), nil
}

func (a *App) apiChange(ctx context.Context, v *door.Visit, in *settingsJSON) (*settingsJSON, error) {
	if _, err := in.over(v.Edition); err != nil {
		return nil, err
	}
	e, err := a.Editions.Change(ctx, v.Actor, v.Edition.ID, func(now edition.Edition) edition.Edition {
		changed, _ := in.over(now) // found to be right above
		return changed
	})
	if err != nil {
		return nil, err
	}
	return settingsOf(e), nil
}

type nothing struct{}

func (a *App) apiPublish(ctx context.Context, v *door.Visit, _ *editionIn) (*nothing, error) {
	return nil, a.Editions.Publish(ctx, v.Actor, v.Edition.ID)
}

func (a *App) apiUnpublish(ctx context.Context, v *door.Visit, _ *editionIn) (*nothing, error) {
	return nil, a.Editions.Unpublish(ctx, v.Actor, v.Edition.ID)
}

func (a *App) apiAgain(ctx context.Context, v *door.Visit, _ *editionIn) (*settingsJSON, error) {
	made, err := a.HoldAgain(ctx, v.Actor, v.Edition)
	if err != nil {
		return nil, err
	}
	return settingsOf(made), nil
}

type foundIn struct {
	// Preset is the template: landlord, inauguration, staff_day or blank.
	Preset  string `json:"preset"`
	Name    string `json:"name"`
	Slug    string `json:"slug"` // made of the name where empty
	Tagline string `json:"tagline"`
	Theme   string `json:"theme"`
	Host    string `json:"host"`
	Place   string `json:"place"`
	Contact string `json:"contact"`
	Zone    string `json:"zone"` // as "Europe/Paris"
	Lang    string `json:"lang"`
	Accent  string `json:"accent"`
	// Start is when the clock opens, as RFC 3339; Hours is how long it runs. What is left
	// out here and below is the template's.
	Start      string         `json:"start"`
	Hours      int            `json:"hours"`
	Seats      *int           `json:"seats"`
	TeamMin    *int           `json:"team_min"`
	TeamMax    *int           `json:"team_max"`
	PrizeCents *int64         `json:"prize_cents"`
	Weights    map[string]int `json:"weights"`
}

func (a *App) apiFound(ctx context.Context, v *door.Visit, in *foundIn) (*settingsJSON, error) {
	plan, err := in.plan(v.L.Lang)
	if err != nil {
		return nil, err
	}
	made, err := a.Found(ctx, v.Actor, plan)
	if err != nil {
		return nil, err
	}
	return settingsOf(made), nil
}

// plan fills in from the template what was not sent.
func (in foundIn) plan(lang i18n.Lang) (Plan, error) {
	var wrong errs.Fields
	p := presetOf(in.Preset)
	if p.key != in.Preset {
		wrong.Add("preset", "app.preset_unknown")
	}
	zone, err := time.LoadLocation(in.Zone)
	if err != nil || in.Zone == "" {
		wrong.Add("zone", "app.zone_wrong")
		zone = time.UTC
	}
	start, err := time.Parse(time.RFC3339, in.Start)
	if err != nil {
		wrong.Add("start", "app.time_wrong")
	}
	length := p.length
	if in.Hours != 0 {
		length = time.Duration(in.Hours) * hour
	}
	if length < hour || length > 31*day {
		wrong.Add("hours", "app.hours_wrong")
	}
	for _, key := range slices.Sorted(maps.Keys(in.Weights)) {
		known := slices.ContainsFunc(p.criteria, func(c presetCriterion) bool { return c.key == key })
		if w := in.Weights[key]; !known || w < 0 || w > 100 {
			wrong.Add("weight_"+key, "app.weights_wrong")
		}
	}
	if known, ok := i18n.ParseLang(in.Lang); ok {
		lang = known
	}
	e := edition.Edition{Kind: p.kind, Name: in.Name, Slug: in.Slug, Tagline: in.Tagline, Theme: in.Theme, Host: in.Host, Place: in.Place,
		Contact: in.Contact, Zone: zone, Lang: lang, Accent: strings.ToLower(in.Accent), Grace: p.grace,
		Seats: or(in.Seats, p.seats), TeamMin: or(in.TeamMin, p.min), TeamMax: or(in.TeamMax, p.max), At: p.stretched(length, start.In(zone))}
	if e.Slug == "" {
		e.Slug = slugOf(e.Name)
	}
	return Plan{Preset: p.key, Edition: e, Weights: in.Weights, Prize: or(in.PrizeCents, p.prize)}, wrong.Err()
}

// or is what was sent, or else the other.
func or[T any](sent *T, other T) T {
	if sent == nil {
		return other
	}
	return *sent
}

type personJSON struct {
	Edition string `path:"edition" json:"-"`
	Account string `json:"account"` // read only
	Email   string `json:"email"`
	Name    string `json:"name"`
	Role    string `json:"role"`
	// Organisation is for whom they work, so that no juror marks a team of their own house.
	Organisation string `json:"organisation,omitempty"`
}

type peopleOut struct {
	People []personJSON `json:"people"`
}

func (a *App) apiPeople(ctx context.Context, v *door.Visit, _ *editionIn) (*peopleOut, error) {
	members, err := a.Editions.Members(ctx, a.DB, v.Edition.ID, "")
	if err != nil {
		return nil, err
	}
	works, err := a.Editions.Organisations(ctx, a.DB, v.Edition.ID)
	out := &peopleOut{People: []personJSON{}}
	for _, m := range members {
		out.People = append(out.People, personJSON{Account: string(m.Account.ID), Email: m.Account.Email, Name: m.Account.Name,
			Role: string(m.Role), Organisation: works[m.Account.ID]})
	}
	return out, err
}

func (a *App) apiGrant(ctx context.Context, v *door.Visit, in *personJSON) (*personJSON, error) {
	who, err := a.Name(ctx, v.Actor, v.Edition.ID, Named{Email: in.Email, Name: in.Name, Role: edition.Role(in.Role), Organisation: in.Organisation})
	if err != nil {
		return nil, err
	}
	return &personJSON{Account: string(who.ID), Email: who.Email, Name: who.Name, Role: in.Role, Organisation: in.Organisation}, nil
}

type revokeIn struct {
	Edition string `path:"edition" json:"-"`
	Account string `path:"account" json:"-"`
	Role    string `path:"role" json:"-"`
}

func (a *App) apiRevoke(ctx context.Context, v *door.Visit, in *revokeIn) (*nothing, error) {
	return nil, a.Editions.Revoke(ctx, v.Actor, v.Edition.ID, account.ID(in.Account), edition.Role(in.Role))
}
