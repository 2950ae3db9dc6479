package door

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/web"
	"h48/internal/ui"
)

// Visit is one request of one visitor.
type Visit struct {
	Actor account.Actor
	// Edition is the one of the address; its zero value outside an edition.
	Edition edition.Edition
	Roles   edition.Roles
	// L speaks the reader's language, in the edition's zone and words of the house.
	L i18n.Locale
	// Now is the edition's time (the wall's outside an edition), Wall the wall's.
	Now, Wall time.Time

	door    *Door
	request *http.Request
	cookie  web.Cookie
	// since is the live position before anything was read for the page.
	since string
}

// Is says whether the visitor has one of the roles; organisers have every right but not
// every role.
func (v *Visit) Is(roles ...edition.Role) bool { return v.Roles.Has(roles...) }

// URL is an address inside the edition: v.URL("help", id) is "/e/amiens-2018/help/…".
func (v *Visit) URL(parts ...string) string {
	all := []string{v.Edition.URL()}
	for _, p := range parts {
		all = append(all, url.PathEscape(p))
	}
	return strings.Join(all, "/")
}

// Page is the frame of a page with the title, which listens to the topics and to the
// edition's own.
func (v *Visit) Page(title string, topics ...string) ui.View {
	view := ui.View{L: v.L, Title: title, Path: v.request.URL.RequestURI(), Theme: v.cookie.Theme,
		Clock: ui.Clock{Now: v.Now, Speed: 1}, Since: v.since}
	for _, f := range v.cookie.Flash {
		view.Flash = append(view.Flash, ui.Flash{Kind: f.Kind, Text: f.Text})
	}
	if e := v.Edition; e.ID != "" {
		view.Edition = &ui.Head{Name: e.Name, URL: e.URL(), Place: e.Place, Accent: e.Accent}
		if e.LogoKey != "" {
			view.Edition.LogoURL = v.URL("logo")
		}
		view.Clock.Speed, view.Clock.Paused = e.Pace.Speed, e.Pace.Paused
		view.Topics = append([]string{edition.Topic(e.ID)}, topics...)
	} else {
		view.Topics = topics
	}
	if !v.Actor.Public() {
		view.Who = &ui.Person{ID: string(v.Actor.ID), Name: v.Actor.Name, URL: "/me"}
		if len(v.Roles) > 0 {
			view.Who.Role = v.L.T("edition.role." + string(v.Roles[0]))
		}
	}
	if frame := v.door.Frame; frame != nil {
		if err := frame(v.request.Context(), v, &view); err != nil {
			// The page itself is more than its frame.
			v.door.Log.ErrorContext(v.request.Context(), "framing a page", "path", v.request.URL.Path, "error", err)
		}
	}
	return view
}

// Show answers with the page.
func (v *Visit) Show(w http.ResponseWriter, r *http.Request, page templ.Component) error {
	return v.ShowStatus(w, r, http.StatusOK, page)
}

// ShowStatus is Show with another status.
func (v *Visit) ShowStatus(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	if len(v.cookie.Flash) > 0 && r.Header.Get("X-Live") == "" {
		v.cookie.Flash = nil
		v.cookie.Write(w, v.door.Secure)
	}
	return write(w, r, status, page)
}

// write renders the whole page before the first byte goes out, so that an error in the
// middle is an error page and not half a page.
func write(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	var body bytes.Buffer
	if err := page.Render(r.Context(), &body); err != nil {
		return fmt.Errorf("rendering %s: %w", r.URL.Path, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // a reader who has gone is no error of ours
	return nil
}

// Again answers a form that was refused: the page again with what was typed and what is
// wrong with it, or a problem document to the device that sent it. An error that is not
// about the form is returned.
func (v *Visit) Again(w http.ResponseWriter, r *http.Request, err error, page func() templ.Component) error {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Conflict, errs.TooMany, errs.TooLarge:
	default:
		return err
	}
	if wantsJSON(r) {
		return err
	}
	if e, ok := web.Refusal(err); ok {
		v.cookie.Flash = append(v.cookie.Flash, web.Flash{Kind: "error", Text: v.L.T(e.Key, e.Args...)})
	}
	rendered := page() // takes the flash into its frame
	v.cookie.Flash = nil
	return write(w, r, web.Status(err), rendered)
}

// Tell answers a device (see ForDevice): what became of what it sent, in the words that it
// shows.
func (v *Visit) Tell(w http.ResponseWriter, words string, tone ui.Tone) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]string{"words": words, "tone": string(tone)})
}

// Field is the question named name, labelled by the key, with what was typed in the form
// and what err says is wrong with it.
func (v *Visit) Field(r *http.Request, err error, name, label string) ui.Field {
	f := ui.Field{Name: name, Label: v.L.T(label)}
	if r.PostForm != nil {
		f.Value = r.PostForm.Get(name) + r.PostForm.Get(ui.OffsetOf(name))
	}
	if wrong, ok := web.Fields(err).Of(name); ok {
		f.Error = v.L.T(wrong.Key, wrong.Args...)
	}
	return f
}

// Say keeps a word of the kind ok, warn or error for the next page.
func (v *Visit) Say(w http.ResponseWriter, kind, key string, args ...any) {
	if wantsJSON(v.request) {
		return
	}
	v.cookie.Flash = append(v.cookie.Flash, web.Flash{Kind: kind, Text: v.L.T(key, args...)})
	v.cookie.Write(w, v.door.Secure)
}

// ForDevice says whether a script or a program sent the request, and no page follows.
func (v *Visit) ForDevice() bool { return wantsJSON(v.request) }

// Keep lets the browser keep a short text about something, in the one cookie that it has.
func (v *Visit) Keep(w http.ResponseWriter, about, text string) {
	v.cookie.Keep(about, text)
	v.cookie.Write(w, v.door.Secure)
}

// Kept is what the browser keeps about something, or "".
func (v *Visit) Kept(about string) string { return v.cookie.Slip(about) }

// Go leads to the address after a change; the device that sent a form for its holder
// hears that it is done.
func (v *Visit) Go(w http.ResponseWriter, r *http.Request, address string) error {
	if wantsJSON(r) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":true}`))
		return nil
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// SignIn gives the visitor's browser the session, and returns the token of the one that it
// held before, "" for none: who shares a device ends that one too.
func (v *Visit) SignIn(w http.ResponseWriter, s account.Session) (former string) {
	former, v.cookie.Session = v.cookie.Session, s.Token
	if v.cookie.Lang == "" {
		v.cookie.Lang = s.Account.Lang
	}
	v.cookie.Write(w, v.door.Secure)
	return former
}

// SignOut forgets the session in the visitor's browser and returns its token.
func (v *Visit) SignOut(w http.ResponseWriter) (token string) {
	token, v.cookie.Session = v.cookie.Session, ""
	v.cookie.Write(w, v.door.Secure)
	return token
}

// Prefer sets the visitor's language and theme; "" leaves one as it is.
func (v *Visit) Prefer(w http.ResponseWriter, lang, theme string) {
	if l, ok := i18n.ParseLang(lang); ok {
		v.cookie.Lang = l
	}
	switch theme {
	case "light", "dark", "auto":
		v.cookie.Theme = theme
	}
	v.cookie.Write(w, v.door.Secure)
}

// signInURL leads to the way in, and back here afterwards.
func signInURL(r *http.Request) string {
	return "/sign-in?next=" + url.QueryEscape(r.URL.RequestURI())
}
