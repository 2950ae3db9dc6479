package checkin

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
	"h48/internal/registration"
	"h48/internal/ui"
)

//go:embed static
var static embed.FS

// handlers answer the pages of this room.
type handlers struct{ *Service }

// Routes registers the pages and the API of this room.
func Routes(d *door.Door, s *Service) {
	h := &handlers{s}
	d.Get("/checkin/{file}", door.Anyone(), h.file)
	d.Get("/e/{edition}/checkin", door.Only(edition.Crew), h.showDesk)
	d.Post("/e/{edition}/checkin/pass", door.Only(edition.Crew), h.pass)
	d.Post("/e/{edition}/checkin/walk-in", door.Only(edition.Crew), h.walkIn)
	d.Post("/e/{edition}/checkin/undo", door.Only(edition.Crew), h.undo)
	d.Post("/e/{edition}/checkin/settle", door.Only(edition.Crew), h.settle)
	d.Post("/e/{edition}/checkin/release", door.Only(), h.release)
	d.Post("/e/{edition}/checkin/max", door.Only(), h.setMax)
	d.Get("/e/{edition}/checkin/inside", door.Only(edition.Crew), h.showInside)
	d.Get("/e/{edition}/checkin/badges", door.Only(edition.Crew), h.showBadges)
	d.Get("/e/{edition}/checkin/person/{account}", door.Only(edition.Crew), h.showPerson)
	d.Get("/e/{edition}/badge", door.Members(), h.showBadge)
	d.Get("/e/{edition}/b/{code}", door.SignedIn(), h.showCode)
	d.API("POST", "/api/v1/e/{edition}/passes", door.Only(edition.Crew), "Let somebody in or out", door.Op(h.apiPass))
	d.API("GET", "/api/v1/e/{edition}/presences", door.Only(edition.Crew), "Count who has come and who is inside", door.Op(h.apiPresences))
}

// asset is the address of a file of this room, which changes with its content.
func asset(name string) string {
	content, err := static.ReadFile("static/" + name)
	if err != nil {
		return "/checkin/" + name // the route answers that it is not there
	}
	sum := sha256.Sum256(content)
	return "/checkin/" + name + "?v=" + hex.EncodeToString(sum[:6])
}

// file serves the style and the script of the door.
func (h *handlers) file(w http.ResponseWriter, r *http.Request, _ *door.Visit) error {
	name := r.PathValue("file")
	content, err := static.ReadFile("static/" + name)
	if err != nil {
		return sqldb.ErrNotFound
	}
	kind := "text/css; charset=utf-8"
	if strings.HasSuffix(name, ".js") {
		kind = "text/javascript; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("X-Offline", "keep")
	_, _ = w.Write(content) // a reader who has gone is no error of ours
	return nil
}

// mostAtHand is how many people a door's page carries, to be found without network; of
// more, it shows those whom a search finds.
const mostAtHand = 600

// mostRecent is how many passes the page of a door shows.
const mostRecent = 12

// desk is the page of a door.
type desk struct {
	sum     Summary
	seats   registration.Summary
	recent  []Outcome
	clashes []Clash
	people  []Someone
	// all says that people is everybody, not what a search found.
	all     bool
	text    string
	station string
	name    ui.Field
	email   ui.Field
	profile ui.Field
	code    ui.Field
}

func (h *handlers) showDesk(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.desk(w, r, v, nil)
}

func (h *handlers) desk(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	ctx, id := r.Context(), v.Edition.ID
	p := desk{text: strings.TrimSpace(r.URL.Query().Get("q")), station: stationOf(r)}
	var err error
	if p.sum, err = h.Summary(ctx, h.db, id); err != nil {
		return err
	}
	if p.seats, err = h.registrations.Summary(ctx, h.db, id); err != nil {
		return err
	}
	if p.recent, err = h.Recent(ctx, v.Actor, id, mostRecent); err != nil {
		return err
	}
	if p.clashes, err = h.Clashes(ctx, v.Actor, id); err != nil {
		return err
	}
	if p.people, err = h.People(ctx, v.Actor, id, p.text); err != nil {
		return err
	}
	p.all = p.text == "" && len(p.people) <= mostAtHand
	if p.text == "" && !p.all {
		p.people = nil
	}
	page := func() templ.Component {
		p.code = v.Field(r, nil, "code", "checkin.code")
		p.code.Hint, p.code.Value, p.code.Required = v.L.T("checkin.code_hint"), "", true
		p.name, p.email = v.Field(r, wrong, "name", "checkin.field.name"), v.Field(r, wrong, "email", "checkin.field.email")
		p.profile = v.Field(r, wrong, "profile", "checkin.field.profile")
		p.name.Required, p.email.Required, p.email.Kind = true, true, "email"
		view := v.Page(v.L.T("checkin.desk"), Topic(id), registration.Topic(id))
		view.Wide, view.Scripts = true, []string{asset("desk.js")}
		return deskPage(view, v, p)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, page())
}

// stationOf is the name of the door, from the address of the page or from a form.
func stationOf(r *http.Request) string {
	station := door.Text(r, "station")
	if r.Method == http.MethodGet {
		station = strings.TrimSpace(r.URL.Query().Get("door"))
	}
	letters := []rune(station)
	return string(letters[:min(len(letters), 40)])
}

// back leads to the door's page again.
func (h *handlers) back(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	address := v.URL("checkin")
	if station := stationOf(r); station != "" {
		address += "?door=" + url.QueryEscape(station)
	}
	return v.Go(w, r, address)
}

func (h *handlers) pass(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	seen := Seen{Code: door.Text(r, "code"), Account: account.ID(door.Text(r, "account")), Way: Way(door.Text(r, "way")), Station: stationOf(r)}
	out, err := h.Check(r.Context(), v.Actor, v.Edition.ID, seen, door.Action(r, v))
	if err != nil {
		return h.desk(w, r, v, err)
	}
	return h.answer(w, r, v, out)
}

func (h *handlers) walkIn(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	in := Stranger{Name: door.Text(r, "name"), Email: door.Text(r, "email"), Profile: registration.Profile(door.Text(r, "profile")), Station: stationOf(r)}
	out, err := h.WalkIn(r.Context(), v.Actor, v.Edition.ID, in, door.Action(r, v))
	if err != nil {
		return h.desk(w, r, v, err)
	}
	return h.answer(w, r, v, out)
}

// answer tells the door what a pass came to: in a sentence for the device that kept it,
// on the next page otherwise.
func (h *handlers) answer(w http.ResponseWriter, r *http.Request, v *door.Visit, out Outcome) error {
	if v.ForDevice() {
		return v.Tell(w, say(v.L, out), out.Result.tone())
	}
	kind := "ok"
	if out.Result == Again || out.Alarm {
		kind = "warn"
	}
	v.Say(w, kind, "checkin.said", "words", say(v.L, out))
	return h.back(w, r, v)
}

// say is what a pass came to, in a sentence.
func say(l i18n.Locale, out Outcome) string {
	return l.T("checkin.said."+string(out.Result), "name", out.Person.Name, "at", l.Clock(out.At))
}

func (h *handlers) undo(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := h.Undo(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "pass")); err != nil {
		return err
	}
	v.Say(w, "ok", "checkin.said_undone")
	return h.back(w, r, v)
}

