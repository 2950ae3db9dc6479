package app

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"h48/internal/account"
	"h48/internal/catering"
	"h48/internal/checkin"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/mentoring"
	"h48/internal/programme"
	"h48/internal/project"
	"h48/internal/registration"
	"h48/internal/stage"
	"h48/internal/team"
	"h48/internal/ui"
)

// What one room asks of another, answered by the room that knows.

// roster tells the teams who takes part.
type roster struct{ registrations *registration.Service }

// Confirmed implements team.Roster. Whom a person wishes to be with is written in their
// own words; a name or an address of somebody confirmed counts as that person.
func (r roster) Confirmed(ctx context.Context, q sqldb.Querier, id edition.ID) ([]team.Person, error) {
	all, err := r.registrations.Confirmed(ctx, q, id)
	if err != nil {
		return nil, err
	}
	byName := map[string]account.ID{}
	for _, p := range all {
		byName[strings.ToLower(p.Name)] = p.Account
	}
	people := make([]team.Person, len(all))
	for i, p := range all {
		people[i] = team.Person{ID: p.Account, Name: p.Name, Profile: string(p.Profile), Trade: p.Trade, Skills: p.Skills}
		for _, word := range strings.FieldsFunc(strings.ToLower(p.With), func(c rune) bool { return strings.ContainsRune(",;\n", c) }) {
			if who, known := byName[strings.TrimSpace(word)]; known && who != p.Account {
				people[i].Wishes = append(people[i].Wishes, who)
			}
		}
	}
	return people, nil
}

// teams tells the rooms of the event who works together on what.
type teams struct {
	teams    *team.Service
	projects *project.Service
}

func (t teams) ref(one team.Team) mentoring.TeamRef {
	ref := mentoring.TeamRef{ID: string(one.ID), Name: one.Name}
	if one.Table > 0 {
		ref.Table = strconv.Itoa(one.Table)
	}
	for _, m := range one.Members {
		ref.Members = append(ref.Members, m.ID)
	}
	return ref
}

// OfAccount implements mentoring.Teams.
func (t teams) OfAccount(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (mentoring.TeamRef, error) {
	one, err := t.teams.OfAccount(ctx, q, e, who)
	return t.ref(one), err
}

// Name implements mentoring.Teams.
func (t teams) Name(ctx context.Context, q sqldb.Querier, id string) (mentoring.TeamRef, error) {
	one, err := t.teams.ByID(ctx, q, team.ID(id))
	return t.ref(one), err
}

// All implements mentoring.Teams.
func (t teams) All(ctx context.Context, q sqldb.Querier, e edition.ID) ([]mentoring.TeamRef, error) {
	all, err := t.teams.List(ctx, q, e)
	refs := make([]mentoring.TeamRef, len(all))
	for i, one := range all {
		refs[i] = t.ref(one)
	}
	return refs, err
}

// competing lists the teams that handed something in, with their projects; before the
// hand-in every team is one.
func (t teams) competing(ctx context.Context, q sqldb.Querier, id edition.ID) ([]jury.TeamRef, error) {
	all, err := t.teams.List(ctx, q, id)
	if err != nil {
		return nil, err
	}
	handedIn, err := t.projects.List(ctx, q, id)
	if err != nil {
		return nil, err
	}
	latest := map[team.ID]project.Submission{}
	for _, s := range handedIn {
		latest[s.Team] = s
	}
	var refs []jury.TeamRef
	for _, one := range all {
		s, has := latest[one.ID]
		if len(latest) > 0 && !has {
			continue
		}
		refs = append(refs, jurysRef(one, s))
	}
	return refs, nil
}

// jurysRef is a team with what it handed in last.
func jurysRef(one team.Team, s project.Submission) jury.TeamRef {
	ref := jury.TeamRef{ID: string(one.ID), Name: one.Name, Title: s.Title, Pitch: s.Pitch, Table: one.Table, Challenge: string(s.Challenge)}
	for _, m := range one.Members {
		ref.Members = append(ref.Members, m.ID)
	}
	return ref
}

// jurysTeams implements jury.Teams.
type jurysTeams struct{ teams }

// Competing implements jury.Teams.
func (t jurysTeams) Competing(ctx context.Context, q sqldb.Querier, id edition.ID) ([]jury.TeamRef, error) {
	return t.competing(ctx, q, id)
}

// One implements jury.Teams.
func (t jurysTeams) One(ctx context.Context, q sqldb.Querier, id edition.ID, of string) (jury.TeamRef, error) {
	one, err := t.teams.teams.ByID(ctx, q, team.ID(of))
	if err != nil {
		return jury.TeamRef{}, err
	}
	if one.Edition != id || one.State == team.Dissolved {
		return jury.TeamRef{}, sqldb.ErrNotFound
	}
	s, err := t.projects.Shown(ctx, q, one.ID)
	if errors.Is(err, project.ErrNone) {
		var begun bool
		if begun, err = t.projects.Begun(ctx, q, id); err == nil && begun {
			err = sqldb.ErrNotFound // others handed in, and this team did not
		}
	}
	return jurysRef(one, s), err
}

// stagesTeams implements stage.Teams.
type stagesTeams struct{ teams }

// Competing implements stage.Teams.
func (t stagesTeams) Competing(ctx context.Context, q sqldb.Querier, id edition.ID) ([]stage.TeamRef, error) {
	all, err := t.competing(ctx, q, id)
	refs := make([]stage.TeamRef, len(all))
	for i, one := range all {
		refs[i] = stage.TeamRef{ID: one.ID, Name: one.Name, Title: one.Title, Members: one.Members}
	}
	return refs, err
}

// pitches tells the jury what is on the stage.
type pitches struct{ stage *stage.Service }

// Pitches implements jury.Stage.
func (p pitches) Pitches(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string]jury.PitchRef, error) {
	lineup, err := p.stage.Lineup(ctx, q, id)
	refs := map[string]jury.PitchRef{}
	for _, one := range lineup.Pitches {
		refs[one.Team.ID] = pitchRef(one)
	}
	return refs, err
}

