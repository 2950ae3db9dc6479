package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// TestChecks shows each check of the sources something that it must refuse: a check that
// finds nothing anywhere keeps nothing.
func TestChecks(t *testing.T) {
	t.Parallel()
	file := `package p
var counter = 0
var box = &Box{}
var names = []string{"a"}
type Box struct{}
// Told has a comment.
func Told() { counter++; names[0] = "b"; local := 1; local = 2; _ = local }
func Untold() {}
func (b *Box) Untold() {}
func (b *Box) String() string { return "" }
`
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, "p.go", file, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	s := &source{name: "p.go", dir: "p", fset: fset, file: parsed}
	var changed, quiet []string
	for _, name := range assigned(s) {
		changed = append(changed, name.Name)
	}
	pointers := 0
	for _, d := range parsed.Decls {
		quiet = append(quiet, silent(d)...)
		if g, is := d.(*ast.GenDecl); is && g.Tok == token.VAR && changeable(g.Specs[0].(*ast.ValueSpec)) != "" {
			pointers++
		}
	}
	if got, want := len(changed), 3; got != want || changed[0] != "counter" || changed[1] != "names" || changed[2] != "_" {
		t.Errorf("assigned at package level: %q, want counter, names and the blank", changed)
	}
	if pointers != 1 {
		t.Errorf("%d variables are more than constants, want 1", pointers)
	}
	if len(quiet) != 3 {
		t.Errorf("without a comment: %q, want Box and two Untold", quiet)
	}
	if owns("internal/team", "registration") || !owns("internal/team", "team_moves") || !owns("internal/kit/jobs", "kit") {
		t.Error("a migration belongs to the room that it is named for")
	}
	if allowed([]string{"internal/kit/…"}, "internal/kitchen") || !allowed([]string{"internal/kit/…"}, "internal/kit/live") {
		t.Error("x/… is x and what stands below it, nothing else")
	}
}

func TestChecks_typography(t *testing.T) {
	t.Parallel()
	refused := func(s string) bool {
		for _, rule := range frenchRules {
			if rule.wrong.MatchString(s) {
				return true
			}
		}
		return false
	}
	for s, wrong := range map[string]bool{
		"Qu'est-ce":                             true,
		"Servi : {name}":                        true,
		"Servi: {name}":                         true,
		"Vraiment?":                             true,
		"« oui »":                               true,
		"Et puis...":                            true,
		"Qu’est-ce\u00a0? Servi\u00a0:":         false,
		"«\u00a0oui\u00a0»\u00a0!":              false,
		"à 9:30, voir https://exemple.fr/a?b=c": false,
	} {
		if refused(s) != wrong {
			t.Errorf("%q refused: %t, want %t", s, !wrong, wrong)
		}
	}
}
