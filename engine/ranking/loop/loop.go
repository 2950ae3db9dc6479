// Package loop holds a judging's conversation in JSON lines: one event, one request a
// line, one answer a line. A line that cannot be understood or that does not fit the
// event is answered with an error and changes nothing; the conversation goes on.
package loop

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"h48/engine/ranking"
)

// longest is the longest line that is read: an opening with some hundred thousand
// projects. A longer one is answered with an error and skipped.
const longest = 64 << 20

// request is any line that comes in.
type request struct {
	Op          string              `json:"op"`
	Projects    []project           `json:"projects"`
	Jurors      []juror             `json:"jurors"`
	Conflicts   [][]string          `json:"conflicts"`
	VisitsTotal int                 `json:"visits_total"`
	Floor       int                 `json:"floor"`
	Together    int                 `json:"together"`
	Criteria    []criterion         `json:"criteria"`
	Juror       string              `json:"juror"`
	Project     string              `json:"project"`
	Scores      map[string]*float64 `json:"scores"` // null: not given
	Ranking     json.RawMessage     `json:"ranking"`
	Reason      ranking.Reason      `json:"reason"`
}

type project struct {
	ID    string `json:"id"`
	Table *int   `json:"table"`
}

type juror struct {
	ID       string `json:"id"`
	Capacity *int   `json:"capacity"`
}

type criterion struct {
	ID     string   `json:"id"`
	Min    float64  `json:"min"`
	Max    float64  `json:"max"`
	Weight *float64 `json:"weight"`
}

// The answers, one type each so that a missing project is a written null.
type (
	okAnswer struct {
		OK bool `json:"ok"`
	}
	nextAnswer struct {
		Project *string `json:"project"`
	}
	errorAnswer struct {
		Error string `json:"error"`
	}
	rankAnswer struct {
		Ranking []place `json:"ranking"`
	}
)

type place struct {
	Project string  `json:"project"`
	Rank    int     `json:"rank"`
	Score   float64 `json:"score"`
	RankLo  int     `json:"rank_lo"`
	RankHi  int     `json:"rank_hi"`
	PBest   float64 `json:"p_best"`
	PTop3   float64 `json:"p_top3"`
}

// Run answers every line of in on out until in ends or ctx is cancelled, which is
// noticed between lines. opt are the organiser's choices; what the opening line
// states takes their place. Its error is one of reading, writing or ctx.
func Run(ctx context.Context, in io.Reader, out io.Writer, opt ranking.Options) error {
	t := talk{ctx: ctx, opt: opt}
	lines := bufio.NewReaderSize(in, 1<<16)
	answers := bufio.NewWriter(out)
	encoder := json.NewEncoder(answers)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, tooLong, err := readLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading a line: %w", err)
		}
		if len(bytes.TrimSpace(line)) > 0 || tooLong {
			if err := encoder.Encode(t.answer(line, tooLong)); err != nil {
				return fmt.Errorf("writing an answer: %w", err)
			}
			if err := answers.Flush(); err != nil {
				return fmt.Errorf("writing an answer: %w", err)
			}
		}
		if err != nil {
			return nil
		}
	}
}

