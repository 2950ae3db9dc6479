package app

import (
	"context"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ical"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/mentoring/meeting"
	"h48/internal/ui"
)

// meeting makes the service of planned meetings; they stand in people's calendars.
func (a *App) meeting(r *Rooms, together teams, letters *post.Post, tr *trail.Trail) {
	r.Meeting = meeting.NewService(a.DB, a.Parts.IDs, a.Editions, a.Accounts, r.Mentoring, together, a.Hub, a.Queue, letters, tr, a.Words, a.Config.Base())
	r.Programme.Beside(meetingsOf{r.Meeting, a.Config.Base()})
}

// meetingsOf puts somebody's meetings into their own calendar.
type meetingsOf struct {
	meetings *meeting.Service
	base     string
}

// Own implements programme.Beside.
func (m meetingsOf) Own(ctx context.Context, q sqldb.Querier, l i18n.Locale, e edition.Edition, who account.ID) ([]ical.Event, error) {
	told, err := m.meetings.Told(ctx, q, e.ID, who)
	var all []ical.Event
	for _, t := range told {
		all = append(all, ical.Event{UID: "meeting-" + t.ID + "@" + e.Slug + ".h48", Start: t.At, End: t.Until,
			Summary: l.T("app.meeting", "team", t.TeamName, "mentor", t.With), Location: e.Place, Description: t.About, URL: m.base + e.URL() + "/help/meetings"})
	}
	return all, err
}

// meetingStat is the reader's next meeting; ok is false where there is none ahead.
func (a *App) meetingStat(ctx context.Context, v *door.Visit) (stat ui.StatData, ok bool, err error) {
	told, err := a.Meeting.Told(ctx, a.DB, v.Edition.ID, v.Actor.ID)
	for _, t := range told {
		if t.Until.After(v.Now) {
			who := t.With
			if t.Mentor == v.Actor.ID {
				who = t.TeamName
			}
			return ui.StatData{Label: v.L.T("app.stat.meeting"), Value: v.L.Clock(t.At), Note: who, Icon: "calendar", URL: v.URL("help", "meetings")}, true, err
		}
	}
	return stat, false, err
}
