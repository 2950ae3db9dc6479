// Package web is what every answer over HTTP has in common: the headers that keep a page
// to this site, the one cookie, compression, the log, and how an error becomes a status.
// It knows no person and no edition; that is internal/door.
package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"h48/internal/kit/clock"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
)

// Status is the HTTP status of an error's kind: the only place where one becomes the
// other.
func Status(err error) int {
	switch errs.KindOf(err) {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.TooMany:
		return http.StatusTooManyRequests
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.Gone:
		return http.StatusGone
	case errs.Internal:
	}
	return http.StatusInternalServerError
}

// Problem is an error as the API tells it (RFC 9457).
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Errors []FieldProblem `json:"errors,omitempty"`
	// Reference finds an internal error in the log.
	Reference string `json:"reference,omitempty"`
}

// FieldProblem is what is wrong with one field.
type FieldProblem struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// WriteProblem answers with the error in the reader's words. An internal error says only
// its reference.
func WriteProblem(w http.ResponseWriter, l i18n.Locale, err error, reference string) {
	status := Status(err)
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: Say(l, err)}
	if status == http.StatusInternalServerError {
		p.Reference = reference
	}
	for _, f := range Fields(err) {
		p.Errors = append(p.Errors, FieldProblem{Field: f.Name, Detail: l.T(f.Key, f.Args...)})
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(p)
}

// Cookie is all that H48 keeps in a browser: one cookie with the session, the choice of
// language and theme, the answer to the last action until it is shown, and the slips that
// were handed to the device.
type Cookie struct {
	Session string
	Lang    i18n.Lang
	Theme   string
	Flash   []Flash
	Slips   []Slip
}

// Slip is a short text that the device keeps for something: a code for one ballot.
type Slip struct{ For, Text string }

// mostSlips is how many slips a device keeps; the oldest goes first.
const mostSlips = 4

// Slip is the text that the device keeps for something, or "".
func (c Cookie) Slip(about string) string {
	for _, s := range c.Slips {
		if s.For == about {
			return s.Text
		}
	}
	return ""
}

// Keep adds a slip, in the place of an older one for the same thing.
func (c *Cookie) Keep(about, text string) {
	c.Slips = append(slices.DeleteFunc(c.Slips, func(s Slip) bool { return s.For == about }), Slip{about, text})
	c.Slips = c.Slips[max(len(c.Slips)-mostSlips, 0):]
}

// Flash is the answer to an action, for the next page.
type Flash struct {
	Kind string
	Text string
}

// CookieName is the one cookie's.
const CookieName = "h48"

// ReadCookie returns what the browser has of us; anything malformed is nothing.
func ReadCookie(r *http.Request) Cookie {
	raw, err := r.Cookie(CookieName)
	if err != nil {
		return Cookie{}
	}
	parts := strings.Split(raw.Value, "~")
	if len(parts) != 4 && len(parts) != 5 {
		return Cookie{}
	}
	c := Cookie{Session: parts[0], Theme: parts[2]}
	if lang, ok := i18n.ParseLang(parts[1]); ok {
		c.Lang = lang
	}
	if text, err := base64.RawURLEncoding.DecodeString(parts[3]); err == nil && len(text) > 0 {
		_ = json.Unmarshal(text, &c.Flash) // a flash that cannot be read is not shown
	}
	if len(parts) == 5 {
		if text, err := base64.RawURLEncoding.DecodeString(parts[4]); err == nil && len(text) > 0 {
			_ = json.Unmarshal(text, &c.Slips) // a slip that cannot be read is none
		}
	}
	return c
}

// Write sets the cookie; secure where the installation is reached over TLS.
func (c Cookie) Write(w http.ResponseWriter, secure bool) {
	flash := ""
	if len(c.Flash) > 0 {
		if text, err := json.Marshal(c.Flash); err == nil {
			flash = base64.RawURLEncoding.EncodeToString(text)
		}
	}
	parts := []string{c.Session, string(c.Lang), url.QueryEscape(c.Theme), flash}
	if len(c.Slips) > 0 {
		if text, err := json.Marshal(c.Slips); err == nil {
			parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
		}
	}
	value := strings.Join(parts, "~")
	http.SetCookie(w, &http.Cookie{Name: CookieName, Value: value, Path: "/", HttpOnly: true, Secure: secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int((60 * 24 * time.Hour).Seconds())})
}

// Say is the error in the reader's words: those of the refusal, or that something went
// wrong here.
func Say(l i18n.Locale, err error) string {
	if e, ok := Refusal(err); ok {
		return l.T(e.Key, e.Args...)
	}
	if len(Fields(err)) > 0 {
		return l.T("error.fields")
	}
	return l.T("error.internal")
}

// policy lets a page load from this site alone and run no inline script.
const policy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Protect sets the headers that every answer has.
func Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-H48"] = []string{"1"}
		h["Content-Security-Policy"] = []string{policy}
		h["X-Content-Type-Options"] = []string{"nosniff"}
		h["Referrer-Policy"] = []string{"same-origin"}
		h["Cross-Origin-Opener-Policy"] = []string{"same-origin"}
		h["Permissions-Policy"] = []string{"camera=(self), microphone=(), geolocation=()"}
		next.ServeHTTP(w, r)
	})
}

// Log writes a line for each answer that took a handler, and turns a panic into one.
func Log(log *slog.Logger, c clock.Clock, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := c.Now()
		seen := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // the net/http contract
					panic(p)
				}
				log.Error("a handler panicked", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if !seen.wrote {
					http.Error(seen, "500", http.StatusInternalServerError)
				}
			}
			level := slog.LevelDebug
			if seen.status >= http.StatusInternalServerError {
				level = slog.LevelWarn
			}
			if log.Enabled(r.Context(), level) {
				log.Log(r.Context(), level, "answered", "method", r.Method, "path", r.URL.Path, "route", r.Pattern,
					"status", seen.status, "bytes", seen.bytes, "took", c.Now().Sub(began))
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	wrote  bool
}

func (s *recorder) WriteHeader(status int) {
	s.status, s.wrote = status, true
	s.ResponseWriter.WriteHeader(status)
}

func (s *recorder) Write(b []byte) (int, error) {
	s.wrote = true
	n, err := s.ResponseWriter.Write(b)
	s.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (s *recorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Flush is there for compression, which does not look behind a writer: without it an
// event stream reaches a browser only when the buffer is full.
func (s *recorder) Flush() {
	_ = http.NewResponseController(s.ResponseWriter).Flush() // a reader who has gone is no error of ours
}

// Compress answers in gzip where the browser takes it; streams are left as they are.
func Compress(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.CompressionLevel(5),
		gzhttp.ExceptContentTypes([]string{"text/event-stream", "image/png", "image/jpeg", "image/webp", "font/woff2", "application/zip", "application/pdf"}))
	if err != nil {
		return nil, fmt.Errorf("setting compression up: %w", err)
	}
	return wrap(next), nil
}

type referenceKey struct{}

// WithReference gives the request a number by which a reader and the log speak of it.
func WithReference(ctx context.Context, reference string) context.Context {
	return context.WithValue(ctx, referenceKey{}, reference)
}

// Reference is the request's number, or "".
func Reference(ctx context.Context) string {
	reference, _ := ctx.Value(referenceKey{}).(string)
	return reference
}
