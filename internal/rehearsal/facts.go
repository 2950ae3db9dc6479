package rehearsal

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"h48/internal/cups"
	"h48/internal/registration"
)

// Facts are what happened in a rehearsal.
type Facts struct {
	Sessions, SignUps, Announcements, Requests, HandIns, Waited, Marks, Certificates, Ballots, Answers int
}

// Report prints what happened, counted from what the rooms keep.
func (r *Rehearsal) Report(ctx context.Context, w io.Writer) error {
	a, q, id := r.app, r.app.DB, r.e.ID
	people, err := a.Registration.Summary(ctx, q, id)
	if err != nil {
		return err
	}
	shares := people.Shares()
	fmt.Fprintf(w, "%s, %s\n\n", r.e.Name, r.e.Place)
	fmt.Fprintf(w, "participants   %d of %d seats; %d waited, letters sent: %d\n", people.Confirmed, people.Seats, r.facts.Waited, r.post.Count())
	for i, p := range registration.Profiles {
		fmt.Fprintf(w, "               %-14s %5d  %3d %%\n", profileName(p), people.Profiles[i], shares[i])
	}
	door, err := a.Checkin.Summary(ctx, q, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "arrived        %d of %d with a badge\n", door.Arrived, door.Expected)
	teams, err := a.Team.List(ctx, q, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "teams          %d, by size %v\n", len(teams), sizes(teams))
	help, err := a.Mentoring.Summary(ctx, q, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "help requests  %d, %d found a mentor, median wait %s\n", r.facts.Requests, help.Helped, help.Median.Round(time.Second))
	handed, err := a.Project.Summary(ctx, q, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "submissions    %d of %d teams, %d versions, %d in the grace, %d refused\n", handed.HandedIn, handed.Teams, r.facts.HandIns, handed.Late, handed.Refused)
	for _, part := range []func(context.Context, io.Writer) error{r.reportPitches, r.reportExpo, r.reportVotes, r.reportJury, r.reportPrizes, r.reportThings, r.reportCrew} {
		if err := part(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func profileName(p registration.Profile) string {
	if p == registration.Unsaid {
		return "not said"
	}
	return string(p)
}

// reportPitches prints the lengths of the pitches.
func (r *Rehearsal) reportPitches(ctx context.Context, w io.Writer) error {
	lineup, err := r.app.Stage.Lineup(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	var lengths []time.Duration
	over := 0
	for _, p := range lineup.Pitches {
		spent := p.Spent(p.Ended)
		lengths = append(lengths, spent)
		if spent > p.Allotted {
			over++
		}
	}
	if len(lengths) == 0 {
		return nil
	}
	slices.Sort(lengths)
	fmt.Fprintf(w, "pitches        %d, from %s to %s, %d over time\n", len(lengths), lengths[0], lengths[len(lengths)-1], over)
	return nil
}

// reportJury prints the ranking's head, with its uncertainty.
func (r *Rehearsal) reportJury(ctx context.Context, w io.Writer) error {
	standings, err := r.app.Jury.Standings(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "ranking        of %d\n", len(standings))
	for _, s := range standings[:min(len(standings), 6)] {
		fmt.Fprintf(w, "               %2d. %-26s between %d and %d, best with %.0f %%, mean of the marks %.2f\n", s.Rank, s.Team.Name, s.RankLo, s.RankHi, s.PBest*100, s.Raw)
	}
	return nil
}

// reportPrizes prints who won what.
func (r *Rehearsal) reportPrizes(ctx context.Context, w io.Writer) error {
	laureates, err := r.app.Award.Laureates(ctx, r.app.DB, r.e.ID)
	for _, l := range laureates {
		fmt.Fprintf(w, "prize          %s: %s, %s\n", l.Prize.Title, l.Team.Name, l.Team.Title)
	}
	fmt.Fprintf(w, "certificates   %d, as PDF\n", r.facts.Certificates)
	return err
}

// reportThings prints cups and meals.
func (r *Rehearsal) reportThings(ctx context.Context, w io.Writer) error {
	stocks, err := r.app.Cups.Stocks(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for _, s := range stocks {
		if s.Model.Gift() {
			fmt.Fprintf(w, "cups           %s: %d given, %d left\n", s.Model.Name, s.At[cups.Kept], s.At[cups.Clean])
			continue
		}
		fmt.Fprintf(w, "cups           %s: %d handed out, %d returned, %d broken, %d kept, %.2f EUR in the till\n",
			s.Model.Name, s.HandedOut, s.Returned, s.BrokenOut, s.At[cups.Kept], float64(s.Till)/100)
	}
	meals, err := r.app.Catering.Tallies(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	served := 0
	for _, m := range meals {
		served += m.Served + m.Extra
	}
	fmt.Fprintf(w, "meals          %d sittings, %d plates\n", len(meals), served)
	return nil
}
