package jury

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury/estimate"
	"h48/internal/jury/heard"
	"h48/internal/kit/chain"
	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Service is what can be done with the jury.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	accounts *account.Service
	with     Neighbours
	hub      *live.Hub
	trail    *trail.Trail
	chain    *chain.Chain
	guide    Guide // may be nil
	memo     *estimate.Memo
	heard    heard.Rounds[roundKey, sheetKey, Mark, Sheet]
}

// NewService returns the service.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, with Neighbours,
	hub *live.Hub, t *trail.Trail) *Service {
	return &Service{db: db, ids: source, editions: editions, accounts: accounts, with: with, hub: hub, trail: t, chain: chain.New(source), memo: estimate.New(db.Now)}
}

// Stop ends what is computed while nobody waits for it.
func (s *Service) Stop() { s.memo.Close() }

// change runs a use case of those with the role: its transaction, its time, its signal.
// Organisers follow each other, and marks that they did not see wait for them. A mark that
// finds the rules changed on its way in (see still) is taken in anew, and refused then if
// they say so.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, role edition.Role, do func(tx *sqldb.Tx, now time.Time) error) error {
	once := func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, id, role); err != nil {
			return err
		}
		if role == edition.Organiser {
			if err := s.hold(ctx, tx, id); err != nil {
				return err
			}
		}
		s.hub.Touch(tx, Topic(id))
		return do(tx, now)
	}
	err := s.db.InTx(ctx, once)
	for again := 0; again < mostAgain && (errors.Is(err, errMoved) || sqldb.IsForeignKey(err) || sqldb.IsDeadlock(err)); again++ {
		err = s.db.InTx(ctx, once)
	}
	return err
}

// mostAgain is how often what came between is waited out: organisers' changes of the rules
// and declared conflicts while marks stream in.
const mostAgain = 5

func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, now time.Time, action, subject, before, after string) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action,
		Subject: subject, Before: before, After: after, EditionAt: now})
}

// subject names a sheet in the trail.
func subject(juror account.ID, team string) string { return "sheet:" + string(juror) + "/" + team }

// teams lists the teams in pitch order, and those without a place after them by name.
func (s *Service) teams(ctx context.Context, q sqldb.Querier, id edition.ID) ([]TeamRef, error) {
	teams, err := s.with.Teams.Competing(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("listing the teams: %w", err)
	}
	pitches, err := s.pitches(ctx, q, id)
	if err != nil {
		return nil, err
	}
	place := func(t TeamRef) int {
		if p, there := pitches[t.ID]; there {
			return p.Position
		}
		return 1 << 30
	}
	teams = slices.Clone(teams)
	slices.SortFunc(teams, func(a, b TeamRef) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return teams, nil
}

func (s *Service) pitches(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string]PitchRef, error) {
	if s.with.Stage == nil {
		return nil, nil
	}
	pitches, err := s.with.Stage.Pitches(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("asking for the order of the pitches: %w", err)
	}
	return pitches, nil
}

func (s *Service) team(ctx context.Context, q sqldb.Querier, id edition.ID, team string) (TeamRef, error) {
	one, err := s.with.Teams.One(ctx, q, id, team)
	if err != nil {
		return TeamRef{}, fmt.Errorf("reading the team %s: %w", team, err)
	}
	return one, nil
}

// Jurors lists the jury by name.
func (s *Service) Jurors(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Juror, error) {
	members, err := s.editions.Members(ctx, q, id, edition.Juror)
	if err != nil {
		return nil, fmt.Errorf("listing the jury: %w", err)
	}
	states, err := jurorStates(ctx, q, id)
	if err != nil {
		return nil, err
	}
	var all []Juror
	for _, m := range members {
		j := states[m.Account.ID]
		j.Account = m.Account
		if j.Presence == "" {
			j.Presence = Present
		}
		if j.Presence == Present && !m.Account.Erased.IsZero() { // what they marked counts, nobody waits for them
			j.Presence = Absent
		}
		all = append(all, j)
	}
	slices.SortFunc(all, func(a, b Juror) int {
		return cmp.Or(strings.Compare(names.Fold(a.Account.Name), names.Fold(b.Account.Name)), cmp.Compare(a.Account.ID, b.Account.ID))
	})
	return all, nil
}

