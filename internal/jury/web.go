package jury

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

type pages struct{ *Service }

// Routes registers the pages and operations.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	juror := door.Exactly(edition.Juror)
	d.Get("/e/{edition}/jury", juror, p.showTeams)
	d.Get("/e/{edition}/jury/brief", juror, p.showBrief)
	d.Post("/e/{edition}/jury/brief", juror, p.acknowledge)
	d.Get("/e/{edition}/jury/teams/{team}", juror, p.showSheet)
	d.Post("/e/{edition}/jury/teams/{team}", juror, p.score)
	d.Post("/e/{edition}/jury/teams/{team}/conflict", juror, p.declare)
	d.Post("/e/{edition}/jury/teams/{team}/move", juror, p.moveMine)
	d.Get("/e/{edition}/jury/ranking", door.Only(edition.Juror), p.showRanking)
	d.Post("/e/{edition}/jury/ranking/decide", door.Only(edition.Organiser), p.decide)
	d.Post("/e/{edition}/jury/ranking/again", door.Only(edition.Organiser), p.weighAgain)
}

// Topics are what a page listens to that shows marks and pitches.
func (s *Service) Topics(id edition.ID) []string {
	topics := []string{Topic(id)}
	if s.with.Stage != nil {
		topics = append(topics, s.with.Stage.LiveTopic(id))
	}
	return topics
}

// Show answers with the page, or with the page again after a refusal.
func Show(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error, page func() (templ.Component, error)) error {
	if refused == nil {
		c, err := page()
		if err != nil {
			return err
		}
		return v.Show(w, r, c)
	}
	var broken error
	err := v.Again(w, r, refused, func() templ.Component {
		c, err := page()
		if err != nil {
			broken, c = err, ui.Text("")
		}
		return c
	})
	return cmp.Or(broken, err)
}

// desk is a juror's page: the frame and how far they are.
type desk struct {
	ui.View
	Mine
	v         *door.Visit
	card      templ.Component // where to go next; may be nil
	rehearsed int             // made-up projects that the juror has marked
}

func (p *pages) desk(r *http.Request, v *door.Visit, title string) (desk, error) {
	mine, err := p.Mine(r.Context(), p.db, v.Actor, v.Edition.ID)
	if err != nil {
		return desk{}, err
	}
	rehearsed, err := p.Rehearsed(r.Context(), p.db, v.Edition.ID)
	return desk{View: v.Page(title, p.Topics(v.Edition.ID)...), Mine: mine, v: v, rehearsed: rehearsed[v.Actor.ID]}, err
}

func (p *pages) showTeams(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.desk(r, v, v.L.T("jury.my_teams"))
	if err != nil {
		return err
	}
	if unread, err := p.Unread(r.Context(), p.db, v.Edition.ID, d.Juror); err != nil || unread {
		if err != nil {
			return err
		}
		return v.Go(w, r, v.URL("jury", "brief"))
	}
	if p.guide != nil {
		if d.card, err = p.guide.Card(r.Context(), v); err != nil {
			return err
		}
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, teamsPage(d))
}

func (p *pages) showBrief(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.desk(r, v, v.L.T("jury.brief"))
	if err != nil {
		return err
	}
	amendments, err := p.Amendments(r.Context(), p.db, v.Edition.ID)
	if err != nil {
		return err
	}
	return v.Show(w, r, briefPage(d, amendments))
}

func (p *pages) acknowledge(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, asked := r.PostForm["organisation"]; asked {
		if err := p.WorksFor(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "organisation")); err != nil {
			return err
		}
	}
	if err := p.Acknowledge(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("jury"))
}

// sheetData is one team on a juror's screen.
type sheetData struct {
	ui.View
	Desk
	v        *door.Visit
	others   []ui.Option // the teams that marks can be moved to
	sheet    Sheet
	disputes []Dispute
	texts    []textDispute
	seen     string // what the page shows of the sheet, as its marks are to say
	note     string
	word     ui.Field
	named    string // "on" where the team may know whose word it is
	fields   []ui.Field
	reason   ui.Field
	before   TeamRef // whom the team is compared with; zero for nobody
	said     string  // the better of the two, "" where the juror has not said
	next     string  // the name of the team after this one
	ask      bool    // whether what was left open is not observed
}

func (p *pages) showSheet(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	w.Header().Set("X-Offline", "keep")
	return p.sheetAgain(w, r, v, nil)
}

func (p *pages) sheetAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return Show(w, r, v, refused, func() (templ.Component, error) {
		data, err := p.sheetData(r, v, refused)
		if err != nil {
			return nil, err
		}
		return sheetPage(data), nil
	})
}

