package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"

	"h48/internal/account"
	"h48/internal/cups"
)

// Check returns every rule of the event that the rehearsed edition breaks; nil when all
// are kept.
func (r *Rehearsal) Check(ctx context.Context) error {
	var all []error
	for _, rule := range []func(context.Context) error{r.checkSeats, r.checkTeams, r.checkHandIns, r.checkPitches, r.checkRanking, r.checkCups, r.checkMeals, r.checkAwards, r.checkRecord, r.checkVotes, r.checkFollowup, r.checkCrew, r.checkMeetings, r.checkExpo, r.checkPublic} {
		all = append(all, rule(ctx))
	}
	return errors.Join(all...)
}

func (r *Rehearsal) checkSeats(ctx context.Context) error {
	s, err := r.app.Registration.Summary(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	sum, shares := 0, 0
	for i, n := range s.Profiles {
		sum += n
		shares += s.Shares()[i]
	}
	if s.Confirmed > s.Seats || sum != s.Confirmed || shares != 100 {
		return fmt.Errorf("seats: %d of %d confirmed, %d by profile, shares of %d %%", s.Confirmed, s.Seats, sum, shares)
	}
	return nil
}

func (r *Rehearsal) checkTeams(ctx context.Context) error {
	teams, err := r.app.Team.List(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	var wrong []error
	seen := map[account.ID]string{}
	for _, t := range teams {
		if n := len(t.Members); n < r.e.TeamMin || n > r.e.TeamMax {
			wrong = append(wrong, fmt.Errorf("team %s has %d members", t.Name, n))
		}
		for _, m := range t.Members {
			if other, twice := seen[m.ID]; twice {
				wrong = append(wrong, fmt.Errorf("%s is in %s and in %s", m.Name, other, t.Name))
			}
			seen[m.ID] = t.Name
		}
	}
	if len(seen) != len(r.cast.people) {
		wrong = append(wrong, fmt.Errorf("%d people are in teams, of %d", len(seen), len(r.cast.people)))
	}
	return errors.Join(wrong...)
}

func (r *Rehearsal) checkHandIns(ctx context.Context) error {
	all, err := r.app.Project.List(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	var wrong []error
	for _, s := range all {
		if s.At.After(s.Deadline.Add(r.e.Grace)) {
			wrong = append(wrong, fmt.Errorf("%s was handed in at %s, after the grace", s.Title, s.At))
		}
	}
	if len(all) != len(r.teams) {
		wrong = append(wrong, fmt.Errorf("%d of %d teams handed in", len(all), len(r.teams)))
	}
	return errors.Join(wrong...)
}

func (r *Rehearsal) checkPitches(ctx context.Context) error {
	lineup, err := r.app.Stage.Lineup(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for _, p := range lineup.Pitches {
		if p.Ended.IsZero() || !p.Ended.After(p.Started) {
			return fmt.Errorf("the pitch of %s has no length", p.Team.Name)
		}
	}
	if len(lineup.Pitches) != len(r.teams) {
		return fmt.Errorf("%d of %d teams pitched", len(lineup.Pitches), len(r.teams))
	}
	return nil
}

func (r *Rehearsal) checkRanking(ctx context.Context) error {
	standings, err := r.app.Jury.Standings(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	sum, ranks := 0.0, map[int]bool{}
	for _, s := range standings {
		sum += s.PBest
		ranks[s.Rank] = true
		if s.RankLo > s.RankHi || s.RankLo < 1 || s.RankHi > len(standings) {
			return fmt.Errorf("the interval of %s is %d to %d", s.Team.Name, s.RankLo, s.RankHi)
		}
	}
	if len(standings) != len(r.teams) || math.Abs(sum-1) > 1e-6 || !ranks[1] {
		return fmt.Errorf("the ranking has %d teams of %d, and chances of %.6f in all", len(standings), len(r.teams), sum)
	}
	return nil
}

func (r *Rehearsal) checkCups(ctx context.Context) error {
	if err := r.app.Cups.Audit(ctx, r.app.DB, r.e.ID); err != nil {
		return err
	}
	stocks, err := r.app.Cups.Stocks(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for _, s := range stocks {
		sum := s.At[cups.Supplier]
		for _, p := range cups.Places {
			sum += s.At[p]
			if s.At[p] < 0 {
				return fmt.Errorf("%s: %d %s", s.Model.Name, s.At[p], p)
			}
		}
		if sum != 0 || s.Owed != 0 || s.Till != int64(s.HandedOut-s.Returned)*s.Model.Deposit {
			return fmt.Errorf("%s does not add up: %d cups too many, %d cents owed, %d in the till", s.Model.Name, sum, s.Owed, s.Till)
		}
	}
	return nil
}

func (r *Rehearsal) checkMeals(ctx context.Context) error {
	meals, err := r.app.Catering.Tallies(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for _, m := range meals {
		if m.Served > len(r.cast.people) || m.Twice > 0 {
			return fmt.Errorf("%s was served %d times, %d of them twice", m.Name, m.Served, m.Twice)
		}
	}
	return nil
}

// checkPublic reads what everybody may read at the end: the page that leads to the results
// and the recap, and both of them.
func (r *Rehearsal) checkPublic(ctx context.Context) error {
	anybody, url := visitor{handler: r.app.Handler()}, r.e.URL()
	for path, shows := range map[string]string{url: url + "/recap", url + "/results": "Premier prix", url + "/recap": "Premier prix"} {
		status, page, err := anybody.ask(ctx, http.MethodGet, path, nil)
		if err != nil || status != http.StatusOK || !strings.Contains(page, shows) {
			return errors.Join(fmt.Errorf("the public sees %d at %s, without %q", status, path, shows), err)
		}
	}
	return nil
}
