package e2e_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
	"h48/internal/project"
	"h48/internal/registration"
	"h48/internal/team"
	"h48/internal/vote"
)

// The public votes with what it has: a printed card typed on an old phone, the code on
// the screen; a card that was used is refused with a kind word. The organiser checks
// without seeing a result, and then everybody does, also on the screen.
func TestJourney_thePublicVotes(t *testing.T) {
	p, _ := rehearsed(t, edition.Deliberation, 4*time.Minute)
	ctx := t.Context()
	polls, err := p.Vote.Polls(ctx, p.DB, p.e.ID)
	if err != nil || len(polls) != 2 {
		t.Fatalf("%d votes, %v", len(polls), err)
	}
	room := polls[0]
	if room.Audience != vote.Room {
		room = polls[1]
	}
	batch, err := p.Vote.Cards(ctx, p.boss, p.e.ID, room.ID, "accueil", 2)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := p.Vote.Codes(ctx, p.boss, p.e.ID, room.ID, batch.ID)
	if err != nil {
		t.Fatal(err)
	}
	before, err := p.Vote.Turnout(ctx, p.DB, room.ID)
	if err != nil {
		t.Fatal(err)
	}

	guest := p.sit(t, account.Actor{}, look{screen: phone})
	guest.open(p.url("vote", string(room.ID))).fillKey("vote.code", strings.ToLower(vote.Spell(codes[0]))).pressWord("vote.go_on").readsWord("vote.projects")
	if found := guest.audit(); len(found) > 0 {
		t.Errorf("axe finds on the ballot\n%s", strings.Join(found, "\n"))
	}
	guest.pressWord("vote.cast").readsWord("vote.choose_one")
	guest.tickFirst().pressWord("vote.cast").readsWord("vote.thanks_secret")

	again := p.sit(t, account.Actor{}, look{screen: phone, lang: i18n.English, dark: true})
	again.open(p.url("vote", string(room.ID), "b", codes[0])).readsWord("vote.spent").readsWord("vote.text.spent")
	if found := again.audit(); len(found) > 0 {
		t.Errorf("axe finds on the refusal\n%s", strings.Join(found, "\n"))
	}

	wall := p.sit(t, account.Actor{}, look{screen: projector})
	wall.open(p.url("vote", string(room.ID), "stage"))
	shown := ask[string](wall, `document.querySelector(".ballot-code").innerText`)
	again.open(p.url("vote", string(room.ID), "s", shown)).readsWord("vote.projects").tickFirst().pressWord("vote.cast").readsWord("vote.thanks_secret")
	again.open(p.url("vote", string(room.ID), "s", shown)).readsWord("vote.spent") // the device has its one ballot
	if n, err := p.Vote.Turnout(ctx, p.DB, room.ID); err != nil || n != before+2 {
		t.Errorf("%d ballots, want %d: %v", n, before+2, err)
	}

	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("votes", string(room.ID))).pressWord("vote.do.close").readsWord("vote.next.closed")
	if ask[bool](boss, `!!document.querySelector(".bars")`) {
		t.Error("the organiser sees a result before the check")
	}
	boss.pressWord("vote.do.check").readsWord("vote.result_note").pressWord("vote.do.publish_now").readsWord("vote.next.public")
	wall.open(p.url("vote", string(room.ID), "stage")).readsWord("vote.stage_public")
	guest.open(p.url("vote", string(room.ID))).readsWord("vote.where_from")
}

// fillKey types into the field that the key labels.
func (one *person) fillKey(key, text string) *person {
	one.t.Helper()
	return one.fill(one.word(key), text)
}

// tickKey chooses what the key names.
func (one *person) tickKey(key string) *person {
	one.t.Helper()
	return one.tick(one.word(key))
}

