package gallery

import (
	"archive/zip"
	"bytes"
	"context"
	_ "embed" // for the search of the site
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/project"
	"h48/internal/ui"
)

//go:embed search.js
var searchScript []byte

// folder leads from one page of the exported site to another, over root.
type folder struct{ root, lang string }

func (f folder) Project(c Card) string {
	return f.root + f.lang + "/" + c.In.Slug + "/" + string(c.Project) + ".html"
}
func (f folder) Edition(e edition.Edition) string { return f.root + f.lang + "/index.html#" + e.Slug }
func (f folder) Picture(_ Card, p Picture, s Size) string {
	return f.root + "pictures/" + string(p.ID) + "-" + s.name()
}
func (f folder) File(_ Card, file project.File) string { return f.root + siteFile(file) }

// siteFile is where a team's file lies in the site.
func siteFile(f project.File) string {
	extension := strings.ToLower(path.Ext(f.Name))
	if !regexp.MustCompile(`^\.[a-z0-9]{1,8}$`).MatchString(extension) || f.ContentType != "application/pdf" {
		extension = ".bin" // no browser runs it from a disk
	}
	return "files/" + string(f.ID) + extension
}

// sheaf is what the frame of a page of the site says.
type sheaf struct {
	title, lead, root, accent, made string
	other, turned                   string // the other language, and this page in it
}

// sitePart is an edition with its projects.
type sitePart struct {
	e     edition.Edition
	cards []Card
}

// site is an export in the making.
type site struct {
	s    *Service
	ctx  context.Context //nolint:containedctx // it lives as long as one call
	zip  *zip.Writer
	made time.Time
	done func(step, steps int)
}

// WriteSite writes the public projects of one edition, or of all for "", as a folder of
// plain pages in a ZIP: both languages, pictures, fonts and their licences. It needs no
// H48 and no network. What is withheld or hidden is not in it.
func (s *Service) WriteSite(ctx context.Context, w io.Writer, only edition.ID, progress func(step, steps int)) error {
	x := &site{s: s, ctx: ctx, zip: zip.NewWriter(w), made: s.db.Now(), done: progress}
	parts, err := x.read(only)
	if err != nil {
		return err
	}
	total, step := 0, 0
	for _, part := range parts {
		total += len(part.cards)
	}
	if err := x.assets(parts); err != nil {
		return err
	}
	for _, part := range parts {
		for _, c := range part.cards {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := x.project(part.e, c); err != nil {
				return fmt.Errorf("exporting the project %s: %w", c.Project, err)
			}
			step++
			progress(step, total)
		}
	}
	if err := x.indexes(parts); err != nil {
		return err
	}
	return x.zip.Close()
}

// read collects what is shown, edition by edition.
func (x *site) read(only edition.ID) ([]sitePart, error) {
	var parts []sitePart
	for page := 1; ; page++ {
		found, err := x.s.Find(x.ctx, Filter{Edition: only, Page: page, Size: 100})
		if err != nil {
			return nil, err
		}
		for _, c := range found.Cards {
			at := slices.IndexFunc(parts, func(p sitePart) bool { return p.e.ID == c.Edition })
			if at < 0 {
				at, parts = len(parts), append(parts, sitePart{e: c.In})
			}
			parts[at].cards = append(parts[at].cards, c)
		}
		if page >= found.Pages {
			break
		}
	}
	for _, part := range parts {
		slices.SortStableFunc(part.cards, func(a, b Card) int { return a.place() - b.place() })
	}
	return parts, nil
}

func (x *site) put(name string, content []byte) error {
	w, err := x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: x.made})
	if err == nil {
		_, err = w.Write(content)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// icons finds what a page uses of the icons, which no browser loads from a disk.
var icons = regexp.MustCompile(`/static/[0-9a-f]+/icons\.svg#([a-z0-9-]+)`)

// page renders a page with the icons that it uses inside.
func (x *site) page(name string, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(x.ctx, &b); err != nil {
		return fmt.Errorf("rendering %s: %w", name, err)
	}
	all, _ := ui.File("icons.svg")
	var used []string
	text := icons.ReplaceAllStringFunc(b.String(), func(address string) string {
		_, id, _ := strings.Cut(address, "#")
		if !slices.Contains(used, id) {
			used = append(used, id)
		}
		return "#icon-" + id
	})
	var sprite strings.Builder
	for _, id := range used {
		if _, rest, found := strings.Cut(string(all), `<symbol id="`+id+`"`); found {
			shape, _, _ := strings.Cut(rest, "</symbol>")
			sprite.WriteString(`<symbol id="icon-` + id + `"` + shape + "</symbol>")
		}
	}
	if sprite.Len() > 0 {
		text = strings.Replace(text, `<body class="page">`, `<body class="page"><svg hidden>`+sprite.String()+`</svg>`, 1)
	}
	return x.put(name, []byte(text))
}

// frame is the frame of the page that stands at name in each language's folder.
func (x *site) frame(l i18n.Locale, e *edition.Edition, title, name string) sheaf {
	other := i18n.English
	if l.Lang == i18n.English {
		other = i18n.French
	}
	root := strings.Repeat("../", strings.Count(name, "/")+1)
	f := sheaf{title: title, root: root, other: string(other), turned: root + string(other) + "/" + name,
		made: l.T("gallery.site.made", "day", l.Date(x.made), "from", x.s.base)}
	if e != nil && e.Accent != "" {
		f.accent = e.Slug + ".css"
	}
	return f
}

var languages = [...]i18n.Lang{i18n.French, i18n.English}

func (x *site) project(e edition.Edition, c Card) error {
	p, err := x.s.Show(x.ctx, account.Actor{}, e, c.Project)
	if err != nil {
		return err
	}
	for _, lang := range languages {
		l := x.s.words.Locale(lang).In(e.Zone).With(e.Words)
		name := e.Slug + "/" + string(c.Project) + ".html"
		f := x.frame(l, &e, p.Title+" · "+e.Name, name)
		if err := x.page(string(lang)+"/"+name, siteProject(l, f, folder{f.root, string(lang)}, p)); err != nil {
			return err
		}
	}
	for _, one := range p.Pictures {
		for _, size := range sizes {
			if err := x.copy(folder{}.Picture(c, one, size), one.key(size)); err != nil {
				return err
			}
		}
	}
	for _, f := range p.Files {
		if err := x.copy(siteFile(f), f.Key); err != nil {
			return err
		}
	}
	return nil
}

func (x *site) copy(name, key string) error {
	content, _, err := x.s.store.Open(x.ctx, key)
	if err != nil {
		return fmt.Errorf("opening %s: %w", key, err)
	}
	w, err := x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: x.made})
	if err == nil {
		_, err = io.Copy(w, content)
	}
	return errors.Join(err, content.Close())
}

