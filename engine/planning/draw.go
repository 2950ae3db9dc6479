package planning

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// PitchTeam is a team in the pitch order. Positions count from 1; 0 means that
// side of the window is free. A window that reaches past the last position ends
// at the last position.
type PitchTeam struct {
	ID       string `json:"id"`
	Earliest int    `json:"earliest,omitempty"`
	Latest   int    `json:"latest,omitempty"`
}

// maxAttempts is the number of placements draw/1 tries before it gives up. It is
// part of the procedure: everyone who recomputes a draw stops at the same one.
const maxAttempts = 2_000_000

// ErrRedrawn says that a published order is not the one the procedure gives, or
// that the secret is not the one promised.
var ErrRedrawn = errors.New("the order is not the one drawn")

// Commit is the promise published before the public value exists: the hexadecimal
// SHA-256 of the secret.
func Commit(secret []byte) string {
	h := sha256.Sum256(secret)
	return hex.EncodeToString(h[:])
}

// Draw is the procedure draw/1: an order of the teams, uniform over all orders in
// which every team keeps its window and every pair of before keeps its order (the
// first pitches before the second). It depends on nothing but its arguments, so
// that anyone who has them can recompute it.
//
// The seed is SHA-256(secret || public); the random blocks are
// SHA-256(seed || counter), read as big-endian 64-bit words. Teams with a window
// or a precedence, by id, each draw a place of their window, and the whole
// attempt restarts on a clash (rejection keeps it uniform); the others, by id,
// are shuffled (Fisher and Yates, from the end) into the free places.
//
// The error is an *Infeasible when no order exists or when no attempt succeeds,
// and wraps ErrUnreadable when a team is named twice or a precedence names an
// unknown team.
func Draw(secret []byte, public string, teams []PitchTeam, before [][2]string) ([]string, error) {
	return draw(context.Background(), secret, public, teams, before)
}

// Verify recomputes a published draw: the secret must match the commitment and
// the order must be the one Draw gives. A wrong secret or order wraps ErrRedrawn.
func Verify(commit string, secret []byte, public string, teams []PitchTeam, before [][2]string, order []string) error {
	if subtle.ConstantTimeCompare([]byte(Commit(secret)), []byte(commit)) != 1 {
		return fmt.Errorf("%w: the secret does not match the commitment", ErrRedrawn)
	}
	want, err := Draw(secret, public, teams, before)
	if err != nil {
		return fmt.Errorf("drawing again: %w", err)
	}
	if len(order) != len(want) {
		return fmt.Errorf("%w: it has %d teams, not %d", ErrRedrawn, len(order), len(want))
	}
	for i := range want {
		if order[i] != want[i] {
			return fmt.Errorf("%w: position %d is %q, the draw gives %q", ErrRedrawn, i+1, order[i], want[i])
		}
	}
	return nil
}

// draw is Draw with a context: the attempts can take a second when windows are
// nearly impossible.
func draw(ctx context.Context, secret []byte, public string, teams []PitchTeam, before [][2]string) ([]string, error) {
	r, err := newRunOrder(teams, before)
	if err != nil {
		return nil, err
	}
	if err := r.feasible(); err != nil {
		return nil, err
	}
	st := &stream{seed: sha256.Sum256(append(slices.Clone(secret), public...))}
	places, err := r.place(ctx, st)
	if err != nil {
		return nil, err
	}
	free := r.free
	for i := len(free) - 1; i > 0; i-- {
		k := st.below(i + 1)
		free[i], free[k] = free[k], free[i]
	}
	order := make([]string, len(teams))
	held := make([]bool, len(teams))
	for k, p := range places {
		order[p], held[p] = r.teams[r.fixed[k]].ID, true
	}
	next := 0
	for i := range order {
		if !held[i] {
			order[i] = r.teams[free[next]].ID
			next++
		}
	}
	return order, nil
}

