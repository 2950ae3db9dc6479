package crew

import (
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

// postFields are the questions about a post.
type postFields struct{ Name, Place, Task, Contact, Skill ui.Field }

func (f postFields) all() []ui.Field { return []ui.Field{f.Name, f.Place, f.Task, f.Contact, f.Skill} }

// hourFields are the questions about its hours.
type hourFields struct{ Start, End, Wanted, Every ui.Field }

func (f hourFields) all() []ui.Field { return []ui.Field{f.Start, f.End, f.Wanted, f.Every} }

func newPostFields(r *http.Request, v *door.Visit, wrong error, p Post) postFields {
	f := postFields{v.Field(r, wrong, "name", "crew.name"), v.Field(r, wrong, "place", "crew.place"), v.Field(r, wrong, "task", "crew.task"),
		v.Field(r, wrong, "contact", "crew.contact"), v.Field(r, wrong, "skill", "crew.skill")}
	if wrong == nil {
		f.Name.Value, f.Place.Value, f.Task.Value, f.Contact.Value, f.Skill.Value = p.Name, p.Place, p.Task, p.Contact, p.Skill
	}
	f.Name.Required, f.Name.MaxLength = true, mostName
	f.Task.Hint, f.Contact.Hint, f.Skill.Hint = v.L.T("crew.task_hint"), v.L.T("crew.contact_hint"), v.L.T("crew.skill_hint")
	f.Skill.Short = true
	return f
}

func newHourFields(r *http.Request, v *door.Visit, wrong error) hourFields {
	f := hourFields{v.Field(r, wrong, "start", "crew.start"), v.Field(r, wrong, "end", "crew.end"), v.Field(r, wrong, "wanted", "crew.wanted"), v.Field(r, wrong, "every", "crew.every")}
	f.Start.Required, f.End.Required = true, true
	f.Wanted.Kind, f.Wanted.Short, f.Wanted.Required, f.Wanted.Min, f.Wanted.Max = "number", true, true, "1", strconv.Itoa(mostWanted)
	f.Every.Kind, f.Every.Short, f.Every.Min, f.Every.Max, f.Every.Step = "number", true, "0", "24", "0.5"
	f.Every.Hint = v.L.T("crew.every_hint")
	return f
}

// readHours reads a form's hours.
func readHours(r *http.Request, v *door.Visit) (Hours, error) {
	var wrong errs.Fields
	h := Hours{Start: parsed(v.L, door.Text(r, "start")), End: parsed(v.L, door.Text(r, "end")), Wanted: door.Int(r, "wanted", &wrong)}
	if text := door.Text(r, "every"); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n < 0 || n > 24 {
			wrong.Add("every", "crew.every_range")
		}
		h.Every = time.Duration(n * float64(time.Hour)).Round(time.Minute)
	}
	return h, wrong.Err()
}

func readPost(r *http.Request) Post {
	return Post{ID: PostID(r.PathValue("post")), Name: door.Text(r, "name"), Place: door.Text(r, "place"), Task: door.Text(r, "task"),
		Contact: door.Text(r, "contact"), Skill: door.Text(r, "skill")}
}

// postsData is the page of all posts.
type postsData struct {
	Board
	URL    func(parts ...string) string
	Fields postFields
	Hours  hourFields
}

