package registration

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// handlers answer the pages of this room.
type handlers struct{ *Service }

// Routes registers the pages and the API of this room.
func Routes(d *door.Door, s *Service) {
	h := &handlers{s}
	d.Get("/e/{edition}/register", door.Anyone(), h.showForm)
	d.Post("/e/{edition}/register", door.Anyone(), h.register)
	d.Get("/e/{edition}/register/sent", door.Anyone(), h.showSent)
	d.Get("/e/{edition}/register/{token}", door.Anyone(), h.showLink)
	d.Post("/e/{edition}/register/{token}/confirm", door.Anyone(), h.confirm)
	d.Post("/e/{edition}/register/{token}/decline", door.Anyone(), h.declineByLink)
	d.Get("/e/{edition}/registration", door.SignedIn(), h.showMine)
	d.Post("/e/{edition}/registration", door.SignedIn(), h.change)
	d.Post("/e/{edition}/registration/decline", door.SignedIn(), h.decline)
	h.organiserRoutes(d)
	h.importRoutes(d)
	h.apiRoutes(d)
}

// form is the questions as a page shows them.
type form struct {
	Email, Name, Profile, Trade, Organisation, Meals, MealNote, With, Theme, Photo, News, Rules ui.Field
	Skills                                                                                      []ui.Field
	Chosen                                                                                      []string // meals
}

// all are the fields, for the list of what is wrong.
func (f form) all() []ui.Field {
	return append([]ui.Field{f.Email, f.Name, f.Profile, f.Trade, f.Organisation, f.Photo, f.MealNote, f.With, f.Theme, f.News, f.Rules}, f.Skills...)
}

// questions makes the fields: with what was typed where the form was sent, else with the
// answers.
func questions(r *http.Request, v *door.Visit, err error, skills []Skill, a Answers) form {
	field := func(name, value string) ui.Field {
		f := v.Field(r, err, name, "registration.field."+name)
		f.Hint = v.L.T("registration.purpose." + name)
		if r.PostForm == nil {
			f.Value = value
		}
		return f
	}
	news := ""
	if a.News {
		news = "on"
	}
	f := form{Email: field("email", ""), Name: field("name", a.Name), Profile: field("profile", string(a.Profile)),
		Trade: field("trade", a.Trade), Organisation: field("organisation", a.Organisation), Meals: field("meals", ""), MealNote: field("meal_note", a.MealNote),
		With: field("with", a.With), Theme: field("theme", a.Theme), Photo: field("photo", string(a.Photo)),
		News: field("news", news), Rules: field("rules", "")}
	f.Email.Required, f.Email.Kind, f.Email.Autocomplete, f.Email.InputMode = true, "email", "email", "email"
	f.Name.Required, f.Name.Autocomplete, f.Name.MaxLength = true, "name", mostName
	f.Trade.MaxLength, f.Trade.Autocomplete = mostName, "organization-title"
	f.Organisation.MaxLength, f.Organisation.Autocomplete = mostName, "organization"
	f.MealNote.MaxLength, f.With.MaxLength, f.Theme.MaxLength = mostText, mostText, mostText
	f.With.Rows, f.Theme.Rows, f.Rules.Required = 2, 2, true
	f.Chosen = door.Texts(r, "meals")
	if r.Method == http.MethodGet {
		for _, meal := range a.Meals {
			f.Chosen = append(f.Chosen, string(meal))
		}
	}
	for _, s := range skills {
		level := field("skill_"+s.Key, "")
		level.Label, level.Hint = s.Name(v.L), ""
		if n := a.Skills[s.Key]; n > 0 && r.Method == http.MethodGet {
			level.Value = strconv.Itoa(n)
		}
		f.Skills = append(f.Skills, level)
	}
	return f
}

// answers reads the questions' answers.
func answers(r *http.Request, skills []Skill) Answers {
	a := Answers{Name: door.Text(r, "name"), Profile: Profile(door.Text(r, "profile")), Trade: door.Text(r, "trade"), Organisation: door.Text(r, "organisation"),
		MealNote: door.Text(r, "meal_note"), With: door.Text(r, "with"), Theme: door.Text(r, "theme"),
		Photo: Photo(door.Text(r, "photo")), News: door.Has(r, "news"), Skills: Levels{}}
	for _, meal := range door.Texts(r, "meals") {
		a.Meals = append(a.Meals, Meal(meal))
	}
	for _, s := range skills {
		level, err := strconv.Atoi(door.Text(r, "skill_"+s.Key))
		if err == nil {
			a.Skills[s.Key] = level
		}
	}
	return a
}

