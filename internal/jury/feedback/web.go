package feedback

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

type pages struct{ *Service }

// Routes registers the pages and operations.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	lead := door.Only(edition.Organiser)
	d.Get("/e/{edition}/feedback", door.Members(), p.showMine)
	d.Get("/e/{edition}/jury/feedback", lead, p.showReview)
	d.Post("/e/{edition}/jury/feedback", lead, p.decideWord)
	d.Post("/e/{edition}/jury/feedback/release", lead, p.release)
	d.API("GET", "/api/v1/e/{edition}/feedback", door.Members(), "What the jury tells one's own team, once released", door.Op(p.apiMine))
}

func (p *pages) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sheet, err := p.Mine(r.Context(), p.db, v.Actor, v.Edition.ID)
	instead := ""
	switch {
	case errs.Is(err, errs.Conflict):
		instead = v.L.T("feedback.not_yet")
	case errs.Is(err, errs.NotFound):
		instead = v.L.T("feedback.no_team")
	case err != nil:
		return err
	}
	return v.Show(w, r, minePage(v.Page(v.L.T("feedback.title"), Topic(v.Edition.ID)), sheet, instead))
}

// reviewData is the list of words as an organiser reads them over.
type reviewData struct {
	ui.View
	v        *door.Visit
	words    []Word
	released time.Time
	reason   ui.Field
	about    string // the word whose form was refused
}

func (p *pages) showReview(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.reviewPage(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page)
}

func (p *pages) reviewPage(r *http.Request, v *door.Visit, refused error) (templ.Component, error) {
	data := reviewData{View: v.Page(v.L.T("feedback.review"), Topic(v.Edition.ID)), v: v,
		reason: v.Field(r, refused, "reason", "feedback.reason"), about: door.Text(r, "word")}
	var err error
	data.words, data.released, err = p.Review(r.Context(), p.db, v.Edition.ID)
	return reviewPage(data), err
}

// answer leads back to the list, which says what was wrong.
func (p *pages) answer(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		var broken error
		again := v.Again(w, r, err, func() templ.Component {
			page, failed := p.reviewPage(r, v, err)
			if broken = failed; failed != nil {
				return ui.Text("")
			}
			return page
		})
		return cmp.Or(broken, again)
	}
	v.Say(w, "ok", "feedback.done")
	return v.Go(w, r, v.URL("jury", "feedback"))
}

func (p *pages) decideWord(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, word := r.Context(), door.Text(r, "word")
	if door.Text(r, "do") == "let" {
		return p.answer(w, r, v, p.Let(ctx, v.Actor, v.Edition.ID, word))
	}
	return p.answer(w, r, v, p.Withhold(ctx, v.Actor, v.Edition.ID, word, door.Text(r, "reason")))
}

func (p *pages) release(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.answer(w, r, v, p.Release(r.Context(), v.Actor, v.Edition.ID))
}

// reasonOf is the question why a word is withheld.
func (d reviewData) reasonOf(word string) ui.Field {
	f := ui.Field{Name: "reason", Label: d.reason.Label}
	if d.about == word {
		f = d.reason
	}
	f.ID, f.Required, f.MaxLength = "f-reason-"+word, true, 300
	return f
}

type mineOut struct {
	Team  string    `json:"team"`
	Words []wordOut `json:"words"`
	// Profile is empty where too few jurors scored the team.
	Profile []lineOut `json:"profile"`
}

type wordOut struct {
	Text string `json:"text"`
	By   string `json:"by,omitempty"`
}

type lineOut struct {
	Criterion string  `json:"criterion"`
	Jurors    int     `json:"jurors"`
	Mean      float64 `json:"mean"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
}

func (p *pages) apiMine(ctx context.Context, v *door.Visit, _ *struct {
	Edition string `path:"edition" json:"-"`
}) (*mineOut, error) {
	sheet, err := p.Mine(ctx, p.db, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &mineOut{Team: sheet.Team.ID, Words: []wordOut{}, Profile: []lineOut{}}
	for _, w := range sheet.Words {
		out.Words = append(out.Words, wordOut(w))
	}
	for _, l := range sheet.Profile {
		out.Profile = append(out.Profile, lineOut{Criterion: l.Criterion.Name, Jurors: l.Jurors, Mean: l.Mean, Low: l.Low, High: l.High})
	}
	return out, nil
}
