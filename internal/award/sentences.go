package award

import (
	"slices"

	"h48/internal/kit/i18n"
)

// verdict says the ranking in words: who is first and how surely, and who cannot be told
// apart.
func (r Ranking) verdict(l i18n.Locale) []string {
	var all []string
	for from := 0; from < len(r.Standings); {
		to := from + 1
		for to < len(r.Standings) && r.Standings[to].Tier == r.Standings[from].Tier && r.Standings[from].Tier > 0 {
			to++
		}
		same := r.Standings[from:to]
		switch {
		case from == 0 && len(same) == 1:
			all = append(all, l.T("award.first_with", "project", same[0].title(), "share", l.Chance(same[0].PBest)))
		case from == 0:
			all = append(all, l.T("award.first_open", "projects", join(l, same), "project", same[0].title(), "share", l.Chance(same[0].PBest)))
		case len(same) > 1:
			all = append(all, l.T("award.not_apart", "projects", join(l, same), "from", from+1, "to", to))
		}
		from = to
	}
	return all
}

// headline is the first sentence of the verdict.
func (r Ranking) headline(l i18n.Locale) string {
	if all := r.verdict(l); len(all) > 0 {
		return all[0]
	}
	return ""
}

// rest are the sentences that follow it.
func (r Ranking) rest(l i18n.Locale, named bool) []string {
	all := append(r.verdict(l), r.besides(l, named)...)
	return all[min(len(all), 1):]
}

// firstRaw says whom the bare mean would put first, where that is somebody else.
func (r Ranking) firstRaw() (Standing, bool) {
	if len(r.Standings) == 0 {
		return Standing{}, false
	}
	best := slices.MaxFunc(r.Standings, func(a, b Standing) int {
		switch d := exact(a.Raw) - exact(b.Raw); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	return best, exact(best.Raw) > exact(r.Standings[0].Raw)
}

// besides says what other ways of counting would change: the bare mean, and one juror
// less. With names it says which juror.
func (r Ranking) besides(l i18n.Locale, named bool) []string {
	if len(r.Standings) == 0 {
		return nil
	}
	all := []string{l.T("award.raw_same")}
	if raw, other := r.firstRaw(); other {
		all[0] = l.T("award.raw_other", "project", raw.title(), "raw", l.Decimal(raw.Raw, 2), "first", l.Decimal(r.Standings[0].Raw, 2))
	}
	if len(r.Jurors) == 0 {
		return all
	}
	hangs := 0
	for _, j := range r.Jurors {
		if j.turns(r) {
			hangs++
			if named {
				all = append(all, l.T("award.without", "juror", j.Name, "project", r.title(j.Without)))
			}
		}
	}
	switch {
	case hangs == 0:
		all = append(all, l.T("award.stands_without"))
	case !named:
		all = append(all, l.N("award.hangs_on", hangs))
	}
	return all
}

// turns says whether another project would be first without the juror.
func (j Influence) turns(r Ranking) bool {
	return j.Sheets > 0 && j.Without != "" && len(r.Standings) > 0 && j.Without != r.Standings[0].Team
}

func (r Ranking) title(team string) string {
	for _, s := range r.Standings {
		if s.Team == team {
			return s.title()
		}
	}
	return team
}

// title is the project, or the team where the project has no title.
func (s Standing) title() string {
	if s.Title == "" {
		return s.Name
	}
	return s.Title
}

// join names projects as a sentence does.
func join(l i18n.Locale, all []Standing) string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.title()
	}
	return l.List(names)
}

// result says what a closed vote has given.
func (v Vote) result(l i18n.Locale) string {
	best := v.Leading()
	switch len(best) {
	case 0:
		return l.T("award.vote_nobody")
	case 1:
		return l.T("award.vote_won", "answer", best[0].Label, "n", best[0].Tally)
	}
	names := make([]string, len(best))
	for i, o := range best {
		names[i] = o.Label
	}
	return l.T("award.vote_tie", "answers", l.List(names), "n", best[0].Tally)
}

// answer is an option in the reader's words.
func (o Option) answer(l i18n.Locale) string {
	if o.Place == 0 {
		return l.T("award.abstain")
	}
	return o.Label
}

// say is a rung in the reader's words.
func (s Step) say(l i18n.Locale) string {
	if s.Name != "" {
		return l.T("award.step."+s.Kind+"_named", "name", s.Name)
	}
	return l.T("award.step." + s.Kind)
}
