package checkin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/account"
	"h48/internal/checkin"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/web"
	"h48/internal/registration"
	"h48/internal/ui"
)

// phone is a browser in which the actor is signed in, and a network that can be cut.
type phone struct {
	t      *testing.T
	ctx    context.Context
	server *httptest.Server
	cut    atomic.Bool
}

// newPhone starts a browser of 390 px; the test is skipped where there is no Chromium.
func newPhone(t *testing.T, d *entrance, who account.Actor) *phone {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil || testing.Short() {
		t.Skip("no Chromium, or -short")
	}
	p := &phone{t: t}
	mux := http.NewServeMux()
	mux.Handle("/static/", ui.Handler())
	mux.Handle("/", d.Door)
	p.server = httptest.NewServer(p.gate(web.Protect(mux)))
	t.Cleanup(p.server.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.WindowSize(390, 844), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-dev-shm-usage", true))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(alloc)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil { // starts the browser; this call must carry no timeout
		t.Skipf("no Chromium: %v", err)
	}
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	p.ctx = limited
	p.signIn(d, who)
	return p
}

// gate drops every connection while the network is cut.
func (p *phone) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.cut.Load() {
			if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
				_ = conn.Close()
			}
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (p *phone) signIn(d *entrance, who account.Actor) {
	p.t.Helper()
	var session account.Session
	if err := d.DB.InTx(p.t.Context(), func(tx *sqldb.Tx) (err error) {
		session, err = d.Accounts.OpenTx(p.t.Context(), tx, who.ID)
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
	p.open("/checkin/checkin.css")
	p.eval(fmt.Sprintf(`document.cookie = "%s=%s~fr~~; path=/"`, web.CookieName, session.Token))
}

func (p *phone) open(path string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Navigate(p.server.URL+path)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *phone) eval(js string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](js, chromedp.EvalAwaitPromise)); err != nil {
		p.t.Fatalf("%s: %v", js, err)
	}
}

// until waits for a JavaScript expression to hold.
func (p *phone) until(js string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](js, chromedp.WithPollingInterval(30*time.Millisecond), chromedp.WithPollingTimeout(15*time.Second))); err != nil {
		body, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body.innerText.slice(0, 1500)"))
		p.t.Fatalf("never true: %s (%v)\nthe page says:\n%s", js, err, body)
	}
}

// scan gives the code to the door as a scanner does.
func (p *phone) scan(code string) {
	p.t.Helper()
	p.eval(fmt.Sprintf(`(() => { const f = document.querySelector("form[data-scan]"); f.elements.code.value = %q; f.requestSubmit(); })()`, code))
}

const said = `document.querySelector("[data-desk-last]").innerText`

// The wifi dies with people at the door: nothing is switched on, each name is still said,
// and when the network is back all is sent, once.
func TestBrowser_wifiDiesAtTheDoor(t *testing.T) {
	t.Parallel()
	d := newEntrance(t, dbtest.SQLite(t), 24)
	checkin.Routes(d.Door, d.Service)
	registration.Routes(d.Door, d.people)
	first, second := d.register(), d.register()
	codes := []string{d.code(first.Account), d.code(second.Account)}
	p := newPhone(t, d, d.gaston)
	p.open("/e/amiens-2018/checkin?door=rue")
	p.until(`!!document.querySelector("[data-desk-person]") && document.readyState === "complete"`)
	p.cut.Store(true)
	p.scan(codes[0])
	p.until(said + `.includes("Personne Exemple 1") && ` + said + `.includes("gardé")`)
	p.scan(codes[1])
	p.until(said + `.includes("Personne Exemple 2")`)
	if got := d.summary(); got.Arrived != 0 {
		t.Fatalf("without network, %+v", got)
	}
	p.cut.Store(false)
	p.eval(`dispatchEvent(new Event("online"))`)
	p.until(said + `.includes("arrivée à")`)
	for range 200 { // the second follows the first
		if d.summary().Arrived == 2 {
			break
		}
		p.eval(`new Promise((go) => setTimeout(go, 50))`)
	}
	if got := d.summary(); got.Arrived != 2 || got.Inside != 2 {
		t.Errorf("with the network back, %+v", got)
	}
}

// No page of the door or of registration has anything that axe
// finds.
func TestBrowser_axe(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile("../e2e/testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	d := newEntrance(t, dbtest.SQLite(t), 3)
	checkin.Routes(d.Door, d.Service)
	registration.Routes(d.Door, d.people)
	for range 5 {
		if _, err := d.in(d.register().Account); err != nil && d.n <= 3 {
			t.Fatal(err)
		}
	}
	d.DB.Clock.Set(d.Edition.At["registration_opens"])
	p := newPhone(t, d, d.Boss)
	for _, path := range []string{"register", "register/sent", "registrations", "registrations?state=waiting", "registrations/new", "registrations/skills",
		"registrations/meals", "registrations/import", "checkin", "checkin/inside", "checkin/badges", "badge"} {
		p.open("/e/amiens-2018/" + path)
		p.eval(string(axe) + ";0")
		found, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`axe.run().then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html).join(" | ")).join("\n"))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		if found != "" {
			t.Errorf("%s:\n%s", path, found)
		}
	}
}
