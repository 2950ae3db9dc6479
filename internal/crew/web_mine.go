package crew

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// mineData is the page of somebody of the crew, and the page on which an organiser
// answers for them.
type mineData struct {
	Mine
	URL    func(parts ...string) string
	Action string // where the answer is sent
	For    bool   // an organiser answers for somebody else
	Days   []dayParts
	Skills ui.Field
	Ticked map[string][]string // of each question with several answers
	Posts  []ui.Field
	Wish   ui.Field
	Most   ui.Field
	Boss   bool
	Wrong  bool // an answer was refused
}

// dayParts are the parts of one day that can be ticked.
type dayParts struct {
	Field   ui.Field
	Options []ui.Option
}

// The answers about a post.
const (
	gladly    = "yes"
	ratherNot = "rather"
	never     = "never"
)

func (p pages) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if !v.Is(edition.Crew) { // an organiser who works no shift
		return v.Go(w, r, v.URL("crew"))
	}
	page, err := p.mine(r, v, v.Actor.ID, nil)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, page())
}

func (p pages) showOffer(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.mine(r, v, account.ID(r.PathValue("account")), nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) mine(r *http.Request, v *door.Visit, who account.ID, wrong error) (func() templ.Component, error) {
	m, err := p.s.Mine(r.Context(), v.Actor, v.Edition.ID, who)
	if err != nil {
		return nil, err
	}
	d := mineData{Mine: m, URL: v.URL, Action: v.URL("crew", "mine"), Boss: v.Is(edition.Organiser), Ticked: map[string][]string{}}
	if r.PathValue("account") != "" {
		d.For, d.Action = true, v.URL("crew", "people", string(who))
	}
	d.Wish, d.Most = v.Field(r, wrong, "wish", "crew.wish"), v.Field(r, wrong, "most", "crew.most_mine")
	d.ask(r, v, wrong)
	d.Wrong = wrong != nil && r.PostForm.Has("wish")
	heading := v.L.T("crew.mine")
	if d.For {
		heading = m.Member.Name
	}
	return func() templ.Component { return minePage(v.Page(heading, Topic(v.Edition.ID)), d) }, nil
}

// ask makes the questions, with what was said before or typed just now.
func (d *mineData) ask(r *http.Request, v *door.Visit, wrong error) {
	o, typed := d.Member.Offer, wrong != nil && r.PostForm.Has("wish")
	for _, part := range d.Parts {
		name := "day_" + part.From.In(v.Edition.Zone).Format(dayForm)
		if n := len(d.Days); n == 0 || d.Days[n-1].Field.Name != name {
			d.Days = append(d.Days, dayParts{Field: ui.Field{Name: name, Label: v.L.Day(part.From), Required: true}})
		}
		day := &d.Days[len(d.Days)-1]
		value := strconv.FormatInt(part.From.Unix(), 10)
		day.Options = append(day.Options, ui.Option{Value: value, Label: v.L.Clock(part.From) + " – " + v.L.Clock(part.To)})
		if !typed && covers(o.Free, Shift{Start: part.From, End: part.To}) {
			d.Ticked[name] = append(d.Ticked[name], value)
		}
	}
	d.Skills = ui.Field{Name: "skills", Label: v.L.T("crew.my_skills"), Required: true}
	if typed {
		for name, values := range r.PostForm {
			d.Ticked[name] = values
		}
	} else {
		for _, k := range d.Mine.Skills {
			if slices.ContainsFunc(o.Skills, func(have string) bool { return same(have, k) }) {
				d.Ticked["skills"] = append(d.Ticked["skills"], k)
			}
		}
		d.Wish.Value, d.Most.Value = number(o.Wish), number(o.Most)
	}
	for _, f := range []*ui.Field{&d.Wish, &d.Most} {
		f.Kind, f.Short, f.Min, f.Max = "number", true, "0", "100"
	}
	for _, post := range d.Mine.Posts {
		f := ui.Field{Name: "post_" + string(post.ID), Label: post.Name, Hint: post.Task, Value: gladly, Required: true}
		switch {
		case typed:
			f.Value = r.PostForm.Get(f.Name)
		case slices.Contains(o.Never, post.ID):
			f.Value = never
		case slices.Contains(o.Rather, post.ID):
			f.Value = ratherNot
		}
		d.Posts = append(d.Posts, f)
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (p pages) offer(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.say(w, r, v, v.Actor.ID, v.URL("crew", "mine"))
}

func (p pages) offerFor(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.say(w, r, v, account.ID(r.PathValue("account")), v.URL("crew", "people"))
}

func (p pages) say(w http.ResponseWriter, r *http.Request, v *door.Visit, who account.ID, next string) error {
	m, err := p.s.Mine(r.Context(), v.Actor, v.Edition.ID, who)
	if err != nil {
		return err
	}
	o, err := readOffer(r, v, m)
	if err == nil {
		err = p.s.Offer(r.Context(), v.Actor, v.Edition.ID, who, o)
	}
	if err != nil {
		page, broken := p.mine(r, v, who, err)
		if broken != nil {
			return broken
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "crew.said")
	return v.Go(w, r, next)
}

// readOffer reads the form. Times that it does not ask about, because no shift is near
// them any more, stay as they were said.
func readOffer(r *http.Request, v *door.Visit, m Mine) (Offer, error) {
	var wrong errs.Fields
	o := Offer{Wish: door.Int(r, "wish", &wrong), Most: door.Int(r, "most", &wrong), Skills: door.Texts(r, "skills"), Free: slices.Clone(m.Member.Offer.Free)}
	ticked := map[string]bool{}
	for _, part := range m.Parts {
		o.Free = without(o.Free, part.From, part.To)
		for _, value := range door.Texts(r, "day_"+part.From.In(v.Edition.Zone).Format(dayForm)) {
			ticked[value] = true
		}
	}
	for _, part := range m.Parts {
		if ticked[strconv.FormatInt(part.From.Unix(), 10)] {
			o.Free = append(o.Free, part)
		}
	}
	for _, post := range m.Posts {
		switch door.Text(r, "post_"+string(post.ID)) {
		case ratherNot:
			o.Rather = append(o.Rather, post.ID)
		case never:
			o.Never = append(o.Never, post.ID)
		}
	}
	return o, wrong.Err()
}

func (p pages) cannot(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Cannot(r.Context(), v.Actor, v.Edition.ID, ShiftID(r.PathValue("shift")), door.Text(r, "why"))
	return p.ofMine(w, r, v, err, "crew.cannot_said")
}

func (p pages) can(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Can(r.Context(), v.Actor, v.Edition.ID, ShiftID(r.PathValue("shift")))
	return p.ofMine(w, r, v, err, "crew.can_said")
}

func (p pages) ofMine(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string) error {
	if refusal != nil {
		page, err := p.mine(r, v, v.Actor.ID, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	v.Say(w, "ok", word)
	return v.Go(w, r, v.URL("crew", "mine"))
}

// peopleData is who is in the crew, and how much each works.
type peopleData struct {
	Board
	URL  func(parts ...string) string
	File ui.Field
	Lost []refusedLine
}

// refusedLine is why a line of a file was not taken, in words.
type refusedLine struct {
	Line int
	Text string
}

func (p pages) showPeople(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.people(r, v, nil, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) people(r *http.Request, v *door.Visit, wrong error, lost []refusedLine) (func() templ.Component, error) {
	b, err := p.s.Board(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := peopleData{Board: b, URL: v.URL, File: v.Field(r, wrong, "file", "crew.file"), Lost: lost}
	d.File.Hint, d.File.Required = v.L.T("crew.file_hint"), true
	return func() templ.Component { return peoplePage(v.Page(v.L.T("crew.people"), Topic(v.Edition.ID)), d) }, nil
}

// share writes a person's hours beside what they wish.
func (d peopleData) share(l ui.Locale, m Member) string {
	if m.Offer.Wish == 0 {
		return hours(l, d.Hours(m.ID))
	}
	return l.T("crew.hours_of", "is", hours(l, d.Hours(m.ID)), "wish", hours(l, time.Duration(m.Offer.Wish)*time.Hour))
}
