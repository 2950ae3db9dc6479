package jury

import (
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/ui"
)

// rankingData is the ranking as its reader may see it.
type rankingData struct {
	ui.View
	Ranking
	v       *door.Visit
	lead    bool // an organiser: sees what concerns the jurors too
	decider ui.Field
	reason  ui.Field
}

func (p *pages) showRanking(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.rankingAgain(w, r, v, nil)
}

func (p *pages) rankingAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	if err := p.Sealed(r.Context(), p.db, v.Actor, v.Edition.ID); err != nil {
		return err
	}
	return Show(w, r, v, refused, func() (templ.Component, error) {
		read, topics := p.Ranking, []string{Topic(v.Edition.ID)}
		lead := v.Is(edition.Organiser)
		if lead { // what the marks say of the jurors is for the lead alone
			read, topics = p.Weighed, append(topics, InfluenceTopic(v.Edition.ID))
		}
		result, err := read(r.Context(), p.db, v.Edition.ID)
		return rankingPage(rankingData{View: v.Page(v.L.T("jury.ranking"), topics...), Ranking: result, v: v, lead: lead,
			decider: v.Field(r, refused, "decider", "jury.decider"), reason: v.Field(r, refused, "reason", "jury.reason")}), err
	})
}

func (p *pages) decide(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.Decide(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "team"), door.Text(r, "decider"), door.Text(r, "reason")); err != nil {
		return p.rankingAgain(w, r, v, err)
	}
	return v.Go(w, r, v.URL("jury", "ranking"))
}

func (p *pages) weighAgain(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.WeighAgain(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("jury", "ranking"))
}
