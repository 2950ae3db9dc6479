package gallery

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
	"h48/internal/ui"
)

// pages are this room's pages.
type pages struct {
	s      *Service
	became Became
}

// Became is what a public project's page says of the time after the event: nil where
// nothing is known.
type Became func(ctx context.Context, view ui.View, v *door.Visit, team string) (templ.Component, error)

// Routes registers the room's pages and its part of the API.
func Routes(d *door.Door, s *Service, became Became) {
	p := pages{s: s, became: became}
	d.Get("/gallery", door.Anyone(), p.showAll)
	d.Get("/e/{edition}/projects", door.Anyone(), p.showEdition)
	d.Get("/e/{edition}/projects/{project}", door.Anyone(), p.showProject)
	d.Get("/e/{edition}/gallery/pictures/{picture}/{size}", door.Anyone(), p.servePicture)
	shareRoutes(d, p)
	teamRoutes(d, p)
	deskRoutes(d, p)
	api(d, s)
}

// pictureURL is the address of a copy of a picture.
func pictureURL(e edition.Edition, p Picture, size Size) string {
	return e.URL() + "/gallery/pictures/" + url.PathEscape(string(p.ID)) + "/" + size.name()
}

// shareURL is the address of the picture that stands for a project where it is shared.
func shareURL(e edition.Edition, p project.ID, lang i18n.Lang) string {
	return e.URL() + "/projects/" + url.PathEscape(string(p)) + "/share.png?lang=" + string(lang)
}

// asked reads the filter from the address.
func asked(r *http.Request) Filter {
	q := r.URL.Query()
	number := func(name string) int {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil { // an address that somebody broke asks for nothing
			return 0
		}
		return n
	}
	return Filter{Text: q.Get("q"), Challenge: project.ChallengeID(q.Get("challenge")), Prize: q.Get("prize"), Fate: Fate(q.Get("became")), Year: number("year"), Page: number("page")}
}

