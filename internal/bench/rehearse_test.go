package bench_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/kit/clock"
	"h48/internal/kit/ids"
	"h48/internal/rehearsal"
)

// BenchmarkRehearse measures whole events with every rule checked, in seconds of the
// processor: their people use the services and pages one after the other.
func BenchmarkRehearse(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"24", 24}, {"1000", 1000}, {"5000", rehearsal.Most}} {
		b.Run(size.name, func(b *testing.B) {
			for b.Loop() {
				before := processor()
				if err := rehearse(b.Context(), b.TempDir(), rehearsal.Config{Participants: size.n, Seed: 7}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric((processor() - before).Seconds(), "cpu-s")
			}
		})
	}
}

func rehearse(ctx context.Context, dir string, cfg rehearsal.Config) (err error) {
	wall, post := clock.Wall{}, rehearsal.NewPostbox()
	a, err := app.New(ctx, config.Config{Listen: "localhost:0", Database: "sqlite:" + filepath.Join(dir, "h48.db"), Files: filepath.Join(dir, "files"), Jobs: 2},
		app.Parts{Clock: wall, IDs: ids.Seeded(cfg.Seed, wall.Now), Log: slog.New(slog.DiscardHandler), Sender: post, Words: [][]byte{rehearsal.Words}})
	if err != nil {
		return err
	}
	defer func() {
		if closed := a.Close(); err == nil {
			err = closed
		}
	}()
	event, err := rehearsal.New(ctx, a, post, cfg)
	if err != nil {
		return err
	}
	if err := event.Run(ctx, event.End()); err != nil {
		return err
	}
	return event.Check(ctx)
}

// processor is how much time this process has used of it.
func processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