func (p *pages) sheetData(r *http.Request, v *door.Visit, refused error) (sheetData, error) {
	ctx, id, team := r.Context(), v.Edition.ID, r.PathValue("team")
	data := sheetData{v: v, reason: v.Field(r, refused, "reason", "jury.reason"), ask: r.URL.Query().Has("ask")}
	var err error
	if data.sheet, data.note, err = p.MySheet(ctx, p.db, v.Actor, id, team); err != nil {
		return data, err
	}
	if data.Desk, err = p.Desk(ctx, p.db, v.Actor, id, team); err != nil {
		return data, err
	}
	data.View = v.Page(data.Team.Name, p.Topics(v.Edition.ID)...)
	if len(data.sheet) > 0 {
		near, err := p.Near(ctx, p.db, v.Actor, id, data.Desk)
		if err != nil {
			return data, err
		}
		for _, t := range near {
			data.others = append(data.others, ui.Option{Value: t.ID, Label: t.Name})
		}
	}
	data.fields = MarkFields(r, v, refused, data.Criteria, data.sheet)
	return data, p.beside(r, v, refused, &data)
}

// beside reads what a sheet has besides its marks.
func (p *pages) beside(r *http.Request, v *door.Visit, refused error, data *sheetData) error {
	ctx, id := r.Context(), v.Edition.ID
	history, err := p.History(ctx, p.db, id, v.Actor.ID, data.Team.ID)
	if err != nil {
		return err
	}
	data.disputes = disputes(data.Criteria, history)
	noted, err := listNotes(ctx, p.db, id, v.Actor.ID, data.Team.ID)
	if err != nil {
		return err
	}
	worded, err := listWordsOf(ctx, p.db, id, v.Actor.ID, data.Team.ID)
	if err != nil {
		return err
	}
	data.seen = strconv.FormatInt(seen(history, noted, worded).UnixMicro(), 10)
	note, otherNotes := rivals(noted)
	word, otherWords := rivals(worded)
	data.texts = append(textDisputes("note", note, otherNotes), textDisputes("word", word, otherWords)...)
	data.word = v.Field(r, refused, "word", "jury.word")
	data.word.Hint = v.L.T("jury.word_hint")
	if r.PostForm == nil {
		data.word.Value = word.text
	}
	if word.named {
		data.named = "on"
	}
	data.Bare = true // one thing on one thumb
	if data.Round.Compares() {
		if err := p.beforeThis(r, v, data); err != nil {
			return err
		}
	}
	if data.Next == "" {
		return nil
	}
	next, err := p.Service.team(ctx, p.db, id, data.Next)
	data.next = next.Name
	return err
}

// textDispute is a text of two devices, in the field of the name.
type textDispute struct {
	name          string
	counts, other written
}

func textDisputes(name string, counts written, others []written) (all []textDispute) {
	for _, o := range others {
		all = append(all, textDispute{name, counts, o})
	}
	return all
}

