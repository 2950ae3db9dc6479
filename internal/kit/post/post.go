// Package post sends letters by jobs: a letter is ordered in the transaction of what it
// is about, and goes out if and only if that commits; a mail server that is away delays
// it and loses nothing.
package post

import (
	"context"
	"fmt"

	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// Kind is the kind of the jobs that send letters.
const Kind = "mail"

// Post orders letters.
type Post struct {
	queue *jobs.Queue
	ids   *ids.Source
}

// New returns a post that orders from the queue.
func New(queue *jobs.Queue, source *ids.Source) *Post { return &Post{queue: queue, ids: source} }

// SendTx orders the letter in the transaction. The edition may be empty.
func (p *Post) SendTx(ctx context.Context, tx *sqldb.Tx, edition string, m mail.Message) error {
	if m.ID == "" {
		m.ID = p.ids.ID()
	}
	if _, err := p.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: Kind, Edition: edition, Args: m}); err != nil {
		return fmt.Errorf("ordering a letter: %w", err)
	}
	return nil
}

// Sign completes a letter about an edition: in whose name it goes out, who is answered.
type Sign func(ctx context.Context, edition string, m *mail.Message) error

// Handler returns the job that hands letters to the sender.
func Handler(sender mail.Sender) jobs.Handler { return Signed(sender, nil) }

// Signed is Handler for letters that sign completes first; those about no edition go as
// they are.
func Signed(sender mail.Sender, sign Sign) jobs.Handler {
	return func(ctx context.Context, run *jobs.Run) error {
		var m mail.Message
		if err := run.Args(&m); err != nil {
			return err
		}
		if sign != nil && run.Edition != "" {
			if err := sign(ctx, run.Edition, &m); err != nil {
				return fmt.Errorf("signing a letter: %w", err)
			}
		}
		err := sender.Send(ctx, m)
		if mail.Permanent(err) {
			return fmt.Errorf("%w: %w", err, jobs.ErrForGood)
		}
		return err
	}
}
