package arch

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestRules_worldAtTheDoor: what comes from the machine enters in one place each, so
// that a test, a rehearsal and a repeat of a draw can put something else there.
func TestRules_worldAtTheDoor(t *testing.T) {
	t.Parallel()
	rules := []struct {
		pkg   string
		names []string
		where []string
		why   string
	}{
		{"time", []string{"Now", "Since", "Until"}, []string{"internal/kit/clock", "cmd", "internal/bench"}, "time comes from kit/clock"},
		{"time", []string{"Sleep"}, nil, "wait for what happens, or for a timer with a context"},
		{"os", []string{"Getenv", "LookupEnv", "Environ"}, []string{"internal/cli", "internal/config", "internal/kit/sqldb/pgrun"}, "settings are read once, by internal/config"},
		{"rand", []string{"Int", "IntN", "Intn", "Int64N", "Float64", "Perm", "Shuffle", "N", "Uint64", "Uint32", "NormFloat64", "ExpFloat64"}, nil, "chance comes from a source with a seed, or from kit/ids"},
		{"fmt", []string{"Print", "Println", "Printf"}, []string{"engine/teaming/instances/draw", "internal/bench/load"}, "write to the stream you were given"},
		{"log", []string{"Fatal", "Fatalf", "Print", "Printf", "Println"}, []string{"engine/teaming/instances/draw"}, "log with slog, return errors"},
	}
	for _, s := range production(t) {
		for _, call := range selections(s) {
			for _, r := range rules {
				allowed := slices.ContainsFunc(r.where, func(dir string) bool { return under(s.dir, dir) })
				if call.pkg == r.pkg && slices.Contains(r.names, call.name) && !allowed {
					t.Errorf("%s: %s.%s: %s", s.at(call.node), call.pkg, call.name, r.why)
				}
			}
		}
		if _, others := s.imports(); slices.Contains(others, "math/rand") {
			t.Errorf("%s imports math/rand: use math/rand/v2 with a seed", s.name)
		}
	}
}

type selection struct {
	pkg, name string
	node      ast.Node
}

// selections are the uses of imported packages' names.
func selections(s *source) (all []selection) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, is := n.(*ast.SelectorExpr); is {
			if pkg, is := sel.X.(*ast.Ident); is && pkg.Obj == nil {
				all = append(all, selection{pkg.Name, sel.Sel.Name, sel})
			}
		}
		return true
	})
	return all
}

// TestRules_nothingBehindTheBack: no code runs because a package is imported, and no
// package remembers anything between two calls.
func TestRules_nothingBehindTheBack(t *testing.T) {
	t.Parallel()
	variables := map[string]map[string]bool{}
	for _, s := range production(t) {
		if s.generated {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: init runs unasked: call what must be called", s.at(d))
				}
			case *ast.GenDecl:
				if d.Tok != token.VAR {
					continue
				}
				for _, spec := range d.Specs {
					v := spec.(*ast.ValueSpec)
					for _, name := range v.Names {
						if variables[s.dir] == nil {
							variables[s.dir] = map[string]bool{}
						}
						variables[s.dir][name.Name] = true
					}
					if what := changeable(v); what != "" {
						t.Errorf("%s: %s is %s: a package keeps nothing; give it to a constructor", s.at(v), v.Names[0].Name, what)
					}
				}
			}
		}
	}
	for _, s := range production(t) {
		for _, changed := range assigned(s) {
			if variables[s.dir][changed.Name] {
				t.Errorf("%s changes the package's %s: it is a constant for everyone who reads it", s.at(changed), changed.Name)
			}
		}
	}
}

// changeable names what makes a variable more than a constant, "" for nothing.
func changeable(v *ast.ValueSpec) string {
	for _, value := range append(slices.Clone(v.Values), v.Type) {
		switch value := value.(type) {
		case *ast.UnaryExpr:
			if value.Op == token.AND {
				return "a pointer"
			}
		case *ast.ChanType, *ast.StarExpr:
			return "shared"
		case *ast.SelectorExpr:
			if pkg, is := value.X.(*ast.Ident); is && (pkg.Name == "sync" || pkg.Name == "atomic") {
				return "a lock or a counter"
			}
		case *ast.CallExpr:
			if f, is := value.Fun.(*ast.Ident); is && (f.Name == "make" || f.Name == "new") {
				return "made to be filled"
			}
		}
	}
	return ""
}

// assigned are the names of package level that the file's functions assign to, or to a
// part of: names that the file's scopes do not resolve, or resolve to its own var.
func assigned(s *source) (all []*ast.Ident) {
	note := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.SelectorExpr:
				e = x.X
				continue
			case *ast.StarExpr:
				e = x.X
				continue
			case *ast.Ident:
				if x.Obj == nil || s.file.Scope.Objects[x.Name] == x.Obj {
					all = append(all, x)
				}
			}
			return
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, left := range n.Lhs {
					note(left)
				}
			}
		case *ast.IncDecStmt:
			note(n.X)
		}
		return true
	})
	return all
}

// customary are methods whose name is their whole promise.
var customary = []string{"Error", "String", "Unwrap", "Is", "Len", "Less", "Swap", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "Run"}

func TestRules_everythingSaysWhatItPromises(t *testing.T) {
	t.Parallel()
	told := map[string]bool{}
	for _, s := range sources(t) {
		told[s.dir] = told[s.dir] || s.file.Doc != nil
		if s.test || s.generated || s.file.Name.Name == "main" {
			continue
		}
		for _, d := range s.file.Decls {
			for _, name := range silent(d) {
				t.Errorf("%s: %s has no comment that says what it promises", s.at(d), name)
			}
		}
	}
	for dir, has := range told {
		if !has {
			t.Errorf("%s has no package comment: what is it for, and what will it not do?", dir)
		}
	}
}

// silent are the exported names of a declaration without a comment.
func silent(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() || d.Doc != nil {
			return nil
		}
		if d.Recv != nil && (slices.Contains(customary, d.Name.Name) || !ast.IsExported(receiver(d))) {
			return nil
		}
		return []string{d.Name.Name}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
					names = append(names, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// receiver is the name of the type that a method is of.
func receiver(d *ast.FuncDecl) string {
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// TestRules_names: a package is named for what it is about, never for being useful.
func TestRules_names(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if slices.Contains([]string{"util", "utils", "common", "helpers", "helper", "base", "manager", "models", "types", "misc", "shared"}, path.Base(s.dir)) {
			t.Errorf("%s: %q says nothing: name the package for its subject", s.name, path.Base(s.dir))
		}
		for _, group := range s.file.Comments {
			if strings.Contains(group.Text(), "TODO") || strings.Contains(group.Text(), "FIXME") {
				t.Errorf("%s: a note to oneself: do it, or write it down in docs/ARCHITECTURE.md under known debts", s.at(group))
			}
		}
	}
}
