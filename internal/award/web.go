package award

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

type pages struct{ award *Service }

// Routes registers the pages and the API of the awards.
func Routes(d *door.Door, s *Service) {
	p := &pages{award: s}
	organisers, jury := door.Only(edition.Organiser), door.Only(edition.Juror)
	d.Get("/e/{edition}/prizes", organisers, p.showPrizes)
	d.Post("/e/{edition}/prizes", organisers, p.addPrize)
	d.Post("/e/{edition}/prizes/{prize}", organisers, p.changePrize)
	d.Post("/e/{edition}/prizes/{prize}/turn", organisers, p.turn)
	d.Get("/e/{edition}/deliberation", jury, p.showDeliberation)
	d.Post("/e/{edition}/deliberation/open", organisers, p.open)
	d.Post("/e/{edition}/deliberation/jury", jury, p.attend)
	d.Post("/e/{edition}/deliberation/prizes", jury, p.addUnplanned)
	d.Post("/e/{edition}/deliberation/favourites", jury, p.crown)
	d.Post("/e/{edition}/prizes/{prize}/split", jury, p.split)
	d.Post("/e/{edition}/deliberation/decision", jury, p.decide)
	d.Post("/e/{edition}/deliberation/close", jury, p.closeIt)
	d.Post("/e/{edition}/deliberation/addenda", jury, p.addendum)
	p.mountMinutes(d)
	p.mountVotes(d)
	p.mountStage(d)
	p.mountAPI(d)
	p.mountVoteAPI(d)
}

// prizeList is the organisers' page of the prizes.
type prizeList struct {
	prizes []Prize
	state  State
	names  map[string]string // of the teams
	now    time.Time
	// wrong is what the last form was refused for; form says which one it was.
	fields map[string]ui.Field
	form   string
	url    func(parts ...string) string
}

func (p *pages) showPrizes(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.prizePage(w, r, v, nil)
}

func (p *pages) prizePage(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	list := prizeList{url: v.URL, now: v.Now, names: map[string]string{}, form: r.PathValue("prize"), fields: map[string]ui.Field{}}
	for _, name := range []string{"title", "text", "amount", "reason"} {
		list.fields[name] = v.Field(r, wrong, name, "award."+name)
	}
	ctx := r.Context()
	d, err := p.award.Deliberation(ctx, p.award.db, v.Edition.ID)
	if err != nil {
		return err
	}
	if list.prizes, err = p.award.Prizes(ctx, p.award.db, v.Edition.ID); err != nil {
		return err
	}
	list.state = d.State
	if d.State != Waiting { // who has won is no secret of the organisers' after it is decided
		for team, s := range d.Basis.names() {
			list.names[team] = s.Name
		}
	}
	page := func() templ.Component { return prizesPage(v.Page(v.L.T("award.prizes"), Topic(v.Edition.ID)), list) }
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

// typedPrize reads the form of a prize.
func typedPrize(r *http.Request) (Prize, error) {
	p := Prize{Title: door.Text(r, "title"), Text: door.Text(r, "text"), Reason: door.Text(r, "why")}
	cents, ok := ParseEuros(door.Text(r, "amount"))
	if p.Cents = cents; !ok {
		return p, errs.Fields{{Name: "amount", Key: "award.amount_range"}}
	}
	return p, nil
}

func (p *pages) addPrize(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	prize, err := typedPrize(r)
	if err == nil {
		_, err = p.award.AddPrize(r.Context(), v.Actor, v.Edition.ID, prize)
	}
	return p.afterPrize(w, r, v, err)
}

func (p *pages) changePrize(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	prize, err := typedPrize(r)
	if prize.ID = PrizeID(r.PathValue("prize")); err == nil {
		err = p.award.ChangePrize(r.Context(), v.Actor, v.Edition.ID, prize)
	}
	return p.afterPrize(w, r, v, err)
}

func (p *pages) turn(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.award.Turn(r.Context(), v.Actor, v.Edition.ID, PrizeID(r.PathValue("prize")), PrizeState(door.Text(r, "to")), door.Text(r, "reason"))
	return p.afterPrize(w, r, v, err)
}

func (p *pages) afterPrize(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.prizePage(w, r, v, err)
	}
	v.Say(w, "ok", "award.done")
	return v.Go(w, r, v.URL("prizes"))
}

// table is the page around which the jury sits.
type table struct {
	m         Minutes
	organiser bool
	me        account.ID
	now       time.Time
	fields    map[string]ui.Field
	typed     Choice   // as sent with a refused form
	at        string   // the results' minute as the form has it
	ticked    []string // the teams of a refused question
	secret    string
	split     PrizeID // whose split was refused
	url       func(parts ...string) string
	// favourites are what the public chose.
	favourites []Favourite
}

func (p *pages) showDeliberation(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.tablePage(w, r, v, nil)
}

