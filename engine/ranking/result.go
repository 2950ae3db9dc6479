package ranking

import (
	"cmp"
	"context"
	"math"
	"slices"
)

const defaultDraws = 2000

// Result fits the model from nothing, so that the same visits give the same result
// however they came in, and reads the ranking off its posterior. It returns ctx's
// error when cancelled.
func (p *Posterior) Result(ctx context.Context) (Result, error) {
	b := p.book
	if len(b.projects) == 0 {
		return Result{Jurors: p.idle(), Advice: Advice{Reason: NothingToRank}}, nil
	}
	p.progress(0)
	m := p.fitted(nil, coldRounds)
	reasons := p.reasons(m)
	m, at := m.canonical()
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	p.progress(0.1)
	tallies, err := p.tallies(ctx, m, at)
	if err != nil {
		return Result{}, err
	}
	p.progress(0.6)
	r := Result{Model: m.report()}
	all := tallies[0]
	r.Projects, r.Tiers = p.standings(m, at, all, reasons)
	for k, q := range b.prizes {
		r.Prizes = append(r.Prizes, p.prizeResult(m, at, q, tallies[k+1]))
	}
	leader := at[b.project[r.Projects[0].Project]]
	r.Regret = max(0, all.maximum-m.merit[leader]) / math.Sqrt(m.vMerit)
	if r.Jurors, err = p.jurorReports(ctx, m, at); err != nil {
		return Result{}, err
	}
	r.Advice = p.advise(r, m)
	p.progress(1)
	return r, nil
}

func (p *Posterior) progress(done float64) {
	if p.opt.Progress != nil {
		p.opt.Progress(done)
	}
}

// canonical is the same fit with projects sorted by merit and jurors by severity, so
// that the draws meet the same project whatever it is called. at gives the new index
// of an old project.
func (m *mixed) canonical() (sorted *mixed, at []int) {
	at = ranksOf(m.merit)
	jurorAt := ranksOf(m.severity)
	ev := m.ev
	ev.project, ev.juror = make([]int, len(m.ev.project)), make([]int, len(m.ev.juror))
	ev.value = make([]float64, len(m.ev.value))
	ev.mean, ev.unscored = make([]float64, len(m.ev.mean)), make([]bool, len(m.ev.unscored))
	rows := make([]int, len(ev.value))
	for k := range rows {
		rows[k] = k
	}
	slices.SortFunc(rows, func(x, y int) int {
		if c := cmp.Compare(jurorAt[m.ev.juror[x]], jurorAt[m.ev.juror[y]]); c != 0 {
			return c
		}
		return cmp.Compare(at[m.ev.project[x]], at[m.ev.project[y]])
	})
	for k, row := range rows {
		ev.project[k], ev.juror[k] = at[m.ev.project[row]], jurorAt[m.ev.juror[row]]
		ev.value[k] = m.ev.value[row]
	}
	for j, u := range m.ev.unscored {
		ev.unscored[jurorAt[j]], ev.mean[jurorAt[j]] = u, m.ev.mean[j]
	}
	sorted = newMixed(ev, len(at), len(jurorAt), m)
	for j, w := range m.weight {
		sorted.weight[jurorAt[j]] = w
	}
	sorted.solve()
	sorted.jurorAt = jurorAt
	return sorted, at
}

// ranksOf is each value's place from the greatest down; equals keep their order.
func ranksOf(values []float64) []int {
	order := make([]int, len(values))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(values[y], values[x]) })
	rank := make([]int, len(values))
	for r, k := range order {
		rank[k] = r
	}
	return rank
}

// tallies are the draws' tallies of all projects and then of each prize.
func (p *Posterior) tallies(ctx context.Context, m *mixed, at []int) ([]*tally, error) {
	all := make([]int, len(at))
	for i := range all {
		all[i] = i
	}
	tallies := []*tally{newTally(all)}
	for _, q := range p.book.prizes {
		eligible := make([]int, len(q.eligible))
		for k, i := range q.eligible {
			eligible[k] = at[i]
		}
		slices.Sort(eligible)
		tallies = append(tallies, newTally(eligible))
	}
	draws := p.opt.Draws
	if draws <= 0 {
		draws = defaultDraws
	}
	const batch = 100 // even, to keep mirrored draws together
	rng := m.seed()
	for done := 0; done < draws; done += batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m.sample(rng, min(batch, draws-done), len(m.merit), tallies)
		p.progress(0.1 + 0.5*float64(done)/float64(draws))
	}
	for _, t := range tallies {
		t.finish()
	}
	return tallies, nil
}

// standings ranks the projects by estimated merit. Exact equals are told apart by
// the raw mean, then the visits and last the id.
func (p *Posterior) standings(m *mixed, at []int, all *tally, reasons []Reasons) ([]Standing, [][]string) {
	b := p.book
	lo, hi := all.intervals()
	raw := b.rawMeans()
	centre := m.ordinaryLevel()
	list := make([]Standing, len(at))
	for i, k := range at {
		list[i] = Standing{
			Project: b.projects[i].ID, Score: centre + float64(m.ev.unit*m.merit[k]),
			SD: m.ev.unit * math.Sqrt(m.meritVar[k]), RankLo: lo[k], RankHi: hi[k],
			PBest: all.best[k], PTop3: all.top3[k], Raw: raw[i], Visits: p.walk.visits[i], Reasons: reasons[i],
		}
	}
	m.sort(list)
	members := make([]int, len(list))
	for r := range list {
		list[r].Rank = r + 1
		members[r] = at[b.project[list[r].Project]]
	}
	return list, p.tiers(list, members, all)
}

