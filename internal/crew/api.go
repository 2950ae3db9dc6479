package crew

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
)

type none struct{}

// PlanJSON is the plan as the API tells it.
type PlanJSON struct {
	Posts    []PostJSON  `json:"posts"`
	Shifts   []ShiftJSON `json:"shifts"`
	Open     int         `json:"open"`  // places that lack somebody
	Least    int         `json:"least"` // that no plan can be below
	Changed  int         `json:"changed"`
	Silent   int         `json:"silent"` // people who have not said when they can
	Planning string      `json:"job,omitempty"`
}

// PostJSON is a post.
type PostJSON struct {
	ID      PostID `json:"id"`
	Name    string `json:"name"`
	Place   string `json:"place"`
	Task    string `json:"task"`
	Contact string `json:"contact"`
	Skill   string `json:"skill"`
}

// ShiftJSON is a shift with who works on it.
type ShiftJSON struct {
	ID     ShiftID     `json:"id"`
	Post   PostID      `json:"post"`
	Start  time.Time   `json:"start"`
	End    time.Time   `json:"end"`
	Wanted int         `json:"wanted"`
	People []HandJSON  `json:"people"`
	Why    []ReasonOut `json:"why,omitempty"` // places are open
}

// HandJSON is somebody on a shift.
type HandJSON struct {
	ID     account.ID `json:"id"`
	Name   string     `json:"name"`
	Told   bool       `json:"told"`
	Locked bool       `json:"locked"`
}

// ReasonOut is what keeps so many others away.
type ReasonOut struct {
	Kind Kind `json:"kind"`
	N    int  `json:"n"`
}

type hoursIn struct {
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Wanted int       `json:"wanted"`
	Every  int       `json:"every_minutes"`
}

func (h hoursIn) hours() Hours {
	return Hours{Start: h.Start, End: h.End, Wanted: h.Wanted, Every: time.Duration(h.Every) * time.Minute}
}

type postIn struct {
	PostJSON
	Hours []hoursIn `json:"hours"`
}

type toPost struct {
	Post PostID `path:"post" json:"-"`
	hoursIn
}

type toShift struct {
	Shift ShiftID `path:"shift" json:"-"`
}

type refusing struct {
	Shift ShiftID `path:"shift" json:"-"`
	Why   string  `json:"why"`
}

type steppingIn struct {
	Shift ShiftID    `path:"shift" json:"-"`
	Who   account.ID `json:"who"`
}

type moving struct {
	Who  account.ID `json:"who"`
	From ShiftID    `json:"from"`
	To   ShiftID    `json:"to"`
}

type planningIn struct {
	Few bool `json:"few_changes"`
}

type orderedOut struct {
	Job string `json:"job"`
}

type publishedOut struct {
	Told int `json:"told"`
}

type turnOut struct {
	Shift  ShiftJSON `json:"shift"`
	Post   PostJSON  `json:"post"`
	Others []string  `json:"others"`
	Cannot bool      `json:"cannot"`
}

type mineOut struct {
	Said  bool      `json:"said"`
	Offer Offer     `json:"offer"`
	Turns []turnOut `json:"turns"`
}

func postOut(p Post) PostJSON { return PostJSON{p.ID, p.Name, p.Place, p.Task, p.Contact, p.Skill} }

func shiftOut(s Shift) ShiftJSON {
	return ShiftJSON{ID: s.ID, Post: s.Post, Start: s.Start, End: s.End, Wanted: s.Wanted, People: []HandJSON{}}
}

// planOut is the board for a program.
func planOut(b Board) *PlanJSON {
	out := &PlanJSON{Posts: []PostJSON{}, Shifts: []ShiftJSON{}, Open: b.Standing.Open, Least: b.Standing.Least, Changed: b.Standing.Changed, Silent: b.Silent(), Planning: b.Book.Job}
	for _, p := range b.Posts {
		out.Posts = append(out.Posts, postOut(p))
	}
	for _, s := range b.Shifts {
		one := shiftOut(s)
		for _, d := range b.On(s.ID) {
			m, _ := b.Member(d.Who)
			one.People = append(one.People, HandJSON{m.ID, m.Name, d.Told, d.Locked})
		}
		for _, h := range b.Holes {
			if h.Shift.ID == s.ID {
				for _, why := range h.Why {
					one.Why = append(one.Why, ReasonOut(why))
				}
			}
		}
		out.Shifts = append(out.Shifts, one)
	}
	return out
}

