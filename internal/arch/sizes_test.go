package arch

import (
	"go/ast"
	"testing"
)

// Sizes above which code no longer fits a screen, a sitting, a head. The numbers are the
// ninth decile to the 99th percentile of well-kept Go programs.
const (
	longFunction = 60 // worth a look
	mostFunction = 100
	mostFile     = 700
	mostPackage  = 6000
)

func TestSizes(t *testing.T) {
	t.Parallel()
	packages := map[string]int{}
	for _, s := range sources(t) {
		if s.generated || s.test {
			continue
		}
		packages[s.dir] += s.lines
		if s.lines > mostFile {
			t.Errorf("%s has %d lines; a file is read in one sitting: at most %d", s.name, s.lines, mostFile)
		}
		for _, d := range s.file.Decls {
			f, is := d.(*ast.FuncDecl)
			if !is || f.Body == nil {
				continue
			}
			lines := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1
			switch {
			case lines > mostFunction:
				t.Errorf("%s: %s has %d lines; a function fits a screen: at most %d", s.at(f), f.Name.Name, lines, mostFunction)
			case lines > longFunction:
				t.Logf("%s: %s has %d lines", s.at(f), f.Name.Name, lines)
			}
		}
	}
	for dir, lines := range packages {
		if lines > mostPackage {
			t.Errorf("%s has %d lines; split the package: at most %d", dir, lines, mostPackage)
		}
	}
}
