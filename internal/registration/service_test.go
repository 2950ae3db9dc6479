package registration_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
	"h48/internal/kit/post"
	"h48/internal/kit/sheet"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/registration"
)

// desk is a house with the room in it, and its letters.
type desk struct {
	*doortest.House
	*registration.Service
	mu      sync.Mutex
	letters []mail.Message
}

func newDesk(t testing.TB, db *dbtest.DB) *desk {
	t.Helper()
	h := doortest.New(t, db, registration.Words, sheet.Words)
	s := registration.NewService(db.DB, h.IDs, h.Accounts, h.Editions, h.Hub, h.Queue, h.Post, h.Trail, h.Words, "http://h48.test")
	return &desk{House: h, Service: s}
}

// Send takes a letter as a mail server would.
func (d *desk) Send(_ context.Context, m mail.Message) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.letters = append(d.letters, m)
	return nil
}

// run does what is to be done later, letters too.
func (d *desk) run() {
	handlers := d.Jobs()
	handlers[post.Kind] = post.Handler(d)
	d.RunJobs(handlers)
}

var linkForm = regexp.MustCompile(`http://h48\.test/e/amiens-2018/register/([\w-]+)`)

// token is the link of the newest letter to the address.
func (d *desk) token(email string) string {
	d.T.Helper()
	d.run()
	for i := len(d.letters) - 1; i >= 0; i-- {
		if d.letters[i].To == email {
			return linkForm.FindStringSubmatch(d.letters[i].Text)[1]
		}
	}
	d.T.Fatalf("no letter went to %s", email)
	return ""
}

func (d *desk) subjects(email string) (all []string) {
	d.run()
	for _, m := range d.letters {
		if m.To == email {
			all = append(all, m.Subject)
		}
	}
	return all
}

func asked(n int) registration.Asked {
	return registration.Asked{Email: fmt.Sprintf("p%d@example.org", n), Rules: true, Lang: i18n.French,
		Answers: registration.Answers{Name: fmt.Sprintf("Personne Exemple %d", n), Profile: registration.Student}}
}

// come registers the n-th person and confirms from their letter.
func (d *desk) come(n int) registration.Registration {
	d.T.Helper()
	ctx := d.T.Context()
	d.DB.Clock.Advance(time.Minute)
	if _, err := d.Register(ctx, account.Actor{}, d.Edition.ID, asked(n)); err != nil {
		d.T.Fatal(err)
	}
	r, _, err := d.Confirm(ctx, d.Edition.ID, d.token(asked(n).Email))
	if err != nil {
		d.T.Fatal(err)
	}
	d.run()
	return r
}

// seats sets how many seats the edition has.
func (d *desk) seats(n int) {
	d.T.Helper()
	_, err := d.Editions.Change(d.T.Context(), d.Boss, d.Edition.ID, func(e edition.Edition) edition.Edition {
		e.Seats = n
		return e
	})
	if err != nil {
		d.T.Fatal(err)
	}
}

func (d *desk) state(email string) registration.State {
	d.T.Helper()
	who, err := d.Accounts.Find(d.T.Context(), d.DB, email)
	if err != nil {
		d.T.Fatal(err)
	}
	r, err := d.Of(d.T.Context(), d.DB, d.Edition.ID, who.ID)
	if err != nil {
		d.T.Fatal(err)
	}
	return r.State
}

func TestRegister_confirmedByLetter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		in := asked(1)
		in.Answers.Skills = registration.Levels{"web": 3, "juggling": 4, "data": 0}
		in.Meals = []registration.Meal{registration.GlutenFree, registration.Vegan, "bricks"}
		if r, err := d.Register(ctx, account.Actor{}, d.Edition.ID, in); err != nil || r != nil {
			t.Fatalf("registered at once: %v, %v", r, err)
		}
		token := d.token(in.Email)
		if _, canConfirm, err := d.CheckLink(ctx, d.Edition.ID, token); err != nil || !canConfirm {
			t.Fatalf("reading the link: %v, %v", canConfirm, err)
		}
		if got := d.state(in.Email); got != registration.Pending {
			t.Errorf("only read, the link made it %s", got)
		}
		r, session, err := d.Confirm(ctx, d.Edition.ID, token)
		if err != nil || r.State != registration.Confirmed || session.Account.ID != r.Account {
			t.Fatalf("%+v, session %+v, %v", r, session, err)
		}
		people, err := d.Confirmed(ctx, db, d.Edition.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := []registration.Person{{Account: r.Account, Name: "Personne Exemple 1", Profile: registration.Student,
			Skills: registration.Levels{"web": 3}, Meals: []registration.Meal{registration.Vegan, registration.GlutenFree}}}
		if diff := cmp.Diff(want, people); diff != "" {
			t.Error(diff)
		}
		roles, err := d.Editions.Roles(ctx, db, d.Edition.ID, r.Account)
		if err != nil || !roles.Has(edition.Participant) {
			t.Errorf("roles %v, %v", roles, err)
		}
		if _, _, err := d.Confirm(ctx, d.Edition.ID, token); !errors.Is(err, registration.ErrLink) {
			t.Errorf("the link worked twice: %v", err)
		}
	})
}

