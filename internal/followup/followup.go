// Package followup asks what became of the projects: one, six and twelve months after
// the end, by a letter to the members who agreed to have news, with a link that needs no
// account.
//
// The answer is one of four states and a few words. It is shown beside the project and
// counted on the page of the next edition. Answers are kept one after the other; an
// organiser who fills one in or corrects it says why. The room judges no project and
// writes to nobody who said stop or was forgotten.
package followup

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
)

// State is what became of a project.
type State string

// The states, from the first thought to the end.
const (
	Idea      State = "idea"
	Pilot     State = "pilot"
	InService State = "service"
	Stopped   State = "stopped"
)

// States lists them as a sentence counts them: what is used first.
var States = []State{InService, Pilot, Idea, Stopped}

// Turns are after how many months people are asked.
var Turns = []int{1, 6, 12}

// RemindAfter is how long a project is silent before its people are reminded, once.
const RemindAfter = 14 * 24 * time.Hour

// Limits of what is written and sent.
const (
	MostWords      = 600
	MostLine       = 200
	largestPicture = 12 << 20
)

// Due is when people are asked for the turn: so many months after the edition's end, by
// the calendar of its zone. ok is false for an edition without an end.
func Due(e edition.Edition, months int) (at time.Time, ok bool) {
	end, set := e.At[edition.Ends]
	if !set {
		return time.Time{}, false
	}
	zone := e.Zone
	if zone == nil {
		zone = time.UTC
	}
	local := end.In(zone)
	month := time.Date(local.Year(), local.Month()+time.Month(months), 1, local.Hour(), local.Minute(), 0, 0, zone)
	last := time.Date(month.Year(), month.Month()+1, 0, 0, 0, 0, 0, zone).Day() // the 31st of May has no namesake in June
	return time.Date(month.Year(), month.Month(), min(local.Day(), last), local.Hour(), local.Minute(), 0, 0, zone).UTC(), true
}

// Project is what this room needs to know of a project.
type Project struct {
	Team     string
	TeamName string
	Title    string
	// Agreed are the members who want news of the event.
	Agreed []account.ID
}

// Name is what the project is called.
func (p Project) Name() string { return cmp.Or(p.Title, p.TeamName) }

// Report is what somebody said of a project at a moment.
type Report struct {
	ID      string
	Edition edition.ID
	Team    string
	Months  int
	State   State
	Words   string
	URL     string
	Picture Picture
	By      account.ID
	// Organiser says that an organiser wrote it, for the Reason.
	Organiser bool
	Reason    string
	At        time.Time
}

// Picture is a picture of the project as it is used now.
type Picture struct {
	Key, ContentType, Alt string
}

// Said is what a person fills in.
type Said struct {
	State State
	Words string
	URL   string
	// Picture, where it is not empty, is the content of a file with the Name; without it
	// the picture of the report before stays.
	Picture []byte
	Name    string
	Alt     string
	Reason  string // an organiser's
}

// check trims what was said and says what is wrong with it.
func (s Said) check() (Said, error) {
	var f errs.Fields
	s.Words, s.URL, s.Alt, s.Reason = strings.TrimSpace(s.Words), strings.TrimSpace(s.URL), strings.TrimSpace(s.Alt), strings.TrimSpace(s.Reason)
	if !slices.Contains(States, s.State) {
		f.Add("state", "followup.choose_state")
	}
	if s.State == Stopped && s.Words == "" {
		f.Add("words", "followup.say_why")
	}
	tooLong(&f, "words", s.Words, MostWords)
	tooLong(&f, "alt", s.Alt, MostLine)
	tooLong(&f, "reason", s.Reason, MostLine)
	if s.URL != "" && !isWeb(s.URL) {
		f.Add("url", "error.url")
	}
	if len(s.Picture) > 0 {
		kind, inline := files.Kind(s.Picture[:min(len(s.Picture), files.HeadSize)], s.Name)
		switch {
		case len(s.Picture) > largestPicture:
			f.Add("picture", "followup.picture_large")
		case !inline || !strings.HasPrefix(kind, "image/"):
			f.Add("picture", "followup.picture_kind")
		}
		if s.Alt == "" {
			f.Add("alt", "followup.say_what")
		}
	}
	return s, f.Err()
}

func tooLong(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "followup.too_long", "most", most)
	}
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(address) <= 500
}

// Story is a project with the newest report, if there is one.
type Story struct {
	Project
	Last *Report
}

// stories joins projects and reports; the reports come oldest first.
func stories(projects []Project, reports []Report) []Story {
	last := map[string]*Report{}
	for i := range reports {
		last[reports[i].Team] = &reports[i]
	}
	all := make([]Story, len(projects))
	for i, p := range projects {
		all[i] = Story{Project: p, Last: last[p.Team]}
	}
	return all
}

// Tally counts what became of an edition's projects.
type Tally struct {
	Projects int
	Known    int // of which somebody has said something
	By       map[State]int
}

func tally(all []Story) Tally {
	t := Tally{Projects: len(all), By: map[State]int{}}
	for _, s := range all {
		if s.Last != nil {
			t.Known++
			t.By[s.Last.State]++
		}
	}
	return t
}

// Refusals that callers decide on.
var (
	// ErrLink is a link that is none, or whose person was forgotten.
	ErrLink = errs.New(errs.NotFound, "followup.dead_link")
	// ErrReason is an organiser who corrects without saying why.
	ErrReason = errs.Fields{{Name: "reason", Key: "followup.reason_needed"}}
)
