// Package live tells open pages that something changed.
//
// A service touches a topic in its transaction; once that is committed, every page that
// listens gets the topic's name and reads again what it shows, with its own reader's
// rights. No data travels. A listener that is slow keeps one note per topic and no more;
// one that was away says what it saw last and is told what was touched since.
package live

import (
	"context"
	"fmt"
	"sync"

	"h48/internal/kit/sqldb"
)

// Bridge carries topics between several copies of the program. Alone there is none.
type Bridge interface {
	// Publish sends a topic to the other copies.
	Publish(topic string) error
	// Subscribe calls heard for every topic that another copy published.
	Subscribe(heard func(topic string)) error
}

// Hub knows who listens to what.
type Hub struct {
	bridge Bridge

	mu        sync.Mutex
	boot      string
	seq       int64
	last      map[string]int64 // when a topic was touched last
	listeners map[string]map[*Listener]struct{}
	open      int
}

// NewHub returns a hub; boot tells its notes from those of an earlier run of the program.
// A nil bridge keeps everything in the process.
func NewHub(boot string, bridge Bridge) (*Hub, error) {
	h := &Hub{bridge: bridge, boot: boot, last: map[string]int64{}, listeners: map[string]map[*Listener]struct{}{}}
	if bridge != nil {
		if err := bridge.Subscribe(h.heard); err != nil {
			return nil, fmt.Errorf("listening to the other copies: %w", err)
		}
	}
	return h, nil
}

// Touch says, once the transaction is committed, that the topics changed.
func (h *Hub) Touch(tx *sqldb.Tx, topics ...string) {
	tx.AfterCommit(func() { h.Tell(topics...) })
}

// Tell says at once that the topics changed, for what is not kept in the database.
func (h *Hub) Tell(topics ...string) {
	for _, topic := range topics {
		h.heard(topic)
		if h.bridge != nil {
			// A copy that misses a signal shows the change on its next reading.
			_ = h.bridge.Publish(topic)
		}
	}
}

func (h *Hub) heard(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	h.last[topic] = h.seq
	for l := range h.listeners[topic] {
		l.note(topic)
	}
}

// Open is how many listeners there are.
func (h *Hub) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

// Listener hears of its topics until it is closed.
type Listener struct {
	hub     *Hub
	topics  []string
	wake    chan struct{}
	mu      sync.Mutex
	pending map[string]struct{}
}

// Listen starts listening to the topics. since is the last note that the page saw, as
// Position gave it; what was touched after it is pending at once, and everything is
// when the program was started anew in between. An empty since is a fresh page.
func (h *Hub) Listen(topics []string, since string) *Listener {
	l := &Listener{hub: h, topics: topics, wake: make(chan struct{}, 1), pending: map[string]struct{}{}}
	h.mu.Lock()
	defer h.mu.Unlock()
	boot, seen := parsePosition(since)
	for _, topic := range topics {
		if h.listeners[topic] == nil {
			h.listeners[topic] = map[*Listener]struct{}{}
		}
		h.listeners[topic][l] = struct{}{}
		if since != "" && (boot != h.boot || h.last[topic] > seen) {
			l.note(topic)
		}
	}
	h.open++
	return l
}

// Position says how far the hub has come, for a page to give back to Listen.
func (h *Hub) Position() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprintf("%s.%d", h.boot, h.seq)
}

func parsePosition(s string) (boot string, seq int64) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			if _, err := fmt.Sscanf(s[i+1:], "%d", &seq); err != nil {
				return "", 0
			}
			return s[:i], seq
		}
	}
	return "", 0
}

func (l *Listener) note(topic string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending[topic] = struct{}{}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Next waits for something to be touched and returns the topics, in no order. It
// returns the context's error when that ends first.
func (l *Listener) Next(ctx context.Context) ([]string, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.wake:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	topics := make([]string, 0, len(l.pending))
	for topic := range l.pending {
		topics = append(topics, topic)
	}
	clear(l.pending)
	return topics, nil
}

// Close ends the listening. It may be called twice.
func (l *Listener) Close() {
	h := l.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.topics == nil {
		return
	}
	for _, topic := range l.topics {
		delete(h.listeners[topic], l)
		if len(h.listeners[topic]) == 0 {
			delete(h.listeners, topic)
		}
	}
	l.topics = nil
	h.open--
}
