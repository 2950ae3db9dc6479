package forming

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/registration"
	"h48/internal/ui"
)

// rulesData is the page of what teams should be like.
type rulesData struct {
	URL        func(parts ...string) string
	Rules      Rules
	Challenges []Challenge
	Skills     []registration.Skill
	HalfDays   int

	Target, Hours, Language, Languages, Tags, Assign, Profiles ui.Field
	Cares                                                      []ui.Field
}

func (p pages) showRules(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.rules(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) rules(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	ctx, id := r.Context(), v.Edition.ID
	rules, err := p.s.RulesOf(ctx, p.s.db, id)
	if err != nil {
		return nil, err
	}
	d := rulesData{URL: v.URL, Rules: rules, HalfDays: len(halfDays(v.Edition))}
	if d.Challenges, err = p.s.near.Challenges(ctx, p.s.db, id); err != nil {
		return nil, err
	}
	if d.Skills, err = p.s.near.Skills.Skills(ctx, p.s.db, id); err != nil {
		return nil, err
	}
	if wrong != nil {
		d.Rules = readRules(r, d, &errs.Fields{})
	}
	d.fields(r, v, wrong)
	return func() templ.Component { return rulesPage(v.Page(v.L.T("forming.rules")), d) }, nil
}

func (d *rulesData) fields(r *http.Request, v *door.Visit, wrong error) {
	field := func(name, value string) ui.Field {
		f := v.Field(r, wrong, name, "forming.rules."+name)
		f.Value = value
		if key := "forming.rules." + name + ".hint"; v.L.Has(key) {
			f.Hint = v.L.T(key)
		}
		return f
	}
	d.Target, d.Hours = field("target", number(d.Rules.Target)), field("half_days", number(d.Rules.HalfDays))
	for _, f := range []*ui.Field{&d.Target, &d.Hours} {
		f.Kind, f.Short, f.Min, f.Max = "number", true, "0", "50"
	}
	d.Language, d.Assign = field("language", tick(d.Rules.Language)), field("assign", tick(d.Rules.Assign))
	d.Languages = field("languages", strings.Join(d.Rules.Languages, ", "))
	d.Tags, d.Profiles = field("tags", strings.Join(d.Rules.Tags, "\n")), field("profiles", "")
	d.Tags.Rows = 3
	for _, aim := range Aims {
		f := v.Field(r, wrong, "care_"+string(aim), "forming.aim."+string(aim))
		f.Value = strconv.Itoa(int(d.Rules.Care(aim)))
		d.Cares = append(d.Cares, f)
	}
}

// number is a whole number in a form; "" for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func tick(on bool) string {
	if on {
		return "on"
	}
	return ""
}

// readRules reads the form.
func readRules(r *http.Request, d rulesData, wrong *errs.Fields) Rules {
	rules := Rules{Target: door.Int(r, "target", wrong), HalfDays: door.Int(r, "half_days", wrong), Cares: map[Aim]Weight{},
		Profiles: kept(door.Texts(r, "profiles"), func(p string) bool { return p != "" }), Language: door.Has(r, "language"),
		Languages: strings.FieldsFunc(strings.ToLower(door.Text(r, "languages")), func(c rune) bool { return strings.ContainsRune(",; \n", c) }),
		Tags:      strings.Split(door.Text(r, "tags"), "\n"), Assign: door.Has(r, "assign"), Needs: map[string]Need{}}
	for _, aim := range Aims {
		n, err := strconv.Atoi(door.Text(r, "care_"+string(aim)))
		if err == nil && n >= int(Ignored) && n <= int(Strong) {
			rules.Cares[aim] = Weight(n)
		}
	}
	levels := func(of string) map[string]int {
		all := map[string]int{}
		for _, s := range d.Skills {
			if n, err := strconv.Atoi(door.Text(r, "need_"+of+"_"+s.Key)); err == nil && n > 0 && n <= registration.MostLevel {
				all[s.Key] = n
			}
		}
		return all
	}
	rules.Skills = levels("all")
	for _, c := range d.Challenges {
		rules.Needs[c.ID] = Need{Skills: levels(c.ID), Min: door.Int(r, "min_"+c.ID, wrong), Max: door.Int(r, "max_"+c.ID, wrong)}
	}
	return rules
}

