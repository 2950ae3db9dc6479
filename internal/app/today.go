package app

import (
	"context"
	"net/http"
	"slices"
	"time"

	"h48/internal/award"
	"h48/internal/checkin"
	"h48/internal/crew"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/mentoring"
	"h48/internal/mentoring/meeting"
	"h48/internal/programme"
	"h48/internal/project"
	"h48/internal/registration"
	"h48/internal/stage"
	"h48/internal/team"
	"h48/internal/ui"
)

// todayView is a member's own page: the one next thing, and what is going on.
type todayView struct {
	next  nextThing
	also  []ui.NextData // of the reader's other roles
	stats []ui.StatData
	ring  ui.RingData
	slots []ui.Slot
}

// nextThing is what a person should do now; To counts down where it is set.
type nextThing struct {
	ui.NextData
	To time.Time
}

func (a *App) showToday(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	t, err := a.todayView(r.Context(), v)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, todayPage(v.Page(v.L.T("app.nav.today"), a.todayTopics(v)...), t))
}

// nearSlots is how many sessions the page shows: what is on and what comes soon.
const nearSlots = 6

func (a *App) todayView(ctx context.Context, v *door.Visit) (todayView, error) {
	t := todayView{ring: ring(v.L, v.Edition, v.Now)}
	var things []nextThing
	for _, role := range byNeed {
		if !v.Is(role) {
			continue
		}
		thing, err := a.nextOf(ctx, v, role, &t)
		if err != nil {
			return t, err
		}
		things = append(things, thing)
	}
	if len(things) > 0 {
		t.next = things[0]
		for _, other := range things[1:] {
			t.also = append(t.also, other.NextData)
		}
	}
	if stat, ok, err := a.meetingStat(ctx, v); err != nil {
		return t, err
	} else if ok {
		t.stats = append(t.stats, stat)
	}
	sessions, err := a.Programme.List(ctx, a.DB, v.Actor, v.Edition.ID)
	if err != nil {
		return t, err
	}
	sessions = slices.DeleteFunc(sessions, func(s programme.Entry) bool { return s.Over(v.Now) })
	t.slots = slots(v, sessions[:min(len(sessions), nearSlots)])
	return t, nil
}

// byNeed are the roles in the order in which one person with several is asked for them.
var byNeed = []edition.Role{edition.Organiser, edition.Juror, edition.Participant, edition.Crew, edition.Mentor, edition.Speaker, edition.Partner}

// attested are those who come for a certificate once the event is over.
var attested = []edition.Role{edition.Participant, edition.Mentor, edition.Speaker, edition.Juror}

// nextOf says what somebody with the role should do now.
func (a *App) nextOf(ctx context.Context, v *door.Visit, role edition.Role, t *todayView) (nextThing, error) {
	if v.Edition.Has(edition.Ends, v.Now) && slices.Contains(attested, role) {
		return thing(v, "certificate", v.URL("certificate"), "award"), nil
	}
	switch role {
	case edition.Organiser:
		return a.organisersNext(ctx, v, t)
	case edition.Participant:
		return a.participantsNext(ctx, v, t)
	case edition.Mentor:
		return a.mentorsNext(ctx, v, t)
	case edition.Speaker:
		return a.speakersNext(ctx, v)
	case edition.Juror:
		return a.jurorsNext(ctx, v, t)
	case edition.Crew:
		return a.crewsNext(ctx, v, t)
	case edition.Partner:
	}
	return partnersNext(v), nil
}

// thing is a next thing of the words app.today.<name>, …_text and …_do.
func thing(v *door.Visit, name, url, icon string, args ...any) nextThing {
	return nextThing{NextData: ui.NextData{Title: v.L.T("app.today."+name, args...), Text: v.L.T("app.today."+name+"_text", args...),
		Action: v.L.T("app.today."+name+"_do", args...), URL: url, Icon: icon}}
}

// now marks a thing that presses.
func (n nextThing) now() nextThing {
	n.Tone = ui.Now
	return n
}

// until counts down to the moment, if the edition has it.
func (n nextThing) until(to time.Time) nextThing {
	n.To = to
	return n
}

