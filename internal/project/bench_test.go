package project_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"h48/internal/account"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/project"
	"h48/internal/team"
)

// clients is how many hand in at once in the last minute.
const clients = 200

// BenchmarkHandIn measures durable hand-ins of 200 clients at once; compare it with
// BenchmarkBareDriver, which inserts the same row with the same durability and nothing
// else.
func BenchmarkHandIn(b *testing.B) {
	h := newHouse(b, dbtest.SQLite(b))
	people := make([]account.Actor, clients)
	for i := range people {
		people[i] = h.Person(fmt.Sprintf("Personne %03d", i))
		if _, err := h.teams.Found(b.Context(), people[i], h.Edition.ID, team.Details{Name: fmt.Sprint("Équipe ", i)}, once.Action{}); err != nil {
			b.Fatal(err)
		}
		if _, err := h.projects.Mine(b.Context(), people[i], h.Edition.ID); err != nil {
			b.Fatal(err)
		}
	}
	share(b, func(client, n int) error {
		c := guichet
		c.Description = fmt.Sprintf("%s\n\nversion %d", guichet.Description, n)
		_, err := h.projects.HandIn(b.Context(), people[client], h.Edition.ID, c, project.Edit{}, once.Action{})
		return err
	})
}

// BenchmarkBareDriver is the yardstick of BenchmarkHandIn.
func BenchmarkBareDriver(b *testing.B) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // SQLite has one writer; more connections only wait for each other
	if _, err := db.Exec(`CREATE TABLE versions (id TEXT PRIMARY KEY, content TEXT, at BIGINT)`); err != nil {
		b.Fatal(err)
	}
	var id atomic.Int64
	share(b, func(_, n int) error {
		_, err := db.Exec(`INSERT INTO versions VALUES ($1, $2, $3)`, fmt.Sprint(id.Add(1)), fmt.Sprintf("%+v %d", guichet, n), n)
		return err
	})
}

// share lets the clients do b.N pieces of work together.
func share(b *testing.B, do func(client, n int) error) {
	b.Helper()
	var next atomic.Int64
	done := make(chan error, clients)
	b.ResetTimer()
	for client := range clients {
		go func() {
			for {
				n := int(next.Add(1))
				if n > b.N {
					done <- nil
					return
				}
				if err := do(client, n); err != nil {
					done <- err
					return
				}
			}
		}()
	}
	for range clients {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "hand-ins/s")
}