// stream is the random stream of draw/1.
type stream struct {
	seed    [32]byte
	counter uint64
	block   [32]byte
	left    int // words of block not yet given
}

func (s *stream) word() uint64 {
	if s.left == 0 {
		var b [40]byte
		copy(b[:], s.seed[:])
		binary.BigEndian.PutUint64(b[32:], s.counter)
		s.counter++
		s.block, s.left = sha256.Sum256(b[:]), 4
	}
	at := 32 - 8*s.left
	s.left--
	return binary.BigEndian.Uint64(s.block[at:])
}

// below is uniform on 0..n-1: words in the uneven tail are thrown away.
func (s *stream) below(n int) int {
	limit := (^uint64(0) / uint64(n)) * uint64(n)
	for {
		if v := s.word(); v < limit {
			return int(v % uint64(n))
		}
	}
}

// runOrder is a draw's input with ids resolved: teams sorted by id, windows as
// positions from 0, and who draws a place of its own.
type runOrder struct {
	teams  []PitchTeam
	lo, hi []int
	before [][2]int
	fixed  []int // teams with a window or a precedence, by id
	free   []int
}

func newRunOrder(teams []PitchTeam, before [][2]string) (*runOrder, error) {
	n := len(teams)
	r := &runOrder{teams: slices.Clone(teams), lo: make([]int, n), hi: make([]int, n)}
	slices.SortFunc(r.teams, func(a, b PitchTeam) int {
		if a.ID < b.ID {
			return -1
		}
		if a.ID > b.ID {
			return 1
		}
		return 0
	})
	bound := make([]bool, n)
	at := make(map[string]int, n)
	for i, t := range r.teams {
		if _, twice := at[t.ID]; twice {
			return nil, Unreadable("team %q is named twice", t.ID)
		}
		if t.Earliest < 0 || t.Latest < 0 {
			return nil, Unreadable("team %q has a negative position", t.ID)
		}
		at[t.ID] = i
		r.lo[i], r.hi[i] = max(0, t.Earliest-1), n-1
		if t.Latest > 0 {
			r.hi[i] = min(n, t.Latest) - 1
		}
		bound[i] = r.lo[i] > 0 || r.hi[i] < n-1
	}
	for _, b := range before {
		first, ok1 := at[b[0]]
		second, ok2 := at[b[1]]
		if !ok1 || !ok2 {
			return nil, Unreadable("before names an unknown team: %q before %q", b[0], b[1])
		}
		r.before = append(r.before, [2]int{first, second})
		bound[first], bound[second] = true, true
	}
	for i := range r.teams {
		if bound[i] {
			r.fixed = append(r.fixed, i)
		} else {
			r.free = append(r.free, i)
		}
	}
	return r, nil
}

// place draws attempts until one has distinct places and keeps the precedences;
// it returns a place for each fixed team.
func (r *runOrder) place(ctx context.Context, st *stream) ([]int, error) {
	n := len(r.teams)
	pos := make([]int, n)   // place of a fixed team in this attempt
	stamp := make([]int, n) // attempt that last took the place
	places := make([]int, len(r.fixed))
	for attempt := 1; attempt <= maxAttempts; attempt++ {
		if attempt%1024 == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("drawing the pitch order: %w", ctx.Err())
		}
		if r.attempt(st, attempt, pos, stamp) {
			for k, t := range r.fixed {
				places[k] = pos[t]
			}
			return places, nil
		}
	}
	return nil, Clash("an order exists, but %d random attempts did not meet it: "+
		"widen some windows or remove some precedences", maxAttempts)
}

func (r *runOrder) attempt(st *stream, attempt int, pos, stamp []int) bool {
	for _, t := range r.fixed {
		p := r.lo[t] + st.below(r.hi[t]-r.lo[t]+1)
		if stamp[p] == attempt {
			return false
		}
		stamp[p], pos[t] = attempt, p
	}
	for _, b := range r.before {
		if pos[b[0]] >= pos[b[1]] {
			return false
		}
	}
	return true
}
