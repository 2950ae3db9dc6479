package place_test

import (
	"encoding/json"
	"testing"

	"h48/engine/place"
)

const text = `{"size": {"min": 3},
 "people": [{"id": "a", "tags": ["x", "y}"]},
            {"i\u0064": "b\"",
             "skills": [1, [2], {"p": null}, true]}]}`

func TestFind(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]place.Place{
		"size.min":                {1, 18},
		"people[0].tags[1]":       {2, 39},
		"people[1].id":            {3, 25},
		"people[1].skills[3]":     {4, 46},
		"people[1].skills[2].p":   {4, 39},
		"people[1].nothing":       {3, 13}, // as far as the text goes
		"people[7].id":            {2, 12},
		"people[1].skills[1][0]":  {4, 29},
		"size.min.far.beyond[88]": {1, 18},
	} {
		if got, ok := place.Find([]byte(text), path); got != want || !ok {
			t.Errorf("%s stands at %v (%t), want %v", path, got, ok, want)
		}
	}
	if _, ok := place.Find([]byte(text), "elsewhere"); ok {
		t.Error("found a field that is not there")
	}
}

func TestTwice(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		text: "",
		`{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`: "",
		`{"a":1,"b":2,"a":3}`:                       "a",
		`[{"x":{"id":"p","id":"q"}}]`:               "id",
		`{"id":1,"i\u0064":2}`:                      "id",
		`{"text":"{\"a\":1,\"a\":2}"}`:              "",
		`[1,2.5e3,null,true,"",{},[],[[]]]`:         "",
	} {
		if got, _, _ := place.Twice([]byte(in)); got != want {
			t.Errorf("%s: %q stands twice, want %q", in, got, want)
		}
	}
	if _, at, _ := place.Twice([]byte("{\"a\":1,\n  \"a\":3}")); at != (place.Place{Line: 2, Column: 3}) {
		t.Errorf("the second stands at %v", at)
	}
}

// FuzzPlace holds that any text ends, that places are inside it, and that a valid text is
// walked to its end: a field put behind everything is found.
func FuzzPlace(f *testing.F) {
	f.Add([]byte(text), "people[1].skills[3]")
	f.Add([]byte(`{"a":[`), "a[0]")
	f.Add([]byte(`"\`), ".[")
	f.Fuzz(func(t *testing.T, in []byte, path string) {
		where, _ := place.Find(in, path)
		name, _, _ := place.Twice(in)
		if where.Line < 1 || where.Column < 1 || where.Column > len(in)+1 {
			t.Fatalf("%q stands at %v", path, where)
		}
		if !json.Valid(in) {
			return
		}
		wrapped := append(append([]byte(`{"in":`), in...), `,"last":7}`...)
		if at, ok := place.Find(wrapped, "last"); !ok || at != place.At(wrapped, len(wrapped)-2) {
			t.Fatalf("the field behind %s is at %v (%t)", in, at, ok)
		}
		if again, _, _ := place.Twice(wrapped); again != name {
			t.Fatalf("%s: %q stands twice, wrapped %q", in, name, again)
		}
	})
}
