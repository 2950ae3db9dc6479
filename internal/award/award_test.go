package award_test

import (
	"context"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb/dbtest"
)

// As it happened in Amiens: two prizes were planned, the jury added a third one without a
// cheque but with a promise of development.
func TestDeliberation_asInAmiens(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		extra := award.Prize{Title: "Prix du développement"}
		if _, err := b.award.AddPrize(ctx, b.juror, id, extra); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a juror adds a prize before the deliberation: %v", err)
		}
		if err := b.award.OpenDeliberation(ctx, b.juror, id); !errs.Is(err, errs.Forbidden) || b.jury.closed {
			t.Errorf("a juror opens it: %v, scoring closed %v", err, b.jury.closed)
		}
		must(t, b.award.OpenDeliberation(ctx, b.Boss, id), b.award.OpenDeliberation(ctx, b.Boss, id))
		if !b.jury.closed {
			t.Error("the scoring is still open")
		}
		if _, err := b.award.AddPrize(ctx, b.juror, id, extra); !errs.Is(err, errs.Invalid) {
			t.Errorf("an unplanned prize without a reason: %v", err)
		}
		extra.Reason = "Un service à développer dès septembre."
		extra, err := b.award.AddPrize(ctx, b.juror, id, extra)
		must(t, err)
		if err := b.award.Close(ctx, b.juror, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("closing before deciding: %v", err)
		}
		must(t, b.award.Decide(ctx, b.juror, id, award.Decision{Choice: award.Choice{b.first.ID: "t1", b.next.ID: "t2", extra.ID: "t3"}}),
			b.award.Close(ctx, b.juror, id))
		if _, err := b.award.AddPrize(ctx, b.Boss, id, extra); !errs.Is(err, errs.Conflict) {
			t.Errorf("a prize after the close: %v", err)
		}
		won, err := b.award.Laureates(ctx, db, id)
		must(t, err)
		var got []string
		for _, l := range won {
			got = append(got, l.Prize.Title+": "+l.Team.Name+", "+string(l.Prize.State))
		}
		want := []string{"Premier prix: Les Voisins, awarded", "Deuxième prix: Hall B, awarded", "Prix du développement: Escalier 4, awarded"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDecide_anotherOrderNeedsAReason(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	ctx, id := t.Context(), b.Edition.ID
	must(t, b.award.OpenDeliberation(ctx, b.Boss, id))
	turned := award.Choice{b.first.ID: "t2", b.next.ID: "t1"}
	if err := b.award.Decide(ctx, b.juror, id, award.Decision{Choice: turned}); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if err := b.award.Decide(ctx, b.juror, id, award.Decision{Choice: award.Choice{b.first.ID: "t9"}, Reason: "x"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a team that is not ranked: %v", err)
	}
	must(t, b.award.Decide(ctx, b.juror, id, award.Decision{Choice: turned, Reason: "Le premier existait déjà."}))
	if err := b.award.Decide(ctx, b.juror, id, award.Decision{Choice: turned, Reason: strings.Repeat("x", 5000)}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a reason without end: %v", err)
	}
	m, err := b.award.Minutes(ctx, b.juror, id)
	must(t, err)
	if m.Deliberation.Reason != "Le premier existait déjà." || !m.Recomputed || m.Differs {
		t.Errorf("minutes: %+v, recomputed %v, differs %v", m.Deliberation, m.Recomputed, m.Differs)
	}
	if _, err := b.award.AddPrize(ctx, b.juror, id, award.Prize{Title: "Prix du public", Reason: "La salle l'a demandé."}); err != nil {
		t.Fatal(err)
	}
	if err := b.award.Close(ctx, b.juror, id); !errs.Is(err, errs.Conflict) {
		t.Errorf("closing with a prize that the decision does not know: %v", err)
	}
}

func TestDecide_aTieGoesToANamedPerson(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	ctx, id := t.Context(), b.Edition.ID
	b.jury.standings[0].Tie, b.jury.standings[1].Rank, b.jury.standings[1].Tie = award.TieOpen, 1, award.TieOpen
	must(t, b.award.OpenDeliberation(ctx, b.Boss, id))
	d := award.Decision{Choice: award.Choice{b.first.ID: "t1", b.next.ID: "t2"}}
	if err := b.award.Decide(ctx, b.juror, id, d); !errs.Is(err, errs.Invalid) {
		t.Errorf("a tie without a decider: %v", err)
	}
	d.Decider, d.DeciderReason = "Présidente Exemple", "Plus utile aux locataires."
	must(t, b.award.Decide(ctx, b.juror, id, d))
}

// A contested result: marks that changed after the close are seen, and answered by an
// addendum.
func TestMinutes_areCompletedAndNotEdited(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		if err := b.award.AddAddendum(ctx, b.Boss, id, "trop tôt"); !errs.Is(err, errs.Conflict) {
			t.Errorf("an addendum to nothing: %v", err)
		}
		b.decideAndClose(t)
		if err := b.award.Decide(ctx, b.juror, id, award.Decision{}); !errs.Is(err, errs.Conflict) {
			t.Errorf("deciding after the close: %v", err)
		}
		b.jury.standings = amiens()
		b.jury.standings[0].Raw = 3.99
		must(t, b.award.AddAddendum(ctx, b.Boss, id, "Une note était mal saisie ; l'ordre ne change pas."))
		m, err := b.award.Minutes(ctx, b.Boss, id)
		must(t, err)
		if !m.Differs || m.Basis.Standings[0].Raw != 4.0 || len(m.Addenda) != 1 {
			t.Errorf("differs %v, first place %+v, addenda %d", m.Differs, m.Basis.Standings[0], len(m.Addenda))
		}
	})
}