// assets are the looks, the fonts with their licences, and the search.
func (x *site) assets(parts []sitePart) error {
	for _, name := range []string{"app.css", "fonts/atkinson.woff2", "fonts/bricolage.woff2", "fonts/atkinson-OFL.txt", "fonts/bricolage-OFL.txt", "lucide-LICENSE.txt"} {
		content, known := ui.File(name)
		if !known {
			return fmt.Errorf("the file %s is not in the program", name)
		}
		if err := x.put("assets/"+name, content); err != nil {
			return err
		}
	}
	for _, part := range parts {
		if part.e.Accent == "" {
			continue
		}
		css, err := ui.AccentCSS(part.e.Accent)
		if err != nil {
			return fmt.Errorf("the colour of %s: %w", part.e.Slug, err)
		}
		if err := x.put("assets/"+part.e.Slug+".css", []byte(css)); err != nil {
			return err
		}
	}
	return x.put("assets/search.js", searchScript)
}

// siteFilter is a filter of the list of an exported site.
type siteFilter struct {
	field   ui.Field
	options []ui.Option
}

// siteFilters are the filters between whose choices something differs.
func siteFilters(l i18n.Locale, parts []sitePart) []siteFilter {
	var editions, prizes, challenges []ui.Option
	var became []Fate
	add := func(options *[]ui.Option, o ui.Option) {
		if o.Value != "" && !slices.Contains(*options, o) {
			*options = append(*options, o)
		}
	}
	for _, part := range parts {
		add(&editions, ui.Option{Value: part.e.Slug, Label: part.e.Name + " " + strconv.Itoa(part.e.At[edition.Starts].In(part.e.Zone).Year())})
		for _, c := range part.cards {
			add(&challenges, ui.Option{Value: c.About, Label: c.About})
			if len(c.Prizes) > 0 {
				add(&prizes, ui.Option{Value: "true", Label: l.T("gallery.filter.any_prize")})
			}
			if c.Fate != "" && !slices.Contains(became, c.Fate) {
				became = append(became, c.Fate)
			}
		}
	}
	slices.SortFunc(became, func(a, b Fate) int { return slices.Index(fates, a) - slices.Index(fates, b) })
	var all []siteFilter
	choose := func(name, label string, options []ui.Option, least int) {
		if len(options) >= least {
			all = append(all, siteFilter{ui.Field{Name: name, Label: label, Placeholder: l.T("gallery.filter.every")}, options})
		}
	}
	choose("edition", l.T("gallery.made_at"), editions, 2)
	choose("prize", l.T("gallery.filter.prize"), prizes, 1)
	choose("challenge", l.T("gallery.filter.challenge"), challenges, 2)
	choose("became", l.T("gallery.filter.became"), fateOptions(l, became), 1)
	return all
}

// indexes are the lists, and the projects as data.
func (x *site) indexes(parts []sitePart) error {
	works := []Work{}
	for _, part := range parts {
		for _, c := range part.cards {
			works = append(works, x.s.work(c))
		}
	}
	for _, lang := range languages {
		l := x.s.words.Locale(lang)
		if len(parts) > 0 { // the day of the export is the same on every page
			l = l.In(parts[0].e.Zone)
		}
		f := x.frame(l, nil, l.T("gallery.all"), "index.html")
		f.lead = l.N("gallery.count", len(works))
		if err := x.page(string(lang)+"/index.html", siteIndex(l, f, folder{f.root, string(lang)}, parts)); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(works, "", "\t")
	if err != nil {
		return fmt.Errorf("writing the projects as data: %w", err)
	}
	fr, en := x.s.words.Locale(i18n.French), x.s.words.Locale(i18n.English)
	return errors.Join(x.put("projects.json", data), x.page("index.html", siteDoor(fr, en)),
		x.put("LISEZMOI-README.txt", []byte(fr.T("gallery.site.readme")+"\n\n"+en.T("gallery.site.readme")+"\n")))
}
