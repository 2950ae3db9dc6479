package award

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/chain"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// What stands of the awards in the edition's chain, under the same verbs as in the trail.
// Words of people stand there as digests only, so that they can be erased and the chain
// stays whole.
type (
	// TracedPrize is a prize that was added, changed or split, or what became of one.
	TracedPrize struct {
		Title     string     `json:"title,omitempty"`
		Cents     int64      `json:"cents"`
		Unplanned bool       `json:"unplanned,omitempty"`
		SplitOf   PrizeID    `json:"split_of,omitempty"`
		Parts     []int64    `json:"parts,omitempty"` // in cents, of a split
		Into      []PrizeID  `json:"into,omitempty"`  // the prizes that the parts became
		State     PrizeState `json:"state"`
		Why       string     `json:"why,omitempty"`
	}
	// TracedSitting is who takes part.
	TracedSitting struct {
		Jury map[account.ID]Presence `json:"jury"`
	}
	// TracedDecision is what was decided, and upon which ranking.
	TracedDecision struct {
		Choice      Choice             `json:"choice"`
		Fingerprint string             `json:"fingerprint"`
		Own         map[PrizeID]string `json:"own,omitempty"` // fingerprints of prizes with a jury of their own
		Why         string             `json:"why,omitempty"`
		Decider     string             `json:"decider,omitempty"`
		DeciderWhy  string             `json:"decider_why,omitempty"`
	}
	// TracedVote is a question that was opened, or closed with its count by place.
	TracedVote struct {
		Question string   `json:"question"`
		Secret   bool     `json:"secret"`
		Teams    []string `json:"teams"` // by place; "" is an answer that is no team
		Tally    []int    `json:"tally,omitempty"`
		Entitled int      `json:"entitled,omitempty"`
	}
	// TracedBallot is a ballot; of a secret one only that it was cast.
	TracedBallot struct {
		Juror account.ID `json:"juror"`
		Place *int       `json:"place,omitempty"`
		By    account.ID `json:"by,omitempty"`
	}
	// TracedSignature is a signature under the minutes of that digest.
	TracedSignature struct {
		Digest string `json:"digest"`
		Way    Way    `json:"way"`
	}
	// TracedScan is a scan of the minutes of that digest, signed on paper.
	TracedScan struct {
		Digest string `json:"digest"`
		File   string `json:"file"`
	}
	// TracedText is an addendum.
	TracedText struct {
		Text string `json:"text"`
	}
)

// deed is one change as it is written down: in words for the trail, and as body for the
// jury's chain, of which words are the parts that stand there as digests. A deed without
// a body changes nothing that anybody could contest.
type deed struct {
	trail.Entry
	body  any
	words []*string
	// after, where set, is told where the chain ends with this deed.
	after func(head chain.Head) error
}

// write writes the deed into the trail, and last into the chain.
func (s *Service) write(ctx context.Context, tx *sqldb.Tx, e edition.ID, done deed) error {
	if err := s.trail.Write(ctx, tx, done.Entry); err != nil || done.body == nil {
		return err
	}
	for _, w := range done.words {
		digest, err := s.chain.Conceal(ctx, tx, string(e), done.Subject, *w)
		if err != nil {
			return err
		}
		*w = digest
	}
	if err := s.chain.Append(ctx, tx, string(e), done.Action, done.Subject, done.body); err != nil || done.after == nil {
		return err
	}
	head, err := chain.End(ctx, tx, string(e))
	if err != nil {
		return err
	}
	return done.after(head)
}

// turned is what a prize has become, for the chain.
func (done deed) turned(p Prize, why string) deed {
	body := &TracedPrize{Title: p.Title, Cents: p.Cents, Unplanned: p.Unplanned, SplitOf: p.SplitOf, State: p.State, Why: why}
	done.body, done.words = body, []*string{&body.Title, &body.Why}
	return done
}

// decided is the decision as it stands, for the chain.
func (done deed) decided(d Deliberation, choice Choice) deed {
	body := &TracedDecision{Choice: choice, Fingerprint: d.Basis.Fingerprint, Why: d.Reason, Decider: d.Decider, DeciderWhy: d.DeciderReason}
	for prize, own := range d.Basis.Own {
		if body.Own == nil {
			body.Own = map[PrizeID]string{}
		}
		body.Own[prize] = own.Fingerprint
	}
	done.body, done.words = body, []*string{&body.Why, &body.Decider, &body.DeciderWhy}
	return done
}

// asked is the vote, for the chain; with its count where it is closed.
func (done deed) asked(v Vote, entitled int, counted bool) deed {
	body := &TracedVote{Question: v.Question, Secret: v.Secret, Entitled: entitled}
	for _, o := range v.Options {
		body.Teams = append(body.Teams, o.Team)
		if counted {
			body.Tally = append(body.Tally, o.Tally)
		}
	}
	done.body, done.words = body, []*string{&body.Question}
	return done
}
