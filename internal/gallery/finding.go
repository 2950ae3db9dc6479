package gallery

import (
	"context"
	"fmt"
	"slices"

	"h48/internal/edition"
	"h48/internal/project"
	"h48/internal/team"
)

// Found is a page of the gallery.
type Found struct {
	Cards        []Card
	Total        int
	Page, Pages  int
	Filter       Filter
	Editions     []edition.Edition   // that have something to show, the newest first
	Years        []int               // of them
	Challenges   []project.Challenge // of the one edition that is looked at
	PrizeOptions []Prize             // of it, once the results are public
	Fates        []Fate              // what became of those that are looked at

	won   map[team.ID][]Prize
	fates map[team.ID]Fate
}

// Find returns what the public may see and the filter asks for. Editions that are not
// public are as if they were not there.
func (s *Service) Find(ctx context.Context, f Filter) (Found, error) {
	f = f.tidy()
	out := Found{Filter: f, Page: f.Page}
	editions, err := s.Editions(ctx)
	if err != nil {
		return out, err
	}
	if f.Edition != "" {
		editions = slices.DeleteFunc(editions, func(e edition.Edition) bool { return e.ID != f.Edition })
	}
	out.Editions = editions
	for _, e := range editions {
		if year := e.At[edition.Starts].In(e.Zone).Year(); !slices.Contains(out.Years, year) {
			out.Years = append(out.Years, year)
		}
	}
	if out.won, err = s.won(ctx, &out); err != nil {
		return out, err
	}
	if out.fates, out.Fates, err = s.fatesOf(ctx, editions); err != nil {
		return out, err
	}
	entries, err := s.matching(ctx, out)
	if err != nil {
		return out, err
	}
	out.Total, out.Pages = len(entries), max((len(entries)+f.Size-1)/f.Size, 1)
	from := min((f.Page-1)*f.Size, len(entries))
	out.Cards, err = s.cards(ctx, entries[from:min(from+f.Size, len(entries))], out)
	return out, err
}

// matching are the entries that the filter lets through, of editions that anybody may see.
func (s *Service) matching(ctx context.Context, out Found) ([]Entry, error) {
	f := out.Filter
	all, err := listEntries(ctx, s.db, f.Edition)
	if err != nil {
		return nil, fmt.Errorf("reading the projects: %w", err)
	}
	var keys map[project.ID]string
	if f.Text != "" {
		if keys, err = searchKeys(ctx, s.db, f.Edition); err != nil {
			return nil, fmt.Errorf("reading the words of the projects: %w", err)
		}
	}
	open := map[edition.ID]bool{}
	for _, e := range out.Editions {
		open[e.ID] = true
	}
	return slices.DeleteFunc(all, func(e Entry) bool {
		return !open[e.Edition] || !f.fits(e, keys[e.Project], out.won[e.Team], out.fates[e.Team])
	}), nil
}

// won returns who won what in the editions, and fills what can be chosen of the one that
// is looked at.
func (s *Service) won(ctx context.Context, out *Found) (map[team.ID][]Prize, error) {
	won := map[team.ID][]Prize{}
	one := out.Filter.Edition
	for _, e := range out.Editions {
		prizes, err := s.prizes.Won(ctx, s.db, e, e.Now(s.db.Now()))
		if err != nil {
			return nil, fmt.Errorf("reading who won: %w", err)
		}
		for t, all := range prizes {
			won[t] = all
			for _, p := range all {
				if one != "" && !slices.Contains(out.PrizeOptions, p) {
					out.PrizeOptions = append(out.PrizeOptions, p)
				}
			}
		}
	}
	slices.SortFunc(out.PrizeOptions, func(a, b Prize) int { return a.Place - b.Place })
	if one == "" {
		return won, nil
	}
	var err error
	out.Challenges, err = s.projects.Challenges(ctx, s.db, one)
	return won, err
}

// cards adds to the entries what a list shows beside them.
func (s *Service) cards(ctx context.Context, entries []Entry, of Found) ([]Card, error) {
	cards := make([]Card, len(entries))
	pictures, err := picturesIn(ctx, s.db, entries)
	if err != nil {
		return nil, fmt.Errorf("reading the pictures: %w", err)
	}
	names := map[edition.ID]*labels{}
	for i, e := range entries {
		known := names[e.Edition]
		if known == nil {
			if known, err = s.labels(ctx, e.Edition); err != nil {
				return nil, err
			}
			names[e.Edition] = known
		}
		cards[i] = Card{Entry: e, TeamName: known.teams[e.Team], About: known.challenges[e.Challenge], Prizes: of.won[e.Team], Fate: of.fates[e.Team]}
		if has := visible(pictures, e.Project, e.pictures); len(has) > 0 {
			cards[i].Cover = &has[0]
		}
		if at := slices.IndexFunc(of.Editions, func(one edition.Edition) bool { return one.ID == e.Edition }); at >= 0 {
			cards[i].In = of.Editions[at]
		}
	}
	return cards, nil
}

// labels are the names that the entries of one edition need.
type labels struct {
	teams      map[team.ID]string
	challenges map[project.ChallengeID]string
}

func (s *Service) labels(ctx context.Context, e edition.ID) (*labels, error) {
	l := &labels{teams: map[team.ID]string{}, challenges: map[project.ChallengeID]string{}}
	teams, err := s.teams.List(ctx, s.db, e)
	if err != nil {
		return nil, err
	}
	for _, t := range teams {
		l.teams[t.ID] = t.Name
	}
	challenges, err := s.projects.Challenges(ctx, s.db, e)
	if err != nil {
		return nil, err
	}
	for _, c := range challenges {
		l.challenges[c.ID] = c.Title
	}
	return l, nil
}

// picturesOfVersion are the pictures among the version's files.
func picturesOfVersion(sub project.Submission) fileList {
	var all fileList
	for _, f := range sub.Files {
		if f.Picture() {
			all = append(all, f.ID)
		}
	}
	return all
}

// visible are those of the pictures that are in the version and may be seen, in their
// order.
func visible(pictures []Picture, of project.ID, version fileList) []Picture {
	var all []Picture
	for _, p := range pictures {
		if p.Project == of && p.State == Ready && slices.Contains(version, p.ID) {
			all = append(all, p)
		}
	}
	return all
}
