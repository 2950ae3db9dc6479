package programme_test

import (
	"context"
	"sync"

	"h48/internal/kit/mail"
)

// box keeps the letters that went out.
type box struct {
	mu   sync.Mutex
	sent []mail.Message
}

// Send implements mail.Sender.
func (b *box) Send(_ context.Context, m mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, m)
	return nil
}
