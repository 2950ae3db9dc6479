package vote

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
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// mostTries is how many wrong codes come from one network in five minutes before it has
// to wait: a hall full of people types on one network.
const mostTries = 300

// ownTeam is the team of the person among the choices, or "".
func ownTeam(choices []Choice, who account.ID) string {
	for _, c := range choices {
		if who != "" && slices.Contains(c.Members, who) {
			return c.Team
		}
	}
	return ""
}

// may says whether the person is of the audience.
func (p Poll) may(one Person) bool {
	switch p.Audience {
	case Room:
		return one.Came
	case Participants:
		return one.Participant
	case Tenants:
	}
	return false
}

// badgeTokens are the codes behind the badges of those who may vote, by their marks.
func (p Poll) badgeTokens(people []Person, choices []Choice) []token {
	var all []token
	for _, one := range people {
		if p.may(one) {
			all = append(all, token{mark: p.mark(p.badgeCode(string(one.Account))), poll: p.ID, source: Badge, holder: one.Account,
				team: ownTeam(choices, one.Account), state: "fresh"})
		}
	}
	slices.SortFunc(all, func(a, b token) int { return cmp.Compare(a.mark, b.mark) })
	return all
}

// Enter turns what somebody typed or scanned (a badge's code, a card's, the one on the
// screen, a poster's) into their own code of an open vote. held is the code that the
// device was given before, if any: a device keeps its one. address is the network's,
// against those who try. It returns ErrCode for what is no code.
func (s *Service) Enter(ctx context.Context, e edition.ID, id ID, typed, held, address string) (code string, err error) {
	var refused error
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		p, now, err := s.taking(ctx, tx, e, id)
		if err != nil {
			return err
		}
		net, err := s.net(ctx, tx, p, now, address)
		if err != nil {
			return err
		}
		tried, err := tries(ctx, tx, id, now.Truncate(Span), net)
		if err != nil {
			return err
		}
		if tried >= mostTries {
			refused = ErrTries
			return nil
		}
		code, err = s.find(ctx, tx, p, Tidy(typed), held, tx.Now())
		if errors.Is(err, ErrCode) {
			refused = err
			return note(ctx, tx, id, noted{Unknown, Heap{Span: now.Truncate(Span), Net: net, N: 1}})
		}
		return err
	})
	if err == nil {
		err = refused
	}
	return code, err
}

// taking returns a vote that takes ballots now.
func (s *Service) taking(ctx context.Context, tx *sqldb.Tx, e edition.ID, id ID) (Poll, time.Time, error) {
	_, now, err := s.editions.Open(ctx, tx, e)
	if err != nil {
		return Poll{}, now, err
	}
	p, err := getPoll(ctx, tx, e, id)
	if err == nil && !p.Taking(now) {
		err = ErrNotOpen
	}
	return p, now, err
}

// net is the mark of the network for today.
func (s *Service) net(ctx context.Context, tx *sqldb.Tx, p Poll, now time.Time, address string) (string, error) {
	if network(address) == "" {
		return "", nil
	}
	key, err := dayKey(ctx, tx, p.ID, now.UTC().Format(time.DateOnly), s.ids.Secret())
	return netMark(key, address), err
}

// find is the code that the typed one leads to.
func (s *Service) find(ctx context.Context, tx *sqldb.Tx, p Poll, typed, held string, wall time.Time) (string, error) {
	switch len(typed) {
	case cardSigns:
		if p.Allows(Paper) {
			if _, err := getToken(ctx, tx, p.ID, p.mark(typed)); err == nil || !errors.Is(err, sqldb.ErrNotFound) {
				return typed, err
			}
		}
		return s.byPoster(ctx, tx, p, typed, held)
	case screenSigns:
		if !p.Allows(Screen) {
			return "", ErrCode
		}
		if p.onScreen(typed, wall) {
			return s.slipFor(p, Screen, "", held), nil
		}
		if strings.Trim(typed, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ") == "" {
			return "", ErrStale
		}
	case badgeSigns:
		return s.byBadge(ctx, tx, p, typed)
	}
	return "", ErrCode
}

