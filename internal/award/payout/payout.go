// Package payout brings a prize to the people who won it: each laureate's share, whether
// they accept it, where it is to be paid, and that it was.
//
// Shares are exact to the cent; their steps are a ledger. To be awarded, to accept and to
// be paid are three different things. Bank details are sealed with a key that is not in
// the database, are shown only to an organiser who says why, and are deleted once paid or
// after a month. The package moves no money, and knows nothing of taxes.
package payout

import (
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/kit/errs"
)

// State is what became of a share.
type State string

// The states of a share.
const (
	Offered  State = "offered"
	Accepted State = "accepted"
	Declined State = "declined"
	Paid     State = "paid"
)

// follows says which state may come after which; a step back needs a reason.
var follows = map[State][]State{
	Offered: {Accepted, Declined}, Accepted: {Paid, Declined}, Declined: {Accepted}, Paid: {Accepted},
}

// Share is one laureate's part of a prize.
type Share struct {
	Prize   award.PrizeID
	Account account.ID
	Name    string
	Cents   int64
	Steps   []Movement
	kept    bool // there is a row of it
}

// Movement is one step of what became of a share.
type Movement struct {
	Prize     award.PrizeID
	Account   account.ID
	Step      int
	State     State
	Cents     int64
	Reason    string
	Actor     account.ID
	ActorName string
	At        time.Time
}

// State is that of the last step; a share that nobody has answered is offered.
func (s Share) State() State {
	if len(s.Steps) == 0 {
		return Offered
	}
	return s.Steps[len(s.Steps)-1].State
}

// mayBecome says whether the step is possible.
func (s Share) mayBecome(to State) bool { return slices.Contains(follows[s.State()], to) }

// backward says whether the step takes something back.
func (s Share) backward(to State) bool {
	return s.State() == Paid || s.State() == Declined || to == Declined && s.State() == Accepted
}

// Won is a prize with the shares of those who won it.
type Won struct {
	award.Laureate
	Shares []Share
}

// Settled says whether every share that was not declined is paid.
func (w Won) Settled() bool {
	paid := 0
	for _, s := range w.Shares {
		switch s.State() {
		case Paid:
			paid++
		case Offered, Accepted:
			return false
		case Declined:
		}
	}
	return paid > 0
}

// dividable says whether an organiser may still divide the prize otherwise: the shares
// that were paid stand, the others are free.
func (w Won) dividable() bool {
	free := slices.ContainsFunc(w.Shares, func(s Share) bool { return s.State() != Paid })
	return free && len(w.Shares) > 1 && w.Prize.Cents > 0
}

// answered counts the shares that were accepted, paid ones among them, and the paid ones.
func (w Won) answered() (accepted, paid int) {
	for _, s := range w.Shares {
		switch s.State() {
		case Paid:
			accepted, paid = accepted+1, paid+1
		case Accepted:
			accepted++
		case Offered, Declined:
		}
	}
	return accepted, paid
}

// refused are the shares that somebody declined and that still hold an amount.
func (w Won) refused() []Share {
	var all []Share
	for _, s := range w.Shares {
		if s.State() == Declined && s.Cents > 0 {
			all = append(all, s)
		}
	}
	return all
}

// proposed are the shares as they are, or, where one was refused, with its amount divided
// among those who have neither refused nor been paid. It changes nothing.
func (w Won) proposed() []Share {
	shares := slices.Clone(w.Shares)
	var open []int
	left := int64(0)
	for i, s := range shares {
		switch s.State() {
		case Declined:
			left += s.Cents
		case Offered, Accepted:
			open = append(open, i)
		case Paid:
		}
	}
	if len(open) == 0 {
		return shares
	}
	for i, s := range shares {
		if s.State() == Declined {
			shares[i].Cents = 0
		}
	}
	for i, cents := range Equal(left, len(open)) {
		shares[open[i]].Cents += cents
	}
	return shares
}

// Equal divides an amount among n people so that nothing is lost: the first ones get the
// cents that are left over.
func Equal(cents int64, n int) []int64 {
	if n == 0 {
		return nil
	}
	parts := make([]int64, n)
	for i := range parts {
		parts[i] = cents / int64(n)
		if int64(i) < cents%int64(n) {
			parts[i]++
		}
	}
	return parts
}

// equal are the shares of a prize that nobody has divided otherwise.
func equal(l award.Laureate) []Share {
	parts := Equal(l.Prize.Cents, len(l.Team.Members))
	shares := make([]Share, len(parts))
	for i, m := range l.Team.Members {
		shares[i] = Share{Prize: l.Prize.ID, Account: m.Account, Name: m.Name, Cents: parts[i]}
	}
	return shares
}

// divide checks shares as an organiser wants them: everybody's named, together the whole
// prize, and those that were paid as they were.
func (w Won) divide(cents map[account.ID]int64, reason string) ([]Share, error) {
	var wrong errs.Fields
	sum, shares := int64(0), slices.Clone(w.Shares)
	for i, s := range shares {
		c, given := cents[s.Account]
		if !given || c < 0 {
			wrong.Add("share-"+string(s.Account), "payout.share_wrong")
		} else if s.State() == Paid && c != s.Cents {
			wrong.Add("share-"+string(s.Account), "payout.paid_stands")
		}
		sum += c
		shares[i].Cents = c
	}
	if len(cents) != len(shares) || sum != w.Prize.Cents {
		wrong.Add("shares", "payout.shares_sum")
	}
	if reason == "" {
		wrong.Add("reason", "payout.reason_needed")
	}
	return shares, wrong.Err()
}

// keep is how long bank details are kept for a payment that does not come.
const keep = 30 * 24 * time.Hour

// Details are where to pay a laureate.
type Details struct {
	Holder string `json:"holder"`
	IBAN   string `json:"iban"`
}