func pitchRef(p stage.Pitch) jury.PitchRef {
	return jury.PitchRef{Team: p.Team.ID, Position: p.Position, State: string(p.State), Until: p.Until(), Allotted: p.Allotted, Real: p.Spent(p.Ended)}
}

// Pitch implements jury.Stage.
func (p pitches) Pitch(ctx context.Context, q sqldb.Querier, id edition.ID, of string) (jury.PitchRef, error) {
	one, err := p.stage.Of(ctx, q, id, of)
	return orNoPitch(one, err)
}

// OnStage implements jury.Stage.
func (p pitches) OnStage(ctx context.Context, q sqldb.Querier, id edition.ID) (jury.PitchRef, error) {
	one, err := p.stage.On(ctx, q, id)
	return orNoPitch(one, err)
}

func orNoPitch(one stage.Pitch, err error) (jury.PitchRef, error) {
	if errors.Is(err, sqldb.ErrNotFound) {
		return jury.PitchRef{}, nil
	}
	return pitchRef(one), err
}

// Between implements jury.Stage.
func (p pitches) Between(ctx context.Context, q sqldb.Querier, id edition.ID, from, to int) ([]jury.PitchRef, error) {
	all, err := p.stage.Between(ctx, q, id, from, to)
	refs := make([]jury.PitchRef, len(all))
	for i, one := range all {
		refs[i] = pitchRef(one)
	}
	return refs, err
}

// LiveTopic implements jury.Stage.
func (p pitches) LiveTopic(id edition.ID) string { return stage.Topic(id) }

// helpers tells the jury who has mentored whom.
type helpers struct{ mentoring *mentoring.Service }

// Helped implements jury.Helpers.
func (h helpers) Helped(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID][]string, error) {
	all, err := h.mentoring.Helped(ctx, q, id)
	byMentor := map[account.ID][]string{}
	for _, one := range all {
		byMentor[one.Mentor] = append(byMentor[one.Mentor], one.Team)
	}
	return byMentor, err
}

// HelpedBy implements jury.Helpers.
func (h helpers) HelpedBy(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) ([]string, error) {
	return h.mentoring.HelpedBy(ctx, q, id, who)
}

// badges finds who wears a badge, for the counters.
type badges struct{ checkin *checkin.Service }

// Holder returns the account and the name behind a badge's code.
func (b badges) Holder(ctx context.Context, actor account.Actor, e edition.ID, code string) (account.ID, string, error) {
	who, err := b.checkin.Who(ctx, actor, e, code)
	if errors.Is(err, checkin.ErrUnknown) || err == nil && who.Account == "" {
		err = errs.Fields{{Name: "badge", Key: "app.badge_unknown"}}
	}
	return who.Account, who.Name, err
}

// plates tells the kitchen what the registrations ask for.
type plates struct{ registrations *registration.Service }

// Plates implements catering.Diets.
func (p plates) Plates(ctx context.Context, actor account.Actor, e edition.ID) ([]catering.Plates, error) {
	sheet, err := p.registrations.MealSheet(ctx, actor, e)
	var all []catering.Plates
	for _, c := range sheet.Counts {
		one := catering.Plates{Count: c.N}
		for _, m := range c.Meals {
			one.Diets = append(one.Diets, string(m))
		}
		all = append(all, one)
	}
	if sheet.Unsaid > 0 {
		all = append(all, catering.Plates{Count: sheet.Unsaid})
	}
	return all, err
}

// inRoom says where a session is, behind its title.
func inRoom(s programme.Session) string {
	if s.Room == "" {
		return ""
	}
	return " · " + s.Room
}

// screen is what the stage shows between the pitches.
func (a *App) screen() stage.Screen {
	return stage.Screen{
		Ring: func(v *door.Visit) ui.RingData { return ring(v.L, v.Edition, v.Now) },
		NowNext: func(ctx context.Context, v *door.Visit) (now, next string, err error) {
			on, then, err := a.Programme.NowAndNext(ctx, a.DB, v.Edition.ID, v.Now)
			if len(on) > 0 {
				now = v.L.T("app.now") + v.L.T("ui.colon") + on[0].Title + inRoom(on[0])
			}
			if len(then) > 0 {
				next = v.L.Clock(then[0].Start) + " · " + then[0].Title + inRoom(then[0])
			}
			return now, next, err
		},
	}
}
