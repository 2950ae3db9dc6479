package jobs_test

import (
	"context"
	"testing"
	"time"

	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb/dbtest"
)

// Hundreds of letters wait for a mail server that does not answer; the results open all the
// same, and what is ordered after them runs as well.
func TestStart_kindsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		answered, opened := make(chan struct{}), make(chan string, 2)
		for range 300 {
			b.order(t, jobs.Order{Kind: "mail", Edition: "e"})
		}
		w := b.worker(map[string]jobs.Handler{
			"mail": func(ctx context.Context, _ *jobs.Run) error {
				select {
				case <-answered:
				case <-ctx.Done():
				}
				return ctx.Err()
			},
			"open": func(_ context.Context, r *jobs.Run) error {
				opened <- r.ID
				return nil
			},
		})
		w.Start()
		defer w.Stop()
		for range 2 {
			want := b.order(t, jobs.Order{Kind: "open", Edition: "e"})
			select {
			case got := <-opened:
				if got != want {
					t.Errorf("%s ran, not %s", got, want)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("the results wait for the letters")
			}
		}
		close(answered)
		last := b.order(t, jobs.Order{Kind: "mail", Edition: "e"})
		for until := time.Now().Add(60 * time.Second); b.job(t, last).State != jobs.Done; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatalf("the last letter is %s", b.job(t, last).State)
			}
		}
	})
}
