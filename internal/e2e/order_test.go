package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"

	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/once"
)

// A juror drags a team to the top of their own order, with the mouse and with a finger,
// while the network is gone: the order stands on the reopened page, and arrives.
func TestJourney_ownOrderByDragging(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	teams, founders := p.crews(t, "Les Voisins", "Le Palier", "La Cour")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)
	juror := p.grant("Jade Exemple", edition.Juror)
	if err := p.Jury.SetUp(t.Context(), p.boss, p.e.ID, jury.Setup{Format: jury.OnStage, Way: jury.ByBoth}, ""); err != nil {
		t.Fatal(err)
	}
	criteria, err := p.Jury.Criteria(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, team := range teams {
		in := jury.Answers{Marks: map[string]jury.Answer{criteria[0].ID: {Kind: jury.Scored, Value: 5 - i}}}
		if err := p.Jury.Score(t.Context(), juror, p.e.ID, string(team.ID), in, once.Action{}); err != nil {
			t.Fatal(err)
		}
	}
	jade := p.sit(t, juror, look{screen: phone})
	order := func(a, b, c int) string {
		return fmt.Sprintf(`[...document.querySelectorAll("[data-order] > [data-team]")].map((e) => e.dataset.team).join() === "%s,%s,%s"`, teams[a].ID, teams[b].ID, teams[c].ID)
	}
	jade.keep(p.url("jury", "compare"))
	jade.open(p.url("jury", "compare")).until(order(0, 1, 2))
	jade.offline(true)
	x, from, to := jade.handles()
	jade.mouse("mousePressed", x, from)
	jade.mouse("mouseMoved", x, from-20)
	jade.mouse("mouseMoved", x, to-30)
	jade.mouse("mouseReleased", x, to-30)
	jade.until(order(2, 0, 1))
	jade.open(p.url("jury", "compare")).until(order(2, 0, 1)) // from the device
	jade.offline(false)
	jade.wait(func() bool {
		own, err := p.Jury.Preference(t.Context(), p.DB, juror, p.e.ID)
		return err == nil && own.Teams[0].ID == string(teams[2].ID) && own.Teams[1].ID == string(teams[0].ID)
	}, "the order has arrived")

	jade.open(p.url("jury", "compare")).until(order(2, 0, 1))
	x, from, to = jade.handles()
	for _, step := range []struct {
		kind string
		y    float64
	}{{"touchStart", to}, {"touchMove", to + 30}, {"touchMove", from + 30}, {"touchEnd", 0}} {
		points := []*input.TouchPoint{{X: x, Y: step.y}}
		if step.kind == "touchEnd" {
			points = []*input.TouchPoint{}
		}
		call(jade, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventType(step.kind), TouchPoints: points})
	}
	jade.until(order(0, 1, 2))
}

// handles are where the last and the first line of the order are taken.
func (one *person) handles() (x, last, first float64) {
	one.t.Helper()
	at := ask[[]float64](one, `[...document.querySelectorAll("[data-order-handle]")].map((e, i, all) => { if (i === 0) all[all.length - 1].scrollIntoView({block: "center", behavior: "instant"}); return e; }).map((e) => { const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }).flat()`)
	return at[0], at[len(at)-1], at[1]
}
