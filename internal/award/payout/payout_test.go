package payout_test

import (
	"archive/zip"
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/award/payout"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/seal"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/sqldb/snapshot"
	"h48/migrations"
)

// An invented account: the example of the registry of IBANs.
const iban = "FR1420041010050500013M02606"

// around stands in for the rooms that the awards ask.
type around struct{ teams []award.TeamRef }

func (around) Close(context.Context, account.Actor, edition.ID) error { return nil }
func (a around) Ranking(context.Context, sqldb.Querier, edition.ID) (award.Ranking, error) {
	var r award.Ranking
	for i, t := range a.teams {
		r.Standings = append(r.Standings, award.Standing{Team: t.ID, Name: t.Name, Title: t.Title, Rank: i + 1})
	}
	return r, nil
}
func (around) Own(context.Context, sqldb.Querier, edition.ID, award.PrizeID) (award.Ranking, bool, error) {
	return award.Ranking{}, false, nil
}
func (around) Recused(context.Context, sqldb.Querier, edition.ID) (map[account.ID][]string, error) {
	return nil, nil
}
func (around) Amended(context.Context, sqldb.Querier, edition.ID) ([]award.Amended, error) {
	return nil, nil
}
func (a around) Competing(context.Context, sqldb.Querier, edition.ID) ([]award.TeamRef, error) {
	return a.teams, nil
}
func (around) Whose(context.Context, edition.ID, string) (account.ID, error) { return "", nil }
func (around) OpenTx(context.Context, *sqldb.Tx, edition.ID) error           { return nil }

type bundle struct {
	*doortest.House
	award     *award.Service
	payout    *payout.Service
	laureates []account.Actor
	cheque    award.Prize // 5 000 EUR
	promise   award.Prize // without a cheque
}

// setup is an edition whose three laureates have won 5,000 €, closed and not yet public.
func setup(t testing.TB, db *dbtest.DB) bundle {
	t.Helper()
	h := doortest.New(t, db, award.Words, payout.Words, files.Words)
	b := bundle{House: h}
	team := award.TeamRef{ID: "t1", Name: "Les Voisins", Title: "Le Guichet malin"}
	for _, name := range []string{"Ada Exemple", "Bob Exemple", "Chloé Exemple"} {
		who := h.Person(name)
		b.laureates = append(b.laureates, who)
		team.Members = append(team.Members, award.Member{Account: who.ID, Name: who.Name})
	}
	with := around{teams: []award.TeamRef{team, {ID: "t2", Name: "Hall B", Title: "Relouer"}}}
	store, err := files.NewDisk(t.TempDir())
	must(t, err)
	b.award = award.NewService(db.DB, h.IDs, h.Editions, award.Neighbours{Scoring: with, Teams: with, Codes: with, Files: store, Curtain: with},
		h.Hub, h.Queue, h.Post, h.Trail, h.Words, "http://h48.test")
	b.payout = payout.NewService(db.DB, h.IDs, h.Editions, b.award, seal.New(filepath.Join(t.TempDir(), "h48.key"), h.IDs), h.Hub, h.Queue, h.Trail, h.Words)
	award.Routes(h.Door, b.award)
	payout.Routes(h.Door, b.payout)
	ctx, id := t.Context(), h.Edition.ID
	b.cheque, err = b.award.AddPrize(ctx, h.Boss, id, award.Prize{Title: "Premier prix", Cents: 5000_00})
	must(t, err)
	b.promise, err = b.award.AddPrize(ctx, h.Boss, id, award.Prize{Title: "Prix du développement"})
	must(t, err)
	h.Go(edition.Deliberation)
	must(t, b.award.OpenDeliberation(ctx, h.Boss, id),
		b.award.Decide(ctx, h.Boss, id, award.Decision{Choice: award.Choice{b.cheque.ID: "t1", b.promise.ID: "t2"}}), b.award.Close(ctx, h.Boss, id))
	return b
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (b bundle) cents(t testing.TB) (cents []int64, states []payout.State) {
	t.Helper()
	all, err := b.payout.Won(t.Context(), b.DB, b.Edition.ID)
	must(t, err)
	for _, s := range all[0].Shares {
		cents, states = append(cents, s.Cents), append(states, s.State())
	}
	return cents, states
}

// However an amount is divided, no cent is lost or made, and nobody gets more than a cent
// more than another.
func TestEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cents, n := rapid.Int64Range(0, 1e14).Draw(rt, "cents"), rapid.IntRange(1, 50).Draw(rt, "n")
		sum, least, most := int64(0), int64(1<<62), int64(0)
		for _, part := range payout.Equal(cents, n) {
			sum, least, most = sum+part, min(least, part), max(most, part)
		}
		if sum != cents || most-least > 1 {
			rt.Fatalf("%d in %d parts: sum %d, from %d to %d", cents, n, sum, least, most)
		}
	})
}