func (s *Service) juror(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (Juror, error) {
	roles, err := s.editions.Roles(ctx, q, id, who)
	if err != nil {
		return Juror{}, fmt.Errorf("reading the roles of a juror: %w", err)
	}
	if !roles.Has(edition.Juror) {
		return Juror{}, ErrNotJuror
	}
	j, err := jurorState(ctx, q, id, who)
	if err != nil {
		return Juror{}, err
	}
	if j.Account, err = s.accounts.Get(ctx, q, who); err != nil {
		return Juror{}, fmt.Errorf("reading a juror: %w", err)
	}
	return j, nil
}

// SetPresence says that a juror is there, did not come, or no longer counts; the latter
// two with a reason, which stays in the minutes. What is left to score is counted anew.
func (s *Service) SetPresence(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, p Presence, reason string) error {
	if p != Present && strings.TrimSpace(reason) == "" {
		return errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	if p != Present && p != Absent && p != Excluded {
		return errs.Fields{{Name: "presence", Key: "error.required"}}
	}
	return s.setPresence(ctx, actor, id, juror, p, reason, edition.Organiser)
}

// setPresence is SetPresence for those with the role.
func (s *Service) setPresence(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, p Presence, reason string, role edition.Role) error {
	return s.change(ctx, actor, id, role, func(tx *sqldb.Tx, now time.Time) error {
		before, err := s.juror(ctx, tx, id, juror)
		if err != nil {
			return err
		}
		if err := putPresence(ctx, tx, id, juror, p, reason); err != nil {
			return err
		}
		about := "account:" + string(juror)
		if err := s.note(ctx, tx, actor, id, now, "jury.presence", about, string(before.Presence), string(p)+" "+reason); err != nil {
			return err
		}
		body := TracedPresence{Juror: juror, Presence: p, Why: reason}
		if err := s.concealed(ctx, tx, id, about, &body.Why); err != nil {
			return err
		}
		if err := s.trace(ctx, tx, id, TracePresence, about, body); err != nil {
			return err
		}
		return s.traceRanking(ctx, tx, id)
	})
}

// Acknowledge records that the juror has read the brief and the criteria.
func (s *Service) Acknowledge(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.change(ctx, actor, id, edition.Juror, func(tx *sqldb.Tx, now time.Time) error {
		if _, err := s.juror(ctx, tx, id, actor.ID); err != nil {
			return err
		}
		if err := putBriefed(ctx, tx, id, actor.ID, now); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, id, now, "jury.briefed", "account:"+string(actor.ID), "", "")
	})
}

// WorksFor records for whom the juror works, as they write it: H48 looks for ties by it.
func (s *Service) WorksFor(ctx context.Context, actor account.Actor, id edition.ID, organisation string) error {
	organisation = strings.TrimSpace(organisation)
	if len([]rune(organisation)) > MostWords {
		return errs.Fields{{Name: "organisation", Key: "jury.level_long", Args: []any{"most", MostWords}}}
	}
	return s.change(ctx, actor, id, edition.Juror, func(tx *sqldb.Tx, now time.Time) error {
		before, err := s.juror(ctx, tx, id, actor.ID)
		if err != nil || before.Organisation == organisation {
			return err
		}
		if err := putOrganisation(ctx, tx, id, actor.ID, organisation); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, id, now, "jury.organisation", "account:"+string(actor.ID), before.Organisation, organisation)
	})
}

// Round is the present round; the first one is open before anybody touched it.
func (s *Service) Round(ctx context.Context, q sqldb.Querier, id edition.ID) (Round, error) {
	r, err := lastRound(ctx, q, id)
	if errs.Is(err, errs.NotFound) {
		return Round{Number: 1, Setup: ordinary(), Ladder: usualLadder()}, nil
	}
	return r, err
}

// round is one of the edition's rounds.
func (s *Service) round(ctx context.Context, q sqldb.Querier, id edition.ID, number int) (Round, error) {
	all, err := s.Rounds(ctx, q, id)
	if err != nil {
		return Round{}, err
	}
	i := slices.IndexFunc(all, func(r Round) bool { return r.Number == number })
	if i < 0 {
		return Round{}, sqldb.ErrNotFound
	}
	return all[i], nil
}

