package award_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/kit/chain"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb/dbtest"
)

// decided is a deliberation of two jurors, decided and not closed.
func (b bundle) decided(t testing.TB) (second account.Actor) {
	t.Helper()
	second = b.Person("Karim Exemple", edition.Juror)
	must(t, b.award.OpenDeliberation(t.Context(), b.Boss, b.Edition.ID),
		b.award.Decide(t.Context(), b.juror, b.Edition.ID, award.Decision{Choice: award.Choice{b.first.ID: "t1", b.next.ID: "t2"}}))
	return second
}

func (b bundle) minutes(t testing.TB) award.Minutes {
	t.Helper()
	m, err := b.award.Minutes(t.Context(), b.Boss, b.Edition.ID)
	must(t, err)
	return m
}

// holding counts the signatures that bind to the minutes as they stand.
func holding(m award.Minutes) int {
	n := 0
	for _, s := range m.Signatures {
		if m.Holds(s) {
			n++
		}
	}
	return n
}

// A signature binds to what was read: closing and paying change nothing, a word added
// later makes it one of an earlier version, and nobody signs what they have not read.
func TestSign_bindsToWhatWasRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		second := b.decided(t)
		read := b.minutes(t).Digest()
		must(t, b.award.Sign(ctx, b.juror, id, award.Hand{Digest: read, Drawing: "10,10 200,90;300,20 301,21"}), b.award.Sign(ctx, b.juror, id, award.Hand{Digest: read}),
			b.award.SignWithCode(ctx, b.Boss, id, string(second.ID), award.Hand{Digest: read}))
		for name, err := range map[string]error{
			"an organiser":     b.award.Sign(ctx, b.Boss, id, award.Hand{Digest: read}),
			"an older version": b.award.Sign(ctx, second, id, award.Hand{Digest: strings.Repeat("0", 64)}),
			"off the field":    b.award.Sign(ctx, second, id, award.Hand{Digest: read, Drawing: "9999,1"}),
		} {
			if err == nil {
				t.Errorf("%s signs", name)
			}
		}
		if m := b.minutes(t); holding(m) != 2 || m.Signatures[0].Way != award.BySession || m.Signatures[1].Way != award.ByCode {
			t.Errorf("%+v", m.Signatures)
		}
		must(t, b.award.Close(ctx, b.juror, id), b.award.Turn(ctx, b.Boss, id, b.next.ID, award.Paid, ""), b.award.Reveal(ctx, b.Boss, id, 0, false))
		if m := b.minutes(t); holding(m) != 2 || m.Deliberation.Head == "" {
			t.Errorf("after the close %d hold, head %q", holding(m), m.Deliberation.Head)
		}
		must(t, b.award.AddAddendum(ctx, b.Boss, id, "Une coquille au nom du deuxième prix."))
		if m := b.minutes(t); holding(m) != 0 || len(m.Signatures) != 2 {
			t.Errorf("after an addendum %d of %d hold", holding(m), len(m.Signatures))
		}
		client := b.Client(b.juror)
		if _, body := client.Get("/e/amiens-2018/deliberation/minutes"); strings.Count(body, "version antérieure") != 2 {
			t.Error("the page does not say that the signatures are of an earlier version")
		}
	})
}

// Each word of the jury stands in the chain, and no name or reason does in the clear.
func TestChain_holdsTheAward(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		b.decided(t)
		vote, err := b.award.OpenVote(ctx, b.juror, id, award.Question{Text: "Un mot ?", Answers: []string{"oui", "non"}})
		must(t, err, b.award.Cast(ctx, b.juror, id, vote, 1), b.award.CloseVote(ctx, b.juror, id, vote))
		must(t, b.award.Decide(ctx, b.juror, id, award.Decision{Choice: award.Choice{b.first.ID: "t2", b.next.ID: "t1"}, Reason: "Le plus abouti."}),
			b.award.Sign(ctx, b.juror, id, award.Hand{Digest: b.minutes(t).Digest()}), b.award.Close(ctx, b.juror, id))
		head, kinds := chain.Head{Hash: chain.Genesis(string(id))}, map[string]int{}
		must(t, chain.Each(ctx, b.DB, string(id), func(e chain.Entry) (err error) {
			kinds[e.Kind]++
			for _, secret := range []string{"abouti", "Justine", "Un mot"} {
				if strings.Contains(e.Body, secret) {
					t.Errorf("%s tells %q", e.Kind, secret)
				}
			}
			head, err = head.Check(e)
			return err
		}))
		for _, kind := range strings.Fields("award.prize_added award.opened award.decided award.vote_opened award.voted award.vote_closed award.signed award.closed") {
			if kinds[kind] == 0 {
				t.Errorf("no %s in the chain: %v", kind, kinds)
			}
		}
	})
}

// The scan of what was signed on paper is kept with the digest of the minutes.
func TestScan(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	b.decided(t)
	boss := b.Client(b.Boss)
	post := func(name, content string) int {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		part, err := w.CreateFormFile("scan", name)
		must(t, err)
		_, err = part.Write([]byte(content))
		must(t, err, w.Close())
		status, _ := boss.Do("POST", "/e/amiens-2018/deliberation/scans", w.FormDataContentType(), form.String())
		return status
	}
	if got := post("pv.exe", "MZ"); got != 422 {
		t.Errorf("a program as a scan: %d", got)
	}
	if got := post("pv.pdf", "%PDF-1.7\n%%EOF"); got != 200 && got != 303 {
		t.Errorf("a scan: %d", got)
	}
	m := b.minutes(t)
	if len(m.Scans) != 1 || m.Scans[0].Digest != m.Digest() {
		t.Fatalf("%+v", m.Scans)
	}
	path := "/e/amiens-2018/deliberation/scans/" + m.Scans[0].ID
	if status, body := b.Client(b.juror).Get(path); status != 200 || !strings.HasPrefix(body, "%PDF-") {
		t.Errorf("a juror opens the scan: %d", status)
	}
	if status, _ := b.Client(b.Person("Paule Exemple")).Get(path); status != 403 {
		t.Errorf("a participant opens the scan: %d", status)
	}
}

