package forming

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/team"
	"h48/internal/ui"
)

// pages are this room's pages.
type pages struct{ s *Service }

// Routes registers the room's pages and its part of the API.
func Routes(d *door.Door, s *Service) {
	p := pages{s}
	d.Get("/e/{edition}/teams/proposals", door.Only(), p.showHub)
	d.Post("/e/{edition}/teams/proposals", door.Only(), p.form)
	d.Post("/e/{edition}/teams/proposals/stop", door.Only(), p.stop)
	d.Get("/e/{edition}/teams/proposals/compare", door.Only(), p.showComparison)
	d.Get("/e/{edition}/teams/proposals/{proposal}", door.Only(), p.showProposal)
	d.Get("/e/{edition}/teams/proposals/{proposal}/price", door.Only(), p.showPrice)
	d.Post("/e/{edition}/teams/proposals/{proposal}/move", door.Only(), p.move)
	d.Post("/e/{edition}/teams/proposals/{proposal}/undo", door.Only(), p.undo)
	d.Post("/e/{edition}/teams/proposals/{proposal}/lock", door.Only(), p.lock)
	d.Post("/e/{edition}/teams/proposals/{proposal}/publish", door.Only(), p.publish)
	d.Post("/e/{edition}/teams/proposals/{proposal}/drop", door.Only(), p.drop)
	d.Get("/e/{edition}/teams/rules", door.Only(), p.showRules)
	d.Post("/e/{edition}/teams/rules", door.Only(), p.setRules)
	d.Get("/e/{edition}/wishes", door.Only(edition.Participant), p.showWishes)
	d.Post("/e/{edition}/wishes", door.Only(edition.Participant), p.say)
	d.Post("/e/{edition}/wishes/group", door.Only(edition.Participant), p.group)
	api(d, s)
}

// hubData is the page of all proposals.
type hubData struct {
	URL       func(parts ...string) string
	Proposals []Proposal
	Run       *Run
	Job       jobs.Job
	Asked     Asked
	Board     team.Board
	Waiting   int // who has no team
	Absent    int // who has not checked in; 0 while nobody has
	Teams     int
	Names     map[account.ID]string
	// Challenges are what a sentence about one calls it.
	Challenges []Challenge
	title      func(Key) string

	Mode, Budget, Here ui.Field
}

// searching says whether teams are being looked for.
func (h hubData) searching() bool { return h.Run != nil && !h.Job.State.Ended() }

func (p pages) showHub(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.hub(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) hub(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	ctx, id := r.Context(), v.Edition.ID
	now, err := p.s.See(ctx, v.Actor, id, Now)
	if err != nil {
		return nil, err
	}
	h := hubData{URL: v.URL, Asked: now.sit.asked(), Board: now.sit.Board, Waiting: len(now.Nowhere()), Teams: len(now.sit.Teams),
		Names: now.sit.Names, Challenges: now.sit.Challenges, title: now.title(v.L)}
	absent, err := p.s.absent(ctx, p.s.db, id)
	if err != nil {
		return nil, err
	}
	h.Absent = len(absent)
	if h.Proposals, err = p.s.Proposals(ctx, p.s.db, id); err != nil {
		return nil, err
	}
	topics := []string{Topic(id), team.Topic(id)}
	run, job, err := p.s.Watch(ctx, p.s.db, id)
	if missing(err) != nil {
		return nil, err
	}
	if err == nil {
		h.Run, h.Job = &run, job
		topics = append(topics, jobs.Topic(job.ID))
	}
	h.fields(r, v, wrong)
	return func() templ.Component {
		view := v.Page(v.L.T("forming.title"), topics...)
		view.Wide = true
		return hubPage(view, h)
	}, nil
}

func (h *hubData) fields(r *http.Request, v *door.Visit, wrong error) {
	h.Mode, h.Budget, h.Here = v.Field(r, wrong, "mode", "forming.mode"), v.Field(r, wrong, "budget", "forming.budget"), v.Field(r, wrong, "here", "forming.here")
	h.Mode.Required, h.Budget.Required = true, true
	if wrong != nil {
		return
	}
	h.Mode.Value, h.Budget.Value = string(Few), "0"
	if h.Teams == 0 {
		h.Mode.Value = string(Anew)
	} else if h.Waiting > 0 {
		h.Mode.Value = string(Place)
	}
}

func (p pages) form(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	budget, err := strconv.Atoi(door.Text(r, "budget"))
	if err != nil || budget < 0 || budget > Budgets[len(Budgets)-1] {
		budget = 0
	}
	mode := Mode(door.Text(r, "mode"))
	if mode != Few && mode != Anew {
		mode = Place
	}
	_, err = p.s.Form(r.Context(), v.Actor, v.Edition.ID, Wanted{Mode: mode, Basis: ID(door.Text(r, "basis")), Here: door.Has(r, "here"), Budget: budget})
	if err != nil {
		page, broken := p.hub(r, v, err)
		if broken != nil {
			return broken
		}
		return v.Again(w, r, err, page)
	}
	return v.Go(w, r, v.URL("teams", "proposals"))
}

func (p pages) stop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.Stop(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("teams", "proposals"))
}

