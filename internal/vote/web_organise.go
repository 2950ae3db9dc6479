package vote

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/pdf"
	"h48/internal/ui"
)

// planFields is a vote as the organiser fills it in.
type planFields struct {
	Question, Words, Most, Audience, SpareOwn, AsksWhy, Areas, Opens, Closes ui.Field
}

func (f planFields) all() []ui.Field {
	return []ui.Field{f.Question, f.Words, f.Audience, f.Most, f.Opens, f.Closes, f.Areas}
}

func (h handlers) planFields(r *http.Request, v *door.Visit, p Poll, wrong error) planFields {
	field := func(name, value string) ui.Field {
		f := v.Field(r, wrong, name, "vote.field."+name)
		if r.PostForm == nil {
			f.Value = value
		}
		return f
	}
	f := planFields{Question: field("question", string(p.Question)), Words: field("words", p.Words), Most: field("most", strconv.Itoa(p.Most)),
		Audience: field("audience", string(p.Audience)), SpareOwn: field("spare_own", ticked(p.SpareOwn)), AsksWhy: field("asks_why", ticked(p.AsksWhy)),
		Areas: field("areas", strings.Join(p.Areas, "\n")), Opens: field("opens", ui.LocalTime(v.L, p.Opens)), Closes: field("closes", ui.LocalTime(v.L, p.Closes))}
	f.Question.Required, f.Audience.Required, f.Opens.Required = true, true, true
	f.Words.MaxLength, f.Most.Short, f.Most.Kind, f.Most.Min, f.Most.Required = MostWords, true, "number", "0", true
	f.Words.Hint, f.Most.Hint, f.Areas.Hint = v.L.T("vote.hint.words"), v.L.T("vote.hint.most"), v.L.T("vote.hint.areas")
	f.Closes.Hint, f.AsksWhy.Hint, f.SpareOwn.Hint = v.L.T("vote.hint.closes"), v.L.T("vote.hint.asks_why"), v.L.T("vote.hint.spare_own")
	return f
}

func ticked(on bool) string {
	if on {
		return "on"
	}
	return ""
}

func readPlan(r *http.Request, v *door.Visit) (Plan, error) {
	var wrong errs.Fields
	plan := Plan{Question: Question(door.Text(r, "question")), Words: door.Text(r, "words"), Most: door.Int(r, "most", &wrong),
		Audience: Audience(door.Text(r, "audience")), SpareOwn: door.Has(r, "spare_own"), AsksWhy: door.Has(r, "asks_why"),
		Areas: strings.Split(door.Text(r, "areas"), "\n"), Opens: door.Moment(r, v.L, "opens", &wrong), Closes: door.Moment(r, v.L, "closes", &wrong)}
	return plan, wrong.Err()
}

// proposed is the vote that the form proposes: while the pitches go on, one choice, for
// whoever is in the room.
func proposed(e edition.Edition, now time.Time) Poll {
	p := Poll{Question: Convince, Most: 1, Audience: Room, SpareOwn: true, Opens: now, Closes: now.Add(time.Hour)}
	if at, set := e.At[edition.Pitches]; set && at.After(now) {
		p.Opens = at
	}
	if at, set := e.At[edition.Deliberation]; set && at.After(p.Opens) {
		p.Closes = at.Add(30 * time.Minute)
	} else {
		p.Closes = p.Opens.Add(time.Hour)
	}
	return p
}

func (h handlers) showVotes(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.votes(w, r, v, nil)
}