// slipFor is the device's own code where many share one: the one that it holds, or a
// new one.
func (s *Service) slipFor(p Poll, source Source, batch, held string) string {
	if have, ok := p.readSlip(held); ok && have.source == source {
		return held
	}
	return p.writeSlip(slip{source: source, batch: batch, nonce: s.ids.Code(16)})
}

func (s *Service) byPoster(ctx context.Context, tx *sqldb.Tx, p Poll, typed, held string) (string, error) {
	if !p.Allows(Hall) {
		return "", ErrCode
	}
	batches, err := listBatches(ctx, tx, p.ID)
	if err != nil {
		return "", err
	}
	for _, b := range batches {
		if b.Source == Hall && p.hallKey(b.ID) == typed {
			if !b.Voided.IsZero() {
				return "", ErrVoid
			}
			return s.slipFor(p, Hall, b.ID, held), nil
		}
	}
	return "", ErrCode
}

func (s *Service) byBadge(ctx context.Context, tx *sqldb.Tx, p Poll, typed string) (string, error) {
	if !p.Allows(Badge) {
		return "", ErrCode
	}
	one, err := s.near.People.Wearer(ctx, tx, p.Edition, typed)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) {
		return "", ErrCode
	}
	if err != nil {
		return "", fmt.Errorf("asking whose badge it is: %w", err)
	}
	return s.forPerson(ctx, tx, p, one)
}

// EnterAs is Enter for a member who is signed in: nothing to type.
func (s *Service) EnterAs(ctx context.Context, actor account.Actor, e edition.ID, id ID) (code string, err error) {
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		p, _, err := s.taking(ctx, tx, e, id)
		if err != nil {
			return err
		}
		if actor.ID == "" || !p.Allows(Badge) {
			return ErrCode
		}
		one, err := s.near.People.Member(ctx, tx, e, actor.ID)
		if errs.Is(err, errs.NotFound) {
			return ErrCode
		}
		if err != nil {
			return err
		}
		code, err = s.forPerson(ctx, tx, p, one)
		return err
	})
	return code, err
}

// forPerson is the person's one code; it is made where they came after the opening.
func (s *Service) forPerson(ctx context.Context, tx *sqldb.Tx, p Poll, one Person) (string, error) {
	if !p.may(one) {
		return "", errs.New(errs.Conflict, "vote.not_asked."+string(p.Audience))
	}
	code := p.badgeCode(string(one.Account))
	if _, err := getToken(ctx, tx, p.ID, p.mark(code)); !errors.Is(err, sqldb.ErrNotFound) {
		return code, err
	}
	choices, err := s.near.Projects.Choices(ctx, tx, p.Edition)
	if err != nil {
		return "", err
	}
	for _, t := range p.badgeTokens([]Person{one}, choices) {
		if _, err := insertToken(ctx, tx, t); err != nil {
			return "", err
		}
	}
	return code, nil
}

// Ballot is the sheet that a voter fills in: the choices in an order of their own.
type Ballot struct {
	Poll    Poll
	Code    string
	Choices []Choice
	// Own is the voter's own team, which they may not choose; "" where it is not known.
	Own string
	// Area is the residence of the poster that brought them here.
	Area string
}

// Ballot returns the sheet of a code: ErrSpent where it was used, ErrCode where it is
// none.
func (s *Service) Ballot(ctx context.Context, e edition.ID, id ID, code string, now time.Time) (Ballot, error) {
	p, err := getPoll(ctx, s.db, e, id)
	if err != nil {
		return Ballot{}, err
	}
	b := Ballot{Poll: p, Code: code}
	if !p.Taking(now) {
		return b, ErrNotOpen
	}
	t, err := s.token(ctx, s.db, p, code)
	if err != nil {
		return b, err
	}
	b.Own = t.team
	if t.source == Hall {
		batch, err := getBatch(ctx, s.db, id, t.batch)
		if err != nil {
			return b, err
		}
		b.Area = batch.Area
	}
	choices, err := listChoices(ctx, s.db, id)
	if p.SpareOwn && t.team != "" {
		choices = slices.DeleteFunc(choices, func(c Choice) bool { return c.Team == t.team })
	}
	b.Choices = p.shuffle(code, choices)
	return b, err
}

