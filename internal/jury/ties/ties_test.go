package ties_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/jury/ties"
)

// Looking people up finds what looking at every juror with every team finds.
func TestAll_missesNobody(t *testing.T) {
	t.Parallel()
	words := rapid.SampledFrom([]string{"", "", "", "Bailleur Exemple", "bailleur  EXEMPLE", "Zoé Exemple", "zoé exemple", "p1@maison.test", "P2@Maison.test", "a@gmail.com"})
	rapid.Check(t, func(t *rapid.T) {
		w := ties.Web{Helped: map[account.ID][]string{}, Employer: map[account.ID]string{}, People: map[account.ID]account.Account{}, With: map[account.ID][]string{}, Sponsor: map[string]string{}}
		var people []account.Account
		for n := range 10 {
			p := account.Account{ID: account.ID(fmt.Sprint("p", n)), Name: words.Draw(t, "name"), Email: words.Draw(t, "email")}
			people = append(people, p)
			if n < 8 { // of some nothing is known
				w.People[p.ID] = p
			}
			w.Employer[p.ID] = words.Draw(t, "employer")
			w.With[p.ID] = rapid.SliceOfN(words, 0, 2).Draw(t, "with")
			w.Helped[p.ID] = rapid.SliceOfN(rapid.SampledFrom([]string{"t0", "t1", "t9"}), 0, 1).Draw(t, "helped")
		}
		w.Sponsor["c1"] = words.Draw(t, "sponsor")
		var teams []ties.Team
		for n := range 4 {
			team := ties.Team{ID: fmt.Sprint("t", n), Challenge: rapid.SampledFrom([]string{"", "c1", "c2"}).Draw(t, "challenge")}
			for range rapid.IntRange(0, 3).Draw(t, "members") {
				team.Members = append(team.Members, rapid.SampledFrom(people).Draw(t, "member").ID)
			}
			teams = append(teams, team)
		}
		jurors := people[5:]
		var want []ties.Tie
		for _, j := range jurors {
			for _, team := range teams {
				if kind, reason := w.Between(j, team); kind != ties.None {
					want = append(want, ties.Tie{Juror: j.ID, Team: team.ID, Kind: kind, Reason: reason})
				}
			}
		}
		if diff := cmp.Diff(want, w.All(jurors, teams)); diff != "" {
			t.Fatalf("(-pair by pair +looked up):\n%s", diff)
		}
	})
}