func (p pages) setRules(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id := r.Context(), v.Edition.ID
	var d rulesData
	var err error
	if d.Challenges, err = p.s.near.Challenges(ctx, p.s.db, id); err != nil {
		return err
	}
	if d.Skills, err = p.s.near.Skills.Skills(ctx, p.s.db, id); err != nil {
		return err
	}
	var wrong errs.Fields
	rules := readRules(r, d, &wrong)
	if err = wrong.Err(); err == nil {
		err = p.s.SetRules(ctx, v.Actor, id, rules)
	}
	if err != nil {
		page, broken := p.rules(r, v, err)
		if broken != nil {
			return broken
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "forming.rules.saved")
	return v.Go(w, r, v.URL("teams", "rules"))
}

// wishesData is a participant's page.
type wishesData struct {
	Mine
	URL  func(parts ...string) string
	With []ui.Field
	Not  []ui.Field
	Code ui.Field
}

func (p pages) showWishes(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.wishes(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) wishes(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	mine, err := p.s.Mine(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := wishesData{Mine: mine, URL: v.URL}
	if wrong != nil && r.PostForm.Has("with") {
		group := d.Group
		d.Wishes = readWishes(r)
		d.Group = group
	}
	for i := range mostWith {
		f := v.Field(r, wrong, "with", "forming.wishes.with")
		f.ID, f.Value, f.MaxLength, f.Autocomplete = "with-"+strconv.Itoa(i+1), "", mostName, "off"
		f.Label = v.L.T("forming.wishes.with", "n", i+1)
		if i > 0 {
			f.Error = ""
		}
		if i < len(d.Wishes.With) {
			f.Value = d.Wishes.With[i]
			f.Hint = d.recognised(v.L, f.Value)
		}
		d.With = append(d.With, f)
	}
	for i := range mostNot {
		f := v.Field(r, wrong, "not_"+strconv.Itoa(i+1), "forming.wishes.not")
		f.Value, f.MaxLength, f.Autocomplete = "", mostName, "off"
		f.Label = v.L.T("forming.wishes.not", "n", i+1)
		if i < len(d.Wishes.Not) {
			f.Value = d.Wishes.Not[i].Name
			f.Hint = d.recognised(v.L, f.Value)
		}
		d.Not = append(d.Not, f)
	}
	d.Code = v.Field(r, wrong, "code", "forming.group.code")
	d.Code.Short, d.Code.Autocomplete, d.Code.Attrs = true, "off", templ.Attributes{"autocapitalize": "characters", "spellcheck": "false"}
	return func() templ.Component { return wishesPage(v.Page(v.L.T("forming.wishes")), d) }, nil
}

// recognised says whether the typed name is somebody's who comes.
func (m Mine) recognised(l ui.Locale, name string) string {
	known, looked := m.Known[name]
	switch {
	case !looked || name == "":
		return ""
	case known:
		return l.T("forming.wishes.known")
	}
	return l.T("forming.wishes.not_yet")
}

// readWishes reads the form.
func readWishes(r *http.Request) Wishes {
	w := Wishes{With: door.Texts(r, "with"), Languages: door.Texts(r, "languages"), Tags: door.Texts(r, "tags"), Excluded: door.Texts(r, "excluded")}
	for i := range mostNot {
		n := strconv.Itoa(i + 1)
		if name := door.Text(r, "not_"+n); name != "" {
			w.Not = append(w.Not, Refusal{Name: name, Never: door.Has(r, "never_"+n)})
		}
	}
	for i := range mostPrefs {
		if id := door.Text(r, "pref_"+strconv.Itoa(i+1)); id != "" {
			w.Prefs = append(w.Prefs, id)
		}
	}
	for _, text := range door.Texts(r, "away") {
		if n, err := strconv.Atoi(text); err == nil {
			w.Away = append(w.Away, n)
		}
	}
	return w
}

// mostPrefs is how many challenges a person may rank.
const mostPrefs = 3

func (p pages) say(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Say(r.Context(), v.Actor, v.Edition.ID, readWishes(r))
	return p.wished(w, r, v, err, "forming.wishes.saved")
}

func (p pages) group(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var err error
	word := "forming.group.joined"
	switch door.Text(r, "do") {
	case "begin":
		_, err = p.s.Gather(r.Context(), v.Actor, v.Edition.ID)
		word = "forming.group.begun"
	case "leave":
		err = p.s.LeaveGroup(r.Context(), v.Actor, v.Edition.ID)
		word = "forming.group.left"
	default:
		err = p.s.JoinGroup(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "code"))
	}
	return p.wished(w, r, v, err, word)
}

func (p pages) wished(w http.ResponseWriter, r *http.Request, v *door.Visit, err error, word string) error {
	if err != nil {
		page, broken := p.wishes(r, v, err)
		if broken != nil {
			return broken
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", word)
	return v.Go(w, r, v.URL("wishes"))
}
