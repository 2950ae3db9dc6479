package app_test

import (
	"testing"
	"time"

	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// What nobody can use any more goes away by itself, every day: sessions that have ended,
// links that are dead, and what a letter said as soon as it is sent.
func TestSweep_everyDay(t *testing.T) {
	t.Parallel()
	h := empty(t)
	ctx := t.Context()
	ada := h.admin("ada@example.org", "Ada Exemple")
	count := func(query string) int {
		t.Helper()
		n, err := sqldb.Value[int](ctx, h.DB, query)
		h.must(err)
		return n
	}
	run := func() {
		t.Helper()
		for {
			n, err := h.RunDueJobs(ctx)
			h.must(err)
			if n == 0 {
				return
			}
		}
	}
	h.Start() // orders the first
	h.Stop()
	for day := range 3 {
		h.must(h.Accounts.AskLink(ctx, ada.Email, "/"))
		h.cookie(ada, "")
		if count(`SELECT COUNT(*) FROM jobs WHERE args LIKE '%ada@example.org%'`) != 1 {
			t.Fatal("no letter was ordered")
		}
		run()
		if n := count(`SELECT COUNT(*) FROM jobs WHERE args LIKE '%example.org%'`); n != 0 {
			t.Errorf("day %d: what %d letters said is still there", day, n)
		}
		if n := count(`SELECT COUNT(*) FROM sign_in_links`); n != 1 {
			t.Errorf("day %d: %d links", day, n)
		}
		h.clock.Advance(24*time.Hour + time.Minute)
		run()
		if n := count(`SELECT COUNT(*) FROM sign_in_links`) + count(`SELECT COUNT(*) FROM sign_in_asks`); n != 0 {
			t.Errorf("day %d: %d dead links and asks", day, n)
		}
	}
	if n := count(`SELECT COUNT(*) FROM sessions`); n != 3 {
		t.Errorf("%d sessions, three are open", n)
	}
	action := once.Action{ID: "of-a-phone"}
	first := func() (first bool) {
		t.Helper()
		h.must(h.DB.InTx(ctx, func(tx *sqldb.Tx) (err error) { first, err = once.First(ctx, tx, action); return err }))
		return first
	}
	first()
	h.clock.Advance(61 * 24 * time.Hour)
	run()
	if first() {
		t.Error("an action of two months ago would be applied again")
	}
	if n := count(`SELECT COUNT(*) FROM sessions`); n != 0 {
		t.Errorf("%d sessions outlived their time", n)
	}
	h.clock.Advance(365 * 24 * time.Hour)
	run()
	if n := count(`SELECT COUNT(*) FROM once_actions WHERE id = 'of-a-phone'`); n != 0 {
		t.Error("an action is known for ever")
	}
}
