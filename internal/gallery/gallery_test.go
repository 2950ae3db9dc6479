package gallery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/gallery"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/project"
	"h48/internal/team"
)

// nobody is a registration without people: these tests name theirs.
type nobody struct{}

func (nobody) Confirmed(context.Context, sqldb.Querier, edition.ID) ([]team.Person, error) {
	return nil, nil
}

// jury stands in for the room that knows who won.
type jury struct{ won map[team.ID][]gallery.Prize }

func (j *jury) Won(_ context.Context, _ sqldb.Querier, e edition.Edition, now time.Time) (map[team.ID][]gallery.Prize, error) {
	if !e.Has(edition.Results, now) {
		return nil, nil
	}
	return j.won, nil
}

// later stands in for the room that asks what became of projects.
type later struct{ said map[team.ID]gallery.Fate }

func (l *later) Fates(context.Context, sqldb.Querier, edition.ID) (map[team.ID]gallery.Fate, error) {
	return l.said, nil
}

func (*later) FateTopic(e edition.ID) string { return "later:" + string(e) }

type house struct {
	*doortest.House
	teams    *team.Service
	projects *project.Service
	gallery  *gallery.Service
	jury     *jury
	later    *later
	// ada and bob are a team, and carla is another.
	ada, bob, carla account.Actor
	voisins, cour   team.Team
}

func newHouse(t testing.TB, db *dbtest.DB) *house {
	t.Helper()
	h := &house{House: doortest.New(t, db, team.Words, project.Words, files.Words, gallery.Words), jury: &jury{}, later: &later{}}
	h.teams = team.NewService(db.DB, h.IDs, h.Editions, nobody{}, h.Hub, h.Post, h.Trail, h.Words, "http://h48.test")
	store, err := files.NewDisk(t.TempDir())
	check(t, err)
	h.projects = project.NewService(db.DB, h.IDs, h.Editions, h.teams, store, h.Hub, h.Post, h.Trail, h.Words, "http://h48.test")
	h.gallery = gallery.NewService(db.DB, h.IDs, h.Editions, h.teams, h.projects, gallery.Neighbours{Prizes: h.jury, Afterwards: h.later}, store, h.Hub, h.Queue, h.Trail, h.Words, "http://h48.test")
	project.Routes(h.Door, h.projects)
	gallery.Routes(h.Door, h.gallery, nil)
	h.ada, h.bob, h.carla = h.Person("Ada Exemple"), h.Person("Bob Exemple"), h.Person("Carla Exemple")
	h.voisins = h.found(h.ada, "Les Voisins")
	_, err = h.teams.Join(context.Background(), h.bob, h.Edition.ID, h.voisins.Code)
	check(t, err)
	h.cour = h.found(h.carla, "Cour verte")
	return h
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) found(who account.Actor, name string) team.Team {
	h.T.Helper()
	t, err := h.teams.Found(context.Background(), who, h.Edition.ID, team.Details{Name: name}, once.Action{})
	check(h.T, err)
	return t
}

func (h *house) handIn(who account.Actor, c project.Content) project.ID {
	h.T.Helper()
	sub, err := h.projects.HandIn(context.Background(), who, h.Edition.ID, c, project.Edit{}, once.Action{})
	check(h.T, err)
	return sub.Project
}

// attach adds a picture of the colour and makes its copies.
func (h *house) attach(who account.Actor, name string, content []byte) project.FileID {
	h.T.Helper()
	f, err := h.projects.Attach(context.Background(), who, h.Edition.ID, project.Upload{Name: name, Size: int64(len(content)), Body: bytes.NewReader(content), Begun: h.DB.Clock.Now()})
	check(h.T, err)
	h.RunJobs(h.gallery.Jobs())
	return f.ID
}

func painted(t testing.TB, c color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for i := range 900 * 600 {
		img.Set(i%900, i/900, c)
	}
	var b bytes.Buffer
	check(t, png.Encode(&b, img))
	return b.Bytes()
}

func (h *house) publish() {
	h.T.Helper()
	h.Go(edition.Results)
	check(h.T, h.projects.Publish(context.Background(), h.Boss, h.Edition.ID))
}