// token is what a code stands for; a device's code that was not used yet is kept
// nowhere.
func (s *Service) token(ctx context.Context, q sqldb.Querier, p Poll, code string) (token, error) {
	t, err := getToken(ctx, q, p.ID, p.mark(code))
	if errors.Is(err, sqldb.ErrNotFound) {
		given, ok := p.readSlip(code)
		if !ok || !p.Allows(given.source) {
			return t, ErrCode
		}
		t, err = token{mark: p.mark(code), poll: p.ID, source: given.source, batch: given.batch, state: "fresh"}, nil
		if given.source == Hall {
			batch, failed := getBatch(ctx, q, p.ID, given.batch)
			if errors.Is(failed, sqldb.ErrNotFound) {
				return t, ErrCode
			}
			if failed != nil {
				return t, failed
			}
			if !batch.Voided.IsZero() {
				t.state = "void"
			}
		}
	}
	if err != nil {
		return t, err
	}
	switch t.state {
	case "spent":
		return t, ErrSpent
	case "void":
		return t, ErrVoid
	}
	return t, nil
}

// Cast drops a ballot into the box and uses the code up, both or neither. A code that
// was used before is ErrSpent: the first ballot counts, whoever sent it.
func (s *Service) Cast(ctx context.Context, e edition.ID, id ID, code string, in Cast, address string) error {
	var refused error
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		p, now, err := s.taking(ctx, tx, e, id)
		if err != nil {
			return err
		}
		net, err := s.net(ctx, tx, p, now, address)
		if err != nil {
			return err
		}
		t, err := s.token(ctx, tx, p, code)
		if errors.Is(err, ErrSpent) {
			refused = err
			return note(ctx, tx, id, noted{Reuse, Heap{Source: t.source, Batch: t.batch, Span: now.Truncate(Span), N: 1}})
		}
		if err != nil {
			return err
		}
		choices, err := listChoices(ctx, tx, id)
		if err != nil {
			return err
		}
		if in, err = p.check(in, choices, t.team); err != nil {
			return err
		}
		fresh, err := s.use(ctx, tx, t)
		if err != nil {
			return err
		}
		if !fresh {
			refused = ErrSpent
			return note(ctx, tx, id, noted{Reuse, Heap{Source: t.source, Batch: t.batch, Span: now.Truncate(Span), N: 1}})
		}
		return s.drop(ctx, tx, p, t, in, now, net)
	})
	if err == nil {
		err = refused
	}
	return err
}

// use spends the code; false where another ballot was faster.
func (s *Service) use(ctx context.Context, tx *sqldb.Tx, t token) (bool, error) {
	if t.source == Screen || t.source == Hall {
		t.state = "spent"
		return insertToken(ctx, tx, t)
	}
	return spendToken(ctx, tx, t.mark)
}

// drop puts the ballot into the box: under a drawn key, at a span of time, without the
// code.
func (s *Service) drop(ctx context.Context, tx *sqldb.Tx, p Poll, t token, in Cast, now time.Time, net string) error {
	span := now.Truncate(Span)
	err := insertBallot(ctx, tx, p.ID, ballot{id: s.ids.Secret(), source: t.source, batch: t.batch, area: in.Area, span: span, net: net, teams: in.Teams})
	if err != nil {
		return fmt.Errorf("dropping a ballot: %w", err)
	}
	if in.Why != "" {
		team := in.Teams[0]
		if len(in.Teams) > 1 {
			team = ""
		}
		if err := insertReason(ctx, tx, s.ids.Secret(), p.ID, team, in.Why); err != nil {
			return fmt.Errorf("keeping why: %w", err)
		}
	}
	s.hub.Touch(tx, Topic(p.Edition))
	if t.serial == 0 {
		return nil
	}
	last, err := lockSeries(ctx, tx, t.batch)
	if err != nil {
		return err
	}
	next := series{serial: t.serial, at: tx.Now(), run: follow(last.run, last.serial, t.serial, tx.Now().Sub(last.at))}
	if err := putSeries(ctx, tx, t.batch, next); err != nil || next.run < longRun {
		return err
	}
	return noteLongest(ctx, tx, p.ID, noted{Series, Heap{Source: t.source, Batch: t.batch, Span: span, N: next.run}})
}
