package rehearsal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/award"
	"h48/internal/award/payout"
	"h48/internal/edition"
)

// scriptCeremony writes what becomes of the prizes after the reveal.
func (r *Rehearsal) scriptCeremony() {
	opens := r.e.At[edition.Results]
	r.at(opens.Add(15*time.Minute), "accepting the prizes", r.accept)
	r.at(opens.Add(45*time.Minute), "paying the first laureate", r.pay)
}

// deliberate opens the jury's meeting; it puts a question to a vote, and adds a prize that
// was not planned, without a cheque but with a promise, as happened in Amiens.
func (r *Rehearsal) deliberate(ctx context.Context) error {
	if err := r.app.Award.OpenDeliberation(ctx, r.boss, r.e.ID); err != nil {
		return err
	}
	var present []award.Attendance
	for _, j := range r.cast.jurors {
		present = append(present, award.Attendance{Account: j.actor.ID, Name: j.name, Presence: award.Present})
	}
	if err := r.app.Award.Attend(ctx, r.boss, r.e.ID, present, ""); err != nil {
		return err
	}
	if err := r.app.Award.StartPass(ctx, r.boss, r.e.ID, 15*time.Minute, r.cast.jurors[0].name); err != nil {
		return err
	}
	vote, err := r.app.Award.OpenVote(ctx, r.boss, r.e.ID, award.Question{Text: "Ajouter un troisième prix, sans chèque ?", Answers: []string{"Oui", "Non"}})
	if err != nil {
		return err
	}
	for i, j := range r.cast.jurors {
		if err := r.app.Award.Cast(ctx, j.actor, r.e.ID, vote, 1+i%4/3); err != nil { // every fourth is against
			return err
		}
	}
	if err := r.app.Award.CloseVote(ctx, r.boss, r.e.ID, vote); err != nil {
		return err
	}
	_, err = r.app.Award.AddPrize(ctx, r.boss, r.e.ID, award.Prize{Title: "Troisième prix", Text: "Sans chèque, avec la promesse d’un développement.",
		Unplanned: true, Reason: "Le jury veut que ce projet continue."})
	return err
}

// scriptReveal writes the ceremony of n prizes, a step a minute up to the minute of the
// results: each prize is named and then given.
func (r *Rehearsal) scriptReveal(n int) {
	steps := 2 * n
	for i := range steps {
		r.at(r.e.At[edition.Results].Add(time.Duration(i-steps)*time.Minute), "revealing the prizes", func(ctx context.Context) error {
			return r.app.Award.Reveal(ctx, r.boss, r.e.ID, i, false)
		})
	}
}

// crown gives what the room liked best the public's prize; in Amiens there was none.
func (r *Rehearsal) crown(ctx context.Context) error {
	all, err := r.app.Award.Favourites(ctx, r.boss, r.e.ID)
	if err != nil || len(all) == 0 || len(all[0].Leaders) == 0 {
		return cmp.Or(err, errors.New("the public has no favourite"))
	}
	prize, err := r.app.Award.Crown(ctx, r.boss, r.e.ID, all[0].Vote, all[0].Leaders[0].Team)
	r.crowned = prize
	return err
}

// decide follows the ranking's order down the published ladder; where that leaves a tie,
// the head of the jury decides and says why. The public's prize goes where the public
// wanted it. The jurors sign before the close.
func (r *Rehearsal) decide(ctx context.Context) error {
	minutes, err := r.app.Award.Minutes(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	decision := award.Decision{Choice: award.Proposal(minutes.Prizes, minutes.Basis), Decider: r.cast.jurors[1].name,
		DeciderReason: "À égalité partout, le projet le plus prêt à être testé."}
	if r.crowned.ID != "" {
		decision.Choice[r.crowned.ID], decision.Reason = r.crowned.Team, r.crowned.Reason
	}
	if err := r.app.Award.Decide(ctx, r.boss, r.e.ID, decision); err != nil {
		return err
	}
	r.scriptReveal(len(minutes.Prizes))
	if minutes, err = r.app.Award.Minutes(ctx, r.boss, r.e.ID); err != nil {
		return err
	}
	for _, j := range r.cast.jurors {
		if err := r.app.Award.Sign(ctx, j.actor, r.e.ID, award.Hand{Digest: minutes.Digest()}); err != nil {
			return err
		}
	}
	return r.app.Award.Close(ctx, r.boss, r.e.ID)
}

// accept has every laureate accept their share.
func (r *Rehearsal) accept(ctx context.Context) error {
	all, err := r.app.Payout.Won(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for _, won := range all {
		for _, share := range won.Shares {
			who, err := r.app.Accounts.Get(ctx, r.app.DB, share.Account)
			if err != nil {
				return err
			}
			if err := r.app.Payout.Answer(ctx, who.Actor(), r.e.ID, won.Prize.ID, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// exampleIBAN is the example of the registry of IBANs: nobody's account.
const exampleIBAN = "FR1420041010050500013M02606"

// pay pays one laureate of the first cheque: the account is handed over, opened for a
// reason, and gone once it is paid. The others are paid another day.
func (r *Rehearsal) pay(ctx context.Context) error {
	all, err := r.app.Payout.Won(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	for _, won := range all {
		if won.Prize.Cents == 0 || len(won.Shares) == 0 {
			continue
		}
		share := won.Shares[0]
		who, err := r.app.Accounts.Get(ctx, r.app.DB, share.Account)
		if err != nil {
			return err
		}
		if err := r.app.Payout.Give(ctx, who.Actor(), r.e.ID, payout.Details{Holder: share.Name, IBAN: exampleIBAN}); err != nil {
			return err
		}
		if _, err := r.app.Payout.Look(ctx, r.boss, r.e.ID, share.Account, "Premier virement."); err != nil {
			return err
		}
		return r.app.Payout.Note(ctx, r.boss, r.e.ID, won.Prize.ID, share.Account, payout.Paid, "")
	}
	return errors.New("no prize has a cheque")
}

// checkAwards finds cents that were lost, signatures that do not hold and accounts that
// were kept.
func (r *Rehearsal) checkAwards(ctx context.Context) error {
	all, err := r.app.Payout.Won(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	var wrong []error
	for _, won := range all {
		sum := int64(0)
		for _, share := range won.Shares {
			sum += share.Cents
		}
		if sum != won.Prize.Cents {
			wrong = append(wrong, fmt.Errorf("the shares of %s are %d cents of %d", won.Prize.Title, sum, won.Prize.Cents))
		}
	}
	minutes, err := r.app.Award.Minutes(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	for _, s := range minutes.Signatures {
		if !minutes.Holds(s) {
			wrong = append(wrong, fmt.Errorf("the signature of %s is of an earlier version", s.Name))
		}
	}
	for _, p := range minutes.Prizes {
		if p.ID == r.crowned.ID && p.Team != r.crowned.Team {
			wrong = append(wrong, fmt.Errorf("the public's prize went to %s, not to %s", p.Team, r.crowned.Team))
		}
	}
	given, err := r.app.Payout.Given(ctx, r.app.DB, r.e.ID)
	if len(given) > 0 {
		wrong = append(wrong, fmt.Errorf("%d bank accounts are kept after their payment", len(given)))
	}
	return errors.Join(append(wrong, err)...)
}
