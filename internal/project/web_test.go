package project_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/project"
	"h48/internal/team"
)

func newWebHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, dbtest.SQLite(t))
	team.Routes(h.Door, h.teams)
	project.Routes(h.Door, h.projects)
	return h
}

var hidden = regexp.MustCompile(`name="(editor|base)" value="([^"]*)"`)

// form is the editor's form as the page gives it, with what is typed into it.
func form(t *testing.T, page string, typed ...string) url.Values {
	t.Helper()
	values := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		values.Set(m[1], m[2])
	}
	if !values.Has("editor") || !values.Has("base") {
		t.Fatal("the page has no form to write a project in")
	}
	for i := 0; i < len(typed); i += 2 {
		values.Set(typed[i], typed[i+1])
	}
	return values
}

// The journey of a team on phones without script: write, see the preview, hand in, read
// the receipt, change, and compare the versions.
func TestPages_fromADraftToTwoVersions(t *testing.T) {
	t.Parallel()
	h := newWebHouse(t)
	ada := h.Client(h.ada)
	status, page := ada.Get("/e/amiens-2018/project")
	if status != http.StatusOK || !strings.Contains(page, "Remettre le projet") {
		t.Fatalf("the editor: %d", status)
	}
	typed := form(t, page, "title", "Le Guichet malin", "pitch", "Une réponse en un jour", "description", "**Un guichet**", "link-url-2", "https://example.org/demo")
	if status, page := ada.Post("/e/amiens-2018/project/preview", typed); status != http.StatusOK || !strings.Contains(page, "<strong>Un guichet</strong>") || !strings.Contains(page, `value="https://example.org/demo"`) {
		t.Errorf("the preview: %d", status)
	}
	if status, page := ada.Post("/e/amiens-2018/project/draft", typed); status != http.StatusOK || !strings.Contains(page, "Le brouillon est gardé") {
		t.Errorf("the draft: %d", status)
	}
	status, page = ada.Post("/e/amiens-2018/project/handin", typed)
	if status != http.StatusOK || !strings.Contains(page, "Récépissé") || !strings.Contains(page, "à l’heure") {
		t.Fatalf("the receipt: %d", status)
	}
	_, page = h.Client(h.bob).Get("/e/amiens-2018/project")
	second := form(t, page, "title", "Le Guichet malin", "pitch", "Une réponse en une heure", "description", "**Un guichet**")
	if status, _ := h.Client(h.bob).Post("/e/amiens-2018/project/handin", second); status != http.StatusOK {
		t.Errorf("the second version: %d", status)
	}
	mine, err := h.projects.Mine(t.Context(), h.ada, h.Edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	status, page = ada.Get("/e/amiens-2018/projects/" + string(mine.ID) + "/versions")
	if status != http.StatusOK || !strings.Contains(page, "<del>Une réponse en un jour</del>") || !strings.Contains(page, "<ins>Une réponse en une heure</ins>") {
		t.Errorf("the versions: %d", status)
	}
	if status, _ := h.Client(h.Person("Sacha Exemple")).Get("/e/amiens-2018/projects/" + string(mine.ID) + "/versions"); status != http.StatusForbidden {
		t.Errorf("another team reads the versions: %d", status)
	}
}

func TestPages_aRefusedHandInKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := newWebHouse(t)
	ada := h.Client(h.ada)
	_, page := ada.Get("/e/amiens-2018/project")
	status, page := ada.Post("/e/amiens-2018/project/handin", form(t, page, "title", "", "description", "Des heures de travail"))
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "Des heures de travail") || !strings.Contains(page, "À remplir") {
		t.Errorf("%d", status)
	}
}

