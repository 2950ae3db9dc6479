package arch

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// text is one key of a words.json: its forms in each language.
type text struct {
	file  string
	forms map[string][]string
}

// catalogue reads every room's words.
func catalogue(t *testing.T) map[string]text {
	t.Helper()
	all := map[string]text{}
	err := fs.WalkDir(root, "internal", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "words.json" {
			return err
		}
		raw, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		var words map[string]map[string]any
		if err := json.Unmarshal(raw, &words); err != nil {
			return err
		}
		for key, langs := range words {
			forms := map[string][]string{}
			for lang, v := range langs {
				switch v := v.(type) {
				case string:
					forms[lang] = []string{v}
				case []any:
					for _, f := range v {
						form, _ := f.(string)
						forms[lang] = append(forms[lang], form)
					}
				}
			}
			all[key] = text{file: name, forms: forms}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var keyForm = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_-]+)+$`)

// speaking are the functions that take a key of the catalogue, with its place among
// their arguments.
var speaking = map[string]int{"T": 0, "N": 0, "Has": 0, "Say": 2, "Field": 3, "New": 1, "Add": 1}

func TestWords_everyKeyIsThere(t *testing.T) {
	t.Parallel()
	words := catalogue(t)
	for _, s := range production(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is {
				return true
			}
			f, is := call.Fun.(*ast.SelectorExpr)
			if !is {
				return true
			}
			place, speaks := speaking[f.Sel.Name]
			if !speaks || place >= len(call.Args) {
				return true
			}
			lit, is := call.Args[place].(*ast.BasicLit)
			if !is || lit.Kind != token.STRING {
				return true
			}
			if key, err := strconv.Unquote(lit.Value); err == nil && keyForm.MatchString(key) && words[key].file == "" {
				t.Errorf("%s: no words.json has %q", s.at(lit), key)
			}
			return true
		})
	}
}

// TestWords_everyTextIsSaid: a text that no code names is one that nobody reads. Code
// names a key whole, or its beginning up to a dot with the rest made from a value; of a
// beginning that is a room's name alone the rest must be a literal too.
func TestWords_everyTextIsSaid(t *testing.T) {
	t.Parallel()
	literals, beginnings := map[string]bool{}, []string{}
	for _, s := range production(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if lit, is := n.(*ast.BasicLit); is && lit.Kind == token.STRING {
				if value, err := strconv.Unquote(lit.Value); err == nil {
					for _, word := range append(strings.Fields(value), value) { // a list of keys may be one literal
						literals[strings.TrimPrefix(word, "=")] = true
					}
					if strings.HasSuffix(value, ".") && keyForm.MatchString(value+"x") {
						beginnings = append(beginnings, value)
					}
				}
			}
			return true
		})
	}
	for key, text := range catalogue(t) {
		said := literals[key] || slices.ContainsFunc(beginnings, func(b string) bool {
			rest, begins := strings.CutPrefix(key, b)
			return begins && (strings.Count(b, ".") > 1 || literals[rest])
		})
		if !said {
			t.Errorf("%s: nothing says %q", text.file, key)
		}
	}
}

var (
	argument = regexp.MustCompile(`\{[a-z_]+\}`)
	// The French spaces that must not break: before high signs and inside guillemets.
	frenchRules = []struct {
		wrong *regexp.Regexp
		why   string
	}{
		{regexp.MustCompile(`\pL'\pL`), "the apostrophe is ’"},
		{regexp.MustCompile(` [:;?!»]`), "a no-break space (U+00A0 or U+202F) stands before : ; ? ! »"},
		{regexp.MustCompile(`« |«[^\x{a0}\x{202f}]`), "a no-break space stands after «"},
		{regexp.MustCompile(`[\pL\d)][;?!»]([\s»]|$)|\pL:\s`), "a no-break space is missing before : ; ? ! »"},
		{regexp.MustCompile(`\.\.\.`), "the ellipsis is …"},
		{regexp.MustCompile(`"\pL[^"]*"`), "quotes are « »"},
	}
	englishRules = []struct {
		wrong *regexp.Regexp
		why   string
	}{
		{regexp.MustCompile(`\pL'\pL`), "the apostrophe is ’"},
		{regexp.MustCompile(` [:;?!]( |$)`), "no space stands before : ; ? !"},
		{regexp.MustCompile(`\.\.\.`), "the ellipsis is …"},
	}
)

