package award

import (
	"context"
	"net/http"
	"slices"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
)

// Favourite is what the public chose most often in one of its votes whose count was
// checked: news for the jury, which decides nothing by itself.
type Favourite struct {
	Vote    string
	Asks    func(l i18n.Locale) string // what was asked, and whom
	Counted int                        // ballots
	Leaders []Chosen                   // who share the first place
}

// Chosen is a project that the public chose, and how often.
type Chosen struct {
	Team, Name string
	N          int
}

// Public tells what the public chose.
type Public interface {
	Favourites(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Favourite, error)
}

// Favourites returns what the public chose, once its votes were checked: a juror's matter.
func (s *Service) Favourites(ctx context.Context, actor account.Actor, e edition.ID) ([]Favourite, error) {
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Juror); err != nil || s.with.Public == nil {
		return nil, err
	}
	return s.with.Public.Favourites(ctx, s.db, e)
}

// errNoFavourite refuses a prize of the public for whom the public did not choose.
var errNoFavourite = errs.New(errs.Conflict, "award.no_favourite")

// Crown adds the public's prize for a favourite of the vote, with the count as its reason:
// the decision proposes it, and the jury may still decide otherwise.
func (s *Service) Crown(ctx context.Context, actor account.Actor, e edition.ID, vote, team string) (Prize, error) {
	all, err := s.Favourites(ctx, actor, e)
	if err != nil {
		return Prize{}, err
	}
	i := slices.IndexFunc(all, func(f Favourite) bool { return f.Vote == vote })
	if i < 0 {
		return Prize{}, errNoFavourite
	}
	k := slices.IndexFunc(all[i].Leaders, func(c Chosen) bool { return c.Team == team })
	if k < 0 {
		return Prize{}, errNoFavourite
	}
	in, err := s.editions.Get(ctx, s.db, e)
	if err != nil {
		return Prize{}, err
	}
	l := s.words.Locale(in.Lang)
	return s.add(ctx, actor, e, Prize{Title: l.T("award.public_prize"), Unplanned: true, Team: team,
		Reason: l.T("award.public_reason", "question", all[i].Asks(l), "n", all[i].Leaders[k].N, "of", all[i].Counted)})
}

func (p *pages) crown(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := p.award.Crown(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "vote"), door.Text(r, "team"))
	return p.after(w, r, v, err)
}

type favouriteOut struct {
	Vote     string      `json:"vote"`
	Question string      `json:"question"`
	Ballots  int         `json:"ballots"` // that were counted
	Leaders  []chosenOut `json:"leaders"` // who share the first place
}

type chosenOut struct {
	Team  string `json:"team"`
	Name  string `json:"name"`
	Votes int    `json:"votes"`
}

type favouritesOut struct {
	Favourites []favouriteOut `json:"favourites"`
}

func (p *pages) apiFavourites(ctx context.Context, v *door.Visit, _ *struct{}) (*favouritesOut, error) {
	all, err := p.award.Favourites(ctx, v.Actor, v.Edition.ID)
	out := &favouritesOut{Favourites: []favouriteOut{}}
	for _, f := range all {
		one := favouriteOut{Vote: f.Vote, Question: f.Asks(v.L), Ballots: f.Counted, Leaders: []chosenOut{}}
		for _, c := range f.Leaders {
			one.Leaders = append(one.Leaders, chosenOut{c.Team, c.Name, c.N})
		}
		out.Favourites = append(out.Favourites, one)
	}
	return out, err
}

type crownIn struct {
	Vote string `json:"vote"`
	Team string `json:"team"`
}

func (p *pages) apiCrown(ctx context.Context, v *door.Visit, in *crownIn) (*prizeOut, error) {
	prize, err := p.award.Crown(ctx, v.Actor, v.Edition.ID, in.Vote, in.Team)
	if err != nil {
		return nil, err
	}
	out := outPrize(prize)
	return &out, nil
}
