package forming

import (
	"context"
	"net/http"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/ui"
)

// comparison is two proposals side by side, or a proposal and the teams as they are.
type comparison struct {
	A, B  View
	Pairs []Pair
	Moved []account.ID
	Rows  []row
	// Better and Worse are what B does better and worse than A, in words.
	Better, Worse  []Line
	titleA, titleB func(Key) string
}

// Compare says what differs between two proposals: teams, people and costs.
func (s *Service) Compare(ctx context.Context, actor account.Actor, id edition.ID, a, b ID, l ui.Locale) (comparison, error) {
	left, err := s.See(ctx, actor, id, a)
	if err != nil {
		return comparison{}, err
	}
	right, err := s.See(ctx, actor, id, b)
	if err != nil {
		return comparison{}, err
	}
	return compare(left, right, l), nil
}

func compare(a, b View, l ui.Locale) comparison {
	c := comparison{A: a, B: b, titleA: a.title(l), titleB: b.title(l), Pairs: match(a.Content, b.Content)}
	c.Moved = moved(c.Pairs, b.Content)
	c.Rows = rows(a.Tally, b.Tally)
	c.Better, c.Worse = b.Tally.better(a.Tally), a.Tally.better(b.Tally)
	return c
}

// differing are the pairs that are not the same people.
func (c comparison) differing() []Pair {
	var all []Pair
	for _, p := range c.Pairs {
		if !p.same() {
			all = append(all, p)
		}
	}
	return all
}

func (p pages) showComparison(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	q := r.URL.Query()
	a, b := ID(q.Get("a")), ID(q.Get("b"))
	all, err := p.s.Proposals(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return err
	}
	if b == "" && len(all) > 0 {
		b = all[0].ID
	}
	if a == "" {
		a = Now
	}
	if b == "" {
		return v.Go(w, r, v.URL("teams", "proposals"))
	}
	c, err := p.s.Compare(r.Context(), v.Actor, v.Edition.ID, a, b, v.L)
	if err != nil {
		return err
	}
	view := v.Page(v.L.T("forming.compare"), Topic(v.Edition.ID))
	view.Wide = true
	return v.Show(w, r, comparePage(view, c, all, v.URL))
}

// nameOf is what a proposal is called; the teams as they are have no letter.
func nameOf(l ui.Locale, p Proposal) string {
	if p.ID == Now {
		return l.T("forming.now")
	}
	return l.T("forming.proposal", "letter", p.Letter())
}
