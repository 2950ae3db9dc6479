package award

import (
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
	"h48/internal/kit/trail"
)

func subjectOf(v VoteID) string { return "vote:" + string(v) }

// OpenVote puts a question to the jury, one at a time. Who presides puts it: a juror or
// an organiser.
func (s *Service) OpenVote(ctx context.Context, actor account.Actor, e edition.ID, ask Question) (VoteID, error) {
	id := VoteID(s.ids.ID())
	ask.Text = strings.TrimSpace(ask.Text)
	err := s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if err := d.mayChange(); err != nil {
			return deed{}, err
		}
		basis, err := s.basis(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		options, err := ask.options(basis.names())
		if err != nil {
			return deed{}, err
		}
		others, err := listVotes(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		v := Vote{ID: id, Number: len(others) + 1, Question: ask.Text, Secret: ask.Secret, OpenedBy: actor.ID, Opened: now, Options: options}
		err = insertVote(ctx, tx, e, v)
		if sqldb.IsUnique(err) {
			return deed{}, errs.New(errs.Conflict, "award.vote_runs")
		}
		if err != nil {
			return deed{}, fmt.Errorf("opening a vote: %w", err)
		}
		return deed{Entry: trail.Entry{Action: "award.vote_opened", Subject: subjectOf(id), After: ask.Text}}.asked(v, 0, false), nil
	})
	return id, err
}

// findVote returns the vote with the voices that count in it.
func (s *Service) findVote(ctx context.Context, q sqldb.Querier, e edition.ID, id VoteID) (Vote, []Attendance, error) {
	votes, err := listVotes(ctx, q, e)
	if err != nil {
		return Vote{}, nil, err
	}
	i := slices.IndexFunc(votes, func(v Vote) bool { return v.ID == id })
	if i < 0 {
		return Vote{}, nil, sqldb.ErrNotFound
	}
	jury, recused, err := s.voices(ctx, q, e)
	return votes[i], votes[i].entitled(jury, recused), err
}

// voices are who sits, and who may not judge whom.
func (s *Service) voices(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Attendance, map[account.ID][]string, error) {
	jury, err := listAttendance(ctx, q, e)
	if err != nil {
		return nil, nil, fmt.Errorf("reading who is there: %w", err)
	}
	recused, err := s.with.Scoring.Recused(ctx, q, e)
	if err != nil {
		return nil, nil, fmt.Errorf("reading who is recused: %w", err)
	}
	return jury, recused, nil
}

// Cast takes the actor's ballot, once and for good.
func (s *Service) Cast(ctx context.Context, actor account.Actor, e edition.ID, id VoteID, place int) error {
	return s.ballot(ctx, actor, e, id, actor.ID, place)
}

// NoteHand notes the raised hand of a juror who has no phone at hand: an organiser's
// matter, and never of a secret vote.
func (s *Service) NoteHand(ctx context.Context, actor account.Actor, e edition.ID, id VoteID, juror account.ID, place int) error {
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Organiser); err != nil {
		return err
	}
	return s.ballot(ctx, actor, e, id, juror, place)
}

func (s *Service) ballot(ctx context.Context, actor account.Actor, e edition.ID, id VoteID, juror account.ID, place int) error {
	again := errors.New("the same ballot again")
	err := s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, _ time.Time) (deed, error) {
		if err := d.mayChange(); err != nil {
			return deed{}, err
		}
		v, voices, err := s.findVote(ctx, tx, e, id)
		if err != nil {
			return deed{}, err
		}
		voter := Voter{Account: juror, Place: place}
		if juror != actor.ID {
			voter.NotedBy = actor.ID
		}
		if i := slices.IndexFunc(voices, func(a Attendance) bool { return a.Account == juror }); i >= 0 {
			voter.Name = voices[i].Name
		}
		if v.Has(juror) && v.Running() {
			return deed{}, again
		}
		if err := v.refuses(voter); err != nil {
			return deed{}, err
		}
		if v.Secret {
			voter.Place = -1
		}
		if n, err := holdVote(ctx, tx, id); err != nil || n == 0 { // closed this very moment
			return deed{}, errors.Join(err, errs.New(errs.Conflict, "award.vote_closed"))
		}
		err = insertVoter(ctx, tx, id, voter)
		if sqldb.IsUnique(err) {
			return deed{}, again
		}
		if err == nil {
			err = countBallot(ctx, tx, id, place)
		}
		if err != nil {
			return deed{}, fmt.Errorf("taking a ballot: %w", err)
		}
		body := TracedBallot{Juror: juror, By: voter.NotedBy}
		said := trail.Entry{Action: "award.voted", Subject: subjectOf(id), After: voter.Name}
		if !v.Secret { // of a secret ballot nothing is written but that it was cast
			said.After += ": " + v.label(place)
			body.Place = &place
		}
		return deed{Entry: said, body: body}, nil
	})
	if errors.Is(err, again) {
		return errs.New(errs.Conflict, "award.voted_already")
	}
	return err
}