func (p pages) showPosts(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.posts(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) posts(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	b, err := p.s.Board(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := postsData{Board: b, URL: v.URL, Fields: newPostFields(r, v, wrong, Post{}), Hours: newHourFields(r, v, wrong)}
	if wrong == nil {
		d.Hours.Wanted.Value = "2"
	}
	return func() templ.Component { return postsPage(v.Page(v.L.T("crew.posts"), Topic(v.Edition.ID)), d) }, nil
}

// addPost adds a post with its first hours.
func (p pages) addPost(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	h, err := readHours(r, v)
	if err == nil {
		_, err = p.s.AddPost(r.Context(), v.Actor, v.Edition.ID, readPost(r), h)
	}
	if err != nil {
		page, broken := p.posts(r, v, err)
		if broken != nil {
			return broken
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "crew.post_added", "name", door.Text(r, "name"))
	return v.Go(w, r, v.URL("crew", "posts"))
}

func (p pages) addUsual(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.AddUsual(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return err
	}
	v.Say(w, "ok", "crew.usual_added")
	return v.Go(w, r, v.URL("crew", "posts"))
}

// postData is the page of one post.
type postData struct {
	Board
	Of     Post
	URL    func(parts ...string) string
	Fields postFields
	Hours  hourFields
}

func (p pages) showPost(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.one(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) one(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	b, err := p.s.Board(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := postData{Board: b, Of: b.Post(PostID(r.PathValue("post"))), URL: v.URL, Hours: newHourFields(r, v, wrong)}
	if d.Of.ID == "" {
		return nil, sqldb.ErrNotFound
	}
	d.Fields = newPostFields(r, v, wrong, d.Of)
	if wrong != nil && !r.PostForm.Has("name") { // the other form of the page was refused
		d.Fields = newPostFields(r, v, nil, d.Of)
	}
	return func() templ.Component { return postPage(v.Page(d.Of.Name, Topic(v.Edition.ID)), d) }, nil
}

func (p pages) changePost(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.ofPost(w, r, v, p.s.ChangePost(r.Context(), v.Actor, v.Edition.ID, readPost(r)))
}

func (p pages) addHours(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	h, err := readHours(r, v)
	if err == nil {
		err = p.s.AddHours(r.Context(), v.Actor, v.Edition.ID, PostID(r.PathValue("post")), h)
	}
	return p.ofPost(w, r, v, err)
}

// ofPost answers a change on the page of one post.
func (p pages) ofPost(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error) error {
	if refusal != nil && notFound(refusal) {
		return refusal
	}
	if refusal != nil {
		page, err := p.one(r, v, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	v.Say(w, "ok", "crew.kept")
	return v.Go(w, r, v.URL("crew", "posts", r.PathValue("post")))
}

func (p pages) dropPost(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.DropPost(r.Context(), v.Actor, v.Edition.ID, PostID(r.PathValue("post"))); err != nil {
		return err
	}
	v.Say(w, "ok", "crew.post_dropped")
	return v.Go(w, r, v.URL("crew", "posts"))
}

// shiftData is the page of one shift: who, what is missing, and who could.
type shiftData struct {
	Board
	Of         Shift
	Post       Post
	Hole       *Hole
	Candidates []Candidate
	URL        func(parts ...string) string
	Fields     hourFields
}

func (p pages) showShift(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.shift(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) shift(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	b, err := p.s.Board(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := shiftData{Board: b, URL: v.URL, Fields: newHourFields(r, v, wrong)}
	var ok bool
	if d.Of, ok = b.Shift(ShiftID(r.PathValue("shift"))); !ok {
		return nil, sqldb.ErrNotFound
	}
	d.Post = b.Post(d.Of.Post)
	d.Candidates = b.Candidates(d.Of)
	for i := range b.Holes {
		if b.Holes[i].Shift.ID == d.Of.ID {
			d.Hole = &b.Holes[i]
		}
	}
	if wrong == nil {
		d.Fields.Start.Value, d.Fields.End.Value, d.Fields.Wanted.Value = ui.LocalTime(v.L, d.Of.Start), ui.LocalTime(v.L, d.Of.End), strconv.Itoa(d.Of.Wanted)
	}
	return func() templ.Component { return shiftPage(v.Page(d.Post.Name, Topic(v.Edition.ID)), d) }, nil
}

func (p pages) changeShift(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	h, err := readHours(r, v)
	if err == nil {
		err = p.s.ChangeShift(r.Context(), v.Actor, v.Edition.ID, ShiftID(r.PathValue("shift")), h)
	}
	return p.ofShift(w, r, v, err, "crew.kept")
}

func (p pages) ofShift(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string, args ...any) error {
	if refusal != nil && notFound(refusal) {
		return refusal
	}
	if refusal != nil {
		page, err := p.shift(r, v, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	v.Say(w, "ok", word, args...)
	return v.Go(w, r, v.URL("crew", "shifts", r.PathValue("shift")))
}

func (p pages) dropShift(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.DropShift(r.Context(), v.Actor, v.Edition.ID, ShiftID(r.PathValue("shift"))); err != nil {
		return err
	}
	v.Say(w, "ok", "crew.shift_dropped")
	return v.Go(w, r, v.URL("crew"))
}

func (p pages) stepIn(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.StepIn(r.Context(), v.Actor, v.Edition.ID, ShiftID(r.PathValue("shift")), account.ID(door.Text(r, "who")))
	return p.ofShift(w, r, v, err, "crew.stepped_in")
}

// setRules keeps the rules of rest and hours.
func (p pages) setRules(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	rest, most := door.Int(r, "rest", &wrong), door.Int(r, "most", &wrong)
	err := wrong.Err()
	if err == nil {
		err = p.s.SetRules(r.Context(), v.Actor, v.Edition.ID, time.Duration(rest)*time.Hour, time.Duration(most)*time.Hour)
	}
	return p.again(w, r, v, err, "crew.kept")
}

func wholeHours(d time.Duration) string { return strconv.Itoa(int(d / time.Hour)) }
