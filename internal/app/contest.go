package app

import (
	"context"
	"strings"
	"time"

	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/jury/lead"
	"h48/internal/ui"
)

// What an organiser of a hackathon looks after besides: teams, help, projects, pitches
// and the jury.

// teams looks at who is with whom.
func (w *watch) teams(ctx context.Context) error {
	s, err := w.Team.Summary(ctx, w.DB, w.v.Edition.ID)
	if err != nil || w.v.Edition.Has(edition.HandIn, w.v.Now) {
		return err
	}
	url := w.v.URL("teams", "board")
	w.figure(ui.StatData{Label: w.v.L.T("app.stat.teams"), Value: w.v.L.Int(int64(s.Teams)), Note: w.v.L.N("app.stat.without_team", s.Left), Icon: "users", URL: url})
	if !w.v.Edition.Has(edition.Doors, w.v.Now) {
		return nil
	}
	if s.Left > 0 {
		w.say(w.urgentIn(edition.Working), "teamless", s.Left, "users", url)
	}
	if wrong := s.Small + s.Large; wrong > 0 {
		w.say(w.urgentIn(edition.Working), "odd_teams", wrong, "users", url, "min", s.Limits.Min, "max", s.Limits.Max)
	}
	switch {
	case s.Left+s.Small+s.Large > 0:
	case s.Frozen:
		w.well("teams_frozen", "users", url, "n", s.Teams)
	case w.phase == edition.Working && s.Teams > 0:
		w.say(actSoon, "unfrozen", 1, "lock", url)
	}
	return nil
}

// help looks at who waits for a mentor.
func (w *watch) help(ctx context.Context) error {
	if w.phase != edition.Working {
		return nil
	}
	s, err := w.Mentoring.Summary(ctx, w.DB, w.v.Edition.ID)
	if err != nil {
		return err
	}
	url, wait := w.v.URL("help", "board"), w.v.L.Duration(s.Longest)
	w.figure(ui.StatData{Label: w.v.L.T("app.stat.help"), Value: w.v.L.Int(int64(s.Waiting)), Note: w.v.L.N("app.stat.on_duty", s.OnDuty), Icon: "life-buoy", URL: url})
	switch {
	case s.Late > 0:
		w.say(actNow, "help_late", s.Late, "life-buoy", url, "wait", wait)
	case s.Waiting > 0 && s.OnDuty == 0:
		w.say(actNow, "no_mentor", s.Waiting, "life-buoy", url)
	case s.Waiting > 0:
		w.well("help_waiting", "life-buoy", url, "n", s.Waiting, "wait", wait)
	}
	e := w.v.Edition
	if half := e.At[edition.Starts].Add(e.At[edition.HandIn].Sub(e.At[edition.Starts]) / 2); s.Unmet > 0 && w.v.Now.After(half) {
		w.say(actSoon, "unmet", s.Unmet, "hand-helping", url)
	}
	return nil
}

// handIns looks at what is handed in, against the deadline.
func (w *watch) handIns(ctx context.Context) error {
	if !w.v.Edition.Has(edition.Starts, w.v.Now) || w.during(edition.Awarding, edition.After) {
		return nil
	}
	s, err := w.Project.Summary(ctx, w.DB, w.v.Edition.ID)
	if err != nil {
		return err
	}
	url := w.v.URL("handins")
	w.figure(ui.StatData{Label: w.v.L.T("app.stat.handed_in"), Value: w.v.L.T("app.stat.of", "n", s.HandedIn, "of", s.Teams),
		Note: w.v.L.N("app.stat.drafts", s.Drafts), Icon: "inbox", URL: url})
	if s.Refused > 0 {
		w.say(actNow, "refused", s.Refused, "inbox", url)
	}
	missing := s.Teams - s.HandedIn
	left := w.v.Edition.At[edition.HandIn].Sub(w.v.Now)
	switch {
	case missing == 0 && s.Teams > 0:
		w.well("all_in", "inbox", url, "n", s.HandedIn)
	case left < 0 && missing > 0:
		w.say(w.urgentIn(edition.HandedIn), "not_in", missing, "inbox", url)
	case left < hour && missing > 0:
		w.say(actNow, "due", missing, "inbox", url, "left", w.v.L.Duration(left))
	case left < lastHours && missing > 0:
		w.say(actSoon, "due", missing, "inbox", url, "left", w.v.L.Duration(left))
	}
	return nil
}

