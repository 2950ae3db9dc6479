package rehearsal

import (
	"context"
	"fmt"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/once"
)

// scriptEnd writes what follows the hand-in.
func (r *Rehearsal) scriptEnd() {
	handIn := r.e.At[edition.HandIn]
	r.at(r.e.At[edition.Starts].Add(24*time.Hour), "promising a fair draw", func(ctx context.Context) error {
		return r.app.Stage.Promise(ctx, r.boss, r.e.ID)
	})
	r.at(handIn.Add(20*time.Minute), "drawing the order of the pitches", r.drawPitches)
	r.at(r.e.At[edition.Results].Add(90*time.Minute), "taking the cups back", r.returnCups)
}

// drawPitches draws the order and writes each team's pitch.
func (r *Rehearsal) drawPitches(ctx context.Context) error {
	if err := r.app.Stage.Draw(ctx, r.boss, r.e.ID, "Samarobriva"); err != nil {
		return err
	}
	lineup, err := r.app.Stage.Lineup(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	moderator := r.cast.crew[0].actor
	for i, p := range lineup.Pitches {
		begin := r.e.At[edition.Pitches].Add(time.Duration(i) * pitchSlot)
		length := 2*time.Minute + 10*time.Second + time.Duration(r.rand.IntN(65))*time.Second
		r.at(begin, "a pitch begins", func(ctx context.Context) error {
			return r.app.Stage.Start(ctx, moderator, r.e.ID, p.Team.ID, once.Action{})
		})
		r.at(begin.Add(length), "a pitch ends", func(ctx context.Context) error {
			return r.app.Stage.Stop(ctx, moderator, r.e.ID, p.Team.ID, once.Action{})
		})
		r.at(begin.Add(length+30*time.Second), "the jury scores", func(ctx context.Context) error {
			return r.score(ctx, p.Team.ID, i)
		})
	}
	if len(lineup.Pitches) == 0 {
		return fmt.Errorf("nobody pitches")
	}
	return nil
}