func (h handlers) votes(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	all, err := h.standings(r, v)
	if err != nil {
		return err
	}
	page := func() templ.Component {
		return votesPage(v.Page(v.L.T("vote.votes"), Topic(v.Edition.ID)), v, all, h.planFields(r, v, proposed(v.Edition, v.Now), wrong), wrong != nil || len(all) == 0)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h handlers) add(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	plan, err := readPlan(r, v)
	var p Poll
	if err == nil {
		p, err = h.s.Add(r.Context(), v.Actor, v.Edition.ID, plan)
	}
	if err != nil {
		return h.votes(w, r, v, err)
	}
	v.Say(w, "ok", "vote.said.planned")
	return v.Go(w, r, v.URL("votes", string(p.ID)))
}

func (h handlers) showPlan(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.plan(w, r, v, nil)
}

func (h handlers) plan(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	p, err := h.s.Poll(r.Context(), h.s.db, v.Edition.ID, pollID(r))
	if err != nil {
		return err
	}
	if p.State != Planned && wrong == nil { // nothing of it can be changed any more
		return v.Go(w, r, v.URL("votes", string(p.ID)))
	}
	page := func() templ.Component {
		return planPage(v.Page(v.L.T("vote.change"), Topic(v.Edition.ID)), v, p, h.planFields(r, v, p, wrong))
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h handlers) change(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	plan, err := readPlan(r, v)
	if err == nil {
		err = h.s.Change(r.Context(), v.Actor, v.Edition.ID, pollID(r), plan)
	}
	if err != nil {
		return h.plan(w, r, v, err)
	}
	v.Say(w, "ok", "vote.said.changed")
	return v.Go(w, r, v.URL("votes", string(pollID(r))))
}

func (h handlers) drop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := h.s.Drop(r.Context(), v.Actor, v.Edition.ID, pollID(r)); err != nil {
		return h.board(w, r, v, err)
	}
	v.Say(w, "ok", "vote.said.dropped")
	return v.Go(w, r, v.URL("votes"))
}

// desk is the organisers' page of one vote, with its questions.
type desk struct {
	Board
	v                                             *door.Visit
	cards, poster, letters                        func() ui.Field // the label of each, under an id of its own
	size, area, addresses, people, until, publish ui.Field
	reason, why                                   func(id string) ui.Field
}

func (h handlers) showBoard(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.board(w, r, v, nil)
}

// asked is the name of the form that was sent; each of the page's forms has one.
func asked(r *http.Request) string { return r.PostFormValue("form") }

func (h handlers) board(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	b, err := h.s.Board(r.Context(), v.Actor, v.Edition.ID, pollID(r))
	if err != nil {
		return err
	}
	topics := []string{Topic(v.Edition.ID)}
	for _, j := range b.Jobs {
		if !j.State.Ended() {
			topics = append(topics, jobs.Topic(j.ID))
		}
	}
	page := func() templ.Component {
		return boardPage(v.Page(b.Poll.Asks(v.L), topics...), h.desk(r, v, b, wrong))
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h handlers) desk(r *http.Request, v *door.Visit, b Board, wrong error) desk {
	field := func(form, name, value string) ui.Field {
		f := ui.Field{Name: name, Label: v.L.T("vote.field." + name), Value: value}
		if asked(r) == form && wrong != nil {
			f = v.Field(r, wrong, name, "vote.field."+name)
		}
		f.ID = form + "-" + name
		return f
	}
	label := func(form, hint string) func() ui.Field {
		return func() ui.Field {
			f := field(form, "label", "")
			f.Required, f.MaxLength, f.Hint, f.Short = true, MostLabel, hint, true
			return f
		}
	}
	d := desk{Board: b, v: v, cards: label("cards", v.L.T("vote.hint.cards")), poster: label("poster", v.L.T("vote.hint.poster")),
		letters: label("letters", v.L.T("vote.hint.letters")), size: field("cards", "size", "50"), area: field("poster", "area", ""),
		addresses: field("letters", "addresses", ""), people: field("letters", "people", ""),
		until: field("extend", "until", ui.LocalTime(v.L, b.Poll.Closes)), publish: field("publish", "at", "")}
	d.size.Required, d.size.Short, d.size.Kind, d.size.Min, d.size.Max = true, true, "number", "1", strconv.Itoa(MostCards)
	d.addresses.Hint, d.publish.Hint = v.L.T("vote.hint.addresses"), v.L.T("vote.hint.publish")
	if at, set := v.Edition.At[edition.Results]; set && at.After(v.Now) && d.publish.Value == "" {
		d.publish.Value = ui.LocalTime(v.L, at)
	}
	d.reason = func(id string) ui.Field {
		f := field(id, "reason", "")
		f.Required, f.MaxLength, f.Rows = true, MostReason, 2
		return f
	}
	d.why = func(id string) ui.Field {
		f := field(id, "why", "")
		f.Required, f.MaxLength, f.Rows = true, MostReason, 2
		return f
	}
	return d
}

// after answers what an organiser did on the board.
func (h handlers) after(w http.ResponseWriter, r *http.Request, v *door.Visit, err error, said string) error {
	if err != nil {
		return h.board(w, r, v, err)
	}
	v.Say(w, "ok", said)
	return v.Go(w, r, v.URL("votes", string(pollID(r))))
}

func (h handlers) open(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.Open(r.Context(), v.Actor, v.Edition.ID, pollID(r)), "vote.said.opened")
}

func (h handlers) close(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.Close(r.Context(), v.Actor, v.Edition.ID, pollID(r)), "vote.said.closed")
}

