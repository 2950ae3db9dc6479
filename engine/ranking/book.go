package ranking

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Largest is the greatest magnitude of a score or a weight: far beyond any rubric,
// and its square is far from overflowing.
const Largest = 1e12

// book is an event in indices: projects and jurors sorted by id, one sheet a juror.
type book struct {
	projects []Project
	jurors   []Juror
	criteria []Criterion
	project  map[string]int
	juror    map[string]int
	barred   map[[2]int]bool // juror, project
	sheets   []sheet         // one a juror
	prizes   []prize
}

// sheet is what one juror said.
type sheet struct {
	seen   []entry
	at     map[int]int // project -> place in seen
	order  [][]int     // places of projects, best first; nil where none was given
	better []pair      // explicit comparisons
	may    []entry     // seen without conflicts, by project; nil after a change
	read   *reading    // nil after a change
}

// entry is one project on a sheet, with one score a criterion, NaN where not given.
type entry struct {
	project int
	scores  []float64
}

type pair struct{ winner, loser int }

// prize is a Prize in indices.
type prize struct {
	id       string
	eligible []int
	serves   []bool // by juror
	places   int
}

func newBook(e Event) (*book, error) {
	b := &book{
		projects: slices.Clone(e.Projects), jurors: slices.Clone(e.Jurors), criteria: slices.Clone(e.Criteria),
		project: make(map[string]int, len(e.Projects)), juror: make(map[string]int, len(e.Jurors)),
		barred: make(map[[2]int]bool, len(e.Conflicts)), sheets: make([]sheet, len(e.Jurors)),
	}
	slices.SortFunc(b.projects, func(x, y Project) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(b.jurors, func(x, y Juror) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(b.criteria, func(x, y Criterion) int { return cmp.Compare(x.ID, y.ID) })
	for i, p := range b.projects {
		if _, twice := b.project[p.ID]; twice || p.ID == "" {
			return nil, fmt.Errorf("project %q: the id is empty or stands twice", p.ID)
		}
		b.project[p.ID] = i
	}
	for j, p := range b.jurors {
		if _, twice := b.juror[p.ID]; twice || p.ID == "" {
			return nil, fmt.Errorf("juror %q: the id is empty or stands twice", p.ID)
		}
		b.juror[p.ID] = j
		b.sheets[j].at = map[int]int{}
	}
	if err := checkRubric(b.criteria); err != nil {
		return nil, err
	}
	return b, b.fill(e)
}

// fill enters what was said. Visits go by their seq, so that a later one corrects an
// earlier one however the rows stand.
func (b *book) fill(e Event) error {
	for _, c := range e.Conflicts {
		if err := b.bar(c); err != nil {
			return err
		}
	}
	visits := slices.Clone(e.Visits)
	slices.SortStableFunc(visits, func(x, y Visit) int { return cmp.Compare(x.Seq, y.Seq) })
	for _, v := range visits {
		if err := b.enter(v); err != nil {
			return err
		}
	}
	for _, o := range e.Orders {
		if err := b.setOrder(o); err != nil {
			return err
		}
	}
	for _, c := range e.Comparisons {
		if err := b.compare(c); err != nil {
			return err
		}
	}
	return b.setPrizes(e.Prizes)
}

func checkRubric(criteria []Criterion) error {
	for i, c := range criteria {
		switch {
		case c.ID == "" || i > 0 && criteria[i-1].ID == c.ID:
			return fmt.Errorf("criterion %q: the id is empty or stands twice", c.ID)
		case !(c.Weight >= 0 && c.Weight <= Largest):
			return fmt.Errorf("criterion %q: the weight %v is negative or too large", c.ID, c.Weight)
		case !(math.Abs(c.Min) <= Largest && math.Abs(c.Max) <= Largest && c.Min < c.Max):
			return fmt.Errorf("criterion %q: the scale from %v to %v is empty or too wide", c.ID, c.Min, c.Max)
		}
	}
	if len(criteria) > 0 && !slices.ContainsFunc(criteria, func(c Criterion) bool { return c.Weight > 0 }) {
		return errors.New("no criterion has a weight: there is no total")
	}
	return nil
}

// find resolves a juror and a project.
func (b *book) find(juror, project string) (j, i int, err error) {
	j, ok := b.juror[juror]
	if !ok {
		return 0, 0, fmt.Errorf("juror %q is not in the event", juror)
	}
	i, ok = b.project[project]
	if !ok {
		return 0, 0, fmt.Errorf("project %q is not in the event", project)
	}
	return j, i, nil
}

func (b *book) bar(c Conflict) error {
	j, i, err := b.find(c.Juror, c.Project)
	if err != nil {
		return fmt.Errorf("a conflict: %w", err)
	}
	b.silence(j, i)
	return nil
}

// silence leaves out whatever juror j says of project i.
func (b *book) silence(j, i int) {
	b.barred[[2]int{j, i}] = true
	b.sheets[j].forget()
}

// readScores checks a visit against the rubric.
func (b *book) readScores(v Visit) (j, i int, scores []float64, err error) {
	if j, i, err = b.find(v.Juror, v.Project); err != nil {
		return 0, 0, nil, fmt.Errorf("a visit: %w", err)
	}
	scores = blank(len(b.criteria))
	given := 0
	for c, criterion := range b.criteria {
		s, ok := v.Scores[criterion.ID]
		if !ok {
			continue
		}
		if !(s >= criterion.Min && s <= criterion.Max) {
			return 0, 0, nil, fmt.Errorf("juror %q at project %q: the score %v for %q is not between %v and %v",
				v.Juror, v.Project, s, criterion.ID, criterion.Min, criterion.Max)
		}
		scores[c] = s
		given++
	}
	if given < len(v.Scores) {
		return 0, 0, nil, fmt.Errorf("juror %q at project %q: a score for a criterion that the rubric does not have", v.Juror, v.Project)
	}
	return j, i, scores, nil
}

// enter writes a visit on its juror's sheet, over an earlier one to the same project.
func (b *book) enter(v Visit) error {
	j, i, scores, err := b.readScores(v)
	if err != nil {
		return err
	}
	b.sheets[j].touch(i, len(b.criteria)).scores = scores
	return nil
}

func blank(criteria int) []float64 {
	scores := make([]float64, criteria)
	for c := range scores {
		scores[c] = math.NaN()
	}
	return scores
}

// forget drops what was worked out from the sheet as it was.
func (s *sheet) forget() { s.may, s.read = nil, nil }

// touch finds the project's entry on the sheet, or adds one without scores.
func (s *sheet) touch(project, criteria int) *entry {
	s.forget()
	k, ok := s.at[project]
	if !ok {
		k = len(s.seen)
		s.at[project] = k
		s.seen = append(s.seen, entry{project: project, scores: blank(criteria)})
	}
	return &s.seen[k]
}

// readOrder checks an order and puts it in indices.
func (b *book) readOrder(o Order) (j int, places [][]int, err error) {
	j, ok := b.juror[o.Juror]
	if !ok {
		return 0, nil, fmt.Errorf("an order: juror %q is not in the event", o.Juror)
	}
	listed := make(map[int]bool, len(o.Places))
	for _, tied := range o.Places {
		place := make([]int, 0, len(tied))
		for _, id := range tied {
			i, ok := b.project[id]
			if !ok {
				return 0, nil, fmt.Errorf("the order of juror %q: project %q is not in the event", o.Juror, id)
			}
			if listed[i] {
				return 0, nil, fmt.Errorf("the order of juror %q: project %q stands twice", o.Juror, id)
			}
			listed[i] = true
			place = append(place, i)
		}
		if len(place) > 0 {
			slices.Sort(place)
			places = append(places, place)
		}
	}
	return j, places, nil
}

// setOrder replaces the juror's order. To order a project is to have seen it.
func (b *book) setOrder(o Order) error {
	j, places, err := b.readOrder(o)
	if err != nil {
		return err
	}
	b.writeOrder(j, places)
	return nil
}

func (b *book) writeOrder(j int, places [][]int) {
	for _, place := range places {
		for _, i := range place {
			b.sheets[j].touch(i, len(b.criteria))
		}
	}
	b.sheets[j].order = places
	b.sheets[j].forget()
}

func (b *book) compare(c Comparison) error {
	j, w, err := b.find(c.Juror, c.Winner)
	if err != nil {
		return fmt.Errorf("a comparison: %w", err)
	}
	_, l, err := b.find(c.Juror, c.Loser)
	if err != nil {
		return fmt.Errorf("a comparison: %w", err)
	}
	if w == l {
		return fmt.Errorf("juror %q compares project %q with itself", c.Juror, c.Winner)
	}
	s := &b.sheets[j]
	s.touch(w, len(b.criteria))
	s.touch(l, len(b.criteria))
	s.better = append(s.better, pair{w, l})
	return nil
}

// counted is what the juror saw and may speak of, by project.
func (b *book) counted(j int) []entry {
	s := &b.sheets[j]
	if s.may == nil {
		s.may = slices.DeleteFunc(slices.Clone(s.seen), func(e entry) bool { return b.barred[[2]int{j, e.project}] })
		slices.SortFunc(s.may, func(x, y entry) int { return cmp.Compare(x.project, y.project) })
	}
	return s.may
}

func (b *book) setPrizes(prizes []Prize) error {
	if len(prizes) == 0 {
		prizes = []Prize{{Places: 3}}
	}
	for _, p := range prizes {
		q := prize{id: p.ID, places: max(1, p.Places), serves: make([]bool, len(b.jurors))}
		for _, id := range p.Projects {
			i, ok := b.project[id]
			if !ok {
				return fmt.Errorf("prize %q: project %q is not in the event", p.ID, id)
			}
			q.eligible = append(q.eligible, i)
		}
		if len(p.Projects) == 0 {
			for i := range b.projects {
				q.eligible = append(q.eligible, i)
			}
		}
		slices.Sort(q.eligible)
		q.eligible = slices.Compact(q.eligible)
		for _, id := range p.Jurors {
			j, ok := b.juror[id]
			if !ok {
				return fmt.Errorf("prize %q: juror %q is not in the event", p.ID, id)
			}
			q.serves[j] = true
		}
		if len(p.Jurors) == 0 {
			for j := range q.serves {
				q.serves[j] = true
			}
		}
		b.prizes = append(b.prizes, q)
	}
	return nil
}
