package ranking

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
)

// Rounds of EM: from nothing, and after one more visit.
const (
	coldRounds  = 40
	warmRounds  = 3
	shapeRounds = 3    // for the severities that reshape takes out
	manyVisits  = 5000 // from here on, one round after one more visit moves severities enough
)

// Posterior is the live state of one event's judging: visits come in one at a time,
// and it says where a juror should go next. It is not safe for concurrent use.
type Posterior struct {
	book  *book
	opt   Options
	model *mixed
	walk  walk
}

// New opens the judging of an event with what it holds so far. An error names what
// of the event does not fit together.
func New(e Event, opt Options) (*Posterior, error) {
	p, err := read(e, opt)
	if err == nil {
		p.refit(nil, coldRounds)
	}
	return p, err
}

// read is New without a model.
func read(e Event, opt Options) (*Posterior, error) {
	b, err := newBook(e)
	if err != nil {
		return nil, fmt.Errorf("reading the event: %w", err)
	}
	return &Posterior{book: b, opt: opt, walk: newWalk(b)}, nil
}

func (p *Posterior) refit(warm *mixed, rounds int) {
	p.model = p.fitted(warm, rounds)
}

// fitted fits the model before and after the bend, from nothing or from an earlier one of
// the same event.
func (p *Posterior) fitted(warm *mixed, rounds int) *mixed {
	ev := p.book.fuse()
	m := newMixed(ev, len(p.book.projects), len(p.book.jurors), warm)
	shape := shapeRounds
	if warm != nil && len(ev.value) >= manyVisits {
		shape = 1
	}
	m.fit(shape)
	m.restart(ev.reshape(m.severity), warm)
	m.fit(rounds)
	return m
}

// Rank is the ranking of an event. It returns ctx's error when cancelled and an error
// that names what of the event does not fit together.
func Rank(ctx context.Context, e Event, opt Options) (Result, error) {
	p, err := read(e, opt)
	if err != nil {
		return Result{}, err
	}
	return p.Result(ctx)
}

// plainSeed gives every model of the same size the same draws.
func (m *mixed) plainSeed() *rand.Rand {
	return rand.New(rand.NewPCG(uint64(len(m.merit)), uint64(len(m.weight))))
}

// seed is derived from the observations alone, so that names and the order of rows
// leave the draws as they are.
func (m *mixed) seed() *rand.Rand {
	bits := make([]uint64, len(m.ev.value))
	for k, v := range m.ev.value {
		bits[k] = uint64(int64(math.Round(v * 1e6)))
	}
	slices.Sort(bits)
	h := fnv.New64a()
	for _, b := range bits {
		var raw [8]byte
		for k := range raw {
			raw[k] = byte(b >> (8 * k))
		}
		h.Write(raw[:])
	}
	return rand.New(rand.NewPCG(h.Sum64(), uint64(len(m.merit))<<32|uint64(len(m.weight))))
}