func TestDivide_exactlyTheWhole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		if got, _ := b.cents(t); cmp.Diff([]int64{1666_67, 1666_67, 1666_66}, got) != "" {
			t.Errorf("by itself %v", got)
		}
		split := func(a, c, d int64) map[account.ID]int64 {
			return map[account.ID]int64{b.laureates[0].ID: a, b.laureates[1].ID: c, b.laureates[2].ID: d}
		}
		for name, bad := range map[string]map[account.ID]int64{"a cent lost": split(2000_00, 2000_00, 999_99), "a cent made": split(2000_00, 2000_00, 1000_01),
			"less than nothing": split(6000_00, -1000_00, 0), "somebody forgotten": {b.laureates[0].ID: 5000_00}, "a stranger": {"x": 5000_00}} {
			if err := b.payout.Divide(ctx, b.Boss, id, b.cheque.ID, bad, "x"); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, b.payout.Note(ctx, b.Boss, id, b.cheque.ID, b.laureates[0].ID, payout.Accepted, "Dit sur scène."))
		if err := b.payout.Divide(ctx, b.laureates[0], id, b.cheque.ID, split(5000_00, 0, 0), "x"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a laureate divides: %v", err)
		}
		must(t, b.payout.Divide(ctx, b.Boss, id, b.cheque.ID, split(2000_00, 2000_00, 1000_00), "L’équipe l’a voulu ainsi."))
		cents, states := b.cents(t)
		if cmp.Diff([]int64{2000_00, 2000_00, 1000_00}, cents) != "" || states[0] != payout.Offered {
			t.Errorf("%v, %v: who accepted another amount is asked again", cents, states)
		}
	})
}

// Each accepts for themself, once it is public; the prize is paid when every share is that
// was not declined, and what is paid by mistake comes back.
func TestShare_fromAwardedToPaid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id, prize := t.Context(), b.Edition.ID, b.cheque.ID
		if err := b.payout.Answer(ctx, b.laureates[0], id, prize, true); !errs.Is(err, errs.NotFound) {
			t.Errorf("accepting before anybody may know: %v", err)
		}
		b.Go(edition.Results)
		must(t, b.payout.Answer(ctx, b.laureates[0], id, prize, true), b.payout.Answer(ctx, b.laureates[1], id, prize, false))
		if err := b.payout.Answer(ctx, b.Boss, id, prize, true); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else accepts: %v", err)
		}
		if err := b.payout.Note(ctx, b.Boss, id, prize, b.laureates[2].ID, payout.Paid, ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("paid before it was accepted: %v", err)
		}
		must(t, b.payout.Note(ctx, b.Boss, id, prize, b.laureates[0].ID, payout.Paid, ""))
		state := func(want award.PrizeState) {
			t.Helper()
			prizes, err := b.award.Prizes(ctx, db, id)
			must(t, err)
			if prizes[0].State != want {
				t.Errorf("the prize is %s, want %s", prizes[0].State, want)
			}
		}
		state(award.Awarded)
		must(t, b.payout.Note(ctx, b.Boss, id, prize, b.laureates[2].ID, payout.Accepted, "Par téléphone."), b.payout.Note(ctx, b.Boss, id, prize, b.laureates[2].ID, payout.Paid, ""))
		state(award.Paid)
		if err := b.payout.Note(ctx, b.Boss, id, prize, b.laureates[2].ID, payout.Accepted, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("taken back without a reason: %v", err)
		}
		must(t, b.payout.Note(ctx, b.Boss, id, prize, b.laureates[2].ID, payout.Accepted, "Le virement est revenu."))
		state(award.Awarded)
	})
}

// Bank details are in no file of the program in the clear: not in the database, not in a
// backup. An organiser sees them for a reason; they are gone when paid.
func TestBank_sealedSeenAndForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id, ada := t.Context(), b.Edition.ID, b.laureates[0]
		if err := b.payout.Give(ctx, ada, id, payout.Details{Holder: "Ada Exemple", IBAN: iban}); !errs.Is(err, errs.NotFound) {
			t.Errorf("bank details before the results: %v", err)
		}
		b.Go(edition.Results)
		must(t, b.payout.Answer(ctx, ada, id, b.cheque.ID, true), b.payout.Give(ctx, ada, id, payout.Details{Holder: "Ada Exemple", IBAN: "fr14 2004 1010 0505 0001 3m02 606"}))
		b.nowhere(t, db)
		if _, err := b.payout.Look(ctx, ada, id, ada.ID, "Curieuse."); !errs.Is(err, errs.Forbidden) {
			t.Errorf("who is no organiser looks: %v", err)
		}
		if _, err := b.payout.Look(ctx, b.Boss, id, ada.ID, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("looking without a reason: %v", err)
		}
		d, err := b.payout.Look(ctx, b.Boss, id, ada.ID, "Virement du 4 juin.")
		must(t, err)
		if d.IBAN != iban || d.Holder != "Ada Exemple" {
			t.Errorf("%+v", d)
		}
		seen, err := sqldb.All(ctx, db, func(s *string) []any { return []any{s} }, `SELECT after FROM trail_entries WHERE action = 'payout.account_seen'`)
		must(t, err)
		if cmp.Diff([]string{"Virement du 4 juin."}, seen) != "" {
			t.Errorf("the trail says %q", seen)
		}
		must(t, b.payout.Note(ctx, b.Boss, id, b.cheque.ID, ada.ID, payout.Paid, ""))
		if _, err := b.payout.Look(ctx, b.Boss, id, ada.ID, "Encore."); !errs.Is(err, errs.NotFound) {
			t.Errorf("kept after the payment: %v", err)
		}
	})
}

