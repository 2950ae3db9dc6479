package teaming

// draws is how often a proposal looks for somebody whom the exchange of challenges
// suits before it gives up. Most pairs of people could only be exchanged at the price of
// a challenge that one of them did not ask for; looking on costs little, pricing much.
const draws = 15

// challengeDraws is the same for a team's other challenge.
const challengeDraws = 6

// step proposes one change, and carries it out if it costs no more than a limit drawn
// beforehand: the order of Metropolis' rule turned round, so that hopeless proposals
// are recognised early.
func (a *annealer) step() {
	a.limit = int64(float64(a.temp * a.deviates[a.rnd.next()&4095]))
	r := a.rnd.next()
	u := a.part.units[a.rnd.below(len(a.part.units))]
	kind := r & 63
	switch {
	case kind == 63 && r>>63 == 0: // dear, and seldom carried out
		a.tryReshape()
	case kind >= 58 && kind < 63:
		a.tryRename(a.at[u], a.preferred(u))
	case a.frozen(u):
	case kind == 57:
		a.tryMove(u, a.emptyTeam())
	case kind >= 48:
		a.tryPair(u)
	case int(r>>12&15) < uniteShare && len(a.m.adj[u]) > 0:
		a.tryUnite(u)
	case kind >= 32 && a.canLeave(u):
		if v := a.toward(u, r>>6, a.broken == 0); v >= 0 {
			a.tryMove(u, a.at[v])
		}
	default:
		if v := a.toward(u, r>>6, false); v >= 0 {
			a.trySwap(u, v)
		}
	}
}

// toward draws a unit of another team that u might join or be exchanged for: mostly somebody
// who asks for the challenge of u's team, or anybody, as long as the challenges suit and,
// for somebody who joins, there is room.
func (a *annealer) toward(u int32, r uint64, joins bool) int32 {
	from := a.at[u]
	width := len(a.used)
	here := a.on[from]
	mine := a.m.liking[int(u)*width:][:width]
	crowd := a.part.units
	if fans := a.fans[here]; r&7 > 0 && len(fans) > 0 {
		crowd = fans
	}
	most := int32(a.m.in.Size.Max) - a.m.units[u].size
	for range draws {
		v := crowd[a.rnd.below(len(crowd))]
		k := a.at[v]
		if k == from || joins && a.teams[k].people > most {
			continue
		}
		there := a.on[k]
		if there == here {
			return v
		}
		theirs := a.m.liking[int(v)*width:][:width]
		if int64(mine[there])-int64(mine[here])+int64(theirs[here])-int64(theirs[there]) <= a.limit {
			return v
		}
	}
	return -1
}

// canLeave says whether the team of u keeps its least size without it, or goes with it.
func (a *annealer) canLeave(u int32) bool {
	left := a.teams[a.at[u]].people - a.m.units[u].size
	return left == 0 || left >= int32(a.m.in.Size.Min) || a.broken > 0
}

// preferred draws a challenge for the team of u, as a rule one that u likes no less.
func (a *annealer) preferred(u int32) int32 {
	here := a.on[a.at[u]]
	mine := a.m.liking[int(u)*len(a.used):][:len(a.used)]
	c := here
	for range challengeDraws {
		if c = int32(a.rnd.below(len(a.used))); c != here && int64(mine[c]-mine[here]) <= a.limit {
			break
		}
	}
	return c
}

func (a *annealer) accept(cost, broken int64) bool {
	return cost+broken*a.penalty <= a.limit
}

func (a *annealer) tryMove(u, k int32) {
	if a.state.closed(&a.teams[k]) {
		return
	}
	from := a.at[u]
	t := &a.teams[k]
	if len(t.units) == 0 && t.lock < 0 {
		a.give(k, int32(a.rnd.below(len(a.used))))
	}
	f, t := a.look(from), a.look(k)
	left := a.value(f, f.rest(u), f.challenge)
	joined := a.joined(t, &t.whole, u, k, -1)
	broken := int64(left.broken-f.broken) + int64(joined.broken-t.broken)
	if len(f.units) == 1 {
		broken += a.useChange(int(f.challenge), -1)
	}
	if len(t.units) == 0 {
		broken += a.useChange(int(t.challenge), 1)
	}
	if !a.accept(left.cost-f.cost+joined.cost-t.cost, broken) {
		return
	}
	a.replace(from, u, -1, left)
	a.replace(k, -1, u, joined)
	a.reap(from)
	a.reap(k)
}

