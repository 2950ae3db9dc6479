// Package large keeps the pages of a large event short: a page of its teams instead of all
// of them, the first of many names. Which of them matter first the pages say themselves.
package large

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"h48/internal/jury"
	"h48/internal/kit/names"
	"h48/internal/ui"
)

// aPage is how many teams a page has; it has all of them where they are no more than twice
// as many.
const aPage = 12

// MostFirst is how many lines the tables have that say what matters first.
const MostFirst = 10

// Is says whether the event has more teams than a page shows.
func Is(teams int) bool { return teams > 2*aPage }

// Window is the teams that a page shows.
type Window struct {
	Large       bool   // the event: not all of its teams are shown
	Shown       []int  // by their place among the event's teams
	Asked       string // the name, or a part of it, that was searched
	Page, Pages int    // from 1
}

// Turned is the page of teams that an address asks for.
func Turned(teams []jury.TeamRef, q url.Values) Window {
	w := Window{Large: Is(len(teams)), Page: 1, Pages: 1}
	if w.Large {
		w.Asked = strings.TrimSpace(q.Get("q"))
	}
	for i, t := range teams {
		if w.Asked == "" || strings.Contains(names.Fold(t.Name), names.Fold(w.Asked)) {
			w.Shown = append(w.Shown, i)
		}
	}
	if !w.Large {
		return w
	}
	w.Pages = max(1, (len(w.Shown)+aPage-1)/aPage)
	w.Page = min(page(q), w.Pages)
	from := min(len(w.Shown), (w.Page-1)*aPage)
	w.Shown = w.Shown[from:min(len(w.Shown), from+aPage)]
	return w
}

// page is the one that an address asks for; what is no number is the first.
func page(q url.Values) int {
	n, _ := strconv.Atoi(q.Get("page"))
	return max(1, n)
}

// At is the address with another page of the same teams.
func (w Window) At(address string, page int) string {
	q := url.Values{}
	if w.Asked != "" {
		q.Set("q", w.Asked)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return address
	}
	return address + "?" + q.Encode()
}

// Here is the address with the same page of the same teams: that of a form, so that who
// changes something stays where they were.
func (w Window) Here(address string) string { return w.At(address, w.Page) }

// Kept is the address with the page and the search of the one that was asked for.
func Kept(address string, asked url.Values) string {
	return Window{Asked: asked.Get("q")}.At(address, page(asked))
}

// Finding is the address at which a team is found by its name.
func Finding(address, name string) string { return Window{Asked: name}.At(address, 1) }

// FewNames are those that a sentence or a cell can name.
const FewNames = 3

// Few are the first of the names, and how many more there are.
func Few(l ui.Locale, all []string) string {
	if len(all) <= FewNames {
		return l.List(all)
	}
	return l.N("jury.lead.and_more", len(all)-FewNames, "names", strings.Join(slices.Clip(all[:FewNames]), ", "))
}
