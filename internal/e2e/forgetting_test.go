package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
	"h48/internal/rehearsal"
)

// named is a participant whose name stands beside a public project and who was asked what
// became of it, and that project.
func (p *program) named(t *testing.T) (account.Account, project.ID) {
	t.Helper()
	members, err := p.Editions.Members(t.Context(), p.DB, p.e.ID, edition.Participant)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := p.Project.PublicProjects(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range shown {
		public, err := p.Gallery.Show(t.Context(), account.Actor{}, p.e, one.Project)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if slices.Contains(public.Members, m.Account.Name) && p.leads(t, m.Account)["follow-up"] > 0 {
				return m.Account, one.Project
			}
		}
	}
	t.Fatal("nobody is named beside a project")
	return account.Account{}, ""
}

// leads counts what in the database leads to the person; the trail and what stays under
// the alias apart.
func (p *program) leads(t *testing.T, who account.Account) map[string]int {
	t.Helper()
	found := map[string]int{}
	for name, query := range map[string]string{
		"address":      `SELECT COUNT(*) FROM accounts WHERE email = $2 OR id = $1 AND email <> ''`,
		"name":         `SELECT COUNT(*) FROM accounts WHERE id = $1 AND erased_at = 0 AND $2 <> ''`,
		"session":      `SELECT COUNT(*) FROM sessions WHERE account_id = $1 AND $2 <> ''`,
		"answers":      `SELECT COUNT(*) FROM registrations WHERE account_id = $1 AND state <> 'erased' AND $2 <> ''`,
		"badge":        `SELECT COUNT(*) FROM checkin_badges WHERE account_id = $1 AND $2 <> ''`,
		"gallery":      `SELECT COUNT(*) FROM gallery_consents WHERE account_id = $1 AND $2 <> ''`,
		"vote":         `SELECT COUNT(*) FROM vote_tokens WHERE holder_id = $1 AND $2 <> ''`,
		"vote letter":  `SELECT COUNT(*) FROM vote_letters WHERE account_id = $1 OR address = $2`,
		"follow-up":    `SELECT COUNT(*) FROM followup_asks WHERE account_id = $1 AND $2 <> ''`,
		"report":       `SELECT COUNT(*) FROM followup_reports WHERE by_id = $1 AND $2 <> ''`,
		"certificate":  `SELECT COUNT(*) FROM certificates WHERE account_id = $1 AND initials <> '' AND $2 <> ''`,
		"wishes":       `SELECT COUNT(*) FROM forming_wishes WHERE account_id = $1 AND $2 <> ''`,
		"bank details": `SELECT COUNT(*) FROM payout_accounts WHERE account_id = $1 AND $2 <> ''`,
	} {
		n, err := sqldb.Value[int](t.Context(), p.DB, query, who.ID, who.Email)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n > 0 {
			found[name] = n
		}
	}
	return found
}

// A laureate's friend has had enough: from the page about privacy they are forgotten, and
// nothing leads to them any more, in any room.
func TestJourney_beForgotten(t *testing.T) {
	p, post := rehearsed(t, edition.Ends, 45*24*time.Hour)
	who, of := p.named(t)
	before := p.leads(t, who)
	for _, trace := range []string{"address", "name", "answers", "gallery", "follow-up"} {
		if before[trace] == 0 {
			t.Errorf("nothing of the kind %q leads to %s before", trace, who.Name)
		}
	}
	one := p.sit(t, who.Actor(), look{screen: phone})
	one.open("/privacy").pressWord("app.forget.title_me").readsWord("app.forget.goes")
	if found := one.audit(); len(found) > 0 {
		t.Errorf("axe finds\n%s", strings.Join(found, "\n"))
	}
	one.pressWord("app.forget.do").readsWord("app.forget.tick")
	one.tick(one.word("app.forget.understood")).pressWord("app.forget.do").readsWord("app.forget.done_me")
	one.open("/me").at("/sign-in")
	if left := p.leads(t, who); len(left) > 0 {
		t.Errorf("this still leads to them: %v", left)
	}
	one.open(p.url("projects", string(of))).reads(p.e.Name)
	if strings.Contains(one.page(), who.Name) {
		t.Errorf("the project still names %s", who.Name)
	}
	one.deadLink(post, who)

	boss := p.sit(t, p.boss, look{lang: "en"})
	next, _ := p.named(t)
	boss.open(p.url("people", string(next.ID), "forget")).reads(next.Name)
	boss.tick(boss.word("app.forget.understood")).pressWord("app.forget.do").
		readsWord("app.forget.done", "alias", p.Words.Locale(next.Lang).T("app.forget.alias", "n", "2"))
	if left := p.leads(t, next); len(left) > 0 {
		t.Errorf("this still leads to the other one: %v", left)
	}
	p.notForgotten(t)
}

// deadLink follows the letter that asked what became of the project.
func (one *person) deadLink(post *rehearsal.Postbox, who account.Account) {
	one.t.Helper()
	letter, came := post.Newest(who.Email)
	if !came || !strings.Contains(letter.Text, "/followup/answer/") {
		return // another member of the team was asked
	}
	one.open(link(one.p.base, letter.Text)).readsWord("followup.dead_link")
}

// notForgotten asks for what is refused: an edition's last organiser, a stranger's wish.
func (p *program) notForgotten(t *testing.T) {
	t.Helper()
	if _, err := p.Forget(t.Context(), p.boss, p.boss.ID); !errs.Is(err, errs.Conflict) {
		t.Errorf("the last organiser is forgotten: %v", err)
	}
	juror := p.member(t, edition.Juror)
	if _, err := p.Forget(t.Context(), p.member(t, edition.Mentor), juror.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a mentor has a juror forgotten: %v", err)
	}
}
