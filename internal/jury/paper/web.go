package paper

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

type pages struct{ *Service }

// Routes registers the pages and operations. Of the jurors the head alone is let in: the
// service asks.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	types, leads := door.Only(edition.Crew, edition.Juror), door.Only(edition.Juror)
	d.Get("/e/{edition}/jury/paper", types, p.show)
	d.Post("/e/{edition}/jury/paper", types, p.find)
	d.Post("/e/{edition}/jury/paper/print", leads, p.print)
	d.Get("/e/{edition}/jury/paper/printed/{job}", leads, p.printed)
	d.Get("/e/{edition}/jury/paper/{code}", types, p.sheet)
	d.Post("/e/{edition}/jury/paper/{code}", types, p.typed)
	d.Post("/e/{edition}/jury/paper/{code}/settle", leads, p.settle)
	operations(d, p)
}

// listData is the room's first page: the code of a sheet, and for those who lead the jury
// all sheets and the printing.
type listData struct {
	ui.View
	v      *door.Visit
	code   ui.Field
	leads  bool
	lines  []Line
	jurors []ui.Option
	lang   ui.Field
	whom   ui.Field
	job    jobs.Job
	asked  bool // sheets were asked for once
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.again(w, r, v, nil)
}

func (p *pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		ctx, id := r.Context(), v.Edition.ID
		d := listData{v: v, code: v.Field(r, refused, "code", "paper.code"), lang: v.Field(r, refused, "lang", "paper.lang"), whom: v.Field(r, refused, "juror", "paper.for_whom")}
		if err := p.mayType(ctx, p.db, v.Actor, id); err != nil {
			return nil, err
		}
		d.whom.Hint, d.lang.Required = v.L.T("paper.for_whom_hint"), true
		if d.lang.Value == "" {
			d.lang.Value = string(v.Edition.Lang)
		}
		d.leads = p.jury.Leads(ctx, p.db, v.Actor, id) == nil
		topics := []string{jury.Topic(id), Topic(id)}
		if d.leads {
			if err := p.overview(r, v, &d); err != nil {
				return nil, err
			}
			topics = append(topics, jobs.Topic(d.job.ID))
		}
		d.View = v.Page(v.L.T("paper.title"), topics...)
		return listPage(d), nil
	})
}

func (p *pages) overview(r *http.Request, v *door.Visit, d *listData) (err error) {
	ctx, id := r.Context(), v.Edition.ID
	if d.lines, err = p.Lines(ctx, v.Actor, id); err != nil {
		return err
	}
	if d.job, d.asked, err = p.Printing(ctx, id); err != nil {
		return err
	}
	all, err := p.jury.Jurors(ctx, p.db, id)
	for _, j := range all {
		d.jurors = append(d.jurors, ui.Option{Value: string(j.Account.ID), Label: j.Account.Name})
	}
	return err
}

func (p *pages) find(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sheet, err := p.Find(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "code"))
	if err != nil {
		return p.again(w, r, v, err)
	}
	return v.Go(w, r, v.URL("jury", "paper", sheet.Code))
}

func (p *pages) print(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var who []account.ID
	for _, id := range door.Texts(r, "juror") {
		who = append(who, account.ID(id))
	}
	lang, ok := i18n.ParseLang(door.Text(r, "lang"))
	if !ok {
		lang = v.Edition.Lang
	}
	if _, _, err := p.Print(r.Context(), v.Actor, v.Edition.ID, who, lang); err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "paper.printing_now")
	return v.Go(w, r, v.URL("jury", "paper"))
}

// printed answers with the document of a job that is done.
func (p *pages) printed(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.jury.Leads(r.Context(), p.db, v.Actor, v.Edition.ID); err != nil {
		return err
	}
	job, err := jobs.Get(r.Context(), p.db, r.PathValue("job"))
	if err == nil && (job.Kind != printKind || job.Edition != string(v.Edition.ID) || job.State != jobs.Done) {
		err = sqldb.ErrNotFound
	}
	if err != nil {
		return err
	}
	file, info, err := p.files.Open(r.Context(), job.Result)
	if err != nil {
		return fmt.Errorf("opening the sheets: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="jury-`+v.Edition.Slug+`.pdf"`)
	h.Set("Content-Length", strconv.FormatInt(info.Size, 10))
	h.Set("Cache-Control", "private, no-store")
	_, _ = io.Copy(w, file) // a reader who has gone is no error of ours
	return nil
}

// sheetData is one sheet on a screen, as its reader may see it.
type sheetData struct {
	ui.View
	Open
	v       *door.Visit
	refused bool // what was typed into the cells was sent, and not taken
	given   ui.Field
	alone   ui.Field
	field   func(kind, team, criterion string) ui.Field
}

// hasCells says whether the form has the cells of a sheet, and not only a decision.
func hasCells(r *http.Request) bool {
	for name := range r.PostForm {
		if strings.HasPrefix(name, "c_") {
			return true
		}
	}
	return false
}

func (p *pages) sheet(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.sheetAgain(w, r, v, nil)
}

func (p *pages) sheetAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		o, err := p.Service.Open(r.Context(), v.Actor, v.Edition.ID, r.PathValue("code"))
		if err != nil {
			return nil, err
		}
		d := sheetData{View: v.Page(v.L.T("paper.sheet_of", "name", o.Name), Topic(v.Edition.ID)), Open: o, v: v, refused: refused != nil && hasCells(r),
			given: v.Field(r, refused, "given", "paper.given"), alone: v.Field(r, refused, "alone", "paper.alone_why")}
		d.given.Hint, d.given.Short, d.given.InputMode = v.L.T("paper.given_hint"), true, "text"
		if !o.Scores {
			d.given.Hint = v.L.T("paper.given_hint_closed")
		}
		d.alone.Hint = v.L.T("paper.alone_hint")
		d.field = func(kind, team, criterion string) ui.Field {
			return v.Field(r, refused, o.Rows.name(kind, team, criterion), "paper.cell")
		}
		if r.PostForm == nil {
			d.remember()
		}
		return sheetPage(d), nil
	})
}

