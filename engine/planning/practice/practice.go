// Package practice makes planning instances to practise and to measure on, of any
// size, from a seed. The size is the number of teams at the event: everything else
// (jurors, mentors, rooms, crew) follows in proportion. The people are invented.
package practice

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
	"h48/engine/planning/meetings"
	"h48/engine/planning/seats"
	"h48/engine/planning/shifts"
	"h48/engine/planning/visits"
)

// themes are the tracks of the projects.
func themes() []string { return []string{"housing", "rental", "energy", "mobility"} }

// Pitch is a draw for n teams: one must pitch early, one late, two in order.
func Pitch(n int, seed uint64) *planning.PitchInstance {
	secret := sha256.Sum256(fmt.Appendf(nil, "practice %d %d", n, seed))
	in := &planning.PitchInstance{
		Format: planning.PitchFormat, Name: name("pitch", n, seed),
		Commit: planning.Commit(secret[:]), Secret: hex.EncodeToString(secret[:]),
		Public: "practice lottery: 7 12 23 31 44 / 5",
	}
	for i := range n {
		in.Teams = append(in.Teams, planning.PitchTeam{ID: fmt.Sprint("t", i+1)})
	}
	if n >= 6 {
		in.Teams[0].Latest = max(2, n/3)
		in.Teams[1].Earliest = n / 2
		in.Before = [][2]string{{"t4", "t5"}}
	}
	return in
}

// Shifts is a rota over three days of seven two-hour shifts, with a general crew
// and three posts that ask for a skill.
func Shifts(n int, seed uint64) *shifts.Instance {
	r := anneal.NewRand(seed, 5)
	in := &shifts.Instance{
		Format: shifts.Format, Name: name("shifts", n, seed),
		Weights: shifts.Weights{Uncovered: 40, Dislike: 3, Fair: 2},
	}
	skills := []string{"first-aid", "av", "badge"}
	for day := range 3 {
		for hour := 8; hour < 22; hour += 2 {
			start := day*1440 + hour*60
			id := fmt.Sprintf("d%dh%d", day+1, hour)
			in.Shifts = append(in.Shifts, shifts.Shift{ID: id, Start: start, End: start + 120, Demand: max(1, n/20)})
			for _, skill := range skills {
				in.Shifts = append(in.Shifts, shifts.Shift{
					ID: id + skill, Skill: skill, Start: start, End: start + 120, Demand: max(1, n/100),
				})
			}
		}
	}
	for i := range 6 + n/4 {
		v := shifts.Volunteer{ID: fmt.Sprint("v", i+1), Max: 960, Target: 720, Rest: 120}
		v.Skills = some(r, skills, 2, 5)
		for day := range 3 {
			if r.Below(5) > 0 {
				start := day*1440 + 480 + 120*r.Below(4)
				v.Free = append(v.Free, [2]int{start, start + 360 + 120*r.Below(4)})
			}
		}
		for _, s := range in.Shifts {
			if r.Below(14) == 0 {
				v.Dislikes = append(v.Dislikes, s.ID)
			}
		}
		in.Volunteers = append(in.Volunteers, v)
	}
	return in
}

// Meetings is a day of twelve slots with a mentor for every six teams and one to
// three requests a team.
func Meetings(n int, seed uint64) *meetings.Instance {
	r := anneal.NewRand(seed, 4)
	in := &meetings.Instance{
		Format: meetings.Format, Name: name("mentors", n, seed), Slots: 12,
		Weights: meetings.Weights{Unserved: 60, Mismatch: 4, Load: 1},
	}
	topics := append(themes(), "dev", "data", "design", "business", "legal", "pitch")
	for i := range max(3, n/6) {
		m := meetings.Mentor{ID: fmt.Sprint("m", i+1), Skills: map[string]int{}, Max: 8}
		for range 1 + r.Below(4) {
			m.Skills[topics[r.Below(len(topics))]] = 2 + r.Below(3)
		}
		first := r.Below(4)
		for s := first; s < first+9; s++ {
			if s < in.Slots && r.Below(8) > 0 {
				m.Free = append(m.Free, s)
			}
		}
		in.Mentors = append(in.Mentors, m)
	}
	for i := range n {
		team := fmt.Sprint("t", i+1)
		for k := range 1 + r.Below(5)/3 + r.Below(9)/8 {
			q := meetings.Request{
				ID: fmt.Sprintf("q%d-%d", i+1, k+1), Team: team,
				Topic: topics[r.Below(len(topics))], Urgency: int64(1 + r.Below(3)),
			}
			for s := range in.Slots {
				if r.Below(5) > 0 {
					q.Free = append(q.Free, s)
				}
			}
			in.Requests = append(in.Requests, q)
		}
		if r.Below(12) == 0 {
			mentor := in.Mentors[r.Below(len(in.Mentors))].ID
			in.Conflicts = append(in.Conflicts, [2]string{mentor, team})
		}
	}
	return in
}

