package record

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"reflect"
	"slices"
	"time"

	"h48/internal/jury"
	"h48/internal/kit/chain"
)

// Finding is one thing that does not belong to the rest.
type Finding struct {
	Key  string // of the sentence that says so
	Args []any  // names and values, as i18n takes them
}

// Report is what a record says of itself.
type Report struct {
	Title   string
	Written time.Time
	Head    chain.Head
	Entries int
	Marks   int // that stand in the chain
	Counted int // sheets in the newest ranking
	// Rankings were published in the chain, and Prizes given.
	Rankings, Prizes int
	// Winner is the first of the newest ranking.
	Winner   string
	Findings []Finding // in the order of the file
	// Printed says where the hash that the reader brought stands; 0 where it was not asked for.
	Printed int64
}

// Good says whether marks, ranking and award belong together.
func (r Report) Good() bool { return len(r.Findings) == 0 }

// ErrNoRecord says that a file is something else.
var ErrNoRecord = errors.New("this is not the record of a jury")

// longestLine bounds the memory: a ranking of thousands of teams is a few megabytes.
const longestLine = 256 << 20

// Check reads a record and looks for anything that does not belong to the rest. printed
// is a hash that was published, or "". The error is ErrNoRecord, or of reading; what is
// wrong with a record stands in the report.
func Check(ctx context.Context, in io.Reader, printed string) (Report, error) {
	c := &checker{ctx: ctx, hash: sha256.New(), replay: newReplay(), printed: printed}
	lines := bufio.NewReaderSize(in, 1<<16)
	for {
		text, err := lines.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return c.report, fmt.Errorf("reading the record: %w", err)
		}
		if len(text) > longestLine {
			return c.report, ErrNoRecord
		}
		if len(text) > 0 {
			if wrong := c.line(text); wrong != nil {
				return c.report, wrong
			}
		}
		if err != nil {
			break
		}
	}
	if c.n == 0 {
		return c.report, ErrNoRecord
	}
	c.end()
	return c.report, ctx.Err()
}

type checker struct {
	ctx     context.Context
	hash    hash.Hash
	replay  *replay
	report  Report
	head    head
	chain   chain.Head
	broken  bool // the chain broke: what follows in it says nothing new
	n       int  // of the line
	sealed  bool
	marks   map[string]bool
	ranking *jury.TracedRanking
	prizes  []Prize
	printed string
}

func (c *checker) found(key string, args ...any) {
	c.report.Findings = append(c.report.Findings, Finding{Key: key, Args: args})
}

// line checks one line by itself and against those above it.
func (c *checker) line(text []byte) error {
	c.n++
	var l line
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	err := in.Decode(&l)
	if c.n == 1 {
		if err != nil || l.Head == nil || l.Head.Format != format {
			return ErrNoRecord
		}
	}
	if c.sealed {
		c.found("record.after_seal", "line", c.n)
		return nil
	}
	if err != nil {
		c.found("record.unreadable_line", "line", c.n)
		c.hash.Write(text)
		return nil
	}
	if again, wrong := encode(l); wrong != nil || !bytes.Equal(again, text) {
		c.found("record.other_form", "line", c.n)
	}
	c.take(l)
	c.hash.Write(text)
	return nil
}

func (c *checker) take(l line) {
	switch {
	case l.Head != nil:
		c.begin(*l.Head)
	case l.Entry != nil:
		c.entry(*l.Entry)
	case l.Mark != nil:
		c.mark(*l.Mark)
	case l.Rubric != nil:
		if !same(c.replay.rubrics[l.Rubric.Round], l.Rubric.Criteria) {
			c.found("record.rubric_differs", "line", c.n, "round", l.Rubric.Round)
		}
	case l.Ranking != nil:
		c.ranking = l.Ranking
		c.check(*l.Ranking, 0)
	case l.Prize != nil:
		c.prizes = append(c.prizes, *l.Prize)
	case l.Seal != nil:
		c.sealed = true
		if l.Seal.Lines != c.n-1 || l.Seal.Hash != hex.EncodeToString(c.hash.Sum(nil)) {
			c.found("record.seal_broken", "line", c.n)
		}
	default:
		c.found("record.unreadable_line", "line", c.n)
	}
}

func (c *checker) begin(h head) {
	if c.n > 1 {
		c.found("record.unreadable_line", "line", c.n)
		return
	}
	c.head, c.marks = h, map[string]bool{}
	c.chain = chain.Head{Hash: chain.Genesis(h.Edition)}
	c.report.Title, c.report.Written = h.Title, time.UnixMicro(h.Written).UTC()
}

func (c *checker) entry(e entry) {
	c.report.Entries++
	link := chain.Entry{N: e.N, At: time.UnixMicro(e.At).UTC(), Kind: e.Kind, Subject: e.Subject, Body: string(e.Body), Hash: e.Hash}
	if !c.broken {
		next, err := c.chain.Check(link)
		var broken *chain.Broken
		if errors.As(err, &broken) {
			c.broken = true
			c.found(brokenKeys[broken.Why], "n", broken.N, "line", c.n, "kind", e.Kind)
		}
		c.chain = next
	}
	if link.Hash == c.printed {
		c.report.Printed = link.N
	}
	if err := c.replay.take(link); err != nil {
		c.found("record.entry_says_nothing", "n", e.N, "line", c.n, "why", err.Error())
	}
	if c.replay.published != nil && e.Kind == jury.TraceRanking {
		c.report.Rankings++
		c.check(*c.replay.published, e.N)
	}
}

