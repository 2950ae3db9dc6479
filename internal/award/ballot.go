package award

import (
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/kit/errs"
)

// VoteID names a vote.
type VoteID string

// Vote is a question that was put to the jury.
type Vote struct {
	ID       VoteID
	Number   int
	Question string
	// Secret votes keep who has voted and what was answered, never together. Of the
	// others, by show of hands, both are kept.
	Secret         bool
	OpenedBy       account.ID
	Opened, Closed time.Time
	Options        []Option
	Voters         []Voter
	// Entitled is how many could vote when it was closed.
	Entitled int
}

// Option is an answer.
type Option struct {
	Place int // 0 is to abstain
	Label string
	Team  string // "" for an answer that is no team
	Tally int
}

// Voter is a juror who has voted.
type Voter struct {
	Account account.ID
	Name    string
	// Place is what a raised hand was for; -1 in a secret vote.
	Place int
	// NotedBy is who noted the hand for the juror; "" for the juror's own ballot.
	NotedBy account.ID
}

// Running says whether ballots are still taken.
func (v Vote) Running() bool { return v.Closed.IsZero() }

// Has says whether the juror has voted.
func (v Vote) Has(who account.ID) bool {
	return slices.ContainsFunc(v.Voters, func(b Voter) bool { return b.Account == who })
}

// Leading are the answers with the most ballots, abstentions apart: one has won, several
// are a tie that the jury settles by words, never by lot; none where nobody answered.
func (v Vote) Leading() []Option {
	var best []Option
	for _, o := range v.Options {
		switch {
		case o.Place == 0 || o.Tally == 0:
		case len(best) == 0 || o.Tally > best[0].Tally:
			best = []Option{o}
		case o.Tally == best[0].Tally:
			best = append(best, o)
		}
	}
	return best
}

// mayVote says whether the juror has a voice: who is there and has not stepped back, for
// the whole meeting or for a team that the question is about.
func (v Vote) mayVote(who account.ID, jury []Attendance, recused map[account.ID][]string) bool {
	here := slices.ContainsFunc(jury, func(a Attendance) bool { return a.Account == who && a.Presence == Present })
	return here && !slices.ContainsFunc(v.Options, func(o Option) bool { return o.Team != "" && slices.Contains(recused[who], o.Team) })
}

// entitled lists who has a voice.
func (v Vote) entitled(jury []Attendance, recused map[account.ID][]string) []Attendance {
	var all []Attendance
	for _, a := range jury {
		if v.mayVote(a.Account, jury, recused) {
			all = append(all, a)
		}
	}
	return all
}

// Question is a vote as it is asked for: answers of one's own words, teams, or both.
type Question struct {
	Text   string
	Secret bool
	// Teams and Answers are what can be chosen, in this order.
	Teams   []string
	Answers []string
}

const mostOptions = 20

// options numbers the answers from 1; 0 is to abstain.
func (a Question) options(names map[string]Standing) ([]Option, error) {
	var wrong errs.Fields
	if a.Text == "" || len(a.Text) > longest {
		wrong.Add("question", "award.question_wrong")
	}
	all := []Option{{}}
	for _, team := range a.Teams {
		s, known := names[team]
		if !known {
			wrong.Add("teams", "award.team_unknown")
			continue
		}
		all = append(all, Option{Label: strings.TrimPrefix(s.Title+" · "+s.Name, " · "), Team: team})
	}
	for _, answer := range a.Answers {
		if answer = strings.TrimSpace(answer); answer != "" {
			all = append(all, Option{Label: answer})
		}
	}
	for i := range all {
		all[i].Place = i
		if slices.ContainsFunc(all[:i], func(o Option) bool { return o.Label == all[i].Label }) {
			wrong.Add("answers", "award.answer_twice")
		}
	}
	if len(all) < 3 || len(all) > mostOptions+1 {
		wrong.Add("answers", "award.answers_few")
	}
	return all, wrong.Err()
}

// Pass is a turn of the discussion with its time: each team in short, then those between
// which it stands.
type Pass struct {
	Number  int
	Length  time.Duration
	Keeper  string // who keeps the time
	Started time.Time
}

// Ends is when the time of the pass is over.
func (p Pass) Ends() time.Time { return p.Started.Add(p.Length) }
