package vote

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/web"
	"h48/internal/ui"
)

// Routes registers this room's pages and operations.
func Routes(d *door.Door, s *Service) {
	h := handlers{s}
	anyone, organisers := door.Anyone(), door.Only(edition.Organiser)
	d.Get("/e/{edition}/vote", anyone, h.showAll)
	d.Post("/e/{edition}/vote", anyone, h.enterAny)
	d.Get("/e/{edition}/vote/{poll}", anyone, h.showPoll)
	d.Post("/e/{edition}/vote/{poll}", anyone, h.enter)
	d.Post("/e/{edition}/vote/{poll}/mine", door.SignedIn(), h.enterAs)
	d.Get("/e/{edition}/vote/{poll}/b/{code}", anyone, h.showBallot)
	d.Post("/e/{edition}/vote/{poll}/b/{code}", anyone, h.cast)
	d.Get("/e/{edition}/vote/{poll}/s/{code}", anyone, h.scan)
	d.Get("/e/{edition}/vote/{poll}/h/{code}", anyone, h.scan)
	d.Get("/e/{edition}/vote/{poll}/thanks", anyone, h.thanks)
	d.Get("/e/{edition}/vote/{poll}/picture/{team}", anyone, h.picture)
	d.Get("/e/{edition}/vote/{poll}/stage", anyone, h.showStage)
	d.Get("/e/{edition}/votes", organisers, h.showVotes)
	d.Post("/e/{edition}/votes", organisers, h.add)
	d.Get("/e/{edition}/votes/{poll}", organisers, h.showBoard)
	d.Get("/e/{edition}/votes/{poll}/plan", organisers, h.showPlan)
	d.Post("/e/{edition}/votes/{poll}/plan", organisers, h.change)
	d.Post("/e/{edition}/votes/{poll}/drop", organisers, h.drop)
	d.Post("/e/{edition}/votes/{poll}/open", organisers, h.open)
	d.Post("/e/{edition}/votes/{poll}/close", organisers, h.close)
	d.Post("/e/{edition}/votes/{poll}/extend", organisers, h.extend)
	d.Post("/e/{edition}/votes/{poll}/check", organisers, h.check)
	d.Post("/e/{edition}/votes/{poll}/publish", organisers, h.publish)
	d.Post("/e/{edition}/votes/{poll}/aside", organisers, h.setAside)
	d.Post("/e/{edition}/votes/{poll}/aside/{aside}", organisers, h.restore)
	d.Post("/e/{edition}/votes/{poll}/reasons/{reason}", organisers, h.moderate)
	d.Post("/e/{edition}/votes/{poll}/cards", organisers, h.makeCards)
	d.Post("/e/{edition}/votes/{poll}/posters", organisers, h.makePoster)
	d.Post("/e/{edition}/votes/{poll}/letters", organisers, h.sendLetters)
	d.Get("/e/{edition}/votes/{poll}/sheet/{batch}", organisers, h.sheet)
	d.Post("/e/{edition}/votes/{poll}/batch/{batch}/void", organisers, h.void)
	d.Post("/e/{edition}/votes/{poll}/batch/{batch}/stop", organisers, h.stopLetters)
	d.Post("/e/{edition}/votes/{poll}/batch/{batch}/rest", organisers, h.sendRest)
	operations(d, s)
}

type handlers struct{ s *Service }

func pollID(r *http.Request) ID { return ID(r.PathValue("poll")) }

// from is the address that a request came from: what the last proxy says, where it came
// through one on this machine or in this house, else the connection's own.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !(ip.IsLoopback() || ip.IsPrivate()) {
		return host
	}
	parts := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	if last := strings.TrimSpace(parts[len(parts)-1]); last != "" {
		return last
	}
	return host
}

// standing is a vote as its list shows it.
type standing struct {
	Poll
	turnout int
	outcome *Outcome
}

