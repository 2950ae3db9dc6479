// Package ids makes every identifier, secret and draw of the program, so that a test
// or a rehearsal that gives a seed gets the same ones each time.
package ids

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"sync"
	"time"
)

// crockford is Crockford's base 32 in lower case: it sorts as the numbers do and has
// no i, l, o or u.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// spoken leaves out the signs that sound or look alike on paper and over a bad line.
const spoken = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// Source makes identifiers and secrets. It is safe for concurrent use.
type Source struct {
	in  io.Reader
	now func() time.Time

	mu     sync.Mutex
	last   [16]byte // the newest identifier
	lastMs int64
}

// NewSource returns a source on the machine's cryptographic randomness.
func NewSource(now func() time.Time) *Source { return &Source{in: rand.Reader, now: now} }

// Seeded returns a source that gives the same sequence for the same seed. It is for
// tests and rehearsals: its secrets can be guessed by whoever knows the seed.
func Seeded(seed uint64, now func() time.Time) *Source {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	return &Source{in: mathrand.NewChaCha8(key), now: now}
}

// ID returns a new identifier: 26 signs that sort by the moment of making. They begin
// with the millisecond and end in 80 random bits; a second one in the same millisecond
// is the next number, so that what one source makes always sorts in its order.
func (s *Source) ID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ms := s.now().UnixMilli()
	if ms == s.lastMs {
		for i := len(s.last) - 1; i >= 6; i-- {
			s.last[i]++
			if s.last[i] != 0 {
				break
			}
		}
		return crockford.EncodeToString(s.last[:])
	}
	s.lastMs = ms
	binary.BigEndian.PutUint64(s.last[:8], uint64(ms)<<16)
	s.fill(s.last[6:])
	return crockford.EncodeToString(s.last[:])
}

// Secret returns 256 random bits in a form that fits in an address.
func (s *Source) Secret() string {
	b := make([]byte, 32)
	s.read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Code returns n signs that can be read aloud.
func (s *Source) Code(n int) string {
	code := make([]byte, n)
	for i := range code {
		code[i] = spoken[s.Below(len(spoken))]
	}
	return string(code)
}

// Below returns a uniform number from 0 to n-1; n must be above 0.
func (s *Source) Below(n int) int {
	limit := (1 << 63) / uint64(n) * uint64(n)
	for {
		var b [8]byte
		s.read(b[:])
		if v := binary.BigEndian.Uint64(b[:]) >> 1; v < limit {
			return int(v % uint64(n))
		}
	}
}

func (s *Source) read(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fill(b)
}

func (s *Source) fill(b []byte) {
	if _, err := io.ReadFull(s.in, b); err != nil {
		// A machine without randomness can promise nobody a secret.
		panic(fmt.Sprintf("reading randomness: %v", err))
	}
}
