// Package door stands between the network and the rooms: it knows who asks, in which
// edition, whether they may, and what the frame of every page looks like.
//
// A room registers its routes here, each with a rule; there is no way to register one
// without. The table of all routes is what the access test walks. The door decides
// nothing about what is inside a room.
package door

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/web"
	"h48/internal/ui"
)

// Largest bodies that a route reads.
const (
	mostForm  = 1 << 20
	mostFiles = 64 << 20
)

// Handler answers one request of one visitor. What it returns as an error is answered
// for it.
type Handler func(w http.ResponseWriter, r *http.Request, v *Visit) error

// Route is a row of the table of who may use what.
type Route struct {
	Method, Pattern string
	Rule            Rule
	// Operation describes a route of the API; nil for a page.
	Operation *Operation
}

// Config is what a door needs.
type Config struct {
	DB       *sqldb.DB
	Accounts *account.Service
	Editions *edition.Service
	Words    *i18n.Catalogue
	IDs      *ids.Source
	Log      *slog.Logger
	// Frame adds to the frame of a page what the rooms have to say: navigation,
	// announcements, the rehearsal's clock. It may be nil.
	Frame func(ctx context.Context, v *Visit, view *ui.View) error
	// Position is how far the live signals have come; a page notes it before it is read.
	// It may be nil.
	Position func() string
	// Absent says that an event of this kind has no such route: an inauguration has no jury.
	// It may be nil.
	Absent func(pattern string, kind edition.Kind) bool
	// Secure says that the installation is reached over TLS.
	Secure bool
}

// Door is the way in. Register every route before it serves.
type Door struct {
	Config
	mux    *http.ServeMux
	routes []Route
}

// New returns a door without routes.
func New(c Config) *Door { return &Door{Config: c, mux: http.NewServeMux()} }

// Routes is the table of all routes.
func (d *Door) Routes() []Route { return d.routes }

// Get registers a page.
func (d *Door) Get(pattern string, rule Rule, h Handler) { d.handle("GET", pattern, rule, nil, h) }

// Post registers a change.
func (d *Door) Post(pattern string, rule Rule, h Handler) { d.handle("POST", pattern, rule, nil, h) }

func (d *Door) handle(method, pattern string, rule Rule, op *Operation, h Handler) {
	if rule.admit == nil {
		panic("the route " + method + " " + pattern + " has no rule") // found at start, by whoever wrote it
	}
	d.routes = append(d.routes, Route{Method: method, Pattern: pattern, Rule: rule, Operation: op})
	d.mux.HandleFunc(method+" "+pattern, func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(web.WithReference(r.Context(), d.IDs.Code(8)))
		v, err := d.visit(r)
		if err == nil {
			w.Header().Set("X-Now", strconv.FormatInt(v.Now.UnixMilli(), 10))
			err = rule.check(v)
			if v.Edition.ID != "" && d.Absent != nil && d.Absent(pattern, v.Edition.Kind) { // whoever asks
				err = errs.New(errs.NotFound, "error.not_found")
			}
		}
		if err == nil {
			err = holder(r, v)
		}
		if err == nil {
			err = limit(w, r)
		}
		if err == nil {
			err = h(w, r, v)
		}
		if err != nil {
			d.refuse(w, r, v, err)
		}
	})
}

// ServeHTTP implements http.Handler.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := d.mux.Handler(r); pattern == "" {
		d.nowhere(w, r)
		return
	}
	d.mux.ServeHTTP(w, r)
}

// nowhere answers what has no route with the house's own page; the mux knows whether
// another method would have had one.
func (d *Door) nowhere(w http.ResponseWriter, r *http.Request) {
	v, err := d.visit(r)
	if err != nil {
		v = d.stranger(r)
	}
	d.refuse(w, r, v, sqldb.ErrNotFound)
}

// holder refuses what a device sends for somebody who is not signed in on it any more: the
// page of the juror before may still be open behind that of the next one.
func holder(r *http.Request, v *Visit) error {
	if who := r.Header.Get("X-Who"); who != "" && who != string(v.Actor.ID) {
		return errSignIn
	}
	return nil
}