// api registers the room's operations.
func api(d *door.Door, s *Service) {
	organisers, crew := door.Only(), door.Only(edition.Crew)
	d.API("GET", "/api/v1/e/{edition}/crew", organisers, "Read the crew's plan, what is open and why",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*PlanJSON, error) {
			b, err := s.Board(ctx, v.Actor, v.Edition.ID)
			return planOut(b), err
		}))
	d.API("POST", "/api/v1/e/{edition}/crew/posts", organisers, "Add a post with its hours",
		door.Op(func(ctx context.Context, v *door.Visit, in *postIn) (*PostJSON, error) {
			var hours []Hours
			for _, h := range in.Hours {
				hours = append(hours, h.hours())
			}
			p, err := s.AddPost(ctx, v.Actor, v.Edition.ID, Post{Name: in.Name, Place: in.Place, Task: in.Task, Contact: in.Contact, Skill: in.Skill}, hours...)
			out := postOut(p)
			return &out, err
		}))
	d.API("POST", "/api/v1/e/{edition}/crew/posts/{post}/hours", organisers, "Want people at a post for a time, cut into shifts",
		door.Op(func(ctx context.Context, v *door.Visit, in *toPost) (*none, error) {
			return nil, s.AddHours(ctx, v.Actor, v.Edition.ID, in.Post, in.hours())
		}))
	d.API("DELETE", "/api/v1/e/{edition}/crew/shifts/{shift}", organisers, "Take a shift away",
		door.Op(func(ctx context.Context, v *door.Visit, in *toShift) (*none, error) {
			return nil, s.DropShift(ctx, v.Actor, v.Edition.ID, in.Shift)
		}))
	d.API("POST", "/api/v1/e/{edition}/crew/plan", organisers, "Plan what is not locked",
		door.Op(func(ctx context.Context, v *door.Visit, in *planningIn) (*orderedOut, error) {
			job, err := s.Order(ctx, v.Actor, v.Edition.ID, in.Few)
			return &orderedOut{job}, err
		}))
	d.API("POST", "/api/v1/e/{edition}/crew/move", organisers, "Move somebody from one shift, or none, to another, or none",
		door.Op(func(ctx context.Context, v *door.Visit, in *moving) (*none, error) {
			return nil, s.Move(ctx, v.Actor, v.Edition.ID, in.Who, in.From, in.To)
		}))
	d.API("POST", "/api/v1/e/{edition}/crew/publish", organisers, "Tell everybody their shifts",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*publishedOut, error) {
			n, err := s.Publish(ctx, v.Actor, v.Edition.ID)
			return &publishedOut{n}, err
		}))
	d.API("POST", "/api/v1/e/{edition}/crew/shifts/{shift}/step-in", organisers, "Give a shift to somebody at once",
		door.Op(func(ctx context.Context, v *door.Visit, in *steppingIn) (*none, error) {
			return nil, s.StepIn(ctx, v.Actor, v.Edition.ID, in.Shift, in.Who)
		}))
	ownAPI(d, s, crew)
}

// ownAPI is what somebody of the crew does for themselves.
func ownAPI(d *door.Door, s *Service, crew door.Rule) {
	d.API("GET", "/api/v1/e/{edition}/crew/mine", crew, "Read one's own shifts and what one said of oneself",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*mineOut, error) {
			m, err := s.Mine(ctx, v.Actor, v.Edition.ID, v.Actor.ID)
			if err != nil {
				return nil, err
			}
			out := &mineOut{Said: !m.Member.Offer.Silent(), Offer: m.Member.Offer, Turns: []turnOut{}}
			for _, t := range m.Turns {
				out.Turns = append(out.Turns, turnOut{shiftOut(t.Shift), postOut(t.Post), t.Others, !t.No.IsZero()})
			}
			return out, nil
		}))
	d.API("PUT", "/api/v1/e/{edition}/crew/mine", crew, "Say when one can, what one knows and would rather not do",
		door.Op(func(ctx context.Context, v *door.Visit, in *Offer) (*none, error) {
			return nil, s.Offer(ctx, v.Actor, v.Edition.ID, v.Actor.ID, *in)
		}))
	d.API("POST", "/api/v1/e/{edition}/crew/shifts/{shift}/cannot", crew, "Say that one cannot work a shift",
		door.Op(func(ctx context.Context, v *door.Visit, in *refusing) (*none, error) {
			return nil, s.Cannot(ctx, v.Actor, v.Edition.ID, in.Shift, in.Why)
		}))
}
