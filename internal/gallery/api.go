package gallery

import (
	"context"
	"strconv"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/project"
)

// Work is a public project as the API tells it.
type Work struct {
	ID        project.ID `json:"id"`
	Edition   string     `json:"edition"` // its short name in addresses
	Year      int        `json:"year"`
	Title     string     `json:"title"`
	Pitch     string     `json:"pitch"`
	Team      string     `json:"team"`
	Challenge string     `json:"challenge,omitempty"`
	Prizes    []string   `json:"prizes"`
	Became    Fate       `json:"became,omitempty"` // service, pilot, idea or stopped
	URL       string     `json:"url"`
	Cover     string     `json:"cover,omitempty"`
}

// WorkInFull is a public project with all that its page shows.
type WorkInFull struct {
	Work
	Description string         `json:"description"` // Markdown
	Members     []string       `json:"members"`     // who agreed to be named
	Others      int            `json:"others"`
	Video       string         `json:"video,omitempty"`
	Links       []project.Link `json:"links"`
	Pictures    []WorkPicture  `json:"pictures"`
	HandedIn    time.Time      `json:"handed_in"`
	Share       string         `json:"share"` // the picture for where it is shared
}

// WorkPicture is a picture of a public project.
type WorkPicture struct {
	URL    string `json:"url"`
	Alt    string `json:"alt"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// Works is a page of public projects.
type Works struct {
	Projects []Work `json:"projects"`
	Total    int    `json:"total"`
	Page     int    `json:"page"`
	Pages    int    `json:"pages"`
	Next     string `json:"next,omitempty"` // where the next page is
}

type worksIn struct {
	Text      string `query:"q" json:"-"`
	Challenge string `query:"challenge" json:"-"`
	Prize     string `query:"prize" json:"-"`
	Became    string `query:"became" json:"-"`
	Year      int    `query:"year" json:"-"`
	Page      int    `query:"page" json:"-"`
	Size      int    `query:"size" json:"-"`
}

type workIn struct {
	Project string `path:"project" json:"-"`
}

// api registers the room's operations.
func api(d *door.Door, s *Service) {
	d.API("GET", "/api/v1/gallery", door.Anyone(), "Search the public projects of every edition",
		door.Op(func(ctx context.Context, _ *door.Visit, in *worksIn) (*Works, error) {
			return s.works(ctx, in, edition.Edition{})
		}))
	d.API("GET", "/api/v1/e/{edition}/gallery", door.Anyone(), "Search the public projects of the edition",
		door.Op(func(ctx context.Context, v *door.Visit, in *worksIn) (*Works, error) {
			return s.works(ctx, in, v.Edition)
		}))
	d.API("GET", "/api/v1/e/{edition}/gallery/{project}", door.Anyone(), "Read a public project",
		door.Op(func(ctx context.Context, v *door.Visit, in *workIn) (*WorkInFull, error) {
			shown, err := s.Show(ctx, v.Actor, v.Edition, project.ID(in.Project))
			if err != nil {
				return nil, err
			}
			return s.inFull(shown), nil
		}))
}

func (s *Service) works(ctx context.Context, in *worksIn, e edition.Edition) (*Works, error) {
	f := Filter{Text: in.Text, Edition: e.ID, Challenge: project.ChallengeID(in.Challenge), Prize: in.Prize, Fate: Fate(in.Became), Year: in.Year, Page: in.Page, Size: in.Size}
	found, err := s.Find(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &Works{Projects: []Work{}, Total: found.Total, Page: found.Page, Pages: found.Pages}
	for _, c := range found.Cards {
		out.Projects = append(out.Projects, s.work(c))
	}
	if found.Page < found.Pages {
		path := "/api/v1/gallery"
		if e.ID != "" {
			path = "/api/v1" + e.URL() + "/gallery"
		}
		out.Next = s.base + found.Filter.address(path, found.Page+1)
		if in.Size > 0 {
			out.Next += "&size=" + strconv.Itoa(in.Size)
		}
	}
	return out, nil
}

func (s *Service) work(c Card) Work {
	w := Work{ID: c.Project, Edition: c.In.Slug, Year: c.Year, Title: c.Title, Pitch: c.Pitch, Team: c.TeamName, Challenge: c.About,
		Prizes: []string{}, Became: c.Fate, URL: s.base + here{}.Project(c)}
	for _, p := range c.Prizes {
		w.Prizes = append(w.Prizes, p.Title)
	}
	if c.Cover != nil {
		w.Cover = s.base + pictureURL(c.In, *c.Cover, Small)
	}
	return w
}

func (s *Service) inFull(p Shown) *WorkInFull {
	out := &WorkInFull{Work: s.work(p.Card), Description: p.Description, Members: append([]string{}, p.Members...), Others: p.Others,
		Links: append([]project.Link{}, p.Links...), Pictures: []WorkPicture{}, HandedIn: p.HandedIn, Share: s.base + shareURL(p.In, p.Project, p.In.Lang)}
	if p.Video != nil {
		out.Video = p.Video.URL
	}
	for _, one := range p.Pictures {
		width, height := one.Box(Large)
		out.Pictures = append(out.Pictures, WorkPicture{URL: s.base + pictureURL(p.In, one, Large), Alt: one.Alt, Width: width, Height: height})
	}
	return out
}