func (b bundle) decideAndClose(t testing.TB) {
	t.Helper()
	must(t, b.award.OpenDeliberation(t.Context(), b.Boss, b.Edition.ID),
		b.award.Decide(t.Context(), b.juror, b.Edition.ID, award.Decision{Choice: award.Choice{b.first.ID: "t1", b.next.ID: "t2"}}),
		b.award.Close(t.Context(), b.juror, b.Edition.ID))
}

// Publication and payment are separate: what was won stays won when it cannot be paid.
func TestTurn_paidDroppedAndBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		for _, bad := range []award.PrizeState{award.Awarded, award.Paid} {
			if err := b.award.Turn(ctx, b.Boss, id, b.first.ID, bad, "x"); !errs.Is(err, errs.Conflict) {
				t.Errorf("planned → %s: %v", bad, err)
			}
		}
		b.decideAndClose(t)
		sum, err := b.award.Summary(ctx, db, b.Edition, b.Edition.At[edition.Deliberation])
		must(t, err)
		if sum.Unpaid != 1 || sum.OwedCents != 5000_00 || sum.Public {
			t.Errorf("%+v", sum)
		}
		if err := b.award.Turn(ctx, b.Boss, id, b.first.ID, award.Dropped, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("dropped without a reason: %v", err)
		}
		must(t, b.award.Turn(ctx, b.Boss, id, b.first.ID, award.Dropped, "Pas de RIB."),
			b.award.Turn(ctx, b.Boss, id, b.first.ID, award.Awarded, "Le RIB est arrivé."))
		if err := b.award.Turn(ctx, b.Boss, id, b.first.ID, award.Paid, ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("a cheque paid past its shares: %v", err)
		}
		must(t, b.award.Turn(ctx, b.Boss, id, b.next.ID, award.Paid, "")) // a promise that was kept
		prizes, err := b.award.Prizes(ctx, db, id)
		must(t, err)
		if p := prizes[0]; p.State != award.Awarded || len(p.Steps) != 4 || p.Steps[2].Reason != "Pas de RIB." || prizes[1].State != award.Paid {
			t.Errorf("%s, %+v", p.State, p.Steps)
		}
		if won, err := b.award.Laureates(ctx, db, id); err != nil || len(won) != 2 {
			t.Errorf("%d laureates, %v", len(won), err)
		}
	})
}