func (h handlers) standings(r *http.Request, v *door.Visit) ([]standing, error) {
	polls, err := h.s.Polls(r.Context(), h.s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	all := make([]standing, len(polls))
	for i, p := range polls {
		if all[i], err = h.standing(r, v, p); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (h handlers) standing(r *http.Request, v *door.Visit, p Poll) (standing, error) {
	st := standing{Poll: p}
	var err error
	if st.turnout, err = h.s.Turnout(r.Context(), h.s.db, p.ID); err != nil {
		return st, err
	}
	if p.Public(v.Now) {
		o, err := h.s.Outcome(r.Context(), h.s.db, v.Edition.ID, p.ID, v.Now)
		st.outcome = &o
		return st, err
	}
	return st, nil
}

func (h handlers) showAll(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.all(w, r, v, nil)
}

func (h handlers) all(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	all, err := h.standings(r, v)
	if err != nil {
		return err
	}
	page := func() templ.Component {
		return allPage(v.Page(v.L.T("vote.title"), Topic(v.Edition.ID)), v, all, codeField(r, v, wrong))
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func codeField(r *http.Request, v *door.Visit, wrong error) ui.Field {
	f := v.Field(r, wrong, "code", "vote.code")
	f.Required, f.Hint, f.Autocomplete, f.Short, f.MaxLength = true, v.L.T("vote.code_hint"), "off", true, 200
	f.Attrs = templ.Attributes{"autocapitalize": "characters", "spellcheck": "false"}
	if typed := r.URL.Query().Get("code"); f.Value == "" && len(typed) < 60 {
		f.Value = typed
	}
	return f
}

// enterAny finds the open vote of a code.
func (h handlers) enterAny(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	polls, err := h.s.Polls(r.Context(), h.s.db, v.Edition.ID)
	if err != nil {
		return err
	}
	refused := error(ErrNotOpen)
	for _, p := range polls {
		if !p.Taking(v.Now) {
			continue
		}
		code, err := h.s.Enter(r.Context(), v.Edition.ID, p.ID, door.Text(r, "code"), v.Kept(string(p.ID)), from(r))
		if err == nil {
			return h.toBallot(w, r, v, p.ID, code)
		}
		refused = err
	}
	return h.all(w, r, v, onCode(refused))
}

// onCode puts a refusal beside the field.
func onCode(err error) error {
	if e, is := web.Refusal(err); is && e.Key != sqldb.ErrNotFound.Key {
		return errs.Fields{{Name: "code", Key: e.Key, Args: e.Args}}
	}
	return err
}

// toBallot leads to the sheet of a code, and lets the device keep a code that was made
// for it.
func (h handlers) toBallot(w http.ResponseWriter, r *http.Request, v *door.Visit, id ID, code string) error {
	if strings.Contains(code, ".") {
		v.Keep(w, string(id), code)
	}
	return v.Go(w, r, v.URL("vote", string(id), "b", code))
}

func (h handlers) showPoll(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.poll(w, r, v, nil)
}

func (h handlers) poll(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	p, err := h.s.Poll(r.Context(), h.s.db, v.Edition.ID, pollID(r))
	if err != nil {
		return err
	}
	st, err := h.standing(r, v, p)
	if err != nil {
		return err
	}
	page := func() templ.Component {
		return pollPage(v.Page(p.Asks(v.L), Topic(v.Edition.ID)), v, st, codeField(r, v, wrong))
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h handlers) enter(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	code, err := h.s.Enter(r.Context(), v.Edition.ID, pollID(r), door.Text(r, "code"), v.Kept(string(pollID(r))), from(r))
	if err != nil {
		return h.poll(w, r, v, onCode(err))
	}
	return h.toBallot(w, r, v, pollID(r), code)
}

func (h handlers) enterAs(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	code, err := h.s.EnterAs(r.Context(), v.Actor, v.Edition.ID, pollID(r))
	if err != nil {
		return h.poll(w, r, v, onCode(err))
	}
	return h.toBallot(w, r, v, pollID(r), code)
}

// scan is what the code on the screen or on a poster leads to.
func (h handlers) scan(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	code, err := h.s.Enter(r.Context(), v.Edition.ID, pollID(r), r.PathValue("code"), v.Kept(string(pollID(r))), from(r))
	if err != nil {
		return h.poll(w, r, v, onCode(err))
	}
	return h.toBallot(w, r, v, pollID(r), code)
}

func (h handlers) showBallot(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.ballot(w, r, v, nil)
}

// ballot is the sheet; a code that cannot vote is told why, and what to do.
func (h handlers) ballot(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	b, err := h.s.Ballot(r.Context(), v.Edition.ID, pollID(r), r.PathValue("code"), v.Now)
	w.Header().Set("Referrer-Policy", "no-referrer")
	switch errs.KindOf(err) { //nolint:exhaustive // the others are told by the door
	case errs.Conflict:
		e, _ := web.Refusal(err)
		return v.ShowStatus(w, r, http.StatusConflict, refusedPage(v.Page(v.L.T("vote.title"), Topic(v.Edition.ID)), v, b.Poll, e.Key))
	case errs.NotFound:
		if b.Poll.ID != "" {
			return v.ShowStatus(w, r, http.StatusNotFound, refusedPage(v.Page(v.L.T("vote.title")), v, b.Poll, ErrCode.Key))
		}
	}
	if err != nil {
		return err
	}
	page := func() templ.Component { return ballotPage(v.Page(b.Poll.Asks(v.L)), v, b, ballotForm(r, v, b, wrong)) }
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

// ballotFields is the sheet as it was filled in so far.
type ballotFields struct {
	Choice, Area, Why ui.Field
	Chosen            []string
}

func (f ballotFields) all() []ui.Field { return []ui.Field{f.Choice, f.Area, f.Why} }

func ballotForm(r *http.Request, v *door.Visit, b Ballot, wrong error) ballotFields {
	f := ballotFields{Choice: v.Field(r, wrong, "choice", "vote.choice"), Area: v.Field(r, wrong, "area", "vote.area"),
		Why: v.Field(r, wrong, "why", "vote.why")}
	if r.PostForm == nil {
		f.Area.Value = b.Area
	}
	f.Chosen = r.PostForm["choice"]
	f.Choice.Required, f.Why.MaxLength, f.Why.Rows = true, MostWhy, 3
	f.Area.Hint, f.Why.Hint = v.L.T("vote.area_hint"), v.L.T("vote.why_hint")
	return f
}

func (h handlers) cast(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	in := Cast{Teams: door.Texts(r, "choice"), Area: door.Text(r, "area"), Why: door.Text(r, "why")}
	err := h.s.Cast(r.Context(), v.Edition.ID, pollID(r), r.PathValue("code"), in, from(r))
	if err != nil {
		return h.ballot(w, r, v, err)
	}
	return v.Go(w, r, v.URL("vote", string(pollID(r)), "thanks"))
}

func (h handlers) thanks(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	p, err := h.s.Poll(r.Context(), h.s.db, v.Edition.ID, pollID(r))
	if err != nil {
		return err
	}
	return v.Show(w, r, thanksPage(v.Page(v.L.T("vote.thanks")), v, p))
}

func (h handlers) picture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	content, kind, err := h.s.Picture(r.Context(), v.Edition.ID, pollID(r), r.PathValue("team"), v.Now)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // it was only read
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// again is how often the screen in the room reads itself anew, for the code on it.
const again = Turn / 2

func (h handlers) showStage(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	p, err := h.s.Poll(r.Context(), h.s.db, v.Edition.ID, pollID(r))
	if err != nil {
		return err
	}
	st, err := h.standing(r, v, p)
	if err != nil {
		return err
	}
	sc := screen{standing: st, address: h.s.address(v.Edition)}
	if p.Taking(v.Now) && p.Allows(Screen) {
		w.Header().Set("Refresh", strconv.Itoa(int(again.Seconds())))
		sc.code = p.screenCode(v.Wall)
		sc.url = h.s.base + v.URL("vote", string(p.ID), "s", sc.code)
	}
	return v.Show(w, r, stagePage(v.Page(p.Asks(v.L), Topic(v.Edition.ID)), v, sc))
}

// screen is what the room sees.
type screen struct {
	standing
	code, url, address string
}
