package registration

import (
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/kit/sheet"
	"h48/internal/ui"
)

func crumbs(v *door.Visit, here string) []ui.Link {
	return []ui.Link{{Label: v.L.T("registration.list.title"), URL: v.URL("registrations")}, {Label: here}}
}

func pageNumber(n int) string { return strconv.Itoa(n) }

// profileValue is a profile in an address, where "" is every profile.
func profileValue(p Profile) string {
	if p == Unsaid {
		return "unsaid"
	}
	return string(p)
}

func exportURL(v *door.Visit, p list) string {
	address := v.URL("registrations", "export.csv")
	if query := p.query.Encode(); query != "" {
		address += "?" + query
	}
	return address
}

func row(cells ...string) ui.Row {
	var r ui.Row
	for _, c := range cells {
		r.Cells = append(r.Cells, ui.Text(c))
	}
	return r
}

// personRows are what an organiser may read of somebody: not the meals, which only the
// cook counts.
func personRows(v *door.Visit, r Registration, skills []Skill) []ui.Row {
	photo, news, rules := v.L.T("registration.photo.no.short"), v.L.T("registration.no"), v.L.T("registration.person.vouched")
	if r.Photo != PhotoUnsaid {
		photo = v.L.T("registration.photo." + string(r.Photo) + ".short")
	}
	if r.News {
		news = v.L.T("registration.yes")
	}
	if !r.RulesAt.IsZero() {
		rules = v.L.DateTime(r.RulesAt)
	}
	return []ui.Row{
		row(v.L.T("registration.column.profile"), v.L.T(r.Profile.key())),
		row(v.L.T("registration.column.trade"), r.Trade),
		row(v.L.T("registration.column.organisation"), r.Organisation),
		row(v.L.T("registration.column.skills"), r.Skills.Text(skills, v.L)),
		row(v.L.T("registration.column.with"), r.With),
		row(v.L.T("registration.column.theme"), r.Theme),
		row(v.L.T("registration.column.photo"), photo),
		row(v.L.T("registration.column.news"), news),
		row(v.L.T("registration.person.rules"), rules),
	}
}

func mealRows(v *door.Visit, s MealSheet) []ui.Row {
	var rows []ui.Row
	for _, c := range s.Counts {
		rows = append(rows, row(mealWords(v, c.Meals), v.L.Int(int64(c.N))))
	}
	if s.Unsaid > 0 {
		rows = append(rows, row(v.L.T("registration.meals.unsaid"), v.L.Int(int64(s.Unsaid))))
	}
	return rows
}

// mappingRows say what each column of a file becomes.
func mappingRows(v *door.Visit, p Preview) []ui.Row {
	var rows []ui.Row
	for _, m := range p.Mapping {
		becomes := ui.Chip(ui.Plain, v.L.T("registration.import.ignored"))
		switch {
		case m.Skill.Key != "":
			becomes = ui.Text(v.L.T("registration.column.skills") + " : " + m.Skill.Name(v.L))
		case m.Column != "":
			becomes = ui.Text(v.L.T("registration.column." + m.Column))
		}
		rows = append(rows, ui.Row{Cells: []templ.Component{ui.Text(m.Title), becomes}, Muted: m.Column == ""})
	}
	return rows
}

// mostShown is how many lines of a file a preview shows.
const mostShown = 10

// candidateRows are the first lines of a file as they will be.
func candidateRows(v *door.Visit, p Preview, skills []Skill) []ui.Row {
	var rows []ui.Row
	for _, c := range p.Candidates[:min(len(p.Candidates), mostShown)] {
		photo := ""
		if c.Photo != PhotoUnsaid {
			photo = v.L.T("registration.photo." + string(c.Photo) + ".short")
		}
		rows = append(rows, row(strconv.Itoa(c.Line), c.Name, c.Email, v.L.T(c.Profile.key()), c.Trade,
			c.Skills.Text(skills, v.L), mealWords(v, c.Meals), photo))
	}
	return rows
}

// problemRows are every line that cannot be taken, with the reason.
func problemRows(v *door.Visit, problems []sheet.Problem) []ui.Row {
	var rows []ui.Row
	for _, p := range problems {
		column := p.Column
		if column == colName { // a file without any column for the name
			column = v.L.T("registration.column.name")
		}
		rows = append(rows, row(strconv.Itoa(p.Line), column, v.L.T(p.Key, wholeNumbers(p.Args)...)))
	}
	return rows
}

// wholeNumbers gives the numbers back that a journey through JSON has made fractions of.
func wholeNumbers(args []any) []any {
	whole := make([]any, len(args))
	for i, a := range args {
		if f, ok := a.(float64); ok {
			a = int(f)
		}
		whole[i] = a
	}
	return whole
}
