package project

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
)

// maxReason is the length of the reason for a decision, in characters.
const maxReason = 500

// needReason wants a reason for a decision, and returns it trimmed.
func needReason(f *errs.Fields, reason string) string {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		f.Add("reason", "project.reason_needed")
	case utf8.RuneCountInString(reason) > maxReason:
		f.Add("reason", "project.too_long", "max", maxReason, "n", utf8.RuneCountInString(reason))
	}
	return reason
}

// decision is one organiser's decision about one project, in its transaction.
type decision struct {
	tx      *sqldb.Tx
	actor   account.Actor
	edition edition.Edition
	now     time.Time
	project Project
	reason  string
}

// decide runs do for an organiser who gives a reason, on the project of the team.
func (s *Service) decide(ctx context.Context, actor account.Actor, id edition.ID, t team.ID, reason string, do func(d decision) error) error {
	var f errs.Fields
	if reason = needReason(&f, reason); f.Err() != nil {
		return f.Err()
	}
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser); err != nil {
		return err
	}
	if _, err := s.teams.Get(ctx, s.db, id, t); err != nil {
		return err
	}
	p, err := s.ofTeam(ctx, id, t)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if p, err = lockProject(ctx, tx, p.ID); err != nil {
			return err
		}
		s.touch(tx, p)
		return do(decision{tx: tx, actor: actor, edition: e, now: now, project: p, reason: reason})
	})
}

// Reopen lets one team hand in until a moment of the edition's time, and tells it so.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id edition.ID, t team.ID, until time.Time, reason string) error {
	return s.decide(ctx, actor, id, t, reason, func(d decision) error {
		if !until.After(d.now) {
			return errs.Fields{{Name: "until", Key: "project.until_past"}}
		}
		if err := updateReopened(ctx, d.tx, d.project.ID, until, d.reason); err != nil {
			return fmt.Errorf("reopening for %s: %w", t, err)
		}
		if err := s.note(ctx, d.tx, actor, d.project, d.now, "project.reopened", "", until.Format(time.RFC3339)+"; "+d.reason); err != nil {
			return err
		}
		return s.tellTeam(ctx, d, func(l i18n.Locale) (string, string) {
			return l.T("project.mail.reopened.subject", "edition", d.edition.Name),
				l.T("project.mail.reopened.text", "until", l.DateTime(until), "reason", d.reason, "url", s.base+d.edition.URL()+"/project")
		})
	})
}

// tellTeam writes to every member of the project's team.
func (s *Service) tellTeam(ctx context.Context, d decision, say func(l i18n.Locale) (subject, text string)) error {
	members, err := s.teams.Members(ctx, d.tx, d.project.Team)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Email == "" {
			continue
		}
		subject, text := say(s.words.Locale(m.Lang).In(d.edition.Zone).With(d.edition.Words))
		if err := s.post.SendTx(ctx, d.tx, string(d.edition.ID), mail.Message{To: m.Email, ToName: m.Name, Subject: subject, Text: text}); err != nil {
			return err
		}
	}
	return nil
}

