package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/edition"
	"h48/internal/kit/obs"
	"h48/internal/rehearsal"
)

// Demo holds the event of Amiens on this machine, with invented people.
type Demo struct {
	Listen       string  `help:"Address to serve on; when its port is taken, the next free one is." default:"localhost:4848" env:"H48_LISTEN" placeholder:"HOST:PORT"`
	Participants int     `help:"How many take part, from 6 to 5000." default:"24"`
	Seed         uint64  `help:"Which event: the same seed holds the same one." default:"48"`
	Hours        float64 `help:"How many of the 48 hours have passed when the doors open." default:"25"`
	Speed        float64 `help:"How many seconds of the event pass in one." default:"60"`
}

// Run holds the event up to its middle, then serves while it goes on.
func (d *Demo) Run(r *Run) error {
	listener, err := listen(r, d.Listen)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "h48-demo-")
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer os.RemoveAll(dir)
	address := serving(d.Listen, listener)
	bar := newProgress(r.Streams.Err)
	a, event, err := rehearse(r.Context, dir, rehearsal.Config{Participants: d.Participants, Seed: d.Seed, Progress: bar.show},
		obs.Logger(r.Streams.Err, "warn", "text"), func(c *config.Config, p *app.Parts) { c.Listen, p.Demo = address, true })
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	e := event.Edition()
	err = event.Run(r.Context, e.At[edition.Starts].Add(time.Duration(d.Hours*float64(time.Hour))))
	bar.done()
	if err != nil {
		return errors.Join(err, listener.Close(), a.Close())
	}
	doors, err := event.Doors(r.Context)
	if err != nil {
		return errors.Join(err, listener.Close(), a.Close())
	}
	a.Demonstrate(e.ID, doors, event)
	return errors.Join(d.hold(r, event, func(ctx context.Context) error {
		fmt.Fprintf(r.Streams.Out, "The hackathon of Amiens is on: http://%s\n", address)
		return serve(ctx, listener, a.Handler())
	}), a.Close())
}

// hold lets the clock run and the made-up people act while the demonstration serves.
func (d *Demo) hold(r *Run, event *rehearsal.Rehearsal, serve func(context.Context) error) error {
	if err := event.Play(r.Context, d.Speed); err != nil {
		return err
	}
	following, stop := context.WithCancel(r.Context)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		event.Follow(following)
	}()
	err := serve(r.Context)
	stop()
	<-ended
	return err
}
