package app

import (
	"testing"
	"time"

	"h48/internal/edition"
)

func TestWithYear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"Hackathon 2018", "Hackathon 2019"},
		{"Hackathon", "Hackathon 2019"},
		{"Hackathon 2021", "Hackathon 2022"},
		{"Objectif 2030 ensemble", "Objectif 2030 ensemble 2019"},
		{"48 heures", "48 heures 2019"},
	} {
		if got := withYear(c.text, "2018", "2019", " "); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
	}
}

func TestArcName_ofAGathering(t *testing.T) {
	t.Parallel()
	if got := arcName(at(edition.Starts, edition.Ends), edition.Starts); got != "event" {
		t.Errorf("an inauguration's middle is called %q", got)
	}
	if got := arcName(at(edition.Starts, edition.HandIn), edition.Starts); got != string(edition.Starts) {
		t.Errorf("a hackathon's middle is called %q", got)
	}
}

func at(moments ...edition.Moment) edition.Edition {
	e := edition.Edition{At: map[edition.Moment]time.Time{}}
	for i, m := range moments {
		e.At[m] = time.Unix(int64(i+1)*3600, 0)
	}
	return e
}