// nowhere looks for the account in the database's own files and in a backup, where the
// laureate's name is found.
func (b bundle) nowhere(t *testing.T, db *dbtest.DB) {
	t.Helper()
	contents := map[string][]byte{"the backup": b.backup(t)}
	var named bool
	file, err := sqldb.Value[string](t.Context(), db, `SELECT file FROM pragma_database_list WHERE name = 'main'`)
	if err == nil { // on SQLite
		found, err := filepath.Glob(file + "*")
		must(t, err)
		for _, name := range found {
			contents[name], err = os.ReadFile(name)
			must(t, err)
			named = named || bytes.Contains(contents[name], []byte("Ada Exemple"))
		}
		if !named {
			t.Errorf("nothing is found in %v: this search proves nothing", found)
		}
	}
	if !bytes.Contains(contents["the backup"], []byte("Ada Exemple")) {
		t.Error("nothing is found in the backup: this search proves nothing")
	}
	for name, content := range contents {
		for _, secret := range []string{iban, "fr14 2004", iban[4:20]} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %s", name, secret)
			}
		}
	}
}

// backup is what a backup holds, unpacked.
func (b bundle) backup(t *testing.T) []byte {
	t.Helper()
	var packed, all bytes.Buffer
	store, err := files.NewDisk(t.TempDir())
	must(t, err)
	_, err = snapshot.Save(t.Context(), b.DB.DB, migrations.FS, store, &packed)
	must(t, err)
	archive, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	must(t, err)
	for _, f := range archive.File {
		r, err := f.Open()
		must(t, err)
		_, err = all.ReadFrom(r)
		must(t, err, r.Close())
	}
	return all.Bytes()
}

// What nobody pays is forgotten after a month, by itself; who changes their mind, at once.
func TestBank_forgottenInTime(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	ctx, id, ada, bob := t.Context(), b.Edition.ID, b.laureates[0], b.laureates[1]
	b.Go(edition.Results)
	d := payout.Details{Holder: "Ada Exemple", IBAN: iban}
	must(t, b.payout.Give(ctx, ada, id, d), b.payout.Give(ctx, bob, id, d), b.payout.Withdraw(ctx, bob, id))
	given := func() int {
		all, err := b.payout.Given(ctx, b.DB, id)
		must(t, err)
		return len(all)
	}
	if given() != 1 {
		t.Errorf("%d are kept", given())
	}
	b.DB.Clock.Advance(29 * 24 * time.Hour)
	b.RunJobs(b.payout.Jobs())
	if given() != 1 {
		t.Error("forgotten too early")
	}
	b.DB.Clock.Advance(25 * time.Hour)
	if _, err := b.payout.Look(ctx, b.Boss, id, ada.ID, "En retard."); !errs.Is(err, errs.NotFound) {
		t.Errorf("seen after its time: %v", err)
	}
	b.RunJobs(b.payout.Jobs())
	if given() != 0 {
		t.Error("kept for longer than said")
	}
}

func TestParseIBAN(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{iban: iban, "FR14 2004 1010 0505 0001 3M02 606": iban, "de89 3704 0044 0532 0130 00": "DE89370400440532013000",
		"GB82 WEST 1234 5698 7654 32": "GB82WEST12345698765432", "FR1420041010050500013M02607": "", "FR142004101005050001": "", "": "", "hello": "", "FR14é004101005050001302606": ""} {
		if got, ok := payout.ParseIBAN(text); got != want && ok || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
	// One digit or letter that is typed wrong is always found.
	rapid.Check(t, func(rt *rapid.T) {
		at, with := rapid.IntRange(0, len(iban)-1).Draw(rt, "at"), rapid.SampledFrom([]byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")).Draw(rt, "with")
		wrong := []byte(iban)
		if wrong[at] == with {
			return
		}
		wrong[at] = with
		digit := func(c byte) bool { return c >= '0' && c <= '9' }
		if _, ok := payout.ParseIBAN(string(wrong)); ok && digit(with) == digit(iban[at]) {
			rt.Fatalf("%s passes", wrong)
		}
	})
}

func FuzzParseIBAN(f *testing.F) {
	f.Add(iban)
	f.Add("GB82 WEST 1234 5698 7654 32")
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := payout.ParseIBAN(text)
		if again, same := payout.ParseIBAN(got); ok && (!same || again != got) {
			t.Errorf("%q is read as %q, and that as %q", text, got, again)
		}
	})
}