// readLine reads to the end of the line and forgets one that is too long.
func readLine(r *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > longest {
			line, tooLong = nil, true
		}
		if !tooLong {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

// talk is a conversation's state.
type talk struct {
	ctx       context.Context
	opt       ranking.Options
	posterior *ranking.Posterior
}

func (t *talk) answer(line []byte, tooLong bool) any {
	if tooLong {
		return errorAnswer{fmt.Sprintf("the line is longer than %d bytes", longest)}
	}
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		return errorAnswer{"not a line of this conversation: " + err.Error()}
	}
	answer, err := t.do(r)
	if err != nil {
		return errorAnswer{short(err.Error())}
	}
	return answer
}

// short cuts a reason that repeats a long identifier.
func short(reason string) string {
	const most = 400 // bytes
	if len(reason) <= most {
		return reason
	}
	return strings.ToValidUTF8(reason[:most], "") + " …"
}

func (t *talk) do(r request) (any, error) {
	if t.posterior == nil && r.Op != "open" {
		return nil, fmt.Errorf("op %q before the event is open", r.Op)
	}
	switch r.Op {
	case "open":
		return okAnswer{true}, t.open(r)
	case "next":
		id, ok, err := t.posterior.Next(r.Juror)
		if err != nil || !ok {
			return nextAnswer{}, err
		}
		return nextAnswer{&id}, nil
	case "visit":
		order, err := readRanking(r.Ranking)
		if err != nil {
			return nil, err
		}
		v := ranking.Visit{Juror: r.Juror, Project: r.Project, Scores: make(map[string]float64, len(r.Scores))}
		for criterion, score := range r.Scores {
			if score != nil {
				v.Scores[criterion] = *score
			}
		}
		return okAnswer{true}, t.posterior.AddVisit(v, order)
	case "skip":
		return okAnswer{true}, t.posterior.Skip(r.Juror, r.Project, r.Reason)
	case "result":
		return t.result()
	}
	return nil, fmt.Errorf("op %q is none of open, next, visit, skip, result", r.Op)
}

func (t *talk) open(r request) error {
	if t.posterior != nil {
		return errors.New("the event is open already")
	}
	if r.VisitsTotal < 0 || r.Floor < 0 || r.Together < 0 {
		return errors.New("visits_total, floor and together cannot be negative")
	}
	var e ranking.Event
	for _, p := range r.Projects {
		q := ranking.Project{ID: p.ID, NoTable: p.Table == nil}
		if p.Table != nil {
			q.Table = *p.Table
		}
		e.Projects = append(e.Projects, q)
	}
	for _, j := range r.Jurors {
		q := ranking.Juror{ID: j.ID}
		if j.Capacity != nil {
			if q.Capacity = *j.Capacity; q.Capacity == 0 {
				q.Capacity = -1
			}
		}
		e.Jurors = append(e.Jurors, q)
	}
	for _, c := range r.Criteria {
		q := ranking.Criterion{ID: c.ID, Min: c.Min, Max: c.Max, Weight: 1}
		if c.Weight != nil {
			q.Weight = *c.Weight
		}
		e.Criteria = append(e.Criteria, q)
	}
	for k, c := range r.Conflicts {
		if len(c) != 2 {
			return fmt.Errorf("conflicts[%d] wants a juror and a project, and has %d ids", k, len(c))
		}
		e.Conflicts = append(e.Conflicts, ranking.Conflict{Juror: c[0], Project: c[1]})
	}
	opt := t.opt
	if r.VisitsTotal > 0 {
		opt.VisitsTotal = r.VisitsTotal
	}
	if r.Floor > 0 {
		opt.Floor = r.Floor
	}
	if r.Together > 0 {
		opt.Together = r.Together
	}
	if opt.Together == 0 {
		opt.Together = ranking.Several
	}
	posterior, err := ranking.New(e, opt)
	if err != nil {
		return err
	}
	t.posterior = posterior
	return nil
}

// readRanking reads a juror's order: ids, best first, where a list of ids in place of
// an id is a tie. Nothing at all says nothing of the order.
func readRanking(raw json.RawMessage) ([][]string, error) {
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return nil, nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, fmt.Errorf("reading the ranking: %w", err)
	}
	order := make([][]string, 0, len(items))
	for _, item := range items {
		var tied []string
		if err := json.Unmarshal(item, &tied); err != nil || tied == nil {
			var id string
			if err := json.Unmarshal(item, &id); err != nil {
				return nil, fmt.Errorf("reading the ranking: %w", err)
			}
			tied = []string{id}
		}
		order = append(order, tied)
	}
	return order, nil
}

func (t *talk) result() (any, error) {
	r, err := t.posterior.Result(t.ctx)
	if err != nil {
		return nil, err
	}
	answer := rankAnswer{Ranking: []place{}}
	for _, s := range r.Projects {
		answer.Ranking = append(answer.Ranking, place{s.Project, s.Rank, s.Score, s.RankLo, s.RankHi, s.PBest, s.PTop3})
	}
	return answer, nil
}