var (
	guichet = project.Content{Title: "Le Guichet malin", Pitch: "Une réponse en un jour", Description: "# Idée\nUn guichet à l’œuvre, pour l’été.",
		Links: []project.Link{{Label: "Film", URL: "https://www.youtube.com/watch?v=exemple"}, {Label: "Maquette", URL: "https://maquette.example.org"}}}
	potager = project.Content{Title: "Potager de toit", Pitch: "Des légumes sur le toit", Description: "Tout pousse."}
)

func titles(found gallery.Found) []string {
	var all []string
	for _, c := range found.Cards {
		all = append(all, c.Title)
	}
	return all
}

// Nothing before the results; then what was handed in, found without accents and by any
// of its words, and never what is withheld.
func TestFind_whatThePublicMaySee(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		h.handIn(h.ada, guichet)
		h.handIn(h.carla, potager)
		h.jury.won = map[team.ID][]gallery.Prize{h.cour.ID: {{ID: "p1", Title: "Premier prix"}}}
		finds := func(f gallery.Filter, want ...string) {
			t.Helper()
			f.Edition = h.Edition.ID
			found, err := h.gallery.Find(t.Context(), f)
			check(t, err)
			if diff := cmp.Diff(want, titles(found)); diff != "" {
				t.Errorf("%+v: %s", f, diff)
			}
		}
		finds(gallery.Filter{})
		h.publish()
		finds(gallery.Filter{}, "Le Guichet malin", "Potager de toit")
		finds(gallery.Filter{Text: "OEUVRE ete"}, "Le Guichet malin")
		finds(gallery.Filter{Text: "légume"}, "Potager de toit")
		finds(gallery.Filter{Text: "legum cour"}, "Potager de toit")
		finds(gallery.Filter{Text: "100 %"})
		finds(gallery.Filter{Prize: gallery.AnyPrize}, "Potager de toit")
		finds(gallery.Filter{Prize: "p1"}, "Potager de toit")
		finds(gallery.Filter{Prize: "p2"})
		finds(gallery.Filter{Year: 2018}, "Le Guichet malin", "Potager de toit")
		finds(gallery.Filter{Year: 2019})
		finds(gallery.Filter{Size: 1, Page: 2}, "Potager de toit")
		finds(gallery.Filter{Page: 7})
		check(t, h.projects.Withhold(t.Context(), h.Boss, h.Edition.ID, h.cour.ID, "données d’une locataire"))
		finds(gallery.Filter{}, "Le Guichet malin")
		finds(gallery.Filter{Prize: gallery.AnyPrize})
		check(t, h.projects.Release(t.Context(), h.Boss, h.Edition.ID, h.cour.ID, "données retirées"))
		finds(gallery.Filter{}, "Le Guichet malin", "Potager de toit")
		check(t, h.projects.Unpublish(t.Context(), h.Boss, h.Edition.ID))
		finds(gallery.Filter{})
	})
}

// Two editions stand in one gallery, the newest first; a draft stands in none.
func TestFind_everyEdition(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		h.handIn(h.ada, guichet)
		h.publish()
		next := h.Edition
		next.ID, next.Slug, next.Name = "", "amiens-2019", "Hackathon 2019"
		next.At = map[edition.Moment]time.Time{edition.Starts: h.Edition.At[edition.Starts].AddDate(1, 0, 0)}
		made, err := h.Editions.Create(t.Context(), h.Boss, next)
		check(t, err)
		h.Edition = made
		dora := h.Person("Dora Exemple")
		h.found(dora, "Palier commun")
		h.handIn(dora, project.Content{Title: "Troc de palier", Pitch: "Prêter entre voisins"})
		check(t, h.projects.Publish(t.Context(), h.Boss, made.ID))
		all := func() []string {
			found, err := h.gallery.Find(t.Context(), gallery.Filter{})
			check(t, err)
			return titles(found)
		}
		if diff := cmp.Diff([]string{"Le Guichet malin"}, all()); diff != "" {
			t.Error(diff)
		}
		check(t, h.Editions.Publish(t.Context(), h.Boss, made.ID))
		if diff := cmp.Diff([]string{"Troc de palier", "Le Guichet malin"}, all()); diff != "" {
			t.Error(diff)
		}
		status, page := h.Client(account.Actor{}).Get("/gallery")
		if status != 200 || !strings.Contains(page, "2 projets depuis 2018") || !strings.Contains(page, "Hackathon 2019 2019") {
			t.Errorf("%d", status)
		}
	})
}

