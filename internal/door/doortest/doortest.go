// Package doortest gives tests of rooms a door over a real HTTP server: an edition in
// Amiens, and a signed-in client for each role.
package doortest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/trail"
	"h48/internal/kit/web"
	"h48/internal/ui"
)

// House is what a room is built from, and a door to open it by.
type House struct {
	T        testing.TB
	DB       *dbtest.DB
	IDs      *ids.Source
	Hub      *live.Hub
	Queue    *jobs.Queue
	Post     *post.Post
	Trail    *trail.Trail
	Words    *i18n.Catalogue
	Accounts *account.Service
	Editions *edition.Service
	Door     *door.Door
	// Edition is the published edition "amiens-2018", on the wall's (fake) clock.
	Edition edition.Edition
	// Boss organises it.
	Boss account.Actor

	server *httptest.Server
}

// New builds a house on the database; words are those of the rooms under test.
func New(t testing.TB, db *dbtest.DB, words ...[]byte) *House {
	t.Helper()
	h := &House{T: t, DB: db, IDs: ids.Seeded(48, db.Clock.Now), Trail: nil}
	var err error
	if h.Words, err = i18n.New(append([][]byte{ui.Words, door.Words, account.Words, edition.Words}, words...)...); err != nil {
		t.Fatal(err)
	}
	if h.Hub, err = live.NewHub("test", nil); err != nil {
		t.Fatal(err)
	}
	h.Trail = trail.New(h.IDs)
	h.Queue = jobs.NewQueue(h.IDs, h.Hub)
	h.Post = post.New(h.Queue, h.IDs)
	h.Accounts = account.NewService(db.DB, h.IDs, h.Post, h.Trail, h.Words, "http://h48.test")
	h.Editions = edition.NewService(db.DB, h.IDs, h.Accounts, h.Hub, h.Queue, h.Trail)
	h.Door = door.New(door.Config{DB: db.DB, Accounts: h.Accounts, Editions: h.Editions, Words: h.Words, IDs: h.IDs,
		Log: slog.New(slog.DiscardHandler)})
	h.open()
	return h
}

// open holds the edition in Amiens: its clock opens two weeks after the test's start.
func (h *House) open() {
	ctx := context.Background()
	boss, err := h.Accounts.MakeAdmin(ctx, "olympe@example.org", "Olympe Exemple", i18n.French)
	if err != nil {
		h.T.Fatal(err)
	}
	h.Boss = boss.Actor()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		h.T.Fatal(err)
	}
	start := time.Date(2018, 5, 19, 9, 0, 0, 0, paris)
	at := map[edition.Moment]time.Time{
		edition.RegistrationOpens: start.AddDate(0, 0, -60), edition.RegistrationCloses: start.AddDate(0, 0, -2),
		edition.Doors: start.Add(-time.Hour), edition.Teams: start.Add(-30 * time.Minute), edition.Starts: start,
		edition.HandIn: start.Add(48 * time.Hour), edition.Pitches: start.Add(49 * time.Hour),
		edition.Deliberation: start.Add(51 * time.Hour), edition.Results: start.Add(52 * time.Hour), edition.Ends: start.Add(53 * time.Hour),
	}
	h.Edition, err = h.Editions.Create(ctx, h.Boss, edition.Edition{Slug: "amiens-2018", Name: "Hackathon de l'habitat",
		Kind: edition.Hackathon, Place: "Amiens", Contact: "contact@example.org", Zone: paris, Lang: i18n.French, Seats: 24,
		TeamMin: 3, TeamMax: 5, Grace: time.Minute, At: at})
	if err != nil {
		h.T.Fatal(err)
	}
	if err := h.Editions.Publish(ctx, h.Boss, h.Edition.ID); err != nil {
		h.T.Fatal(err)
	}
	h.Edition.State = edition.Published
}

// Go moves the clock to the edition's moment.
func (h *House) Go(m edition.Moment) { h.DB.Clock.Set(h.Edition.At[m]) }

