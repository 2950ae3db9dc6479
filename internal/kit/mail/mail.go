// Package mail sends one message to one person.
//
// A Sender either hands the message to a mail server (SMTP) or, in an installation that
// has none, writes it where the operator can read it (Log). Whoever sends asks
// Permanent whether trying again can help. The package keeps no queue, tries nothing
// twice and knows no text of its own: a job does the one, a room writes the other.
package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"strings"
)

// Message is one mail to one person.
type Message struct {
	// ID, when it is set, makes the Message-ID: the same ID twice is the same mail, so
	// that a mailbox can drop what a job that was tried again sent a second time.
	ID string
	// To is a bare address, ToName what is shown before it; ToName may be empty.
	To, ToName string
	// FromName is shown as the sender in the place of the installation's name, and ReplyTo
	// is the bare address that answers go to; both may be empty.
	FromName, ReplyTo string
	Subject           string
	// Text is required; HTML is offered beside it where it is not empty.
	Text, HTML string
	// Headers are added as they are, for example List-Unsubscribe.
	Headers     map[string]string
	Attachments []Attachment
}

// Attachment is a file that goes with a message.
type Attachment struct {
	Name        string
	ContentType string
	Content     []byte
}

// Sender hands a message over. A nil error means that the next server took it, not that
// it was read.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// permanentError marks a refusal that another try would meet again.
type permanentError struct{ err error }

func (e permanentError) Error() string { return e.err.Error() }
func (e permanentError) Unwrap() error { return e.err }

// Permanent says whether sending the same message again is bound to fail: the server
// refused the recipient or the content for good, or the message is malformed. What an
// operator can repair (no connection, a refused password, a refused sender) is not
// permanent.
func Permanent(err error) bool {
	var p permanentError
	return errors.As(err, &p)
}

// oneLine makes the names and the subject one line: they hold what people call themselves
// and their teams, and a line break in a name keeps nobody's letter back.
func (m Message) oneLine() Message {
	for _, text := range []*string{&m.ToName, &m.FromName, &m.Subject} {
		*text = strings.Join(strings.FieldsFunc(*text, func(c rune) bool { return c <= ' ' || c == 0x7f }), " ")
	}
	return m
}

// check finds what would make a message malformed, before any server sees it.
func (m Message) check() error {
	if _, err := netmail.ParseAddress("<" + m.To + ">"); err != nil {
		return permanentError{fmt.Errorf("the address %q: %w", m.To, err)}
	}
	if m.Text == "" {
		return permanentError{errors.New("the message has no text")}
	}
	lines := []string{m.ID, m.To, m.ToName, m.FromName, m.ReplyTo, m.Subject}
	for name, value := range m.Headers {
		lines = append(lines, name, value)
	}
	for _, a := range m.Attachments {
		lines = append(lines, a.Name, a.ContentType)
	}
	for _, line := range lines {
		if strings.ContainsAny(line, "\r\n\x00") {
			return permanentError{fmt.Errorf("a line break in the header %q", line)}
		}
	}
	return nil
}

// Log is the Sender of an installation without a mail server: it writes each message,
// with its text, into a log that the operator reads. The text may hold a sign-in link,
// which is the point: it is the way in until SMTP is set up.
type Log struct{ Logger *slog.Logger }

// Send writes the message into the log. It fails on a malformed message as SMTP does.
func (l Log) Send(ctx context.Context, m Message) error {
	m = m.oneLine()
	if err := m.check(); err != nil {
		return fmt.Errorf("logging a mail: %w", err)
	}
	l.Logger.InfoContext(ctx, "mail not sent: no server is set",
		"to", m.To, "subject", m.Subject, "text", m.Text, "attachments", len(m.Attachments))
	return nil
}