// values is the sheet as the server has it, for the page that keeps itself.
func (d sheetData) values() string {
	all := map[string]string{"seen": d.seen, "note": d.note, "word": d.word.Value, "named": d.named}
	for _, c := range d.Criteria {
		if m, there := d.sheet[c.ID]; there {
			all["mark_"+c.ID] = m.said()
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "{}" // there is no string that JSON cannot write
	}
	return string(text)
}

// saidText is an answer as a person says it.
func saidText(l ui.Locale, m Mark, c Criterion) string {
	if m.Kind == NotObserved {
		return l.T("jury.not_observed")
	}
	return l.T("jury.out_of", "n", m.Value, "max", c.Max)
}

// MarkFields are the questions of a sheet, answered as typed or as kept.
func MarkFields(r *http.Request, v *door.Visit, refused error, criteria []Criterion, sheet Sheet) []ui.Field {
	var all []ui.Field
	for _, c := range criteria {
		f := v.Field(r, refused, "mark_"+c.ID, "jury.mark")
		f.Label, f.Hint = c.Name, c.Description
		if m, there := sheet[c.ID]; there && f.Value == "" {
			f.Value = m.said()
		}
		all = append(all, f)
	}
	return all
}

// scaleOf is a criterion's row of numbers.
func scaleOf(l ui.Locale, c Criterion, all []Criterion) ui.ScaleData {
	share := 0.0
	for i, s := range Shares(all) {
		if all[i].ID == c.ID {
			share = s
		}
	}
	return ui.ScaleData{From: c.Min, To: c.Max, Low: c.Level(c.Min), High: c.Level(c.Max), Weight: l.Percent(share)}
}

// ReadAnswers reads a sheet that was handed in.
func ReadAnswers(r *http.Request, criteria []Criterion) (Answers, error) {
	in := Answers{Marks: map[string]Answer{}}
	var wrong errs.Fields
	for _, c := range criteria {
		name := "mark_" + c.ID
		switch text := door.Text(r, name); {
		case text == string(NotObserved):
			in.Marks[c.ID] = Answer{Kind: NotObserved}
		case text != "":
			n, err := strconv.Atoi(text)
			if err != nil {
				wrong.Add(name, "error.number")
			}
			in.Marks[c.ID] = Answer{Kind: Scored, Value: n}
		}
	}
	if _, asked := r.PostForm["note"]; asked {
		text := door.Text(r, "note")
		in.Note = &text
	}
	if _, asked := r.PostForm["word"]; asked {
		in.Word = &Word{Text: door.Text(r, "word"), Named: door.Has(r, "named")}
	}
	in.Device = door.Text(r, "device")
	if micros, err := strconv.ParseInt(door.Text(r, "seen"), 10, 64); err == nil && micros > 0 {
		in.Seen = time.UnixMicro(micros).UTC()
	}
	return in, wrong.Err()
}

// score takes in a sheet: from the outbox with the time it was given, at every tap from
// the form that keeps itself, or sent plainly.
func (p *pages) score(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id, team := r.Context(), v.Edition.ID, r.PathValue("team")
	criteria, err := p.Criteria(ctx, p.db, id)
	if err != nil {
		return err
	}
	in, err := ReadAnswers(r, criteria)
	if err == nil {
		err = UnknownCriteria(r, criteria)
	}
	if err == nil && door.Text(r, "rest") == string(NotObserved) {
		err = p.fillUnseen(r, v, criteria, &in)
	}
	if err == nil {
		err = p.Score(ctx, v.Actor, id, team, in, door.Action(r, v))
	}
	if err != nil {
		return p.sheetAgain(w, r, v, err)
	}
	if v.ForDevice() { // a tap: nobody reads the answer
		return v.Go(w, r, "")
	}
	d, err := p.Desk(ctx, p.db, v.Actor, id, team)
	if err != nil {
		return err
	}
	if d.Cell.State == CellPartial && door.Text(r, "rest") == "" && !door.Has(r, "asked") {
		return v.Go(w, r, v.URL("jury", "teams", team)+"?ask=1#ask-title") // asked once
	}
	v.Say(w, "ok", "jury.received", "n", d.Done)
	return v.Go(w, r, sheetData{Desk: d, v: v}.nextURL())
}

// fillUnseen answers the criteria that have no answer yet: the juror could not observe them.
func (p *pages) fillUnseen(r *http.Request, v *door.Visit, criteria []Criterion, in *Answers) error {
	sheet, _, err := p.MySheet(r.Context(), p.db, v.Actor, v.Edition.ID, r.PathValue("team"))
	for _, c := range criteria {
		_, known := sheet[c.ID]
		if _, said := in.Marks[c.ID]; !known && !said {
			in.Marks[c.ID] = Answer{Kind: NotObserved}
		}
	}
	return err
}

// UnknownCriteria refuses a sheet of another round: its criteria are not these.
func UnknownCriteria(r *http.Request, criteria []Criterion) error {
	known := map[string]bool{}
	for _, c := range criteria {
		known[c.ID] = true
	}
	for name := range r.PostForm {
		if id, is := strings.CutPrefix(name, "mark_"); is && !known[id] {
			return errs.New(errs.Conflict, "jury.criterion_gone")
		}
	}
	return nil
}

func (p *pages) declare(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.Declare(r.Context(), v.Actor, v.Edition.ID, r.PathValue("team"), door.Text(r, "reason"))
	if err != nil {
		return p.sheetAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.declared")
	return v.Go(w, r, v.URL("jury"))
}

func (p *pages) moveMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	to := door.Text(r, "to")
	if err := p.Move(r.Context(), v.Actor, v.Edition.ID, v.Actor.ID, r.PathValue("team"), to, ""); err != nil {
		return p.sheetAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.moved")
	return v.Go(w, r, v.URL("jury", "teams", to))
}

// cell is the juror's own cell of a team.
func (d Mine) cell(team string) Cell {
	for i, t := range d.Teams {
		if t.ID == team {
			return d.Cells[i]
		}
	}
	return Cell{}
}

// nextLabel says where the button of a sheet leads.
func (d sheetData) nextLabel() string {
	if d.next != "" {
		return d.L.T("jury.do.next_team", "team", d.next)
	}
	return d.L.T("jury.do.to_list")
}

// nextURL leads on from a sheet.
func (d sheetData) nextURL() string {
	if d.Next != "" {
		return d.v.URL("jury", "teams", d.Next)
	}
	return d.v.URL("jury")
}