func (v Vote) label(place int) string {
	for _, o := range v.Options {
		if o.Place == place {
			return o.Label
		}
	}
	return ""
}

// refuses says why the ballot is not taken.
func (v Vote) refuses(b Voter) error {
	switch {
	case !v.Running():
		return errs.New(errs.Conflict, "award.vote_closed")
	case b.Name == "":
		return errs.New(errs.Forbidden, "award.no_voice")
	case b.NotedBy != "" && v.Secret:
		return errs.New(errs.Forbidden, "award.secret_own")
	case b.Place < 0 || b.Place >= len(v.Options):
		return errs.Fields{{Name: "place", Key: "error.required"}}
	}
	return nil
}

// CloseVote ends a vote and counts it: whoever may open one may close it, also before all
// have voted.
func (s *Service) CloseVote(ctx context.Context, actor account.Actor, e edition.ID, id VoteID) error {
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, _ Deliberation, now time.Time) (deed, error) {
		_, voices, err := s.findVote(ctx, tx, e, id)
		if err != nil {
			return deed{}, err
		}
		n, err := endVote(ctx, tx, id, len(voices), now)
		if err != nil {
			return deed{}, fmt.Errorf("closing a vote: %w", err)
		}
		if n == 0 {
			return deed{}, errs.New(errs.Conflict, "award.vote_closed")
		}
		v, _, err := s.findVote(ctx, tx, e, id) // with the ballots that came until now
		if err != nil {
			return deed{}, err
		}
		var said []string
		for _, o := range v.Options {
			said = append(said, fmt.Sprintf("%s %d", o.Label, o.Tally))
		}
		done := deed{Entry: trail.Entry{Action: "award.vote_closed", Subject: subjectOf(id), After: strings.TrimSpace(strings.Join(said, "; "))}}
		return done.asked(v, len(voices), true), nil
	})
}

// Votes lists the votes of the edition, first one first. A running one tells no tally.
func (s *Service) Votes(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Vote, error) {
	all, err := listVotes(ctx, q, e)
	for i, v := range all {
		if !v.Running() {
			continue
		}
		for k := range v.Options {
			all[i].Options[k].Tally = 0
		}
		for k := range v.Voters {
			all[i].Voters[k].Place = -1
		}
	}
	return all, err
}

// StartPass starts the clock of the next turn of the discussion.
func (s *Service) StartPass(ctx context.Context, actor account.Actor, e edition.ID, length time.Duration, keeper string) error {
	keeper = strings.TrimSpace(keeper)
	if length < time.Minute || length > 4*time.Hour || len(keeper) > longest {
		return errs.Fields{{Name: "minutes", Key: "award.pass_length"}}
	}
	return s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if err := d.mayChange(); err != nil {
			return deed{}, err
		}
		passes, err := listPasses(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		p := Pass{Number: len(passes) + 1, Length: length, Keeper: keeper, Started: now}
		if err := insertPass(ctx, tx, e, p); err != nil {
			if sqldb.IsUnique(err) {
				return deed{}, errChanged
			}
			return deed{}, fmt.Errorf("starting a pass: %w", err)
		}
		return deed{Entry: trail.Entry{Action: "award.pass_started", Subject: "deliberation:" + string(e), After: fmt.Sprintf("%d: %s", p.Number, length)}}, nil
	})
}
