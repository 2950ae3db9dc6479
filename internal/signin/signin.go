// Package signin is the pages by which a person enters: ask for a letter, open its link
// or type its code, leave again, choose a language. What they do is internal/account's.
package signin

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/web"
	"h48/internal/ui"
)

type pages struct{ accounts *account.Service }

// Routes registers the pages.
func Routes(d *door.Door, accounts *account.Service) {
	p := &pages{accounts: accounts}
	d.Get("/sign-in", door.Anyone(), p.showAsk)
	d.Post("/sign-in", door.Anyone(), p.ask)
	d.Get("/sign-in/sent", door.Anyone(), p.showSent)
	d.Post("/sign-in/code", door.Anyone(), p.enterByCode)
	d.Get("/sign-in/{token}", door.Anyone(), p.showEnter)
	d.Post("/sign-in/{token}", door.Anyone(), p.enter)
	d.Post("/sign-out", door.Anyone(), p.leave)
	d.Post("/preferences", door.Anyone(), p.prefer)
	d.API("POST", "/api/v1/session/letter", door.Anyone(), "Ask for a letter with a code to sign in", door.Op(p.apiLetter))
	d.API("POST", "/api/v1/session", door.Anyone(), "Open a session with the code of a letter", door.Op(p.apiSession))
}

func (p *pages) showAsk(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, askPage(bare(v, "account.sign_in"), v.Field(r, nil, "email", "account.email"), r.URL.Query().Get("next")))
}

func (p *pages) ask(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	email, next := door.Text(r, "email"), cmp.Or(door.Text(r, "next"), "/me")
	if err := p.accounts.AskLink(r.Context(), email, next); err != nil {
		return v.Again(w, r, err, func() templ.Component {
			return askPage(bare(v, "account.sign_in"), v.Field(r, err, "email", "account.email"), next)
		})
	}
	return v.Go(w, r, "/sign-in/sent?email="+url.QueryEscape(email))
}

func (p *pages) showSent(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, sentPage(bare(v, "account.sent"), r.URL.Query().Get("email"), v.Field(r, nil, "code", "account.code")))
}

func (p *pages) enterByCode(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	email := door.Text(r, "email")
	session, err := p.accounts.SignInByCode(r.Context(), email, door.Text(r, "code"))
	if err != nil {
		return v.Again(w, r, err, func() templ.Component {
			return sentPage(bare(v, "account.sent"), email, v.Field(r, err, "code", "account.code"))
		})
	}
	v.SignIn(w, session)
	return v.Go(w, r, session.Next)
}

// showEnter only shows a button: programs that look into letters open every link.
func (p *pages) showEnter(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who, err := p.accounts.CheckLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return v.Again(w, r, err, func() templ.Component {
			return askPage(bare(v, "account.sign_in"), v.Field(r, nil, "email", "account.email"), "")
		})
	}
	view := bare(v, "account.sign_in")
	return v.Show(w, r, enterPage(view, who.Name, r.URL.Path))
}

func (p *pages) enter(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	session, err := p.accounts.SignIn(r.Context(), r.PathValue("token"))
	if err != nil {
		return v.Again(w, r, err, func() templ.Component {
			return askPage(bare(v, "account.sign_in"), v.Field(r, nil, "email", "account.email"), "")
		})
	}
	v.SignIn(w, session)
	return v.Go(w, r, session.Next)
}

func (p *pages) leave(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.accounts.SignOut(r.Context(), v.SignOut(w)); err != nil {
		return err
	}
	v.Say(w, "ok", "account.signed_out")
	return v.Go(w, r, "/")
}

func (p *pages) prefer(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	v.Prefer(w, door.Text(r, "lang"), door.Text(r, "theme"))
	if lang, ok := i18n.ParseLang(door.Text(r, "lang")); ok {
		if err := p.accounts.SpeakTo(r.Context(), v.Actor, lang); err != nil {
			return err
		}
	}
	return v.Go(w, r, web.LocalPath(door.Text(r, "back")))
}

type letterIn struct {
	Email string `json:"email"`
}

type letterOut struct {
	Sent bool `json:"sent"`
}

func (p *pages) apiLetter(ctx context.Context, _ *door.Visit, in *letterIn) (*letterOut, error) {
	return &letterOut{Sent: true}, p.accounts.AskLink(ctx, in.Email, "/")
}

type sessionIn struct {
	Email string `json:"email"`
	Code  string `json:"code"`
}

type sessionOut struct {
	Token   string `json:"token"`
	Expires string `json:"expires"`
	Name    string `json:"name"`
}

func (p *pages) apiSession(ctx context.Context, _ *door.Visit, in *sessionIn) (*sessionOut, error) {
	if in.Code == "" {
		return nil, errs.Fields{{Name: "code", Key: "error.required"}}
	}
	s, err := p.accounts.SignInByCode(ctx, in.Email, in.Code)
	if err != nil {
		return nil, err
	}
	return &sessionOut{Token: s.Token, Expires: s.Expires.Format("2006-01-02T15:04:05Z"), Name: s.Account.Name}, nil
}

func bare(v *door.Visit, title string) ui.View {
	view := v.Page(v.L.T(title))
	view.Bare = true
	return view
}
