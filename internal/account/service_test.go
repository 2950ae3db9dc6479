package account_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/mail"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/trail"
)

// letters keeps what is sent.
type letters struct {
	mu  sync.Mutex
	all []mail.Message
}

func (l *letters) Send(_ context.Context, m mail.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, m)
	return nil
}

type bundle struct {
	db       *dbtest.DB
	accounts *account.Service
	letters  *letters
	worker   *jobs.Worker
}

type noClocks struct{}

func (noClocks) EditionNow(context.Context, string) (time.Time, error) { return time.Time{}, nil }

func setup(t *testing.T, db *dbtest.DB) bundle {
	t.Helper()
	source := ids.Seeded(1, db.Clock.Now)
	hub, err := live.NewHub("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	words, err := i18n.New(account.Words)
	if err != nil {
		t.Fatal(err)
	}
	queue, box := jobs.NewQueue(source, hub), &letters{}
	b := bundle{db: db, letters: box, accounts: account.NewService(db.DB, source, post.New(queue, source), trail.New(source), words, "http://h48.test")}
	b.worker = jobs.NewWorker(db.DB, queue, noClocks{}, slog.New(slog.DiscardHandler), 1, map[string]jobs.Handler{post.Kind: post.Handler(box)})
	if _, err := b.accounts.MakeAdmin(t.Context(), "Ada@Example.org", "Ada Exemple", i18n.French); err != nil {
		t.Fatal(err)
	}
	return b
}

var (
	link = regexp.MustCompile(`/sign-in/(\S+)`)
	code = regexp.MustCompile(`: ([0-9A-Z]{6})\n`)
)

// letter asks for a letter and returns its link's token and its code.
func (b bundle) letter(t *testing.T, email string) (token, spoken string) {
	t.Helper()
	if err := b.accounts.AskLink(t.Context(), email, "/e/amiens-2018/today"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.worker.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.worker.Wait()
	last := b.letters.all[len(b.letters.all)-1]
	return link.FindStringSubmatch(last.Text)[1], code.FindStringSubmatch(last.Text)[1]
}

func TestSignIn_byTheLinkOfALetter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		token, _ := b.letter(t, "ada@example.ORG") // nobody has two mailboxes that differ by case
		if who, err := b.accounts.CheckLink(t.Context(), token); err != nil || who.Name != "Ada Exemple" {
			t.Errorf("looking at the link: %v, %v", who.Name, err)
		}
		session, err := b.accounts.SignIn(t.Context(), token)
		if err != nil || session.Next != "/e/amiens-2018/today" {
			t.Fatalf("%+v, %v", session, err)
		}
		if who, err := b.accounts.Who(t.Context(), session.Token); err != nil || who.Name != "Ada Exemple" {
			t.Errorf("the session is %v's, %v", who.Name, err)
		}
		if _, err := b.accounts.SignIn(t.Context(), token); !errors.Is(err, account.ErrLink) {
			t.Errorf("the link a second time: %v", err)
		}
		if err := b.accounts.SignOut(t.Context(), session.Token); err != nil {
			t.Fatal(err)
		}
		if _, err := b.accounts.Who(t.Context(), session.Token); !errors.Is(err, sqldb.ErrNotFound) {
			t.Errorf("after signing out: %v", err)
		}
	})
}

func TestSignIn_aLinkDiesAfterHalfAnHour(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	token, _ := b.letter(t, "ada@example.org")
	b.db.Clock.Advance(account.LinkLife + time.Second)
	if _, err := b.accounts.SignIn(t.Context(), token); !errors.Is(err, account.ErrLink) {
		t.Errorf("got %v", err)
	}
}

// Whoever guesses codes has five tries; then the right one is dead too.
func TestSignInByCode_fiveMisses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		_, right := b.letter(t, "ada@example.org")
		typed := strings.ToLower(right[:3] + " " + right[3:])
		if _, err := b.accounts.SignInByCode(t.Context(), "ada@example.org", typed); err != nil {
			t.Errorf("the right code, as it is read aloud: %v", err)
		}
		_, right = b.letter(t, "ada@example.org")
		for range 5 {
			if _, err := b.accounts.SignInByCode(t.Context(), "ada@example.org", "AAAAAA"); !errors.Is(err, account.ErrLink) {
				t.Errorf("a wrong code: %v", err)
			}
		}
		if _, err := b.accounts.SignInByCode(t.Context(), "ada@example.org", right); !errors.Is(err, account.ErrLink) {
			t.Errorf("after five misses: %v", err)
		}
	})
}

