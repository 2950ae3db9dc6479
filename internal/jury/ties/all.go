package ties

import (
	"maps"
	"slices"

	"h48/internal/account"
	"h48/internal/kit/names"
)

// teamsBy leads from a word that is known of a team to the teams, by their places.
type teamsBy map[string][]int

func (t teamsBy) add(word string, team int) {
	if word != "" {
		t[word] = append(t[word], team)
	}
}

// index is what leads from a juror to the teams that something may bind them to, so that
// 200 jurors and 1,000 teams are not looked at pair by pair.
type index struct {
	member, helped, house, challenge, word, name, domain teamsBy
}

func (w Web) index(teams []Team) index {
	x := index{teamsBy{}, teamsBy{}, teamsBy{}, teamsBy{}, teamsBy{}, teamsBy{}, teamsBy{}}
	for i, t := range teams {
		x.helped.add(t.ID, i)
		x.challenge.add(names.Fold(w.Sponsor[t.Challenge]), i)
		for _, m := range t.Members {
			who := w.People[m]
			x.member.add(string(m), i)
			x.house.add(names.Fold(w.Employer[m]), i)
			x.name.add(names.Fold(who.Name), i)
			x.name.add(names.Fold(who.Email), i)
			x.domain.add(MailDomain(who.Email), i)
			for _, word := range w.With[m] {
				x.word.add(names.Fold(word), i)
			}
		}
	}
	return x
}

// near are the teams that something may bind the juror to, in their order.
func (x index) near(w Web, juror account.Account) []int {
	found := map[int]bool{}
	look := func(t teamsBy, word string) {
		for _, i := range t[word] {
			found[i] = true
		}
	}
	look(x.member, string(juror.ID))
	for _, team := range w.Helped[juror.ID] {
		look(x.helped, team)
	}
	own := names.Fold(w.Employer[juror.ID])
	look(x.house, own)
	look(x.challenge, own)
	look(x.word, names.Fold(juror.Name))
	look(x.word, names.Fold(juror.Email))
	for _, word := range w.With[juror.ID] {
		look(x.name, names.Fold(word))
	}
	look(x.domain, MailDomain(juror.Email))
	return slices.Sorted(maps.Keys(found))
}

// All are the ties of every juror with every team, in their order.
func (w Web) All(jurors []account.Account, teams []Team) []Tie {
	x := w.index(teams)
	var all []Tie
	for _, j := range jurors {
		for _, i := range x.near(w, j) {
			if kind, reason := w.Between(j, teams[i]); kind != None {
				all = append(all, Tie{Juror: j.ID, Team: teams[i].ID, Kind: kind, Reason: reason})
			}
		}
	}
	return all
}
