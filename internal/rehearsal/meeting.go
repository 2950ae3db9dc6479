package rehearsal

import (
	"context"
	"fmt"
	"time"

	"h48/internal/edition"
	"h48/internal/mentoring"
	"h48/internal/mentoring/meeting"
)

// scriptMeetings writes an afternoon of planned meetings: teams ask, the plan is made and
// published, and one mentor has to leave before it begins.
func (r *Rehearsal) scriptMeetings() {
	starts := r.e.At[edition.Starts]
	r.at(starts.Add(20*time.Hour), "asking for meetings with mentors", r.askMeetings)
	r.at(starts.Add(24*time.Hour), "planning the meetings", r.planMeetings)
	r.at(starts.Add(27*time.Hour), "a mentor leaves", r.mentorLeaves)
}

func (r *Rehearsal) askMeetings(ctx context.Context) error {
	from := r.e.At[edition.Starts].Add(29 * time.Hour)
	each := min(20, 2*len(r.teams)/max(1, len(r.cast.mentors))+3)
	if err := r.app.Meeting.SetRound(ctx, r.boss, r.e.ID, meeting.Round{From: from, To: from.Add(3 * time.Hour), Minutes: 20, PerTeam: 2, PerMentor: each}); err != nil {
		return err
	}
	themes, err := r.app.Mentoring.Themes(ctx, r.app.DB, r.e.ID)
	if err != nil || len(themes) == 0 {
		return err
	}
	for i, t := range r.teams {
		if i%5 == 4 { // one in five asks for nothing
			continue
		}
		wish := []mentoring.ThemeID{themes[i%len(themes)].ID, themes[(i+1)%len(themes)].ID}
		if err := r.app.Meeting.Wish(ctx, r.actorOf(t.Members[0].ID), r.e.ID, wish); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rehearsal) planMeetings(ctx context.Context) error {
	if _, err := r.app.Meeting.Order(ctx, r.boss, r.e.ID, false); err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	return r.app.Meeting.Publish(ctx, r.boss, r.e.ID)
}

func (r *Rehearsal) mentorLeaves(ctx context.Context) error {
	last := r.cast.mentors[len(r.cast.mentors)-1].actor
	return r.app.Meeting.Leave(ctx, last, r.e.ID, last.ID)
}

// checkMeetings looks at the meetings again: nobody is in two places at once, and every
// team has met somebody or is told why not.
func (r *Rehearsal) checkMeetings(ctx context.Context) error {
	v, err := r.app.Meeting.See(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	busy := map[string]bool{}
	for _, d := range v.Dates {
		for _, who := range []string{d.Team, string(d.Mentor)} {
			key := who + d.At.String()
			if busy[key] {
				return fmt.Errorf("somebody has two meetings at %s", d.At)
			}
			busy[key] = true
		}
		if d.Planned != d.Told {
			return fmt.Errorf("a meeting of %s is not told as it is planned", d.Team)
		}
	}
	return nil
}
