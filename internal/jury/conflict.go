package jury

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury/ties"
	"h48/internal/kit/errs"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
)

// Source is how a conflict of interest came to be known.
type Source string

// The sources of a conflict: two are said by people, the others are found.
const (
	Declared    Source = "declared"
	ByOrganiser Source = "organiser"
	Member      Source = "member"
	Mentored    Source = "mentored"
	Employer    Source = "employer"
	Domain      Source = "domain"
	Together    Source = "together" // one named the other when registering
	// OwnChallenge is a team that works on the challenge of the juror's organisation.
	OwnChallenge Source = "challenge"
)

// Conflict keeps a juror away from a team.
type Conflict struct {
	Juror  account.ID
	Team   string
	Source Source
	Reason string // in the words of who said it; the organisation or domain where found
	By     account.ID
	Made   time.Time
	// Lifted is when an organiser decided that it is none, for the reason LiftedWhy.
	Lifted    time.Time
	LiftedWhy string
}

// conflicts are those of the edition that hold, and those that were lifted where asked:
// what people said, and what is found in the data at this moment. A found one that an
// organiser lifted stays lifted.
func (s *Service) conflicts(ctx context.Context, q sqldb.Querier, id edition.ID, teams []TeamRef, jurors []Juror) ([]Conflict, error) {
	all, err := listConflicts(ctx, q, id)
	if err != nil {
		return nil, err
	}
	known := map[sheetKey]bool{}
	for _, c := range all {
		known[sheetKey{c.Juror, c.Team}] = true
	}
	found, err := s.find(ctx, q, id, teams, jurors)
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		if k := (sheetKey{c.Juror, c.Team}); !known[k] {
			known[k] = true
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b Conflict) int {
		return cmp.Or(cmp.Compare(a.Juror, b.Juror), cmp.Compare(a.Team, b.Team))
	})
	return all, nil
}

// conflictOf is the conflict of one juror with one team, a lifted one too; it has no
// source where there is none.
func (s *Service) conflictOf(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.Account, team TeamRef) (Conflict, error) {
	c, err := getConflict(ctx, q, id, juror.ID, team.ID)
	if err == nil || !errors.Is(err, sqldb.ErrNotFound) {
		return c, err
	}
	t, err := s.tiesOf(ctx, q, id, juror, team)
	if err != nil {
		return Conflict{}, err
	}
	kind, reason := t.Between(juror, team.tied())
	return Conflict{Juror: juror.ID, Team: team.ID, Source: Source(kind), Reason: reason}, nil
}

// holds says whether the conflict keeps the juror away.
func (c Conflict) holds() bool { return c.Source != "" && c.Lifted.IsZero() }

// Liftable says whether an organiser may find that it is none: not what a juror declared,
// nor of a member.
func (c Conflict) Liftable() bool { return c.holds() && c.Source != Declared && c.Source != Member }

// tiesOf is what may bind one juror to one team.
func (s *Service) tiesOf(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.Account, team TeamRef) (ties.Web, error) {
	t, err := s.told(ctx, q, id, append(slices.Clone(team.Members), juror.ID)...)
	if err != nil {
		return t, err
	}
	if s.with.Helpers != nil {
		if t.Helped[juror.ID], err = s.with.Helpers.HelpedBy(ctx, q, id, juror.ID); err != nil {
			return t, fmt.Errorf("asking whom a juror helped: %w", err)
		}
	}
	state, err := jurorState(ctx, q, id, juror.ID)
	if err != nil {
		return t, err
	}
	worksFor(&t, juror.ID, state.Organisation)
	if ties.MailDomain(juror.Email) == "" && len(t.With[juror.ID]) == 0 {
		return t, nil
	}
	for _, m := range team.Members {
		who, err := s.accounts.Get(ctx, q, m)
		if err != nil {
			return t, fmt.Errorf("reading a member: %w", err)
		}
		t.People[m] = who
	}
	return t, nil
}

// find looks for conflicts that nobody declared, the strongest reason first.
func (s *Service) find(ctx context.Context, q sqldb.Querier, id edition.ID, teams []TeamRef, jurors []Juror) ([]Conflict, error) {
	web, err := s.web(ctx, q, id)
	if err != nil {
		return nil, err
	}
	who := make([]account.Account, len(jurors))
	for i, j := range jurors {
		who[i] = j.Account
	}
	which := make([]ties.Team, len(teams))
	for i, t := range teams {
		which[i] = t.tied()
	}
	var found []Conflict
	for _, t := range web.All(who, which) {
		found = append(found, Conflict{Juror: t.Juror, Team: t.Team, Source: Source(t.Kind), Reason: t.Reason})
	}
	return found, nil
}

// tied is the team with what may bind a juror to it.
func (t TeamRef) tied() ties.Team {
	return ties.Team{ID: t.ID, Challenge: t.Challenge, Members: t.Members}
}

// web is what binds people to one another.
func (s *Service) web(ctx context.Context, q sqldb.Querier, id edition.ID) (ties.Web, error) {
	t, err := s.told(ctx, q, id)
	if err != nil {
		return t, err
	}
	if s.with.Helpers != nil {
		if t.Helped, err = s.with.Helpers.Helped(ctx, q, id); err != nil {
			return t, fmt.Errorf("asking who helped whom: %w", err)
		}
	}
	states, err := jurorStates(ctx, q, id)
	if err != nil {
		return t, err
	}
	for who, j := range states {
		worksFor(&t, who, j.Organisation)
	}
	members, err := s.editions.Members(ctx, q, id, "")
	if err != nil {
		return t, fmt.Errorf("listing the members: %w", err)
	}
	for _, m := range members {
		t.People[m.Account.ID] = m.Account
	}
	return t, nil
}

