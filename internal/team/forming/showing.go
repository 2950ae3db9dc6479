package forming

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"h48/internal/account"
	"h48/internal/kit/names"
	"h48/internal/ui"
)

// A large proposal comes in pages. Each offers its own groups to move people to; the page
// of a move knows all of them.
const (
	groupsOnPage = 24
	mostNowhere  = 60
)

// The views of a proposal: all groups, those that lack something, the worst first, and
// those that are not as they were.
const (
	viewAll     = ""
	viewLook    = "look"
	viewChanged = "changed"
)

// showing is what of a proposal one page shows.
type showing struct {
	View, Query   string
	Page, Pages   int
	Look, Changed int // how many groups these views have
	Groups        []Group
	Nobodies      []account.ID // without a group, as many as can be read
	More          int          // how many more there are
}

// show picks what the address asks for.
func (d *proposalData) show(q url.Values) {
	s := showing{View: q.Get("view"), Query: strings.TrimSpace(q.Get("q"))}
	look := d.lacking()
	changed := d.changedGroups()
	s.Look, s.Changed = len(look), len(changed)
	groups := d.Groups
	switch s.View {
	case viewLook:
		groups = look
	case viewChanged:
		groups = changed
	default:
		s.View = viewAll
	}
	if s.Query != "" {
		groups = slices.DeleteFunc(slices.Clone(groups), func(g Group) bool { return !d.mentions(g, s.Query) })
	}
	s.Pages = max((len(groups)+groupsOnPage-1)/groupsOnPage, 1)
	n, _ := strconv.Atoi(q.Get("page"))
	s.Page = min(max(n, 1), s.Pages)
	first := (s.Page - 1) * groupsOnPage
	s.Groups = groups[first:min(first+groupsOnPage, len(groups))]
	for _, who := range d.Nobodies {
		switch {
		case s.Query != "" && !called(d.sit.Names[who], s.Query):
		case len(s.Nobodies) == mostNowhere:
			s.More++
		default:
			s.Nobodies = append(s.Nobodies, who)
		}
	}
	d.showing = s
}

// lacking are the groups that lack something, those that break a rule
// first, then the dearest.
func (d *proposalData) lacking() []Group {
	var all []Group
	for _, g := range d.Groups {
		if len(g.People) > 0 && (d.Portraits[g.Key].Cost > 0 || d.faulty[g.Key]) {
			all = append(all, g)
		}
	}
	broken := func(g Group) int {
		if d.faulty[g.Key] {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(x, y Group) int {
		return cmp.Or(cmp.Compare(broken(y), broken(x)), cmp.Compare(d.Portraits[y.Key].Cost, d.Portraits[x.Key].Cost))
	})
	return all
}

// changedGroups are the groups that are not the people they were.
func (d *proposalData) changedGroups() []Group {
	if d.ID == Now {
		return nil
	}
	differs := map[Key]bool{}
	for _, p := range d.Outline.differing() {
		differs[p.B] = true
	}
	return slices.DeleteFunc(slices.Clone(d.Groups), func(g Group) bool { return !differs[g.Key] })
}

// mentions says whether the group, its challenge or somebody in it is called so.
func (d *proposalData) mentions(g Group, query string) bool {
	return called(d.title(g.Key), query) || called(d.challenge(g.Challenge), query) ||
		slices.ContainsFunc(g.People, func(who account.ID) bool { return called(d.sit.Names[who], query) })
}

func called(name, query string) bool { return strings.Contains(names.Fold(name), names.Fold(query)) }

// large says whether there is more than can be seen at once.
func (d *proposalData) large() bool {
	return len(d.Groups) > groupsOnPage/2 || len(d.Nobodies) > mostNowhere
}

// query is the part of the address that keeps the view, for links and forms.
func (s showing) query(page int) string {
	return keptQuery(url.Values{"view": {s.View}, "q": {s.Query}, "page": {strconv.Itoa(page)}})
}

// keptQuery is what of a query says where in a proposal somebody is; "" for its beginning.
func keptQuery(q url.Values) string {
	kept := url.Values{}
	for _, name := range []string{"view", "q", "page"} {
		if value := q.Get(name); value != "" && (name != "page" || value != "1") {
			kept.Set(name, value)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return "?" + kept.Encode()
}

// here is the query of this page.
func (s showing) here() string { return s.query(s.Page) }

// pager leads through the pages of the view.
func (d *proposalData) pager() ui.PagerData {
	return ui.PagerData{Page: d.showing.Page, Pages: d.showing.Pages, URL: func(n int) string { return d.Base + d.showing.query(n) }}
}

// views are the tabs.
func (d *proposalData) views(l ui.Locale) []ui.Link {
	tab := func(view, word string, n int) ui.Link {
		return ui.Link{Label: l.T(word), URL: d.Base + showing{View: view, Query: d.showing.Query}.query(1), Count: n, Current: d.showing.View == view}
	}
	tabs := []ui.Link{tab(viewAll, "forming.view.all", 0), tab(viewLook, "forming.view.look", d.showing.Look)}
	if d.ID != Now {
		tabs = append(tabs, tab(viewChanged, "forming.view.changed", d.showing.Changed))
	}
	return tabs
}

// keep is the view as hidden fields of a search.
func (s showing) keep() []ui.Option { return keptOptions(showing{View: s.View}.query(1)) }

func keptOptions(query string) []ui.Option {
	q, _ := url.ParseQuery(strings.TrimPrefix(query, "?"))
	var all []ui.Option
	for _, name := range []string{"view", "q", "page"} {
		if q.Has(name) {
			all = append(all, ui.Option{Value: name, Label: q.Get(name)})
		}
	}
	return all
}

// priceURL leads to what moving somebody costs, and from there back to this page.
func (d *proposalData) priceURL(who account.ID, to Key) string {
	return priceURL(d.Base+"/price", d.showing.here(), who, to)
}

func priceURL(page, kept string, who account.ID, to Key) string {
	q, _ := url.ParseQuery(strings.TrimPrefix(kept, "?"))
	q.Set("who", string(who))
	q.Set("to", string(to))
	return page + "?" + q.Encode()
}

// lead says from where to where, or only where somebody is.
func (d priceData) lead(l ui.Locale) string {
	if d.From == d.To {
		return l.T("forming.price.stands", "team", d.title(d.From))
	}
	return l.T("forming.price.lead", "from", d.title(d.From), "to", d.title(d.To))
}

// chosen is the group that the price is of; "" where none is chosen yet.
func (d priceData) chosen() string {
	if d.From == d.To {
		return ""
	}
	return string(d.To)
}

// places are all other groups that the person can be put into.
func (d priceData) places(l ui.Locale) []ui.Option {
	var all []ui.Option
	for _, g := range d.Groups {
		if g.Key == d.From {
			continue
		}
		all = append(all, ui.Option{Value: string(g.Key), Label: d.title(g.Key) + " (" + strconv.Itoa(len(g.People)) + ")"})
	}
	return append(all, ui.Option{Value: string(NewGroup), Label: l.T("forming.a_new_team")})
}