// limit refuses a body that is too large before it is read.
func limit(w http.ResponseWriter, r *http.Request) error {
	most := int64(mostForm)
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		most = mostFiles
	}
	if r.ContentLength > most {
		return errs.New(errs.TooLarge, "error.too_large", "most", most>>20)
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	return nil
}

// refuse answers an error: a problem document where a program asks, the way to sign in
// where that is missing, a page in the reader's words otherwise.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, v *Visit, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // the reader has gone
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = errs.New(errs.TooLarge, "error.too_large", "most", tooLarge.Limit>>20)
	}
	if sqldb.IsForeignKey(err) { // somebody else took away what the form still names, or it was made up
		d.Log.WarnContext(r.Context(), "a request named what is not there", "method", r.Method, "path", r.URL.Path, "error", err)
		err = sqldb.ErrNotFound
	}
	status, reference := web.Status(err), web.Reference(r.Context())
	if status == http.StatusInternalServerError {
		d.Log.ErrorContext(r.Context(), "a request failed", "reference", reference, "method", r.Method,
			"path", r.URL.Path, "error", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	if v == nil {
		v = d.stranger(r)
	}
	switch {
	case wantsJSON(r):
		web.WriteProblem(w, v.L, err, reference)
	case status == http.StatusUnauthorized && r.Method == http.MethodGet:
		http.Redirect(w, r, signInURL(r), http.StatusSeeOther)
	default:
		d.refusePage(w, r, v, err, status, reference)
	}
}

func (d *Door) refusePage(w http.ResponseWriter, r *http.Request, v *Visit, err error, status int, reference string) {
	if status != http.StatusInternalServerError {
		reference = ""
	}
	key := "error.title." + strconv.Itoa(status)
	if !v.L.Has(key) {
		key = "error.title.500"
	}
	view := v.Page(v.L.T(key))
	page := refusalPage(view, web.Say(v.L, err), reference, fieldTexts(v.L, err))
	if err := write(w, r, status, page); err != nil {
		d.Log.ErrorContext(r.Context(), "showing an error", "error", err)
	}
}

func fieldTexts(l i18n.Locale, err error) []string {
	var texts []string
	for _, f := range web.Fields(err) {
		texts = append(texts, l.T(f.Key, f.Args...))
	}
	return texts
}

// wantsJSON says whether a program asks: the API, or a form that the device sends for
// its holder.
func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.Header.Get("Accept"), "application/json") ||
		r.Header.Get("X-Autosave") != ""
}

// visit finds out who asks and in which edition.
func (d *Door) visit(r *http.Request) (*Visit, error) {
	v := d.stranger(r)
	ctx := r.Context()
	session := v.cookie.Session
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		session = token
	}
	if session != "" {
		who, err := d.Accounts.Who(ctx, session)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, fmt.Errorf("finding out who asks: %w", err)
		}
		v.Actor = who.Actor()
		if v.cookie.Lang == "" && who.Lang != "" {
			v.L = d.Words.Locale(who.Lang)
		}
	}
	slug := r.PathValue("edition")
	if slug == "" {
		return v, nil
	}
	e, err := d.Editions.BySlug(ctx, slug)
	if err != nil {
		return v, err
	}
	v.Edition, v.Now = e, e.Now(v.Wall)
	v.L = v.L.In(e.Zone).With(e.Words)
	if !v.Actor.Public() {
		if v.Roles, err = d.Editions.Roles(ctx, d.DB, e.ID, v.Actor.ID); err != nil {
			return v, fmt.Errorf("finding the roles of %s: %w", v.Actor.ID, err)
		}
	}
	return v, nil
}

// stranger is a visit of nobody in particular.
func (d *Door) stranger(r *http.Request) *Visit {
	now := d.DB.Now()
	v := &Visit{door: d, request: r, Wall: now, Now: now, cookie: web.ReadCookie(r)}
	if d.Position != nil {
		v.since = d.Position()
	}
	lang := v.cookie.Lang
	if lang == "" {
		lang = i18n.FromAccept(r.Header.Get("Accept-Language"))
	}
	v.L = d.Words.Locale(lang)
	return v
}
