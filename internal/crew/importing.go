package crew

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sheet"
	"h48/internal/kit/sqldb"
)

// Columns of a file of the crew.
const (
	colEmail  = "email"
	colName   = "name"
	colSkills = "skills"
	colWish   = "wish"
	colMost   = "most"
)

var fileColumns = []sheet.Column{
	{Name: colEmail, Titles: []string{"E-mail", "Courriel", "Adresse e-mail", "Mail", "Email address"}, Required: true},
	{Name: colName, Titles: []string{"Nom", "Prénom et nom", "Nom complet", "Name", "Full name"}, Required: true},
	{Name: colSkills, Titles: []string{"Compétences", "Skills"}},
	{Name: colWish, Titles: []string{"Heures souhaitées", "Souhait", "Hours wished", "Wish"}},
	{Name: colMost, Titles: []string{"Heures au plus", "Maximum", "Hours at most", "Most"}},
}

// helper is one line of a file.
type helper struct {
	email, name string
	offer       Offer
}

// Import makes everybody in a CSV file one of the crew, or nobody: what is wrong with a
// line is returned, and then nothing is done. What somebody said of themselves already
// stays. An organiser's matter.
func (s *Service) Import(ctx context.Context, actor account.Actor, id edition.ID, r io.Reader) (n int, wrong []sheet.Problem, err error) {
	file, err := sheet.Read(r, fileColumns)
	if err != nil {
		return 0, nil, err
	}
	var all []helper
	for _, line := range file.Lines {
		if h, ok := readHelper(&file, line); ok {
			all = append(all, h)
		}
	}
	if len(file.Problems) > 0 {
		return 0, file.Problems, nil
	}
	err = s.db.Together(ctx, func(ctx context.Context) error {
		return s.enlist(ctx, actor, id, all)
	})
	return len(all), nil, err
}

func (s *Service) enlist(ctx context.Context, actor account.Actor, id edition.ID, all []helper) error {
	ids := make([]account.ID, len(all))
	for i, h := range all {
		who, err := s.editions.Grant(ctx, actor, id, h.email, h.name, edition.Crew)
		if err != nil {
			return err
		}
		ids[i] = who.ID
	}
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		for i, h := range all {
			if m, ok := at.rota.Member(ids[i]); ok && m.Offer.Silent() {
				if err := setOffer(ctx, tx, id, ids[i], h.offer, time.Time{}); err != nil {
					return said{}, err
				}
			}
		}
		return said{"crew.imported", "", "", strconv.Itoa(len(all))}, nil
	})
}

func readHelper(file *sheet.Sheet, line sheet.Line) (helper, bool) {
	h, before := helper{email: line.Cell(colEmail), name: line.Cell(colName)}, len(file.Problems)
	if _, _, ok := account.ParseEmail(h.email); !ok {
		file.Refuse(line, colEmail, "account.email_wrong")
	}
	for _, word := range strings.FieldsFunc(line.Cell(colSkills), func(c rune) bool { return c == ',' || c == ';' }) {
		h.offer.Skills = append(h.offer.Skills, strings.TrimSpace(word))
	}
	for column, into := range map[string]*int{colWish: &h.offer.Wish, colMost: &h.offer.Most} {
		text := line.Cell(column)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 100 {
			file.Refuse(line, column, "error.number")
		}
		*into = n
	}
	return h, len(file.Problems) == before
}

// importPeople takes a file of the crew.
func (p pages) importPeople(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	file, _, _, err := door.File(r, "file", sheet.MaxBytes)
	if err == nil && file == nil {
		err = errs.Fields{{Name: "file", Key: "error.required"}}
	}
	n, lost := 0, []sheet.Problem(nil)
	if err == nil {
		defer file.Close()
		n, lost, err = p.s.Import(r.Context(), v.Actor, v.Edition.ID, file)
	}
	if err == nil && len(lost) > 0 {
		err = errs.New(errs.Invalid, "crew.file_refused", "n", len(lost))
	}
	if err != nil {
		var lines []refusedLine
		for _, one := range lost {
			lines = append(lines, refusedLine{one.Line, v.L.T("crew.file_line", "line", one.Line, "column", one.Column, "why", v.L.T(one.Key, one.Args...))})
		}
		page, broken := p.people(r, v, err, lines)
		if broken != nil {
			return broken
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "crew.imported", "n", n)
	return v.Go(w, r, v.URL("crew", "people"))
}
