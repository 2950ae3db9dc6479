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
	// Rankings were published in the chain, and Prizes given; Panels of them have a ranking
	// of their own.
	Rankings, Prizes, Panels int
	// Compared are the words on two teams, Amended the changes of the rules after the
	// first mark, Signed the signatures under the minutes.
	Compared, Amended, Signed int
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
	c := &checker{ctx: ctx, hash: sha256.New(), replay: newReplay(), printed: printed, marks: map[string]bool{}, said: map[string]bool{},
		shown: map[string]map[string]bool{}, signed: map[int]bool{}}
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
	said    map[string]bool // comparisons of the table
	amended int             // amendments of the table
	ranking *jury.TracedRanking
	prizes  []Prize
	shown   map[string]map[string]bool // by prize, "" for the common ranking: fingerprints
	signed  map[int]bool               // signatures of the chain that the table has
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
	case l.Compared != nil:
		c.compared(*l.Compared)
	case l.Amended != nil:
		c.amendment(*l.Amended)
	case l.Signature != nil:
		c.signature(*l.Signature)
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
	c.head = h
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

// compared compares a comparison of the table with the chain.
func (c *checker) compared(said jury.TracedComparison) {
	where := []any{"line", c.n, "better", c.team(said.Better), "worse", c.team(said.Worse)}
	in, there := c.replay.said[said.ID]
	switch {
	case !there:
		c.found("record.comparison_not_in_chain", where...)
	case c.said[said.ID]:
		c.found("record.comparison_twice", where...)
	case in.TracedComparison != said:
		c.found("record.comparison_differs", append(where, "n", in.entry)...)
	}
	c.said[said.ID] = true
}

// amendment compares a change of the rules with the chain: the table has them in the
// order in which they were made.
func (c *checker) amendment(said jury.TracedAmendment) {
	i := c.amended
	if c.amended++; i >= len(c.replay.amended) {
		c.found("record.amendment_not_in_chain", "line", c.n, "reason", said.Reason)
	} else if in := c.replay.amended[i]; in.TracedAmendment != said {
		c.found("record.amendment_differs", "line", c.n, "n", in.entry)
	}
}

// unsaid finds the comparisons and the amendments of the chain that the tables do not have.
func (c *checker) unsaid() {
	var all []comparedAt
	for id, in := range c.replay.said {
		if !c.said[id] {
			all = append(all, in)
		}
	}
	slices.SortFunc(all, func(a, b comparedAt) int { return int(a.entry - b.entry) })
	for _, in := range all[:min(len(all), mostNamed)] {
		c.found("record.comparison_missing", "n", in.entry, "better", c.team(in.Better), "worse", c.team(in.Worse))
	}
	for i := c.amended; i < len(c.replay.amended); i++ {
		c.found("record.amendment_missing", "n", c.replay.amended[i].entry)
	}
}

// end checks what can be said once everything is read.
func (c *checker) end() {
	if !c.sealed {
		c.found("record.no_seal", "line", c.n)
	}
	c.report.Head, c.report.Marks, c.report.Prizes = c.chain, len(c.replay.known), len(c.prizes)
	c.report.Compared, c.report.Amended, c.report.Signed = len(c.replay.said), len(c.replay.amended), len(c.replay.won.signed)
	if !c.broken && (c.chain.N != c.head.Entries || c.chain.Hash != c.head.Hash) {
		c.found("record.end_differs", "n", c.head.Entries, "entries", c.chain.N)
	}
	for _, m := range c.missing() {
		c.found("record.mark_missing", "n", m.entry, "mark", m.ID, "team", c.team(m.Team))
	}
	c.unsaid()
	if c.ranking == nil {
		c.found("record.no_ranking")
	} else {
		c.panels(*c.ranking)
	}
	c.awards()
	c.unsigned()
	if c.printed != "" && c.report.Printed == 0 && c.printed != chain.Genesis(c.head.Edition) {
		c.found("record.printed_unknown")
	}
	c.title()
}

// title says a prize by its title where it was found by its id: the titles stand below.
func (c *checker) title() {
	for _, f := range c.report.Findings {
		for i, arg := range f.Args {
			if id, ok := arg.(prizeID); ok {
				f.Args[i] = string(id)
				for _, p := range c.prizes {
					if p.ID == string(id) {
						f.Args[i] = p.Title
					}
				}
			}
		}
	}
}

// prizeID is a prize in a finding, before its title is known.
type prizeID string

// mostNamed is how many of what is missing are named one by one.
const mostNamed = 10

// missing are the marks of the chain that the table does not have.
func (c *checker) missing() (all []markAt) {
	for id, m := range c.replay.known {
		if !c.marks[id] {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b markAt) int { return int(a.entry - b.entry) })
	return all[:min(len(all), mostNamed)]
}

// team is a team's name, or its id where it has none.
func (c *checker) team(id string) string {
	if name := c.head.Teams[id]; name != "" {
		return name
	}
	return id
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }
