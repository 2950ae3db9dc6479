package link_test

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/link"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// bench is a jury of three with its links.
type bench struct {
	*doortest.House
	*link.Service
	jury   *jury.Service
	jurors []account.Actor
}

// nobody competes: the links ask nothing of the teams.
type nobody struct{}

func (nobody) Competing(context.Context, sqldb.Querier, edition.ID) ([]jury.TeamRef, error) {
	return nil, nil
}

func (nobody) One(context.Context, sqldb.Querier, edition.ID, string) (jury.TeamRef, error) {
	return jury.TeamRef{}, sqldb.ErrNotFound
}

func newBench(t *testing.T, db *dbtest.DB) *bench {
	t.Helper()
	h := doortest.New(t, db, jury.Words, link.Words)
	j := jury.NewService(db.DB, h.IDs, h.Editions, h.Accounts, jury.Neighbours{Teams: nobody{}}, h.Hub, h.Trail)
	b := &bench{House: h, jury: j, Service: link.NewService(db.DB, h.IDs, h.Editions, h.Accounts, j, h.Hub, h.Post, h.Trail, h.Words, "http://h48.test")}
	for _, name := range []string{"Anne Exemple", "Basile Exemple", "Chloé Exemple"} {
		b.jurors = append(b.jurors, h.Person(name, edition.Juror))
	}
	h.Go(edition.Pitches)
	return b
}

func (b *bench) must(err error) {
	b.T.Helper()
	if err != nil {
		b.T.Fatal(err)
	}
}

func TestLink_opensOnAnyPhoneUntilTheEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		anne := b.jurors[0]
		links, err := b.Print(ctx, b.Boss, b.Edition.ID, []account.ID{anne.ID, b.jurors[1].ID})
		b.must(err)
		code := links[0].Code
		for range 2 { // two phones
			session, err := b.OpenCode(ctx, code[:3]+" "+code[3:])
			b.must(err)
			if session.Account.ID != anne.ID || session.Next != "/e/amiens-2018/jury" {
				t.Errorf("the code leads %s to %s", session.Account.Name, session.Next)
			}
		}
		if _, err := b.OpenCode(ctx, "ZZZZZZ"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a wrong code: %v", err)
		}
		again, err := b.Print(ctx, b.Boss, b.Edition.ID, []account.ID{anne.ID})
		b.must(err)
		if _, err := b.OpenCode(ctx, code); !errors.Is(err, link.ErrDead) {
			t.Errorf("the code on the lost paper: %v", err)
		}
		token := again[0].URL[len("http://h48.test/j/"):]
		if _, who, err := b.Check(ctx, token); err != nil || who.ID != anne.ID {
			t.Errorf("the new link is %s's: %v", who.Name, err)
		}
		b.Go(edition.Ends)
		if _, err := b.Open(ctx, token); !errors.Is(err, link.ErrDead) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestOpenCode_cannotBeGuessed(t *testing.T) {
	t.Parallel()
	ctx, b := context.Background(), newBench(t, dbtest.SQLite(t))
	var err error
	for range 61 {
		_, err = b.OpenCode(ctx, "ZZZZZZ")
	}
	if !errs.Is(err, errs.TooMany) {
		t.Errorf("the 61st wrong code: %v", err)
	}
}

func TestLink_entersAfterAPress(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t))
	jury.Routes(b.Door, b.jury)
	link.Routes(b.Door, b.Service)
	_, sheet := b.Client(b.Boss).Post("/e/amiens-2018/jury/links", url.Values{"juror": {string(b.jurors[0].ID)}})
	path := regexp.MustCompile(`http://h48\.test(/j/[\w-]+)`).FindStringSubmatch(sheet)
	code := regexp.MustCompile(`<b>([2-9A-Z]{6})</b>`).FindStringSubmatch(sheet)
	if path == nil || code == nil {
		t.Fatal("the sheet to print has no link or no code")
	}
	phone := b.Client(account.Actor{})
	if status, body := phone.Get(path[1]); status != 200 || !strings.Contains(body, "Bonjour Anne Exemple") {
		t.Errorf("the link answers %d", status)
	}
	if status, body := phone.Post(path[1], nil); status != 200 || !strings.Contains(body, "La fiche du jury") {
		t.Errorf("the press answers %d", status)
	}
	other := b.Client(account.Actor{})
	if status, body := other.Post("/j", url.Values{"code": {strings.ToLower(code[1])}}); status != 200 || !strings.Contains(body, "La fiche du jury") {
		t.Errorf("the code answers %d", status)
	}
	if status, _ := other.Get("/j/nonsense"); status != 410 {
		t.Errorf("a dead link answers %d", status)
	}
	if status, _ := b.Client(b.jurors[1]).Get("/e/amiens-2018/jury/links"); status != 403 {
		t.Errorf("the links answer %d to a juror", status)
	}
}

