package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/engine/teaming"
)

func TestPeopleFromCSV(t *testing.T) {
	t.Parallel()
	skills := []string{"dev", "data", "design"}
	got, err := readPeople([]byte("id,group,role,skills,strength,prefs,excluded,languages,tags,slots,wants,avoids,never\n"+
		"p1,g1,student,dev:3;design:1,7,rental>energy,mobility,fr;en,w,11011111,p2,p3,p4\np2,,,,,,,,,,,,\n"), skills)
	if err != nil {
		t.Fatal(err)
	}
	want := []teaming.Person{{ID: "p1", Group: "g1", Role: "student", Skills: []int{3, 0, 1}, Strength: 7,
		Prefs: []string{"rental", "energy"}, Excluded: []string{"mobility"}, Languages: []string{"fr", "en"}, Tags: []string{"w"},
		Slots: "11011111", Wants: []string{"p2"}, Avoids: []string{"p3"}, Never: []string{"p4"}}, {ID: "p2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for text, want := range map[string]string{
		"":                             "line 1",
		"id,shoe\n":                    "line 1, column 2",
		"id,wants,Wants\n":             "line 1, column 3: wants stands twice",
		"id,skills\np1,\np2,cooking:3": "line 3, skills",
		"id,strength\np1,much":         "line 2, strength",
	} {
		if _, err := readPeople([]byte(text), skills); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want it to name %s", text, err, want)
		}
	}
}

// The command's help lists the columns that are read.
func TestFormCommand_namesTheColumns(t *testing.T) {
	t.Parallel()
	field, _ := reflect.TypeFor[formCommand]().FieldByName("People")
	if help := field.Tag.Get("help"); !strings.Contains(help, strings.Join(peopleColumns, ",")) {
		t.Errorf("the help says %q", help)
	}
}

// No table makes the program fall, and what is read has as many skills as were asked.
func FuzzReadPeople(f *testing.F) {
	f.Add([]byte("id,skills\np1,dev:3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		people, err := readPeople(data, []string{"dev"})
		if err != nil && people != nil {
			t.Error("people and an error")
		}
		for _, p := range people {
			if len(p.Skills) > 1 {
				t.Errorf("%s has %d levels of one skill", p.ID, len(p.Skills))
			}
		}
	})
}

// A list kept in a spreadsheet stands in for the people of the instance.
func TestFormWithPeopleOfATable(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "people.csv")
	for _, c := range []struct {
		table string
		code  int
		want  string
	}{
		{"id,wants\nx,y\ny,\nv,w\nw,v\n", 0, "2 teams, cost 0"},
		{"id,wants\nx,y\nx,\n", 2, `people[1].id: "x" is already`},
		{"id,shoe\n", 2, "people.csv: line 1, column 2"},
	} {
		if err := os.WriteFile(name, []byte(c.table), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := Main(context.Background(), []string{"form", "--people", name}, Streams{strings.NewReader(fourPeople), &out, &errs})
		if code != c.code || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%q: exit %d, wanted %d; standard error: %s", c.table, code, c.code, errs.String())
		}
	}
}
