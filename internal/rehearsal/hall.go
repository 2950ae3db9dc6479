package rehearsal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/hall"
)

// The expo: visits of two minutes, for as long as gives every team one.
const (
	visitMinutes = 2
	expoSlots    = 11
)

// expo is what happens in the hall before the pitches. Like the public it has a chance of
// its own, so that the event of a seed stays the same.
type expo struct {
	rand   *rand.Rand
	starts time.Time
	left   string                        // the team that leaves early
	routes map[account.ID]map[int]string // each juror's table by slot, as the desk has it now

	planned, made, given, moved, lost int
	sheet                             sheetOnPaper
}

// scriptExpo lets the jury walk through the hall before the pitches: routes are planned,
// one juror is missing in the middle, and the team that pitches first leaves early for the
// stage. In Amiens there was none.
func (r *Rehearsal) scriptExpo() {
	if r.cfg.Participants == amiens {
		return
	}
	x := &expo{rand: rand.New(rand.NewPCG(r.cfg.Seed, 11)), starts: r.e.At[edition.Pitches].Add(-(expoSlots*visitMinutes + 3) * time.Minute)}
	r.expo = x
	r.at(x.starts.Add(-2*time.Minute), "planning the jury's routes through the hall", r.planRoutes)
	r.at(x.starts.Add(-time.Minute), "printing a sheet for a juror without a phone", r.printSheet)
	for slot := range expoSlots {
		begin := x.starts.Add(time.Duration(slot*visitMinutes) * time.Minute)
		if slot == 3 {
			r.at(begin.Add(-time.Second), "a juror is missing in the hall", r.jurorMissing)
		}
		if slot == 5 {
			r.at(begin.Add(-time.Second), "a team leaves the hall early", r.teamLeaves)
		}
		r.at(begin.Add(time.Second), "the jury walks through the hall", func(ctx context.Context) error { return r.walk(ctx, slot+1) })
	}
	after := x.starts.Add(expoSlots * visitMinutes * time.Minute)
	r.at(after, "the missing juror comes", r.jurorComes)
	r.at(after.Add(time.Second), "two people type the paper sheet", r.typeSheet)
	r.at(after.Add(2*time.Second), "the head of the jury settles a difference", r.settleSheet)
}

func (r *Rehearsal) planRoutes(ctx context.Context) error {
	if _, err := r.app.Hall.Order(ctx, r.boss, r.e.ID, hall.Wanted{Minutes: visitMinutes, Window: visitMinutes * expoSlots, Starts: r.expo.starts}); err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	err := r.readRoutes(ctx)
	for _, way := range r.expo.routes {
		r.expo.planned += len(way)
	}
	if err == nil && r.expo.planned == 0 {
		err = errors.New("no routes were planned through the hall")
	}
	return err
}

// readRoutes reads the whole desk once after each change: with hundreds of jurors that is
// what the head of the jury does, and much less than asking each phone.
func (r *Rehearsal) readRoutes(ctx context.Context) error {
	seen, err := r.app.Hall.Desk(ctx, r.boss, r.e.ID)
	r.expo.routes = map[account.ID]map[int]string{}
	for _, w := range seen.Walks {
		way := map[int]string{}
		for _, stop := range w.Stops {
			way[stop.Slot] = stop.Team
		}
		r.expo.routes[w.Row.Juror.Account.ID] = way
	}
	return err
}

// missing is who does not come in time: the last of the jury.
func (r *Rehearsal) missing() person { return r.cast.jurors[len(r.cast.jurors)-1] }

func (r *Rehearsal) jurorMissing(ctx context.Context) error {
	out, err := r.app.Hall.Missing(ctx, r.boss, r.e.ID, r.missing().actor.ID, "Son train est en retard.")
	r.expo.note(out)
	return cmp.Or(err, r.readRoutes(ctx))
}

func (r *Rehearsal) jurorComes(ctx context.Context) error {
	return r.app.Jury.SetPresence(ctx, r.boss, r.e.ID, r.missing().actor.ID, jury.Present, "")
}

func (r *Rehearsal) teamLeaves(ctx context.Context) error {
	lineup, err := r.app.Stage.Lineup(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	r.expo.left = lineup.Pitches[0].Team.ID
	out, err := r.app.Hall.Left(ctx, r.boss, r.e.ID, r.expo.left)
	r.expo.note(out)
	return cmp.Or(err, r.readRoutes(ctx))
}

func (x *expo) note(out hall.Replanned) {
	x.given, x.moved, x.lost = x.given+len(out.Given), x.moved+len(out.Moved), x.lost+len(out.Lost)
}

// walk lets every juror make their visit of the slot: no table may have two of them.
func (r *Rehearsal) walk(ctx context.Context, slot int) error {
	at := map[string]string{}
	for j, juror := range r.cast.jurors {
		team := r.expo.routes[juror.actor.ID][slot]
		if team == "" {
			continue
		}
		if other := at[team]; other != "" || team == r.expo.left {
			return fmt.Errorf("%s is sent to %s, where %q is and who left is %q", juror.name, team, other, r.expo.left)
		}
		at[team] = juror.name
		r.expo.made++
		if j == paperJuror && r.expo.sheet.has(team) {
			r.expo.write(team)
			continue
		}
		if err := r.scoreOnPage(ctx, juror, team, false, r.expo.felt, nil); err != nil {
			return err
		}
	}
	return nil
}

// leftOver says which visits are still to be made.
func leftOver(d hall.Desk) string {
	var all []string
	for _, w := range d.Walks {
		for _, stop := range w.Stops {
			all = append(all, fmt.Sprintf("%s (%s) at %s in slot %d", w.Row.Juror.Account.Name, w.Row.Juror.Presence, stop.Ref.Name, stop.Slot))
		}
	}
	return strings.Join(all, ", ")
}

// felt is what a juror thinks after two minutes at a table.
func (x *expo) felt(choices int) int {
	return min(max(int(math.Round((3.1+x.rand.NormFloat64())/5*float64(choices)))-1, 0), choices-1)
}

// checkExpo finds visits that were neither made nor given up, and marks that are not those
// of the paper.
func (r *Rehearsal) checkExpo(ctx context.Context) error {
	x := r.expo
	if x == nil {
		return nil
	}
	seen, err := r.app.Hall.Desk(ctx, r.boss, r.e.ID)
	if err != nil {
		return err
	}
	if x.made == 0 || seen.Planned != 0 {
		return fmt.Errorf("the hall: %d visits planned, %d made, %d lost, %d left over: %s", x.planned, x.made, x.lost, seen.Planned, leftOver(seen))
	}
	return r.checkSheet(ctx)
}

// reportExpo prints how the jury walked.
func (r *Rehearsal) reportExpo(_ context.Context, w io.Writer) error {
	x := r.expo
	if x == nil {
		return nil
	}
	fmt.Fprintf(w, "expo           %d visits planned, %d made; a juror was missing and a team left early: %d visits given to others, %d moved, %d lost\n",
		x.planned, x.made, x.given, x.moved, x.lost)
	fmt.Fprintf(w, "paper          the sheet of %s, %d boxes typed by two people, %d difference settled\n", r.cast.jurors[paperJuror].name, x.sheet.boxes(), x.sheet.settled)
	return nil
}
