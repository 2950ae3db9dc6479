package jury_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

// said is what one juror said of one team at one moment, as their phone keeps it.
type said struct {
	juror, team int
	values      [2]int
	action      string
	minute      int
}

// saying is what jurors say of teams: each of each, and every fifth sheet is corrected.
func saying(jurors, teams int) (all []said) {
	r := rand.New(rand.NewPCG(48, 1))
	for j := range jurors {
		for t := range teams {
			s := said{juror: j, team: t, values: [2]int{1 + r.IntN(5), 1 + r.IntN(5)}, action: fmt.Sprintf("j%d-t%d", j, t), minute: t}
			all = append(all, s)
			if r.IntN(5) == 0 {
				s.values[0], s.values[1], s.action, s.minute = 1+r.IntN(5), 0, s.action+"-again", t+1+r.IntN(20)
				all = append(all, s)
			}
		}
	}
	return all
}

// badNetwork is the order in which the messages reach the server when three of ten are
// lost on the way there, and are sent again later; three of ten answers are lost on the
// way back, so that the message comes again; and nothing keeps its place in the line.
func badNetwork(messages []said) []said {
	type delivery struct {
		said
		at float64
	}
	r := rand.New(rand.NewPCG(48, 2))
	var all []delivery
	for i, m := range messages {
		at := float64(i) + 200*r.Float64()
		for {
			for r.Float64() < .3 { // lost on the way there
				at += 400 * r.Float64()
			}
			all = append(all, delivery{m, at})
			if r.Float64() >= .3 {
				break
			}
			at += 400 * r.Float64() // the answer is lost: it comes again
		}
	}
	slices.SortStableFunc(all, func(a, b delivery) int { return cmp.Compare(a.at, b.at) })
	arriving := make([]said, len(all))
	for i, d := range all {
		arriving[i] = d.said
	}
	return arriving
}

// table is what counts after the messages have arrived at an empty jury, and how many
// marks were kept.
func table(t *testing.T, db *dbtest.DB, jurors, teams int, arriving []said) (sheets map[string]float64, marks int) {
	ctx, b := context.Background(), newBench(t, db)
	b.near.teams = nil
	for i := range teams {
		b.near.teams = append(b.near.teams, jury.TeamRef{ID: fmt.Sprintf("t-%03d", i), Name: fmt.Sprintf("Équipe %d", i)})
	}
	for i := len(b.jurors); i < jurors; i++ {
		b.jurors = append(b.jurors, b.Person(fmt.Sprintf("Juré %02d Exemple", i), edition.Juror))
	}
	start := db.Now()
	db.Clock.Advance(48 * time.Hour)
	var phones sync.WaitGroup
	for k := range 4 { // some speak at once
		phones.Go(func() {
			for i := k; i < len(arriving); i += 4 {
				s := arriving[i]
				in := b.sheet(s.values[:]...)
				a := once.Action{ID: s.action, At: start.Add(time.Duration(s.minute) * time.Minute)}
				if err := b.Score(ctx, b.jurors[s.juror], b.id, fmt.Sprintf("t-%03d", s.team), in, a); err != nil {
					t.Errorf("%s: %v", s.action, err)
					return
				}
			}
		})
	}
	phones.Wait()
	e, err := b.Event(ctx, db, b.id)
	b.must(err)
	names := map[string]string{}
	for i, j := range b.jurors {
		names[string(j.ID)] = fmt.Sprint("j", i)
	}
	for i, c := range b.criteria {
		names[c.ID] = fmt.Sprint("c", i)
	}
	sheets = map[string]float64{}
	for _, v := range e.Visits {
		for c, score := range v.Scores {
			sheets[names[v.Juror]+" "+v.Project+" "+names[c]] = score
		}
	}
	b.must(b.Export(ctx, db, b.id, func(int, jury.Mark) error { marks++; return nil }))
	return sheets, marks
}

// 40 jurors on 400 projects, with three messages of ten lost, repeated and reordered, end
// with the table of a network without faults: each mark once, the newest counting.
func TestScore_overABadNetwork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		jurors, teams := 40, 400
		if testing.Short() || t.Name() != "TestScore_overABadNetwork/sqlite" {
			jurors, teams = 8, 24
		}
		messages := saying(jurors, teams)
		want, distinct := map[string]float64{}, 0
		newest := map[string]int{}
		for _, m := range messages {
			for c, v := range m.values {
				key := fmt.Sprintf("j%d t-%03d c%d", m.juror, m.team, c)
				if v == 0 {
					continue
				}
				distinct++
				if at, there := newest[key]; !there || m.minute > at {
					newest[key], want[key] = m.minute, float64(v)
				}
			}
		}
		arriving := badNetwork(messages)
		got, marks := table(t, db, jurors, teams, arriving)
		if marks != distinct {
			t.Errorf("%d marks are kept of %d given", marks, distinct)
		}
		wrong := 0
		for key, v := range want {
			if got[key] != v {
				wrong++
			}
		}
		if wrong > 0 || len(got) != len(want) {
			t.Errorf("%d of %d marks are not those of a network without faults (%d are there)", wrong, len(want), len(got))
		}
		t.Logf("%d jurors, %d projects: %d messages arrived %d times", jurors, teams, len(messages), len(arriving))
	})
}
