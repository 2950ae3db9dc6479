package ui_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"h48/internal/kit/i18n"
	"h48/internal/ui"
)

// chromium is the one browser that the tests of this package share, each in its own tab.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop []func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, stop := range chromium.stop {
		stop()
	}
	os.Exit(code)
}

func startChromium() {
	path, err := exec.LookPath("chromium")
	if err != nil {
		chromium.err = err
		return
	}
	profile, err := os.MkdirTemp("", "h48-ui-chromium-")
	if err != nil {
		chromium.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.UserDataDir(profile), chromedp.WindowSize(1280, 900), chromedp.Flag("disable-gpu", true))
	for _, flag := range []string{"disable-quic", "disable-dev-shm-usage", "disable-component-update", "disable-background-networking", "disable-sync", "no-first-run"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(alloc)
	chromium.ctx = ctx
	chromium.stop = []func(){stop, stopAlloc, func() { _ = os.RemoveAll(profile) }}
	chromium.err = chromedp.Do(ctx) // starts the browser; this call must carry no timeout
}

// tab is a fresh tab of the browser; the test is skipped where there is no Chromium.
func tab(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser test: not with -short")
	}
	chromium.once.Do(startChromium)
	if chromium.err != nil {
		t.Skipf("no Chromium to run the scripts in: %v", chromium.err)
	}
	ctx, stop := chromedp.NewContext(chromium.ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	limited, cancel := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(cancel)
	return limited
}

// do runs the steps in the tab.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// eval is the value of a JavaScript expression, awaited where it is a promise.
func eval[T any](t *testing.T, ctx context.Context, js string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", js, err)
	}
	return v
}

// until waits for a JavaScript expression to hold.
func until(t *testing.T, ctx context.Context, js string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](js, chromedp.WithPollingInterval(30*time.Millisecond), chromedp.WithPollingTimeout(15*time.Second))); err != nil {
		body, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText.slice(0, 1500)"))
		t.Fatalf("never true: %s (%v)\nthe page says:\n%s", js, err, body)
	}
}

// site is a small server of pages made of the package's components.
type site struct {
	*httptest.Server
	body   func(l ui.Locale) templ.Component // of every page
	topics []string
	view   func(*ui.View) // changes the view, where not nil
	cut    atomic.Bool    // the network is down: connections are dropped without an answer
	portal atomic.Bool    // a captive portal answers in our place
	lured  chan struct{}  // receives when the portal has answered

	mu      sync.Mutex
	streams map[chan string]bool
	answer  func(w http.ResponseWriter, r *http.Request) // of POST /act
	posts   []map[string]string
}

func newSite(t *testing.T, s *site) *site {
	t.Helper()
	s.streams, s.lured = map[chan string]bool{}, make(chan struct{}, 1)
	mux := http.NewServeMux()
	mux.Handle("/static/", ui.Handler())
	mux.Handle("/sw.js", ui.ServiceWorker())
	mux.HandleFunc("/live", s.live)
	mux.HandleFunc("POST /act", s.act)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		v := ui.View{L: locale(t, i18n.English), Title: "Test", Path: r.URL.Path, Topics: s.topics, Clock: ui.Clock{Now: time.Now()}}
		if s.view != nil {
			s.view(&v)
		}
		w.Header().Set("X-Offline", "keep")
		page := ui.Layout(v)
		s.mu.Lock()
		defer s.mu.Unlock()
		_ = page.Render(templ.WithChildren(r.Context(), s.body(v.L)), w)
	})
	s.Server = httptest.NewServer(s.gate(mux))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// gate is the network in front of the server.
func (s *site) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.cut.Load() {
			if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
				_ = conn.Close()
			}
			return
		}
		if s.portal.Load() {
			fmt.Fprint(w, "<h1>Welcome to the hotel's network</h1>")
			select {
			case s.lured <- struct{}{}:
			default:
			}
			return
		}
		w.Header().Set("X-H48", "1")
		w.Header().Set("X-Now", fmt.Sprint(time.Now().UnixMilli()))
		w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

func (s *site) live(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	events := make(chan string, 8)
	s.mu.Lock()
	s.streams[events] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.streams, events)
		s.mu.Unlock()
	}()
	for {
		select {
		case <-r.Context().Done():
			return
		case topic := <-events:
			fmt.Fprintf(w, "event: spread\ndata: 200\n\nevent: touch\ndata: %s\n\n", topic)
			w.(http.Flusher).Flush()
		}
	}
}

// touch changes what the page says, then signals the topic.
func (s *site) touch(topic string, change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	for events := range s.streams {
		events <- topic
	}
}

func (s *site) act(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	post := map[string]string{"x-autosave": r.Header.Get("X-Autosave"), "accept": r.Header.Get("Accept")}
	for name := range r.PostForm {
		post[name] = r.PostForm.Get(name)
	}
	s.mu.Lock()
	answer := s.answer
	if !s.heard(post["action_id"]) {
		s.posts = append(s.posts, post)
	}
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"ok": true}`)
}

// heard says whether an action came before: one whose answer was lost comes again, under
// the same id, and counts once.
func (s *site) heard(id string) bool {
	return id != "" && slices.ContainsFunc(s.posts, func(p map[string]string) bool { return p["action_id"] == id })
}

// received are the values of a field in the posts so far, in order.
func (s *site) received(field string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, p := range s.posts {
		all = append(all, p[field])
	}
	return all
}

// html is a component of raw HTML, for what a room's page would hold.
func html(parts ...string) templ.Component { return templ.Raw(strings.Join(parts, "\n")) }
