package app

import (
	"context"
	"errors"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/mentoring"
	"h48/internal/project"
	"h48/internal/registration"
	"h48/internal/team"
	"h48/internal/ui"
)

// participantsNext leads a participant through the event: to the door, into a team, to
// the hand-in, on the stage, to the results.
func (a *App) participantsNext(ctx context.Context, v *door.Visit, t *todayView) (nextThing, error) {
	mine, _, err := a.Registration.Mine(ctx, v.Actor, v.Edition.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nextThing{}, err
	}
	switch mine.State {
	case registration.Pending, registration.Waiting, registration.Declined, registration.Absent, registration.Refused, registration.Erased:
		return thing(v, "registration", v.URL("registration"), "mail").now(), nil
	case registration.Confirmed:
	}
	phase := v.Edition.Phase(v.Now)
	if phase == edition.CheckingIn || phase == edition.Teaming {
		badge, err := a.Checkin.Badge(ctx, v.Actor, v.Edition.ID)
		if err != nil {
			return nextThing{}, err
		}
		if badge.First.IsZero() {
			return thing(v, "badge", v.URL("badge"), "qr-code", "place", v.Edition.Place).now(), nil
		}
	}
	if !v.Edition.Kind.Competes() {
		return guestsNext(v), nil
	}
	own, err := a.Team.OfAccount(ctx, a.DB, v.Edition.ID, v.Actor.ID)
	if errors.Is(err, team.ErrNone) {
		return teamless(v), nil
	}
	if err != nil {
		return nextThing{}, err
	}
	return a.teamsNext(ctx, v, own, t)
}

// guestsNext is for events without teams.
func guestsNext(v *door.Visit) nextThing {
	switch {
	case v.Edition.Has(edition.Ends, v.Now):
		return thing(v, "guest_after", v.URL("programme"), "heart")
	case v.Edition.Has(edition.Starts, v.Now):
		return thing(v, "guest", v.URL("programme"), "calendar").now()
	}
	return thing(v, "guest_soon", v.URL("badge"), "qr-code", "at", v.L.DateTime(v.Edition.At[edition.Starts])).until(v.Edition.At[edition.Starts])
}

// teamless is the next thing of who has no team.
func teamless(v *door.Visit) nextThing {
	if v.Edition.Has(edition.HandIn, v.Now) {
		return partnersNext(v)
	}
	next := thing(v, "no_team", v.URL("team"), "users")
	if v.Edition.Has(edition.Doors, v.Now) {
		return next.now()
	}
	return next
}

// teamsNext is the next thing of somebody in a team.
func (a *App) teamsNext(ctx context.Context, v *door.Visit, own team.Team, t *todayView) (nextThing, error) {
	e := v.Edition
	stat := ui.StatData{Label: v.L.T("app.stat.team"), Value: own.Name, Note: v.L.N("app.stat.members", len(own.Members)), Icon: "users", URL: v.URL("team")}
	if own.Table > 0 {
		stat.Note = v.L.T("app.stat.table", "table", own.Table)
	}
	t.stats = append(t.stats, stat)
	switch e.Phase(v.Now) {
	case edition.Announced, edition.Registering, edition.Preparing:
		return thing(v, "soon", v.URL("badge"), "qr-code", "at", v.L.DateTime(startOf(e)), "place", e.Place).until(startOf(e)), nil
	case edition.CheckingIn, edition.Teaming:
		if missing := e.TeamMin - len(own.Members); missing > 0 {
			return thing(v, "small_team", v.URL("team"), "users", "n", missing, "code", own.Code).now(), nil
		}
		return thing(v, "ready", v.URL("team"), "users", "team", own.Name).until(e.At[edition.Starts]), nil
	case edition.Working:
		return a.worksNext(ctx, v, own, t)
	case edition.HandedIn, edition.Pitching:
		return a.pitchersNext(ctx, v, own)
	case edition.Judging:
		return thing(v, "judged", v.URL("pitches"), "scale").until(e.At[edition.Results]), nil
	case edition.Awarding, edition.After:
	}
	return a.endsNext(ctx, v)
}

// startOf is when people should be there.
func startOf(e edition.Edition) time.Time {
	if at, set := e.At[edition.Doors]; set {
		return at
	}
	return e.At[edition.Starts]
}

