package payout

import (
	"context"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/door"
	"h48/internal/edition"
)

func (p *pages) mountAPI(d *door.Door) {
	organisers := door.Only(edition.Organiser)
	d.API("GET", "/api/v1/e/{edition}/payouts", organisers, "The prizes that were won, and each laureate's share", door.Op(p.apiWon))
	d.API("PUT", "/api/v1/e/{edition}/payouts/{prize}/shares", organisers, "Divide a prize among its laureates, to the cent", door.Op(p.apiDivide))
	d.API("POST", "/api/v1/e/{edition}/payouts/{prize}/notes/{account}", organisers, "Note that a share is accepted, declined or paid", door.Op(p.apiNote))
}

type shareOut struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Cents   int64  `json:"cents"`
	State   string `json:"state"`
	// Bank says whether bank details are kept; they are never in an answer.
	Bank bool `json:"bank"`
}

type wonOut struct {
	Prize  string     `json:"prize"`
	Title  string     `json:"title"`
	Cents  int64      `json:"cents"`
	Team   string     `json:"team"`
	State  string     `json:"state"`
	Shares []shareOut `json:"shares"`
}

type payoutsOut struct {
	Prizes []wonOut `json:"prizes"`
}

func (p *pages) apiWon(ctx context.Context, v *door.Visit, _ *struct{}) (*payoutsOut, error) {
	all, err := p.payout.Won(ctx, p.payout.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	given, err := p.payout.Given(ctx, p.payout.db, v.Edition.ID)
	out := &payoutsOut{Prizes: []wonOut{}}
	for _, w := range all {
		one := wonOut{Prize: string(w.Prize.ID), Title: w.Prize.Title, Cents: w.Prize.Cents, Team: w.Team.Name, State: string(w.Prize.State), Shares: []shareOut{}}
		for _, s := range w.Shares {
			_, bank := given[s.Account]
			one.Shares = append(one.Shares, shareOut{string(s.Account), s.Name, s.Cents, string(s.State()), bank})
		}
		out.Prizes = append(out.Prizes, one)
	}
	return out, err
}

type divideIn struct {
	Prize string `path:"prize" json:"-"`
	// Shares maps an account's id to cents; together they are the whole prize.
	Shares map[string]int64 `json:"shares"`
	Reason string           `json:"reason"`
}

func (p *pages) apiDivide(ctx context.Context, v *door.Visit, in *divideIn) (*payoutsOut, error) {
	cents := map[account.ID]int64{}
	for who, c := range in.Shares {
		cents[account.ID(who)] = c
	}
	if err := p.payout.Divide(ctx, v.Actor, v.Edition.ID, award.PrizeID(in.Prize), cents, in.Reason); err != nil {
		return nil, err
	}
	return p.apiWon(ctx, v, nil)
}

type noteIn struct {
	Prize   string `path:"prize" json:"-"`
	Account string `path:"account" json:"-"`
	State   string `json:"state"`
	Reason  string `json:"reason"`
}

func (p *pages) apiNote(ctx context.Context, v *door.Visit, in *noteIn) (*payoutsOut, error) {
	if err := p.payout.Note(ctx, v.Actor, v.Edition.ID, award.PrizeID(in.Prize), account.ID(in.Account), State(in.State), in.Reason); err != nil {
		return nil, err
	}
	return p.apiWon(ctx, v, nil)
}
