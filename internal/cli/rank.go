package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"

	"h48/engine/ranking"
	"h48/engine/ranking/loop"
	"h48/engine/ranking/set"
)

// rankCommand is `h48 rank`: a set of files to a ranking, a conversation, or a bench.
type rankCommand struct {
	Set    rankSet    `cmd:"" default:"withargs" help:"Rank every event of a set of files (--in, --out), or talk in JSON lines (--loop)."`
	Bench  rankBench  `cmd:"" help:"Compare ways of ranking in simulated events whose truth is known."`
	Chance rankChance `cmd:"" help:"Measure how often the best wins, by teams, jurors, visits and way of judging: the calculator's table."`
}

type rankSet struct {
	In       string `help:"The folder that holds the set." type:"path" placeholder:"SET"`
	Out      string `help:"The file to write the ranking to." type:"path" placeholder:"FILE"`
	Jurors   string `help:"A file to write what is known of each juror to." type:"path" placeholder:"FILE"`
	Loop     bool   `help:"Answer JSON lines on standard input: which project should this juror see next?"`
	Floor    int    `help:"Visits that every project gets before any gets more (0: the default)."`
	Together int    `help:"Jurors who may be at a contender's table at once in the conversation (0: several)."`
}

// Run ranks a set or holds the conversation.
func (c *rankSet) Run(r *Run) error {
	if c.Floor < 0 || c.Together < 0 {
		return Exit{Code: 2, Err: errors.New("--floor and --together cannot be negative")}
	}
	opt := ranking.Options{Floor: c.Floor, Together: c.Together}
	switch {
	case c.Loop && c.In == "" && c.Out == "" && c.Jurors == "":
		return loop.Run(r.Context, r.In, r.Out, opt)
	case !c.Loop && c.In != "" && c.Out != "":
		return c.rank(r.Context, opt)
	}
	return Exit{Code: 2, Err: errors.New("give --in and --out, or --loop alone")}
}

func (c *rankSet) rank(ctx context.Context, opt ranking.Options) error {
	events, err := set.Read(os.DirFS(c.In))
	if err != nil {
		return Exit{Code: 2, Err: fmt.Errorf("reading the set %s: %w", c.In, err)}
	}
	var places, jurors bytes.Buffer
	placeRows, jurorRows := csv.NewWriter(&places), csv.NewWriter(&jurors)
	rows := [][]string{{"event", "project", "rank", "score", "rank_lo", "rank_hi", "p_best", "p_top3"}}
	jurorTable := [][]string{{"event", "juror", "severity", "weight", "flag"}}
	results, err := rankAll(ctx, events, opt)
	if err != nil {
		return err
	}
	for k, e := range events {
		result := results[k]
		for _, s := range result.Projects {
			rows = append(rows, []string{e.Name, s.Project, strconv.Itoa(s.Rank), decimal(s.Score),
				strconv.Itoa(s.RankLo), strconv.Itoa(s.RankHi), decimal(s.PBest), decimal(s.PTop3)})
		}
		for _, j := range result.Jurors {
			jurorTable = append(jurorTable, []string{e.Name, j.Juror, decimal(j.Severity), decimal(j.Weight), string(j.Flag)})
		}
	}
	if err := errors.Join(placeRows.WriteAll(rows), jurorRows.WriteAll(jurorTable)); err != nil {
		return fmt.Errorf("putting the ranking in rows: %w", err)
	}
	if err := writeWhole(c.Out, &places); err != nil {
		return err
	}
	if c.Jurors == "" {
		return nil
	}
	return writeWhole(c.Jurors, &jurors)
}

// rankAll ranks the events side by side, each as it would be alone.
func rankAll(ctx context.Context, events []set.Named, opt ranking.Options) ([]ranking.Result, error) {
	results, errs := make([]ranking.Result, len(events)), make([]error, len(events))
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for k, e := range events {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			results[k], errs[k] = ranking.Rank(ctx, e.Event, opt)
		})
	}
	all.Wait()
	for k, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("ranking event %q: %w", events[k].Name, err)
		}
	}
	return results, nil
}

// decimal has nine digits: more than any use of them, fewer than would show in which
// order a processor added.
func decimal(x float64) string { return strconv.FormatFloat(x, 'g', 9, 64) }

// writeWhole writes a file under a passing name and then gives it its own, so that
// nobody ever sees half of it.
func writeWhole(name string, content io.Reader) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = io.Copy(f, content)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err = os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}
