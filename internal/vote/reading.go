package vote

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
)

// SetAside leaves ballots out of the count, for a reason that is published with the
// result. It names a source, and where they are given a batch, a span and a network.
func (s *Service) SetAside(ctx context.Context, actor account.Actor, e edition.ID, id ID, a Aside) error {
	return s.change(ctx, actor, e, id, "vote.set_aside", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		why, err := reason("reason", a.Reason)
		if err != nil {
			return "", err
		}
		if p.State == Planned || p.Public(now) || !slices.Contains(Sources, a.Source) {
			return "", ErrState
		}
		a.ID, a.Reason, a.By, a.At = s.ids.ID(), why, actor.ID, now
		if a.Ballots, err = setAside(ctx, tx, id, a); err != nil {
			return "", fmt.Errorf("setting ballots aside: %w", err)
		}
		if a.Ballots == 0 {
			return "", ErrState
		}
		return string(a.Source) + ": " + why, insertAside(ctx, tx, id, a)
	})
}

// Restore takes a decision back, for a reason that is published too.
func (s *Service) Restore(ctx context.Context, actor account.Actor, e edition.ID, id ID, aside, why string) error {
	return s.change(ctx, actor, e, id, "vote.restored", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		why, err := reason("why", why)
		if err != nil {
			return "", err
		}
		if p.Public(now) {
			return "", ErrState
		}
		restored, err := restoreAside(ctx, tx, id, aside, why, actor.ID, now)
		if err == nil && !restored {
			err = ErrState
		}
		return why, err
	})
}

// Moderate shows or hides what somebody wrote.
func (s *Service) Moderate(ctx context.Context, actor account.Actor, e edition.ID, id ID, reason string, show bool) error {
	return s.change(ctx, actor, e, id, "vote.moderated", func(tx *sqldb.Tx, _ Poll, _ time.Time) (string, error) {
		state := "hidden"
		if show {
			state = "shown"
		}
		decided, err := decideReason(ctx, tx, id, reason, state, actor.ID)
		if err == nil && !decided {
			err = sqldb.ErrNotFound
		}
		return state, err
	})
}

// Pile is what came from one source and batch.
type Pile struct {
	Source  Source
	Batch   *Batch // nil for badges and the screen
	Issued  int    // codes that were made; 0 where anybody may take one
	Ballots int
	Aside   int
}

// Board is what an organiser sees of one vote. Until it is checked it has no result.
type Board struct {
	Poll    Poll
	Choices []Choice
	Piles   []Pile
	Batches []Batch
	Jobs    map[string]jobs.Job // of postings that are being sent
	Signs   []Sign
	Asides  []Aside
	Reasons []Reason
	Cast    int
	Result  *Result
	names   map[account.ID]string
}

// Board returns the organisers' view of a vote.
func (s *Service) Board(ctx context.Context, actor account.Actor, e edition.ID, id ID) (Board, error) {
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Organiser); err != nil {
		return Board{}, err
	}
	p, err := getPoll(ctx, s.db, e, id)
	if err != nil {
		return Board{}, err
	}
	b := Board{Poll: p, Jobs: map[string]jobs.Job{}, names: map[account.ID]string{}}
	if b.Choices, err = s.choices(ctx, p); err != nil {
		return b, err
	}
	if b.Batches, err = listBatches(ctx, s.db, id); err != nil {
		return b, err
	}
	if b.Asides, err = listAsides(ctx, s.db, id); err != nil {
		return b, err
	}
	if b.Reasons, err = listReasons(ctx, s.db, id); err != nil {
		return b, err
	}
	ballots, err := listBallots(ctx, s.db, id)
	if err != nil {
		return b, err
	}
	b.Cast = len(ballots)
	if err := s.weigh(ctx, &b, ballots); err != nil {
		return b, err
	}
	if p.State == Checked {
		r := count(b.Choices, ballots)
		b.Result = &r
	}
	return b, s.follow(ctx, &b)
}

// choices are those of the vote, or before it opens those that it would have.
func (s *Service) choices(ctx context.Context, p Poll) ([]Choice, error) {
	if p.State == Planned {
		return s.near.Projects.Choices(ctx, s.db, p.Edition)
	}
	return listChoices(ctx, s.db, p.ID)
}

// weigh counts by source and finds what looks odd, without looking at a choice.
func (s *Service) weigh(ctx context.Context, b *Board, ballots []ballot) error {
	tokens, err := countTokens(ctx, s.db, b.Poll.ID)
	if err != nil {
		return err
	}
	b.Piles = piles(ballots, tokens, b.Batches)
	heaps, err := listHeaps(ctx, s.db, b.Poll.ID)
	if err != nil {
		return err
	}
	seen, err := listNoted(ctx, s.db, b.Poll.ID)
	if err != nil {
		return err
	}
	people, err := s.near.People.Everybody(ctx, s.db, b.Poll.Edition)
	if err != nil {
		return err
	}
	inside := 0
	for _, one := range people {
		if one.Came {
			inside++
		}
	}
	b.Signs = signs(heaps, seen, inside)
	return nil
}

// piles counts ballots and codes by source and batch.
func piles(ballots []ballot, tokens []issued, batches []Batch) []Pile {
	at, all := map[stack]int{}, []Pile{}
	find := func(key stack) *Pile {
		i, known := at[key]
		if !known {
			i = len(all)
			at[key] = i
			all = append(all, Pile{Source: key.source})
			for _, b := range batches {
				if b.ID == key.batch {
					all[i].Batch = &b
				}
			}
		}
		return &all[i]
	}
	for _, t := range tokens {
		p := find(t.stack)
		if t.source != Screen && t.source != Hall {
			p.Issued = t.fresh + t.spent
		}
	}
	for _, b := range ballots {
		p := find(stack{b.source, b.batch})
		p.Ballots++
		if b.aside != "" {
			p.Aside++
		}
	}
	slices.SortStableFunc(all, func(a, b Pile) int { return slices.Index(Sources, a.Source) - slices.Index(Sources, b.Source) })
	return all
}