// brokenKeys say in words why a chain is broken.
var brokenKeys = map[string]string{chain.WrongNumber: "record.wrong_number", chain.WrongHash: "record.wrong_hash", chain.WrongForm: "record.wrong_form"}

// mark compares a mark of the table with the chain.
func (c *checker) mark(m mark) {
	in, there := c.replay.known[m.ID]
	switch {
	case !there:
		c.found("record.mark_not_in_chain", "line", c.n, "mark", m.ID, "team", c.team(m.Team))
	case c.marks[m.ID]:
		c.found("record.mark_twice", "line", c.n, "mark", m.ID)
	default:
		in.Why = "" // its digest stands in the chain alone
		if in.round != m.Round || in.TracedMark != m.TracedMark {
			c.found("record.mark_differs", "line", c.n, "n", in.entry, "mark", m.ID, "team", c.team(m.Team))
		}
	}
	c.marks[m.ID] = true
}

// check computes a ranking again; n is its entry, 0 for what the tables say.
func (c *checker) check(said jury.TracedRanking, n int64) {
	where := []any{"n", n, "line", c.n}
	for _, j := range said.Jurors {
		if p := c.replay.presence[string(j.Juror)]; p != j.Presence && !(p == "" && j.Presence == jury.Present) {
			c.found("record.juror_differs", where...)
		}
	}
	holds := map[sheetOf]bool{}
	for _, r := range said.Conflicts {
		k := sheetOf{string(r.Juror), r.Team}
		holds[k] = true
		if held, known := c.replay.conflicts[k]; known && !held {
			c.found("record.conflict_differs", append(where, "team", c.team(r.Team))...)
		}
	}
	for k, held := range c.replay.conflicts {
		if held && !holds[k] && judges(said, k) {
			c.found("record.conflict_differs", append(where, "team", c.team(k.team))...)
		}
	}
	again, err := c.replay.evidence(said).Rank(c.ctx)
	if err != nil {
		if c.ctx.Err() == nil {
			c.found("record.cannot_rank", append(where, "why", err.Error())...)
		}
		return
	}
	if again.Fingerprint != said.Fingerprint {
		c.found("record.marks_differ", where...)
	}
	c.places(said, again, where)
}

func judges(said jury.TracedRanking, k sheetOf) bool {
	return slices.ContainsFunc(said.Teams, func(t jury.TracedTeam) bool { return t.ID == k.team }) &&
		slices.ContainsFunc(said.Jurors, func(j jury.TracedPresence) bool { return string(j.Juror) == k.juror })
}

// places compares a ranking with what the marks give.
func (c *checker) places(said, again jury.TracedRanking, where []any) {
	if len(said.Places) != len(again.Places) {
		c.found("record.places_missing", where...)
		return
	}
	c.report.Counted, c.report.Winner = 0, ""
	for i, p := range said.Places {
		q := again.Places[i]
		c.report.Counted += p.Visits
		if i == 0 {
			c.report.Winner = c.team(p.Team)
		}
		if !samePlace(p, q) {
			c.found("record.place_differs", append(where, "team", c.team(p.Team), "rank", p.Rank, "by_marks", c.team(q.Team))...)
			return
		}
	}
}

// samePlace allows for what another processor rounds otherwise.
func samePlace(a, b jury.TracedPlace) bool {
	close := math.Abs(a.Score-b.Score) <= 1e-6*(1+math.Abs(b.Score)) && math.Abs(a.PBest-b.PBest) <= 0.002 &&
		max(a.RankLo-b.RankLo, b.RankLo-a.RankLo, a.RankHi-b.RankHi, b.RankHi-a.RankHi) <= 1
	a.Score, a.PBest, a.RankLo, a.RankHi = b.Score, b.PBest, b.RankLo, b.RankHi
	return close && a == b
}

// end checks what can be said once everything is read.
func (c *checker) end() {
	if !c.sealed {
		c.found("record.no_seal", "line", c.n)
	}
	c.report.Head, c.report.Marks, c.report.Prizes = c.chain, len(c.replay.known), len(c.prizes)
	if !c.broken && (c.chain.N != c.head.Entries || c.chain.Hash != c.head.Hash) {
		c.found("record.end_differs", "n", c.head.Entries, "entries", c.chain.N)
	}
	for _, m := range c.missing() {
		c.found("record.mark_missing", "n", m.entry, "mark", m.ID, "team", c.team(m.Team))
	}
	if c.ranking == nil {
		c.found("record.no_ranking")
	}
	c.awards()
	if c.printed != "" && c.report.Printed == 0 && c.printed != chain.Genesis(c.head.Edition) {
		c.found("record.printed_unknown")
	}
}

// missing are the marks of the chain that the table does not have.
func (c *checker) missing() (all []markAt) {
	for id, m := range c.replay.known {
		if !c.marks[id] {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b markAt) int { return int(a.entry - b.entry) })
	return all[:min(len(all), 10)]
}

// team is a team's name, or its id where it has none.
func (c *checker) team(id string) string {
	if name := c.head.Teams[id]; name != "" {
		return name
	}
	return id
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }
