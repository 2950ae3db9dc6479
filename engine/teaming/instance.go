package teaming

// Format is the value of an instance's "format" field; SolutionFormat that of a
// solution's.
const (
	Format         = "teams-instance/1"
	SolutionFormat = "teams-solution/1"
)

// Unlimited is the MaxTeams of a challenge without a limit. It is what a JSON
// instance means when it leaves max_teams out; a written 0 means no team at all.
const Unlimited = 1 << 30

// Instance is one team-forming problem. The zero value of a field asks for nothing:
// no skills, no challenges and no weights leave only the hard constraints.
type Instance struct {
	Format            string      `json:"format"`
	Name              string      `json:"name"`
	Size              Size        `json:"size"`
	Skills            []string    `json:"skills,omitempty"`
	Mix               []string    `json:"mix,omitempty"`     // roles every team should contain
	Isolate           []string    `json:"isolate,omitempty"` // tags no team should hold exactly once
	CommonLanguage    bool        `json:"common_language"`
	StrengthMean      int         `json:"strength_mean"`
	StrengthTolerance int         `json:"strength_tolerance"`
	SlotsNeeded       int         `json:"slots_needed"`
	Weights           Weights     `json:"weights"`
	Challenges        []Challenge `json:"challenges,omitempty"`
	People            []Person    `json:"people"`
	Locks             []Lock      `json:"locks,omitempty"`
	Previous          []Previous  `json:"previous,omitempty"`
}

// Size bounds the number of people in a team, both ends included, and names the
// number the organiser would like.
type Size struct {
	Min    int `json:"min"`
	Max    int `json:"max"`
	Target int `json:"target"`
}

// Weights price what a team lacks. All are non-negative; a zero weight switches its
// term off.
type Weights struct {
	Size      int64   `json:"size"`
	Skill     int64   `json:"skill"`
	Mix       int64   `json:"mix"`
	Wish      int64   `json:"wish"`
	Avoid     int64   `json:"avoid"`
	Isolation int64   `json:"isolation"`
	Balance   int64   `json:"balance"`
	Slots     int64   `json:"slots"`
	Move      int64   `json:"move"`
	Fair      int64   `json:"fair"`
	FairOver  int64   `json:"fair_over"`
	Pref      []int64 `json:"pref"`     // by rank of the team's challenge
	Unranked  int64   `json:"unranked"` // a challenge the person did not rank
}

// Challenge is a subject teams can work on. Need holds the wanted level, 0 to 4, of
// each of the instance's skills; missing entries are 0.
type Challenge struct {
	ID       string `json:"id"`
	Need     []int  `json:"need,omitempty"`
	MinTeams int    `json:"min_teams"`
	MaxTeams int    `json:"max_teams"`
}

// Person is one participant. Skills are levels 0 to 4 in the order of the instance's
// skills; Slots has a '1' for each time slot the person is present.
type Person struct {
	ID        string   `json:"id"`
	Group     string   `json:"group,omitempty"`
	Role      string   `json:"role,omitempty"`
	Skills    []int    `json:"skills,omitempty"`
	Strength  int      `json:"strength,omitempty"`
	Prefs     []string `json:"prefs,omitempty"`
	Excluded  []string `json:"excluded,omitempty"`
	Languages []string `json:"languages,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	Slots     string   `json:"slots,omitempty"`
	Wants     []string `json:"wants,omitempty"`
	Avoids    []string `json:"avoids,omitempty"`
	Never     []string `json:"never,omitempty"`
}

// Lock fixes what the organiser decided: these people are in the team of that name,
// with that challenge if one is given, and nobody else if it is closed.
type Lock struct {
	Team      string   `json:"team"`
	People    []string `json:"people"`
	Challenge string   `json:"challenge,omitempty"`
	Closed    bool     `json:"closed,omitempty"`
}

// Previous is a team of an earlier run. People who are gone are ignored; of those who
// stayed, each who is not in the team of that name again costs Weights.Move.
type Previous struct {
	Team   string   `json:"team"`
	People []string `json:"people"`
}

// Solution is a list of teams, in the order they are shown.
type Solution struct {
	Format      string `json:"format"`
	Name        string `json:"name"`
	ClaimedCost int64  `json:"claimed_cost"`
	Teams       []Team `json:"teams"`
}

// Team is one formed team; Form lists its people in the order of their ids.
type Team struct {
	ID        string   `json:"id"`
	Challenge string   `json:"challenge"`
	People    []string `json:"people"`
}
