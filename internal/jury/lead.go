package jury

import (
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

func (p *pages) leadRoutes(d *door.Door) {
	lead := door.Only(edition.Organiser)
	d.Get("/e/{edition}/jury/board", lead, p.showBoard)
	d.Post("/e/{edition}/jury/turn", lead, p.turnScoring)
	d.Post("/e/{edition}/jury/jurors", lead, p.addJuror)
	d.Post("/e/{edition}/jury/jurors/{juror}", lead, p.presence)
	d.Post("/e/{edition}/jury/ranking/decide", lead, p.decide)
	d.Post("/e/{edition}/jury/jurors/{juror}/head", lead, p.nameHead)
}

// boardData is the coverage board as an organiser sees it.
type boardData struct {
	ui.View
	Board
	v                   *door.Visit
	email, name, reason ui.Field
	rehearsed           map[account.ID]int // made-up projects, by juror
}

func (p *pages) showBoard(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.boardAgain(w, r, v, nil)
}

func (p *pages) boardAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return Show(w, r, v, refused, func() (templ.Component, error) {
		b, err := p.Board(r.Context(), p.db, v.Edition.ID)
		data := boardData{View: v.Page(v.L.T("jury.board"), p.topics(v)...), Board: b, v: v,
			email: v.Field(r, refused, "email", "jury.email"), name: v.Field(r, refused, "name", "jury.name"),
			reason: v.Field(r, refused, "reason", "jury.reason")}
		if err == nil {
			data.rehearsed, err = p.Rehearsed(r.Context(), p.db, v.Edition.ID)
		}
		data.Wide = true
		return boardPage(data), err
	})
}

// back answers a change on the board.
func (p *pages) back(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.boardAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.done")
	return v.Go(w, r, v.URL("jury", "board"))
}

func (p *pages) turnScoring(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id := r.Context(), v.Edition.ID
	err := error(errs.New(errs.Invalid, "jury.changed_meanwhile"))
	switch door.Text(r, "do") {
	case "close":
		err = p.Close(ctx, v.Actor, id)
	case "reopen":
		err = p.Reopen(ctx, v.Actor, id)
	case "deliberate":
		err = p.Deliberate(ctx, v.Actor, id)
	case "final":
		err = p.OpenFinal(ctx, v.Actor, id)
	case "round":
		err = p.NewRound(ctx, v.Actor, id, door.Text(r, "reason"))
	}
	return p.back(w, r, v, err)
}

func (p *pages) addJuror(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := p.editions.Grant(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "email"), door.Text(r, "name"), edition.Juror)
	return p.back(w, r, v, err)
}

func (p *pages) presence(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.back(w, r, v, p.SetPresence(r.Context(), v.Actor, v.Edition.ID, whose(r), Presence(door.Text(r, "presence")), door.Text(r, "reason")))
}

func (p *pages) nameHead(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.back(w, r, v, p.NameHead(r.Context(), v.Actor, v.Edition.ID, whose(r), door.Has(r, "head")))
}

// rankingData is the ranking as its reader may see it.
type rankingData struct {
	ui.View
	Ranking
	v       *door.Visit
	lead    bool // an organiser: sees what concerns the jurors too
	decider ui.Field
	reason  ui.Field
}

func (p *pages) showRanking(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.rankingAgain(w, r, v, nil)
}

func (p *pages) rankingAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	if err := p.Sealed(r.Context(), p.db, v.Actor, v.Edition.ID); err != nil {
		return err
	}
	return Show(w, r, v, refused, func() (templ.Component, error) {
		result, err := p.Weighed(r.Context(), p.db, v.Edition.ID)
		return rankingPage(rankingData{View: v.Page(v.L.T("jury.ranking"), Topic(v.Edition.ID)), Ranking: result, v: v, lead: v.Is(edition.Organiser),
			decider: v.Field(r, refused, "decider", "jury.decider"), reason: v.Field(r, refused, "reason", "jury.reason")}), err
	})
}

func (p *pages) decide(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.Decide(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "team"), door.Text(r, "decider"), door.Text(r, "reason")); err != nil {
		return p.rankingAgain(w, r, v, err)
	}
	return v.Go(w, r, v.URL("jury", "ranking"))
}
