package compare

import (
	"net/http"
	"slices"
	"strings"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// fewPairs is how many questions a page carries, so that some are there without network.
const fewPairs = 8

// compareData is a juror's order and the questions about it.
type compareData struct {
	ui.View
	jury.Preference
	v     *door.Visit
	pairs []jury.Pair
	last  *jury.Comparison // what can be taken back
	open  bool
}

type pages struct{ *Service }

// Routes registers the page and the operations.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	juror := door.Exactly(edition.Juror)
	d.Get("/e/{edition}/jury/compare", juror, p.showCompare)
	d.Post("/e/{edition}/jury/compare", juror, p.compareTwo)
	d.API("GET", "/api/v1/e/{edition}/jury/comparisons", juror, "One's own order of the teams, and the questions that would teach most", door.Op(p.apiPreference))
	d.API("POST", "/api/v1/e/{edition}/jury/comparisons", juror, "Say which of two teams is better, or take it back", door.Op(p.apiCompare))
}

func (p *pages) showCompare(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id := r.Context(), v.Edition.ID
	round, own, err := p.Own(ctx, v.Actor, id)
	if err != nil {
		return err
	}
	data := compareData{View: v.Page(v.L.T("jury.who_better"), jury.Topic(id)), v: v, Preference: own, pairs: own.Pairs(fewPairs), open: round.Open()}
	if n := len(own.Said); n > 0 && data.name(own.Said[n-1].Better) != "" && data.name(own.Said[n-1].Worse) != "" {
		data.last = &own.Said[n-1]
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, comparePage(data))
}

// name is a team's, "" for one that the juror has not before them.
func (d compareData) name(team string) string {
	if i := d.Place(team); i >= 0 {
		return d.Teams[i].Name
	}
	return ""
}

// compareTwo takes an answer: the better team of a pair, or with "take_back" the pair whose
// word is taken back.
func (p *pages) compareTwo(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id := r.Context(), v.Edition.ID
	pair := strings.Fields(door.Text(r, "pair"))
	if len(pair) != 2 {
		return errs.New(errs.Invalid, "jury.same_team")
	}
	better := door.Text(r, "better")
	worse := pair[0]
	if worse == better {
		worse = pair[1]
	}
	var err error
	switch {
	case door.Has(r, "take_back"):
		err = p.TakeBack(ctx, v.Actor, id, pair[0], pair[1], door.Action(r, v))
	case !slices.Contains(pair, better):
		err = errs.New(errs.Invalid, "jury.same_team")
	default:
		err = p.Compare(ctx, v.Actor, id, better, worse, door.Action(r, v))
	}
	if err != nil {
		return err
	}
	if team := door.Text(r, "back"); team != "" {
		return v.Go(w, r, v.URL("jury", "teams", team))
	}
	return v.Go(w, r, v.URL("jury", "compare"))
}
