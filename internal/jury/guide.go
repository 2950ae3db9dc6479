package jury

import (
	"context"

	"github.com/a-h/templ"

	"h48/internal/door"
)

// Guide says on a juror's own page where to go next; see internal/jury/hall.
type Guide interface {
	// Card is nil where there is nothing to say.
	Card(ctx context.Context, v *door.Visit) (templ.Component, error)
}

// guided adds the guide's card to the juror's page.
func (d *desk) guided(ctx context.Context, g Guide) (err error) {
	if g != nil {
		d.card, err = g.Card(ctx, d.v)
	}
	return err
}

// GuideBy has the guide speak on the jurors' pages; it is called while the program is
// built.
func (s *Service) GuideBy(g Guide) { s.guide = g }
