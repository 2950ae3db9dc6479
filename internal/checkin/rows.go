package checkin

import (
	"strings"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/kit/qr"
	"h48/internal/registration"
	"h48/internal/ui"
)

// what says in a few words what somebody is here: their roles, or why they have none.
func what(v *door.Visit, p Someone) string {
	var words []string
	for _, role := range p.Roles {
		words = append(words, v.L.T("edition.role."+string(role)))
	}
	if len(words) == 0 && p.State != "" {
		words = append(words, v.L.T("registration.state."+string(p.State)))
	}
	return strings.Join(words, ", ")
}

// photoOf is what somebody said of pictures; nothing said is a no.
func photoOf(p Someone) registration.Photo {
	if p.Photo == registration.PhotoUnsaid {
		return registration.PhotoNo
	}
	return p.Photo
}

// freeSeats is how many walk-ins may still come.
func freeSeats(v *door.Visit, sum registration.Summary) string {
	if sum.Seats == 0 {
		return v.L.T("checkin.no_limit")
	}
	return v.L.Int(int64(sum.Free()))
}

// doorOf says who let somebody in, and where.
func doorOf(c Clash, p Pass) string {
	name := c.By[p.By]
	if p.Station != "" {
		name += " (" + p.Station + ")"
	}
	return name
}

func insideRows(v *door.Visit, people []Someone) []ui.Row {
	rows := make([]ui.Row, len(people))
	for i, p := range people {
		rows[i] = ui.Row{Cells: []templ.Component{ui.Text(p.Name), ui.Text(what(v, p)), ui.Text(v.L.DateTime(p.Since))}}
	}
	return rows
}

// picture is the QR code of a badge; "" where its address is too long for one, which the
// printed code makes up for.
func picture(v *door.Visit, b Badge) string {
	code, err := qr.New(b.URL)
	if err != nil {
		return ""
	}
	return code.SVG(v.L.T("checkin.qr", "name", b.Name))
}
