package crew

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/kit/turns"
)

// Service is what can be done with the crew's plan.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	accounts *account.Service
	hub      *live.Hub
	queue    *jobs.Queue
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, hub *live.Hub, queue *jobs.Queue,
	p *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, accounts: accounts, hub: hub, queue: queue, post: p, trail: t, words: words, base: base}
}

// scene is what a use case finds in its transaction.
type scene struct {
	e    edition.Edition
	now  time.Time
	rota Rota
}

// said is what the trail hears of a change.
type said struct{ action, subject, before, after string }

// change is a use case of somebody with one of the roles, in one transaction. They follow
// each other, so that a scene is true until it is written: an organiser who locks somebody
// on a shift and that person's "I cannot" would otherwise lose one of the two.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, roles []edition.Role, do func(tx *sqldb.Tx, at scene) (said, error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := turns.Take(ctx, tx, "crew:"+string(id)); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, id, roles...); err != nil {
			return err
		}
		r, err := load(ctx, tx, s.editions, id)
		if err != nil {
			return err
		}
		told, err := do(tx, scene{e, now, r})
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		if told.subject == "" {
			told.subject = "edition:" + string(id)
		}
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: told.action, Subject: told.subject,
			Before: told.before, After: told.after, EditionAt: now})
	})
}

var (
	organisers = []edition.Role{edition.Organiser}
	hands      = []edition.Role{edition.Crew}
)

// AddPost adds a post, with its first hours if there are any: an organiser's matter.
func (s *Service) AddPost(ctx context.Context, actor account.Actor, id edition.ID, p Post, hours ...Hours) (Post, error) {
	p = p.trimmed()
	if err := p.check(); err != nil {
		return p, err
	}
	p.ID = PostID(s.ids.ID())
	err := s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		if err := insertPost(ctx, tx, id, p); err != nil {
			return said{}, fmt.Errorf("adding the post %s: %w", p.Name, err)
		}
		for _, h := range hours {
			if err := s.addShifts(ctx, tx, id, p.ID, h); err != nil {
				return said{}, err
			}
		}
		return said{"crew.post_added", "post:" + string(p.ID), "", p.Name}, nil
	})
	return p, err
}

// ChangePost alters a post: an organiser's matter.
func (s *Service) ChangePost(ctx context.Context, actor account.Actor, id edition.ID, p Post) error {
	p = p.trimmed()
	if err := p.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		before := at.rota.Post(p.ID)
		return said{"crew.post_changed", "post:" + string(p.ID), before.Name, p.Name}, updatePost(ctx, tx, id, p)
	})
}

// DropPost takes a post away with its shifts; who was told of one hears of it.
func (s *Service) DropPost(ctx context.Context, actor account.Actor, id edition.ID, post PostID) error {
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		for _, shift := range at.rota.Shifts {
			if shift.Post == post {
				if err := s.dropShift(ctx, tx, at, shift); err != nil {
					return said{}, err
				}
			}
		}
		return said{"crew.post_dropped", "post:" + string(post), at.rota.Post(post).Name, ""}, deletePost(ctx, tx, id, post)
	})
}

// AddHours wants people at a post for a time, cut into shifts: an organiser's matter.
func (s *Service) AddHours(ctx context.Context, actor account.Actor, id edition.ID, post PostID, h Hours) error {
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		p := at.rota.Post(post)
		if p.ID == "" {
			return said{}, sqldb.ErrNotFound
		}
		return said{"crew.hours_added", "post:" + string(post), "", p.Name + " +" + strconv.Itoa(h.Wanted)}, s.addShifts(ctx, tx, id, post, h)
	})
}

func (s *Service) addShifts(ctx context.Context, tx *sqldb.Tx, id edition.ID, post PostID, h Hours) error {
	if err := h.check(); err != nil {
		return err
	}
	for _, shift := range h.cut() {
		shift.ID, shift.Post = ShiftID(s.ids.ID()), post
		if err := insertShift(ctx, tx, id, shift); err != nil {
			return fmt.Errorf("adding a shift: %w", err)
		}
	}
	return nil
}

