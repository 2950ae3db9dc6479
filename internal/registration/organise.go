package registration

import (
	"context"
	"fmt"
	"slices"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
)

// Filter chooses from an edition's registrations; its zero value is all of them.
type Filter struct {
	// Text is in the name or the address, whatever the case and the accents.
	Text    string
	State   State
	Profile *Profile
	// Offset and Limit cut a page out; a Limit of 0 is no limit.
	Offset, Limit int
}

// List returns the registrations that the filter leaves, by name (those who wait in
// their order), and how many there are on all pages: an organiser's matter.
func (s *Service) List(ctx context.Context, actor account.Actor, id edition.ID, f Filter) ([]Registration, int, error) {
	if err := s.editions.Require(ctx, s.db, actor, id); err != nil {
		return nil, 0, err
	}
	all, err := s.find(ctx, s.db, id, f)
	if err != nil {
		return nil, 0, err
	}
	total := len(all)
	all = all[min(max(f.Offset, 0), total):]
	if f.Limit > 0 {
		all = all[:min(f.Limit, len(all))]
	}
	return all, total, nil
}

// find filters in the program: the text is folded there, and the databases would not
// agree on case.
func (s *Service) find(ctx context.Context, q sqldb.Querier, id edition.ID, f Filter) ([]Registration, error) {
	all, err := listAll(ctx, q, id)
	if f.State != "" {
		all, err = listByState(ctx, q, id, f.State)
	}
	if err != nil {
		return nil, err
	}
	text := names.Fold(f.Text)
	kept := all[:0]
	for _, r := range all {
		if f.Profile != nil && r.Profile != *f.Profile {
			continue
		}
		if Matches(text, r.Name, r.Email) {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// Get returns one registration: an organiser's matter.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (Registration, error) {
	r, err := getRegistration(ctx, s.db, id)
	if err != nil {
		return r, err
	}
	return r, s.editions.Require(ctx, s.db, actor, r.Edition)
}

// Names are what those who registered call themselves, by their registrations; whose is
// gone is missing.
func (s *Service) Names(ctx context.Context, q sqldb.Querier, e edition.ID, some []ID) (map[ID]string, error) {
	all := make(map[ID]string, len(some))
	for part := range slices.Chunk(some, 500) {
		if err := namesOf(ctx, q, e, part, all); err != nil {
			return nil, fmt.Errorf("reading names: %w", err)
		}
	}
	return all, nil
}

// Skills returns what people may say that they can do.
func (s *Service) Skills(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Skill, error) {
	b, err := getBook(ctx, q, id)
	return b.skills, err
}

// SetSkills replaces the list, one label a line. Who has a skill that is still there
// keeps it; an empty list brings the usual skills back.
func (s *Service) SetSkills(ctx context.Context, actor account.Actor, id edition.ID, text string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id); err != nil {
			return err
		}
		before, err := getBook(ctx, tx, id)
		if err != nil {
			return err
		}
		skills, err := parseSkillList(text, before.skills, s.locales())
		if err != nil {
			return err
		}
		if err := updateSkills(ctx, tx, id, skills); err != nil {
			return fmt.Errorf("changing the skills: %w", err)
		}
		s.hub.Touch(tx, Topic(id))
		return nil
	})
}

// locales are the languages in which a skill may be named.
func (s *Service) locales() []i18n.Locale {
	var all []i18n.Locale
	for _, lang := range i18n.Langs {
		all = append(all, s.words.Locale(lang))
	}
	return all
}

// Add registers somebody for whom the organiser vouches, with a letter to them. Who is
// registered already is returned as they are.
func (s *Service) Add(ctx context.Context, actor account.Actor, id edition.ID, in Asked) (Registration, error) {
	var r Registration
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		book, err := getBook(ctx, tx, id)
		if err != nil {
			return err
		}
		in.Answers, in.Rules = in.tidy(book.skills), true
		if err := in.check(); err != nil {
			return err
		}
		if err := takeTurn(ctx, tx, id); err != nil {
			return err
		}
		who, err := s.accounts.EnsureTx(ctx, tx, in.Email, in.Name, in.Lang)
		if err != nil {
			return err
		}
		if r, err = s.ensure(ctx, tx, e, who, in.Answers, ByOrganiser, now); err != nil {
			return err
		}
		if r.State == Confirmed || r.State == Waiting {
			return nil
		}
		free, err := s.free(ctx, tx, e)
		if err != nil {
			return err
		}
		to, letter := Confirmed, letterAdded
		if free == 0 {
			to, letter = Waiting, letterWaiting
		}
		if r, err = s.move(ctx, tx, actor, r, to, now); err != nil {
			return err
		}
		return s.send(ctx, tx, e, r, letter, nil)
	})
	return r, err
}