// Nobody is named who has not said so, and a no holds at once everywhere.
func TestAgree_nobodyIsNamedUnasked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		id := h.handIn(h.ada, guichet)
		h.publish()
		public, ada := h.Client(account.Actor{}), h.Client(h.ada)
		path := "/e/amiens-2018/projects/" + string(id)
		names := func(want ...string) {
			t.Helper()
			for _, address := range []string{path, path + "/card", "/e/amiens-2018/projects", "/api/v1/e/amiens-2018/gallery/" + string(id), "/oembed?url=" + url.QueryEscape("http://h48.test"+path)} {
				status, page := public.Get(address)
				if status != 200 {
					t.Fatalf("%s: %d", address, status)
				}
				for _, name := range []string{"Ada Exemple", "Bob Exemple"} {
					wanted := len(want) > 0 && strings.Contains(strings.Join(want, " "), name) && (address == path || strings.Contains(address, "/api/"))
					if strings.Contains(page, name) != wanted {
						t.Errorf("%s names %s: %v", address, name, !wanted)
					}
				}
			}
		}
		names()
		if status, page := ada.Post("/e/amiens-2018/project/public/me", url.Values{"shown": {"yes"}}); status != 200 || !strings.Contains(page, "Votre nom sera montré") {
			t.Errorf("agreeing: %d", status)
		}
		names("Ada Exemple")
		if status, _ := ada.Post("/e/amiens-2018/project/public/me", url.Values{"shown": {"no"}}); status != 200 {
			t.Errorf("taking it back: %d", status)
		}
		names()
		if err := h.gallery.Agree(t.Context(), h.Boss, h.Edition.ID, true); err != nil && !errs.Is(err, errs.Forbidden) {
			t.Error(err)
		}
		notes, err := sqldb.Value[int](t.Context(), db, `SELECT COUNT(*) FROM trail_entries WHERE action = 'gallery.consent' AND actor_id = $1`, h.ada.ID)
		if err != nil || notes != 2 {
			t.Errorf("%d notes in the trail: %v", notes, err)
		}
		check(t, h.gallery.Agree(t.Context(), h.bob, h.Edition.ID, true))
		check(t, db.InTx(t.Context(), func(tx *dbtest.Tx) error { return h.gallery.Forget(t.Context(), tx, h.bob.ID) }))
		names()
	})
}

var imageOf = regexp.MustCompile(`/e/amiens-2018/gallery/pictures/[^"]+\.jpg`)

