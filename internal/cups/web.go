package cups

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/ui"
)

// Badges finds who wears a badge.
type Badges interface {
	// Holder returns the account and the name behind a badge's code; what is wrong with the
	// field badge where nobody wears it.
	Holder(ctx context.Context, actor account.Actor, e edition.ID, code string) (account.ID, string, error)
}

// latest is how many acts the page shows.
const latest = 30

type pages struct {
	cups   *Service
	badges Badges
}

// Routes registers the pages and the API of the cups.
func Routes(d *door.Door, s *Service, badges Badges) {
	p := &pages{cups: s, badges: badges}
	crew := door.Only(edition.Crew)
	d.Get("/e/{edition}/cups", crew, p.show)
	d.Post("/e/{edition}/cups", crew, p.act)
	d.Post("/e/{edition}/cups/models", door.Only(edition.Organiser), p.addModel)
	d.Post("/e/{edition}/cups/close", door.Only(edition.Organiser), p.closeOut)
	d.Post("/e/{edition}/cups/movements/{movement}/undo", crew, p.undo)
	d.API("GET", "/api/v1/e/{edition}/cups", crew, "Where the cups are", door.Op(p.apiStocks))
	d.API("POST", "/api/v1/e/{edition}/cups", crew, "Move cups", door.Op(p.apiAct))
}

// board is the page of the cups.
type board struct {
	stocks    []Stock
	log       []Movement
	fields    map[string]ui.Field
	organiser bool
	url       func(parts ...string) string
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	b, err := p.board(r, v, nil)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, boardPage(v.Page(v.L.T("cups.title"), Topic(v.Edition.ID)), b))
}

func (p *pages) board(r *http.Request, v *door.Visit, wrong error) (board, error) {
	b := board{organiser: v.Is(edition.Organiser), url: v.URL, fields: map[string]ui.Field{}}
	for _, name := range []string{"name", "volume", "deposit", "quantity", "badge", "kind"} {
		b.fields[name] = v.Field(r, wrong, name, "cups."+name)
	}
	var err error
	if b.stocks, err = p.cups.Stocks(r.Context(), p.cups.db, v.Edition.ID); err != nil {
		return b, err
	}
	b.log, err = p.cups.Latest(r.Context(), v.Edition.ID, latest)
	return b, err
}

// again shows the page with what was refused.
func (p *pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	b, err := p.board(r, v, wrong)
	if err != nil {
		return err
	}
	return v.Again(w, r, wrong, func() templ.Component {
		return boardPage(v.Page(v.L.T("cups.title"), Topic(v.Edition.ID)), b)
	})
}

func (p *pages) act(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	act := Act{Model: ModelID(door.Text(r, "model")), Kind: Kind(door.Text(r, "kind")), Quantity: door.Int(r, "quantity", &wrong)}
	err := wrong.Err()
	if code := door.Text(r, "badge"); err == nil && code != "" {
		var who account.ID
		who, _, err = p.badges.Holder(r.Context(), v.Actor, v.Edition.ID, code)
		act.Person = string(who)
	}
	if err == nil {
		err = p.cups.Move(r.Context(), v.Actor, v.Edition.ID, act, door.Action(r, v))
	}
	if err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "cups.done")
	return v.Go(w, r, v.URL("cups"))
}

func (p *pages) addModel(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	m := Model{Name: door.Text(r, "name"), VolumeCl: door.Int(r, "volume", &wrong), Deposit: int64(door.Int(r, "deposit", &wrong))}
	err := wrong.Err()
	if err == nil {
		_, err = p.cups.AddModel(r.Context(), v.Actor, v.Edition.ID, m)
	}
	if err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "cups.done")
	return v.Go(w, r, v.URL("cups"))
}

func (p *pages) closeOut(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.cups.CloseOut(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "cups.done")
	return v.Go(w, r, v.URL("cups"))
}

func (p *pages) undo(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.cups.Undo(r.Context(), v.Actor, v.Edition.ID, r.PathValue("movement")); err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "cups.done")
	return v.Go(w, r, v.URL("cups"))
}

type stockOut struct {
	Model     string         `json:"model"`
	Name      string         `json:"name"`
	Deposit   int64          `json:"deposit_cents"`
	Places    map[string]int `json:"places"`
	TillCents int64          `json:"till_cents"`
	OwedCents int64          `json:"owed_cents"`
}

type stocksOut struct {
	Stocks []stockOut `json:"stocks"`
}

func (p *pages) apiStocks(ctx context.Context, v *door.Visit, _ *struct{}) (*stocksOut, error) {
	stocks, err := p.cups.Stocks(ctx, p.cups.db, v.Edition.ID)
	out := &stocksOut{Stocks: []stockOut{}}
	for _, s := range stocks {
		one := stockOut{Model: string(s.Model.ID), Name: s.Model.Name, Deposit: s.Model.Deposit, Places: map[string]int{}, TillCents: s.Till, OwedCents: s.Owed}
		for _, place := range Places {
			one.Places[string(place)] = s.At[place]
		}
		out.Stocks = append(out.Stocks, one)
	}
	return out, err
}

type actIn struct {
	Model    string `json:"model"`
	Kind     string `json:"kind"`
	Quantity int    `json:"quantity"`
	ActionID string `json:"action_id"`
}

func (p *pages) apiAct(ctx context.Context, v *door.Visit, in *actIn) (*stocksOut, error) {
	action := once.Action{}
	if in.ActionID != "" {
		action.ID = string(v.Actor.ID) + "/" + in.ActionID
	}
	err := p.cups.Move(ctx, v.Actor, v.Edition.ID, Act{Model: ModelID(in.Model), Kind: Kind(in.Kind), Quantity: in.Quantity}, action)
	if err != nil {
		return nil, err
	}
	return p.apiStocks(ctx, v, nil)
}