// Rounds lists all rounds, for the minutes.
func (s *Service) Rounds(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Round, error) {
	return listRounds(ctx, q, id)
}

// Criteria is the rubric of the present round.
func (s *Service) Criteria(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Criterion, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return nil, err
	}
	return listCriteria(ctx, q, id, r.Number)
}

// Frozen says whether the rubric can no longer be changed: there is a mark under it.
func (s *Service) Frozen(ctx context.Context, q sqldb.Querier, id edition.ID) (bool, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return false, err
	}
	n, err := countMarks(ctx, q, id, r.Number)
	return n > 0, err
}

func (s *Service) ensureRound(ctx context.Context, tx *sqldb.Tx, id edition.ID, now time.Time) (Round, error) {
	r, err := lastRound(ctx, tx, id)
	if !errs.Is(err, errs.NotFound) {
		return r, err
	}
	r = Round{Number: 1, Setup: ordinary(), Ladder: usualLadder(), Opened: now}
	return r, insertRound(ctx, tx, id, r)
}

// NewRound throws no mark away and starts all over: every team of the round is scored again, under a
// rubric that can be changed until the first mark. It is announced with its reason.
func (s *Service) NewRound(ctx context.Context, actor account.Actor, id edition.ID, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		last, err := s.ensureRound(ctx, tx, id, now)
		if err != nil {
			return err
		}
		if !last.Deliberation.IsZero() {
			return errs.New(errs.Conflict, "jury.already_deliberating") // the jury has seen the ranking
		}
		criteria, err := listCriteria(ctx, tx, id, last.Number)
		if err != nil {
			return err
		}
		again := Round{Number: last.Number + 1, Setup: last.Setup, Opened: now, Reason: reason, Ladder: last.Ladder, Of: last.Of, Teams: last.Teams}
		if err := s.begin(ctx, tx, id, again, criteria); err != nil {
			return err
		}
		if err := s.note(ctx, tx, actor, id, now, "jury.round", "edition:"+string(id), strconv.Itoa(last.Number), reason); err != nil {
			return err
		}
		if err := s.traceRound(ctx, tx, id, again); err != nil {
			return err
		}
		return s.traceRubric(ctx, tx, id, again.Number)
	})
}

// Close ends the scoring. Marks given before on a phone without network still come in,
// until the deliberation opens.
func (s *Service) Close(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.turn(ctx, actor, id, "jury.closed_scoring", func(r *Round, now time.Time) error {
		if !r.Open() {
			return ErrClosed
		}
		r.Closed = now
		return nil
	})
}

// Reopen lets jurors score again; not once they have seen the ranking.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.turn(ctx, actor, id, "jury.reopened", func(r *Round, _ time.Time) error {
		if r.Open() {
			return ErrOpen
		}
		if !r.Deliberation.IsZero() {
			return errs.New(errs.Conflict, "jury.already_deliberating")
		}
		r.Closed = time.Time{}
		return nil
	})
}

// Deliberate opens the ranking to the jury; the scoring must be closed.
func (s *Service) Deliberate(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.turn(ctx, actor, id, "jury.deliberation", func(r *Round, now time.Time) error {
		if r.Open() {
			return ErrOpen
		}
		if r.Deliberation.IsZero() {
			r.Deliberation = now
		}
		return nil
	})
}

// turn changes the present round as an organiser's matter.
func (s *Service) turn(ctx context.Context, actor account.Actor, id edition.ID, action string, do func(r *Round, now time.Time) error) error {
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		r, err := s.ensureRound(ctx, tx, id, now)
		if err != nil {
			return err
		}
		before := r
		if err := do(&r, now); err != nil {
			return err
		}
		changed, err := updateRound(ctx, tx, id, before, r)
		if err != nil {
			return fmt.Errorf("changing the round: %w", err)
		}
		if !changed {
			return errMoved
		}
		if err := s.note(ctx, tx, actor, id, now, action, "edition:"+string(id), "", strconv.Itoa(r.Number)); err != nil {
			return err
		}
		return s.traceRound(ctx, tx, id, r)
	})
}