// ballots are the addresses of a vote that is open and of one that is planned.
func (p *program) ballots(t *testing.T) []string {
	t.Helper()
	now := p.e.Now(p.DB.Now())
	if e, err := p.Editions.Get(t.Context(), p.DB, p.e.ID); err == nil {
		now = e.Now(p.DB.Now())
	}
	plan := vote.Plan{Question: vote.Use, Most: 2, Audience: vote.Tenants, AsksWhy: true, Areas: []string{"Tilleuls"}, Opens: now.Add(time.Hour)}
	var ids []string
	for range 2 {
		poll, err := p.Vote.Add(t.Context(), p.boss, p.e.ID, plan)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(poll.ID))
	}
	open := vote.ID(ids[0])
	if err := p.Vote.Open(t.Context(), p.boss, p.e.ID, open); err != nil {
		t.Fatal(err)
	}
	batch, err := p.Vote.Cards(t.Context(), p.boss, p.e.ID, open, "accueil", 1)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := p.Vote.Codes(t.Context(), p.boss, p.e.ID, open, batch.ID)
	if err != nil {
		t.Fatal(err)
	}
	return []string{p.url("vote", ids[0], "b", codes[0]), p.url("vote", ids[0], "thanks"), p.url("vote", ids[0], "stage"), p.url("votes", ids[1], "plan")}
}

// tickFirst chooses the first project on the sheet, whichever it is for this voter.
func (one *person) tickFirst() *person {
	one.t.Helper()
	return one.tickAt(`document.querySelector(".ballot-choice input")`)
}

var letterLink = regexp.MustCompile(`https?://[^\s]+/followup/answer/[^\s/]+`)

// A month after the end a letter leaves by the mail server; its link asks for no account,
// and what is answered stands on the page for everybody.
func TestJourney_whatBecameOfTheProject(t *testing.T) {
	p := amiens(t)
	ctx := t.Context()
	r, err := p.Registration.Add(ctx, p.boss, p.e.ID, registration.Asked{Email: "ana.exemple@example.org",
		Answers: registration.Answers{Name: "Ana Exemple", Profile: registration.Student, News: true}})
	if err != nil {
		t.Fatal(err)
	}
	who, err := p.Accounts.Get(ctx, p.DB, r.Account)
	if err != nil {
		t.Fatal(err)
	}
	p.clock(edition.Teams, time.Minute)
	one, err := p.Team.Found(ctx, who.Actor(), p.e.ID, team.Details{Name: "Palier 3"}, once.Action{})
	if err != nil {
		t.Fatal(err)
	}
	p.clock(edition.Starts, time.Hour)
	if _, err := p.Project.HandIn(ctx, who.Actor(), p.e.ID, project.Content{Title: "La machine partagée", Pitch: "Une laverie par palier."}, project.Edit{}, once.Action{}); err != nil {
		t.Fatal(err)
	}
	p.clock(edition.Ends, 0)
	if err := p.Project.Publish(ctx, p.boss, p.e.ID); err != nil {
		t.Fatal(err)
	}
	p.clock(edition.Ends, 31*24*time.Hour+time.Hour)
	public := p.sit(t, account.Actor{}, look{screen: phone})
	link := ""
	public.wait(func() bool {
		for _, letter := range p.box.Messages("ana.exemple@example.org") {
			if strings.Contains(letter.Subject, "La machine partagée") {
				link = letterLink.FindString(letter.Text)
			}
		}
		return link != ""
	}, "a letter asks about the project")
	public.open(link).readsWord("followup.ask_title", "project", "La machine partagée")
	if found := public.audit(); len(found) > 0 {
		t.Errorf("axe finds on the form\n%s", strings.Join(found, "\n"))
	}
	public.tickKey("followup.state.stopped").pressWord("followup.send").readsWord("followup.say_why")
	public.until(`document.activeElement !== document.body`) // the answer to correct
	public.tickKey("followup.state.service").fillKey("followup.field.words", "Douze foyers s’en servent.").pressWord("followup.send").readsWord("followup.thanks")
	found := public.audit()
	found = append(found, public.open(link+"/stop").readsWord("followup.stop_text").audit()...)
	if len(found) > 0 {
		t.Errorf("axe finds after the answer\n%s", strings.Join(found, "\n"))
	}
	public.open(p.url("followup")).reads("Douze foyers").readsWord("followup.state.service")
	boss := p.sit(t, p.boss, look{lang: i18n.English})
	boss.open(p.url("followup", "overview", string(one.ID))).reads("Douze foyers").reads("Ana Exemple")
}
