package crew

import (
	"strings"

	"h48/internal/ui"
)

// name is who has a duty.
func (r Rota) name(d Duty) string {
	m, _ := r.Member(d.Who)
	return m.Name
}

// names are the people on a shift.
func (r Rota) names(shift ShiftID) string {
	var all []string
	for _, d := range r.On(shift) {
		all = append(all, r.name(d))
	}
	return orDash(strings.Join(all, ", "))
}

// roll is a shift's people as a list on the wall has them: with the places that are open.
func (r Rota) roll(l ui.Locale, s Shift) string {
	missing := r.Missing(s)
	if missing == 0 {
		return r.names(s.ID)
	}
	open := l.N("crew.open_n", missing)
	if len(r.On(s.ID)) == 0 {
		return open
	}
	return r.names(s.ID) + ", " + open
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