// proposalData is one proposal's page.
type proposalData struct {
	View
	URL      func(parts ...string) string
	Base     string     // the proposal's address
	Outline  comparison // with its basis, or with the teams as they are
	Lines    []Line     // rules that it breaks
	Anyway   ui.Field
	Changed  int // who would move
	Nobodies []account.ID

	faulty  map[Key]bool // the groups that break a rule
	profile map[account.ID]string
	showing showing
	title   func(Key) string
}

func (p pages) showProposal(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.proposal(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) proposal(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	ctx, id, pid := r.Context(), v.Edition.ID, ID(r.PathValue("proposal"))
	view, err := p.s.See(ctx, v.Actor, id, pid)
	if err != nil {
		return nil, err
	}
	d := proposalData{View: view, URL: v.URL, Base: v.URL("teams", "proposals", string(pid)), title: view.title(v.L), Nobodies: view.Nowhere(),
		profile: make(map[account.ID]string, len(view.sit.People))}
	for _, p := range view.sit.People {
		d.profile[p.ID] = p.Profile
	}
	d.Lines, d.faulty = view.sit.faults(view.Content, d.title)
	d.Anyway = v.Field(r, wrong, "anyway", "forming.anyway")
	all, err := p.s.Proposals(ctx, p.s.db, id)
	if err != nil {
		return nil, err
	}
	basis, err := p.s.See(ctx, v.Actor, id, basisOf(view.Proposal, all))
	if err != nil {
		return nil, err
	}
	d.Outline = compare(basis, view, v.L)
	d.Changed = len(d.Outline.Moved)
	d.show(r.URL.Query())
	return func() templ.Component {
		page := v.Page(v.L.T("forming.proposal", "letter", view.Letter()), Topic(id), team.Topic(id))
		page.Wide = true
		return proposalPage(page, d)
	}, nil
}

// basisOf is what a proposal is compared with on its own page: the one that it was to
// change little, while it is there, or the teams as they are.
func basisOf(p Proposal, all []Proposal) ID {
	for _, o := range all {
		if o.ID == p.Basis {
			return o.ID
		}
	}
	return Now
}

// again answers a change of a proposal.
func (p pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string) error {
	if refusal != nil {
		page, err := p.proposal(r, v, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	if word != "" {
		v.Say(w, "ok", word)
	}
	return v.Go(w, r, v.URL("teams", "proposals", r.PathValue("proposal"))+keptQuery(r.URL.Query()))
}

func (p pages) move(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Move(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("proposal")), account.ID(door.Text(r, "who")), Key(door.Text(r, "to")))
	return p.again(w, r, v, err, "")
}

func (p pages) undo(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.again(w, r, v, p.s.Undo(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("proposal"))), "forming.undone")
}

func (p pages) lock(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	pid, locked := ID(r.PathValue("proposal")), !door.Has(r, "open")
	var err error
	if who := account.ID(door.Text(r, "who")); who != "" {
		err = p.s.Lock(r.Context(), v.Actor, v.Edition.ID, pid, who, locked)
	} else {
		err = p.s.LockGroup(r.Context(), v.Actor, v.Edition.ID, pid, Key(door.Text(r, "group")), locked)
	}
	return p.again(w, r, v, err, "")
}

func (p pages) publish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Publish(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("proposal")), door.Has(r, "anyway"))
	if err != nil {
		return p.again(w, r, v, err, "")
	}
	v.Say(w, "ok", "forming.published")
	return v.Go(w, r, v.URL("teams", "board"))
}

