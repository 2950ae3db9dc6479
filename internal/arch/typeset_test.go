package arch

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var typeset = flag.Bool("typeset", false, "write the no-break spaces and apostrophes of the French texts into words.json")

var (
	frenchValue = regexp.MustCompile(`"fr":\s*(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])`)
	corrections = []struct {
		wrong *regexp.Regexp
		right string
	}{
		{regexp.MustCompile(` ([:;?!»])`), "\u00a0$1"},
		{regexp.MustCompile(`« `), "«\u00a0"},
		{regexp.MustCompile(`(\pL)'(\pL)`), "$1’$2"},
		{regexp.MustCompile(`\.\.\.`), "…"},
	}
)

// set corrects the French texts of a words.json and leaves every other byte alone.
func set(file string) string {
	return frenchValue.ReplaceAllStringFunc(file, func(value string) string {
		for _, c := range corrections {
			value = c.wrong.ReplaceAllString(value, c.right)
		}
		return value
	})
}

func TestTypeset(t *testing.T) {
	file := `{"a.b": {"fr": ["C'est « {n} » ?", "Oui : {n}..."], "en": "It's : {n}"}}`
	want := "{\"a.b\": {\"fr\": [\"C’est «\u00a0{n}\u00a0»\u00a0?\", \"Oui\u00a0: {n}…\"], \"en\": \"It's : {n}\"}}"
	if got := set(file); got != want {
		t.Errorf("set\n%s\nwant\n%s", got, want)
	}
	if !*typeset {
		return
	}
	err := fs.WalkDir(root, "internal", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "words.json" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		if right := set(string(text)); right != string(text) {
			return os.WriteFile(filepath.Join("../..", name), []byte(right), 0o644)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