// capture keeps the letters that would leave.
type capture struct{ letters []mail.Message }

func (c *capture) Send(_ context.Context, m mail.Message) error {
	c.letters = append(c.letters, m)
	return nil
}

// A letter each, in the juror's language, with a link of its own beside the printed card;
// the next letter kills the one before.
func TestMail_oneLetterEach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := t.Context(), newBench(t, db)
		anne, basile := b.jurors[0], b.jurors[1]
		b.must(b.Accounts.SpeakTo(ctx, basile, i18n.English))
		cards, err := b.Print(ctx, b.Boss, b.Edition.ID, []account.ID{anne.ID})
		b.must(err)
		sent := &capture{}
		post := map[string]jobs.Handler{post.Kind: post.Handler(sent)}
		b.must(b.Mail(ctx, b.Boss, b.Edition.ID, []account.ID{anne.ID, basile.ID}))
		b.RunJobs(post)
		slices.SortFunc(sent.letters, func(x, y mail.Message) int { return cmp.Compare(x.To, y.To) }) // they leave in no order
		if len(sent.letters) != 2 || sent.letters[0].To != anne.Email || !strings.Contains(sent.letters[0].Text, "Bonjour Anne Exemple") ||
			!strings.Contains(sent.letters[1].Text, "Hello Basile Exemple") || !strings.Contains(sent.letters[1].Subject, "Your link") {
			t.Fatalf("the letters: %+v", sent.letters)
		}
		token := regexp.MustCompile(`/j/([\w-]+)`).FindStringSubmatch(sent.letters[0].Text)
		if _, err := b.Open(ctx, token[1]); err != nil {
			t.Errorf("the link of the letter: %v", err)
		}
		if _, err := b.OpenCode(ctx, cards[0].Code); err != nil {
			t.Errorf("the card after the letter: %v", err)
		}
		b.must(b.Mail(ctx, b.Boss, b.Edition.ID, []account.ID{anne.ID}))
		if _, err := b.Open(ctx, token[1]); !errors.Is(err, link.ErrDead) {
			t.Errorf("the first letter after the second: %v", err)
		}
		all, err := b.Entries(ctx, db, b.Edition.ID)
		b.must(err)
		if all[0].Opened().IsZero() || !all[1].Opened().IsZero() || len(all[0].Ways) != 2 || len(all[2].Ways) != 0 {
			t.Errorf("the entries: %+v", all)
		}
		if err := b.Mail(ctx, anne, b.Edition.ID, []account.ID{anne.ID}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a juror writes letters: %v", err)
		}
	})
}

// One press writes to everybody who has had no letter; whoever takes a phone over ends the
// session that was on it.
func TestPages_mailAndHandOver(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t))
	jury.Routes(b.Door, b.jury)
	link.Routes(b.Door, b.Service)
	boss := b.Client(b.Boss)
	if _, page := boss.Get("/e/amiens-2018/jury/links"); !strings.Contains(page, "3 jurés n’ont pas encore") {
		t.Error("the page does not offer to write to three")
	}
	if status, body := boss.Do("POST", "/api/v1/e/amiens-2018/jury/links/letters", "application/json", "{}"); status != 200 || strings.Contains(body, `"letter":null`) {
		t.Errorf("writing to all answers %d %s", status, body)
	}
	if status, _ := boss.Post("/e/amiens-2018/jury/links/letters", nil); status != 422 {
		t.Errorf("writing to nobody answers %d", status)
	}
	links, err := b.Print(t.Context(), b.Boss, b.Edition.ID, []account.ID{b.jurors[0].ID, b.jurors[1].ID})
	b.must(err)
	phone := b.Client(account.Actor{})
	phone.Post("/j", url.Values{"code": {links[0].Code}})
	before := phone.Cookie()
	if _, page := phone.Get("/j"); !strings.Contains(page, "Anne Exemple quitte ce téléphone") {
		t.Error("the page does not say who leaves the phone")
	}
	if status, body := phone.Post("/j", url.Values{"code": {links[1].Code}}); status != 200 || strings.Contains(body, "Anne") {
		t.Errorf("handing over answers %d", status)
	}
	if _, err := b.Accounts.Who(t.Context(), before); !errs.Is(err, errs.NotFound) {
		t.Errorf("the session of the one before: %v", err)
	}
}
