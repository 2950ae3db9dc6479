package certificate_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/certificate"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb/dbtest"
)

var look = flag.String("look", "", "a folder for the sheets, to look at")

// Every kind of sheet, in both languages, with names short and long: written to the
// folder of -look.
func TestSheets_toLookAt(t *testing.T) {
	if *look == "" {
		t.Skip("no folder to write to")
	}
	b := setup(t, dbtest.SQLite(t))
	b.facts.public = true
	b.Go(edition.Results)
	e, err := b.Editions.Change(t.Context(), b.Boss, b.Edition.ID, func(e edition.Edition) edition.Edition {
		e.Host, e.Accent = "Office public de l’habitat (exemple)", "#1f6f8b"
		return e
	})
	if err != nil {
		t.Fatal(err)
	}
	b.facts.people, b.facts.won = nil, nil
	for i, role := range []edition.Role{edition.Participant, edition.Mentor, edition.Juror, edition.Crew, edition.Speaker} {
		who := b.Person("Zoe Exemple"+strings.Repeat("x", i), role)
		who.Name = "Zoé" + strings.Repeat(" Œuvrard-Exemple", 1+i%3)
		lang := []i18n.Lang{i18n.French, i18n.English}[i%2]
		b.facts.people = append(b.facts.people, certificate.Person{Account: who.ID, Name: who.Name, Role: role, Team: "Les Voisins du 3e", Arrived: true, Hours: 41, Lang: lang})
		if role == edition.Participant {
			b.facts.won = append(b.facts.won, certificate.Laureate{Account: who.ID, Name: who.Name, PrizeID: "p1", Prize: "Premier prix", Project: "Le Guichet malin", Team: "Les Voisins du 3e"})
		}
		for _, kind := range []certificate.Kind{certificate.Participation, certificate.Diploma, certificate.Thanks} {
			for _, subject := range []string{"", "p1", string(role)} {
				file := filepath.Join(*look, string(kind)+"-"+string(role)+".pdf")
				out, err := os.Create(file)
				if err != nil {
					t.Fatal(err)
				}
				if b.certificates.Sheet(t.Context(), account.Actor{ID: who.ID}, e, e.Now(b.DB.Clock.Now()), kind, subject, out) != nil {
					_ = os.Remove(file) // it has no such sheet
				} else {
					subject = "done"
				}
				_ = out.Close()
				if subject == "done" {
					break
				}
			}
		}
	}
}