// Admit makes a version of an attempt that came too late: "it was sent at 11:59".
func (s *Service) Admit(ctx context.Context, actor account.Actor, id edition.ID, t team.ID, attempt, reason string) (Submission, error) {
	var sub Submission
	err := s.decide(ctx, actor, id, t, reason, func(d decision) error {
		a, err := s.attempt(ctx, d, attempt)
		if err != nil {
			return err
		}
		if ok, err := admitAttempt(ctx, d.tx, a.ID, d.now); err != nil || !ok {
			return fmt.Errorf("admitting %s: %w", a.ID, orElse(err, ErrMoved))
		}
		files, err := draftFiles(ctx, d.tx, d.project.ID)
		if err != nil {
			return err
		}
		sub, _, err = s.addVersion(ctx, d.tx, actor, Submission{Edition: id, Project: d.project.ID, Team: t, Content: a.Content, Files: files,
			Basis: Admitted, Note: d.reason, By: a.By, At: a.At, Received: a.Received, Device: a.Device, Deadline: d.edition.At[edition.HandIn]})
		return err
	})
	return sub, err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func (s *Service) attempt(ctx context.Context, d decision, id string) (Attempt, error) {
	all, err := listAttempts(ctx, d.tx, "a.project_id = $1", d.project.ID)
	if err != nil {
		return Attempt{}, err
	}
	for _, a := range all {
		if a.ID == id {
			return a, nil
		}
	}
	return Attempt{}, sqldb.ErrNotFound
}

// MoveChallenge puts a project under another challenge, and tells its team. What was
// handed in becomes a new version that differs in nothing else and is as late or early.
func (s *Service) MoveChallenge(ctx context.Context, actor account.Actor, id edition.ID, t team.ID, c ChallengeID, reason string) error {
	if c != "" {
		if err := s.checkChallenge(ctx, id, c); err != nil {
			return err
		}
	}
	return s.decide(ctx, actor, id, t, reason, func(d decision) error {
		titles, err := s.titles(ctx, d.tx, id)
		if err != nil {
			return err
		}
		before := d.project.Draft.Challenge
		if err := s.moveDraft(ctx, d, c); err != nil {
			return err
		}
		if d.project.Versions > 0 {
			sub, err := s.Current(ctx, d.tx, t)
			if err != nil {
				return err
			}
			before = sub.Challenge
			sub.Challenge, sub.Basis, sub.Note = c, Moved, d.reason
			if _, _, err := s.addVersion(ctx, d.tx, actor, sub); err != nil {
				return err
			}
		}
		if err := s.note(ctx, d.tx, actor, d.project, d.now, "project.challenge_moved", titles[before], titles[c]+"; "+d.reason); err != nil {
			return err
		}
		return s.tellTeam(ctx, d, func(l i18n.Locale) (string, string) {
			return l.T("project.mail.moved.subject", "edition", d.edition.Name),
				l.T("project.mail.moved.text", "from", titles[before], "to", titles[c], "reason", d.reason, "url", s.base+d.edition.URL()+"/project")
		})
	})
}

// GiveTx puts a team's draft under the challenge that the organiser's plan of teams gives
// it, in the transaction that makes the plan true. What was handed in stays as it is.
func (s *Service) GiveTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, t team.ID, c ChallengeID, now time.Time) error {
	titles, err := s.titles(ctx, tx, id)
	if err != nil {
		return err
	}
	p, err := getProject(ctx, tx, "team_id = $1", t)
	if errors.Is(err, sqldb.ErrNotFound) {
		if err := insertProject(ctx, tx, ID(s.ids.ID()), id, t); err != nil {
			return fmt.Errorf("making the project of %s: %w", t, err)
		}
		p, err = getProject(ctx, tx, "team_id = $1", t)
	}
	if err != nil || p.Draft.Challenge == c {
		return err
	}
	before := p.Draft.Challenge
	draft := p.Draft
	draft.Challenge = c
	if _, _, err := s.joinDraft(ctx, tx, p, draft, Edit{Base: p.Revision}, actor.ID, now); err != nil {
		return err
	}
	return s.note(ctx, tx, actor, p, now, "project.challenge_given", titles[before], titles[c])
}

func (s *Service) moveDraft(ctx context.Context, d decision, c ChallengeID) error {
	draft := d.project.Draft
	draft.Challenge = c
	_, _, err := s.joinDraft(ctx, d.tx, d.project, draft, Edit{Base: d.project.Revision}, d.actor.ID, d.now)
	return err
}

func (s *Service) titles(ctx context.Context, q sqldb.Querier, id edition.ID) (map[ChallengeID]string, error) {
	all, err := listChallenges(ctx, q, id)
	titles := map[ChallengeID]string{"": "–"}
	for _, c := range all {
		titles[c.ID] = c.Title
	}
	return titles, err
}

// Withhold keeps a project from jurors and the public, as when it holds a tenant's
// personal data; Release ends that.
func (s *Service) Withhold(ctx context.Context, actor account.Actor, id edition.ID, t team.ID, reason string) error {
	return s.decide(ctx, actor, id, t, reason, func(d decision) error {
		if err := updateWithheld(ctx, d.tx, d.project.ID, d.reason); err != nil {
			return fmt.Errorf("withholding %s: %w", d.project.ID, err)
		}
		if err := s.shown(ctx, d.tx, id, d.project.ID); err != nil {
			return err
		}
		return s.note(ctx, d.tx, actor, d.project, d.now, "project.withheld", "", d.reason)
	})
}