// The page saves itself: what two members write in one part is kept twice, the second is
// told so, and the page leads to both.
func TestPages_autosaveOfTwoMembers(t *testing.T) {
	t.Parallel()
	h := newWebHouse(t)
	ada, bob := h.Client(h.ada), h.Client(h.bob)
	_, pageOfAda := ada.Get("/e/amiens-2018/project")
	_, pageOfBob := bob.Get("/e/amiens-2018/project")
	if status, _ := ada.Post("/e/amiens-2018/project/draft", form(t, pageOfAda, "description", "d’Ada")); status != http.StatusOK {
		t.Errorf("Ada’s draft: %d", status)
	}
	if status, answer := bob.Do("POST", "/e/amiens-2018/project/draft", "application/x-www-form-urlencoded",
		form(t, pageOfBob, "description", "de Bob").Encode()); status != http.StatusOK || !strings.Contains(answer, "Comparer et choisir") {
		t.Errorf("Bob’s draft: %d", status)
	}
	mine, err := h.projects.Mine(t.Context(), h.bob, h.Edition.ID)
	if err != nil || mine.Draft.Description != "d’Ada" {
		t.Fatalf("Bob overwrote Ada: %q, %v", mine.Draft.Description, err)
	}
	copies, err := h.projects.Copies(t.Context(), h.DB, mine.ID)
	if err != nil || len(copies) != 1 {
		t.Fatalf("%d copies, %v", len(copies), err)
	}
	path := "/e/amiens-2018/project/copies/" + copies[0].ID
	status, page := bob.Get(path)
	if status != http.StatusOK || !strings.Contains(page, "d’Ada") || !strings.Contains(page, "de Bob") {
		t.Errorf("the comparison: %d", status)
	}
	if status, _ := bob.Post(path, form(t, page, "description", "d’Ada et de Bob")); status != http.StatusOK {
		t.Errorf("settling: %d", status)
	}
	if mine, err = h.projects.Mine(t.Context(), h.bob, h.Edition.ID); err != nil || mine.Draft.Description != "d’Ada et de Bob" {
		t.Errorf("%q, %v", mine.Draft.Description, err)
	}
}

// upload sends a file as a browser does.
func (h *house) upload(who account.Actor, name string, content []byte) (int, string) {
	h.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		h.T.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		h.T.Fatal(err)
	}
	if err := w.Close(); err != nil {
		h.T.Fatal(err)
	}
	return h.Client(who).Do("POST", "/e/amiens-2018/project/files", w.FormDataContentType(), body.String())
}

func TestPages_filesAreDownloadsUnlessTheyArePictures(t *testing.T) {
	t.Parallel()
	h := newWebHouse(t)
	for name, content := range map[string]string{
		"plan.png": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR and so on", "page.html": "<script>alert(1)</script>", "faux.png": "MZ a program",
	} {
		if status, page := h.upload(h.ada, name, []byte(content)); status != http.StatusOK || !strings.Contains(page, name) {
			t.Errorf("uploading %s: %d", name, status)
		}
	}
	if status, page := h.upload(h.ada, "film.mp4", make([]byte, project.MaxFile+1)); status != http.StatusRequestEntityTooLarge || !strings.Contains(page, "donnez son lien") {
		t.Errorf("a file that is too large: %d", status)
	}
	mine, err := h.projects.Mine(t.Context(), h.ada, h.Edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	added, err := h.projects.Files(t.Context(), h.DB, mine.ID)
	if err != nil || len(added) != 3 {
		t.Fatalf("%d files, %v", len(added), err)
	}
	for _, f := range added {
		answer := h.answer(h.ada, "/e/amiens-2018/project-files/"+string(f.ID))
		kind, _, _ := strings.Cut(answer.Header.Get("Content-Disposition"), ";")
		want := "attachment"
		if f.Name == "plan.png" {
			want = "inline"
		}
		if kind != want || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s is %s, %v", f.Name, kind, answer.Header)
		}
	}
}

// answer asks the door itself, to look at the headers.
func (h *house) answer(who account.Actor, path string) *http.Response {
	h.T.Helper()
	var token string
	if err := h.DB.InTx(h.T.Context(), func(tx *dbtest.Tx) error {
		session, err := h.Accounts.OpenTx(h.T.Context(), tx, who.ID)
		token = session.Token
		return err
	}); err != nil {
		h.T.Fatal(err)
	}
	request := httptest.NewRequest("GET", path, nil)
	request.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	h.Door.ServeHTTP(recorder, request)
	response := recorder.Result()
	_, _ = io.Copy(io.Discard, response.Body)
	return response
}