// The results open at their minute, and not before the jury is done.
func TestResults_openByThemselvesAtTheirMinute(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	public := b.Client(account.Actor{})
	b.Go(edition.Results)
	if _, body := public.Get("/e/amiens-2018/results"); strings.Contains(body, "Guichet") {
		t.Error("shown before the deliberation is closed")
	}
	b.Go(edition.Deliberation)
	b.decideAndClose(t)
	later := b.Edition.At[edition.Results].Add(7 * time.Minute)
	must(t, b.award.SetResultsAt(t.Context(), b.Boss, b.Edition.ID, later))
	if err := b.award.SetResultsAt(t.Context(), b.Boss, b.Edition.ID, b.Edition.At[edition.Starts]); !errs.Is(err, errs.Invalid) {
		t.Errorf("results before the deliberation: %v", err)
	}
	listener := b.Hub.Listen([]string{award.Topic(b.Edition.ID)}, b.Hub.Position())
	defer listener.Close()
	b.DB.Clock.Set(later.Add(-time.Second))
	b.RunJobs(b.award.Jobs())
	if _, body := public.Get("/e/amiens-2018/results"); strings.Contains(body, "Guichet") || !strings.Contains(body, "data-countdown") {
		t.Error("shown a second too early, or without a countdown")
	}
	b.DB.Clock.Set(later)
	b.RunJobs(b.award.Jobs())
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := listener.Next(ctx); err != nil {
		t.Errorf("the open pages were not told: %v", err)
	}
	if status, body := public.Get("/e/amiens-2018/results"); status != 200 || !strings.Contains(body, "Le Guichet malin") || strings.Contains(body, "Ada Exemple") {
		t.Errorf("%d %s", status, body)
	}
	all, err := b.award.Laureates(t.Context(), b.DB, b.Edition.ID)
	must(t, err)
	b.faces.of = map[string]award.Face{all[0].Team.ID: {URL: "/e/amiens-2018/projects/p1", Members: []string{"Ada Exemple"}, Others: 2}}
	if _, body := public.Get("/e/amiens-2018/results"); !strings.Contains(body, "Ada Exemple et 2 autres personnes") || !strings.Contains(body, "/projects/p1") {
		t.Errorf("who agreed is not named, or the project not reached: %s", body)
	}
}

// Whoever moves the minute, in the settings too and after the jury is done, moves what
// happens at it; what was opened is not opened again by the next change of a word.
func TestResults_followTheirMinute(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		change := func(tagline string, results time.Time) {
			t.Helper()
			_, err := b.Editions.Change(t.Context(), b.Boss, b.Edition.ID, func(e edition.Edition) edition.Edition {
				e.Tagline, e.At = tagline, maps.Clone(e.At)
				e.At[edition.Results] = results
				return e
			})
			must(t, err)
		}
		b.decideAndClose(t)
		set := b.Edition.At[edition.Results]
		for _, at := range []time.Time{set.Add(time.Hour), set.Add(-10 * time.Minute)} {
			change("", at)
			b.DB.Clock.Set(at.Add(-time.Second))
			b.RunJobs(b.award.Jobs())
			if b.curtain.opened != 0 {
				t.Fatalf("opened before %s", at)
			}
		}
		b.DB.Clock.Advance(time.Second)
		b.RunJobs(b.award.Jobs())
		if b.curtain.opened != 1 || b.letters(t) == 0 {
			t.Errorf("opened %d times at the minute that was moved, %d letters", b.curtain.opened, b.letters(t))
		}
		change("Un mot de plus", set.Add(-10*time.Minute))
		b.RunJobs(b.award.Jobs())
		if b.curtain.opened != 1 {
			t.Error("a change of a word opened what somebody may have closed since")
		}
	})
}

