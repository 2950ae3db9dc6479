package arch

import (
	"go/ast"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// codeMap reads the tables of docs/ARCHITECTURE.md: a row whose first cell is a package
// in backticks says in its last cell what the package may import; a row whose first
// cell is a name in bold says which packages the name stands for.
func codeMap(t *testing.T) map[string][]string {
	t.Helper()
	doc, err := fs.ReadFile(root, "docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	groups, may := map[string][]string{}, map[string][]string{}
	ticked, bold := regexp.MustCompile("`([^`]+)`"), regexp.MustCompile(`\*\*([^*]+)\*\*`)
	words := func(cell string) (all []string) {
		for _, m := range ticked.FindAllStringSubmatch(cell, -1) {
			all = append(all, m[1])
		}
		for _, m := range bold.FindAllStringSubmatch(cell, -1) {
			all = append(all, groups[m[1]]...)
			if groups[m[1]] == nil {
				t.Errorf("docs/ARCHITECTURE.md: %q is not one of the groups above the code map", m[1])
			}
		}
		return all
	}
	for line := range strings.Lines(string(doc)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) < 4 {
			continue
		}
		first, last := strings.TrimSpace(cells[1]), cells[len(cells)-2]
		switch m := ticked.FindStringSubmatch(first); {
		case strings.HasPrefix(first, "**"):
			groups[bold.FindStringSubmatch(first)[1]] = words(last)
		case m != nil && strings.HasPrefix(first, "`"):
			if _, twice := may[m[1]]; twice {
				t.Errorf("docs/ARCHITECTURE.md: %s has two rows", m[1])
			}
			may[m[1]] = words(last)
		}
	}
	if len(may) == 0 {
		t.Fatal("docs/ARCHITECTURE.md has no code map")
	}
	return may
}

// allowed says whether a package that may import those may import to; a name that ends
// in /… stands for everything below.
func allowed(may []string, to string) bool {
	return slices.ContainsFunc(may, func(m string) bool {
		dir, tree := strings.CutSuffix(m, "/…")
		return m == to || tree && under(to, dir)
	})
}

func TestImports_followTheCodeMap(t *testing.T) {
	t.Parallel()
	may := codeMap(t)
	present := map[string]bool{}
	for _, s := range sources(t) {
		present[s.dir] = true
		list, known := may[s.dir]
		if !known {
			t.Errorf("%s: %s has no row in the code map of docs/ARCHITECTURE.md", s.name, s.dir)
			continue
		}
		if s.test {
			continue // a test may look at anything
		}
		ours, _ := s.imports()
		for _, to := range ours {
			if !allowed(list, to) {
				t.Errorf("%s imports %s: the code map of docs/ARCHITECTURE.md does not let %s", s.name, to, s.dir)
			}
		}
	}
	for dir := range may {
		if !present[dir] {
			t.Logf("docs/ARCHITECTURE.md has a row for %s, which is not there", dir)
		}
	}
}

// TestImports_roomsApart holds what the code map must never grant: two rooms of tier 3
// that lean on each other. A room asks for what it needs with an interface of its own.
func TestImports_roomsApart(t *testing.T) {
	t.Parallel()
	ground := []string{"account", "edition", "registration", "team", "project", "door", "kit", "ui", "config", "app", "cli", "arch", "e2e", "rehearsal", "bench"}
	room := func(dir string) string {
		parts := strings.Split(dir, "/")
		if len(parts) < 2 || parts[0] != "internal" || slices.Contains(ground, parts[1]) {
			return ""
		}
		return parts[1]
	}
	for _, s := range production(t) {
		ours, _ := s.imports()
		for _, to := range ours {
			if from, into := room(s.dir), room(to); from != "" && into != "" && from != into {
				t.Errorf("%s imports %s: rooms of tier 3 stay apart; declare an interface and join the two in internal/app", s.name, to)
			}
		}
	}
}

func TestImports_mathematicsHasNoTools(t *testing.T) {
	t.Parallel()
	worldly := []string{"database/sql", "net", "net/http", "os/exec", "log", "log/slog"}
	for _, s := range production(t) {
		if !under(s.dir, "engine") {
			continue
		}
		ours, others := s.imports()
		for _, to := range ours {
			if !under(to, "engine") {
				t.Errorf("%s imports %s: an engine knows nothing of the program", s.name, to)
			}
		}
		for _, to := range others {
			host, _, _ := strings.Cut(to, "/")
			if strings.Contains(host, ".") && !strings.HasPrefix(to, "gonum.org/v1/gonum") {
				t.Errorf("%s imports %s: engines use the standard library and gonum only", s.name, to)
			}
			if slices.Contains(worldly, to) {
				t.Errorf("%s imports %s: an engine has no input or output of its own", s.name, to)
			}
		}
	}
}

func TestImports_testSupportStaysInTests(t *testing.T) {
	t.Parallel()
	for _, s := range production(t) {
		ours, others := s.imports()
		for _, to := range append(ours, others...) {
			if support(to) || to == "testing" {
				t.Errorf("%s imports %s: it exists for tests", s.name, to)
			}
		}
	}
}

// pageFile is a file of a room that answers requests or draws pages.
var pageFile = regexp.MustCompile(`^(web|api).*\.go$|_templ\.go$`)

// layers bans imports by a file's name, so that layers hold inside a room.
var layers = []struct {
	file *regexp.Regexp
	ban  []string
	why  string
}{
	{pageFile, []string{"database/sql"}, "what a page shows or changes goes through the room's service"},
	{regexp.MustCompile(`^store.*\.go$`), []string{"net/http", "internal/ui", "internal/door", "internal/kit/web"}, "SQL knows nothing of HTTP"},
}

func TestImports_layersOfARoom(t *testing.T) {
	t.Parallel()
	for _, s := range production(t) {
		if under(s.dir, "internal/kit") {
			continue
		}
		ours, others := s.imports()
		for _, layer := range layers {
			for _, to := range append(ours, others...) {
				if layer.file.MatchString(path.Base(s.name)) && slices.Contains(layer.ban, to) {
					t.Errorf("%s imports %s: %s", s.name, to, layer.why)
				}
			}
		}
	}
}

// TestImports_pagesRunNoSQL: a handler may name what a service's method takes (Querier)
// and what it answers (ErrNotFound); it never asks the database by itself.
func TestImports_pagesRunNoSQL(t *testing.T) {
	t.Parallel()
	for _, s := range production(t) {
		if !pageFile.MatchString(path.Base(s.name)) || under(s.dir, "internal/kit") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, is := n.(*ast.SelectorExpr)
			if !is {
				return true
			}
			if pkg, is := sel.X.(*ast.Ident); is && pkg.Name == "sqldb" && sel.Sel.Name != "Querier" && sel.Sel.Name != "ErrNotFound" {
				t.Errorf("%s uses sqldb.%s: a handler goes through its service", s.at(n), sel.Sel.Name)
			}
			return true
		})
	}
	for _, st := range statements(t) {
		if file, _, _ := strings.Cut(path.Base(st.at), ":"); pageFile.MatchString(file) {
			t.Errorf("%s holds SQL: it belongs to the room's store.go", st.at)
		}
	}
}