// pitches looks at the stage.
func (w *watch) pitches(ctx context.Context) error {
	if !w.v.Edition.Has(edition.Starts, w.v.Now) || w.during(edition.Awarding, edition.After) {
		return nil
	}
	s, err := w.Stage.Summary(ctx, w.DB, w.v.Edition, w.v.Now)
	if err != nil {
		return err
	}
	prepare, run := w.v.URL("pitches", "prepare"), w.v.URL("pitches", "run")
	over := w.v.Edition.Has(edition.HandIn, w.v.Now)
	switch {
	case !s.Promised && !over:
		w.say(actSoon, "promise", 1, "mic", prepare)
	case !s.Drawn && over:
		w.say(w.urgentIn(edition.Pitching, edition.HandedIn), "draw", 1, "mic", prepare)
	case s.OnStage != "" && s.Over > 15*time.Second:
		w.say(actNow, "over_time", 1, "mic", run, "team", s.OnStage, "over", w.v.L.Duration(s.Over))
	case w.phase == edition.Pitching && s.Total > 0:
		w.well("pitching", "mic", run, "n", s.Done+s.Absent, "of", s.Total, "at", w.v.L.Clock(s.Ends))
	case w.phase == edition.Judging && s.Done+s.Absent < s.Total:
		w.say(actNow, "unpitched", s.Total-s.Done-s.Absent, "mic", run)
	}
	return nil
}

// jury looks at the jurors, their rubric and their marks.
func (w *watch) jury(ctx context.Context) error {
	if w.during(edition.Awarding, edition.After) {
		return nil
	}
	board, err := w.Jury.Board(ctx, w.DB, w.v.Edition.ID)
	if err != nil {
		return err
	}
	s := lead.Summarise(board)
	url := w.v.URL("jury", "board")
	if s.Criteria == 0 {
		w.say(w.urgentIn(edition.HandedIn, edition.Pitching), "no_criteria", 1, "scale", w.v.URL("jury", "criteria"))
	}
	if s.Jurors == 0 {
		w.say(w.urgentIn(edition.HandedIn, edition.Pitching), "no_juror", 1, "scale", w.v.URL("people"))
		return nil
	}
	if !w.v.Edition.Has(edition.HandIn, w.v.Now) {
		return nil
	}
	w.figure(ui.StatData{Label: w.v.L.T("app.stat.sheets"), Value: w.v.L.T("app.stat.of", "n", s.Done, "of", s.Expected), Icon: "scale", URL: url})
	if n := len(s.Unjudged); n > 0 {
		w.say(actNow, "unjudged", n, "scale", w.v.URL("jury", "conflicts"), "teams", strings.Join(s.Unjudged, ", "))
	}
	switch {
	case w.during(edition.HandedIn) && s.NotBriefed > 0:
		w.say(actSoon, "unbriefed", s.NotBriefed, "scale", url)
	case w.during(edition.Pitching, edition.Judging) && len(s.Silent) > 0:
		w.say(w.urgentIn(edition.Judging), "silent", len(s.Silent), "scale", url, "names", strings.Join(s.Silent, ", "))
	case w.phase == edition.Judging && s.Done < s.Expected:
		w.say(actNow, "unscored", s.Expected-s.Done, "scale", url)
	case w.phase == edition.Judging && s.Closed.IsZero():
		w.say(actNow, "close_jury", 1, "scale", url)
	case s.Done == s.Expected && s.Expected > 0:
		w.well("all_scored", "scale", url)
	}
	return nil
}

// award looks at the deliberation, and afterwards at the cheques.
func (w *watch) award(ctx context.Context) error {
	s, err := w.Award.Summary(ctx, w.DB, w.v.Edition, w.v.Now)
	if err != nil {
		return err
	}
	url := w.v.URL("deliberation")
	switch {
	case w.phase == edition.Judging && s.State == award.Waiting:
		w.say(actNow, "deliberate", 1, "vote", url)
	case w.phase == edition.Judging && s.State != award.Closed:
		w.say(actSoon, "deliberating", 1, "vote", url, "at", w.v.L.Clock(s.ResultsAt))
	case w.during(edition.Awarding, edition.After) && s.State != award.Closed:
		w.say(actNow, "no_results", 1, "trophy", url)
	case s.Unpaid > 0:
		w.say(actSoon, "unpaid", s.Unpaid, "coins", w.v.URL("payouts"), "owed", w.v.L.Euros(s.OwedCents))
	case s.Public:
		w.well("results", "trophy", w.v.URL("results"))
	case s.Prizes == 0 && !w.v.Edition.Has(edition.Starts, w.v.Now):
		w.well("no_prize", "trophy", w.v.URL("prizes"))
	}
	return nil
}