// follow reads the jobs of postings and the names of who decided.
func (s *Service) follow(ctx context.Context, b *Board) error {
	for _, batch := range b.Batches {
		if batch.Job == "" {
			continue
		}
		job, err := jobs.Get(ctx, s.db, batch.Job)
		if err != nil {
			return err
		}
		b.Jobs[batch.ID] = job
	}
	for _, a := range b.Asides {
		who, err := s.accounts.Get(ctx, s.db, a.By)
		if err != nil {
			return err
		}
		b.names[a.By] = who.Name
	}
	return nil
}

// Polls lists the votes of an edition, by their opening.
func (s *Service) Polls(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Poll, error) {
	return listPolls(ctx, q, e)
}

// Poll returns one vote.
func (s *Service) Poll(ctx context.Context, q sqldb.Querier, e edition.ID, id ID) (Poll, error) {
	return getPoll(ctx, q, e, id)
}

// Ballots counts those of all votes of an edition.
func (s *Service) Ballots(ctx context.Context, q sqldb.Querier, e edition.ID) (int, error) {
	return countEdition(ctx, q, e)
}

// Turnout is what everybody may know of a vote at any time: how many have voted.
func (s *Service) Turnout(ctx context.Context, q sqldb.Querier, id ID) (int, error) {
	return countBallots(ctx, q, id)
}

// Outcome is a published result with what was decided on the way.
type Outcome struct {
	Poll    Poll
	Result  Result
	Piles   []Pile
	Asides  []Aside
	Reasons []Reason // those that are shown
}

// Outcome returns the result of a vote that is public now; sqldb.ErrNotFound of one that
// is not.
func (s *Service) Outcome(ctx context.Context, q sqldb.Querier, e edition.ID, id ID, now time.Time) (Outcome, error) {
	p, err := getPoll(ctx, q, e, id)
	if err == nil && !p.Public(now) {
		err = sqldb.ErrNotFound
	}
	if err != nil {
		return Outcome{}, err
	}
	return s.outcome(ctx, q, p)
}

func (s *Service) outcome(ctx context.Context, q sqldb.Querier, p Poll) (Outcome, error) {
	o := Outcome{Poll: p}
	choices, err := listChoices(ctx, q, p.ID)
	if err != nil {
		return o, err
	}
	ballots, err := listBallots(ctx, q, p.ID)
	if err != nil {
		return o, err
	}
	o.Result = count(choices, ballots)
	tokens, err := countTokens(ctx, q, p.ID)
	if err != nil {
		return o, err
	}
	batches, err := listBatches(ctx, q, p.ID)
	if err != nil {
		return o, err
	}
	o.Piles = piles(ballots, tokens, batches)
	if o.Asides, err = listAsides(ctx, q, p.ID); err != nil {
		return o, err
	}
	o.Reasons, err = listReasons(ctx, q, p.ID)
	o.Reasons = slices.DeleteFunc(o.Reasons, func(r Reason) bool { return r.State != "shown" })
	return o, err
}

// Favourites are the projects that the public chose most often in a vote that was
// checked, for whoever gives an audience prize. It is news for organisers, not a
// decision; before the check there is none.
func (s *Service) Favourites(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Outcome, error) {
	all, err := listPolls(ctx, q, e)
	var checked []Outcome
	for _, p := range all {
		if err != nil || p.State != Checked {
			continue
		}
		var o Outcome
		o, err = s.outcome(ctx, q, p)
		checked = append(checked, o)
	}
	return checked, err
}

// Leaders are those who were chosen most often.
func (r Result) Leaders() []Line {
	return slices.DeleteFunc(slices.Clone(r.Lines), func(l Line) bool { return l.Rank > 1 || l.N == 0 })
}

// Picture opens the picture of a choice of the vote.
func (s *Service) Picture(ctx context.Context, e edition.ID, id ID, team string, now time.Time) (io.ReadSeekCloser, string, error) {
	p, err := getPoll(ctx, s.db, e, id)
	if err != nil {
		return nil, "", err
	}
	choices, err := listChoices(ctx, s.db, id)
	if err != nil {
		return nil, "", err
	}
	for _, c := range choices {
		if c.Team == team && c.Picture != "" && (p.Taking(now) || p.Public(now)) {
			return s.near.Projects.Picture(ctx, c.Picture)
		}
	}
	return nil, "", sqldb.ErrNotFound
}

// Summary is an edition's votes in figures.
type Summary struct {
	Planned, Open, ToCheck, ToPublish, Public int
	// Here are the open ones that ask people of the event; tenants are asked where they live.
	Here int
	// Ballots of all votes.
	Ballots int
	// Next is the vote to look at: an open one, or one that waits.
	Next ID
}

// Summary counts; it is for anybody's page.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, e edition.ID, now time.Time) (Summary, error) {
	var sum Summary
	all, err := listPolls(ctx, q, e)
	if err != nil || len(all) == 0 {
		return sum, err
	}
	for _, p := range all {
		switch {
		case p.Public(now):
			sum.Public++
			continue
		case p.State == Checked:
			sum.ToPublish++
		case p.Over(now):
			sum.ToCheck++
		case p.Taking(now):
			sum.Open++
			if p.Audience != Tenants {
				sum.Here++
			}
		default:
			sum.Planned++
			continue
		}
		sum.Next = p.ID
	}
	sum.Ballots, err = countEdition(ctx, q, e)
	return sum, err
}