func (p *pages) tablePage(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	m, err := p.award.Minutes(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	t := table{m: m, organiser: v.Is(edition.Organiser), me: v.Actor.ID, now: v.Now, url: v.URL, fields: map[string]ui.Field{},
		at: ui.LocalTime(v.L, m.Edition.At[edition.Results])}
	for _, name := range []string{"reason", "decider", "decider_reason", "title", "text", "amount", "why", "addendum", "results_at", "guests", "question", "answers", "teams", "place", "keeper", "parts", "split_why"} {
		t.fields[name] = v.Field(r, wrong, name, "award."+name)
	}
	t.fields["minutes"] = v.Field(r, wrong, "minutes", "award.minutes_of_pass")
	if r.PostForm == nil {
		t.fill("reason", m.Deliberation.Reason)
		t.fill("decider", m.Deliberation.Decider)
		t.fill("decider_reason", m.Deliberation.DeciderReason)
	} else {
		t.typed, t.ticked, t.secret = typedChoice(r, m.Prizes), door.Texts(r, "teams"), door.Text(r, "secret")
		t.split = PrizeID(r.PathValue("prize"))
	}
	t.fill("guests", m.Deliberation.Guests)
	if m.Deliberation.State != Waiting {
		if t.favourites, err = p.award.Favourites(r.Context(), v.Actor, v.Edition.ID); err != nil {
			return err
		}
		t.fill("reason", t.crowning())
	}
	page := func() templ.Component {
		return deliberationPage(v.Page(v.L.T("award.deliberation"), Topic(v.Edition.ID)), t)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

// crowned says whether the team has the public's prize already.
func (t table) crowned(team string) bool {
	return slices.ContainsFunc(t.m.Prizes, func(p Prize) bool { return p.Unplanned && p.Live() && p.Team == team })
}

// crowning is the reason that the form proposes for the public's prize, which follows no
// ranking of the jury.
func (t table) crowning() string {
	if t.m.Deliberation.State == Decided {
		return ""
	}
	for _, p := range t.m.Prizes {
		if p.Unplanned && p.Live() && p.Team != "" {
			return p.Title + " : " + p.Reason
		}
	}
	return ""
}

// refused says whether something is wrong with one of the questions.
func (t table) refused(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return t.fields[name].Error != "" })
}

// present counts the jurors who are there.
func (t table) present() int {
	n := 0
	for _, a := range t.m.Jury {
		if a.Presence == Present {
			n++
		}
	}
	return n
}

func (t *table) fill(name, value string) {
	f := t.fields[name]
	if f.Value == "" {
		f.Value = value
	}
	t.fields[name] = f
}

// chosen is the team that the form proposes for the prize: what was typed, or decided,
// or the ranking's own.
func (t table) chosen(p Prize) string {
	if team, there := t.typed[p.ID]; there {
		return team
	}
	if t.m.Deliberation.State == Decided || p.Team != "" {
		return p.Team
	}
	return Proposal(t.m.Prizes, t.m.Basis)[p.ID]
}

func typedChoice(r *http.Request, prizes []Prize) Choice {
	choice := Choice{}
	for _, p := range prizes {
		if name := "prize-" + string(p.ID); r.PostForm.Has(name) {
			choice[p.ID] = door.Text(r, name)
		}
	}
	return choice
}

// after leads back to the table, or shows it with what was refused.
func (p *pages) after(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.tablePage(w, r, v, err)
	}
	v.Say(w, "ok", "award.done")
	return v.Go(w, r, v.URL("deliberation"))
}

func (p *pages) open(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.after(w, r, v, p.award.OpenDeliberation(r.Context(), v.Actor, v.Edition.ID))
}

func (p *pages) attend(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	m, err := p.award.Minutes(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	guests := door.Text(r, "guests")
	for i, a := range m.Jury {
		m.Jury[i].Presence = Presence(door.Text(r, "presence-"+string(a.Account)))
		m.Jury[i].Note = door.Text(r, "note-"+string(a.Account))
	}
	return p.after(w, r, v, p.award.Attend(r.Context(), v.Actor, v.Edition.ID, m.Jury, guests))
}

func (p *pages) addUnplanned(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	prize, err := typedPrize(r)
	if err == nil {
		_, err = p.award.AddPrize(r.Context(), v.Actor, v.Edition.ID, prize)
	}
	return p.after(w, r, v, err)
}

// parts reads the lines of a split: a title, a colon and an amount each.
func parts(text string) ([]Part, error) {
	var all []Part
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		at := max(strings.LastIndexAny(line, ":;="), 0)
		cents, ok := ParseEuros(strings.TrimSpace(strings.TrimLeft(line[at:], ":;= ")))
		if !ok || at == 0 {
			return nil, errs.Fields{{Name: "parts", Key: "award.parts_form", Args: []any{"line", line}}}
		}
		all = append(all, Part{Title: strings.TrimSpace(line[:at]), Cents: cents})
	}
	return all, nil
}

func (p *pages) split(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	all, err := parts(door.Text(r, "parts"))
	if err == nil {
		_, err = p.award.Split(r.Context(), v.Actor, v.Edition.ID, PrizeID(r.PathValue("prize")), all, door.Text(r, "split_why"))
	}
	return p.after(w, r, v, err)
}

func (p *pages) decide(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	prizes, err := p.award.Prizes(r.Context(), p.award.db, v.Edition.ID)
	if err != nil {
		return err
	}
	_ = door.Text(r, "reason") // parses the form
	return p.after(w, r, v, p.award.Decide(r.Context(), v.Actor, v.Edition.ID, Decision{Choice: typedChoice(r, prizes),
		Reason: door.Text(r, "reason"), Decider: door.Text(r, "decider"), DeciderReason: door.Text(r, "decider_reason")}))
}

func (p *pages) closeIt(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.after(w, r, v, p.award.Close(r.Context(), v.Actor, v.Edition.ID))
}

func (p *pages) addendum(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.after(w, r, v, p.award.AddAddendum(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "addendum")))
}

// has says whether the account is one of the team's.
func (t TeamRef) has(who string) bool {
	return slices.ContainsFunc(t.Members, func(m Member) bool { return string(m.Account) == who })
}

// memberNames are the people of a team in one line.
func memberNames(t TeamRef) []string {
	names := make([]string, len(t.Members))
	for i, m := range t.Members {
		names[i] = m.Name
	}
	return names
}
