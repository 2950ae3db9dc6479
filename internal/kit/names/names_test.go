package names

import "testing"

func TestFold(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Chloé Lefèvre-Øst": "chloe lefevre ost",
		"  D'Œuvre  ":       "d oeuvre",
		"STRAẞE ßtraße":     "strasse sstrasse",
		"Ngô Đình, Łukasz":  "ngo dinh lukasz",
		"e\u0301té":         "ete",
		"Ольга":             "ольга",
		"":                  "",
	} {
		if got := Fold(name); got != want {
			t.Errorf("Fold(%q) = %q, want %q", name, got, want)
		}
	}
}
