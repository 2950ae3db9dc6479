// Package rehearsal holds an event with made-up people, from the announcement to the
// recap, through the same services and pages as a real one.
//
// A rehearsal is a script of acts, each at a moment of the edition's time: somebody
// registers, asks for help, hands in, scores. Its people are drawn from a seed, so the
// same seed holds the same event. Run plays the acts one after the other with the clock
// standing at each one's moment; Follow plays them while the clock runs by itself, as in
// the demonstration. Nothing is written from the side: what an act cannot do by a
// service or a page does not happen.
package rehearsal

import (
	"container/heap"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/award"
	"h48/internal/checkin"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/mail"
	"h48/internal/team"
)

// Fewest and most participants of a rehearsal.
const (
	Fewest = 6
	Most   = 5000
)

// amiens is how many took part in the event that all this is modelled on.
const amiens = 24

// Config is what event to rehearse.
type Config struct {
	// Participants is how many take part; 24 is the event of Amiens, as it was.
	Participants int
	Seed         uint64
	// Progress hears what is being done, and how far the edition's time has come from 0
	// to 1; it may be nil.
	Progress func(what string, share float64)
}

// Rehearsal is one rehearsed event.
type Rehearsal struct {
	cfg  Config
	app  *app.App
	post *Postbox
	rand *rand.Rand
	log  *slog.Logger

	// mu is held while acts are played: by Run, by Follow or by a jump.
	mu    sync.Mutex
	busy  atomic.Bool
	acts  queue
	made  int
	boss  account.Actor
	e     edition.Edition
	cast  cast
	facts Facts

	badges  []checkin.Badge
	teams   []team.Team
	merits  []float64
	public  *public
	crowned award.Prize // the public's
	expo    *expo       // nil where the jury does not walk
}

// act is something that somebody does at a moment.
type act struct {
	at    time.Time
	order int // of those at one moment, the first written is the first played
	what  string
	do    func(ctx context.Context) error
}

type queue []act

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || (q[i].at.Equal(q[j].at) && q[i].order < q[j].order)
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(act)) } //nolint:forcetypeassert // the heap holds nothing else
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// New writes the script of an event on a program whose letters go to the postbox. The
// edition is made at once, on a clock of its own that stands still.
func New(ctx context.Context, a *app.App, post *Postbox, cfg Config) (*Rehearsal, error) {
	if cfg.Participants < Fewest || cfg.Participants > Most {
		return nil, fmt.Errorf("a rehearsal has %d to %d participants, not %d", Fewest, Most, cfg.Participants)
	}
	if cfg.Progress == nil {
		cfg.Progress = func(string, float64) {}
	}
	r := &Rehearsal{cfg: cfg, app: a, post: post, rand: rand.New(rand.NewPCG(cfg.Seed, 48)), log: a.Parts.Log}
	r.cast = castFor(cfg.Participants, r.rand)
	if err := r.announce(ctx); err != nil {
		return nil, err
	}
	r.script()
	return r, nil
}

// Edition is the rehearsed edition.
func (r *Rehearsal) Edition() edition.Edition { return r.e }

// at adds an act to the script.
func (r *Rehearsal) at(when time.Time, what string, do func(ctx context.Context) error) {
	r.made++
	heap.Push(&r.acts, act{at: when, order: r.made, what: what, do: do})
}

// End is the moment of the script's last act, as far as it is written.
func (r *Rehearsal) End() time.Time { return r.e.At[edition.Ends].AddDate(0, 1, 5) }

// Run plays every act until the moment, the clock standing at each one's own, and leaves
// the clock there.
func (r *Rehearsal) Run(ctx context.Context, until time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.run(ctx, until)
}

func (r *Rehearsal) run(ctx context.Context, until time.Time) error {
	begin := r.e.At[edition.RegistrationOpens]
	for len(r.acts) > 0 && !r.acts[0].at.After(until) {
		if err := ctx.Err(); err != nil {
			return err
		}
		next, ok := heap.Pop(&r.acts).(act)
		if !ok {
			continue
		}
		r.cfg.Progress(next.what, float64(next.at.Sub(begin))/float64(r.End().Sub(begin)))
		if err := r.stand(ctx, next.at); err != nil {
			return err
		}
		if err := next.do(ctx); err != nil {
			return fmt.Errorf("%s, at %s: %w", next.what, next.at.In(r.e.Zone).Format("Mon 15:04:05"), err)
		}
		if err := r.settle(ctx); err != nil {
			return err
		}
	}
	return r.stand(ctx, until)
}