func TestWords_frenchAndEnglish(t *testing.T) {
	t.Parallel()
	for key, text := range catalogue(t) {
		fr, en := strings.Join(text.forms["fr"], "\n"), strings.Join(text.forms["en"], "\n")
		if a, b := arguments(fr), arguments(en); !slices.Equal(a, b) {
			t.Errorf("%s: %s takes %v in French and %v in English", text.file, key, a, b)
		}
		for _, rule := range frenchRules {
			if wrong := rule.wrong.FindString(fr); wrong != "" {
				t.Errorf("%s: %s in French has %q: %s", text.file, key, wrong, rule.why)
			}
		}
		for _, rule := range englishRules {
			if wrong := rule.wrong.FindString(en); wrong != "" {
				t.Errorf("%s: %s in English has %q: %s", text.file, key, wrong, rule.why)
			}
		}
		if room := path.Base(path.Dir(text.file)); !strings.HasPrefix(key, room+".") && !strings.HasPrefix(key, "error.") {
			t.Errorf("%s: %s does not begin with its room's name", text.file, key)
		}
	}
}

// arguments are the {names} of a text, each once, sorted.
func arguments(s string) []string {
	all := argument.FindAllString(s, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// TestWords_everyActionIsTold: what a room writes into the trail, organisers read in a
// sentence. An action is written as a literal "room.verb" beside the word for writing it,
// or stands in a room's code and is no text of the catalogue.
func TestWords_everyActionIsTold(t *testing.T) {
	t.Parallel()
	words, told := catalogue(t), map[string]bool{}
	for key := range words {
		if action, is := strings.CutPrefix(key, "journal.do."); is {
			room, _, _ := strings.Cut(action, ".")
			told[room] = true
		}
	}
	writing := map[string]bool{"note": true, "tell": true, "giveBack": true, "write": true}
	check := func(s *source, e ast.Expr, mayBeText bool) {
		lit, is := e.(*ast.BasicLit)
		if !is || lit.Kind != token.STRING {
			return
		}
		action, _ := strconv.Unquote(lit.Value)
		room, verb, _ := strings.Cut(action, ".")
		if !keyForm.MatchString(action) || strings.Contains(verb, ".") || !told[room] || (mayBeText && words[action].file != "") {
			return
		}
		if words["journal.do."+action].file == "" {
			t.Errorf("%s: the journal has no sentence for %q", s.at(lit), action)
		}
	}
	for _, s := range production(t) {
		if under(s.dir, "internal/app/journal") || under(s.dir, "internal/jury/record") { // the record's kinds are its own
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				return n.Tok != token.CONST // kinds of jobs
			case *ast.KeyValueExpr:
				if key, is := n.Key.(*ast.Ident); is && strings.EqualFold(key.Name, "action") {
					check(s, n.Value, false)
				}
			case *ast.ReturnStmt:
				for _, e := range n.Results {
					check(s, e, true)
				}
			case *ast.CallExpr:
				f, is := n.Fun.(*ast.SelectorExpr)
				for _, e := range n.Args {
					if is && (writing[f.Sel.Name] || f.Sel.Name == "change") {
						check(s, e, !writing[f.Sel.Name])
					}
				}
			case *ast.CompositeLit:
				if kind, is := n.Type.(*ast.Ident); is && kind.Name == "said" && len(n.Elts) > 0 {
					check(s, n.Elts[0], false)
				}
			}
			return true
		})
	}
}
