package bench_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/bench/arena"
	"h48/internal/certificate"
	"h48/internal/checkin"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/jobs"
	"h48/internal/kit/once"
	"h48/internal/kit/web"
	"h48/internal/vote"
)

// The jury of a large event.
const (
	juryTeams  = 400
	juryJurors = 40
)

// court is an arena with a jury: everybody of it sees every team, on one criterion.
type court struct {
	*arena.Arena
	jurors    []account.Actor
	tokens    []string
	teams     []string
	criterion string
}

func newCourt(b *testing.B, teams int) *court {
	b.Helper()
	a, err := arena.Open(b.Context(), b.TempDir(), teams)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closing(b, a.Close) })
	c, ctx := &court{Arena: a}, b.Context()
	for n := range juryJurors {
		who, err := a.Editions.Grant(ctx, a.Boss, a.Edition.ID, fmt.Sprintf("j%02d@example.org", n), fmt.Sprintf("Jurée Exemple %02d", n), edition.Juror)
		if err != nil {
			b.Fatal(err)
		}
		session, err := a.Enter(ctx, who.ID)
		if err != nil {
			b.Fatal(err)
		}
		if err := a.Jury.Acknowledge(ctx, who.Actor(), a.Edition.ID); err != nil {
			b.Fatal(err)
		}
		c.jurors, c.tokens = append(c.jurors, who.Actor()), append(c.tokens, session.Token)
	}
	if err := a.Jury.SetCriteria(ctx, a.Boss, a.Edition.ID, []jury.Criterion{{Name: "Utile", Weight: 1}}); err != nil {
		b.Fatal(err)
	}
	board, err := a.Jury.Board(ctx, a.DB, a.Edition.ID)
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range board.Teams {
		c.teams = append(c.teams, t.ID)
	}
	c.criterion = board.Criteria[0].ID
	return c
}

// mark is the n-th mark of a juror: each sees the teams in an order of their own.
func (c *court) mark(ctx context.Context, juror, n int) error {
	team := c.teams[(n*7+juror*31)%len(c.teams)]
	in := jury.Answers{Marks: map[string]jury.Answer{c.criterion: {Kind: jury.Scored, Value: 1 + (n+juror+len(team))%5}}}
	return c.Jury.Score(ctx, c.jurors[juror], c.Edition.ID, team, in, once.Action{ID: fmt.Sprintf("m-%d-%d", juror, n)})
}

// request is one from a browser that holds the session, answered in this process.
func (c *court) request(method, path, token string, form string) int {
	r := httptest.NewRequest(method, "http://h48.test"+c.Edition.URL()+path, strings.NewReader(form))
	r.Header.Set("Cookie", web.CookieName+"="+token+"~fr~~")
	r.Header.Set("Accept", "application/json")
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		r.Header.Set("Accept", "text/html")
	}
	answer := httptest.NewRecorder()
	c.Handler().ServeHTTP(answer, r)
	return answer.Code
}

// at is the share of the sorted times, in milliseconds.
func at(took []time.Duration, share float64) float64 {
	slices.Sort(took)
	return float64(took[min(len(took)-1, int(share*float64(len(took))))].Microseconds()) / 1000
}

// marksMeasured is how many marks 40 jurors give together.
const marksMeasured = 4000