// told is what these people, or all, said of themselves to other rooms.
func (s *Service) told(ctx context.Context, q sqldb.Querier, id edition.ID, of ...account.ID) (t ties.Web, err error) {
	t = ties.Web{Helped: map[account.ID][]string{}, People: map[account.ID]account.Account{}}
	if s.with.Employers != nil {
		if t.Employer, err = s.with.Employers.Employers(ctx, q, id, of...); err != nil {
			return t, fmt.Errorf("asking who works where: %w", err)
		}
	}
	if s.with.Companions != nil {
		if t.With, err = s.with.Companions.ComesWith(ctx, q, id, of...); err != nil {
			return t, fmt.Errorf("asking who comes with whom: %w", err)
		}
	}
	t.Sponsor, err = s.sponsors(ctx, q, id)
	return t, err
}

// worksFor takes a juror's own word for their organisation before anybody else's.
func worksFor(t *ties.Web, who account.ID, organisation string) {
	if names.Fold(organisation) == "" {
		return
	}
	if t.Employer == nil {
		t.Employer = map[account.ID]string{}
	}
	t.Employer[who] = organisation
}

// sponsors are the organisations behind the challenges.
func (s *Service) sponsors(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string]string, error) {
	all, err := s.Challenges(ctx, q, id)
	by := map[string]string{}
	for _, c := range all {
		by[c.ID] = c.Sponsor
	}
	return by, err
}

// Declare records the juror's own conflict with a team. It can be said at any time, and
// what was marked before no longer counts.
func (s *Service) Declare(ctx context.Context, actor account.Actor, id edition.ID, team, reason string) error {
	return s.recuse(ctx, actor, id, Conflict{Juror: actor.ID, Team: team, Source: Declared, Reason: reason})
}

// Recuse is an organiser's word that a juror has a conflict with a team.
func (s *Service) Recuse(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, team, reason string) error {
	return s.recuse(ctx, actor, id, Conflict{Juror: juror, Team: team, Source: ByOrganiser, Reason: reason})
}

func (s *Service) recuse(ctx context.Context, actor account.Actor, id edition.ID, c Conflict) error {
	if c.Reason = strings.TrimSpace(c.Reason); c.Reason == "" {
		return errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	role := edition.Organiser
	if c.Juror == actor.ID {
		role = edition.Juror
	}
	return s.change(ctx, actor, id, role, func(tx *sqldb.Tx, now time.Time) error {
		if err := s.hold(ctx, tx, id); err != nil { // one who lifts it at the same time comes before or after
			return err
		}
		if _, err := s.juror(ctx, tx, id, c.Juror); err != nil {
			return err
		}
		if _, err := s.team(ctx, tx, id, c.Team); err != nil {
			return err
		}
		c.By, c.Made = actor.ID, now
		if err := putConflict(ctx, tx, id, c); err != nil {
			return err
		}
		if err := s.note(ctx, tx, actor, id, now, "jury.recused", subject(c.Juror, c.Team), "", string(c.Source)+": "+c.Reason); err != nil {
			return err
		}
		return s.traceConflicts(ctx, tx, id, c)
	})
}

// Lift says that a conflict is none after all, for a reason that stays in the minutes.
// What a juror declared of themselves is not lifted by anybody.
func (s *Service) Lift(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, team, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		who, err := s.juror(ctx, tx, id, juror)
		if err != nil {
			return err
		}
		ref, err := s.team(ctx, tx, id, team)
		if err != nil {
			return err
		}
		c, err := s.conflictOf(ctx, tx, id, who.Account, ref)
		if err != nil {
			return err
		}
		if !c.holds() {
			return sqldb.ErrNotFound
		}
		if !c.Liftable() {
			return errs.New(errs.Conflict, "jury.conflict_stays")
		}
		return s.lift(ctx, tx, actor, id, now, reason, c)
	})
}

// LiftAll lifts every conflict that was found in the data for the same reason, as where
// half of the town writes from one mail domain; it returns how many there were.
func (s *Service) LiftAll(ctx context.Context, actor account.Actor, id edition.ID, source Source, found, reason string) (n int, err error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return 0, errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	err = s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		all, err := s.Conflicts(ctx, tx, id)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(c Conflict) bool { return !c.Liftable() || c.Source != source || c.Reason != found })
		n = len(all)
		return s.lift(ctx, tx, actor, id, now, reason, all...)
	})
	return n, err
}

func (s *Service) lift(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, now time.Time, why string, all ...Conflict) error {
	for i, c := range all {
		if c.By == "" {
			c.By, c.Made = actor.ID, now
		}
		c.Lifted, c.LiftedWhy = now, why
		if err := putConflict(ctx, tx, id, c); err != nil {
			return err
		}
		if err := s.note(ctx, tx, actor, id, now, "jury.conflict_lifted", subject(c.Juror, c.Team), string(c.Source)+": "+c.Reason, why); err != nil {
			return err
		}
		all[i] = c
	}
	return s.traceConflicts(ctx, tx, id, all...)
}

// Conflicts lists every conflict of the edition, lifted ones too.
func (s *Service) Conflicts(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Conflict, error) {
	teams, err := s.teams(ctx, q, id)
	if err != nil {
		return nil, err
	}
	jurors, err := s.Jurors(ctx, q, id)
	if err != nil {
		return nil, err
	}
	return s.conflicts(ctx, q, id, teams, jurors)
}
