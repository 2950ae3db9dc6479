package e2e_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"h48/internal/certificate"
	"h48/internal/edition"
	"h48/internal/kit/pdf/ua"
	"h48/internal/vote"
)

// makers are the files of the program that make a PDF, and the route by which the test
// gets what they make. Who adds a maker adds its line here.
var makers = map[string]string{
	"internal/certificate/sheet.go":    "/e/{edition}/certificate/{kind}",
	"internal/vote/sheet.go":           "/e/{edition}/votes/{poll}/sheet/{batch}",
	"internal/award/sheet.go":          "/e/{edition}/deliberation/minutes.pdf",
	"internal/award/payout/dossier.go": "/e/{edition}/payouts/dossier.pdf",
	"internal/jury/hall/print.go":      "/e/{edition}/jury/hall/tables.pdf",
	"internal/jury/record/minutes.go":  "/e/{edition}/jury/judging.pdf",
}

// elsewhere are the makers whose documents a rehearsed event does not make, with the
// package whose tests check them.
var elsewhere = map[string]string{"internal/jury/paper/print.go": "internal/jury/paper"}

var makesPDF = regexp.MustCompile(`\bpdf\.New(Flow)?\(`)

// Every PDF that the program makes can be read by who does not see it: by the conditions
// of PDF/UA that a machine can decide. A PDF that nobody reads here fails the test too.
func TestEveryPDF_isAccessible(t *testing.T) {
	p, _ := rehearsed(t, edition.Ends, 24*time.Hour)
	for _, file := range pdfMakers(t) {
		if makers[file] == "" && elsewhere[file] == "" {
			t.Errorf("%s makes a PDF that this test does not get", file)
		}
	}
	job, err := p.Certificate.MakeAll(t.Context(), p.boss, p.e.ID, []certificate.Kind{certificate.Participation, certificate.Thanks, certificate.Diploma})
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n > 0; {
		if n, err = p.RunDueJobs(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ballots := p.ballots(t) // with cards on paper
	poll := vote.ID(strings.Split(strings.TrimPrefix(ballots[0], p.url("vote")+"/"), "/")[0])
	if _, err := p.Vote.Poster(t.Context(), p.boss, p.e.ID, poll, "hall", ""); err != nil {
		t.Fatal(err)
	}
	documents := p.documents(t, p.url("jobs", job), p.url("certificates", job), p.url("votes", string(poll)), p.url("jury", "hall"), p.url("jury", "hall", "wall.pdf"), p.url("jury", "hall", "routes.pdf"))
	found := map[string]bool{}
	for address, d := range documents {
		found[d.pattern] = true
		for _, wrong := range ua.Check(d.content) {
			t.Errorf("%s: %s", address, wrong)
		}
		secondOpinion(t, address, d.content)
	}
	t.Logf("%d documents: %q", len(documents), slices.Sorted(maps.Keys(documents)))
	for file, pattern := range makers {
		if !found[pattern] {
			t.Errorf("nothing led to %s, which is what %s makes", pattern, file)
		}
	}
}

// secondOpinion has qpdf read the document, where it is installed.
func secondOpinion(t *testing.T, address string, content []byte) {
	t.Helper()
	qpdf, err := exec.LookPath("qpdf")
	if err != nil {
		return
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(qpdf, "--check", file).CombinedOutput(); err != nil {
		t.Errorf("%s: qpdf says %s", address, out)
	}
}

// pdfMakers are the files that begin a document, tests and the writer itself apart.
func pdfMakers(t *testing.T) []string {
	t.Helper()
	top := root(t)
	var all []string
	err := filepath.WalkDir(filepath.Join(top, "internal"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "kit/pdf/") {
			return err
		}
		source, err := os.ReadFile(name)
		if err == nil && makesPDF.Match(source) {
			relative, _ := filepath.Rel(top, name) // the walk began there
			all = append(all, filepath.ToSlash(relative))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// document is a PDF that somebody got, and the route that gave it.
type document struct {
	pattern string
	content []byte
}

// documents follows every link as each role and returns the PDFs to which they lead, those
// in archives too, by their addresses.
func (p *program) documents(t *testing.T, seeds ...string) map[string]document {
	t.Helper()
	mux := http.NewServeMux()
	for _, route := range p.Door.Routes() {
		if route.Method == http.MethodGet && !strings.HasPrefix(route.Pattern, "/api/") {
			mux.Handle("GET "+route.Pattern, http.NotFoundHandler())
		}
	}
	all := map[string]document{}
	for _, role := range []edition.Role{edition.Organiser, edition.Juror, edition.Mentor, edition.Participant} {
		client := p.client(t, p.member(t, role))
		queue, seen := slices.Concat([]string{p.url("today"), p.url("certificates"), p.url("votes")}, seeds), map[string]int{}
		for len(queue) > 0 && len(seen) < 4000 {
			path := strings.ReplaceAll(queue[0], "&amp;", "&")
			queue = queue[1:]
			request, err := http.NewRequest(http.MethodGet, p.base+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, pattern := mux.Handler(request)
			if pattern = strings.TrimPrefix(pattern, "GET "); pattern == "" || seen[path] > 0 || seen[pattern] >= 6 {
				continue
			}
			seen[pattern]++
			seen[path]++
			body, kind := fetch(t, client, request)
			switch kind {
			case "application/pdf":
				all[path] = document{pattern, body}
			case "application/zip":
				for name, content := range inside(t, body) {
					all[path+"!"+name] = document{pattern, content}
				}
			default:
				for _, link := range linkForm.FindAllSubmatch(body, -1) {
					queue = append(queue, string(link[1]))
				}
			}
		}
	}
	return all
}

// fetch returns what an address answers, and of which kind it is; nothing for a refusal.
func fetch(t *testing.T, client *http.Client, request *http.Request) (body []byte, kind string) {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	kind, _, _ = strings.Cut(response.Header.Get("Content-Type"), ";")
	if response.StatusCode != http.StatusOK || !slices.Contains([]string{"text/html", "application/pdf", "application/zip"}, kind) {
		return nil, ""
	}
	if body, err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	return body, kind
}

// inside are the PDFs in an archive.
func inside(t *testing.T, raw []byte) map[string][]byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range archive.File {
		if !strings.HasSuffix(f.Name, ".pdf") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		_ = r.Close() // it was only read
	}
	return all
}
