package gallery_test

import (
	"archive/zip"
	"bytes"
	"image/color"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"

	"h48/internal/gallery"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/team"
)

var addressIn = regexp.MustCompile(`(?:href|src)="([^"]*)"|url\(([^)]*)\)`)

// unpacked is what an export holds, by name.
func (h *house) unpacked() map[string]string {
	h.T.Helper()
	var b bytes.Buffer
	check(h.T, h.gallery.WriteSite(h.T.Context(), &b, "", func(int, int) {}))
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	check(h.T, err)
	all := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		check(h.T, err)
		content, err := io.ReadAll(r)
		check(h.T, err)
		if _, twice := all[f.Name]; twice {
			h.T.Errorf("%s is there twice", f.Name)
		}
		all[f.Name] = string(content)
	}
	return all
}

// Every address in every page leads to a file of the folder, in both languages; nothing
// is loaded from elsewhere; what is withheld or hidden is not there.
func TestWriteSite_standsAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		h.jury.won = map[team.ID][]gallery.Prize{h.voisins.ID: {{ID: "p1", Title: "Premier prix"}}}
		file := h.attach(h.ada, "plan.png", painted(t, color.RGBA{40, 120, 90, 255}))
		hidden := h.attach(h.ada, "photo.png", painted(t, color.RGBA{90, 40, 40, 255}))
		id := h.handIn(h.ada, guichet)
		gone := h.handIn(h.carla, potager)
		check(t, h.gallery.Agree(t.Context(), h.ada, h.Edition.ID, true))
		check(t, h.gallery.Hide(t.Context(), h.ada, h.Edition.ID, hidden, ""))
		h.publish()
		check(t, h.projects.Withhold(t.Context(), h.Boss, h.Edition.ID, h.cour.ID, "données d’une locataire"))
		all := h.unpacked()
		for _, name := range []string{"index.html", "fr/index.html", "en/index.html", "fr/amiens-2018/" + string(id) + ".html", "en/amiens-2018/" + string(id) + ".html",
			"pictures/" + string(file) + "-small.jpg", "pictures/" + string(file) + "-large.jpg", "assets/app.css", "assets/fonts/atkinson-OFL.txt", "projects.json", "LISEZMOI-README.txt"} {
			if all[name] == "" {
				t.Errorf("no %s", name)
			}
		}
		for name, content := range all {
			if strings.Contains(name, string(hidden)) || strings.Contains(name, string(gone)) || strings.Contains(content, potager.Title) {
				t.Errorf("%s holds what nobody may see", name)
			}
			if path.Ext(name) != ".html" && path.Ext(name) != ".css" {
				continue
			}
			for _, m := range addressIn.FindAllStringSubmatch(content, -1) {
				address, _, _ := strings.Cut(m[1]+strings.Trim(m[2], `"'`), "#")
				if address == "" || strings.HasPrefix(address, "data:") {
					continue
				}
				if strings.HasPrefix(address, "https://www.youtube.com/") || strings.HasPrefix(address, "https://maquette.example.org") {
					continue // a link that somebody follows, and that loads nothing
				}
				if to := path.Join(path.Dir(name), address); all[to] == "" {
					t.Errorf("%s leads to %q, which is not there", name, address)
				}
			}
		}
		if page := all["fr/amiens-2018/"+string(id)+".html"]; !strings.Contains(page, "Ada Exemple") || strings.Contains(page, "Bob Exemple") || !strings.Contains(page, "Premier prix") {
			t.Error("the page of the project is not whole, or names too many")
		}
	})
}

// The organiser orders the site, follows it and downloads it; others may not.
func TestMakeSite_asAJob(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	h.handIn(h.ada, guichet)
	h.publish()
	boss := h.Client(h.Boss)
	if status, page := boss.Post("/e/amiens-2018/gallery/sites", nil); status != 200 || !strings.Contains(page, "En préparation") {
		t.Errorf("ordering: %d", status)
	}
	if status, _ := boss.Post("/e/amiens-2018/gallery/sites", nil); status != 409 {
		t.Errorf("a second order: %d", status)
	}
	h.RunJobs(h.gallery.Jobs())
	sites, err := h.gallery.Sites(t.Context(), h.Edition.ID)
	check(t, err)
	address := "/e/amiens-2018/gallery/sites/" + sites[0].ID
	status, body := boss.Get(address)
	if _, err := zip.NewReader(strings.NewReader(body), int64(len(body))); status != 200 || err != nil {
		t.Errorf("%d %v", status, err)
	}
	if status, _ := h.Client(h.ada).Get(address); status != 403 {
		t.Errorf("a participant downloads: %d", status)
	}
}
