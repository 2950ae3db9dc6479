package gallery

import (
	"context"
	"fmt"
	"slices"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
	"h48/internal/ui"
)

// Fate is what became of a project after its event; "" where nobody has said.
type Fate string

// The fates, as who looks for a project to use asks for them: what is used first.
const (
	InService Fate = "service"
	Pilot     Fate = "pilot"
	Idea      Fate = "idea"
	Stopped   Fate = "stopped"
)

var fates = []Fate{InService, Pilot, Idea, Stopped}

// Afterwards tells what became of projects.
type Afterwards interface {
	// Fates returns what was said last of each team's project.
	Fates(ctx context.Context, q sqldb.Querier, e edition.ID) (map[team.ID]Fate, error)
	// FateTopic is touched when somebody says more.
	FateTopic(e edition.ID) string
}

// fatesOf returns what became of the projects of the editions, by team, and which fates
// there are among them.
func (s *Service) fatesOf(ctx context.Context, editions []edition.Edition) (map[team.ID]Fate, []Fate, error) {
	all, seen := map[team.ID]Fate{}, map[Fate]bool{}
	for _, e := range editions {
		said, err := s.after.Fates(ctx, s.db, e.ID)
		if err != nil {
			return nil, nil, fmt.Errorf("reading what became of the projects: %w", err)
		}
		for t, fate := range said {
			all[t], seen[fate] = fate, true
		}
	}
	return all, slices.DeleteFunc(slices.Clone(fates), func(f Fate) bool { return !seen[f] }), nil
}

// look is the chip of a fate.
func (f Fate) look() ui.Tone {
	switch f {
	case InService:
		return ui.Good
	case Pilot:
		return ui.Water
	case Idea, Stopped:
	}
	return ui.Plain
}

// fateOptions are the choices of a filter.
func fateOptions(l i18n.Locale, of []Fate) []ui.Option {
	options := make([]ui.Option, len(of))
	for i, f := range of {
		options[i] = ui.Option{Value: string(f), Label: l.T("gallery.fate." + string(f))}
	}
	return options
}