// Each prize is named, keeps the room waiting, and is then given; a press too many on an
// old page changes nothing, and a step can be taken back.
func TestReveal_fromTheLastPrizeToTheFirst(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	crew, stranger := b.Client(b.Person("Gaspard Exemple", edition.Crew)), b.Client(account.Actor{})
	b.decideAndClose(t)
	step := func(at int, back bool) {
		t.Helper()
		must(t, b.award.Reveal(t.Context(), b.Boss, b.Edition.ID, at, back))
	}
	see := func(want string, not ...string) {
		t.Helper()
		_, body := crew.Get("/e/amiens-2018/stage/reveal")
		if !strings.Contains(body, want) {
			t.Errorf("the room does not see %q", want)
		}
		_, outside := stranger.Get("/e/amiens-2018/stage/reveal")
		for _, hidden := range append(not, "is-named", "is-won") {
			if strings.Contains(outside, hidden) {
				t.Errorf("everybody sees %q", hidden)
			}
		}
		for _, hidden := range not {
			if strings.Contains(body, hidden) {
				t.Errorf("the room sees %q", hidden)
			}
		}
	}
	see("les lauréats", "Relouer", "Guichet")
	step(0, false)
	step(0, false)
	see("Deuxième prix", "Relouer", "Guichet")
	step(1, false)
	see("Relouer", "Guichet")
	step(2, true)
	see("Deuxième prix", "Relouer", "Guichet")
	step(1, false)
	step(2, false)
	see("Premier prix", "Guichet")
	step(3, false)
	step(4, false)
	see("Le Guichet malin")
	b.Go(edition.Results)
	if _, body := stranger.Get("/e/amiens-2018/stage/reveal"); !strings.Contains(body, "Le Guichet malin") {
		t.Error("the ceremony is still closed after the results are public")
	}
	all, err := b.award.Laureates(t.Context(), b.DB, b.Edition.ID)
	must(t, err)
	b.faces.of = map[string]award.Face{all[0].Team.ID: {Members: []string{"Ada Exemple"}, Others: 2}}
	if _, body := crew.Get("/e/amiens-2018/stage/reveal"); !strings.Contains(body, "Bob Exemple") {
		t.Error("the room does not hear who the laureates are")
	}
	if _, body := stranger.Get("/e/amiens-2018/stage/reveal"); !strings.Contains(body, "Ada Exemple et 2 autres personnes") || strings.Contains(body, "Bob Exemple") {
		t.Error("outside the room somebody is named who did not agree")
	}
	if status, _ := crew.Get("/e/amiens-2018/stage/remote"); status != 403 {
		t.Errorf("the crew holds the remote: %d", status)
	}
}

// The whole evening by the pages, without script.
func TestPages_fromThePrizeToTheCeremony(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	boss, juror := b.Client(b.Boss), b.Client(b.juror)
	const base = "/e/amiens-2018/deliberation"
	steps := []struct {
		client *doortest.Client
		path   string
		form   url.Values
		status int
		want   string
	}{
		{boss, "/e/amiens-2018/prizes", url.Values{"title": {"Troisième"}, "amount": {"abc"}}, 422, "Un montant en euros"},
		{boss, "/e/amiens-2018/prizes/" + string(b.first.ID), url.Values{"title": {"Grand prix"}, "amount": {"5 000"}}, 200, "Grand prix"},
		{juror, base + "/open", nil, 403, ""},
		{boss, base + "/open", nil, 200, "Le Guichet malin"},
		{juror, base + "/jury", url.Values{"presence-" + string(b.juror.ID): {"recused"}, "note-" + string(b.juror.ID): {"Hall B"}, "guests": {"Maître Exemple"}}, 200, "Maître Exemple"},
		{juror, base + "/decision", url.Values{"prize-" + string(b.first.ID): {"t2"}, "prize-" + string(b.next.ID): {"t1"}}, 422, "écrivez pourquoi"},
		{juror, base + "/decision", url.Values{"prize-" + string(b.first.ID): {"t1"}, "prize-" + string(b.next.ID): {"t2"}}, 200, "Clore la délibération"},
		{juror, base + "/close", nil, 200, "Additifs"},
		{juror, base + "/close", nil, 409, "seul un additif"},
		{juror, base + "/addenda", url.Values{"addendum": {"Merci à tous."}}, 200, "Merci à tous."},
		{boss, "/e/amiens-2018/stage/reveal", url.Values{"at": {"0"}}, 200, "Révéler le lauréat"},
		{boss, base + "/results-at", url.Values{"results_at": {"2018-05-21T13:05"}}, 200, "2018-05-21T13:05"},
	}
	for _, s := range steps {
		if status, body := s.client.Post(s.path, s.form); status != s.status || !strings.Contains(body, s.want) {
			t.Fatalf("%s %v: %d, want %d and %q", s.path, s.form, status, s.status, s.want)
		}
	}
	if _, body := juror.Get(base + "/minutes"); !strings.Contains(body, "cinq mille euros") || !strings.Contains(body, "récusé") {
		t.Error("the minutes lack the amount in words or the recusal")
	}
	if status, body := juror.Get(base + "/minutes.pdf"); status != 200 || !strings.HasPrefix(body, "%PDF-1.7") {
		t.Errorf("minutes.pdf: %d", status)
	}
	if status, _ := b.Client(b.Person("Paule Exemple")).Get(base); status != 403 {
		t.Errorf("a participant at the jury's table: %d", status)
	}
}