func (h *handlers) showForm(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if !v.Actor.Public() {
		mine, _, err := h.Mine(r.Context(), v.Actor, v.Edition.ID)
		if err == nil && (mine.State == Confirmed || mine.State == Waiting) {
			return v.Go(w, r, v.URL("registration"))
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	return h.form(w, r, v, nil)
}

func (h *handlers) form(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	skills, err := h.Skills(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	sum, err := h.Summary(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	page := func() templ.Component {
		f := questions(r, v, wrong, skills, Answers{Name: v.Actor.Name})
		if !v.Actor.Public() {
			f.Email.Value, f.Email.Attrs = v.Actor.Email, templ.Attributes{"readonly": true}
		}
		view := v.Page(v.L.T("registration.form.title"))
		return formPage(view, v, f, sum)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h *handlers) register(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	skills, err := h.Skills(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	in := Asked{Email: door.Text(r, "email"), Answers: answers(r, skills), Rules: door.Has(r, "rules"), Lang: v.L.Lang}
	settled, err := h.Register(r.Context(), v.Actor, v.Edition.ID, in)
	if err != nil {
		return h.form(w, r, v, err)
	}
	if settled != nil {
		v.Say(w, "ok", "registration.said."+string(settled.State))
		return v.Go(w, r, v.URL("registration"))
	}
	return v.Go(w, r, v.URL("register", "sent"))
}

func (h *handlers) showSent(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return v.Show(w, r, sentPage(v.Page(v.L.T("registration.sent.title")), v))
}

func (h *handlers) showLink(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	found, canConfirm, err := h.CheckLink(r.Context(), v.Edition.ID, r.PathValue("token"))
	if err != nil {
		return err
	}
	view := v.Page(v.L.T("registration.link.title"))
	return v.Show(w, r, linkPage(view, v, found, canConfirm, v.URL("register", r.PathValue("token"))))
}

func (h *handlers) confirm(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	settled, session, err := h.Confirm(r.Context(), v.Edition.ID, r.PathValue("token"))
	if err != nil {
		return err
	}
	v.SignIn(w, session)
	v.Say(w, "ok", "registration.said."+string(settled.State))
	return v.Go(w, r, v.URL("registration"))
}

func (h *handlers) declineByLink(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, err := h.DeclineByLink(r.Context(), v.Edition.ID, r.PathValue("token")); err != nil {
		return err
	}
	v.Say(w, "ok", "registration.said.declined")
	return v.Go(w, r, v.URL("register", r.PathValue("token")))
}

func (h *handlers) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.mine(w, r, v, nil)
}

func (h *handlers) mine(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	mine, place, err := h.Mine(r.Context(), v.Actor, v.Edition.ID)
	if errs.Is(err, errs.NotFound) {
		return v.Go(w, r, v.URL("register"))
	}
	if err != nil {
		return err
	}
	skills, err := h.Skills(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	page := func() templ.Component {
		view := v.Page(v.L.T("registration.mine.title"), Topic(v.Edition.ID))
		return minePage(view, v, mine, place, questions(r, v, wrong, skills, mine.Answers))
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h *handlers) change(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	skills, err := h.Skills(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	given := answers(r, skills)
	if !inTeams(v) {
		mine, err := h.Of(r.Context(), h.db, v.Edition.ID, v.Actor.ID)
		if err != nil {
			return err
		}
		given = given.withUnasked(mine.Answers)
	}
	if _, err := h.Change(r.Context(), v.Actor, v.Edition.ID, given); err != nil {
		return h.mine(w, r, v, err)
	}
	v.Say(w, "ok", "registration.said.changed")
	return v.Go(w, r, v.URL("registration"))
}

// withUnasked are a guest's answers with what their page does not ask as it was: a file may
// have said it of them.
func (a Answers) withUnasked(was Answers) Answers {
	a.Profile, a.Trade, a.Organisation, a.Skills, a.With, a.Theme = was.Profile, was.Trade, was.Organisation, was.Skills, was.With, was.Theme
	return a
}

func (h *handlers) decline(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, err := h.Decline(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return err
	}
	v.Say(w, "ok", "registration.said.declined")
	return v.Go(w, r, v.URL("registration"))
}

// tone is how a state presents itself.
func (s State) tone() ui.Tone {
	switch s {
	case Confirmed:
		return ui.Good
	case Waiting, Pending:
		return ui.Warn
	case Refused:
		return ui.Bad
	case Declined, Absent, Erased:
	}
	return ui.Plain
}

// profileKey is the words of a profile.
func (p Profile) key() string {
	if p == Unsaid {
		return "registration.profile.unsaid"
	}
	return "registration.profile." + string(p)
}

// profileOptions are what a person may answer; saying nothing is one of the answers.
func profileOptions(v *door.Visit) []ui.Option {
	var all []ui.Option
	for _, p := range Profiles[:3] {
		all = append(all, ui.Option{Value: string(p), Label: v.L.T(p.key())})
	}
	return all
}

func mealOptions(v *door.Visit) []ui.Option {
	var all []ui.Option
	for _, m := range Meals {
		all = append(all, ui.Option{Value: string(m), Label: v.L.T("registration.meal." + string(m))})
	}
	return all
}

func photoOptions(v *door.Visit) []ui.Option {
	var all []ui.Option
	for _, p := range Photos {
		all = append(all, ui.Option{Value: string(p), Label: v.L.T("registration.photo." + string(p))})
	}
	return all
}

// mealWords are a plate in words.
func mealWords(v *door.Visit, meals []Meal) string {
	text := ""
	for i, m := range meals {
		if i > 0 {
			text += " + "
		}
		text += v.L.T("registration.meal." + string(m))
	}
	return text
}

// knownState is the state that an address names; "" for any other text.
func knownState(text string) State {
	if s := State(text); slices.Contains(States, s) {
		return s
	}
	return ""
}

// opens says when registering becomes possible, if it will.
func opens(v *door.Visit) string {
	if at, set := v.Edition.At[edition.RegistrationOpens]; set && v.Now.Before(at) {
		return v.L.T("registration.opens_at", "at", v.L.DateTime(at))
	}
	return v.L.T("registration.over")
}

// doorsAt is when to come, in words.
func doorsAt(v *door.Visit) string {
	at, set := v.Edition.At[edition.Doors]
	if !set {
		at = v.Edition.At[edition.Starts]
	}
	return v.L.DateTime(at)
}