// stand puts the edition's clock at the moment, where it stays.
func (r *Rehearsal) stand(ctx context.Context, at time.Time) error {
	return r.app.Editions.SetClock(ctx, account.Program, r.e.ID, func(p clock.Pace, wall time.Time) clock.Pace {
		return clock.Pace{Base: at, Since: wall, Speed: max(p.Speed, 1), Paused: true}
	})
}

// settle runs the jobs that an act has ordered.
func (r *Rehearsal) settle(ctx context.Context) error {
	for {
		n, err := r.app.RunDueJobs(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

// behind is how far the clock may run ahead of an act before it is put back for it.
const behind = 20 * time.Second

// Follow plays the acts while the edition's clock runs, and runs the jobs that people
// order, until the context ends; the program's own worker must not run beside it. What
// somebody could no longer do is noted and left: people in a demonstration may have done
// it for them.
func (r *Rehearsal) Follow(ctx context.Context) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := r.catchUp(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("a rehearsal's act", "error", err)
		}
	}
}

// catchUp plays what is due on the running clock.
func (r *Rehearsal) catchUp(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, err := r.app.Editions.Get(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	now := e.Now(r.app.DB.Now())
	if len(r.acts) == 0 || r.acts[0].at.After(now) {
		return r.settle(ctx)
	}
	if now.Sub(r.acts[0].at) > behind {
		return r.jump(ctx, now, e.Pace)
	}
	next, ok := heap.Pop(&r.acts).(act)
	if !ok {
		return nil
	}
	if err := next.do(ctx); err != nil {
		return fmt.Errorf("%s: %w", next.what, err)
	}
	return r.settle(ctx)
}

// Jump implements app.Stagehand: everything that would have happened until the moment
// happens, and the clock goes on from there as fast as before.
func (r *Rehearsal) Jump(ctx context.Context, to time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, err := r.app.Editions.Get(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	return r.jump(context.WithoutCancel(ctx), to, e.Pace)
}

// jump plays on to the moment; an act that fails is noted and the others go on.
func (r *Rehearsal) jump(ctx context.Context, to time.Time, pace clock.Pace) error {
	r.busy.Store(true)
	defer r.busy.Store(false)
	for len(r.acts) > 0 && !r.acts[0].at.After(to) {
		if err := r.run(ctx, r.acts[0].at); err != nil {
			r.log.Warn("a rehearsal's act", "error", err)
		}
	}
	return r.app.Editions.SetClock(ctx, account.Program, r.e.ID, func(_ clock.Pace, wall time.Time) clock.Pace {
		return clock.Pace{Base: to, Since: wall, Speed: pace.Speed, Paused: pace.Paused}
	})
}

// Busy implements app.Stagehand.
func (r *Rehearsal) Busy() bool { return r.busy.Load() }

// Play lets the clock run at the speed.
func (r *Rehearsal) Play(ctx context.Context, speed float64) error {
	return r.app.Editions.SetClock(ctx, account.Program, r.e.ID, func(p clock.Pace, wall time.Time) clock.Pace {
		return p.Restart(wall, speed)
	})
}

// Postbox keeps the letters of a rehearsal, the newest of each address: its people read
// them, and nothing leaves the machine.
type Postbox struct {
	mu      sync.Mutex
	letters map[string]mail.Message
	count   int
}

// NewPostbox returns an empty postbox.
func NewPostbox() *Postbox { return &Postbox{letters: map[string]mail.Message{}} }

// Send implements mail.Sender.
func (p *Postbox) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters[m.To] = m
	p.count++
	return nil
}

// Newest is the last letter to the address.
func (p *Postbox) Newest(to string) (mail.Message, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.letters[to]
	return m, ok
}

// Count is how many letters were sent.
func (p *Postbox) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}
