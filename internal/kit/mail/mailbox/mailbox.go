// Package mailbox is a mail server that keeps what it receives and delivers nothing.
//
// Tests send to it what they would send to the world; the demo shows it as the mailbox
// of its invented people. It listens on the loopback interface alone and writes
// nothing to disk. It is no server for real mail.
package mailbox

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

// Bounds of what a mailbox keeps: the demo may run for days.
const (
	maxMessages     = 10_000
	maxMessageBytes = 30 << 20
)

// Mailbox is a running server. It is safe for concurrent use.
type Mailbox struct {
	server   *smtp.Server
	listener net.Listener

	mu       sync.Mutex
	received []Received
	refusals []int
	arrival  chan struct{} // closed and replaced when a message arrives
}

// Open starts a mailbox on a free port of the loopback interface. It closes when ctx
// ends.
func Open(ctx context.Context) (*Mailbox, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the mailbox: %w", err)
	}
	box := &Mailbox{listener: listener, arrival: make(chan struct{})}
	box.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{box: box}, nil
	}))
	box.server.Domain = "localhost"
	box.server.MaxMessageBytes = maxMessageBytes
	box.server.EnableSMTPUTF8 = true
	box.server.ErrorLog = log.New(io.Discard, "", 0) // a client that hangs up is no event here
	go func() { _ = box.server.Serve(listener) }()   // ends with Close
	context.AfterFunc(ctx, box.Close)
	return box, nil
}

// Close stops the server; what arrived can still be read. It may be called twice.
func (b *Mailbox) Close() {
	_ = b.listener.Close() // the server closes it too, once it serves
	_ = b.server.Close()
}

// Addr is where the mailbox listens, as host:port.
func (b *Mailbox) Addr() string { return b.listener.Addr().String() }

// HostPort is Addr in the two parts that a mail configuration asks for.
func (b *Mailbox) HostPort() (host string, port int) {
	tcp := b.listener.Addr().(*net.TCPAddr) // Open listens on TCP
	return tcp.IP.String(), tcp.Port
}

// Messages returns what arrived for the address, oldest first; for everyone where to is
// empty. Upper and lower case are the same.
func (b *Mailbox) Messages(to string) []Received {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.messages(to)
}

func (b *Mailbox) messages(to string) []Received {
	var found []Received
	for _, m := range b.received {
		if to == "" || strings.EqualFold(m.To, to) {
			found = append(found, m)
		}
	}
	return found
}

// Wait returns the messages for the address as soon as there are n of them, or the
// error of ctx.
func (b *Mailbox) Wait(ctx context.Context, to string, n int) ([]Received, error) {
	for {
		b.mu.Lock()
		found, arrival := b.messages(to), b.arrival
		b.mu.Unlock()
		if len(found) >= n {
			return found, nil
		}
		select {
		case <-arrival:
		case <-ctx.Done():
			return found, fmt.Errorf("waiting for %d mails to %q, %d came: %w", n, to, len(found), ctx.Err())
		}
	}
}

// Refuse makes the server refuse the next n recipients with the SMTP code: 450 for "try
// again later", 550 for "no such person".
func (b *Mailbox) Refuse(n, code int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refusals = slices.Repeat([]int{code}, n)
}

func (b *Mailbox) refusal() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.refusals) == 0 {
		return nil
	}
	code := b.refusals[0]
	b.refusals = b.refusals[1:]
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "refused as asked"}
}

func (b *Mailbox) keep(m Received) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.received) == maxMessages {
		b.received = slices.Delete(b.received, 0, maxMessages/10)
	}
	b.received = append(b.received, m)
	close(b.arrival)
	b.arrival = make(chan struct{})
}

// session is one client's conversation with the server.
type session struct {
	box        *Mailbox
	recipients []string
}

func (s *session) Reset()                               { s.recipients = nil }
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.box.refusal(); err != nil {
		return err
	}
	s.recipients = append(s.recipients, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("receiving a mail: %w", err)
	}
	received, err := parse(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: err.Error()}
	}
	for _, to := range s.recipients {
		received.To = to
		s.box.keep(received)
	}
	return nil
}
