package pdf_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"h48/internal/kit/pdf"
	"h48/internal/kit/pdf/ua"
)

// Lists, a table of several sheets and a link are read as what they are.
func TestFlow_listsTablesAndLinks(t *testing.T) {
	t.Parallel()
	f := pdf.NewFlow(pdf.Meta{Title: "Essai", Lang: "fr"}, 0x14323a, 0x1f6f8b, "Essai")
	f.Title("Essai")
	f.Items("Une personne", strings.Repeat("un nom très long ", 20), "Une autre")
	f.Items()
	var rows [][]string
	for n := range 60 {
		rows = append(rows, []string{fmt.Sprint(n + 1), "Équipe " + strings.Repeat("longue ", n%9), "4,20"})
	}
	columns := []pdf.Column{{Head: "Rang", Share: 1, Number: true}, {Head: "Équipe", Share: 4}, {Head: "Estimation", Share: 2, Number: true}}
	f.Table(columns, 1, rows)
	f.Table(columns, 1, nil)
	f.Link("Vérifier : https://h48.example/verify", "Vérifier ce document", "https://h48.example/verify/é(1)")
	var b bytes.Buffer
	if _, err := f.Doc.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	if found := ua.Check(b.Bytes()); len(found) > 0 {
		t.Errorf("cannot be read by everybody: %v", found)
	}
	for what, want := range map[string]int{"/S/Table/": 1, "/S/TR/": 61, "/Scope/Column": 3, "/Scope/Row": 60, "/S/TD/": 120, "/S/L/": 1, "/S/LI/": 3, "/S/LBody/": 3,
		"/S/Link/": 1, "/Subtype/Link": 1, `/URI(https://h48.example/verify/%C3%A9\(1\))`: 1} {
		if got := bytes.Count(b.Bytes(), []byte(what)); got != want {
			t.Errorf("%s stands %d times, want %d", what, got, want)
		}
	}
}
