package e2e_test

import (
	"testing"

	"h48/internal/account"
)

// An organiser founds an edition from the template of Amiens, with the keyboard alone, and
// publishes it; whoever comes by reads why to come and how.
func TestJourney_fromTemplateToPublicPage(t *testing.T) {
	t.Parallel()
	p := start(t)
	boss := p.sit(t, p.boss, look{keyboard: true})
	boss.open("/new").pressWord("app.preset.landlord")
	boss.at("/new/landlord").fill(boss.word("app.field.name"), "Hackathon de l’habitat")
	boss.fill(boss.word("app.field.tagline"), "48 heures pour mieux vivre ensemble")
	boss.fill(boss.word("app.field.theme"), "De **nouveaux services** dans les résidences")
	boss.fill(boss.word("app.field.place"), "Amiens")
	boss.pressWord("app.create").at("/e/hackathon-de-l-habitat/settings")
	boss.pressWord("app.publish").at("/e/hackathon-de-l-habitat")

	public := p.sit(t, account.Actor{}, look{screen: phone})
	public.open("/e/hackathon-de-l-habitat").reads("48 heures pour mieux vivre ensemble").reads("nouveaux services")
	public.until(`document.querySelector(".ring svg, svg.ring")`)
}
