package paper

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
)

func operations(d *door.Door, p *pages) {
	types, leads := door.Only(edition.Crew, edition.Juror), door.Only(edition.Juror)
	d.API("GET", "/api/v1/e/{edition}/jury/paper", leads, "The jury's paper sheets and how far each is", door.Op(p.apiList))
	d.API("POST", "/api/v1/e/{edition}/jury/paper", leads, "Print a sheet for each of the jurors, as a job", door.Op(p.apiPrint))
	d.API("GET", "/api/v1/e/{edition}/jury/paper/{code}", types, "A sheet: its rows, and for those who lead what is to be decided", door.Op(p.apiSheet))
	d.API("PUT", "/api/v1/e/{edition}/jury/paper/{code}/reading", types, "Type what stands on a sheet: two people do", door.Op(p.apiType))
	d.API("POST", "/api/v1/e/{edition}/jury/paper/{code}/settle", leads, "Decide what two readings disagree on, and take the sheet", door.Op(p.apiSettle))
}

type none struct {
	Edition string `path:"edition" json:"-"`
}

type sheetOut struct {
	Code     string     `json:"code"`
	Juror    account.ID `json:"juror"`
	Name     string     `json:"name"`
	Round    int        `json:"round"`
	State    State      `json:"state"`
	Printed  time.Time  `json:"printed"`
	TypedBy  []string   `json:"typed_by"`
	Criteria []string   `json:"criteria,omitempty"`
	Teams    []Row      `json:"teams,omitempty"`
	// Gone is what is printed and asked of the juror no more; it is not among Teams.
	Gone   []Gone     `json:"gone,omitempty"`
	Doubts []doubtOut `json:"doubts,omitempty"`
}

type doubtOut struct {
	Team      string `json:"team"`
	Criterion string `json:"criterion"`
	// First and Second are what the two typed: a number, "not_observed", or "" for a blank.
	First  string `json:"first"`
	Second string `json:"second"`
	// Phone is what the juror's phone said, where that is something else.
	Phone string `json:"phone,omitempty"`
}

type listOut struct {
	Sheets []sheetOut `json:"sheets"`
	// Job is the newest printing, Done whether its document is there.
	Job  string `json:"job,omitempty"`
	Done bool   `json:"done"`
}

func sheetJSON(s Sheet, name string, typists []string) sheetOut {
	if typists == nil {
		typists = []string{}
	}
	return sheetOut{Code: s.Code, Juror: s.Juror, Name: name, Round: s.Round, State: s.State, Printed: s.Printed, TypedBy: typists}
}

func (p *pages) apiList(ctx context.Context, v *door.Visit, _ *none) (*listOut, error) {
	lines, err := p.Lines(ctx, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &listOut{Sheets: []sheetOut{}}
	for _, line := range lines {
		out.Sheets = append(out.Sheets, sheetJSON(line.Sheet, line.Name, line.Typists))
	}
	job, asked, err := p.Printing(ctx, v.Edition.ID)
	if asked {
		out.Job, out.Done = job.ID, job.Result != ""
	}
	return out, err
}

type printIn struct {
	Edition string       `path:"edition" json:"-"`
	Jurors  []account.ID `json:"jurors"` // none: all who are there
	Lang    string       `json:"lang"`   // "fr" or "en"; the edition's where empty
}

func (p *pages) apiPrint(ctx context.Context, v *door.Visit, in *printIn) (*listOut, error) {
	lang, ok := i18n.ParseLang(in.Lang)
	if !ok {
		if in.Lang != "" {
			return nil, errs.Fields{{Name: "lang", Key: "error.required"}}
		}
		lang = v.Edition.Lang
	}
	if _, _, err := p.Print(ctx, v.Actor, v.Edition.ID, in.Jurors, lang); err != nil {
		return nil, err
	}
	return p.apiList(ctx, v, &none{})
}

type codeIn struct {
	Edition string `path:"edition" json:"-"`
	Code    string `path:"code" json:"-"`
}

func (p *pages) apiSheet(ctx context.Context, v *door.Visit, in *codeIn) (*sheetOut, error) {
	o, err := p.Service.Open(ctx, v.Actor, v.Edition.ID, in.Code)
	if err != nil {
		return nil, err
	}
	out := sheetJSON(o.Sheet, o.Name, o.Typists)
	out.Criteria, out.Teams, out.Gone = o.Rows.Criteria, o.Rows.Teams, o.Gone
	for _, d := range o.Doubts {
		one := doubtOut{Team: d.Team, Criterion: d.Criterion, First: d.First, Second: d.Second}
		if d.Phone != nil {
			one.Phone = spell(*d.Phone)
		}
		out.Doubts = append(out.Doubts, one)
	}
	return &out, nil
}

type typeIn struct {
	Edition string `path:"edition" json:"-"`
	Code    string `path:"code" json:"-"`
	// Cells are by team and criterion: a number, or "not_observed"; blanks are left out.
	Cells Cells `json:"cells"`
	// Given is the time of the day that stands on the sheet, as 14:30; may be empty.
	Given string `json:"given"`
}

func (p *pages) apiType(ctx context.Context, v *door.Visit, in *typeIn) (*sheetOut, error) {
	_, err := p.Type(ctx, v.Actor, v.Edition.ID, in.Code, Typed{Given: in.Given, Cell: func(team, criterion string) string { return in.Cells[team][criterion] }})
	if err != nil {
		return nil, err
	}
	return p.apiSheet(ctx, v, &codeIn{Code: in.Code})
}

type settleIn struct {
	Edition string `path:"edition" json:"-"`
	Code    string `path:"code" json:"-"`
	// Cells are what counts where the readings, or a reading and the phone, disagree; a cell
	// that says what the phone says leaves that as it is, and "" is a blank.
	Cells Cells  `json:"cells"`
	Given string `json:"given"`
	// Alone is why one reading must do, where there is one only.
	Alone string `json:"alone"`
}

func (p *pages) apiSettle(ctx context.Context, v *door.Visit, in *settleIn) (*sheetOut, error) {
	err := p.Settle(ctx, v.Actor, v.Edition.ID, in.Code, Settled{Given: in.Given, Alone: in.Alone, Choose: func(team, criterion string) Choice {
		value, said := in.Cells[team][criterion]
		if !said {
			return Choice{}
		}
		return Choice{Which: Other, Other: value}
	}})
	if err != nil {
		return nil, err
	}
	return p.apiSheet(ctx, v, &codeIn{Code: in.Code})
}