// organisersNext leads to what needs attention.
func (a *App) organisersNext(ctx context.Context, v *door.Visit, t *todayView) (nextThing, error) {
	board, err := a.control(ctx, v)
	if err != nil {
		return nextThing{}, err
	}
	t.stats = append(t.stats, board.stats...)
	n := board.needing()
	if n == 0 {
		return thing(v, "calm", v.URL("control"), "check"), nil
	}
	first := board.concerns[0]
	next := nextThing{NextData: ui.NextData{Title: v.L.N("app.today.needs", n), Text: first.title, URL: v.URL("control"),
		Action: v.L.T("app.today.needs_do"), Icon: "bell"}}
	return next.now(), nil
}

// speakersNext leads to the speaker's own next session.
func (a *App) speakersNext(ctx context.Context, v *door.Visit) (nextThing, error) {
	mine, err := a.Programme.Mine(ctx, a.DB, v.Actor, v.Edition.ID)
	if err != nil {
		return nextThing{}, err
	}
	for _, s := range mine {
		if !s.Leads || s.Cancelled || s.Over(v.Now) {
			continue
		}
		at := v.L.DateTime(s.Start)
		next := thing(v, "lead", v.URL("programme", string(s.ID), "guests"), "presentation", "title", s.Title, "room", orDots(s.Room), "at", at, "n", s.Seated)
		if s.On(v.Now) {
			return next.now(), nil
		}
		return next.until(s.Start), nil
	}
	return thing(v, "led", v.URL("programme"), "presentation"), nil
}

// jurorsNext leads to the marks that are still to give.
func (a *App) jurorsNext(ctx context.Context, v *door.Visit, t *todayView) (nextThing, error) {
	mine, err := a.Jury.Mine(ctx, a.DB, v.Actor, v.Edition.ID)
	if err != nil {
		return nextThing{}, err
	}
	t.stats = append(t.stats, ui.StatData{Label: v.L.T("app.stat.sheets"), Value: v.L.T("app.stat.of", "n", mine.Done, "of", mine.Expected), Icon: "scale"})
	switch {
	case v.Edition.Has(edition.Results, v.Now):
		return a.endsNext(ctx, v)
	case !mine.Round.Open():
		return thing(v, "deliberate", v.URL("deliberation"), "vote"), nil
	case mine.Juror.Briefed.IsZero():
		return thing(v, "brief", v.URL("jury", "brief"), "scale").until(v.Edition.At[edition.Pitches]), nil
	case mine.Done < mine.Expected && v.Edition.Has(edition.Pitches, v.Now):
		next := thing(v, "score", v.URL("jury"), "scale", "of", mine.Expected).now()
		next.Text = v.L.N("app.today.score_text", mine.Done, "of", mine.Expected)
		return next, nil
	case mine.Done < mine.Expected:
		return thing(v, "soon_score", v.URL("jury"), "scale").until(v.Edition.At[edition.Pitches]), nil
	}
	return thing(v, "scored", v.URL("jury"), "scale"), nil
}

// counterNext leads to the counter of the hour.
func (a *App) counterNext(ctx context.Context, v *door.Visit, t *todayView) (nextThing, error) {
	seen, err := a.Checkin.Summary(ctx, a.DB, v.Edition.ID)
	if err != nil {
		return nextThing{}, err
	}
	if !v.Is(edition.Organiser) {
		t.stats = append(t.stats, arrivedStat(v, seen))
	}
	meals, err := a.Catering.Tallies(ctx, a.DB, v.Edition.ID)
	if err != nil {
		return nextThing{}, err
	}
	for _, m := range meals {
		if servedNow(m.At, v.Now) {
			return thing(v, "serve", v.URL("meals", m.ID), "utensils", "meal", m.Name, "n", m.Served).now(), nil
		}
	}
	switch {
	case v.Edition.Has(edition.Ends, v.Now):
		return thing(v, "cups", v.URL("cups"), "cup-soda"), nil
	case v.Edition.Phase(v.Now) == edition.Pitching:
		return thing(v, "run_stage", v.URL("pitches", "run"), "mic").now(), nil
	case seen.Expected > 0 && seen.Arrived >= seen.Expected:
		return thing(v, "all_here", v.URL("crew", "mine"), "check", "n", seen.Arrived), nil
	case v.Edition.Has(edition.Doors, v.Now):
		return thing(v, "desk", v.URL("checkin"), "scan-line", "n", seen.Arrived, "of", seen.Expected).now(), nil
	}
	return thing(v, "before_desk", v.URL("checkin"), "scan-line").until(v.Edition.At[edition.Doors]), nil
}