// After the deadline the page is to read, says why, and a late hand-in waits for the
// organiser, who lets it in.
func TestPages_afterTheDeadline(t *testing.T) {
	t.Parallel()
	h := newWebHouse(t)
	ada, boss := h.Client(h.ada), h.Client(h.Boss)
	_, page := ada.Get("/e/amiens-2018/project")
	typed := form(t, page, "title", "Le Guichet malin", "pitch", "Une réponse")
	h.DB.Clock.Set(h.Edition.At[edition.HandIn])
	if _, page := ada.Get("/e/amiens-2018/project"); !strings.Contains(page, "la tolérance court") {
		t.Error("the page does not say that the grace runs")
	}
	h.DB.Clock.Advance(time.Minute)
	if status, page := ada.Post("/e/amiens-2018/project/handin", typed); status != http.StatusConflict || !strings.Contains(page, "La remise est close") {
		t.Errorf("a late hand-in: %d", status)
	}
	status, page := boss.Get("/e/amiens-2018/handins")
	if status != http.StatusOK || !strings.Contains(page, "arrivé trop tard") {
		t.Errorf("the overview: %d", status)
	}
	path := "/e/amiens-2018/handins/" + string(h.team.ID)
	_, page = boss.Get(path)
	attempt := regexp.MustCompile(`name="attempt" value="([^"]*)"`).FindStringSubmatch(page)
	if attempt == nil {
		t.Fatal("the attempt is not shown")
	}
	if status, page := boss.Post(path+"/admit", url.Values{"attempt": {attempt[1]}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Dites pourquoi") {
		t.Errorf("admitting without a reason: %d", status)
	}
	if status, page := boss.Post(path+"/admit", url.Values{"attempt": {attempt[1]}, "reason": {"wifi en panne"}}); status != http.StatusOK || !strings.Contains(page, "devient une version") {
		t.Errorf("admitting: %d", status)
	}
	until := h.DB.Clock.Now().Add(time.Hour).In(h.Edition.Zone).Format("2006-01-02T15:04")
	if status, _ := boss.Post(path+"/reopen", url.Values{"until": {until}, "reason": {"wifi en panne"}}); status != http.StatusOK {
		t.Errorf("reopening: %d", status)
	}
	if _, page := ada.Get("/e/amiens-2018/project"); !strings.Contains(page, "Remise rouverte pour votre équipe") {
		t.Error("the team does not see that it may hand in")
	}
}

func TestPages_publishingWaitsForTheResults(t *testing.T) {
	t.Parallel()
	h := newWebHouse(t)
	if _, err := h.handIn(h.ada, guichet); err != nil {
		t.Fatal(err)
	}
	shown := func() int {
		all, err := h.projects.PublicProjects(t.Context(), h.DB, h.Edition.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if status, page := h.Client(h.Boss).Post("/e/amiens-2018/handins/publish", nil); status != http.StatusConflict || !strings.Contains(page, "quand les résultats le seront") {
		t.Errorf("publishing too early: %d", status)
	}
	if n := shown(); n != 0 {
		t.Errorf("the public sees %d projects before the award", n)
	}
	h.Go(edition.Results)
	if status, _ := h.Client(h.Boss).Post("/e/amiens-2018/handins/publish", nil); status != http.StatusOK {
		t.Errorf("publishing: %d", status)
	}
	if n := shown(); n != 1 {
		t.Errorf("the public sees %d projects after the award", n)
	}
}

func TestPages_challenges(t *testing.T) {
	t.Parallel()
	h := newWebHouse(t)
	boss := h.Client(h.Boss)
	if status, page := boss.Post("/e/amiens-2018/challenges", url.Values{"title": {"Le lien entre voisins"}, "text": {"*Comment* ?"}, "partner": {"Office fictif"}}); status != http.StatusOK || !strings.Contains(page, "<em>Comment</em>") {
		t.Errorf("adding: %d", status)
	}
	if status, _ := boss.Post("/e/amiens-2018/challenges", url.Values{"title": {""}}); status != http.StatusUnprocessableEntity {
		t.Errorf("without a title: %d", status)
	}
	if _, page := h.Client(h.ada).Get("/e/amiens-2018/project"); !strings.Contains(page, "Le lien entre voisins") {
		t.Error("the team cannot choose the challenge")
	}
}

func TestAPI_handInAndVersions(t *testing.T) {
	t.Parallel()
	h := newWebHouse(t)
	ada := h.Client(h.ada)
	for range 2 {
		status, answer := ada.Do("POST", "/api/v1/e/amiens-2018/project/handin", "application/json",
			`{"content":{"title":"Le Guichet malin","pitch":"Une réponse en un jour"},"action_id":"a1"}`)
		if status != http.StatusOK || !strings.Contains(answer, `"version":1`) || !strings.Contains(answer, `"digest":"`) {
			t.Fatalf("%d %s", status, answer)
		}
	}
	if status, answer := ada.Do("GET", "/api/v1/e/amiens-2018/project/versions", "", ""); status != http.StatusOK || strings.Count(answer, `"version":`) != 1 {
		t.Errorf("%d %s", status, answer)
	}
	if status, _ := ada.Do("GET", "/api/v1/e/amiens-2018/projects", "", ""); status != http.StatusForbidden {
		t.Errorf("a participant lists every project: %d", status)
	}
}