// address is where the filter's page stands.
func (f Filter) address(path string, page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "challenge": string(f.Challenge), "prize": f.Prize, "became": string(f.Fate)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Year != 0 {
		q.Set("year", strconv.Itoa(f.Year))
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// here is where the pages of a running H48 lead.
type here struct{}

func (here) Project(c Card) string {
	return c.In.URL() + "/projects/" + url.PathEscape(string(c.Project))
}
func (here) Edition(e edition.Edition) string         { return e.URL() + "/projects" }
func (here) Picture(c Card, p Picture, s Size) string { return pictureURL(c.In, p, s) }
func (here) File(c Card, f project.File) string {
	return c.In.URL() + "/project-files/" + url.PathEscape(string(f.ID))
}

// list is what a page of projects shows.
type list struct {
	Found
	path    string
	title   string
	lead    string
	one     *edition.Edition // the edition that is looked at; nil for all
	winners []Card           // of it, before the others
	desk    bool             // the reader organises it
	filters []ui.Field
	options map[string][]ui.Option
}

func (p pages) showAll(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	found, err := p.s.Find(r.Context(), asked(r))
	if err != nil {
		return err
	}
	d := list{Found: found, path: "/gallery", title: v.L.T("gallery.all")}
	if n := len(found.Years); n > 0 {
		d.lead = v.L.N("gallery.since", found.Total, "year", strconv.Itoa(found.Years[n-1]))
	}
	d.choose(v.L)
	topics := make([]string, 0, len(found.Editions))
	for _, e := range found.Editions[:min(len(found.Editions), 10)] {
		topics = append(topics, Topic(e.ID), p.s.after.FateTopic(e.ID))
	}
	view := v.Page(d.title, topics...)
	data, err := document(thing{"@type": "CollectionPage", "name": d.title, "url": p.s.base + "/gallery"})
	if err != nil {
		return err
	}
	view.Head = head(meta{title: d.title, text: d.lead, url: p.s.base + "/gallery", picture: p.s.base + "/gallery/share.png?lang=" + string(v.L.Lang),
		alt: d.title, lang: v.L.Lang, kind: "website", data: data})
	return v.Show(w, r, listPage(view, d))
}

func (p pages) showEdition(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	f := asked(r)
	f.Edition, f.Year = v.Edition.ID, 0
	found, err := p.s.Find(r.Context(), f)
	if err != nil {
		return err
	}
	d := list{Found: found, path: v.URL("projects"), title: v.L.T("gallery.title"), one: &v.Edition, desk: v.Is(edition.Organiser)}
	if found.Total > 0 {
		d.lead = v.L.N("gallery.count", found.Total)
	}
	if found.Filter.Empty() && found.Page == 1 {
		if d.winners, err = p.winners(r, v, found); err != nil {
			return err
		}
	}
	d.choose(v.L)
	view := v.Page(d.title, Topic(v.Edition.ID), p.s.after.FateTopic(v.Edition.ID))
	m, err := p.s.listMeta(v.L, v.Edition, found.Cards)
	if err != nil {
		return err
	}
	view.Head = head(m)
	return v.Show(w, r, listPage(view, d))
}

// winners are the laureates' projects, in the order of the prizes.
func (p pages) winners(r *http.Request, v *door.Visit, found Found) ([]Card, error) {
	if len(found.PrizeOptions) == 0 {
		return nil, nil
	}
	won, err := p.s.Find(r.Context(), Filter{Edition: v.Edition.ID, Prize: AnyPrize})
	slices.SortStableFunc(won.Cards, func(a, b Card) int { return a.place() - b.place() })
	return won.Cards, err
}

// choose prepares the filters for the reader.
func (d *list) choose(l i18n.Locale) {
	d.options = map[string][]ui.Option{}
	add := func(name, label, value string, options []ui.Option) {
		if len(options) > 1 || value != "" {
			d.filters = append(d.filters, ui.Field{Name: name, Label: label, Value: value, Placeholder: l.T("gallery.filter.every")})
			d.options[name] = options
		}
	}
	var years, challenges, prizes []ui.Option
	if d.one == nil {
		for _, y := range d.Years {
			years = append(years, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
		}
		prizes = []ui.Option{{Value: AnyPrize, Label: l.T("gallery.filter.any_prize")}}
		d.filters = append(d.filters, ui.Field{Name: "prize", Label: l.T("gallery.filter.prize"), Value: d.Filter.Prize, Placeholder: l.T("gallery.filter.every")})
		d.options["prize"] = prizes
	}
	for _, c := range d.Challenges {
		challenges = append(challenges, ui.Option{Value: string(c.ID), Label: c.Title})
	}
	if d.one != nil && len(d.PrizeOptions) > 0 {
		prizes = []ui.Option{{Value: AnyPrize, Label: l.T("gallery.filter.any_prize")}}
		for _, p := range d.PrizeOptions {
			prizes = append(prizes, ui.Option{Value: p.ID, Label: p.Title})
		}
		add("prize", l.T("gallery.filter.prize"), d.Filter.Prize, prizes)
	}
	year := ""
	if d.Filter.Year != 0 {
		year = strconv.Itoa(d.Filter.Year)
	}
	add("year", l.T("gallery.filter.year"), year, years)
	add("challenge", l.T("gallery.filter.challenge"), string(d.Filter.Challenge), challenges)
	if len(d.Fates) > 0 {
		d.filters = append(d.filters, ui.Field{Name: "became", Label: l.T("gallery.filter.became"), Value: string(d.Filter.Fate), Placeholder: l.T("gallery.filter.every")})
		d.options["became"] = fateOptions(l, d.Fates)
	}
}

// pager leads through the pages of the list.
func (d list) pager() ui.PagerData {
	return ui.PagerData{Page: d.Page, Pages: d.Pages, URL: func(page int) string { return d.Filter.address(d.path, page) }}
}

// rest are the cards that do not stand among the winners already.
func (d list) rest() []Card {
	if len(d.winners) == 0 {
		return d.Cards
	}
	return slices.DeleteFunc(slices.Clone(d.Cards), func(c Card) bool { return len(c.Prizes) > 0 })
}

func (p pages) showProject(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	shown, err := p.s.Show(r.Context(), v.Actor, v.Edition, project.ID(r.PathValue("project")))
	if err != nil {
		return err
	}
	view := v.Page(shown.Title, Topic(v.Edition.ID), project.TeamTopic(shown.Team), p.s.after.FateTopic(v.Edition.ID))
	if shown.Public {
		m, err := p.s.projectMeta(v.L, shown)
		if err != nil {
			return err
		}
		view.Head = head(m)
	}
	var since templ.Component
	if p.became != nil && shown.Public {
		if since, err = p.became(r.Context(), view, v, string(shown.Team)); err != nil {
			return err
		}
	}
	return v.Show(w, r, projectPage(view, shown, since, p.s.base, v.Is(edition.Organiser)))
}

// servePicture gives a clean copy out. The browser asks again each time, so that what is
// taken away is gone at once.
func (p pages) servePicture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	size, known := sizeOf(r.PathValue("size"))
	if !known {
		return sqldb.ErrNotFound
	}
	content, info, err := p.s.OpenPicture(r.Context(), v.Actor, v.Edition, project.FileID(r.PathValue("picture")), size)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // it was only read
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // it may stand in another site's page
	http.ServeContent(w, r, "", info.Modified, content)
	return nil
}
