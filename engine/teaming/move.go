package teaming

import "slices"

// Board answers "what if" for a solution that somebody is editing: what one move
// changes, in time proportional to the two teams it touches.
type Board struct {
	book  *book
	teams []Team
	costs []int64
	at    map[string]int // person → position of the team
	id    map[string]int // team id → position
	total int64
}

// NewBoard prices a solution once. The board keeps its own copy of the teams.
func NewBoard(in Instance, sol Solution) *Board {
	b := &Board{book: newBook(&in), at: map[string]int{}, id: map[string]int{}}
	for k, t := range sol.Teams {
		t.People = slices.Clone(t.People)
		b.teams = append(b.teams, t)
		b.costs = append(b.costs, b.book.team(t).Total)
		b.total += b.costs[k]
		b.id[t.ID] = k
		for _, p := range t.People {
			b.at[p] = k
		}
	}
	return b
}

// Cost is the total cost as the board stands.
func (b *Board) Cost() int64 { return b.total }

// Team explains one team as the board stands; ok is false if there is none of that id.
func (b *Board) Team(id string) (t TeamCost, ok bool) {
	k, ok := b.id[id]
	if !ok {
		return TeamCost{}, false
	}
	return b.book.team(b.teams[k]), true
}

// Move is what the total would change by if the person joined the team, and whether
// both are known. Hard constraints are the caller's to check; a team left empty costs
// nothing.
func (b *Board) Move(person, team string) (delta int64, ok bool) {
	from, here := b.at[person]
	to, known := b.id[team]
	if !here || !known {
		return 0, false
	}
	if from == to {
		return 0, true
	}
	left, joined := b.moved(person, from, to)
	return b.price(left) + b.price(joined) - b.costs[from] - b.costs[to], true
}

// Apply carries out a move; it reports false where Move would.
func (b *Board) Apply(person, team string) bool {
	from, here := b.at[person]
	to, known := b.id[team]
	if !here || !known {
		return false
	}
	if from == to {
		return true
	}
	left, joined := b.moved(person, from, to)
	for k, t := range map[int]Team{from: left, to: joined} {
		b.total += b.price(t) - b.costs[k]
		b.teams[k], b.costs[k] = t, b.price(t)
	}
	b.at[person] = to
	return true
}

func (b *Board) moved(person string, from, to int) (left, joined Team) {
	left, joined = b.teams[from], b.teams[to]
	left.People = slices.DeleteFunc(slices.Clone(left.People), func(p string) bool { return p == person })
	joined.People = append(slices.Clone(joined.People), person)
	return left, joined
}

func (b *Board) price(t Team) int64 {
	if len(t.People) == 0 {
		return 0
	}
	return b.book.team(t).Total
}
