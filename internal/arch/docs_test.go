package arch

import (
	"go/ast"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are the Markdown files of the repository by name.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	names, err := fs.Glob(root, "*.md")
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(root, "docs", func(name string, d fs.DirEntry, err error) error {
		if path.Ext(name) == ".md" {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}

var (
	link     = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)
	testName = regexp.MustCompile("`(Test[A-Z][A-Za-z]*(?:_[A-Za-z]+)?)")
	typing   = regexp.MustCompile("(?m)(?:^    (?:\\./)?|`|&& )h48 ([a-z]+)")
	making   = regexp.MustCompile("(?m)(?:^ {0,4}|`)make ([a-z]+)")
)

// TestDocs_leadSomewhere: a link in a document leads to a file, a test that a document
// names is there. The pictures are taken by make screenshots.
func TestDocs_leadSomewhere(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, is := d.(*ast.FuncDecl); is && s.test {
				tests[f.Name.Name] = true
			}
		}
	}
	for name, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], ":") || strings.HasPrefix(m[1], "mailto") {
				continue
			}
			to := path.Join(path.Dir(name), m[1])
			if _, err := fs.Stat(root, to); err != nil && !under(to, "docs/pictures") {
				t.Errorf("%s links to %s, which is not there", name, to)
			}
		}
		for _, m := range testName.FindAllStringSubmatch(text, -1) {
			if !tests[m[1]] {
				t.Errorf("%s names %s, which is not there", name, m[1])
			}
		}
	}
}

// TestDocs_commandsAreThere: every make command of the documents is in the Makefile, and
// the two that a newcomer types first can be run.
func TestDocs_commandsAreThere(t *testing.T) {
	t.Parallel()
	makefile, err := fs.ReadFile(root, "Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range documents(t) {
		for _, m := range making.FindAllStringSubmatch(text, -1) {
			if !regexp.MustCompile(`(?m)^` + m[1] + `:`).Match(makefile) {
				t.Errorf("%s says make %s, which the Makefile does not know", name, m[1])
			}
		}
	}
	for _, first := range []string{"make demo", "make test"} {
		if !strings.Contains(documents(t)["README.md"], first) {
			t.Errorf("README.md does not say %q", first)
		}
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("no make on this machine")
	}
	dry := exec.CommandContext(t.Context(), "make", "-n", "demo", "test")
	dry.Dir = "../.."
	dry.Env = slices.DeleteFunc(os.Environ(), func(e string) bool {
		return strings.HasPrefix(e, "MAKEFLAGS=") || strings.HasPrefix(e, "MAKELEVEL=") || strings.HasPrefix(e, "MFLAGS=")
	})
	if out, err := dry.CombinedOutput(); err != nil {
		t.Errorf("make -n demo test: %v\n%s", err, out)
	}
}

// TestDocs_badDaysInBothLanguages: each bad day has its place in both languages, and the
// same is said of it: that it holds, or that a person has to do something.
func TestDocs_badDaysInBothLanguages(t *testing.T) {
	t.Parallel()
	verdict := regexp.MustCompile(`\*\*(?s:.*?)(Holds|Tient|By hand|À la main|Told, not solved|Dit, pas résolu)(?s:[^*]*)\*\*`)
	same := strings.NewReplacer("Tient", "Holds", "À la main", "By hand", "Dit, pas résolu", "Told, not solved")
	of := func(name string) (days []string) {
		text := strings.ReplaceAll(documents(t)[name], "\n", " ")
		for _, m := range verdict.FindAllStringSubmatch(text, -1) {
			days = append(days, same.Replace(m[1]))
		}
		return days
	}
	english, french := of("docs/bad-days.md"), of("docs/jours-difficiles.fr.md")
	if len(english) < 40 || !slices.Equal(english, french) {
		t.Errorf("%d bad days in English, %d in French:\n%q\n%q", len(english), len(french), english, french)
	}
}

// TestDocs_speakOfTheProject: a document names no machine's folders.
func TestDocs_speakOfTheProject(t *testing.T) {
	t.Parallel()
	machine := regexp.MustCompile("(^|[\\s(`])/(work|root|tmp|home/[a-z]+)/[^\\s`)]*")
	for name, text := range documents(t) {
		if found := machine.FindString(text); found != "" {
			t.Errorf("%s names %q, which is one machine's", name, strings.TrimSpace(found))
		}
	}
}

func TestDocs_architectureIsShort(t *testing.T) {
	t.Parallel()
	if n := strings.Count(documents(t)["docs/ARCHITECTURE.md"], "\n"); n > 300 {
		t.Errorf("docs/ARCHITECTURE.md has %d lines; a newcomer reads at most 300", n)
	}
}

// TestDocs_commandLine: every command of h48 that a document types is one of
// internal/cli.
func TestDocs_commandLine(t *testing.T) {
	t.Parallel()
	commands := map[string]bool{}
	for _, s := range sources(t) {
		if s.name != "internal/cli/cli.go" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if spec, is := n.(*ast.TypeSpec); is && spec.Name.Name == "commands" {
				for _, f := range spec.Type.(*ast.StructType).Fields.List {
					for _, name := range f.Names {
						commands[strings.ToLower(name.Name)] = true
					}
				}
			}
			return true
		})
	}
	for name, text := range documents(t) {
		for _, m := range typing.FindAllStringSubmatch(text, -1) {
			if !commands[m[1]] {
				t.Errorf("%s types h48 %s, which the program does not know", name, m[1])
			}
		}
	}
}

// TestDocs_pictures: each picture that a document shows is in the list from which they
// are taken.
func TestDocs_pictures(t *testing.T) {
	t.Parallel()
	all := documents(t)
	list := all["docs/pictures/README.md"]
	for name, text := range all {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			picture, _, _ := strings.Cut(path.Base(m[1]), ".")
			if path.Ext(m[1]) == ".png" && !strings.Contains(list, "| "+picture+" |") {
				t.Errorf("%s shows %s, which docs/pictures/README.md does not list", name, m[1])
			}
		}
	}
}