// lastHours is how long before the hand-in it comes before everything else.
const lastHours = 6 * time.Hour

// worksNext is the next thing during the work: a mentor who comes, a workshop that
// begins, the hand-in.
func (a *App) worksNext(ctx context.Context, v *door.Visit, own team.Team, t *todayView) (nextThing, error) {
	help, err := a.Mentoring.Live(ctx, a.DB, v.Edition.ID, string(own.ID))
	if err != nil {
		return nextThing{}, err
	}
	t.stats = append(t.stats, helpStat(v, help))
	handed, err := a.Project.Current(ctx, a.DB, own.ID)
	if err != nil && !errors.Is(err, project.ErrNone) {
		return nextThing{}, err
	}
	deadline := v.Edition.At[edition.HandIn]
	if help != nil && help.State == mentoring.Claimed {
		return thing(v, "mentor_comes", v.URL("help"), "life-buoy", "mentor", help.Mentor.Name, "theme", help.Theme.Name).now(), nil
	}
	sessions, err := a.Programme.Mine(ctx, a.DB, v.Actor, v.Edition.ID)
	if err != nil {
		return nextThing{}, err
	}
	for _, s := range sessions {
		if !s.Cancelled && !s.Over(v.Now) && s.Start.Sub(v.Now) < 30*time.Minute {
			return thing(v, "session", v.URL("programme", string(s.ID)), "calendar", "title", s.Title, "room", orDots(s.Room), "at", v.L.Clock(s.Start)).now(), nil
		}
	}
	if handed.Number > 0 {
		return thing(v, "handed_in", v.URL("project"), "check", "n", handed.Number, "at", v.L.DateTime(handed.At)).until(deadline), nil
	}
	if !deadline.IsZero() && deadline.Sub(v.Now) < lastHours {
		return thing(v, "hand_in", v.URL("project"), "flag", "at", v.L.DateTime(deadline)).until(deadline).now(), nil
	}
	return thing(v, "work", v.URL("project"), "file-text").until(deadline), nil
}

func helpStat(v *door.Visit, help *mentoring.Request) ui.StatData {
	s := ui.StatData{Label: v.L.T("app.stat.help"), Value: v.L.T("app.stat.ask"), Icon: "life-buoy", URL: v.URL("help")}
	if help != nil {
		s.Value, s.Note = v.L.T("app.stat.asked"), v.L.Duration(help.Wait(v.Now))
	}
	return s
}

// pitchersNext is the team's turn on the stage.
func (a *App) pitchersNext(ctx context.Context, v *door.Visit, own team.Team) (nextThing, error) {
	lineup, err := a.Stage.Lineup(ctx, a.DB, v.Edition.ID)
	if err != nil {
		return nextThing{}, err
	}
	pitch, placed := lineup.Of(string(own.ID))
	at, waits := lineup.Expected(string(own.ID), v.Now, v.Edition.At[edition.Pitches])
	url := v.URL("pitches", "mine")
	switch {
	case !placed:
		if _, err := a.Project.Current(ctx, a.DB, own.ID); errors.Is(err, project.ErrNone) {
			return thing(v, "not_handed_in", v.URL("project"), "circle-alert", "contact", v.Edition.Contact).now(), nil
		}
		return thing(v, "draw", v.URL("pitches"), "mic").until(v.Edition.At[edition.Pitches]), nil
	case pitch.On():
		return thing(v, "on_stage", url, "mic").now(), nil
	case waits:
		next := thing(v, "pitch", url, "mic", "position", pitch.Position, "at", v.L.Clock(at), "minutes", int(lineup.Settings.Allotted/time.Minute)).until(at)
		if at.Sub(v.Now) < 15*time.Minute {
			return next.now(), nil
		}
		return next, nil
	}
	return thing(v, "pitched", v.URL("pitches"), "heart").until(v.Edition.At[edition.Results]), nil
}

// endsNext is what remains once the results are open.
func (a *App) endsNext(ctx context.Context, v *door.Visit) (nextThing, error) {
	sum, err := a.Award.Summary(ctx, a.DB, v.Edition, v.Now)
	if sum.Public {
		return thing(v, "results", v.URL("results"), "trophy"), err
	}
	return thing(v, "judged", v.URL("pitches"), "scale"), err
}
