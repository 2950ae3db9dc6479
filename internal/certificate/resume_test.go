package certificate_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"h48/internal/certificate"
	"h48/internal/edition"
	"h48/internal/kit/files"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// disk is a store that stands still at the first file that comes, until it may go on.
type disk struct {
	files.Store
	came chan struct{}
	on   chan struct{}
}

func (d *disk) Put(ctx context.Context, key string, r io.Reader, size int64, kind string) error {
	select {
	case d.came <- struct{}{}:
	default:
	}
	select {
	case <-d.on:
	case <-ctx.Done():
		return ctx.Err()
	}
	return d.Store.Put(ctx, key, r, size, kind)
}

// The program stops while it makes everybody's sheets: the next start makes all of them,
// with the codes that were given out. Who stops the job gets no archive, and may order another.
func TestMakeAll_stoppedAndTakenUpAgain(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	for n := range 40 {
		who := b.Person(fmt.Sprintf("Personne Exemple %02d", n))
		b.facts.people = append(b.facts.people, certificate.Person{Account: who.ID, Name: who.Name, Role: edition.Participant, Arrived: true})
	}
	b.Go(edition.Results)
	store, err := files.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	slow := &disk{store, make(chan struct{}, 1), make(chan struct{})}
	service := certificate.NewService(b.DB.DB, b.IDs, b.Editions, b.facts, slow, b.Hub, b.Queue, b.Trail, b.Words, "http://h48.test")
	make40 := func() string {
		t.Helper()
		job, err := service.MakeAll(t.Context(), b.Boss, b.Edition.ID, []certificate.Kind{certificate.Participation})
		if err != nil {
			t.Fatal(err)
		}
		return job
	}
	worker := func() *jobs.Worker {
		return jobs.NewWorker(b.DB.DB, b.Queue, b.Editions, slog.New(slog.DiscardHandler), 1, service.Jobs())
	}
	state := func(job string) jobs.Job {
		t.Helper()
		j, err := jobs.Get(t.Context(), b.DB, job)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	codes := func() (all []string) {
		t.Helper()
		all, err := sqldb.All(t.Context(), b.DB, func(code *string) []any { return []any{code} }, `SELECT code FROM certificates ORDER BY code`)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	job := make40()
	program, stop := context.WithCancel(t.Context())
	first := worker()
	if _, err := first.RunDue(program); err != nil {
		t.Fatal(err)
	}
	<-slow.came
	stop() // as the program does when it ends
	first.Wait()
	given := codes()
	if got := state(job).State; got != jobs.Waiting || len(given) != 41 {
		t.Fatalf("after the program's end the job is %s, with %d codes", got, len(given))
	}
	close(slow.on)
	next := worker()
	if _, err := next.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	next.Wait()
	done := state(job)
	if done.State != jobs.Done || len(codes()) != len(given) || codes()[0] != given[0] {
		t.Fatalf("taken up again: %+v, %d codes", done, len(codes()))
	}
	kept, _, err := store.Open(t.Context(), done.Result)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	content, err := io.ReadAll(kept)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(archive.File) != 41 {
		t.Fatalf("the archive holds %d sheets: %v", len(archive.File), err)
	}
	slow.on = make(chan struct{})
	again := make40()
	third := worker()
	if _, err := third.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-slow.came
	if err := b.DB.InTx(t.Context(), func(tx *dbtest.Tx) error { return b.Queue.StopTx(t.Context(), tx, again) }); err != nil {
		t.Fatal(err)
	}
	waited := make(chan struct{})
	go func() { third.Wait(); close(waited) }()
	select {
	case <-waited:
	case <-time.After(time.Minute):
		t.Fatal("the job that was stopped goes on")
	}
	if got := state(again); got.State != jobs.Cancelled || got.Result != "" {
		t.Errorf("stopped: %+v", got)
	}
}
