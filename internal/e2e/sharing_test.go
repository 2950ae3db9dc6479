package e2e_test

import (
	"encoding/json"
	"image"
	_ "image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/gallery"
	"h48/internal/kit/i18n"
	"h48/internal/vote"
)

// tag is what the page says to machines under the name.
func (one *person) tag(name string) string {
	one.t.Helper()
	return ask[string](one, `(document.querySelector('meta[property="`+name+`"], meta[name="`+name+`"]') || {content: ""}).content`)
}

// Somebody shares the page of a project: the other program finds a title, a description and
// a picture under an absolute address that answers, and what search engines read is JSON
// with the members that they need.
func TestJourney_aProjectIsShared(t *testing.T) {
	p, _ := rehearsed(t, edition.Ends, time.Hour)
	page, err := p.Gallery.Find(t.Context(), gallery.Filter{Edition: p.e.ID})
	if err != nil || len(page.Cards) == 0 {
		t.Fatalf("the gallery has %d projects, %v", len(page.Cards), err)
	}
	card := page.Cards[0]
	for _, how := range []look{{screen: phone}, {screen: laptop, lang: i18n.English}} {
		one := p.sit(t, account.Actor{}, how)
		path := p.url("projects", string(card.Project))
		one.open(path)
		if got := one.tag("og:title"); !strings.Contains(got, card.Title) {
			t.Errorf("the title to share is %q, of %q", got, card.Title)
		}
		if one.tag("og:description") == "" || one.tag("og:description") != one.tag("description") {
			t.Errorf("the description to share is %q", one.tag("og:description"))
		}
		if one.tag("og:type") == "" || one.tag("og:url") != p.base+path || one.tag("og:image:alt") == "" {
			t.Errorf("type %q, address %q, and the picture is told as %q", one.tag("og:type"), one.tag("og:url"), one.tag("og:image:alt"))
		}
		p.isPicture(t, one.tag("og:image"), one.tag("og:image:width"), one.tag("og:image:height"))
		one.isWork(card.Title, p.base+path)
	}
}

// isPicture fetches the picture as another program does, without a cookie.
func (p *program) isPicture(t *testing.T, address, width, height string) {
	t.Helper()
	if !strings.HasPrefix(address, p.base+"/") {
		t.Fatalf("the picture is at %q, which is no absolute address of %s", address, p.base)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "image/png" {
		t.Fatalf("the picture answers %d with %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	size, kind, err := image.DecodeConfig(answer.Body)
	if err != nil || kind != "png" || width != "1200" || height != "630" || size.Width != 1200 || size.Height != 630 {
		t.Errorf("the picture is %s of %d × %d, said to be %s × %s: %v", kind, size.Width, size.Height, width, height, err)
	}
}

// isWork reads the page's schema.org data as a search engine does.
func (one *person) isWork(title, address string) {
	one.t.Helper()
	blocks := ask[[]string](one, `[...document.querySelectorAll('script[type="application/ld+json"]')].map((s) => s.textContent)`)
	if len(blocks) != 1 {
		one.t.Fatalf("%d blocks of data", len(blocks))
	}
	var data struct {
		Context string           `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(blocks[0]), &data); err != nil || data.Context != "https://schema.org" || len(data.Graph) < 2 {
		one.t.Fatalf("the data is no JSON of schema.org: %v %.200s", err, blocks[0])
	}
	work, event := data.Graph[0], data.Graph[1]
	for _, key := range []string{"@type", "@id", "name", "abstract", "url", "image", "dateCreated", "isPartOf"} {
		if work[key] == nil {
			one.t.Errorf("the work has no %s", key)
		}
	}
	if work["name"] != title || work["url"] != address {
		one.t.Errorf("the work is %v at %v", work["name"], work["url"])
	}
	for _, key := range []string{"name", "startDate", "endDate", "location", "organizer"} {
		if event["@type"] != "Event" || event[key] == nil {
			one.t.Errorf("the event %v has no %s", event["@type"], key)
		}
	}
}

// The vote opens and closes while its screen hangs on the wall: it shows how to vote, counts
// on, and goes back to waiting, without being loaded again.
func TestJourney_theVoteOnTheWall(t *testing.T) {
	p, _ := rehearsed(t, edition.Pitches, -time.Hour)
	ctx := t.Context()
	poll, err := p.Vote.Add(ctx, p.boss, p.e.ID, vote.Plan{Question: vote.Convince, Most: 1, Audience: vote.Room, Opens: p.e.At[edition.Pitches]})
	if err != nil {
		t.Fatal(err)
	}
	wall := p.sit(t, account.Actor{}, look{screen: projector})
	wall.open(p.url("vote", string(poll.ID), "stage"))
	still := wall.stays()
	if ask[bool](wall, `!!document.querySelector(".ballot-code")`) {
		t.Error("a vote that has not opened shows a code")
	}
	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("votes", string(poll.ID))).pressWord("vote.do.open")
	wall.readsWord("vote.stage_open")
	wall.until(`document.querySelector(".ballot-code").innerText.trim().length >= 4`)
	guest := p.sit(t, account.Actor{}, look{screen: phone})
	guest.open(p.url("vote", string(poll.ID), "s", ask[string](wall, `document.querySelector(".ballot-code").innerText`))).
		readsWord("vote.projects").tickFirst().pressWord("vote.cast").readsWord("vote.thanks_secret")
	wall.reads(wall.l.N("vote.turnout", 1))
	boss.open(p.url("votes", string(poll.ID))).pressWord("vote.do.close")
	wall.until(`!document.querySelector(".ballot-code")`)
	if text := ask[string](wall, `document.body.innerText`); strings.Contains(text, wall.word("vote.stage_open")) {
		t.Errorf("a vote that is closed still says how to vote: %s", text)
	}
	if !still() {
		t.Error("the screen was loaded again")
	}
}
