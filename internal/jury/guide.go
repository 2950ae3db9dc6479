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

// GuideBy has the guide speak on the jurors' pages; it is called while the program is
// built.
func (s *Service) GuideBy(g Guide) { s.guide = g }
