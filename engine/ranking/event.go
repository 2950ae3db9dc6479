package ranking

// Event is everything that was said and agreed about one event's judging.
// Identifiers are opaque; the order of every slice but Seq is without meaning.
type Event struct {
	Projects    []Project
	Jurors      []Juror
	Criteria    []Criterion
	Conflicts   []Conflict
	Visits      []Visit
	Orders      []Order
	Comparisons []Comparison
	Prizes      []Prize // none means one prize that every project may win
}

// Project is a candidate. Table is its place in the hall and only shortens walks.
type Project struct {
	ID      string
	Table   int
	NoTable bool // the place is not known
}

// Juror is a person who visits. Capacity is the most visits it can make: zero means
// that nobody stated one, a negative number that it makes none.
type Juror struct {
	ID       string
	Capacity int
}

// Criterion is one line of the rubric. A visit's total is the mean of its criteria
// weighted by Weight; one that weighs nothing is checked and does not count.
type Criterion struct {
	ID       string
	Min, Max float64
	Weight   float64
}

// Conflict bars a juror from a project for good. What it said of the project all the
// same, perhaps before it declared the conflict, does not count.
type Conflict struct{ Juror, Project string }

// Visit is one juror's look at one project. Scores maps a criterion's id to the
// score; a criterion that is missing was not given. A second visit of the same
// juror to the same project, with a higher Seq or further down, replaces the first.
type Visit struct {
	Juror, Project string
	Seq            int
	Scores         map[string]float64
}

// Order is a juror's own order of what it saw, best first. The projects of one place
// are tied. A project that is not listed is not said to be worse.
type Order struct {
	Juror  string
	Places [][]string
}

// Comparison is one explicit answer. Between two projects that the juror's Order lists,
// the Order says it already.
type Comparison struct {
	Juror, Winner, Loser string
	Seq                  int
}

// Prize is awarded on the common posterior among its own projects. Jurors are those
// who may be sent out for it; everybody's votes count. Empty means all, in both.
// Places is how many are awarded (at least 1).
type Prize struct {
	ID       string
	Projects []string
	Jurors   []string
	Places   int
}

// Options are the organiser's choices. The zero value is the default.
type Options struct {
	// Draws from the posterior; 0 means 2000.
	Draws int
	// VisitsTotal is how many visits the event can afford; 0 means not known.
	VisitsTotal int
	// Floor is the number of visits every project gets before any gets more for the
	// prize's sake; 0 means DefaultFloor.
	Floor int
	// Together is how many jurors may be at a contender's table at once; 0 means one. Where
	// many are out at the same time, contenders' few tables are what limits the ranking:
	// Several then finds the best more often. A juror who finds busy a table that another
	// is on the way to makes it one for everybody.
	Together int
	// Walk makes the coverage prefer near tables among equals.
	Walk bool
	// Influence asks for every juror's Influence too: one more fit and some draws a juror.
	Influence bool
	// Progress is called with the share of the work that is done, in [0,1]; may be nil.
	Progress func(done float64)
}

// DefaultFloor is max(2, r/2) for r visits a project, and 1 where fewer than three
// visits a project can be afforded.
func DefaultFloor(projects, visitsTotal int) int {
	if projects == 0 || visitsTotal == 0 {
		return 2
	}
	r := visitsTotal / projects
	if r <= 2 {
		return 1
	}
	return max(2, r/2)
}

// Result is the ranking and how far to trust it.
type Result struct {
	Projects []Standing    // best first; every project of the event
	Jurors   []JurorReport // sorted by id
	Prizes   []PrizeResult // in the event's order
	Tiers    [][]string    // ids, best tier first; a tier is not separated by the data
	Regret   float64       // expected loss of crowning the leader, in standard deviations of merit
	Advice   Advice
	Model    Model
}

// Standing is one project's place.
type Standing struct {
	Project        string
	Rank           int     // 1 is best; no two are equal
	Score          float64 // estimated merit in the unit of the rubric's total
	SD             float64 // its posterior standard deviation, same unit
	RankLo, RankHi int     // 90 % interval of the true rank
	PBest, PTop3   float64
	Raw            float64 // mean of the totals; NaN without one
	Visits         int
	Tier           int     // 1 is the leaders' tier
	Reasons        Reasons // why Score is not Raw; zero where Raw is NaN
}

// JurorReport is what the data say of one juror.
type JurorReport struct {
	Juror     string
	Visits    int
	Severity  float64   // added to what it sees, in the unit of the total; negative is strict
	Weight    float64   // reliability; 1 is ordinary
	Agreement float64   // correlation with what the others think; NaN if it cannot be said
	PCareless float64   // probability that its sheet has nothing to do with merit
	PHostile  float64   // probability that its sheet runs against merit
	Without   string    // who would win without this juror
	Influence Influence // only where Options ask for it
	Flag      Flag
}

// Flag asks a person to look, or not.
type Flag string

// The two flags.
const (
	OK    Flag = "ok"
	Check Flag = "check"
)

// PrizeResult is one prize on the common posterior.
type PrizeResult struct {
	Prize string
	Order []string  // eligible projects, best first
	PBest []float64 // of Order, among the eligible
	// RankLo and RankHi are 90 % intervals of the true rank among the eligible; only a
	// prize with an ID has them, since the standings have those of all projects.
	RankLo, RankHi []int
	Leaders        []string // smallest set that holds the best with probability 0.9
	Regret         float64
}

// Model is what the mixed model estimated, in the squared unit of the total.
type Model struct {
	Merit, Noise float64 // variances
	OrderShare   float64 // how much of an observation the juror's order decides
	Connected    bool    // the graph of jurors and visited projects is one piece
}