// moves lists where an organiser may move somebody by hand, by where they are.
var moves = map[State][]State{
	Pending:   {Confirmed, Waiting, Refused},
	Waiting:   {Confirmed, Declined, Refused},
	Confirmed: {Waiting, Declined, Refused},
	Declined:  {Confirmed, Waiting},
	Absent:    {Confirmed, Waiting},
	Refused:   {Confirmed, Waiting},
}

// Moves lists where an organiser may move somebody who is in the state.
func (s State) Moves() []State { return moves[s] }

// Move puts somebody into another state by hand; over the seats too, for an organiser
// may know of one more chair. Whoever gains or loses a seat gets a letter, and a seat
// that becomes free goes to the first who waits.
func (s *Service) Move(ctx context.Context, actor account.Actor, id ID, to State) (Registration, error) {
	var r Registration
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) (err error) {
		if r, err = getRegistration(ctx, tx, id); err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, r.Edition); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, r.Edition)
		if err != nil {
			return err
		}
		if err := takeTurn(ctx, tx, e.ID); err != nil {
			return err
		}
		from := r.State
		if !slices.Contains(from.Moves(), to) {
			return ErrMoved
		}
		if r, err = s.move(ctx, tx, actor, r, to, now); err != nil {
			return err
		}
		if err := s.tellMoved(ctx, tx, e, r, from); err != nil {
			return err
		}
		if from != Confirmed || to == Waiting { // else the same person would move up again
			return nil
		}
		_, err = s.FillTx(ctx, tx, e, now)
		return err
	})
	return r, err
}

func (s *Service) tellMoved(ctx context.Context, tx *sqldb.Tx, e edition.Edition, r Registration, from State) error {
	switch {
	case r.State == Confirmed:
		return s.send(ctx, tx, e, r, letterMovedUp, nil)
	case r.State == Waiting:
		return s.send(ctx, tx, e, r, letterWaiting, nil)
	case from == Confirmed || from == Waiting:
		return s.send(ctx, tx, e, r, letterDropped, nil)
	}
	return nil
}

// Resend sends the letter that fits the state once more, for who cannot find it.
func (s *Service) Resend(ctx context.Context, actor account.Actor, id ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		r, err := getRegistration(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, r.Edition); err != nil {
			return err
		}
		e, err := s.editions.Get(ctx, tx, r.Edition)
		if err != nil {
			return err
		}
		switch r.State {
		case Pending:
			return s.send(ctx, tx, e, r, letterConfirm, &r.Answers)
		case Waiting:
			return s.send(ctx, tx, e, r, letterWaiting, nil)
		case Confirmed:
			return s.send(ctx, tx, e, r, letterSeat, nil)
		case Declined, Absent, Refused, Erased:
		}
		return ErrMoved
	})
}

// Fill gives the free seats to those who wait, as after an organiser has raised their
// number. It returns how many moved up.
func (s *Service) Fill(ctx context.Context, actor account.Actor, id edition.ID) (int, error) {
	n := 0
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		n, err = s.FillTx(ctx, tx, e, now)
		return err
	})
	return n, err
}

// Mine returns the actor's own registration and, for who waits, their place in the
// order (1 is next); errs.NotFound where there is none.
func (s *Service) Mine(ctx context.Context, actor account.Actor, id edition.ID) (Registration, int, error) {
	r, err := registrationOf(ctx, s.db, id, actor.ID)
	if err != nil || r.State != Waiting {
		return r, 0, err
	}
	ahead, err := countAhead(ctx, s.db, r)
	return r, ahead + 1, err
}