// together lets the jurors give all marks and returns how many there were in a second, and
// what each waited.
func together(b *testing.B, total int, do func(juror, n int) error) (rate float64, took []time.Duration) {
	b.Helper()
	var next atomic.Int64
	var mu sync.Mutex
	var all sync.WaitGroup
	began := time.Now()
	for juror := range juryJurors {
		all.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= total {
					return
				}
				from := time.Now()
				if err := do(juror, n); err != nil {
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
	return float64(total) / time.Since(began).Seconds(), took
}

// bareMarks is how many rows of a mark the driver alone inserts in a second, as durable.
func bareMarks(b *testing.B) float64 {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)")
	if err != nil {
		b.Fatal(err)
	}
	defer closing(b, db.Close)
	db.SetMaxOpenConns(1) // SQLite has one writer; more connections only wait for each other
	if _, err := db.Exec(`CREATE TABLE marks (id TEXT PRIMARY KEY, edition TEXT, round BIGINT, juror TEXT, team TEXT, criterion TEXT,
		kind TEXT, value BIGINT, given BIGINT, received BIGINT, entered_by TEXT, reason TEXT)`); err != nil {
		b.Fatal(err)
	}
	rate, _ := together(b, marksMeasured, func(juror, n int) error {
		id := fmt.Sprintf("%026d", n)
		_, err := db.Exec(`INSERT INTO marks VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, id, id, 1, id, id, id, "scored", n%5, n, n, id, "")
		return err
	})
	return rate
}

// BenchmarkMarks_service measures durable marks of 40 jurors at once, one a tap, and the
// ratio to the bare driver that inserts the same row with the same durability. A mark also
// keeps its juror's action, its trail and its link of the hash chain.
func BenchmarkMarks_service(b *testing.B) {
	c := newCourt(b, 100)
	for b.Loop() {
		bare := bareMarks(b)
		rate, took := together(b, marksMeasured, func(juror, n int) error { return c.mark(b.Context(), juror, n) })
		reportMarks(b, rate, bare, took)
	}
}

// BenchmarkMarks_http measures the same by the form of the juror's page.
func BenchmarkMarks_http(b *testing.B) {
	c := newCourt(b, 100)
	for b.Loop() {
		bare := bareMarks(b)
		rate, took := together(b, marksMeasured, func(juror, n int) error {
			team := c.teams[(n*7+juror*31)%len(c.teams)]
			if code := c.request(http.MethodPost, "/jury/teams/"+team, c.tokens[juror], fmt.Sprintf("mark_%s=%d", c.criterion, 1+n%5)); code >= 300 {
				return fmt.Errorf("a mark is answered with %d", code)
			}
			return nil
		})
		reportMarks(b, rate, bare, took)
	}
}

func reportMarks(b *testing.B, rate, bare float64, took []time.Duration) {
	if len(took) == 0 {
		return
	}
	b.ReportMetric(rate, "marks/s")
	b.ReportMetric(bare, "bare-inserts/s")
	b.ReportMetric(rate/bare, "ratio")
	b.ReportMetric(at(took, 0.99), "p99-ms")
}

// headReads is how often each page of the head of the jury is read.
const headReads = 60

// markEvery is how often a mark comes in while the pages of the head of the jury are read.
const markEvery = time.Second

// BenchmarkHeadsPage measures the pages of the head of the jury with 400 teams, 40 jurors
// and 16,000 marks, while a mark comes in every second.
func BenchmarkHeadsPage(b *testing.B) {
	c := newCourt(b, juryTeams)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	together(b, juryTeams*juryJurors, func(_, n int) error { return c.mark(ctx, n%juryJurors, n/juryJurors) })
	session, err := c.Enter(ctx, c.Boss.ID)
	if err != nil {
		b.Fatal(err)
	}
	var coming sync.WaitGroup
	coming.Go(func() {
		for n := juryTeams * juryJurors; ctx.Err() == nil; n++ {
			_ = c.mark(ctx, n%juryJurors, n) // ends with the measurement
			time.Sleep(markEvery)
		}
	})
	for b.Loop() {
		for _, page := range []struct{ path, name string }{{"/jury/board", "board"}, {"/jury/hall", "hall"}, {"/jury/ranking", "ranking"}} {
			var took []time.Duration
			for range headReads {
				from := time.Now()
				if code := c.request(http.MethodGet, page.path, session.Token, ""); code != http.StatusOK {
					b.Fatalf("%s answers %d", page.path, code)
				}
				took = append(took, time.Since(from))
				time.Sleep(markEvery / 4) // several readings of the same marks, and many marks in all
			}
			b.ReportMetric(at(took, 0.5), page.name+"-p50-ms")
			b.ReportMetric(at(took, 0.95), page.name+"-p95-ms")
		}
	}
	stop()
	coming.Wait()
}

// sheets is how many certificates one job makes.
const sheets = 5000

// BenchmarkCertificates measures one job that makes 5,000 certificates, and by how much the
// heap grows meanwhile.
func BenchmarkCertificates(b *testing.B) {
	a, err := arena.Open(b.Context(), b.TempDir(), sheets)
	if err != nil {
		b.Fatal(err)
	}
	defer closing(b, a.Close)
	for _, who := range a.People { // a certificate is for who came
		if _, err := a.Checkin.Check(b.Context(), a.Boss, a.Edition.ID, checkin.Seen{Account: who.ID, Way: checkin.In}, once.Action{}); err != nil {
			b.Fatal(err)
		}
	}
	drain(b, a) // the letters of those who registered
	for b.Loop() {
		runtime.GC()
		before, most := heap(), atomic.Uint64{}
		ctx, stop := context.WithCancel(b.Context())
		var watching sync.WaitGroup
		watching.Go(func() {
			for ctx.Err() == nil {
				most.Store(max(most.Load(), heap()))
				time.Sleep(50 * time.Millisecond)
			}
		})
		job, err := a.Certificate.MakeAll(b.Context(), a.Boss, a.Edition.ID, []certificate.Kind{certificate.Participation})
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		drain(b, a)
		elapsed := time.Since(began)
		stop()
		watching.Wait()
		made, err := jobs.Get(b.Context(), a.DB, job)
		if err != nil || made.State != jobs.Done || made.Steps < sheets {
			b.Fatalf("of %d certificates %d were made, %s: %v", sheets, made.Steps, made.State, err)
		}
		b.ReportMetric(float64(made.Steps)/elapsed.Seconds(), "certificates/s")
		b.ReportMetric(float64(most.Load()-min(before, most.Load()))/(1<<20), "heap-MiB")
	}
}

// drain runs every job that is due.
func drain(b *testing.B, a *arena.Arena) {
	b.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = a.RunDueJobs(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// voters is how many vote within a minute.
const voters = 2000

// BenchmarkVote measures 2,000 voters who come as fast as they are served, each once and
// each once more with the same code: every vote counts once.
func BenchmarkVote(b *testing.B) {
	c := newCourt(b, 12)
	ctx := b.Context()
	for b.Loop() {
		poll, err := c.Vote.Add(ctx, c.Boss, c.Edition.ID, vote.Plan{Question: vote.Use, Most: 1, Audience: vote.Tenants, Opens: c.Edition.Now(c.DB.Now()).Add(time.Hour)})
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Vote.Open(ctx, c.Boss, c.Edition.ID, poll.ID); err != nil {
			b.Fatal(err)
		}
		var codes []string
		for len(codes) < voters {
			batch, err := c.Vote.Cards(ctx, c.Boss, c.Edition.ID, poll.ID, fmt.Sprint("paquet ", len(codes)), 200)
			if err != nil {
				b.Fatal(err)
			}
			more, err := c.Vote.Codes(ctx, c.Boss, c.Edition.ID, poll.ID, batch.ID)
			if err != nil {
				b.Fatal(err)
			}
			codes = append(codes, more...)
		}
		began := time.Now()
		_, took := together(b, 2*voters, func(_, n int) error {
			err := c.Vote.Cast(ctx, c.Edition.ID, poll.ID, codes[n%voters], vote.Cast{Teams: []string{c.teams[n%len(c.teams)]}}, fmt.Sprintf("192.0.2.%d", n%250))
			if n >= voters && err == nil {
				return fmt.Errorf("the code %d was taken twice", n%voters)
			}
			if n < voters && err != nil {
				return err
			}
			return nil
		})
		elapsed := time.Since(began)
		counted, err := c.Vote.Turnout(ctx, c.DB, poll.ID)
		if err != nil || counted != voters {
			b.Fatalf("%d of %d votes were counted: %v", counted, voters, err)
		}
		b.ReportMetric(elapsed.Seconds(), "s")
		b.ReportMetric(float64(voters)/elapsed.Seconds(), "votes/s")
		b.ReportMetric(at(took, 0.99), "p99-ms")
	}
}