func (m *mixed) sort(list []Standing) {
	slices.SortFunc(list, func(x, y Standing) int {
		return cmp.Or(near(y.Score, x.Score, m.ev.unit), near(y.Raw, x.Raw, m.ev.unit),
			cmp.Compare(y.Visits, x.Visits), cmp.Compare(x.Project, y.Project))
	})
}

// Order is the projects as Result ranks them, without saying how sure it is, which is most
// of the work.
func (p *Posterior) Order() []string {
	m := p.fitted(nil, coldRounds)
	raw := p.book.rawMeans()
	list := make([]Standing, len(p.book.projects))
	for i, q := range p.book.projects {
		list[i] = Standing{Project: q.ID, Score: m.ev.unit * m.merit[i], Raw: raw[i], Visits: p.walk.visits[i]}
	}
	m.sort(list)
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.Project
	}
	return ids
}

// near compares to within rounding, in steps of a billionth of the unit, so that the
// order of summation cannot decide.
func near(x, y, unit float64) int {
	step := 1e-9 * unit
	return cmp.Compare(math.Round(x/step), math.Round(y/step))
}

// tiers peels off the smallest set that holds the best with probability 0.9, then
// the same of what is left, and so on. It writes each standing's tier.
func (p *Posterior) tiers(list []Standing, members []int, all *tally) [][]string {
	rank := make([]int, len(members))
	for r, k := range members {
		rank[k] = r
	}
	var tiers [][]string
	draws := all.peel()
	for len(members) > 0 {
		leaders := draws.leaders(members)
		slices.SortFunc(leaders, func(x, y int) int { return rank[x] - rank[y] })
		var ids []string
		in := make(map[int]bool, len(leaders))
		for _, k := range leaders {
			in[k] = true
			list[rank[k]].Tier = len(tiers) + 1
			ids = append(ids, list[rank[k]].Project)
		}
		tiers = append(tiers, ids)
		members = slices.DeleteFunc(slices.Clone(members), func(k int) bool { return in[k] })
	}
	return tiers
}

func (p *Posterior) prizeResult(m *mixed, at []int, q prize, t *tally) PrizeResult {
	r := PrizeResult{Prize: q.id}
	if len(t.eligible) == 0 {
		return r
	}
	id := make(map[int]string, len(q.eligible))
	for _, i := range q.eligible {
		id[at[i]] = p.book.projects[i].ID
	}
	members := make([]int, len(t.eligible))
	for k, i := range t.eligible { // canonical indices stand by falling merit
		members[k] = k
		r.Order = append(r.Order, id[i])
		r.PBest = append(r.PBest, t.best[k])
	}
	if q.id != "" {
		r.RankLo, r.RankHi = t.intervals()
	}
	for _, k := range t.peel().leaders(members) {
		r.Leaders = append(r.Leaders, id[t.eligible[k]])
	}
	r.Regret = max(0, t.maximum-m.merit[t.eligible[0]]) / math.Sqrt(m.vMerit)
	return r
}

// rawMeans are the means of the totals, NaN where a project has none.
func (b *book) rawMeans() []float64 {
	sum, n := make([]float64, len(b.projects)), make([]float64, len(b.projects))
	for _, lines := range b.totals() {
		for _, l := range lines {
			if !math.IsNaN(l.total) {
				sum[l.project] += l.total
				n[l.project]++
			}
		}
	}
	for i := range sum {
		sum[i] /= n[i] // 0/0 is NaN
	}
	return sum
}

// strictness is what juror j's scores stand above their merits, in the unit of the
// total.
func (m *mixed) strictness(j int) float64 {
	return m.ev.mean[j] + float64(m.ev.unit*(m.level+m.severity[j]))
}

// ordinaryLevel is the mean strictness of the jurors who gave scores: what an
// ordinary juror would give a project of middling merit.
func (m *mixed) ordinaryLevel() float64 {
	sum, n := 0.0, 0.0
	heard := make([]bool, len(m.weight))
	for _, j := range m.ev.juror {
		heard[j] = true
	}
	for j, u := range m.ev.unscored {
		if heard[j] && !u {
			sum += m.strictness(j)
			n++
		}
	}
	return sum / max(1, n)
}

func (m *mixed) report() Model {
	square := m.ev.unit * m.ev.unit
	return Model{Merit: m.vMerit * square, Noise: m.vE * square, OrderShare: m.ev.orderShare, Connected: m.connected()}
}

// connected tells whether every visited project and every juror with visits hang
// together: severities of separate pieces cannot be told from their merits.
func (m *mixed) connected() bool {
	p := len(m.merit)
	parent := make([]int, p+len(m.severity))
	for k := range parent {
		parent[k] = k
	}
	find := func(k int) int {
		for parent[k] != k {
			parent[k] = parent[parent[k]]
			k = parent[k]
		}
		return k
	}
	for k, i := range m.ev.project {
		parent[find(i)] = find(p + m.ev.juror[k])
	}
	for k := range m.ev.project {
		if find(m.ev.project[k]) != find(m.ev.project[0]) {
			return false
		}
	}
	return true
}