// ChangeShift moves a shift or wants another number of people: an organiser's matter. Who
// was told of it hears the new hours with the next publication.
func (s *Service) ChangeShift(ctx context.Context, actor account.Actor, id edition.ID, shift ShiftID, h Hours) error {
	h.Every = 0
	if err := h.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		before, ok := at.rota.Shift(shift)
		if !ok {
			return said{}, sqldb.ErrNotFound
		}
		moved := !before.Start.Equal(h.Start) || !before.End.Equal(h.End)
		for _, d := range at.rota.Duties {
			if d.Shift == shift && d.Told && d.Planned && d.No.IsZero() && moved {
				d.Told = false // the hours that they were told are not true any more; who was taken off or cannot come hears of that
				if err := putDuty(ctx, tx, id, d); err != nil {
					return said{}, err
				}
			}
		}
		after := Shift{ID: shift, Post: before.Post, Start: h.Start, End: h.End, Wanted: h.Wanted}
		return said{"crew.shift_changed", "shift:" + string(shift), before.text(at.e), after.text(at.e)}, updateShift(ctx, tx, id, after)
	})
}

// text is a shift in the trail.
func (s Shift) text(e edition.Edition) string {
	const form = "Mon 15:04"
	return s.Start.In(e.Zone).Format(form) + "–" + s.End.In(e.Zone).Format("15:04") + " ×" + strconv.Itoa(s.Wanted)
}

// DropShift takes a shift away; who was told of it hears of it.
func (s *Service) DropShift(ctx context.Context, actor account.Actor, id edition.ID, shift ShiftID) error {
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		one, ok := at.rota.Shift(shift)
		if !ok {
			return said{}, sqldb.ErrNotFound
		}
		return said{"crew.shift_dropped", "shift:" + string(shift), at.rota.Post(one.Post).Name + " " + one.text(at.e), ""}, s.dropShift(ctx, tx, at, one)
	})
}

func (s *Service) dropShift(ctx context.Context, tx *sqldb.Tx, at scene, shift Shift) error {
	news := map[account.ID]news{}
	for _, d := range at.rota.Duties {
		if d.Shift == shift.ID && d.Told && d.No.IsZero() {
			news[d.Who] = news[d.Who].without(shift)
		}
	}
	if err := deleteDuties(ctx, tx, shift.ID); err != nil {
		return err
	}
	if err := s.write(ctx, tx, at, news); err != nil {
		return err
	}
	return deleteShift(ctx, tx, at.e.ID, shift.ID)
}

// SetRules says how long everybody rests and works at most: an organiser's matter.
func (s *Service) SetRules(ctx context.Context, actor account.Actor, id edition.ID, rest, most time.Duration) error {
	var wrong errs.Fields
	if rest < 0 || rest > 24*time.Hour {
		wrong.Add("rest", "crew.rest_range")
	}
	if most < time.Hour || most > 100*time.Hour {
		wrong.Add("most", "crew.most_range")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, id, organisers, func(tx *sqldb.Tx, at scene) (said, error) {
		b := at.rota.Book
		told := said{"crew.rules", "", b.Rest.String() + " / " + b.Most.String(), rest.String() + " / " + most.String()}
		b.Rest, b.Most = rest, most
		return told, setBook(ctx, tx, id, b)
	})
}

// Offer keeps what somebody of the crew says of themselves; an organiser may say it for
// them, after a call.
func (s *Service) Offer(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, o Offer) error {
	roles := hands
	if who != actor.ID {
		roles = organisers
	}
	if o.Wish < 0 || o.Wish > 100 || o.Most < 0 || o.Most > 100 {
		return errs.Fields{{Name: "most", Key: "crew.most_range"}}
	}
	return s.change(ctx, actor, id, roles, func(tx *sqldb.Tx, at scene) (said, error) {
		m, ok := at.rota.Member(who)
		if !ok {
			return said{}, sqldb.ErrNotFound
		}
		o.Free = joined(o.Free)
		known := func(p PostID) bool { return at.rota.Post(p).ID == "" }
		o.Rather = slices.DeleteFunc(slices.Clone(o.Rather), known)
		o.Never = slices.DeleteFunc(slices.Clone(o.Never), known)
		hours := time.Duration(0)
		for _, f := range o.Free {
			hours += f.To.Sub(f.From)
		}
		return said{"crew.offered", "account:" + string(who), "", fmt.Sprintf("%s: %.0f h", m.Name, hours.Hours())}, setOffer(ctx, tx, id, who, o, at.now)
	})
}

// Forget drops what a person said and where they were planned, in every edition.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return forget(ctx, tx, who)
}