// The whole way by the pages, without script: accept, hand over the account, open it once,
// pay; the file for the accountant holds no account.
// What somebody refuses goes to the others: a division is ready, what was paid stands, and
// who refused is not asked again.
func TestDivide_whatSomebodyRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	ctx, id, prize := t.Context(), b.Edition.ID, b.cheque.ID
	b.Go(edition.Results)
	must(t, b.payout.Answer(ctx, b.laureates[0], id, prize, true), b.payout.Note(ctx, b.Boss, id, prize, b.laureates[0].ID, payout.Paid, ""),
		b.payout.Answer(ctx, b.laureates[1], id, prize, false))
	_, body := b.Client(b.Boss).Get("/e/amiens-2018/payouts")
	for _, want := range []string{"Bob Exemple a refusé sa part", `value="1666,67"`, `value="0,00"`, `value="3333,33"`, "1 sur 3 ont accepté"} {
		if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(body, "\u00a0", ""), "\u202f", ""), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	split := func(a, c, d int64) error {
		return b.payout.Divide(ctx, b.Boss, id, prize, map[account.ID]int64{b.laureates[0].ID: a, b.laureates[1].ID: c, b.laureates[2].ID: d}, "Bob a refusé.")
	}
	if err := split(2500_00, 0, 2500_00); !errs.Is(err, errs.Invalid) {
		t.Errorf("a paid share changes: %v", err)
	}
	must(t, split(1666_67, 0, 3333_33))
	cents, states := b.cents(t)
	if cmp.Diff([]int64{1666_67, 0, 3333_33}, cents) != "" || cmp.Diff([]payout.State{payout.Paid, payout.Declined, payout.Offered}, states) != "" {
		t.Errorf("%v %v", cents, states)
	}
}

func TestPages_fromTheLetterToThePayment(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	boss, ada, stranger := b.Client(b.Boss), b.Client(b.laureates[0]), b.Client(b.Person("Zoé Exemple"))
	const mine, desk = "/e/amiens-2018/my-prize", "/e/amiens-2018/payouts"
	if _, body := ada.Get(mine); strings.Contains(body, "Premier prix") {
		t.Error("a laureate knows before the minute")
	}
	b.Go(edition.Results)
	who := string(b.laureates[0].ID)
	steps := []struct {
		client *doortest.Client
		path   string
		form   url.Values
		status int
		want   string
	}{
		{stranger, mine + "/" + string(b.cheque.ID), url.Values{"answer": {"accept"}}, 404, ""},
		{ada, mine + "/" + string(b.cheque.ID), url.Values{"answer": {"accept"}}, 200, "vous avez accepté"},
		{ada, mine + "/account", url.Values{"holder": {"Ada Exemple"}, "iban": {"FR14 0000"}}, 422, "vérifiez chaque chiffre"},
		{ada, mine + "/account", url.Values{"holder": {"Ada Exemple"}, "iban": {iban}}, 200, "chiffrées"},
		{boss, "/e/amiens-2018/payees/" + who + "/look", url.Values{}, 422, "Écrivez pourquoi"},
		{boss, "/e/amiens-2018/payees/" + who + "/look", url.Values{"look-" + who: {"Virement"}}, 200, "FR14 2004 1010 0505 0001 3M02 606"},
		{boss, desk + "/" + string(b.cheque.ID) + "/notes/" + who, url.Values{"to": {"paid"}}, 200, "versée"},
	}
	for _, s := range steps {
		if status, body := s.client.Post(s.path, s.form); status != s.status || !strings.Contains(body, s.want) {
			t.Fatalf("%s %v: %d, want %d and %q\n%s", s.path, s.form, status, s.status, s.want, body)
		}
	}
	if _, body := boss.Get(desk); strings.Contains(body, "FR14") {
		t.Error("the page still shows the account")
	}
	status, csv := boss.Get(desk + "/dossier.csv")
	if status != 200 || !strings.Contains(csv, "Ada Exemple;1666,67;mille six cent soixante-six euros et soixante-sept centimes;versée") || strings.Contains(csv, iban[4:14]) {
		t.Errorf("%d %s", status, csv)
	}
	if status, file := boss.Get(desk + "/dossier.pdf"); status != 200 || !strings.HasPrefix(file, "%PDF-1.7") {
		t.Errorf("the payment file: %d", status)
	}
}
