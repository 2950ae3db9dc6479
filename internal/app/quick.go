package app

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
	"time"

	"h48/internal/kit/i18n"
)

// freshFor is how old a kept page may be, and only while nothing was touched. On the day
// a poster's QR code brings hundreds of strangers to the same page in the same minute,
// they all see one rendering of it, and none sees what a change has made old.
const freshFor = time.Second

// mostKept bounds the memory of kept pages.
const mostKept = 256

// kept is a page for strangers, as it goes over the wire. Whoever finds it old renders
// it again while the others wait for them.
type kept struct {
	sync.Mutex
	header        http.Header
	plain, zipped []byte
	until         time.Time
	position      string // of the hub when it was rendered
}

// quick answers public pages for readers without a cookie from one rendering. Everything
// else goes to next.
func (a *App) quick(next http.Handler) http.Handler {
	var mu sync.Mutex
	pages := map[string]*kept{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !forStrangers(r) {
			next.ServeHTTP(w, r)
			return
		}
		key := string(i18n.FromAccept(r.Header.Get("Accept-Language"))) + " " + r.URL.Path
		mu.Lock()
		page := pages[key]
		if page == nil {
			if len(pages) >= mostKept {
				clear(pages)
			}
			page = &kept{}
			pages[key] = page
		}
		mu.Unlock()
		if !page.fresh(a, next, r) {
			next.ServeHTTP(w, r)
			return
		}
		page.answer(w, r)
	})
}

// fresh renders the page when it is old, and says whether it is one to keep.
func (k *kept) fresh(a *App, next http.Handler, r *http.Request) bool {
	k.Lock()
	defer k.Unlock()
	now, position := a.Parts.Clock.Now(), a.Hub.Position()
	if position == k.position && now.Before(k.until) {
		return true
	}
	k.header = nil
	plain := r.Clone(r.Context())
	plain.Header.Del("Accept-Encoding")
	out := &buffer{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(out, plain)
	if out.status != http.StatusOK || out.header.Get("Set-Cookie") != "" {
		return false
	}
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	_, _ = zip.Write(out.body.Bytes()) // a buffer takes everything
	_ = zip.Close()
	out.header.Set("Vary", "Accept-Encoding, Accept-Language, Cookie")
	k.header, k.plain, k.zipped = out.header, out.body.Bytes(), zipped.Bytes()
	k.until, k.position = now.Add(freshFor), position
	return true
}

// forStrangers says whether the request is for a page that is the same for everybody who
// is not signed in: an edition's public page.
func forStrangers(r *http.Request) bool {
	if r.Method != http.MethodGet || r.URL.RawQuery != "" || r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" {
		return false
	}
	slug, ok := strings.CutPrefix(r.URL.Path, "/e/")
	return ok && slug != "" && !strings.Contains(slug, "/")
}

func (k *kept) answer(w http.ResponseWriter, r *http.Request) {
	k.Lock()
	header, body, zipped := k.header, k.plain, k.zipped
	k.Unlock()
	h := w.Header()
	for name, values := range header {
		h[name] = values
	}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h["Content-Encoding"] = []string{"gzip"}
		body = zipped
	}
	_, _ = w.Write(body) // a reader who has gone is no error of ours
}

// buffer is an http.ResponseWriter that keeps the answer.
type buffer struct {
	header http.Header
	body   bytes.Buffer
	status int
}

func (b *buffer) Header() http.Header         { return b.header }
func (b *buffer) WriteHeader(status int)      { b.status = status }
func (b *buffer) Write(p []byte) (int, error) { return b.body.Write(p) }
