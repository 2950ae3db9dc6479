// Package arch keeps the house as docs/ARCHITECTURE.md describes it: it reads the
// program's own sources and fails, with the reason, on an import that goes the wrong way,
// a table with two owners, a query that one of the two databases refuses, a text that
// lacks a language, a function that no longer fits a screen. It holds tests only.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// module is the path that our own imports begin with.
const module = "h48/"

// root is the repository as the tests read it.
var root = os.DirFS("../..")

// trees are the folders that hold the program; tools is a module of its own.
var trees = []string{"cmd", "engine", "internal", "migrations"}

// source is one Go file.
type source struct {
	name      string // from the repository's root
	dir       string
	fset      *token.FileSet
	file      *ast.File
	lines     int
	test      bool // a _test.go file
	generated bool
}

// at is where a node stands, for a message.
func (s *source) at(n ast.Node) string {
	return s.name + ":" + strconv.Itoa(s.fset.Position(n.Pos()).Line)
}

// ours are the imports of the project's own packages, without the module's path.
func (s *source) imports() (ours, others []string) {
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if rel, is := strings.CutPrefix(p, module); is {
			ours = append(ours, rel)
		} else {
			others = append(others, p)
		}
	}
	return ours, others
}

// read parses every Go file once for all tests.
var read = sync.OnceValues(func() ([]*source, error) {
	var all []*source
	fset := token.NewFileSet()
	for _, tree := range trees {
		err := fs.WalkDir(root, tree, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(name) != ".go" {
				if d != nil && d.Name() == "testdata" {
					return fs.SkipDir
				}
				return err
			}
			text, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
			if err != nil {
				return err
			}
			all = append(all, &source{name: name, dir: path.Dir(name), fset: fset, file: file,
				lines: strings.Count(string(text), "\n"), test: strings.HasSuffix(name, "_test.go"), generated: ast.IsGenerated(file)})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
})

// sources are all Go files; production leaves out tests and what only tests use.
func sources(t *testing.T) []*source {
	t.Helper()
	all, err := read()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func production(t *testing.T) []*source {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(sources(t)), func(s *source) bool { return s.test || support(s.dir) })
}

// support says whether a package exists for tests: it is named for it.
func support(dir string) bool { return strings.HasSuffix(dir, "test") }

// under says whether a package is dir or stands below it.
func under(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }
