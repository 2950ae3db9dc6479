package mentoring

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// SetThemes makes the edition's list of themes, in this order. A theme that a request
// speaks of stays, at the end, when the list leaves it out.
func (s *Service) SetThemes(ctx context.Context, actor account.Actor, id edition.ID, names []string) error {
	names, err := checkThemes(names)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID); err != nil {
			return err
		}
		before, err := listThemes(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		if err := s.putThemes(ctx, tx, e.ID, before, names); err != nil {
			return fmt.Errorf("setting the themes: %w", err)
		}
		s.hub.Touch(tx, Topic(e.ID))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(actor.ID), Action: "mentoring.themes",
			Subject: "edition:" + string(e.ID), Before: themeNames(before), After: strings.Join(names, ", "), EditionAt: now})
	})
}

func (s *Service) putThemes(ctx context.Context, tx *sqldb.Tx, id edition.ID, before []Theme, names []string) error {
	for i, name := range names {
		if err := putTheme(ctx, tx, id, Theme{ID: ThemeID(s.ids.ID()), Name: name}, i); err != nil {
			return err
		}
	}
	for i, old := range before {
		listed := slices.ContainsFunc(names, func(name string) bool { return themeKey(name) == themeKey(old.Name) })
		if listed {
			continue
		}
		gone, err := dropTheme(ctx, tx, old.ID)
		if err != nil {
			return err
		}
		if gone {
			continue
		}
		if err := putTheme(ctx, tx, id, old, len(names)+i); err != nil {
			return err
		}
	}
	return nil
}

// checkThemes drops blanks and repetitions.
func checkThemes(names []string) ([]string, error) {
	var kept []string
	var f errs.Fields
	for _, name := range names {
		name = strings.Join(strings.Fields(name), " ")
		if utf8.RuneCountInString(name) > MostTheme {
			f.Add("themes", "mentoring.too_long", "most", MostTheme)
			break
		}
		same := func(other string) bool { return themeKey(other) == themeKey(name) }
		if name != "" && !slices.ContainsFunc(kept, same) {
			kept = append(kept, name)
		}
	}
	if len(kept) > mostThemes {
		f.Add("themes", "mentoring.themes_many", "most", mostThemes)
	}
	return kept, f.Err()
}

// Themes lists what a team may ask about.
func (s *Service) Themes(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Theme, error) {
	return listThemes(ctx, q, id)
}

// Offer says what a mentor knows and, if they like, when they will be there. A mentor
// does it for themselves, an organiser for any of them.
func (s *Service) Offer(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, themes []ThemeID, slots []Slot) error {
	slots, err := checkSlots(slots)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayTend(ctx, tx, actor, e.ID, who); err != nil {
			return err
		}
		var known []Theme
		for _, theme := range slices.Compact(slices.Sorted(slices.Values(themes))) {
			t, err := s.theme(ctx, tx, e.ID, theme)
			if err != nil {
				return err
			}
			known = append(known, t)
		}
		if err := ensureMentor(ctx, tx, e.ID, who, now); err != nil {
			return err
		}
		if err := replaceOffer(ctx, tx, e.ID, who, themeIDs(known), slots); err != nil {
			return fmt.Errorf("noting what %s offers: %w", who, err)
		}
		s.hub.Touch(tx, Topic(e.ID))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(actor.ID), Action: "mentoring.offered",
			Subject: "account:" + string(who), After: themeNames(known), EditionAt: now})
	})
}

// Duty says that a mentor is there, or goes. Who holds a request does not go silently:
// ErrHelping asks them to release it, hand it over or resolve it first.
func (s *Service) Duty(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, on bool) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayTend(ctx, tx, actor, e.ID, who); err != nil {
			return err
		}
		if !on {
			n, err := countClaimed(ctx, tx, e.ID, who)
			if err != nil {
				return err
			}
			if n > 0 {
				return ErrHelping
			}
		}
		if err := setDuty(ctx, tx, e.ID, who, on, now); err != nil {
			return fmt.Errorf("noting the duty of %s: %w", who, err)
		}
		s.hub.Touch(tx, Topic(e.ID))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(actor.ID), Action: "mentoring.duty",
			Subject: "account:" + string(who), After: map[bool]string{true: "on duty", false: "off duty"}[on], EditionAt: now})
	})
}

// mayTend lets mentors speak for themselves and organisers for a mentor.
func (s *Service) mayTend(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, who account.ID) error {
	if actor.ID == who {
		return s.editions.Require(ctx, tx, actor, id, edition.Mentor)
	}
	if err := s.editions.Require(ctx, tx, actor, id); err != nil {
		return err
	}
	roles, err := s.editions.Roles(ctx, tx, id, who)
	if err == nil && !roles.Has(edition.Mentor) {
		return sqldb.ErrNotFound
	}
	return err
}

// Met notes a contact that no request led to: the actor, a mentor, sat down at a table.
func (s *Service) Met(ctx context.Context, actor account.Actor, id edition.ID, team string, outcome Outcome) error {
	outcome, err := outcome.check()
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID, edition.Mentor); err != nil {
			return err
		}
		known, err := s.teams.All(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(known, func(t TeamRef) bool { return t.ID == team })
		if i < 0 {
			return errs.Fields{{Name: "team", Key: "mentoring.team_unknown"}}
		}
		c := Contact{ID: s.ids.ID(), Mentor: Person{ID: actor.ID}, Team: known[i], From: now, To: now,
			Minutes: outcome.Minutes, Ending: Met, Line: outcome.Line}
		if err := insertContact(ctx, tx, e.ID, c); err != nil {
			return fmt.Errorf("noting a contact: %w", err)
		}
		s.hub.Touch(tx, Topic(e.ID))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(actor.ID), Action: "mentoring.met",
			Subject: "team:" + team, After: outcome.Line, EditionAt: now})
	})
}

func themeIDs(themes []Theme) []ThemeID {
	all := make([]ThemeID, len(themes))
	for i, t := range themes {
		all[i] = t.ID
	}
	return all
}

func themeNames(themes []Theme) string {
	names := make([]string, len(themes))
	for i, t := range themes {
		names[i] = t.Name
	}
	return strings.Join(names, ", ")
}