func TestRegister_refusesWhatIsMissing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	in := registration.Asked{Email: "nobody", Answers: registration.Answers{Profile: "king", Trade: strings.Repeat("é", 81)}}
	_, err := d.Register(t.Context(), account.Actor{}, d.Edition.ID, in)
	var fields errs.Fields
	if !errors.As(err, &fields) {
		t.Fatal(err)
	}
	var wrong []string
	for _, f := range fields {
		wrong = append(wrong, f.Name)
	}
	if diff := cmp.Diff([]string{"email", "name", "trade", "profile", "rules"}, wrong); diff != "" {
		t.Error(diff)
	}
	d.Go(edition.RegistrationCloses)
	if _, err := d.Register(t.Context(), account.Actor{}, d.Edition.ID, asked(1)); !errors.Is(err, registration.ErrClosed) {
		t.Errorf("after the closing: %v", err)
	}
}

// A second registration with an address is a change that its owner confirms; nobody else
// can change it, or learn that it is known.
func TestRegister_sameAddressTwice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		first := d.come(1)
		again := asked(1)
		again.Email, again.Name, again.Trade = "P1@Example.org", "Autre Nom", "maçon"
		if r, err := d.Register(ctx, account.Actor{}, d.Edition.ID, again); err != nil || r != nil {
			t.Fatalf("%v, %v", r, err)
		}
		if r, _ := d.Of(ctx, db, d.Edition.ID, first.Account); r.Name != first.Name {
			t.Errorf("a stranger changed the name to %q", r.Name)
		}
		r, _, err := d.Confirm(ctx, d.Edition.ID, d.token("p1@example.org"))
		if err != nil || r.ID != first.ID || r.Trade != "maçon" || r.State != registration.Confirmed {
			t.Errorf("%+v, %v", r, err)
		}
		if _, n, err := d.List(ctx, d.Boss, d.Edition.ID, registration.Filter{}); n != 1 || err != nil {
			t.Errorf("%d registrations, %v", n, err)
		}
	})
}

func TestRegister_fewLettersToOneAddress(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	var err error
	for range 6 {
		_, err = d.Register(t.Context(), account.Actor{}, d.Edition.ID, asked(1))
	}
	if !errs.Is(err, errs.TooMany) {
		t.Errorf("the sixth letter: %v", err)
	}
	if n := len(d.subjects("p1@example.org")); n != 5 {
		t.Errorf("%d letters", n)
	}
}

// 52 registered for 30 places: the order is kept, and each seat that becomes free goes to
// the first who waits.
func TestWaitingOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		d.seats(30)
		var all []registration.Registration
		for n := range 52 {
			all = append(all, d.come(n))
		}
		sum, err := d.Summary(ctx, db, d.Edition.ID)
		want := registration.Summary{Seats: 30, Confirmed: 30, Waiting: 22, Profiles: [4]int{30, 0, 0, 0}}
		if diff := cmp.Diff(want, sum); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
		if _, place, err := d.Mine(ctx, account.Actor{ID: all[31].Account}, d.Edition.ID); place != 2 || err != nil {
			t.Errorf("place %d, %v", place, err)
		}
		if _, err := d.DeclineByLink(ctx, d.Edition.ID, d.token("p3@example.org")); err != nil {
			t.Fatal(err)
		}
		if got := d.state("p30@example.org"); got != registration.Confirmed {
			t.Errorf("the first who waits is %s", got)
		}
		letters := d.subjects("p30@example.org")
		if got := letters[len(letters)-1]; !strings.Contains(got, "Une place s’est libérée") {
			t.Errorf("the last letter: %q", got)
		}
		if roles, _ := d.Editions.Roles(ctx, db, d.Edition.ID, all[3].Account); len(roles) != 0 {
			t.Errorf("who declined is still %v", roles)
		}
		d.seats(33)
		if n, err := d.Fill(ctx, d.Boss, d.Edition.ID); n != 3 || err != nil {
			t.Errorf("%d moved up, %v", n, err)
		}
	})
}

