package vote_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"h48/internal/kit/errs"
	"h48/internal/kit/mail"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/vote"
)

// box keeps how many letters went to each address; several jobs send at once.
type box struct {
	mu sync.Mutex
	to map[string]int
}

func (b *box) Send(_ context.Context, m mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to[m.To]++
	return nil
}

// The machine goes off in the middle of a posting: what has left is not sent again, and
// the rest leaves once the program is back.
func TestLetters_goOnAfterTheMachineWentOff(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	h := enter(t, db)
	plan := h.plan()
	plan.Audience, plan.Closes = vote.Tenants, plan.Opens.Add(48*time.Hour)
	id := h.opened(plan)
	var addresses []string
	for i := range 7 {
		addresses = append(addresses, fmt.Sprintf("voisin%d@example.org", i))
	}
	_, err := h.Letters(t.Context(), h.Boss, h.Edition.ID, id, vote.Recipients{Label: "Tilleuls", Addresses: addresses})
	h.must(err)
	sent := &box{to: map[string]int{}}
	work := func() {
		handlers := h.Jobs()
		handlers[post.Kind] = post.Handler(sent)
		h.RunJobs(handlers) // by a worker that knows nothing of the one before
	}
	run := func(statement string) {
		h.must(db.InTx(t.Context(), func(tx *dbtest.Tx) error {
			_, err := sqldb.Exec(t.Context(), tx, statement)
			return err
		}))
	}
	run(`CREATE TRIGGER off BEFORE INSERT ON jobs WHEN NEW.kind = 'mail' AND (SELECT COUNT(*) FROM jobs WHERE kind = 'mail') >= 3
		BEGIN SELECT RAISE(ABORT, 'the machine is off'); END`)
	work()
	if len(sent.to) != 3 {
		t.Fatalf("%d letters left before the machine went off, want 3", len(sent.to))
	}
	run(`DROP TRIGGER off`)
	db.Clock.Set(db.Clock.Now().Add(time.Hour))
	for range 3 { // and off and on again
		work()
	}
	for _, address := range addresses {
		if sent.to[address] != 1 {
			t.Errorf("%s has %d letters", address, sent.to[address])
		}
	}
	same(t, "codes", count(t, db, `SELECT COUNT(*) FROM vote_tokens WHERE poll_id = $1`, id), 7)
	var batch string
	batch, err = sqldb.Value[string](t.Context(), db, `SELECT id FROM vote_batches WHERE poll_id = $1`, id)
	h.must(err)
	if err := h.SendRest(t.Context(), h.Boss, h.Edition.ID, id, batch); !errs.Is(err, errs.Conflict) {
		t.Errorf("there is a rest to send: %v", err)
	}
}
