// Package gallery is the public face of the projects: pages to look at, to search, to
// share and to put into other pages, for every edition there has been.
//
// It shows what a team handed in and the organisers published, and no more: the members
// who agreed to be named, clean copies of the pictures, and prizes once the results are
// public. What is withheld, hidden or taken back is gone with the same click, everywhere.
// The package writes no project and awards no prize; it asks those who do.
package gallery

import (
	"context"
	"math"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
	"h48/internal/team"
)

// Limits.
const (
	// PageSize is how many projects stand on a page.
	PageSize = 24
	// MostAlt is the length of a picture's description, in characters.
	MostAlt   = 300
	mostQuery = 100
	// maxReason is the length of the reason for hiding a picture, in characters.
	maxReason = 300
)

// Prize is a prize that a project won, as the public knows it. The first prize has the
// lowest Place.
type Prize struct {
	ID, Title string
	Place     int
}

// Prizes tells who won.
type Prizes interface {
	// Won returns the prizes of each team of the edition, and nothing before the results
	// are public.
	Won(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (map[team.ID][]Prize, error)
}

// Neighbours are the rooms that know what the projects' own does not.
type Neighbours struct {
	Prizes     Prizes
	Afterwards Afterwards
}

// Entry is a project that the public may see.
type Entry struct {
	Project   project.ID
	Edition   edition.ID
	Team      team.ID
	Challenge project.ChallengeID
	Title     string
	Pitch     string
	Year      int

	titleKey string
	pictures fileList
	starts   time.Time
}

// State is what became of a picture.
type State string

// The states of a picture.
const (
	Waiting State = "waiting" // its copies are being made
	Ready   State = "ready"
	Refused State = "refused" // it is not a picture that can be shown
	Hidden  State = "hidden"  // somebody took it away
)

// Picture is a picture of a project.
type Picture struct {
	ID        project.FileID
	Edition   edition.ID
	Project   project.ID
	Alt       string
	Position  int
	State     State
	HiddenFor string
	Width     int
	Height    int
}

// Size is one of the copies of a picture.
type Size int

// The copies: for lists and for the project's own page. The number is the longer side.
const (
	Small Size = 640
	Large Size = 1600
)

// sizes lists the copies.
var sizes = []Size{Small, Large}

// name is the copy's name in an address.
func (s Size) name() string {
	if s == Small {
		return "small.jpg"
	}
	return "large.jpg"
}

func sizeOf(name string) (Size, bool) {
	i := slices.IndexFunc(sizes, func(s Size) bool { return s.name() == name })
	if i < 0 {
		return 0, false
	}
	return sizes[i], true
}

// key is where the copy is kept.
func (p Picture) key(s Size) string {
	return "gallery/" + strings.ToLower(string(p.Project)) + "/" + strings.ToLower(string(p.ID)) + "-" + s.name()
}

// Box is how wide and high the copy is.
func (p Picture) Box(s Size) (width, height int) {
	longest := max(p.Width, p.Height, 1)
	if longest <= int(s) {
		return p.Width, p.Height
	}
	return max(p.Width*int(s)/longest, 1), max(p.Height*int(s)/longest, 1)
}

// Video is a film about the project that stands on another site.
type Video struct {
	URL  string
	Site string // its name for people: "YouTube", or the host
}

// videoSites are the hosts of films and what people call them.
var videoSites = map[string]string{"youtube.com": "YouTube", "youtu.be": "YouTube", "vimeo.com": "Vimeo", "dailymotion.com": "Dailymotion",
	"dai.ly": "Dailymotion", "loom.com": "Loom", "twitch.tv": "Twitch"}

// videoOf recognises the address of a film: a known site's, a PeerTube's, or a file's.
func videoOf(address string) (Video, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return Video{}, false
	}
	host := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), "m.")
	if site, known := videoSites[host]; known && len(u.Path) > 1 {
		return Video{URL: address, Site: site}, true
	}
	isTube := strings.HasPrefix(u.Path, "/w/") || strings.HasPrefix(u.Path, "/videos/watch/")
	isFile := slices.Contains([]string{".mp4", ".webm", ".ogv", ".mov"}, strings.ToLower(path.Ext(u.Path)))
	return Video{URL: address, Site: host}, isTube || isFile
}

// split takes the first film out of a project's links.
func split(links []project.Link) (*Video, []project.Link) {
	for i, l := range links {
		if v, is := videoOf(l.URL); is {
			return &v, slices.Delete(slices.Clone(links), i, i+1)
		}
	}
	return nil, links
}

// Filter is what somebody looks for.
type Filter struct {
	Text      string
	Edition   edition.ID // "" for all
	Challenge project.ChallengeID
	Prize     string // a prize's id, AnyPrize, or ""
	Fate      Fate
	Year      int
	Page      int // from 1
	Size      int // of a page; 0 is PageSize
}

// AnyPrize finds the projects that won something.
const AnyPrize = "any"

// tidy bounds what an address asks for.
func (f Filter) tidy() Filter {
	if runes := []rune(f.Text); len(runes) > mostQuery {
		f.Text = string(runes[:mostQuery])
	}
	if f.Size <= 0 || f.Size > 100 {
		f.Size = PageSize
	}
	f.Page = min(max(f.Page, 1), 100_000)
	return f
}

// fits says whether the filter lets the entry through, whose words are key.
func (f Filter) fits(e Entry, key string, prizes []Prize, fate Fate) bool {
	if f.Fate != "" && f.Fate != fate {
		return false
	}
	won := f.Prize == "" || f.Prize == AnyPrize && len(prizes) > 0 || slices.ContainsFunc(prizes, func(p Prize) bool { return p.ID == f.Prize })
	if !won || f.Challenge != "" && f.Challenge != e.Challenge || f.Year != 0 && f.Year != e.Year {
		return false
	}
	for word := range strings.FieldsSeq(names.Fold(f.Text)) {
		if !strings.Contains(key, word) {
			return false
		}
	}
	return true
}

// searchKey is every word of a project once, folded.
func searchKey(texts ...string) string {
	words := strings.Fields(names.Fold(strings.Join(texts, " ")))
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

// Empty says whether everything is shown.
func (f Filter) Empty() bool {
	return f.Text == "" && f.Challenge == "" && f.Prize == "" && f.Fate == "" && f.Year == 0
}

// Card is a project in a list.
type Card struct {
	Entry
	In       edition.Edition
	TeamName string
	About    string // the title of its challenge, or ""
	Prizes   []Prize
	Fate     Fate
	Cover    *Picture // nil where it has none to show
}

// place puts the laureates first, in the order of the prizes.
func (c Card) place() int {
	if len(c.Prizes) == 0 {
		return math.MaxInt32
	}
	return c.Prizes[0].Place
}

// Shown is a project on its own page.
type Shown struct {
	Card
	Description string // Markdown
	Video       *Video
	Links       []project.Link
	Pictures    []Picture
	Files       []project.File // that are no pictures
	Members     []string       // who agreed to be named
	Others      int            // members who did not
	HandedIn    time.Time
	Public      bool
	Insider     bool // the reader may see the versions
}

// Consent is whether a member may be named.
type Consent struct {
	Account account.ID
	Name    string
	Shown   bool
	Asked   bool // they have said yes or no
}

// Refusals.
var (
	errNotYours = errs.New(errs.Forbidden, "gallery.not_yours")
)
