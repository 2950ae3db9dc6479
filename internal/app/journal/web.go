package journal

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sheet"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/ui"
)

const (
	mostOnPage = 100
	mostAtOnce = 500 // of the file
)

type pages struct {
	db    sqldb.Querier
	names Names
}

// Routes registers the pages.
func Routes(d *door.Door, db sqldb.Querier, names Names) {
	p := &pages{db, names}
	organisers := door.Only(edition.Organiser)
	d.Get("/e/{edition}/trail", organisers, p.show)
	d.Get("/e/{edition}/trail.csv", organisers, p.file)
}

func (p *pages) teller(r *http.Request, v *door.Visit) *teller {
	return &teller{r.Context(), v.L, v.Edition.ID, p.db, p.names, map[string]string{}}
}

// shown is a page of the trail.
type shown struct {
	*teller
	url   string
	query url.Values
	rooms []ui.Option
	lines []line
	// who is the name of the one whose acts alone are shown.
	who string
	// older is the id before which the next page begins; "" where there is none.
	older string
}

// with is the page's address with another value; "" takes it out.
func (s shown) with(name, value string) string {
	q := url.Values{}
	for _, keep := range []string{"about", "who", "before"} {
		if keep == name && value != "" {
			q.Set(keep, value)
		} else if keep != name && keep != "before" && s.query.Get(keep) != "" {
			q.Set(keep, s.query.Get(keep))
		}
	}
	if len(q) == 0 {
		return s.url
	}
	return s.url + "?" + q.Encode()
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	s := shown{teller: p.teller(r, v), url: v.URL("trail"), query: r.URL.Query()}
	actions, err := trail.Actions(r.Context(), p.db, string(v.Edition.ID))
	if err != nil {
		return err
	}
	for _, about := range rooms(actions) {
		if key := "journal.room." + about; v.L.Has(key) {
			s.rooms = append(s.rooms, ui.Option{Value: about, Label: v.L.T(key)})
		}
	}
	slices.SortFunc(s.rooms, func(a, b ui.Option) int { return strings.Compare(a.Label, b.Label) })
	wanted := trail.Filter{Actor: s.query.Get("who"), Before: s.query.Get("before")}
	if wanted.Actions = of(actions, s.query.Get("about")); len(wanted.Actions) == 0 {
		wanted.Actions = []string{s.query.Get("about")} // nothing is called so
	}
	if wanted.Actor != "" {
		only := trail.Entry{Actor: wanted.Actor}
		if err := s.learn([]trail.Entry{only}); err != nil {
			return err
		}
		s.who = s.actor(only)
	}
	entries, err := trail.Of(r.Context(), p.db, string(v.Edition.ID), wanted, mostOnPage+1)
	if err != nil {
		return err
	}
	if len(entries) > mostOnPage {
		entries = entries[:mostOnPage]
		s.older = entries[mostOnPage-1].ID
	}
	if s.lines, err = s.teller.lines(entries); err != nil {
		return err
	}
	return v.Show(w, r, page(v.Page(v.L.T("journal.title")), s))
}

// file is the whole trail, each value as it was written.
func (p *pages) file(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+v.L.T("journal.file_name")+"-"+v.Edition.Slug+`.csv"`)
	separator := ','
	if v.L.Lang == i18n.French {
		separator = ';'
	}
	out, err := sheet.NewWriter(w, separator)
	if err != nil {
		return err
	}
	t := p.teller(r, v)
	var head []string
	for _, column := range []string{"when", "who", "what", "column.action", "column.subject", "column.before", "column.after", "column.written"} {
		head = append(head, v.L.T("journal."+column))
	}
	if err := out.Write(head...); err != nil {
		return err
	}
	for before := ""; ; {
		entries, err := trail.Of(r.Context(), p.db, string(v.Edition.ID), trail.Filter{Before: before}, mostAtOnce)
		if err != nil {
			return err
		}
		if err := t.learn(entries); err != nil {
			return err
		}
		for _, e := range entries {
			if err := t.write(out, e); err != nil {
				return err
			}
			before = e.ID
		}
		if len(entries) < mostAtOnce {
			return out.Flush()
		}
	}
}

func (t *teller) write(out *sheet.Writer, e trail.Entry) error {
	who := cmp.Or(t.known[e.Subject], t.unnamed(e.Subject))
	const second = "2006-01-02 15:04:05"
	return out.Write(e.EditionAt.In(t.l.Zone()).Format(second), t.actor(e), t.say(e, who), e.Action, e.Subject, e.Before, e.After,
		e.MadeAt.In(t.l.Zone()).Format(second))
}
