package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
	"h48/internal/mentoring"
)

// picture is one of the README's and the guides'; docs/pictures/README.md lists them.
type picture struct {
	name   string
	path   string // below the edition's address
	role   edition.Role
	screen screen
}

// paper is the size of a picture that is no phone's.
var paper = screen{1280, 800}

// TestScreenshots takes the pictures from the rehearsed event of Amiens, each in both
// languages; only where H48_SCREENSHOTS names the folder to put them in.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("H48_SCREENSHOTS")
	if dir == "" {
		t.Skip("H48_SCREENSHOTS names no folder")
	}
	if !filepath.IsAbs(dir) { // as seen from the repository, where make runs
		dir = filepath.Join(root(t), dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, stop := range []struct {
		m     edition.Moment
		after time.Duration
		all   []picture
	}{
		{edition.Starts, 25 * time.Hour, []picture{{"public", "", "", paper}, {"registrations", "registrations", edition.Organiser, paper},
			{"checkin", "checkin", edition.Crew, phone}, {"teams", "teams/board", edition.Organiser, paper},
			{"control", "control", edition.Organiser, paper}, {"today", "today", edition.Participant, phone},
			{"programme", "programme", edition.Participant, paper}, {"help", "help/queue", edition.Mentor, phone}, {"cups", "cups", edition.Crew, phone},
			{"crew", "crew", edition.Organiser, paper}}},
		{edition.HandIn, -20 * time.Minute, []picture{{"handins", "handins", edition.Organiser, paper}}},
		{edition.Pitches, 20 * time.Minute, []picture{{"stage", "stage", edition.Organiser, paper}, {"juror", "jury", edition.Juror, phone}}},
		{edition.Results, -15 * time.Minute, []picture{{"ranking", "jury/ranking", edition.Organiser, paper}, {"deliberation", "deliberation", edition.Organiser, paper}}},
		{edition.Ends, 14 * 24 * time.Hour, []picture{{"results", "results", "", paper}, {"recap", "recap", "", paper},
			{"gallery", "projects", "", paper}}},
	} {
		p, _ := rehearsed(t, stop.m, stop.after)
		if stop.m == edition.Starts {
			p.keepWaiting(t)
		}
		for _, one := range stop.all {
			p.take(t, dir, one, look{screen: one.screen, lang: i18n.French}, "fr")
			p.take(t, dir, one, look{screen: one.screen, lang: i18n.English}, "en")
		}
		if stop.m == edition.Starts {
			p.take(t, dir, stop.all[0], look{screen: paper, lang: i18n.English, dark: true}, "dark")
		}
	}
}

// keepWaiting lets two teams ask for help, one of them too long ago, so that the pages
// have something to ask of their readers.
func (p *program) keepWaiting(t *testing.T) {
	t.Helper()
	teams, err := p.Team.List(t.Context(), p.DB, p.e.ID)
	if err != nil || len(teams) < 2 {
		t.Fatalf("there are %d teams, %v", len(teams), err)
	}
	for i, question := range []string{"Comment chiffrer le coût par logement ?", "Notre carte ne se charge plus sur un téléphone."} {
		who, err := p.Accounts.Get(t.Context(), p.DB, teams[i].Members[0].ID)
		if err == nil {
			_, err = p.Mentoring.Ask(t.Context(), who.Actor(), p.e.ID, mentoring.Question{Text: question}, once.Action{})
		}
		if err != nil {
			t.Fatal(err)
		}
		p.clock(edition.Starts, 25*time.Hour+time.Duration(i+1)*9*time.Minute)
	}
}

func (p *program) take(t *testing.T, dir string, one picture, how look, as string) {
	t.Helper()
	who := p.member(t, one.role)
	if one.role == edition.Participant {
		who = p.insider(t)
	}
	viewer := p.sit(t, who, how)
	path := strings.TrimSuffix(p.url(one.path), "/")
	if one.name == "juror" { // the sheet of the team that comes next
		viewer.open(path)
		path = ask[string](viewer, `document.querySelector("main a[href*='/jury/teams/']").getAttribute("href")`)
	}
	viewer.open(path)
	viewer.until(`document.fonts.status === "loaded" && [...document.images].every((i) => i.complete)`)
	png, err := chromedp.Run(viewer.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, one.name+"."+as+".png"), png, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// insider is somebody who is in a team.
func (p *program) insider(t *testing.T) account.Actor {
	t.Helper()
	teams, err := p.Team.List(t.Context(), p.DB, p.e.ID)
	if err != nil || len(teams) == 0 {
		t.Fatalf("there is no team: %v", err)
	}
	who, err := p.Accounts.Get(t.Context(), p.DB, teams[0].Members[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return who.Actor()
}
