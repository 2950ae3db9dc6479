package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCups(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cups.json")
	if err := os.WriteFile(file, []byte(`{"people":200,"show_up":0.75,"keep":true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		input string
		args  []string
		want  []string
	}{
		"a keepsake, from flags": {"", []string{"--people", "200", "--show-up", "0.75", "--keep"}, []string{"Order 160 cups.", "140 to 160 people"}},
		"in packs, in French":    {"", []string{"--people", "200", "--show-up", "0.75", "--keep", "--pack", "50", "--lang", "fr"}, []string{"Commandez 200 gobelets.", "40 de plus"}},
		"from a file":            {"", []string{file}, []string{"Order 160 cups."}},
		"a flag over the file":   {"", []string{file, "--confidence", "0.5"}, []string{"Order 150 cups."}},
		"from standard input":    {`{"people":200,"show_up":1,"drinks":1,"hours":1.5,"loss":0.12}`, []string{"-"}, []string{"329 to 329 cups in use"}},
		"in JSON":                {"", []string{"--people", "200", "--show-up", "0.75", "--keep", "--json"}, []string{`"order":160`, `"come":{"lo":140,"hi":160}`}},
		"unwashed, as a range":   {"", []string{"--people", "100", "--show-up", "1"}, []string{"330 to 575 cups in use", "rubbishreusables.com", "(electricity alone) beats disposables after 1 to 39 uses", "studies give 5 to 25"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, errors := command(t, c.input, append([]string{"cups"}, c.args...)...)
			if code != 0 {
				t.Fatalf("exit %d: %s", code, errors)
			}
			for _, want := range c.want {
				if !strings.Contains(out, want) {
					t.Errorf("the answer does not say %q:\n%s", want, out)
				}
			}
		})
	}
}

func TestCups_brokenFiles(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"":                                "line 1, column 1: it is empty",
		"{\n \"people\": 20,\n}":          "line 3, column 1",
		"{\"people\":20,\n\"people\":30}": `line 2, column 1: the field "people" stands twice`,
		"{\"people\":\n\"many\"}":         "line 2, column 6: people is a string",
	} {
		if code, out, errors := command(t, input, "cups", "-"); code != 2 || out != "" || !strings.Contains(errors, want) {
			t.Errorf("%q: exit %d, output %q, error %q; want %q", input, code, out, errors, want)
		}
	}
}

func TestCups_refuses(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"no people":          nil,
		"no probability":     {"--people", "10", "--show-up", "7"},
		"certainty":          {"--people", "10", "--confidence", "1"},
		"a file that is not": {"nowhere.json"},
		"negative people":    {"--people=-4"},
		"nobody to count":    {"--people", "0"},
		"all cups lost":      {"--people", "10", "--loss", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if code, out, errors := command(t, "", append([]string{"cups"}, args...)...); code != 2 || out != "" || errors == "" {
				t.Errorf("exit %d, output %q, error %q; want exit 2 and a reason", code, out, errors)
			}
		})
	}
}
