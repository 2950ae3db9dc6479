package message

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/mail"
	"h48/internal/kit/once"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// The kinds of this room's jobs: one writes an announcement to each one's address, one
// tells the pages that an announcement has expired.
const (
	lettersKind = "message.letters"
	expiredKind = "message.expired"
)

// mostHistory is how many announcements the history shows.
const mostHistory = 100

// Service is what can be done with announcements.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	hub      *live.Hub
	queue    *jobs.Queue
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, hub *live.Hub, queue *jobs.Queue,
	p *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, hub: hub, queue: queue, post: p, trail: t, words: words,
		base: strings.TrimSuffix(base, "/")}
}

// Topic is what the page of announcements listens to; the edition's own topic, which
// every page listens to, is touched as well.
func Topic(id edition.ID) string { return "message:" + string(id) }

// Send says something to an audience: at once on every open page of the edition, and by
// e-mail where the draft asks for it. An organiser may. An action that comes twice is
// said once; its second answer is the zero Announcement.
func (s *Service) Send(ctx context.Context, actor account.Actor, id edition.ID, draft Draft, action once.Action) (Announcement, error) {
	draft, err := draft.check()
	if err != nil {
		return Announcement{}, err
	}
	var sent Announcement
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID); err != nil {
			return err
		}
		fresh, err := once.First(ctx, tx, action)
		if err != nil || !fresh {
			return err
		}
		sent, err = s.sendTx(ctx, tx, actor, e, now, draft)
		return err
	})
	return sent, err
}

func (s *Service) sendTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, now time.Time, draft Draft) (Announcement, error) {
	a := Announcement{ID: ID(s.ids.ID()), Edition: e.ID, Text: draft.Text, Level: draft.Level, Audience: draft.Audience, By: actor.Name, Sent: now}
	var err error
	if draft.For > 0 {
		a.Expires = now.Add(draft.For)
		order := jobs.Order{Kind: expiredKind, Edition: string(e.ID), At: a.Expires, OnEditionTime: true}
		if _, err = s.queue.EnqueueTx(ctx, tx, order); err != nil {
			return a, err
		}
	}
	if draft.Email {
		order := jobs.Order{Kind: lettersKind, Edition: string(e.ID), Args: a.ID, AskedBy: string(actor.ID)}
		if a.Job, err = s.queue.EnqueueTx(ctx, tx, order); err != nil {
			return a, err
		}
	}
	if err := insertAnnouncement(ctx, tx, a, actor.ID); err != nil {
		return a, fmt.Errorf("sending an announcement: %w", err)
	}
	return a, s.tell(ctx, tx, actor, "message.sent", a, now)
}

// tell lets every open page of the edition read again, and writes the trail.
func (s *Service) tell(ctx context.Context, tx *sqldb.Tx, actor account.Actor, verb string, a Announcement, now time.Time) error {
	s.hub.Touch(tx, edition.Topic(a.Edition), Topic(a.Edition))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(a.Edition), Actor: string(actor.ID), Action: verb,
		Subject: "announcement:" + string(a.ID), After: fmt.Sprintf("%s, %s: %s", a.Level, a.Audience, a.Text), EditionAt: now})
}

// Retract takes an announcement down, and stops the letters that have not gone out yet.
func (s *Service) Retract(ctx context.Context, actor account.Actor, id ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		a, now, err := s.find(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		ended, err := endAnnouncement(ctx, tx, id, now)
		if err != nil {
			return fmt.Errorf("taking announcement %s down: %w", id, err)
		}
		if !ended {
			return ErrEnded
		}
		if err := s.stopTx(ctx, tx, a); err != nil && !errs.Is(err, errs.Conflict) {
			return err
		}
		return s.tell(ctx, tx, actor, "message.retracted", a, now)
	})
}

// StopLetters stops the letters that have not gone out yet; what was written stays, and
// the announcement stands. It is a Conflict when all have gone out.
func (s *Service) StopLetters(ctx context.Context, actor account.Actor, id ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		a, now, err := s.find(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := s.stopTx(ctx, tx, a); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, "message.letters_stopped", a, now)
	})
}

func (s *Service) stopTx(ctx context.Context, tx *sqldb.Tx, a Announcement) error {
	if a.Job == "" {
		return errs.New(errs.Conflict, "message.no_letters")
	}
	return s.queue.StopTx(ctx, tx, a.Job)
}

// find reads the announcement and its edition's time for an organiser.
func (s *Service) find(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id ID) (Announcement, time.Time, error) {
	a, err := getAnnouncement(ctx, tx, id)
	if err != nil {
		return a, time.Time{}, err
	}
	_, now, err := s.editions.Open(ctx, tx, a.Edition)
	if err != nil {
		return a, now, err
	}
	return a, now, s.editions.Require(ctx, tx, actor, a.Edition)
}