// The sheet is read aloud in order: its headings, each juror, each prize; tools find
// nothing wrong with it.
func TestMinutes_pdfIsTagged(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	b.decided(t)
	unchanged := b.minutes(t).Digest()
	b.jury.amended = []award.Amended{{At: time.UnixMicro(1), Reason: "Une faute de frappe.", Before: "60", After: "55",
		Say: func(i18n.Locale) (string, []string, []string) {
			return "Critères", []string{"Utile 60"}, []string{"Utile 55"}
		}}}
	if b.minutes(t).Digest() == unchanged {
		t.Error("a change of the rules does not change what is signed")
	}
	must(t, b.award.Sign(t.Context(), b.juror, b.Edition.ID, award.Hand{Digest: b.minutes(t).Digest(), Drawing: "10,10 90,60"}))
	status, content := b.Client(b.Boss).Get("/e/amiens-2018/deliberation/minutes.pdf")
	if status != 200 {
		t.Fatal(status)
	}
	file := filepath.Join(t.TempDir(), "minutes.pdf")
	must(t, os.WriteFile(file, []byte(content), 0o600))
	out := func(program string, args ...string) string {
		if _, err := exec.LookPath(program); errors.Is(err, exec.ErrNotFound) {
			t.Skipf("%s is not installed", program)
		}
		text, err := exec.CommandContext(t.Context(), program, append(args, file)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v %s", program, err, text)
		}
		return string(text)
	}
	if check := out("qpdf", "--check"); !strings.Contains(check, "No syntax or stream encoding errors found") {
		t.Error(check)
	}
	if info := out("pdfinfo"); !strings.Contains(strings.Join(strings.Fields(info), " "), "Tagged: yes") {
		t.Error(info)
	}
	tree := strings.Join(strings.Fields(out("pdfinfo", "-struct-text")), " ")
	at := 0
	for _, want := range []string{`H1 (block) "Procès-verbal du jury`, `H2 (block) "Présences`, "Justine Exemple · présent·e", `H2 (block) "Règles changées après la première note`,
		"Critères. Motif : Une faute de frappe.", "Avant : Utile 60", "Après : Utile 55", `H2 (block) "Classement`,
		"est premier", `H2 (block) "Décision`, `H2 (block) "Prix`, "cinq mille euros", `H2 (block) "Empreintes`, `H2 (block) "Signatures`, "Signé à l’écran", "Figure"} {
		i := strings.Index(tree[at:], want)
		if i < 0 {
			t.Fatalf("%q does not follow in %s", want, tree)
		}
		at += i
	}
}

func FuzzParseDrawing(f *testing.F) {
	for _, seed := range []string{"", "1,2 3,4;5,6", ";", "-1,2", "600,200", "601,1", "1,2,3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		strokes, ok := award.ParseDrawing(text)
		if !ok && strokes != nil {
			t.Errorf("%q is refused with %v", text, strokes)
		}
		for _, stroke := range strokes {
			for _, p := range stroke {
				if p.X < 0 || p.X > award.DrawingWidth || p.Y < 0 || p.Y > award.DrawingHeight {
					t.Errorf("%q leaves the field at %v", text, p)
				}
			}
		}
	})
}

// At the minute the gallery opens and everybody is written to once, the laureates in
// words of their own, however often the job runs.
func TestOpening_writesToEverybodyOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	ada := b.Person("Ada Exemple")
	b.Person("Bob Exemple")
	b.winner(ada)
	b.decideAndClose(t)
	b.RunJobs(b.award.Jobs())
	if n := b.letters(t); n != 0 || b.curtain.opened != 0 {
		t.Fatalf("%d letters before the minute, the gallery opened %d times", n, b.curtain.opened)
	}
	b.Go(edition.Results)
	b.RunJobs(b.award.Jobs())
	first := b.letters(t)
	if first < 4 || b.curtain.opened != 1 { // Ada, Bob, Justine, Olympe
		t.Errorf("%d letters, the gallery opened %d times", first, b.curtain.opened)
	}
	must(t, b.award.SetResultsAt(t.Context(), b.Boss, b.Edition.ID, b.Edition.At[edition.Results].Add(time.Minute))) // orders the job again
	b.DB.Clock.Advance(time.Minute)
	b.RunJobs(b.award.Jobs())
	if n := b.letters(t); n != first {
		t.Errorf("%d letters after the second run, %d after the first", n, first)
	}
	if text := b.letter(t, "ada.exemple@example.org"); !strings.Contains(text, "Premier prix") || !strings.Contains(text, "/my-prize") {
		t.Errorf("Ada reads %s", text)
	}
	if text := b.letter(t, "bob.exemple@example.org"); strings.Contains(text, "/my-prize") || !strings.Contains(text, "Le Guichet malin") {
		t.Errorf("Bob reads %s", text)
	}
}