// A picture is public with its project, through clean copies alone; hidden, it is gone
// with one click, and what was never a picture is never shown.
func TestPictures_goneAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		file := h.attach(h.ada, "plan.png", painted(t, color.RGBA{200, 40, 40, 255}))
		fake := h.attach(h.ada, "photo.png", append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "<script>alert(1)</script>"...))
		id := h.handIn(h.ada, guichet)
		public, ada, carla := h.Client(account.Actor{}), h.Client(h.ada), h.Client(h.carla)
		small := "/e/amiens-2018/gallery/pictures/" + string(file) + "/small.jpg"
		share := "/e/amiens-2018/projects/" + string(id) + "/share.png"
		sees := func(c *doortest.Client, address string, want int) string {
			t.Helper()
			status, body := c.Get(address)
			if status != want {
				t.Errorf("%s: %d, want %d", address, status, want)
			}
			return body
		}
		sees(public, small, 404)
		sees(public, share, 404)
		sees(ada, small, 200)
		h.publish()
		sees(public, small, 200)
		sees(public, "/e/amiens-2018/project-files/"+string(file), 403) // the original says more than the copy
		sees(public, "/e/amiens-2018/gallery/pictures/"+string(fake)+"/small.jpg", 404)
		before := sees(public, share, 200)
		page := sees(public, "/e/amiens-2018/projects/"+string(id), 200)
		if got := imageOf.FindAllString(page, -1); len(got) == 0 {
			t.Error("the project shows no picture")
		}
		if status, _ := carla.Post("/e/amiens-2018/project/public/pictures/"+string(file), url.Values{"do": {"hide"}}); status != 403 {
			t.Errorf("another team hides the picture: %d", status)
		}
		if status, body := ada.Post("/e/amiens-2018/project/public/pictures/"+string(file), url.Values{"alt": {"Le plan du guichet"}}); status != 200 || !strings.Contains(body, "Le plan du guichet") {
			t.Errorf("describing: %d", status)
		}
		if body := sees(public, "/e/amiens-2018/projects/"+string(id), 200); !strings.Contains(body, `alt="Le plan du guichet"`) {
			t.Error("the picture is not described")
		}
		if status, body := ada.Post("/e/amiens-2018/project/public/pictures/"+string(file), url.Values{"alt": {strings.Repeat("é", 301)}}); status != 422 || !strings.Contains(body, strings.Repeat("é", 301)) {
			t.Errorf("a description that is too long: %d", status)
		}
		check(t, h.gallery.Hide(t.Context(), h.Boss, h.Edition.ID, file, "une personne a retiré son accord"))
		sees(public, small, 404)
		sees(ada, small, 404)
		if after := sees(public, share, 200); after == before {
			t.Error("the share picture still shows it")
		}
		if body := sees(public, "/e/amiens-2018/projects/"+string(id), 200); imageOf.MatchString(body) {
			t.Error("the page still shows it")
		}
		check(t, h.gallery.Unhide(t.Context(), h.ada, h.Edition.ID, file))
		h.RunJobs(h.gallery.Jobs())
		sees(public, small, 200)
		check(t, h.projects.Withhold(t.Context(), h.Boss, h.Edition.ID, h.voisins.ID, "données d’une locataire"))
		for _, address := range []string{small, share, "/e/amiens-2018/projects/" + string(id) + "/card", "/oembed?url=" + url.QueryEscape("http://h48.test/e/amiens-2018/projects/"+string(id))} {
			sees(public, address, 404)
		}
	})
}

// What a page says to machines is whole, absolute and cannot break out of its element.
func TestProjectPage_forMachines(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	c := guichet
	c.Title, c.Pitch = `</script><script>alert("1")</script>`, `"><img src=x>`
	id := h.handIn(h.ada, c)
	check(t, h.gallery.Agree(t.Context(), h.ada, h.Edition.ID, true))
	h.jury.won = map[team.ID][]gallery.Prize{h.voisins.ID: {{ID: "p1", Title: "Premier prix"}}}
	h.publish()
	_, page := h.Client(account.Actor{}).Get("/e/amiens-2018/projects/" + string(id))
	if strings.Contains(page, `<script>alert`) || strings.Contains(page, `<img src=x>`) {
		t.Error("a title breaks out")
	}
	_, rest, _ := strings.Cut(page, `<script type="application/ld+json">`)
	text, _, _ := strings.Cut(rest, "</script>")
	var data struct {
		Graph []map[string]any `json:"@graph"`
	}
	check(t, json.Unmarshal([]byte(text), &data))
	work, event := data.Graph[0], data.Graph[1]
	for _, key := range []string{"@id", "name", "abstract", "creator", "award", "video", "isPartOf", "dateCreated"} {
		if work[key] == nil {
			t.Errorf("the work has no %s", key)
		}
	}
	if work["name"] != c.Title || event["@type"] != "Event" || event["startDate"] == nil || event["location"] == nil {
		t.Errorf("%v %v", work["name"], event)
	}
	for _, name := range []string{"og:url", "og:image", "twitter:image"} {
		m := regexp.MustCompile(`="` + name + `" content="([^"]*)"`).FindStringSubmatch(page)
		if m == nil || !strings.HasPrefix(m[1], "http://h48.test/") {
			t.Errorf("%s: %q", name, m)
		}
	}
	if !strings.Contains(page, "sur YouTube") || strings.Contains(page, `src="https://www.youtube`) {
		t.Error("the film is not a link alone")
	}
}

