package e2e_test

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/clock"
	"h48/internal/kit/once"
)

// The evening of a jury, by keyboard: the scoring closes, the ranking is set aside for a
// reason, a question is put to a vote that two jurors answer on their phones, a third
// prize is added, the minutes are signed by both and closed; the clicker reveals from the
// third prize to the first, the public reads it at the minute, a laureate accepts, and the
// share is paid.
func TestJourney_deliberateAndAward(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	_, founders := p.crews(t, "Les Voisins", "Le Palier", "Hall B")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)
	jurors := []account.Actor{p.grant("Jade Exemple", edition.Juror), p.grant("Karim Exemple", edition.Juror)}
	p.marks(t, jurors)
	if _, err := p.Award.AddPrize(t.Context(), p.boss, p.e.ID, award.Prize{Title: "Deuxième prix"}); err != nil {
		t.Fatal(err)
	}
	p.clock(edition.Deliberation, time.Minute)

	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("deliberation")).pressWord("award.open").readsWord("award.decision")
	ranking := p.ranking(t)
	first, second := ranking[0], ranking[1]

	// Another decision than the ranking's wants its reason, and loses nothing that was chosen.
	prizes := p.prizes(t)
	boss.choose(prizes[0].Title, optionOf(boss, second)).choose(prizes[1].Title, optionOf(boss, first))
	boss.pressWord("award.decide").readsWord("award.reason_needed")
	boss.fill(boss.word("award.reason"), "Le deuxième est prêt à servir dès septembre.").pressWord("award.decide").readsWord("award.lead.decided")

	// A vote by show of hands, from two phones.
	boss.pressWord("award.ask").fill(boss.word("award.question"), "Un troisième prix, sans chèque ?")
	boss.fill(boss.word("award.answers"), "Oui").pressWord("award.ask_do").readsWord("award.answers_few")
	boss.reach("fields", boss.word("award.answers"))
	boss.keys(kb.End + kb.Enter + "Non")
	boss.tick(boss.word("award.secret.no")).pressWord("award.ask_do").readsWord("award.vote_close")
	for _, who := range jurors {
		juror := p.sit(t, who, look{screen: phone})
		juror.open(p.url("deliberation")).tick("Oui").pressWord("award.cast").readsWord("award.you_voted")
	}
	boss.open(p.url("deliberation")).pressWord("award.vote_close").readsWord("award.vote_won", "answer", "Oui", "n", 2)

	// The third prize: no cheque, and a promise. The decision is made again with it.
	boss.pressWord("award.add_unplanned")
	boss.fill(boss.word("award.title"), "Troisième prix").fill(boss.word("award.text"), "La promesse d’un développement.")
	boss.fill(boss.word("award.why"), "Le jury veut que ce projet continue.").pressWord("award.add").readsWord("award.lead.open")
	boss.choose("Troisième prix", optionOf(boss, ranking[2])).pressWord("award.decide").readsWord("award.lead.decided")

	// The minutes, signed by both on their own phones; then the close, which changes nothing
	// of what was signed.
	for _, who := range jurors {
		juror := p.sit(t, who, look{screen: phone})
		juror.open(p.url("deliberation", "minutes")).reads("Le deuxième est prêt à servir dès septembre.").pressWord("award.sign_do").reads("Signé à l’écran")
	}
	boss.open(p.url("deliberation")).pressWord("award.close").in(".dialog-panel").pressWord("award.close")
	boss.readsWord("award.addenda_note")
	minutes, err := p.Award.Minutes(t.Context(), p.boss, p.e.ID)
	if err != nil || len(minutes.Signatures) != 2 || !minutes.Holds(minutes.Signatures[0]) || !minutes.Holds(minutes.Signatures[1]) {
		t.Fatalf("the signatures are %+v, %v", minutes.Signatures, err)
	}
	boss.open(p.url("deliberation", "minutes"))
	checkTagged(t, ask[string](boss, `fetch(document.querySelector("a[href$='minutes.pdf']").href).then((r) => r.arrayBuffer()).then((b) => btoa(Array.from(new Uint8Array(b), (c) => String.fromCharCode(c)).join("")))`))

	// The reveal, with the keys of a clicker; somebody at home waits.
	home := p.sit(t, account.Actor{}, look{screen: phone})
	home.open(p.url("results")).readsWord("award.not_yet")
	wall := p.sit(t, p.boss, look{screen: projector})
	wall.open(p.url("stage", "reveal")).readsWord("award.stage_soon")
	for i, title := range []string{ranking[2].Title, first.Title, second.Title} {
		wall.keys(kb.PageDown)
		wall.until(`document.querySelector("[data-ceremony='` + strconv.Itoa(2*i+1) + `']")`)
		if text := ask[string](wall, `document.body.innerText`); strings.Contains(text, title) && i == 0 {
			t.Errorf("the wall says too early %q", text)
		}
		wall.keys(kb.PageDown)
		wall.until(`document.querySelector("[data-ceremony='` + strconv.Itoa(2*i+2) + `']")`)
		wall.reads(title)
	}
	home.open(p.url("results")).readsWord("award.not_yet")
	p.clock(edition.Results, 0)
	home.reads(second.Title)

	// A laureate accepts by herself, and is paid.
	winners, err := p.Payout.Won(t.Context(), p.DB, p.e.ID)
	if err != nil || len(winners) != 3 || len(winners[0].Shares) == 0 {
		t.Fatalf("won is %+v, %v", winners, err)
	}
	who, err := p.Accounts.Get(t.Context(), p.DB, winners[0].Shares[0].Account)
	if err != nil {
		t.Fatal(err)
	}
	laureate := p.sit(t, who.Actor(), look{screen: phone})
	laureate.open(p.url("my-prize")).pressWord("payout.accept").readsWord("payout.mine.accepted")
	laureate.fill(laureate.word("payout.holder"), who.Name).fill(laureate.word("payout.iban"), "FR1420041010050500013M02606")
	laureate.pressWord("payout.give").reads("chiffrées, jusqu’au versement")
	boss.open(p.url("payouts")).pressWord("payout.look").fill(boss.word("payout.look_why"), "Virement").pressWord("payout.look_do").reads("FR14 2004 1010 0505 0001 3M02 606")
	boss.open(p.url("payouts")).pressWord("payout.turn.paid").in(".details[open] form").pressWord("payout.turn.paid")
	boss.readsWord("payout.state.paid")
}