func TestAPI_decidesWithAReason(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	boss := b.Client(b.Boss)
	do := func(method, path, body string, want int, contains string) {
		t.Helper()
		if status, answer := boss.Do(method, "/api/v1/e/amiens-2018"+path, "application/json", body); status != want || !strings.Contains(answer, contains) {
			t.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
	}
	do("POST", "/deliberation", "", 200, `"verdict"`)
	teams := `{"teams":{"` + string(b.first.ID) + `":"t2","` + string(b.next.ID) + `":"t1"}`
	do("PUT", "/deliberation/decision", teams+`}`, 422, "reason")
	do("PUT", "/deliberation/decision", teams+`,"reason":"Plus mûr"}`, 200, `"state":"decided"`)
	do("POST", "/deliberation/close", "", 200, `"state":"closed"`)
	do("POST", "/prizes/"+string(b.first.ID)+"/states", `{"state":"paid","reason":"virement"}`, 409, "part par part")
	do("POST", "/prizes/"+string(b.next.ID)+"/states", `{"state":"paid","reason":"Premier rendez-vous tenu."}`, 200, `"paid"`)
	do("GET", "/results", "", 200, `"public":false,"at":"2018-05-21T13:00:00+02:00","laureates":[]`)
	b.Go(edition.Results)
	do("GET", "/results", "", 200, `"project":"Relouer"`)
}

func TestCopyPrizes_withoutLaureates(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	b.decideAndClose(t)
	next, err := b.Editions.Create(t.Context(), b.Boss, edition.Edition{Slug: "amiens-2019", Name: "La suite", At: map[edition.Moment]time.Time{edition.Starts: dbtest.Start}})
	must(t, err)
	must(t, b.DB.InTx(t.Context(), func(tx *dbtest.Tx) error {
		return b.award.CopyPrizes(t.Context(), tx, b.Boss, b.Edition.ID, next.ID)
	}))
	prizes, err := b.award.Prizes(t.Context(), b.DB, next.ID)
	must(t, err)
	if len(prizes) != 2 || prizes[0].Cents != 5000_00 || prizes[0].Team != "" || prizes[0].State != award.Planned {
		t.Errorf("%+v", prizes)
	}
}

func TestInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cents  int64
		fr, en string
	}{
		{0, "zéro euro", "zero euros"},
		{1_00, "un euro", "one euro"},
		{21_01, "vingt et un euros et un centime", "twenty-one euros and one cent"},
		{71_00, "soixante et onze euros", "seventy-one euros"},
		{80_00, "quatre-vingts euros", "eighty euros"},
		{81_00, "quatre-vingt-un euros", "eighty-one euros"},
		{99_50, "quatre-vingt-dix-neuf euros et cinquante centimes", "ninety-nine euros and fifty cents"},
		{200_00, "deux cents euros", "two hundred euros"},
		{1201_00, "mille deux cent un euros", "one thousand two hundred and one euros"},
		{5000_00, "cinq mille euros", "five thousand euros"},
		{80_000_00, "quatre-vingt mille euros", "eighty thousand euros"},
		{300_000_00, "trois cent mille euros", "three hundred thousand euros"},
		{1_000_000_00, "un million d’euros", "one million euros"},
		{80_000_005_00, "quatre-vingts millions cinq euros", "eighty million and five euros"},
		{1_000_000_000_00, "un milliard d’euros", "one billion euros"},
		{2_000_200_080_99, "deux milliards deux cent mille quatre-vingts euros et quatre-vingt-dix-neuf centimes", "two billion two hundred thousand and eighty euros and ninety-nine cents"},
	} {
		if fr, en := award.InWords(i18n.French, c.cents), award.InWords(i18n.English, c.cents); fr != c.fr || en != c.en {
			t.Errorf("%d: %q, %q", c.cents, fr, en)
		}
	}
}

// Two amounts never read the same.
func TestInWords_noTwoAmountsReadTheSame(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Langs {
		seen := map[string]int64{}
		for n := range int64(200_000) {
			text := award.InWords(lang, n*100)
			if other, there := seen[text]; there {
				t.Fatalf("%s is %d and %d", text, other, n)
			}
			seen[text] = n
		}
	}
}

func FuzzParseEuros(f *testing.F) {
	for _, seed := range []string{"", "5000", "5 000,50", "12.5 €", "-1", "1,2,3", "999999999999", "٣"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cents, ok := award.ParseEuros(text)
		if cents < 0 || !ok && cents != 0 || cents >= 1_000_000_000_00 {
			t.Errorf("%q: %d %v", text, cents, ok)
		}
	})
}