// remember puts what is known into the field of the time: what one typed, or all agree on.
func (d *sheetData) remember() {
	for _, one := range []*Reading{d.Mine, d.First, d.Second} {
		if one != nil && !one.Given.IsZero() && d.given.Value == "" {
			d.given.Value = one.Given.In(d.L.Zone()).Format("15:04")
		}
	}
	if d.State == Differs && d.timesDiffer() {
		d.given.Value = ""
	}
}

// timesDiffer says whether the two read another time on the sheet.
func (d sheetData) timesDiffer() bool {
	return d.First != nil && d.Second != nil && otherTime(d.First.Given, d.Second.Given)
}

// typing says whether this reader is to type the sheet, or may correct what they typed.
func (d sheetData) typing() bool {
	return d.Takes && !d.Stale && d.Rows.boxes() > 0 && d.Juror != d.v.Actor.ID && (d.State == Printed || d.State == Once)
}

// deciding says whether this reader is to decide.
func (d sheetData) deciding() bool {
	return d.Leads && !d.Stale && d.Juror != d.v.Actor.ID && (d.State == Differs || d.State == Twice)
}

// cell is a cell's field with what this person typed before.
func (d sheetData) cell(team, criterion string) ui.Field {
	f := d.field("c", team, criterion)
	if f.Value == "" && d.Mine != nil && !d.refused {
		if f.Value = d.Mine.Cells[team][criterion]; f.Value == Unseen {
			f.Value = "-"
		}
	}
	return f
}

// broken are the fields that were refused, for the list above the form.
func (d sheetData) broken() []ui.Field {
	var all []ui.Field
	for _, row := range d.Rows.Teams {
		for _, c := range row.Asks {
			name := d.name(row.Team) + " · " + criterionOf(d.Criteria, c).Name
			for _, kind := range []string{"c", "d", "o"} {
				if f := d.field(kind, row.Team, c); f.Error != "" {
					f.Label = name
					all = append(all, f)
				}
			}
		}
	}
	return append(all, d.given, d.alone)
}

func (d sheetData) name(team string) string {
	if i := slices.IndexFunc(d.Teams, func(t jury.TeamRef) bool { return t.ID == team }); i >= 0 {
		return d.Teams[i].Name
	}
	return team
}

func (p *pages) typed(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sheet, err := p.Find(r.Context(), v.Actor, v.Edition.ID, r.PathValue("code"))
	if err != nil {
		return sqldb.ErrNotFound
	}
	state, err := p.Type(r.Context(), v.Actor, v.Edition.ID, sheet.Code, Typed{Given: door.Text(r, "given"),
		Cell: func(team, criterion string) string { return door.Text(r, sheet.Rows.name("c", team, criterion)) }})
	if err != nil {
		return p.sheetAgain(w, r, v, err)
	}
	kind := "ok"
	if state == Differs || state == Twice {
		kind = "warn"
	}
	v.Say(w, kind, "paper.said."+string(state))
	return v.Go(w, r, v.URL("jury", "paper", sheet.Code))
}

func (p *pages) settle(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sheet, err := p.Find(r.Context(), v.Actor, v.Edition.ID, r.PathValue("code"))
	if err != nil {
		return sqldb.ErrNotFound
	}
	err = p.Settle(r.Context(), v.Actor, v.Edition.ID, sheet.Code, Settled{Given: door.Text(r, "given"), Alone: door.Text(r, "alone"),
		Choose: func(team, criterion string) Choice {
			c := Choice{Which: door.Text(r, sheet.Rows.name("d", team, criterion)), Other: door.Text(r, sheet.Rows.name("o", team, criterion))}
			if c.Which == "" && c.Other != "" { // who writes what it is has chosen
				c.Which = Other
			}
			return c
		}})
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Invalid) {
		return p.sheetAgain(w, r, v, err)
	}
	if err != nil {
		return err
	}
	v.Say(w, "ok", "paper.said.taken")
	return v.Go(w, r, v.URL("jury", "paper", sheet.Code))
}
