package bench

import (
	"context"
	"fmt"

	"h48/engine/ranking"
	"h48/engine/ranking/rival"
	"h48/engine/ranking/world"
)

// PlayOut plays events whose jurors are out at the same time, so that most visits are
// chosen before the answers of those under way are known: in rounds, or each back in its
// own time. It compares one juror at a table with several at contenders' tables, on the
// same worlds. The seed and the design decide everything; it returns ctx's error when
// cancelled.
func PlayOut(ctx context.Context, d Design, rounds bool, seed uint64, progress func(done int)) ([]Row, error) {
	d.World.Parallel, d.World.Staggered = rounds, !rounds
	rows := newRows(d.Events, "raw mean, even spread", "ours, even spread")
	ways := []struct{ floor, together int }{{2, 1}, {2, ranking.Several}, {1, 1}, {1, ranking.Several}}
	for _, way := range ways {
		rows = append(rows, Row{Method: fmt.Sprintf("ours, floor %d, %d at a table", way.floor, way.together), Events: d.Events})
	}
	for e := range d.Events {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w := world.New(d.World, seed<<32|uint64(e))
		even, err := playEngine(ctx, w, evenFloor, 1)
		if err != nil {
			return nil, fmt.Errorf("event %d of %s: %w", e+1, d.Name, err)
		}
		rows[0].add(w, silent(rival.Raw(w.Projects, even.ballots)))
		rows[1].add(w, even.said)
		for k, way := range ways {
			ours, err := playEngine(ctx, w, way.floor, way.together)
			if err != nil {
				return nil, fmt.Errorf("event %d of %s: %w", e+1, d.Name, err)
			}
			rows[2+k].add(w, ours.said)
		}
		if progress != nil {
			progress(e + 1)
		}
	}
	return rows, nil
}

// played is an event that our engine judged, and what it says of it.
type played struct {
	*engine
	said claim
}

func playEngine(ctx context.Context, w *world.World, floor, together int) (played, error) {
	e, err := newEngine(w, floor, together)
	if err != nil {
		return played{}, err
	}
	w.Run(e)
	said, err := e.claim(ctx)
	return played{e, said}, err
}
