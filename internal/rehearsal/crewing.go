package rehearsal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/crew"
	"h48/internal/edition"
	"h48/internal/kit/sheet"
)

// helps says whether the person came by the crew's file.
func (c cast) helps(who account.ID) bool {
	return slices.ContainsFunc(c.hands, func(p person) bool { return p.actor.ID == who })
}

// scriptCrew writes how the crew is planned: posts, a file of who helps, their answers, a
// plan, and on the second day somebody who cannot.
func (r *Rehearsal) scriptCrew() {
	opens, starts := r.e.At[edition.RegistrationOpens], r.e.At[edition.Starts]
	r.at(opens.Add(2*time.Hour), "writing the crew's posts", r.writePosts)
	r.at(opens.AddDate(0, 0, 8), "importing who helps from a file", r.importHands)
	r.at(opens.AddDate(0, 0, 20), "the crew says when they can", r.answerCrew)
	r.at(starts.AddDate(0, 0, -10), "planning the crew", r.planCrew)
	r.at(starts.Add(26*time.Hour), "somebody of the crew cannot", r.cannotWork)
	r.at(starts.Add(30*time.Hour), "somebody steps in", r.stepIn)
}

// writePosts takes the usual posts and says what is particular here.
func (r *Rehearsal) writePosts(ctx context.Context) error {
	if err := r.app.Crew.AddUsual(ctx, r.boss, r.e.ID); err != nil {
		return err
	}
	b, err := r.app.Crew.Board(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	places := []string{"Hall", "Salle Somme", "Salle Hortillons", "Amphithéâtre", "Partout"}
	for i, p := range b.Posts {
		p.Place, p.Contact = places[i%len(places)], "Olympe Exemple, 06 00 00 00 00"
		if len(b.Posts) > 2 && i == 2 {
			p.Skill = "Premiers secours"
		}
		if err := r.app.Crew.ChangePost(ctx, r.boss, r.e.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// importHands brings who helps in from a file.
func (r *Rehearsal) importHands(ctx context.Context) error {
	var file bytes.Buffer
	w, err := sheet.NewWriter(&file, ';')
	if err != nil {
		return err
	}
	rows := [][]string{{"Nom", "E-mail", "Compétences", "Heures souhaitées"}}
	for i, p := range r.cast.hands {
		skill := ""
		if i%2 == 0 {
			skill = "Premiers secours"
		}
		rows = append(rows, []string{p.name, p.email, skill, "10"})
	}
	for _, row := range rows {
		if err := w.Write(row...); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	n, wrong, err := r.app.Crew.Import(ctx, r.boss, r.e.ID, &file)
	if err != nil || len(wrong) > 0 || n != len(r.cast.hands) {
		return errors.Join(fmt.Errorf("%d people of the crew came in, %d lines are wrong", n, len(wrong)), err)
	}
	for i := range r.cast.hands {
		who, err := r.app.Accounts.Find(ctx, r.app.DB, r.cast.hands[i].email)
		if err != nil {
			return err
		}
		r.cast.hands[i].actor = who.Actor()
	}
	return nil
}

// answerCrew lets everybody but one say when they can: some all the time, some by day only.
func (r *Rehearsal) answerCrew(ctx context.Context) error {
	all := slices.Concat(r.cast.crew, r.cast.hands)
	for i, p := range all[:len(all)-1] {
		m, err := r.app.Crew.Mine(ctx, p.actor, r.e.ID, p.actor.ID)
		if err != nil {
			return err
		}
		o := m.Member.Offer
		for _, part := range m.Parts {
			hour := part.From.In(r.e.Zone).Hour()
			if i%3 == 0 || hour >= 6 && hour < 21 {
				o.Free = append(o.Free, crew.Span{From: part.From, To: part.To})
			}
		}
		if i%2 == 0 {
			o.Skills = append(o.Skills, m.Skills...)
		}
		if i%4 == 1 && len(m.Posts) > 1 {
			o.Rather = []crew.PostID{m.Posts[1].ID}
		}
		if err := r.app.Crew.Offer(ctx, p.actor, r.e.ID, p.actor.ID, o); err != nil {
			return err
		}
	}
	return nil
}

// planCrew has the plan made, keeps one person where they are, has it filled in again with
// few changes, and publishes.
func (r *Rehearsal) planCrew(ctx context.Context) error {
	for _, few := range []bool{false, true} {
		if _, err := r.app.Crew.Order(ctx, r.boss, r.e.ID, few); err != nil {
			return err
		}
		if err := r.settle(ctx); err != nil {
			return err
		}
		b, err := r.app.Crew.Board(ctx, r.boss, r.e.ID)
		if err != nil {
			return err
		}
		for _, s := range b.Shifts {
			if on := b.On(s.ID); len(on) > 0 && !few {
				if err := r.app.Crew.Lock(ctx, r.boss, r.e.ID, on[0].Who, s.ID, true); err != nil {
					return err
				}
				break
			}
		}
	}
	_, err := r.app.Crew.Publish(ctx, r.boss, r.e.ID)
	return err
}

// cannotWork lets somebody say that they cannot work the last shift that they were told.
func (r *Rehearsal) cannotWork(ctx context.Context) error {
	now := r.e.At[edition.Starts].Add(26 * time.Hour)
	for _, p := range slices.Concat(r.cast.hands, r.cast.crew) {
		turns, err := r.app.Crew.Turns(ctx, r.app.DB, r.e.ID, p.actor.ID)
		if err != nil {
			return err
		}
		if len(turns) == 0 || turns[len(turns)-1].Shift.Start.Before(now.Add(5*time.Hour)) {
			continue
		}
		return r.app.Crew.Cannot(ctx, p.actor, r.e.ID, turns[len(turns)-1].Shift.ID, "Mon train est avancé, désolé.")
	}
	return nil
}

// stepIn gives each shift that somebody cannot work to who can best.
func (r *Rehearsal) stepIn(ctx context.Context) error {
	b, err := r.app.Crew.Board(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	for _, refused := range b.Refused {
		able := b.Candidates(refused.At)
		if len(able) == 0 || able[0].Broken() {
			continue
		}
		if err := r.app.Crew.StepIn(ctx, r.boss, r.e.ID, refused.Shift, able[0].Member.ID); err != nil {
			return err
		}
	}
	return nil
}

// checkCrew looks at the plan again: no rule is broken, and everybody knows what is planned
// for them.
func (r *Rehearsal) checkCrew(ctx context.Context) error {
	b, err := r.app.Crew.Board(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	if n := len(b.Rota.Broken()); n > 0 {
		return fmt.Errorf("the crew's plan breaks rules on %d shifts", n)
	}
	for _, d := range b.Duties {
		if d.Planned != d.Told && d.No.IsZero() {
			return fmt.Errorf("somebody was told something else than is planned on %s", d.Shift)
		}
	}
	if b.Standing.Open < b.Standing.Least {
		return fmt.Errorf("%d places of the crew are open, which is below the bound of %d", b.Standing.Open, b.Standing.Least)
	}
	return nil
}

// reportCrew prints how the crew was planned.
func (r *Rehearsal) reportCrew(ctx context.Context, w io.Writer) error {
	b, err := r.app.Crew.Board(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "crew           %d people, %d shifts, %d of %d places filled\n", len(b.Members), len(b.Shifts), b.Standing.Places-b.Standing.Open, b.Standing.Places)
	return nil
}