// Twenty people confirm at the same moment for five seats.
func TestConfirm_neverMoreThanTheSeats(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		d.seats(5)
		var tokens []string
		for n := range 20 {
			if _, err := d.Register(ctx, account.Actor{}, d.Edition.ID, asked(n)); err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, d.token(asked(n).Email))
		}
		failed := make(chan error, len(tokens))
		for _, token := range tokens {
			go func() {
				_, _, err := d.Confirm(ctx, d.Edition.ID, token)
				failed <- err
			}()
		}
		for range tokens {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		sum, err := d.Summary(ctx, db, d.Edition.ID)
		if err != nil || sum.Confirmed != 5 || sum.Waiting != 15 {
			t.Errorf("%+v, %v", sum, err)
		}
	})
}

func TestMove_byHand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		d.seats(1)
		first, second := d.come(1), d.come(2)
		if _, err := d.Move(ctx, account.Actor{ID: first.Account}, second.ID, registration.Confirmed); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant moved another: %v", err)
		}
		if _, err := d.Move(ctx, d.Boss, first.ID, registration.Refused); err != nil {
			t.Fatal(err)
		}
		if got := d.state("p2@example.org"); got != registration.Confirmed {
			t.Errorf("the next is %s", got)
		}
		if _, err := d.Move(ctx, d.Boss, first.ID, registration.Declined); !errors.Is(err, registration.ErrMoved) {
			t.Errorf("from refused to declined: %v", err)
		}
		if _, err := d.Register(ctx, account.Actor{}, d.Edition.ID, asked(1)); err != nil {
			t.Errorf("who was refused learns it on the form: %v", err)
		}
		if got := d.state("p1@example.org"); got != registration.Refused {
			t.Errorf("an old address made a refused person %s", got)
		}
		if _, err := d.Move(ctx, d.Boss, first.ID, registration.Confirmed); err != nil {
			t.Errorf("one more chair: %v", err)
		}
	})
}

func TestErase_leavesTheListsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		d.seats(1)
		gone := d.come(1)
		d.come(2)
		old := d.token("p1@example.org")
		err := db.InTx(ctx, func(tx *sqldb.Tx) error {
			who := account.Actor{ID: gone.Account}
			if err := d.EraseTx(ctx, tx, who, gone.Account, "Loutre 7"); err != nil {
				return err
			}
			return d.Accounts.EraseTx(ctx, tx, gone.Account, "Loutre 7")
		})
		if err != nil {
			t.Fatal(err)
		}
		all, _, err := d.List(ctx, d.Boss, d.Edition.ID, registration.Filter{})
		if err != nil || len(all) != 1 || all[0].State != registration.Confirmed {
			t.Errorf("%+v, %v", all, err)
		}
		r, err := d.Of(ctx, db, d.Edition.ID, gone.Account)
		if err != nil || r.Name != "Loutre 7" || r.Email != "" || r.State != registration.Erased || r.Profile != "" {
			t.Errorf("%+v, %v", r, err)
		}
		if _, _, err := d.Confirm(ctx, d.Edition.ID, old); !errors.Is(err, registration.ErrLink) {
			t.Errorf("an old link: %v", err)
		}
	})
}

func TestSetSkills_keepsWhatPeopleSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	ctx := t.Context()
	if err := d.SetSkills(ctx, d.Boss, d.Edition.ID, "Menuiserie\n développement WEB \n\nDesign"); err != nil {
		t.Fatal(err)
	}
	got, err := d.Skills(ctx, d.DB, d.Edition.ID)
	want := []registration.Skill{{Key: "menuiserie", Label: "Menuiserie"}, {Key: "web"}, {Key: "design"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, text := range []string{"Design\ndesign", "a, b", strings.Repeat("x", 81)} {
		if err := d.SetSkills(ctx, d.Boss, d.Edition.ID, text); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestMealSheet_platesWithoutNames(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	ctx := t.Context()
	for n, meals := range [][]registration.Meal{{registration.Vegan}, {registration.GlutenFree, registration.Vegan}, {registration.Vegan}, nil} {
		in := asked(n)
		in.Meals = meals
		if n == 3 {
			in.MealNote = "sans arachide"
		}
		if _, err := d.Add(ctx, d.Boss, d.Edition.ID, in); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.MealSheet(ctx, d.Boss, d.Edition.ID)
	want := registration.MealSheet{Counts: []registration.MealCount{{Meals: []registration.Meal{registration.Vegan}, N: 2},
		{Meals: []registration.Meal{registration.Vegan, registration.GlutenFree}, N: 1}}, Notes: []string{"sans arachide"}, Unsaid: 1}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	d.DB.Clock.Set(d.Edition.At[edition.Ends].AddDate(0, 0, 8))
	d.run()
	if got, err := d.MealSheet(ctx, d.Boss, d.Edition.ID); len(got.Counts)+len(got.Notes) != 0 || err != nil {
		t.Errorf("eight days after the end: %+v, %v", got, err)
	}
}