// Person gives somebody of that name an account and the roles.
func (h *House) Person(name string, roles ...edition.Role) account.Actor {
	h.T.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org"
	var actor account.Actor
	if len(roles) == 0 {
		roles = []edition.Role{edition.Participant}
	}
	for _, role := range roles {
		who, err := h.Editions.Grant(context.Background(), h.Boss, h.Edition.ID, email, name, role)
		if err != nil {
			h.T.Fatal(err)
		}
		actor = who.Actor()
	}
	return actor
}

// URL is the address of a path on the test's server, which starts when it is first
// asked for: register the routes before.
func (h *House) URL(path string) string {
	if h.server == nil {
		h.server = httptest.NewServer(web.Protect(h.Door))
		h.T.Cleanup(h.server.Close)
	}
	return h.server.URL + path
}

// Client is a browser without script.
type Client struct {
	house *House
	http  *http.Client
}

// Client returns a browser in which the actor is signed in; the zero actor is the public.
func (h *House) Client(actor account.Actor) *Client {
	h.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.T.Fatal(err)
	}
	c := &Client{house: h, http: &http.Client{Jar: jar}}
	if actor.Public() {
		return c
	}
	var session account.Session
	if err := h.DB.InTx(context.Background(), func(tx *dbtest.Tx) (err error) {
		session, err = h.Accounts.OpenTx(context.Background(), tx, actor.ID)
		return err
	}); err != nil {
		h.T.Fatal(err)
	}
	base, err := url.Parse(h.URL("/"))
	if err != nil {
		h.T.Fatal(err)
	}
	jar.SetCookies(base, []*http.Cookie{{Name: web.CookieName, Value: session.Token + "~fr~~", Path: "/"}})
	return c
}

// Get reads a page and returns its status and text, following redirects.
func (c *Client) Get(path string) (status int, body string) {
	c.house.T.Helper()
	response, err := c.http.Get(c.house.URL(path))
	return c.read(response, err)
}

// Header reads a page and returns one of the headers of the answer.
func (c *Client) Header(path, name string) string {
	c.house.T.Helper()
	response, err := c.http.Get(c.house.URL(path))
	c.read(response, err)
	return response.Header.Get(name)
}

// Post sends a form and returns the status and text of the page that it leads to.
func (c *Client) Post(path string, form url.Values) (status int, body string) {
	c.house.T.Helper()
	response, err := c.http.PostForm(c.house.URL(path), form)
	return c.read(response, err)
}

// Cookie is the token of the session that the browser holds, "" for none.
func (c *Client) Cookie() string {
	c.house.T.Helper()
	base, err := url.Parse(c.house.URL("/"))
	if err != nil {
		c.house.T.Fatal(err)
	}
	for _, cookie := range c.http.Jar.Cookies(base) {
		if cookie.Name == web.CookieName {
			token, _, _ := strings.Cut(cookie.Value, "~")
			return token
		}
	}
	return ""
}

// Do sends a request with the path in it completed to the server's address.
func (c *Client) Do(method, path, contentType, body string) (status int, answer string) {
	c.house.T.Helper()
	request, err := http.NewRequest(method, c.house.URL(path), strings.NewReader(body))
	if err != nil {
		c.house.T.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	response, err := c.http.Do(request)
	return c.read(response, err)
}

func (c *Client) read(response *http.Response, err error) (int, string) {
	c.house.T.Helper()
	if err != nil {
		c.house.T.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.house.T.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// RunJobs runs everything that is due, until nothing is.
func (h *House) RunJobs(handlers map[string]jobs.Handler) {
	h.T.Helper()
	worker := jobs.NewWorker(h.DB.DB, h.Queue, h.Editions, slog.New(slog.DiscardHandler), 4, handlers)
	for {
		n, err := worker.RunDue(context.Background())
		if err != nil {
			h.T.Fatal(err)
		}
		worker.Wait()
		if n == 0 {
			return
		}
	}
}
