package record

import (
	"fmt"
	"strings"

	"h48/internal/account"
	"h48/internal/kit/chain"
)

// The kinds of the award room's entries that the record is compared with: what became of
// a prize, what was decided, who signed, what became of a laureate's share.
const (
	prizeKind    = "award.prize_"
	decidedKind  = "award.decided"
	closedKind   = "award.closed"
	signedKind   = "award.signed"
	shareKind    = "payout."
	dividedKind  = "payout.divided"
	stateDropped = "dropped"
	statePaid    = "paid"
)

// winnings is what the chain says of the prizes.
type winnings struct {
	prizes  map[string]prizeAt
	shares  map[string]map[string]string // by prize and laureate: the newest state
	decided decidedAt                    // the newest
	all     []decidedAt
	signed  []signedAt
}

type (
	prizeAt struct {
		State string  `json:"state"`
		Cents int64   `json:"cents"`
		Parts []int64 `json:"parts"`
		Into  []string
		entry int64
	}
	decidedAt struct {
		Choice      map[string]string `json:"choice"`
		Fingerprint string            `json:"fingerprint"`
		Own         map[string]string `json:"own"`
		entry       int64
	}
	signedAt struct {
		Signature
		entry int64
	}
)

func newWinnings() winnings {
	return winnings{prizes: map[string]prizeAt{}, shares: map[string]map[string]string{}}
}

func (w *winnings) take(e chain.Entry) error {
	switch {
	case strings.HasPrefix(e.Kind, prizeKind):
		return read(e, func(p prizeAt) error { return w.takePrize(strings.TrimPrefix(e.Subject, "prize:"), p, e.N) })
	case e.Kind == decidedKind, e.Kind == closedKind:
		return read(e, func(d decidedAt) error {
			d.entry = e.N
			w.decided, w.all = d, append(w.all, d)
			return nil
		})
	case e.Kind == signedKind:
		return read(e, func(s Signature) error {
			s.Juror = account.ID(strings.TrimPrefix(e.Subject, "account:"))
			w.signed = append(w.signed, signedAt{s, e.N})
			return nil
		})
	case e.Kind == dividedKind:
		delete(w.shares, strings.TrimPrefix(e.Subject, "prize:"))
	case strings.HasPrefix(e.Kind, shareKind):
		return read(e, func(b struct {
			State string `json:"state"`
		}) error {
			prize, who, ok := strings.Cut(strings.TrimPrefix(e.Subject, "share:"), "/")
			if !ok {
				return fmt.Errorf("%s is no share", e.Subject)
			}
			if w.shares[prize] == nil {
				w.shares[prize] = map[string]string{}
			}
			w.shares[prize][who] = b.State
			return nil
		})
	}
	return nil
}

// takePrize notes what became of a prize; the parts of a split one are prizes from then on.
func (w *winnings) takePrize(id string, p prizeAt, n int64) error {
	if len(p.Into) > 0 && len(p.Into) != len(p.Parts) {
		return fmt.Errorf("%d parts became %d prizes", len(p.Parts), len(p.Into))
	}
	p.entry = n
	w.prizes[id] = p
	for i, part := range p.Into {
		w.prizes[part] = prizeAt{Cents: p.Parts[i], entry: n}
	}
	return nil
}

func (w *winnings) dropped(prize string) bool { return w.prizes[prize].State == stateDropped }

// paid says whether the laureates have their shares, as far as the chain knows of them.
func (w *winnings) paid(prize string) bool {
	any := false
	for _, state := range w.shares[prize] {
		switch state {
		case statePaid:
			any = true
		case "declined":
		default:
			return false
		}
	}
	return any
}

// awards compares each prize with the newest decision in the chain, and with what the
// chain says became of it.
func (c *checker) awards() {
	won := &c.replay.won
	for _, p := range c.prizes {
		c.laureate(p)
		said, known := won.prizes[p.ID]
		switch {
		case known && said.Cents != p.Cents:
			c.found("record.prize_amount", "prize", p.Title, "n", said.entry)
		case (p.State == stateDropped) != won.dropped(p.ID):
			c.found("record.prize_state", "prize", p.Title)
		case p.State == statePaid && !won.paid(p.ID) && said.State != statePaid:
			c.found("record.prize_unpaid", "prize", p.Title)
		}
	}
	for _, d := range won.all {
		if d.Fingerprint != "" && !c.shown[""][d.Fingerprint] {
			c.found("record.decision_on_nothing", "n", d.entry)
		}
		for prize, print := range d.Own {
			if print != "" && !c.shown[prize][print] {
				c.found("record.decision_on_nothing", "n", d.entry)
			}
		}
	}
}

// laureate compares who has the prize with who was decided upon.
func (c *checker) laureate(p Prize) {
	d := c.replay.won.decided
	team := d.Choice[p.ID]
	switch {
	case len(p.Teams) > 0 && team == "":
		c.found("record.prize_undecided", "prize", p.Title)
	case team != "" && (len(p.Teams) != 1 || p.Teams[0] != team):
		c.found("record.prize_differs", "prize", p.Title, "n", d.entry)
	}
}

// signature compares a signature of the table with the chain.
func (c *checker) signature(s Signature) {
	for i, at := range c.replay.won.signed {
		if at.Signature == s {
			c.signed[i] = true
			return
		}
	}
	c.found("record.signature_untraced", "line", c.n)
}

// unsigned finds the signatures of the chain that the table does not have.
func (c *checker) unsigned() {
	for i, at := range c.replay.won.signed {
		if !c.signed[i] {
			c.found("record.signature_missing", "n", at.entry)
		}
	}
}
