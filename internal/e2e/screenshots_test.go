package e2e_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
)

// picture is one of the README's and the guides'.
type picture struct {
	name string
	path string // below the edition's address; from the root where it begins with a slash
	role edition.Role
	look look
}

// TestScreenshots takes the pictures from the rehearsed event of Amiens; only where
// H48_SCREENSHOTS names the folder to put them in.
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
		{edition.Starts, 25 * time.Hour, []picture{
			{"public-fr", "", "", look{screen: laptop}},
			{"public-en-dark", "", "", look{screen: laptop, lang: i18n.English, dark: true}},
			{"today-fr-phone", "today", edition.Participant, look{screen: phone}},
			{"control-fr", "control", edition.Organiser, look{screen: laptop}},
			{"control-en", "control", edition.Organiser, look{screen: laptop, lang: i18n.English}},
			{"help-queue-fr-phone", "help/queue", edition.Mentor, look{screen: phone}},
			{"checkin-fr-phone", "checkin", edition.Crew, look{screen: phone}},
		}},
		{edition.Pitches, 20 * time.Minute, []picture{
			{"jury-fr-phone", "jury", edition.Juror, look{screen: phone}},
			{"stage-fr", "stage", edition.Organiser, look{screen: projector}},
		}},
		{edition.Ends, 14 * 24 * time.Hour, []picture{
			{"results-fr", "results", "", look{screen: laptop}},
			{"recap-fr", "recap", "", look{screen: laptop}},
			{"recap-en-phone-dark", "recap", "", look{screen: phone, lang: i18n.English, dark: true}},
		}},
	} {
		p, _ := rehearsed(t, stop.m, stop.after)
		for _, one := range stop.all {
			p.take(t, dir, one)
		}
	}
}

func (p *program) take(t *testing.T, dir string, one picture) {
	t.Helper()
	who := p.member(t, one.role)
	if one.role == edition.Participant {
		who = p.insider(t)
	}
	viewer := p.sit(t, who, one.look)
	viewer.open(p.url(one.path))
	if one.path == "" {
		viewer.open(p.e.URL())
	}
	viewer.until(`document.fonts.status === "loaded" && [...document.images].every((i) => i.complete)`)
	png, err := chromedp.Run(viewer.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, one.name+".png"), png, 0o644)
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