func (p pages) drop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.Drop(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("proposal"))); err != nil {
		return p.again(w, r, v, err, "")
	}
	v.Say(w, "ok", "forming.dropped")
	return v.Go(w, r, v.URL("teams", "proposals"))
}

// priceData is the page on which somebody without script reads what a move costs, and
// makes it.
type priceData struct {
	Price
	Offers []Offer
	Groups []Group // where the person could go
	Action string  // where the move is sent
	Back   string
	Self   string // this page's address
	Kept   string // the query of the page that led here
	title  func(Key) string
}

// told is a price as a drag reads it: in words.
type told struct {
	Cost  int64    `json:"cost"`
	Title string   `json:"title"`
	Lines []string `json:"lines"`
	Tone  string   `json:"tone"`
}

func (p pages) showPrice(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	q, pid := r.URL.Query(), ID(r.PathValue("proposal"))
	who, to := account.ID(q.Get("who")), Key(q.Get("to"))
	view, err := p.s.outline(r.Context(), v.Actor, v.Edition.ID, pid)
	if err != nil {
		return err
	}
	d := priceData{title: view.title(v.L), Self: v.URL("teams", "proposals", string(pid), "price"), Kept: keptQuery(q)}
	if d.Price, err = view.sit.priceMove(view.Content, who, to, d.title); err != nil {
		return err
	}
	if r.Header.Get("Accept") == "application/json" {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		return json.NewEncoder(w).Encode(d.told(v.L))
	}
	d.Offers = view.sit.offers(view.Content, who)
	d.Groups = slices.DeleteFunc(slices.Clone(view.Groups), func(g Group) bool { return g.Kept || g.Locked })
	d.Action, d.Back = v.URL("teams", "proposals", string(pid), "move")+d.Kept, v.URL("teams", "proposals", string(pid))+d.Kept
	if pid == Now {
		d.Action, d.Back = v.URL("teams", "place")+d.Kept, v.URL("teams", "board")+d.Kept
	}
	return v.Show(w, r, pricePage(v.Page(v.L.T("forming.price.title", "name", d.Name)), d))
}

// told writes the price in the reader's language.
func (d priceData) told(l ui.Locale) told {
	t := told{Cost: d.Cost, Title: d.Price.headline(l), Tone: string(d.Price.tone()), Lines: []string{}}
	for _, lines := range [][]Line{d.Broken, d.Lost, d.Gained} {
		for _, line := range lines {
			t.Lines = append(t.Lines, line.Text(l))
		}
	}
	return t
}

// headline is the price in one sentence.
func (p Price) headline(l ui.Locale) string {
	switch {
	case p.From == p.To:
		return l.T("forming.price.same")
	case p.Cost > 0:
		return l.N("forming.price.worse", int(p.Cost))
	case p.Cost < 0:
		return l.N("forming.price.better", int(-p.Cost))
	}
	return l.T("forming.price.equal")
}

func (p Price) tone() ui.Tone {
	switch {
	case len(p.Broken) > 0:
		return ui.Bad
	case p.Cost > 0:
		return ui.Warn
	case p.Cost < 0:
		return ui.Good
	}
	return ui.Plain
}
