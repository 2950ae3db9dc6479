package rehearsal

import (
	"context"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/checkin"
	"h48/internal/cups"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/mentoring"
	"h48/internal/message"
	"h48/internal/programme"
	"h48/internal/team"
)

// receiveCups adds the souvenir, a gift to everybody, and the bar's cup with a deposit,
// and takes the delivery in.
func (r *Rehearsal) receiveCups(ctx context.Context) error {
	everybody := len(r.cast.people) + len(r.cast.mentors) + len(r.cast.jurors) + len(r.cast.crew) + len(r.cast.hands) + len(r.cast.speakers) + 1
	for _, m := range []struct {
		model cups.Model
		n     int
		keep  *cups.Model
	}{
		{cups.Model{Name: "Gobelet souvenir 25 cl", VolumeCl: 25}, everybody + everybody/10 + 2, &r.cast.gift},
		{cups.Model{Name: "Gobelet du bar 40 cl", VolumeCl: 40, Deposit: 100}, len(r.cast.people) + 6, &r.cast.lend},
	} {
		model, err := r.app.Cups.AddModel(ctx, r.boss, r.e.ID, m.model)
		if err != nil {
			return err
		}
		*m.keep = model
		if err := r.moveCups(ctx, r.boss, model, cups.Receive, m.n, ""); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rehearsal) moveCups(ctx context.Context, by account.Actor, m cups.Model, kind cups.Kind, n int, person account.ID) error {
	return r.app.Cups.Move(ctx, by, r.e.ID, cups.Act{Model: m.ID, Kind: kind, Quantity: n, Person: string(person)}, once.Action{})
}

// openDoors spreads the arrivals over the time until the teams form: most come early.
func (r *Rehearsal) openDoors(ctx context.Context) error {
	badges, err := r.app.Checkin.Badges(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	window := r.e.At[edition.Teams].Sub(r.e.At[edition.Doors]) - 5*time.Minute
	for i, b := range badges {
		delay := time.Duration(0) // who helps is there first
		if !r.cast.helps(b.Account) {
			delay = time.Duration(float64(window) * r.rand.Float64() * r.rand.Float64())
		}
		desk := r.cast.crew[i%len(r.cast.crew)].actor
		r.at(r.e.At[edition.Doors].Add(delay), "checking in", func(ctx context.Context) error {
			if _, err := r.app.Checkin.Check(ctx, desk, r.e.ID, checkin.Seen{Code: b.Code, Way: checkin.In, Station: "Hall"}, once.Action{}); err != nil {
				return err
			}
			return r.moveCups(ctx, desk, r.cast.gift, cups.Give, 1, b.Account)
		})
	}
	r.badges = badges
	return nil
}

// formTeams lets some people found a team of their own, and the organiser place the
// others from the engine's proposal.
func (r *Rehearsal) formTeams(ctx context.Context) error {
	if err := r.foundOne(ctx); err != nil {
		return err
	}
	if err := r.propose(ctx); err != nil {
		return err
	}
	all, err := r.app.Team.List(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for i, t := range all {
		if t.Name != r.cast.founded {
			who := r.actorOf(t.Members[0].ID)
			if _, err := r.app.Team.Describe(ctx, who, r.e.ID, t.ID, team.Details{Name: nameOf(teamNames, i)}); err != nil {
				return err
			}
		}
		if err := r.app.Team.SetTable(ctx, r.boss, r.e.ID, t.ID, i+1); err != nil {
			return err
		}
	}
	return nil
}

// foundOne is a team that came together by itself: one founds it, two join by its code.
func (r *Rehearsal) foundOne(ctx context.Context) error {
	if len(r.cast.people) < 12 {
		return nil // with so few people a team on its own may leave too few for the others
	}
	r.cast.founded = "Ensemble et demi"
	t, err := r.app.Team.Found(ctx, r.cast.people[0].actor, r.e.ID, team.Details{Name: r.cast.founded, LookingFor: "Une personne qui connaît le logement"}, once.Action{})
	if err != nil {
		return err
	}
	for _, p := range r.cast.people[1:4] {
		if _, err := r.app.Team.Join(ctx, p.actor, r.e.ID, t.Code); err != nil {
			return err
		}
	}
	return nil
}

// actorOf finds a participant's actor.
func (r *Rehearsal) actorOf(id account.ID) account.Actor {
	for _, p := range r.cast.people {
		if p.actor.ID == id {
			return p.actor
		}
	}
	return account.Actor{ID: id}
}

// openClock freezes the teams and starts the 48 hours.
func (r *Rehearsal) openClock(ctx context.Context) error {
	if err := r.app.Team.Freeze(ctx, r.boss, r.e.ID); err != nil {
		return err
	}
	if err := r.writeTeams(ctx); err != nil {
		return err
	}
	return r.say(ctx, "Le chrono est lancé. Bon hackathon à toutes et à tous !", message.Now)
}

func (r *Rehearsal) say(ctx context.Context, text string, level message.Level) error {
	_, err := r.app.Message.Send(ctx, r.boss, r.e.ID, message.Draft{Text: text, Level: level, Audience: message.Everyone, For: 2 * time.Hour}, once.Action{})
	if err == nil {
		r.facts.Announcements++
	}
	return err
}

// scriptWork writes what happens in the 48 hours whoever the teams are: mentors come on
// duty, meals are served, cups are lent and washed, news is told.
func (r *Rehearsal) scriptWork() {
	starts := r.e.At[edition.Starts]
	r.at(starts.Add(10*time.Minute), "mentors come on duty", r.onDuty)
	r.at(starts.Add(time.Hour), "choosing workshops", r.chooseWorkshops)
	r.at(starts.Add(2*time.Hour+time.Minute), "sharing out the seats of the workshops", r.shareSeats)
	r.at(starts.Add(3*time.Hour), "the bar opens", r.lendCups)
	r.at(starts.Add(22*time.Hour), "washing cups", r.washCups)
	r.at(starts.Add(30*time.Hour), "telling news", func(ctx context.Context) error {
		return r.say(ctx, "Atelier pitch à 15 h, salle Hortillons. Il reste des places.", message.Info)
	})
	r.at(starts.Add(46*time.Hour), "telling the deadline", func(ctx context.Context) error {
		return r.say(ctx, "Rendu dans deux heures. Un premier rendu peut se corriger jusqu’à la fin.", message.Now)
	})
	r.at(starts.Add(5*time.Minute), "planning the meals", r.planMeals)
}

func (r *Rehearsal) onDuty(ctx context.Context) error {
	themes, err := r.app.Mentoring.Themes(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for i, m := range r.cast.mentors {
		var own []mentoring.ThemeID
		for j, t := range themes {
			if (i+j)%3 == 0 {
				own = append(own, t.ID)
			}
		}
		if err := r.app.Mentoring.Offer(ctx, m.actor, r.e.ID, m.actor.ID, own, nil); err != nil {
			return err
		}
		if err := r.app.Mentoring.Duty(ctx, m.actor, r.e.ID, m.actor.ID, true); err != nil {
			return err
		}
	}
	return nil
}

// chooseWorkshops lets two in three people put workshops in order, for an hour.
func (r *Rehearsal) chooseWorkshops(ctx context.Context) error {
	entries, err := r.app.Programme.List(ctx, r.app.DB, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	var workshops []programme.Session
	for _, e := range entries {
		if e.Session.Kind != programme.Workshop {
			continue
		}
		s := e.Session
		plan := programme.Plan{Kind: s.Kind, Title: s.Title, Text: s.Text, Room: s.Room, Start: s.Start, End: s.End, Public: true,
			Seats: max(8, len(r.cast.people)/4), Speakers: []account.ID{r.cast.speakers[len(workshops)%len(r.cast.speakers)].actor.ID}}
		changed, err := r.app.Programme.Change(ctx, r.boss, s.ID, plan)
		if err != nil {
			return err
		}
		workshops = append(workshops, changed)
	}
	if len(workshops) == 0 {
		return nil
	}
	if err := r.app.Choosing.OpenUntil(ctx, r.boss, r.e.ID, r.e.At[edition.Starts].Add(2*time.Hour), 2); err != nil {
		return err
	}
	for _, p := range r.cast.people {
		if r.rand.IntN(3) == 0 {
			continue
		}
		first := r.rand.IntN(len(workshops))
		wishes := []programme.ID{workshops[first].ID, workshops[(first+1)%len(workshops)].ID}
		if err := r.app.Choosing.Choose(ctx, p.actor, r.e.ID, wishes); err != nil {
			return err
		}
		r.facts.SignUps++
	}
	return nil
}

// shareSeats has the seats shared out by preference and makes it true.
func (r *Rehearsal) shareSeats(ctx context.Context) error {
	if r.facts.SignUps == 0 {
		return nil
	}
	if _, err := r.app.Choosing.Order(ctx, r.boss, r.e.ID); err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	return r.app.Choosing.Publish(ctx, r.boss, r.e.ID)
}

// lendCups hands the bar's cups out to half of the people, over the first evening.
func (r *Rehearsal) lendCups(ctx context.Context) error {
	bar := r.cast.crew[0].actor
	n := max(len(r.cast.people)/2, 1)
	if err := r.moveCups(ctx, bar, r.cast.lend, cups.HandOut, n, ""); err != nil {
		return err
	}
	r.cast.lent = n
	if n > 3 {
		return r.moveCups(ctx, bar, r.cast.lend, cups.Exchange, n/3, "")
	}
	return nil
}

func (r *Rehearsal) washCups(ctx context.Context) error {
	bar := r.cast.crew[0].actor
	if r.cast.lent < 4 {
		return nil
	}
	for _, kind := range []cups.Kind{cups.SendWash, cups.BackWash} {
		if err := r.moveCups(ctx, bar, r.cast.lend, kind, r.cast.lent/3, ""); err != nil {
			return err
		}
	}
	return nil
}

// returnCups takes the bar's cups back at the end: nine in ten, one of them broken; the
// others are kept, and their deposits earned.
func (r *Rehearsal) returnCups(ctx context.Context) error {
	bar := r.cast.crew[0].actor
	back := r.cast.lent * 9 / 10
	if back > 1 {
		if err := r.moveCups(ctx, bar, r.cast.lend, cups.Break, 1, ""); err != nil {
			return err
		}
		back--
	}
	if back > 0 {
		if err := r.moveCups(ctx, bar, r.cast.lend, cups.Return, back, ""); err != nil {
			return err
		}
	}
	return r.app.Cups.CloseOut(ctx, r.boss, r.e.ID)
}

// planMeals writes an act for each meal of the plan: who is there eats once, and every
// tenth comes back and is told so.
func (r *Rehearsal) planMeals(ctx context.Context) error {
	meals, err := r.app.Catering.Tallies(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for _, m := range meals {
		if m.At.Before(r.e.At[edition.Starts]) || m.At.After(r.e.At[edition.Ends]) {
			continue
		}
		r.at(m.At.Add(10*time.Minute), "serving "+m.Name, func(ctx context.Context) error { return r.serve(ctx, m.ID) })
	}
	return nil
}

func (r *Rehearsal) serve(ctx context.Context, meal string) error {
	desk := r.cast.crew[len(r.cast.crew)-1].actor
	for i, p := range r.cast.people {
		if _, err := r.app.Catering.Serve(ctx, desk, r.e.ID, meal, p.actor.ID, "", once.Action{}); err != nil {
			return err
		}
		if i%10 != 9 {
			continue
		}
		if _, err := r.app.Catering.Serve(ctx, desk, r.e.ID, meal, p.actor.ID, "", once.Action{}); !errs.Is(err, errs.Conflict) {
			return fmt.Errorf("%s ate twice: %w", p.name, err)
		}
	}
	return nil
}