func (h *handlers) settle(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := h.Settle(r.Context(), v.Actor, v.Edition.ID, account.ID(door.Text(r, "account"))); err != nil {
		return err
	}
	return h.back(w, r, v)
}

func (h *handlers) release(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	freed, given, err := h.Release(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return h.desk(w, r, v, err)
	}
	v.Say(w, "ok", "checkin.said_released", "freed", freed, "given", given)
	return h.back(w, r, v)
}

func (h *handlers) setMax(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	most := door.Int(r, "max", &wrong)
	err := wrong.Err()
	if err == nil {
		err = h.SetMax(r.Context(), v.Actor, v.Edition.ID, most)
	}
	if err != nil {
		return h.inside(w, r, v, err)
	}
	return v.Go(w, r, v.URL("checkin", "inside"))
}

func (h *handlers) showInside(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.inside(w, r, v, nil)
}

func (h *handlers) inside(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	people, err := h.Inside(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	sum, err := h.Summary(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	page := func() templ.Component {
		most := v.Field(r, wrong, "max", "checkin.max")
		most.Hint, most.InputMode, most.Short, most.Required = v.L.T("checkin.max_hint"), "numeric", true, true
		if wrong == nil {
			most.Value = v.L.Int(int64(sum.Max))
		}
		return insidePage(v.Page(v.L.T("checkin.inside"), Topic(v.Edition.ID)), v, people, sum, most)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, page())
}

func (h *handlers) showBadges(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	badges, err := h.Badges(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	view := v.Page(v.L.T("checkin.badges"))
	view.Wide = true
	return v.Show(w, r, badgesPage(view, v, badges))
}

func (h *handlers) showBadge(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	badge, err := h.Badge(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, badgePage(v.Page(v.L.T("checkin.badge"), Topic(v.Edition.ID)), v, badge))
}

// showCode is where a phone's own camera leads from a badge: crew see the person, the
// person their badge.
func (h *handlers) showCode(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who, err := h.Who(r.Context(), v.Actor, v.Edition.ID, r.PathValue("code"))
	if err != nil {
		return err
	}
	if v.Is(edition.Crew, edition.Organiser) {
		return v.Go(w, r, v.URL("checkin", "person", string(who.Account)))
	}
	return v.Go(w, r, v.URL("badge"))
}

func (h *handlers) showPerson(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	people, err := h.People(r.Context(), v.Actor, v.Edition.ID, "")
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Account == account.ID(r.PathValue("account")) {
			view := v.Page(p.Name, Topic(v.Edition.ID))
			view.Scripts = []string{asset("desk.js")}
			return v.Show(w, r, personPage(view, v, p))
		}
	}
	return sqldb.ErrNotFound
}

// tone is how a result presents itself.
func (r Result) tone() ui.Tone {
	switch r {
	case Welcome, Back:
		return ui.Good
	case Again:
		return ui.Warn
	case Left, Undone:
	}
	return ui.Plain
}
