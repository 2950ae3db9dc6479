// Package lead is where whoever runs the jury sees who has scored what, opens and closes
// the scoring, and says who has come. It keeps nothing itself; the rules are the jury's.
package lead

import (
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/large"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

type pages struct {
	*jury.Service
	editions *edition.Service
	db       sqldb.Querier
}

// Routes registers the pages.
func Routes(d *door.Door, s *jury.Service, editions *edition.Service, db sqldb.Querier) {
	p := &pages{s, editions, db}
	lead := door.Only(edition.Organiser)
	d.Get("/e/{edition}/jury/board", lead, p.showBoard)
	d.Post("/e/{edition}/jury/turn", lead, p.turnScoring)
	d.Post("/e/{edition}/jury/jurors", lead, p.addJuror)
	d.Post("/e/{edition}/jury/jurors/{juror}", lead, p.presence)
	d.Post("/e/{edition}/jury/jurors/{juror}/head", lead, p.nameHead)
}

func (p *pages) showBoard(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.boardAgain(w, r, v, nil)
}

func (p *pages) boardAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		b, err := p.Board(r.Context(), p.db, v.Edition.ID)
		data := boardData{View: v.Page(v.L.T("jury.board"), p.Topics(v.Edition.ID)...), Board: b, v: v,
			email: v.Field(r, refused, "email", "jury.email"), name: v.Field(r, refused, "name", "jury.name"),
			reason: v.Field(r, refused, "reason", "jury.reason"), page: large.Turned(b.Teams, r.URL.Query())}
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
	return v.Go(w, r, large.Kept(v.URL("jury", "board"), r.URL.Query()))
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
	return p.back(w, r, v, p.SetPresence(r.Context(), v.Actor, v.Edition.ID, whose(r), jury.Presence(door.Text(r, "presence")), door.Text(r, "reason")))
}

func (p *pages) nameHead(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.back(w, r, v, p.NameHead(r.Context(), v.Actor, v.Edition.ID, whose(r), door.Has(r, "head")))
}

// whose is a juror's id of an address.
func whose(r *http.Request) account.ID { return account.ID(r.PathValue("juror")) }

// boardData is the coverage board as an organiser sees it.
type boardData struct {
	ui.View
	jury.Board
	v                   *door.Visit
	email, name, reason ui.Field
	rehearsed           map[account.ID]int // made-up projects, by juror
	page                large.Window
}
