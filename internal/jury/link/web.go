package link

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/qr"
	"h48/internal/ui"
)

type pages struct{ *Service }

// Routes registers the pages and operations.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	d.Get("/j", door.Anyone(), p.showCode)
	d.Post("/j", door.Anyone(), p.enterCode)
	d.Get("/j/{token}", door.Anyone(), p.showLink)
	d.Post("/j/{token}", door.Anyone(), p.enterLink)
	lead := door.Only(edition.Organiser)
	d.Get("/e/{edition}/jury/links", lead, p.showLinks)
	d.Post("/e/{edition}/jury/links", lead, p.print)
	d.Post("/e/{edition}/jury/links/letters", lead, p.mail)
	d.Post("/e/{edition}/jury/links/{juror}/revoke", lead, p.revoke)
	d.API("GET", "/api/v1/e/{edition}/jury/links", lead, "Which jurors have a link, and when it was opened", door.Op(p.apiLinks))
	d.API("POST", "/api/v1/e/{edition}/jury/links/letters", lead, "Write jurors a letter with their personal link", door.Op(p.apiMail))
}

func bare(v *door.Visit) ui.View {
	view := v.Page(v.L.T("link.enter_title"))
	view.Bare = true
	return view
}

func (p *pages) showCode(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, codePage(bare(v), v, v.Field(r, nil, "code", "link.code")))
}

func (p *pages) enterCode(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	session, err := p.OpenCode(r.Context(), door.Text(r, "code"))
	if err != nil {
		return v.Again(w, r, err, func() templ.Component { return codePage(bare(v), v, v.Field(r, err, "code", "link.code")) })
	}
	return p.enter(w, r, v, session)
}

// enter hands the device over to the juror: the session that it held until now ends, also
// on the server. What the one before has not sent stays on the device, as theirs.
func (p *pages) enter(w http.ResponseWriter, r *http.Request, v *door.Visit, session account.Session) error {
	if former := v.SignIn(w, session); former != "" {
		if err := p.accounts.SignOut(r.Context(), former); err != nil {
			return err
		}
	}
	return v.Go(w, r, session.Next)
}

// showLink only shows a button: programs that look into letters open every link.
func (p *pages) showLink(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	e, who, err := p.Check(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return v.Show(w, r, linkPage(bare(v), v, e, who, r.URL.Path))
}

func (p *pages) enterLink(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	session, err := p.Open(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return p.enter(w, r, v, session)
}

func (p *pages) showLinks(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.linksAgain(w, r, v, nil)
}

func (p *pages) linksAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		all, err := p.Entries(r.Context(), p.db, v.Edition.ID)
		return linksPage(v.Page(v.L.T("jury.links"), jury.Topic(v.Edition.ID)), v, all, v.Field(r, refused, "juror", "link.for_whom")), err
	})
}

// mail answers one press: a letter for each of the jurors that the form names.
func (p *pages) mail(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who := chosen(r)
	if err := p.Mail(r.Context(), v.Actor, v.Edition.ID, who); err != nil {
		return p.linksAgain(w, r, v, err)
	}
	v.Say(w, "ok", "link.mailed", "n", len(who))
	return v.Go(w, r, v.URL("jury", "links"))
}

// chosen are the jurors that a form names.
func chosen(r *http.Request) []account.ID {
	var who []account.ID
	for _, id := range door.Texts(r, "juror") {
		who = append(who, account.ID(id))
	}
	return who
}

// print answers with the cards: the only time that these links and codes are shown.
func (p *pages) print(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	links, err := p.Print(r.Context(), v.Actor, v.Edition.ID, chosen(r))
	if err != nil {
		return p.linksAgain(w, r, v, err)
	}
	codes := make([]string, len(links))
	for i, l := range links {
		code, err := qr.New(l.URL)
		if err != nil {
			return fmt.Errorf("drawing a juror's link: %w", err)
		}
		codes[i] = code.SVG(l.URL)
	}
	return v.Show(w, r, printPage(v.Page(v.L.T("jury.links")), v, links, codes, p.base+"/j"))
}

func (p *pages) revoke(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.Revoke(r.Context(), v.Actor, v.Edition.ID, account.ID(r.PathValue("juror"))); err != nil {
		return err
	}
	v.Say(w, "ok", "link.revoked")
	return v.Go(w, r, v.URL("jury", "links"))
}
