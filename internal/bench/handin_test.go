package bench_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver that the program uses, bare

	"h48/internal/bench/arena"
	"h48/internal/kit/once"
	"h48/internal/project"
)

// clients is how many hand in at once in the last minute.
const clients = 200

// handIns is how many versions they hand in together.
const handIns = 4000

var guichet = project.Content{Title: "Le guichet", Pitch: "Un guichet pour tous", Description: "# Idée\nUn guichet."}

// BenchmarkHandIn_service measures durable hand-ins of 200 people at once, and the ratio
// to the bare driver that inserts the same row with the same durability and nothing else.
func BenchmarkHandIn_service(b *testing.B) {
	a, err := arena.Open(b.Context(), b.TempDir(), clients)
	if err != nil {
		b.Fatal(err)
	}
	defer closing(b, a.Close)
	for b.Loop() {
		bare := bareInserts(b)
		rate, p99 := share(b, func(client, n int) error {
			c := guichet
			c.Description = fmt.Sprintf("%s\n\nversion %d", guichet.Description, n)
			_, err := a.Project.HandIn(b.Context(), a.People[client], a.Edition.ID, c, project.Edit{}, once.Action{})
			return err
		})
		report(b, rate, bare, p99)
	}
}

// BenchmarkHandIn_http measures the same over HTTP, the clients in another process.
func BenchmarkHandIn_http(b *testing.B) {
	a, err := arena.Open(b.Context(), b.TempDir(), clients)
	if err != nil {
		b.Fatal(err)
	}
	defer closing(b, a.Close)
	server := serve(b, a.Handler())
	for b.Loop() {
		bare := bareInserts(b)
		seen := load(b, a.Tokens, "handin", server, a.Edition.Slug, fmt.Sprint(handIns))
		if seen.Failed > 0 {
			b.Fatalf("%d of %d hand-ins failed", seen.Failed, seen.Requests)
		}
		report(b, float64(seen.Requests)/seen.Seconds, bare, seen.P99)
	}
}

func report(b *testing.B, rate, bare, p99 float64) {
	b.ReportMetric(rate, "hand-ins/s")
	b.ReportMetric(bare, "bare-inserts/s")
	b.ReportMetric(rate/bare, "ratio")
	b.ReportMetric(p99, "p99-ms")
}

// bareInserts is how many rows of a hand-in's content the driver alone inserts in a
// second, each durable before the next of its client.
func bareInserts(b *testing.B) (rate float64) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)")
	if err != nil {
		b.Fatal(err)
	}
	defer closing(b, db.Close)
	db.SetMaxOpenConns(1) // SQLite has one writer; more connections only wait for each other
	if _, err := db.Exec(`CREATE TABLE versions (id TEXT PRIMARY KEY, content TEXT, at BIGINT)`); err != nil {
		b.Fatal(err)
	}
	rate, _ = share(b, func(_, n int) error {
		_, err := db.Exec(`INSERT INTO versions VALUES ($1, $2, $3)`, fmt.Sprint(n), fmt.Sprintf("%+v %d", guichet, n), n)
		return err
	})
	return rate
}

// share lets the clients do all hand-ins together and returns how many there were in a
// second, and the 99th percentile of what one waited, in milliseconds.
func share(b *testing.B, do func(client, n int) error) (rate, p99 float64) {
	b.Helper()
	var next atomic.Int64
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	began := time.Now()
	for client := range clients {
		all.Go(func() {
			for {
				n := int(next.Add(1))
				if n > handIns {
					return
				}
				from := time.Now()
				if err := do(client, n); err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(from))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	elapsed := time.Since(began)
	if len(took) == 0 {
		return 0, 0
	}
	slices.Sort(took)
	return float64(len(took)) / elapsed.Seconds(), float64(took[len(took)*99/100].Microseconds()) / 1000
}