// Seats is a programme of three slots, with a workshop for every three teams and
// four people a team, who each ask for four workshops, popular ones more often.
func Seats(n int, seed uint64) *seats.Instance {
	r := anneal.NewRand(seed, 3)
	in := &seats.Instance{
		Format: seats.Format, Name: name("rooms", n, seed), Slots: 3,
		Weights: seats.Weights{Rank: []int64{8, 5, 3, 2, 1}},
	}
	workshops := max(4, n/3+1)
	for i := range workshops*2/5 + 2 {
		room := seats.Room{ID: fmt.Sprint("r", i+1), Capacity: 20 + 5*r.Below(4)}
		if i%2 == 0 {
			room.Equip = []string{"projector"}
		}
		if r.Below(4) == 0 {
			room.Closed = []int{r.Below(in.Slots)}
		}
		in.Rooms = append(in.Rooms, room)
	}
	for i := range workshops {
		w := seats.Workshop{ID: fmt.Sprint("w", i+1), Capacity: 10 + r.Below(20), Speaker: fmt.Sprint("s", i*5/7)}
		if r.Below(3) == 0 {
			w.Equip = []string{"projector"}
		}
		if r.Below(3) == 0 {
			w.Blocked = []int{r.Below(in.Slots)}
		}
		in.Workshops = append(in.Workshops, w)
	}
	for i := range 4 * n {
		p := seats.Person{ID: fmt.Sprint("p", i+1), Max: 3}
		for len(p.Prefs) < min(4, workshops) {
			id := in.Workshops[min(r.Below(workshops), r.Below(workshops))].ID
			if !slices.Contains(p.Prefs, id) {
				p.Prefs = append(p.Prefs, id)
			}
		}
		if r.Below(10) == 0 {
			p.Away = []int{r.Below(in.Slots)}
		}
		in.People = append(in.People, p)
	}
	return in
}

// Visits is a round of three visits a project, with three jurors for ten projects,
// tables in rows of twenty, and one conflict of interest in ten.
func Visits(n int, seed uint64) *visits.Instance {
	r := anneal.NewRand(seed, 2)
	in := &visits.Instance{
		Format: visits.Format, Name: name("judging", n, seed), Visits: 3,
		Weights: visits.Weights{Pair: 4, Load: 10, Walk: 1, Track: 6},
	}
	for i := range n {
		in.Projects = append(in.Projects, visits.Project{
			ID: fmt.Sprint("t", i+1), Track: themes()[r.Below(4)], X: i % 20, Y: i / 20 * 3,
		})
	}
	jurors := max(4, n*3/10)
	limit := (n*3+jurors-1)/jurors + 1
	in.Slots = limit + 1
	refused := make([]int, n)
	for i := range jurors {
		j := visits.Juror{ID: fmt.Sprint("j", i+1), Max: limit}
		for k, p := range in.Projects {
			if r.Below(10) == 0 && refused[k] < jurors-in.Visits {
				refused[k]++
				j.Conflicts = append(j.Conflicts, p.ID)
			}
		}
		if first := r.Below(4); r.Below(3) > 0 {
			j.Tracks = []string{themes()[first], themes()[(first+1+r.Below(3))%4]}
		}
		in.Jurors = append(in.Jurors, j)
	}
	return in
}

// some keeps each thing with probability keep/of.
func some[T any](r *anneal.Rand, things []T, keep, of int) []T {
	var kept []T
	for _, x := range things {
		if r.Below(of) < keep {
			kept = append(kept, x)
		}
	}
	return kept
}

func name(kind string, n int, seed uint64) string {
	return fmt.Sprintf("%s-%d-s%d", kind, n, seed)
}