// marks has each juror mark every team, the first team best.
func (p *program) marks(t *testing.T, jurors []account.Actor) {
	t.Helper()
	criteria, err := p.Jury.Criteria(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	teams, err := p.Team.List(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	for k, who := range jurors {
		for i, team := range teams {
			answers := jury.Answers{Marks: map[string]jury.Answer{}}
			for j, c := range criteria {
				answers.Marks[c.ID] = jury.Answer{Kind: jury.Scored, Value: max(5-i-(j+k)%2, 1)}
			}
			if err := p.Jury.Score(t.Context(), who, p.e.ID, string(team.ID), answers, once.Action{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (p *program) ranking(t *testing.T) []award.Standing {
	t.Helper()
	m, err := p.Award.Minutes(t.Context(), p.boss, p.e.ID)
	if err != nil || len(m.Basis.Standings) < 3 {
		t.Fatalf("the ranking is %+v, %v", m.Basis.Standings, err)
	}
	return m.Basis.Standings
}

func (p *program) prizes(t *testing.T) []award.Prize {
	t.Helper()
	all, err := p.Award.Prizes(t.Context(), p.DB, p.e.ID)
	if err != nil || len(all) < 2 {
		t.Fatalf("the prizes are %+v, %v", all, err)
	}
	return all
}

// optionOf is how a list names the project of the ranking.
func optionOf(one *person, s award.Standing) string {
	return one.word("award.rank", "n", s.Rank) + " · "
}

// Before the minute nobody who was not at the table finds what was decided, on any page or
// in any answer; from the minute on everybody does, many at once, in the same second.
func TestResults_nothingLeaksAndAllOpens(t *testing.T) {
	p, post := rehearsed(t, edition.Results, -10*time.Minute)
	laureates, err := p.Award.Laureates(t.Context(), p.DB, p.e.ID)
	if err != nil || len(laureates) < 3 {
		t.Fatalf("%+v, %v", laureates, err)
	}
	const secret = "promesse d’un développement" // of the prize that was not planned
	if !strings.Contains(laureates[2].Prize.Text, secret) {
		t.Fatalf("the third prize is %+v", laureates[2].Prize)
	}
	looked := 0
	for _, s := range p.sights(t, nil) {
		if s.role == edition.Organiser || s.role == edition.Juror {
			continue
		}
		client := p.client(t, p.member(t, s.role))
		if body, ok := fetched(t, client, p.base+strings.ReplaceAll(s.path, "&amp;", "&")); ok {
			looked++
			if strings.Contains(body, secret) {
				t.Errorf("%s tells %q the third prize", s.path, s.role)
			}
		}
	}
	for _, route := range p.Door.Routes() {
		if path := strings.ReplaceAll(route.Pattern, "{edition}", p.e.Slug); route.Method == http.MethodGet && strings.HasPrefix(path, "/api/") && !strings.Contains(path, "{") {
			for _, role := range []edition.Role{"", edition.Participant, edition.Crew} {
				if body, ok := fetched(t, p.client(t, p.member(t, role)), p.base+path); ok && strings.Contains(body, secret) {
					t.Errorf("%s tells %q the third prize", path, role)
				}
			}
		}
	}
	if looked < 20 {
		t.Errorf("only %d pages were looked at", looked)
	}
	if letter, came := post.Newest(p.boss.Email); came && strings.Contains(letter.Text, secret) {
		t.Error("a letter went out too early")
	}
	p.watchOpening(t, laureates[0].Team.Title)
}

func fetched(t *testing.T, client *http.Client, address string) (string, bool) {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Error(err)
		return "", false
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err == nil && answer.StatusCode == http.StatusOK
}

// watchOpening has several readers ask again and again across the minute.
func (p *program) watchOpening(t *testing.T, winner string) {
	t.Helper()
	opens := p.e.At[edition.Results]
	err := p.Editions.SetClock(t.Context(), p.boss, p.e.ID, func(_ clock.Pace, wall time.Time) clock.Pace {
		return clock.Pace{Base: opens.Add(-2 * time.Second), Since: wall, Speed: 1}
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	var readers sync.WaitGroup
	for i, path := range []string{p.url("results"), "/api/v1" + p.url("results"), p.url("results"), "/api/v1" + p.url("results")} {
		client := p.client(t, p.member(t, []edition.Role{"", edition.Participant}[i%2]))
		readers.Go(func() {
			before := 0
			for ctx.Err() == nil {
				asked := p.now(t)
				body, ok := fetched(t, client, p.base+path)
				switch open := strings.Contains(body, winner); {
				case !ok:
				case open && p.now(t).Before(opens):
					t.Errorf("%s is open too early", path)
				case !open && !asked.Before(opens):
					t.Errorf("%s is still closed at %s", path, asked.Sub(opens))
					return
				case open:
					if before == 0 {
						t.Errorf("%s was never asked before the minute", path)
					}
					return
				default:
					before++
				}
			}
			t.Errorf("%s never opened", path)
		})
	}
	readers.Wait()
}

// now is the edition's time.
func (p *program) now(t *testing.T) time.Time {
	e, err := p.Editions.Get(context.Background(), p.DB, p.e.ID)
	if err != nil {
		t.Error(err)
	}
	return e.Now(p.DB.Now())
}