func (h handlers) extend(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	until := door.Moment(r, v.L, "until", &wrong)
	err := wrong.Err()
	if err == nil {
		err = h.s.Extend(r.Context(), v.Actor, v.Edition.ID, pollID(r), until)
	}
	return h.after(w, r, v, err, "vote.said.extended")
}

func (h handlers) check(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.Check(r.Context(), v.Actor, v.Edition.ID, pollID(r)), "vote.said.checked")
}

func (h handlers) publish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	at := door.Moment(r, v.L, "at", &wrong)
	err := wrong.Err()
	if door.Text(r, "when") == "now" {
		at, err = time.Time{}, nil
	}
	if err == nil {
		err = h.s.Publish(r.Context(), v.Actor, v.Edition.ID, pollID(r), at)
	}
	return h.after(w, r, v, err, "vote.said.published")
}

func (h handlers) setAside(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	a := Aside{Source: Source(door.Text(r, "source")), Batch: door.Text(r, "batch"), Net: door.Text(r, "net"), Reason: door.Text(r, "reason")}
	if n, err := strconv.ParseInt(door.Text(r, "span"), 10, 64); err == nil && n > 0 {
		a.Span = time.UnixMicro(n).UTC()
	}
	return h.after(w, r, v, h.s.SetAside(r.Context(), v.Actor, v.Edition.ID, pollID(r), a), "vote.said.aside")
}

func (h handlers) restore(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.Restore(r.Context(), v.Actor, v.Edition.ID, pollID(r), r.PathValue("aside"), door.Text(r, "why")), "vote.said.restored")
}

func (h handlers) moderate(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	show := door.Text(r, "do") == "show"
	return h.after(w, r, v, h.s.Moderate(r.Context(), v.Actor, v.Edition.ID, pollID(r), r.PathValue("reason"), show), "vote.said.moderated")
}

func (h handlers) makeCards(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	n := door.Int(r, "size", &wrong)
	err := wrong.Err()
	if err == nil {
		_, err = h.s.Cards(r.Context(), v.Actor, v.Edition.ID, pollID(r), door.Text(r, "label"), n)
	}
	return h.after(w, r, v, err, "vote.said.cards")
}

func (h handlers) makePoster(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := h.s.Poster(r.Context(), v.Actor, v.Edition.ID, pollID(r), door.Text(r, "label"), door.Text(r, "area"))
	return h.after(w, r, v, err, "vote.said.poster")
}

func (h handlers) sendLetters(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	to := Recipients{Label: door.Text(r, "label"), People: door.Has(r, "people"),
		Addresses: strings.FieldsFunc(door.Text(r, "addresses"), func(c rune) bool { return strings.ContainsRune("\n;,", c) })}
	_, err := h.s.Letters(r.Context(), v.Actor, v.Edition.ID, pollID(r), to)
	return h.after(w, r, v, err, "vote.said.letters")
}

func (h handlers) void(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.Void(r.Context(), v.Actor, v.Edition.ID, pollID(r), r.PathValue("batch"), door.Text(r, "why")), "vote.said.voided")
}

func (h handlers) stopLetters(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.StopLetters(r.Context(), v.Actor, v.Edition.ID, pollID(r), r.PathValue("batch")), "vote.said.stopped")
}

func (h handlers) sendRest(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.SendRest(r.Context(), v.Actor, v.Edition.ID, pollID(r), r.PathValue("batch")), "vote.said.letters")
}

// sheet gives the cards or the poster out, to print.
func (h handlers) sheet(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	doc, name, err := h.s.Sheet(r.Context(), v.Actor, v.Edition.ID, pollID(r), r.PathValue("batch"))
	if err != nil {
		return err
	}
	return writeSheet(w, doc, name)
}

func writeSheet(w http.ResponseWriter, doc *pdf.Doc, name string) error {
	var content strings.Builder
	if _, err := doc.WriteTo(&content); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(content.String())) // a reader who has gone is no error of ours
	return nil
}

// useful are the batches of a source.
func (d desk) useful(s Source) []Batch {
	return slices.DeleteFunc(slices.Clone(d.Batches), func(b Batch) bool { return b.Source != s })
}