// Seen notes that the actor has seen the announcement: it is before their eyes no more.
func (s *Service) Seen(ctx context.Context, actor account.Actor, id ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		a, err := getAnnouncement(ctx, tx, id)
		if err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, a.Edition)
		if err != nil {
			return err
		}
		roles, err := s.editions.Roles(ctx, tx, e.ID, actor.ID)
		if err != nil {
			return err
		}
		if len(roles) == 0 || !a.Audience.Reaches(roles) {
			return edition.ErrForbidden
		}
		s.hub.Touch(tx, Topic(e.ID)) // the count; other people's frames stay as they are
		return insertSeen(ctx, tx, id, actor.ID, now)
	})
}

// Current returns what stands before somebody with the roles, the loudest first. Who is
// the reader, whose seen ones are left out; it may be empty.
func (s *Service) Current(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID, roles edition.Roles, now time.Time) ([]Announcement, error) {
	all, err := listStanding(ctx, q, id, now)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	seen := map[ID]bool{}
	if who != "" {
		if seen, err = seenBy(ctx, q, id, who); err != nil {
			return nil, err
		}
	}
	all = slices.DeleteFunc(all, func(a Announcement) bool { return seen[a.ID] || !a.Audience.Reaches(roles) })
	sort(all)
	return all, nil
}

// Wall returns what a screen in the room shows: what is urgent and for everyone.
func (s *Service) Wall(ctx context.Context, q sqldb.Querier, id edition.ID, now time.Time) ([]Announcement, error) {
	all, err := listStanding(ctx, q, id, now)
	return slices.DeleteFunc(all, func(a Announcement) bool { return a.Level != Urgent || a.Audience != Everyone }), err
}

// History returns what was said to somebody with the roles, the newest first. For
// organisers it counts who has seen it.
func (s *Service) History(ctx context.Context, q sqldb.Querier, id edition.ID, roles edition.Roles) ([]Announcement, error) {
	all, err := listAnnouncements(ctx, q, id, mostHistory)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a Announcement) bool { return !a.Audience.Reaches(roles) })
	if !roles.Has(edition.Organiser) {
		return all, nil
	}
	reached := map[Audience]int{}
	for _, audience := range Audiences {
		people, err := s.audience(ctx, q, id, audience)
		if err != nil {
			return nil, err
		}
		reached[audience] = len(people)
	}
	for i := range all {
		all[i].Reached = max(reached[all[i].Audience], all[i].Seen)
	}
	return all, nil
}

// Text is what an announcement of the edition says.
func (s *Service) Text(ctx context.Context, q sqldb.Querier, e edition.ID, id ID) (string, error) {
	return textOf(ctx, q, e, id)
}

// audience lists the people of an audience, each once, without those who were erased.
func (s *Service) audience(ctx context.Context, q sqldb.Querier, id edition.ID, a Audience) ([]account.Account, error) {
	members, err := s.editions.Members(ctx, q, id, role[a])
	var people []account.Account
	seen := map[account.ID]bool{}
	for _, m := range members {
		if !seen[m.Account.ID] && m.Account.Erased.IsZero() {
			seen[m.Account.ID] = true
			people = append(people, m.Account)
		}
	}
	return people, err
}

// Jobs are the handlers of this room's jobs.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{lettersKind: s.letters, expiredKind: s.expired}
}

// expired lets every open page read again without what no longer stands.
func (s *Service) expired(_ context.Context, run *jobs.Run) error {
	s.hub.Tell(edition.Topic(edition.ID(run.Edition)), Topic(edition.ID(run.Edition)))
	return nil
}

// letters writes the announcement to each one's address. It may run twice: who was
// written to is not written to again.
func (s *Service) letters(ctx context.Context, run *jobs.Run) error {
	var id ID
	if err := run.Args(&id); err != nil {
		return err
	}
	a, err := getAnnouncement(ctx, s.db, id)
	if err != nil {
		return err
	}
	e, err := s.editions.Get(ctx, s.db, a.Edition)
	if err != nil {
		return err
	}
	people, err := s.audience(ctx, s.db, e.ID, a.Audience)
	if err != nil {
		return err
	}
	for i, person := range people {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.letter(ctx, e, a, person); err != nil {
			return fmt.Errorf("writing to %s: %w", person.ID, err)
		}
		run.Progress(i+1, len(people))
	}
	run.Finish(strconv.Itoa(len(people)))
	return nil
}

func (s *Service) letter(ctx context.Context, e edition.Edition, a Announcement, to account.Account) error {
	if to.Email == "" {
		return nil
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		fresh, err := insertLetter(ctx, tx, a.ID, to.ID)
		if err != nil || !fresh {
			return err
		}
		l := s.words.Locale(to.Lang).In(e.Zone).With(e.Words)
		args := []any{"edition", e.Name, "text", a.Text, "name", to.Name, "url", s.base + e.URL() + "/messages"}
		return s.post.SendTx(ctx, tx, string(e.ID), mail.Message{To: to.Email, ToName: to.Name,
			Subject: l.T("message.letter."+string(a.Level), args...), Text: l.T("message.letter_text", args...)})
	})
}
