package visits

import (
	"slices"
	"sort"
	"strings"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
)

// start makes a first plan that keeps every rule, or says why there is none: who
// visits what by augmenting paths (exact), when by colouring the edges of that
// graph (always possible when nobody has more visits than slots; Kőnig, 1916),
// then trades until the jurors are linked.
func start(in *Instance, rnd *anneal.Rand) (*plan, error) {
	if err := in.countsFit(); err != nil {
		return nil, err
	}
	t := newPlan(in)
	if err := t.linkable(); err != nil {
		return nil, err
	}
	a := newAssignment(t)
	if err := a.fill(); err != nil {
		return nil, err
	}
	t.schedule(a.by)
	if !t.link(rnd) {
		return nil, planning.Clash("no plan was found in which all jurors are linked by projects they share: " +
			"conflicts of interest split the jury; add visits or jurors")
	}
	t.cost = t.total()
	return t, nil
}

// countsFit checks what can be seen without searching.
func (in *Instance) countsFit() error {
	n, jurors, r := len(in.Projects), len(in.Jurors), in.Visits
	if n == 0 || r == 0 {
		if n > 0 || jurors == 0 || r <= 1 {
			return nil
		}
		return planning.Clash("%s and no project to compare them on", planning.Many(jurors, "juror"))
	}
	if r > jurors {
		if r == 1 {
			return planning.Clash("each project wants a juror, and there is none")
		}
		return planning.Clash("each project wants %d different jurors, and the jury has %d", r, jurors)
	}
	if r > in.Slots {
		return planning.Clash("each project wants %s, one a slot, and the round has %s", planning.Many(r, "visit"), planning.Many(in.Slots, "slot"))
	}
	if r == 1 {
		return nil
	}
	if n*r < n+jurors-1 {
		return planning.Clash("%d visits to %d projects cannot link %d jurors: it takes at least %d; "+
			"give more visits or call fewer jurors", n*r, n, jurors, n+jurors-1)
	}
	for _, j := range in.Jurors {
		if j.Max == 0 {
			return planning.Clash("juror %s makes no visit (max 0) and could not be compared with the others", j.ID)
		}
	}
	return nil
}

// linkable checks that jurors could be compared if each saw all that they may see.
func (t *plan) linkable() error {
	in := t.in
	if in.Visits < 2 || len(in.Projects) == 0 {
		return nil
	}
	may := make([][]int, len(in.Projects))
	for j, juror := range in.Jurors {
		if len(t.conflicts[j]) == len(in.Projects) {
			return planning.Clash("juror %s has a conflict of interest with every project and could not be compared with the others", juror.ID)
		}
		for p := range in.Projects {
			if !t.conflict(int32(j), int32(p)) {
				may[p] = append(may[p], j)
			}
		}
	}
	group := reach(may, len(in.Jurors), 0)
	if len(group) == len(in.Jurors) {
		return nil
	}
	var names [2][]string
	for j, juror := range in.Jurors {
		side := 1
		if slices.Contains(group, j) {
			side = 0
		}
		if len(names[side]) < 12 {
			names[side] = append(names[side], juror.ID)
		}
	}
	return planning.Clash("conflicts of interest split the jury: no project may be seen by one of %s and by one of %s, so that they could not be compared",
		strings.Join(names[0], ", "), strings.Join(names[1], ", "))
}

func newPlan(in *Instance) *plan {
	n, jurors := len(in.Projects), len(in.Jurors)
	t := &plan{
		in: in, conflicts: make([][]int32, jurors), track: make([]int32, n), known: make([][]int32, jurors),
		load: make([]int32, jurors), pairs: newPairs(jurors),
		spots: make([]int32, n*in.Visits),
	}
	at := map[string]int32{}
	tracks := map[string]int32{}
	for p, project := range in.Projects {
		at[project.ID] = int32(p)
		if _, known := tracks[project.Track]; !known {
			tracks[project.Track] = int32(len(tracks))
		}
		t.track[p] = tracks[project.Track]
		t.tables = append(t.tables, table{int32(project.X), int32(project.Y)})
	}
	for j, juror := range in.Jurors {
		for _, id := range juror.Conflicts {
			if p, known := at[id]; known {
				t.conflicts[j] = append(t.conflicts[j], p)
			}
		}
		slices.Sort(t.conflicts[j])
		t.conflicts[j] = slices.Compact(t.conflicts[j])
		for _, track := range juror.Tracks {
			k, used := tracks[track]
			if !used {
				k = int32(len(tracks)) // a track no project has
			}
			t.known[j] = append(t.known[j], k)
		}
	}
	return t
}

// assignment is who visits what, without when.
type assignment struct {
	t     *plan
	by    [][]int // jurors of each project
	of    [][]int // projects of each juror
	limit []int
	order []int // projects along the tables, row by row, turning at each end
}

func newAssignment(t *plan) *assignment {
	in := t.in
	a := &assignment{t: t, by: make([][]int, len(in.Projects)), of: make([][]int, len(in.Jurors)), limit: make([]int, len(in.Jurors))}
	even := (len(in.Projects)*in.Visits + len(in.Jurors) - 1) / max(1, len(in.Jurors))
	for j, juror := range in.Jurors {
		a.limit[j] = min(juror.Max, in.Slots, even)
	}
	for p := range in.Projects {
		a.order = append(a.order, p)
	}
	sort.SliceStable(a.order, func(x, y int) bool {
		p, q := in.Projects[a.order[x]], in.Projects[a.order[y]]
		if p.Y != q.Y {
			return p.Y < q.Y
		}
		return (p.X < q.X) == (p.Y/max(1, rowGap(in.Projects))%2 == 0) && p.X != q.X
	})
	return a
}

