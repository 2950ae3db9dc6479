package jury

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

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
