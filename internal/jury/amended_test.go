package jury

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/kit/i18n"
)

func TestAmendment_speaksTheReadersLanguage(t *testing.T) {
	t.Parallel()
	words, err := i18n.New(Words)
	if err != nil {
		t.Fatal(err)
	}
	l := words.Locale(i18n.French)
	plain := func(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }
	panel := Panel{Prize: PrizeRef{Title: "Prix vert: le nôtre"}, Who: ChosenTeams, Teams: []string{"t1", "t2"}, Jurors: []account.ID{"a", "b", "c"}, Limited: []account.ID{"c"}}
	for _, c := range []struct {
		what, text string
		want       string
	}{
		{"setup", Setup{Format: Expo, Way: ByBoth, Minutes: 5, Window: 60, Floor: 2}.String(),
			"Les équipes restent à leur table et les jurés passent les voir. Les jurés notent chaque critère, et disent laquelle de deux équipes est meilleure. 5 minutes par visite. " +
				"Chaque équipe reçoit au moins 2 visites ; les suivantes vont où elles aident à départager."},
		{"ladder", Ladder{{Kind: ByOne, Name: "Utile (beaucoup), vraiment"}, {Kind: ByDecider, Name: "Mme Exemple, présidente"}}.String(),
			"La meilleure moyenne sur « Utile (beaucoup), vraiment »|Mme Exemple, présidente décide, et sa raison est publiée"},
		{"panel", panel.text(), "Prix vert: le nôtre|Pour 2 équipes choisies.|Jugé par 3 jurés, dont 1 pour ce prix seulement."},
		{"panel", wholeJury(PrizeRef{Title: "Grand prix"}).text(), "Grand prix|Toutes les équipes peuvent le gagner.|Jugé par tout le jury."},
		{"criteria", "1. Utile 60 (1–5)\n2. Beau 40 (1–5)", "1. Utile 60 (1–5)|2. Beau 40 (1–5)"},
		{"setup", "what nobody wrote", "what nobody wrote"},
	} {
		a := Amendment{What: c.what, Change: Change{Before: c.text, After: c.text}}
		if diff := cmp.Diff(c.want, plain(strings.Join(a.Was(l), "|"))); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
}

func TestReadSetup_readsWhatWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Setup{Format: rapid.SampledFrom([]Format{OnStage, Expo}).Draw(t, "format"), Way: rapid.SampledFrom([]Way{ByCriterion, ByComparison, ByBoth}).Draw(t, "way"),
			Minutes: rapid.IntRange(0, mostMinutes).Draw(t, "minutes"), Window: rapid.IntRange(0, mostWindow).Draw(t, "window"), Floor: rapid.IntRange(0, mostFloor).Draw(t, "floor"),
			Finalists: rapid.IntRange(0, mostFinalists).Draw(t, "finalists"), FinalMinutes: rapid.IntRange(0, mostMinutes).Draw(t, "final")}
		if got, ok := readSetup(s.String()); !ok || got != s {
			t.Errorf("%q is read as %+v", s, got)
		}
	})
}