// rowGap is the smallest distance between two rows of tables.
func rowGap(projects []Project) int {
	ys := make([]int, len(projects))
	for i, p := range projects {
		ys[i] = p.Y
	}
	slices.Sort(ys)
	gap := 0
	for i := 1; i < len(ys); i++ {
		if d := ys[i] - ys[i-1]; d > 0 && (gap == 0 || d < gap) {
			gap = d
		}
	}
	return gap
}

// fill gives each project its jurors: the nearest along the tables that have room,
// then by augmenting paths, first with even loads, then up to each juror's limit.
// When jurors are to be compared, each gets at least one visit.
func (a *assignment) fill() error {
	in := a.t.in
	if in.Visits == 0 || len(in.Projects) == 0 {
		return nil
	}
	if in.Visits > 1 {
		for j := range in.Jurors {
			if len(a.of[j]) == 0 && !a.open(j) {
				return planning.Clash("juror %s has a conflict of interest with every project and could not be compared with the others", in.Jurors[j].ID)
			}
		}
	}
	jurors := len(in.Jurors)
	for i, p := range a.order {
		home := i * jurors / len(a.order)
		for k := 0; k < 2*jurors && len(a.by[p]) < in.Visits; k++ {
			j := ((home+(k+1)/2*(1-2*(k%2)))%jurors + jurors) % jurors
			if len(a.of[j]) < a.limit[j] && a.may(j, p) {
				a.add(j, p)
			}
		}
	}
	for _, hard := range []bool{false, true} {
		if hard {
			for j, juror := range in.Jurors {
				a.limit[j] = min(juror.Max, in.Slots)
			}
		}
		for _, p := range a.order {
			for len(a.by[p]) < in.Visits && a.augment(p, hard) == nil {
			}
			if hard && len(a.by[p]) < in.Visits {
				concerned := append(a.augment(p, hard), a.by[p]...)
				slices.Sort(concerned)
				return a.shortage(slices.Compact(concerned))
			}
		}
	}
	return nil
}

func (a *assignment) may(j, p int) bool {
	return !slices.Contains(a.by[p], j) && !a.t.conflict(int32(j), int32(p))
}

func (a *assignment) add(j, p int) {
	a.by[p] = append(a.by[p], j)
	a.of[j] = append(a.of[j], p)
}

func (a *assignment) drop(j, p int) {
	i := slices.Index(a.by[p], j)
	a.by[p] = slices.Delete(a.by[p], i, i+1)
	i = slices.Index(a.of[j], p)
	a.of[j] = slices.Delete(a.of[j], i, i+1)
}

// open gives a juror without visits a first one, at the project with the fewest.
func (a *assignment) open(j int) bool {
	best := -1
	for _, p := range a.order {
		if a.may(j, p) && len(a.by[p]) < a.t.in.Visits && (best < 0 || len(a.by[p]) < len(a.by[best])) {
			best = p
		}
	}
	if best >= 0 {
		a.add(j, best)
	}
	return best >= 0
}

// augment finds a juror for project p: one with room, or one who hands another
// project over, and so on. It returns nil, or the jurors it tried in vain.
func (a *assignment) augment(p int, hard bool) []int {
	type step struct{ project, handed, before int } // before: the step that handed project over
	seen := make([]bool, len(a.of))
	trail := []step{{project: p, before: -1}}
	var tried []int
	asked := map[int]bool{p: true}
	for i := 0; i < len(trail); i++ {
		for j := range a.of {
			if seen[j] || !a.may(j, trail[i].project) {
				continue
			}
			if len(a.of[j]) < a.limit[j] {
				a.handOver(j, i, func(i int) (int, int, int) { return trail[i].project, trail[i].handed, trail[i].before })
				return nil
			}
			seen[j] = true
			tried = append(tried, j)
			for _, q := range a.of[j] {
				if !asked[q] {
					asked[q] = true
					trail = append(trail, step{project: q, handed: j, before: i})
				}
			}
		}
	}
	if tried == nil {
		tried = []int{}
	}
	return tried
}

// handOver gives the project of step i to juror j, and walks back.
func (a *assignment) handOver(j, i int, step func(int) (project, handed, before int)) {
	for i >= 0 {
		project, handed, before := step(i)
		if before >= 0 {
			a.drop(handed, project)
		}
		a.add(j, project)
		j, i = handed, before
	}
}

// shortage names the jurors that the projects left depend on.
func (a *assignment) shortage(tried []int) error {
	in := a.t.in
	room := 0
	var names []string
	for _, j := range tried {
		room += a.limit[j]
		if len(names) < 12 {
			names = append(names, in.Jurors[j].ID)
		}
	}
	var short []string
	for _, p := range a.order {
		if len(a.by[p]) < in.Visits && len(short) < 12 {
			short = append(short, in.Projects[p].ID)
		}
	}
	if len(names) == 0 {
		names = []string{"none"}
	}
	return planning.Clash("%s cannot get %s: the jurors without a conflict of interest that could go there or make room (%s) make at most %s in all",
		strings.Join(short, ", "), planning.Many(in.Visits, "visit"), strings.Join(names, ", "), planning.Many(room, "visit"))
}
