package certificate_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"h48/internal/account"
	"h48/internal/certificate"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// postman takes letters until it is told to break.
type postman struct {
	mu      sync.Mutex
	letters []mail.Message
	breakAt int // the letter at which the server goes away; 0 never
}

var errAway = errors.New("the server is away")

func (p *postman) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.breakAt > 0 && len(p.letters) >= p.breakAt {
		return errAway
	}
	p.letters = append(p.letters, m)
	return nil
}

func (b bundle) post(man *postman) {
	b.T.Helper()
	if _, err := b.certificates.Post(b.T.Context(), b.Boss, b.Edition.ID); err != nil {
		b.T.Fatal(err)
	}
	b.RunJobs(map[string]jobs.Handler{certificate.SendKind: b.certificates.Sending(man)})
}

func (b bundle) codeOf(who account.ID, kind certificate.Kind) string {
	b.T.Helper()
	code, err := sqldb.Value[string](b.T.Context(), b.DB, `SELECT code FROM certificates WHERE account_id = $1 AND kind = $2`, who, kind)
	if err != nil {
		b.T.Fatal(err)
	}
	return code
}

// Each person gets one letter with all their sheets, in their language; what is new
// later goes out later, alone.
func TestPost_eachPersonOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		if _, err := b.certificates.Post(t.Context(), b.Boss, b.Edition.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("before the results: %v", err)
		}
		b.Go(edition.Results)
		if _, err := b.certificates.Post(t.Context(), b.ada, b.Edition.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant sends: %v", err)
		}
		man := &postman{}
		b.post(man) // the jury is late: no diploma
		if len(man.letters) != 2 {
			t.Fatalf("%d letters", len(man.letters))
		}
		for _, m := range man.letters {
			french := m.To == "ada@example.org"
			if len(m.Attachments) != 1 || !strings.HasPrefix(string(m.Attachments[0].Content), "%PDF") || strings.Contains(m.Text, "Bonjour") != french {
				t.Errorf("%s: %d sheets\n%s", m.To, len(m.Attachments), m.Text)
			}
		}
		b.facts.public = true
		b.post(man)
		b.post(man)
		if len(man.letters) != 3 || man.letters[2].To != "ada@example.org" || !strings.Contains(man.letters[2].Text, "Premier prix") {
			t.Errorf("%d letters", len(man.letters))
		}
	})
}

// The mail server goes away in the middle, and a later run sends the rest: nobody twice.
func TestPost_goesOnWhereItWas(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	b.crowd(30)
	b.Go(edition.Results)
	man := &postman{breakAt: 11}
	b.post(man)
	if len(man.letters) != 11 {
		t.Fatalf("%d letters before the server went away", len(man.letters))
	}
	man.breakAt = 0
	b.DB.Clock.Advance(60_000_000_000) // the pause after a failure
	b.RunJobs(map[string]jobs.Handler{certificate.SendKind: b.certificates.Sending(man)})
	seen := map[string]int{}
	for _, m := range man.letters {
		seen[m.To]++
	}
	if len(seen) != 30 || len(man.letters) != 30 {
		t.Errorf("%d letters to %d people", len(man.letters), len(seen))
	}
}

func (b bundle) crowd(n int) {
	b.facts.people, b.facts.won = nil, nil
	for i := range n {
		b.facts.people = append(b.facts.people, certificate.Person{Account: account.ID(fmt.Sprint("a", i)), Name: fmt.Sprintf("Personne %d Exemple", i),
			Email: fmt.Sprintf("p%d@example.org", i), Role: edition.Participant, Team: "Les Voisins", Arrived: true, Hours: 40})
	}
}

// A sheet is corrected: its former code says so, the new one holds and goes out again.
func TestCorrect_theFormerCodeTells(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		b.Go(edition.Results)
		man := &postman{}
		b.post(man)
		former := b.codeOf(b.ada.ID, certificate.Participation)
		b.facts.people[0].Name = "Ada Exemplaire"
		boss, public := b.Client(b.Boss), b.Client(account.Actor{})
		_, page := boss.Get("/e/amiens-2018/sheets?q=exemplaire")
		_, rest, found := strings.Cut(page, `/e/amiens-2018/sheets/`)
		id, _, _ := strings.Cut(rest, `"`)
		if !found {
			t.Fatal("the sheet is not in the list")
		}
		change := func(form url.Values, want int, says string) {
			t.Helper()
			if status, body := boss.Post("/e/amiens-2018/sheets/"+id, form); status != want || !strings.Contains(body, says) {
				t.Errorf("%v: %d, no %q", form, status, says)
			}
		}
		change(url.Values{"do": {"correct"}}, 422, "Dites pourquoi")
		change(url.Values{"do": {"correct"}, "reason": {"Le nom était faux."}}, 200, "fait")
		verify := func(code, says string) {
			t.Helper()
			if status, body := public.Get("/verify/" + code); status != 200 || !strings.Contains(body, says) {
				t.Errorf("%s: %d, no %q", code, status, says)
			}
		}
		current := b.codeOf(b.ada.ID, certificate.Participation)
		verify(former, "Remplacé le")
		verify(former, "Le nom était faux.")
		verify(current, "authentique")
		b.post(man)
		if last := man.letters[len(man.letters)-1]; len(man.letters) != 3 || last.ToName != "Ada Exemplaire" {
			t.Errorf("%d letters", len(man.letters))
		}
		change(url.Values{"do": {"revoke"}, "reason": {"Plagiat."}}, 200, "Retiré le")
		verify(current, "Plagiat.")
		if status, _ := b.Client(b.ada).Get("/e/amiens-2018/certificate/participation"); status != 409 {
			t.Errorf("a withdrawn sheet is downloaded: %d", status)
		}
		change(url.Values{"do": {"revoke"}, "reason": {"Encore."}}, 409, "vient de changer")
		change(url.Values{"do": {"restore"}, "reason": {"Erreur de notre part."}}, 200, "fait")
		verify(current, "authentique")
		if _, body := public.Get("/api/v1/certificates/" + former); !strings.Contains(body, `"state":"replaced"`) {
			t.Error(body)
		}
	})
}