func (a *annealer) useChange(c, d int) int64 {
	return a.capBroken(c, a.used[c]+d) - a.capBroken(c, a.used[c])
}

func (a *annealer) trySwap(u, v int32) {
	i, j := a.at[u], a.at[v]
	if a.frozen(v) || a.state.closed(&a.teams[i]) || a.state.closed(&a.teams[j]) {
		return
	}
	f, t := a.look(i), &a.teams[j]
	first := a.joined(f, f.rest(u), v, i, u)
	if !a.accept(first.cost-f.cost-t.cost, int64(first.broken-f.broken-t.broken)) {
		return // not even if it made the other team perfect
	}
	t = a.look(j)
	second := a.joined(t, t.rest(v), u, j, v)
	broken := int64(first.broken-f.broken) + int64(second.broken-t.broken)
	if !a.accept(first.cost-f.cost+second.cost-t.cost, broken) {
		return
	}
	a.replace(i, u, v, first)
	a.replace(j, v, u, second)
	a.reap(i)
	a.reap(j)
}

// tryPair exchanges two who wish to be together for one or two of another team:
// parting them first would cost the wish.
func (a *annealer) tryPair(u int32) {
	i := a.at[u]
	w := a.companion(u)
	if w < 0 {
		return
	}
	lead := u
	if a.rnd.next()&1 == 0 {
		lead = w
	}
	v := a.toward(lead, a.rnd.next(), false)
	if v < 0 || a.frozen(v) {
		return
	}
	j := a.at[v]
	f, t := &a.teams[i], &a.teams[j]
	if a.state.closed(f) || a.state.closed(t) || len(t.units) < 2 {
		return
	}
	y := t.units[a.rnd.below(len(t.units))]
	if y == v || a.frozen(y) {
		y = -1
	}
	var room [2][32]int32 // larger teams are rare and left to the other proposals
	if max(len(f.units), len(t.units))+2 > len(room[0]) {
		return
	}
	first := a.assembled(f, exchanged(room[0][:0], f.units, u, w, v, y))
	second := a.assembled(t, exchanged(room[1][:0], t.units, v, y, u, w))
	broken := int64(first.broken-f.broken) + int64(second.broken-t.broken)
	if !a.accept(first.cost-f.cost+second.cost-t.cost, broken) {
		return
	}
	a.replace(i, u, v, first)
	a.replace(j, v, u, second)
	a.replace(i, w, y, first)
	a.replace(j, y, w, second)
	a.reap(i)
	a.reap(j)
}

// companion is somebody in u's team whose company fulfils a wish, or -1.
func (a *annealer) companion(u int32) int32 {
	links := a.m.adj[u]
	if len(links) == 0 {
		return -1
	}
	first := a.rnd.below(len(links))
	for d := range links {
		l := &links[(first+d)%len(links)]
		if l.cost < 0 && a.at[l.to] == a.at[u] && !a.frozen(l.to) {
			return l.to
		}
	}
	return -1
}

// exchanged appends the units with two of them replaced by two others; -1 is nobody.
func exchanged(to, units []int32, out1, out2, in1, in2 int32) []int32 {
	for _, u := range units {
		if u != out1 && u != out2 {
			to = append(to, u)
		}
	}
	to = append(to, in1)
	if in2 >= 0 {
		to = append(to, in2)
	}
	return to
}

// tryRename changes a team's challenge, trading with another team when the challenge
// wanted is full.
func (a *annealer) tryRename(k, challenge int32) {
	t := &a.teams[k]
	if challenge == t.challenge || t.lock >= 0 && a.m.locks[t.lock].challenge >= 0 {
		return
	}
	w := a.onChallenge(k, challenge)
	cost, broken := w.cost-t.cost, int64(w.broken-t.broken)
	uses := a.useChange(int(t.challenge), -1) + a.useChange(int(challenge), 1)
	if uses > 0 {
		other := a.at[a.part.units[a.rnd.below(len(a.part.units))]]
		o := &a.teams[other]
		if o.challenge != challenge || o.lock >= 0 && a.m.locks[o.lock].challenge >= 0 {
			return
		}
		w2 := a.onChallenge(other, t.challenge)
		if a.accept(cost+w2.cost-o.cost, broken+int64(w2.broken-o.broken)) {
			was := t.challenge
			a.rename(k, challenge)
			a.rename(other, was)
			a.reap(k)
			a.reap(other)
		}
		return
	}
	if a.accept(cost, broken+uses) {
		a.rename(k, challenge)
		a.reap(k)
	}
}