// Release shows a withheld project again, for a reason that is kept.
func (s *Service) Release(ctx context.Context, actor account.Actor, id edition.ID, t team.ID, reason string) error {
	return s.decide(ctx, actor, id, t, reason, func(d decision) error {
		if err := updateWithheld(ctx, d.tx, d.project.ID, ""); err != nil {
			return fmt.Errorf("releasing %s: %w", d.project.ID, err)
		}
		if err := s.shown(ctx, d.tx, id, d.project.ID); err != nil {
			return err
		}
		return s.note(ctx, d.tx, actor, d.project, d.now, "project.released", d.project.Withheld, d.reason)
	})
}

// Publish shows the public what was handed in; the results must be open.
func (s *Service) Publish(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error { return s.PublishTx(ctx, tx, actor, id) })
}

// PublishTx is Publish in the caller's transaction.
func (s *Service) PublishTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID) error {
	if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
		return err
	}
	e, now, err := s.editions.Open(ctx, tx, id)
	if err != nil {
		return err
	}
	if !e.At[edition.Results].IsZero() && !e.Has(edition.Results, now) {
		return errs.New(errs.Conflict, "project.results_closed")
	}
	return s.show(ctx, tx, actor, id, now, now)
}

// Unpublish hides the projects from the public again.
func (s *Service) Unpublish(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.show(ctx, tx, actor, id, now, time.Time{})
	})
}

func (s *Service) show(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, now, published time.Time) error {
	n, err := updatePublished(ctx, tx, id, published)
	if err != nil {
		return fmt.Errorf("publishing the projects: %w", err)
	}
	if err := s.shown(ctx, tx, id, ""); err != nil {
		return err
	}
	s.hub.Touch(tx, Topic(id))
	action := "project.published"
	if published.IsZero() {
		action = "project.unpublished"
	}
	return s.note(ctx, tx, actor, Project{Edition: id}, now, action, "", fmt.Sprint(n))
}

// Challenges lists the edition's challenges in their order, dropped ones too.
func (s *Service) Challenges(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Challenge, error) {
	return listChallenges(ctx, q, id)
}

// SetChallenge adds a challenge, or changes the one with its ID; dropping one leaves it
// to the teams that chose it.
func (s *Service) SetChallenge(ctx context.Context, actor account.Actor, id edition.ID, c Challenge) (Challenge, error) {
	c.Title, c.Text, c.Partner, c.Edition = strings.TrimSpace(c.Title), strings.TrimSpace(c.Text), strings.TrimSpace(c.Partner), id
	var f errs.Fields
	if c.Title == "" {
		f.Add("title", "error.required")
	}
	if n := utf8.RuneCountInString(c.Title); n > MaxTitle {
		f.Add("title", "project.too_long", "max", MaxTitle, "n", n)
	}
	if len(c.Text) > MaxDescription {
		f.Add("text", "project.too_long", "max", MaxDescription, "n", len(c.Text))
	}
	if err := f.Err(); err != nil {
		return c, err
	}
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.writeChallenge(ctx, tx, &c); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return s.note(ctx, tx, actor, Project{Edition: id}, now, "project.challenge_set", "", c.Title)
	})
	return c, err
}

func (s *Service) writeChallenge(ctx context.Context, tx *sqldb.Tx, c *Challenge) error {
	if c.ID == "" {
		c.ID = ChallengeID(s.ids.ID())
		if err := insertChallenge(ctx, tx, *c); err != nil {
			return fmt.Errorf("adding the challenge %q: %w", c.Title, err)
		}
		return nil
	}
	ok, err := updateChallenge(ctx, tx, *c)
	if err != nil {
		return fmt.Errorf("changing the challenge %s: %w", c.ID, err)
	}
	if !ok {
		return sqldb.ErrNotFound
	}
	return nil
}