// Another site may frame the card, and nothing else of H48.
func TestCard_mayBeFramed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	id := h.handIn(h.ada, guichet)
	h.publish()
	public := h.Client(account.Actor{})
	for path, framed := range map[string]bool{"/card": true, "": false} {
		policy := public.Header("/e/amiens-2018/projects/"+string(id)+path, "Content-Security-Policy")
		if strings.Contains(policy, "frame-ancestors *") != framed {
			t.Errorf("%q: %s", path, policy)
		}
	}
	address := url.QueryEscape("http://h48.test/e/amiens-2018/projects/" + string(id))
	status, body := public.Get("/oembed?format=json&maxwidth=300&url=" + address)
	var answer struct {
		Type, HTML, Title string
		Width             int
	}
	check(t, json.Unmarshal([]byte(body), &answer))
	if status != 200 || answer.Type != "rich" || answer.Width != 300 || answer.Title != guichet.Title || !strings.Contains(answer.HTML, "/card\"") {
		t.Errorf("%d %+v", status, answer)
	}
	for path, want := range map[string]int{"/oembed?format=xml&url=" + address: 501, "/oembed?url=https%3A%2F%2Felsewhere.example": 404, "/oembed": 404} {
		if status, _ := public.Get(path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}

func TestAPI_pages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	h.handIn(h.ada, guichet)
	h.handIn(h.carla, potager)
	h.publish()
	public := h.Client(account.Actor{})
	var page gallery.Works
	_, body := public.Get("/api/v1/e/amiens-2018/gallery?size=1")
	check(t, json.Unmarshal([]byte(body), &page))
	if page.Total != 2 || page.Pages != 2 || len(page.Projects) != 1 || page.Next != "http://h48.test/api/v1/e/amiens-2018/gallery?page=2&size=1" {
		t.Errorf("%+v", page)
	}
	_, body = public.Get(strings.TrimPrefix(page.Next, "http://h48.test"))
	page = gallery.Works{}
	check(t, json.Unmarshal([]byte(body), &page))
	if len(page.Projects) != 1 || page.Projects[0].Title != potager.Title || page.Next != "" {
		t.Errorf("%+v", page)
	}
	var all gallery.Works
	_, body = public.Get("/api/v1/gallery?q=legumes")
	check(t, json.Unmarshal([]byte(body), &all))
	if all.Total != 1 {
		t.Errorf("%+v", all)
	}
	if status, _ := public.Get("/api/v1/e/amiens-2018/gallery?size=x"); status != 422 {
		t.Errorf("a size that is none: %d", status)
	}
}

// A filter in the address keeps itself through the pages.
func TestList_filtersWithoutScript(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	h.handIn(h.ada, guichet)
	h.handIn(h.carla, potager)
	h.publish()
	h.jury.won = map[team.ID][]gallery.Prize{h.cour.ID: {{ID: "p1", Title: "Premier prix"}}}
	public := h.Client(account.Actor{})
	for query, want := range map[string]string{"": "Les lauréats", "?q=potager": "1 projet trouvé", "?q=rien+du+tout": "Aucun projet ne correspond", "?prize=p1": "1 projet trouvé", "?page=abc": "Potager de toit"} {
		if status, page := public.Get("/e/amiens-2018/projects" + query); status != 200 || !strings.Contains(page, want) {
			t.Errorf("%q: %d, no %q", query, status, want)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	h := newHouse(b, dbtest.SQLite(b))
	h.handIn(h.ada, guichet)
	h.publish()
	b.ResetTimer()
	for i := range b.N {
		_, err := h.gallery.Find(b.Context(), gallery.Filter{Text: fmt.Sprint("guichet ", i%10)})
		check(b, err)
	}
}