// servedNow says whether plates are handed out: from half an hour before to an hour and
// a half after the hour of the meal.
func servedNow(at, now time.Time) bool {
	return now.After(at.Add(-30*time.Minute)) && now.Before(at.Add(90*time.Minute))
}

func arrivedStat(v *door.Visit, s checkin.Summary) ui.StatData {
	return ui.StatData{Label: v.L.T("app.stat.arrived"), Value: v.L.T("app.stat.of", "n", s.Arrived, "of", s.Expected),
		Note: v.L.N("app.stat.inside", s.Inside), Icon: "scan-line"}
}

// mentorsNext leads to who waits.
func (a *App) mentorsNext(ctx context.Context, v *door.Visit, t *todayView) (nextThing, error) {
	q, err := a.Mentoring.Queue(ctx, v.Actor, v.Edition.ID)
	if err != nil {
		return nextThing{}, err
	}
	t.stats = append(t.stats, ui.StatData{Label: v.L.T("app.stat.waiting"), Value: v.L.Int(int64(len(q.Waiting))), Icon: "life-buoy", Need: len(q.Waiting) > 0})
	working := v.Edition.Phase(v.Now) == edition.Working
	switch {
	case len(q.Mine) > 0:
		r := q.Mine[0]
		return thing(v, "helping", v.URL("help", "queue"), "hand-helping", "team", r.Team.Name, "place", orDots(r.Place), "theme", r.Theme.Name).now(), nil
	case len(q.Waiting) > 0:
		r := q.Waiting[0]
		return thing(v, "claim", v.URL("help", "queue"), "hand-helping", "team", r.Team.Name, "wait", v.L.Duration(r.Wait(v.Now)), "text", r.Text).now(), nil
	case len(q.Me.Themes) == 0 && !v.Edition.Has(edition.HandIn, v.Now):
		return thing(v, "offer", v.URL("help", "mentor"), "hand-helping"), nil
	case working && !q.Me.OnDuty:
		return thing(v, "duty", v.URL("help", "queue"), "hand-helping"), nil
	case v.Edition.Has(edition.HandIn, v.Now):
		return thing(v, "mentored", v.URL("projects"), "heart"), nil
	case working:
		return thing(v, "nobody", v.URL("help", "queue"), "hand-helping"), nil
	}
	return thing(v, "mentor_soon", v.URL("help", "mentor"), "hand-helping").until(v.Edition.At[edition.Starts]), nil
}

func partnersNext(v *door.Visit) nextThing {
	switch {
	case v.Edition.Has(edition.Results, v.Now):
		return thing(v, "read", v.URL("projects"), "lightbulb")
	case v.Edition.Has(edition.Doors, v.Now):
		return thing(v, "follow", v.URL("programme"), "eye")
	}
	return thing(v, "partner_soon", v.URL("programme"), "calendar").until(v.Edition.At[edition.Starts])
}

// todayTopics are what the visitor's page depends on.
func (a *App) todayTopics(v *door.Visit) []string {
	e := v.Edition.ID
	topics := []string{programme.Topic(e), meeting.Topic(e)}
	if v.Is(edition.Organiser) {
		return controlTopics(e)
	}
	if v.Is(edition.Participant) {
		topics = append(topics, award.Topic(e), registration.Topic(e), team.Topic(e), mentoring.Topic(e), stage.Topic(e), project.Topic(e))
	}
	if v.Is(edition.Juror) {
		topics = append(topics, award.Topic(e), jury.Topic(e), stage.Topic(e))
	}
	if v.Is(edition.Mentor) {
		topics = append(topics, mentoring.Topic(e))
	}
	if v.Is(edition.Crew) {
		topics = append(topics, checkin.Topic(e), crew.Topic(e))
	}
	return topics
}
