package jury

import (
	"net/http"

	"h48/internal/door"
)

// beforeThis finds the team that a sheet asks to be compared with: the one that the juror
// scored last before it.
func (p *pages) beforeThis(r *http.Request, v *door.Visit, data *sheetData) error {
	own, err := p.Preference(r.Context(), p.db, v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	var latest Mark
	for _, t := range own.Teams {
		if t.ID == data.Team.ID {
			continue
		}
		if data.before.ID == "" {
			data.before = t
		}
		for _, m := range data.sheets[sheetKey{v.Actor.ID, t.ID}] {
			if newer(m, latest) {
				latest, data.before = m, t
			}
		}
	}
	for _, c := range own.Said {
		if c.pairOf() == (Comparison{Better: data.Team.ID, Worse: data.before.ID}).pairOf() {
			data.said = c.Better
		}
	}
	return nil
}
