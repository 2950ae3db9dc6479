package e2e_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/clock"
)

// The order is promised and drawn, the first team starts; the projector and the speaker's
// phone show the same time, and then that it is over.
func TestJourney_pitch(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	teams, founders := p.crews(t, "Les Voisins", "Le Palier")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)

	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("pitches", "prepare")).pressWord("stage.do.promise")
	boss.fill(boss.word("stage.word"), "passerelle").pressWord("stage.do.draw").reads("Tiré")
	lineup, err := p.Stage.Lineup(t.Context(), p.DB, p.e.ID)
	if err != nil || len(lineup.Pitches) != 2 {
		t.Fatalf("the order is %+v, %v", lineup, err)
	}
	speaker := founders[0]
	if lineup.Pitches[0].Team.ID == string(teams[1].ID) {
		speaker = founders[1]
	}
	wall, hand := p.sit(t, p.boss, look{screen: projector}), p.sit(t, speaker, look{screen: phone})
	wall.open(p.url("stage"))
	hand.open(p.url("pitches", "mine"))
	boss.open(p.url("pitches", "run")).pressWord("stage.do.start").readsWord("stage.do.stop")
	wall.until(countdown)
	hand.until(countdown)
	for range 3 {
		a, b := left(wall), left(hand)
		if diff := a - b; diff < -time.Second || diff > time.Second {
			t.Errorf("the wall shows %v, the phone %v", a, b)
		}
	}
	err = p.Editions.SetClock(t.Context(), p.boss, p.e.ID, func(pace clock.Pace, now time.Time) clock.Pace {
		return pace.Jump(now, pace.At(now).Add(lineup.Pitches[0].Allotted+5*time.Second))
	})
	if err != nil {
		t.Fatal(err)
	}
	wall.readsWord("stage.over")
	hand.readsWord("stage.over")
}

const countdown = `document.querySelector("[data-pitch] [data-countdown]")`

// left is the time that a page shows.
func left(one *person) time.Duration {
	one.t.Helper()
	text := ask[string](one, countdown+".textContent")
	minutes, seconds, ok := strings.Cut(strings.TrimSpace(text), ":")
	m, err1 := strconv.Atoi(minutes)
	s, err2 := strconv.Atoi(seconds)
	if !ok || err1 != nil || err2 != nil {
		one.t.Fatal(fmt.Errorf("the countdown shows %q", text))
	}
	return time.Duration(m)*time.Minute + time.Duration(s)*time.Second
}
