package api

import (
	"context"
	"math"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
)

func (p *pages) panelOperations(d *door.Door) {
	lead := door.Only(edition.Organiser)
	d.API("GET", "/api/v1/e/{edition}/jury/panels", lead, "Who judges each prize, and who may win it", door.Op(p.apiPanels))
	d.API("PUT", "/api/v1/e/{edition}/jury/panels/{prize}", lead, "Say who judges a prize and who may win it; after the first mark for a reason", door.Op(p.apiSetPanel))
	d.API("GET", "/api/v1/e/{edition}/jury/panels/{prize}/ranking", door.Only(edition.Juror), "The ranking of one prize, once its reader may see it", door.Op(p.apiPrizeRanking))
}

type panelJSON struct {
	Prize     string        `json:"prize"`
	Title     string        `json:"title"`
	Who       jury.Eligible `json:"eligible"`
	Challenge string        `json:"challenge,omitempty"`
	Teams     []string      `json:"teams,omitempty"`
	Jurors    []account.ID  `json:"jurors,omitempty"` // none is the whole jury
	Limited   []account.ID  `json:"limited,omitempty"`
}

type panelsOut struct {
	Panels []panelJSON `json:"panels"`
}

func (p *pages) apiPanels(ctx context.Context, v *door.Visit, _ *none) (*panelsOut, error) {
	all, err := p.Panels(ctx, p.db, v.Edition.ID)
	out := &panelsOut{Panels: []panelJSON{}}
	for _, one := range all {
		out.Panels = append(out.Panels, panelJSON{Prize: one.Prize.ID, Title: one.Prize.Title, Who: one.Who, Challenge: one.Challenge,
			Teams: one.Teams, Jurors: one.Jurors, Limited: one.Limited})
	}
	return out, err
}

type panelIn struct {
	Edition   string        `path:"edition" json:"-"`
	Prize     string        `path:"prize" json:"-"`
	Who       jury.Eligible `json:"eligible"`
	Challenge string        `json:"challenge"`
	Teams     []string      `json:"teams"`
	Jurors    []account.ID  `json:"jurors"`
	Limited   []account.ID  `json:"limited"`
	Reason    string        `json:"reason"` // needed after the first mark
}

func (p *pages) apiSetPanel(ctx context.Context, v *door.Visit, in *panelIn) (*panelsOut, error) {
	panel := jury.Panel{Prize: jury.PrizeRef{ID: in.Prize}, Who: in.Who, Challenge: in.Challenge, Teams: in.Teams, Jurors: in.Jurors, Limited: in.Limited}
	if err := p.SetPanel(ctx, v.Actor, v.Edition.ID, panel, in.Reason); err != nil {
		return nil, err
	}
	return p.apiPanels(ctx, v, &none{})
}

type prizeIn struct {
	Edition string `path:"edition" json:"-"`
	Prize   string `path:"prize" json:"-"`
}

type prizeStandings struct {
	Prize     string        `json:"prize"`
	Standings []standingOut `json:"standings"`
}

func (p *pages) apiPrizeRanking(ctx context.Context, v *door.Visit, in *prizeIn) (*prizeStandings, error) {
	if err := p.Sealed(ctx, p.db, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	r, err := p.RankingFor(ctx, p.db, v.Edition.ID, in.Prize)
	if err != nil {
		return nil, err
	}
	out := &prizeStandings{Prize: in.Prize, Standings: []standingOut{}}
	for _, s := range r.Standings {
		line := standingOut{Team: s.Team.ID, Name: s.Team.Name, Rank: s.Rank, RankLo: s.RankLo, RankHi: s.RankHi, Score: s.Score,
			PBest: s.PBest, Visits: s.Visits, Tier: s.Tier, Tie: s.Tie}
		if !math.IsNaN(s.Raw) {
			line.Raw = &s.Raw
		}
		out.Standings = append(out.Standings, line)
	}
	return out, nil
}