// Who is registered is nobody's business, and no mailbox is flooded.
func TestAskLink_tellsNothingAndNotTooOften(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	for range 5 {
		if err := b.accounts.AskLink(t.Context(), "nobody@example.org", "/"); err != nil {
			t.Errorf("an unknown address: %v", err)
		}
	}
	if err := b.accounts.AskLink(t.Context(), "Nobody@example.org", "/"); !errors.Is(err, account.ErrTooManyLinks) {
		t.Errorf("whether an address is known can be told from how often one may ask: %v", err)
	}
	for range 5 {
		b.letter(t, "ada@example.org")
	}
	if err := b.accounts.AskLink(t.Context(), "ada@example.org", "/"); !errors.Is(err, account.ErrTooManyLinks) {
		t.Errorf("the sixth letter: %v", err)
	}
	if got := len(b.letters.all); got != 5 {
		t.Errorf("%d letters, want 5", got)
	}
}

// A letter leads to this site and to no other.
func TestAskLink_leadsNowhereElse(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	for _, next := range []string{"https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example", "/\x00/elsewhere.example", "x"} {
		var url string
		if err := b.db.InTx(t.Context(), func(tx *sqldb.Tx) error {
			who, err := b.accounts.Find(t.Context(), tx, "ada@example.org")
			if err != nil {
				return err
			}
			url, err = b.accounts.LinkTx(t.Context(), tx, who.ID, next, time.Hour)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		session, err := b.accounts.SignIn(t.Context(), link.FindStringSubmatch(url)[1])
		if err != nil || session.Next != "/" {
			t.Errorf("%q leads to %q, %v", next, session.Next, err)
		}
	}
}

// Two who name the same new person at once, as an organiser and the person's own form do,
// name one account.
func TestEnsure_twoAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		for _, email := range []string{"bea@example.org", "cleo@example.org", "dana@example.org", "elio@example.org"} {
			var made [3]account.Account
			var failed [3]error
			ensure := func(i int) func() {
				return func() {
					failed[i] = b.db.InTx(context.Background(), func(tx *sqldb.Tx) (err error) {
						made[i], err = b.accounts.EnsureTx(context.Background(), tx, email, "Une Exemple", i18n.French)
						return err
					})
				}
			}
			dbtest.AtOnce(ensure(0), ensure(1), ensure(2))
			if err := errors.Join(failed[:]...); err != nil || made[0].ID != made[1].ID || made[1].ID != made[2].ID {
				t.Errorf("%v, %v", made, err)
			}
		}
	})
}

// A person who was forgotten is let in by no letter that is still on its way.
func TestErase_noLetterOpensASession(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		token, code := b.letter(t, "ada@example.org")
		ada, err := b.accounts.Find(t.Context(), db, "ada@example.org")
		if err != nil {
			t.Fatal(err)
		}
		open := func(tx *sqldb.Tx) error {
			_, err := b.accounts.OpenTx(t.Context(), tx, ada.ID)
			return err
		}
		if err := db.InTx(t.Context(), open); err != nil {
			t.Fatal(err)
		}
		if err := db.InTx(t.Context(), func(tx *sqldb.Tx) error { return b.accounts.EraseTx(t.Context(), tx, ada.ID, "Une personne") }); err != nil {
			t.Fatal(err)
		}
		_, byLink := b.accounts.SignIn(t.Context(), token)
		_, byCode := b.accounts.SignInByCode(t.Context(), "ada@example.org", code)
		for _, err := range []error{byLink, byCode, db.InTx(t.Context(), open)} {
			if !errors.Is(err, account.ErrLink) {
				t.Errorf("a forgotten person enters: %v", err)
			}
		}
	})
}

// Many are read together, however many they are; whoever is not there is missing.
func TestOf_many(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		who := []account.ID{"nobody"}
		if err := b.db.InTx(t.Context(), func(tx *sqldb.Tx) error {
			for n := range 501 {
				made, err := b.accounts.EnsureTx(t.Context(), tx, fmt.Sprintf("p%d@example.org", n), fmt.Sprintf("Personne %d", n), i18n.French)
				if err != nil {
					return err
				}
				who = append(who, made.ID)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		all, err := b.accounts.Of(t.Context(), db, who)
		if _, there := all["nobody"]; err != nil || there || len(all) != 501 || all[who[501]].Name != "Personne 500" {
			t.Errorf("%d accounts, %v", len(all), err)
		}
		if none, err := b.accounts.Of(t.Context(), db, nil); err != nil || len(none) != 0 {
			t.Errorf("of nobody: %v, %v", none, err)
		}
	})
}
