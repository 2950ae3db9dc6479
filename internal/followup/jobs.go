package followup

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// The jobs of this room.
const (
	askKind    = "followup.ask"
	remindKind = "followup.remind"
)

type turnArgs struct{ Months int }

// Jobs are the handlers of this room's jobs.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{askKind: s.askAll, remindKind: s.remindAll}
}

// orderTurns orders the letters of an edition at their moments. A moment that was moved
// leaves the order of the old one, which finds that it is not due.
func (s *Service) orderTurns(ctx context.Context, tx *sqldb.Tx, e edition.Edition) error {
	for _, months := range Turns {
		due, set := Due(e, months)
		if !set {
			continue
		}
		for kind, at := range map[string]time.Time{askKind: due, remindKind: due.Add(RemindAfter)} {
			if err := s.orderTurn(ctx, tx, e, kind, months, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) orderTurn(ctx context.Context, tx *sqldb.Tx, e edition.Edition, kind string, months int, at time.Time) error {
	_, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: kind, Edition: string(e.ID), Args: turnArgs{months}, At: at, OnEditionTime: true,
		OnlyOne: fmt.Sprintf("%s:%s:%d:%d", kind, e.ID, months, at.Unix())})
	if err != nil {
		return fmt.Errorf("ordering the follow-up of %s: %w", e.Slug, err)
	}
	return nil
}

// OrderAll orders the turns of editions that were made before there were any.
func (s *Service) OrderAll(ctx context.Context) error {
	all, err := s.editions.Visible(ctx, account.Actor{Admin: true})
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		for _, e := range all {
			if err := s.orderTurns(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// due says for which edition the job runs, and whether its moment has come and letters
// are wanted. A job that is early, since the end or the clock was moved, comes back then.
func (s *Service) due(ctx context.Context, run *jobs.Run, after time.Duration) (e edition.Edition, months int, due bool, err error) {
	var args turnArgs
	if err := run.Args(&args); err != nil {
		return e, 0, false, err
	}
	if e, err = s.editions.Get(ctx, s.db, edition.ID(run.Edition)); err != nil {
		return e, 0, false, err
	}
	at, set := Due(e, args.Months)
	quiet, err := isQuiet(ctx, s.db, e.ID)
	if err != nil || !set {
		return e, 0, false, err
	}
	at = at.Add(after)
	if e.Now(s.db.Now()).Before(at) {
		return e, 0, false, s.db.InTx(ctx, func(tx *sqldb.Tx) error {
			return s.orderTurn(ctx, tx, e, run.Kind, args.Months, at)
		})
	}
	return e, args.Months, !quiet && e.State != edition.Draft, nil
}

// askAll writes to everybody who agreed, one letter a transaction: what was sent before
// the program stopped is not sent again.
func (s *Service) askAll(ctx context.Context, run *jobs.Run) error {
	e, months, due, err := s.due(ctx, run, 0)
	if err != nil || !due {
		return err
	}
	projects, err := s.projects.Handed(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	total, done := 0, 0
	for _, p := range projects {
		total += len(p.Agreed)
	}
	for _, p := range projects {
		for _, who := range p.Agreed {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.askOne(ctx, e, p, months, who); err != nil {
				return fmt.Errorf("asking about %s: %w", p.Team, err)
			}
			done++
			run.Progress(done, total)
		}
	}
	run.Finish(strconv.Itoa(total))
	s.hub.Tell(Topic(e.ID))
	return nil
}

func (s *Service) askOne(ctx context.Context, e edition.Edition, p Project, months int, who account.ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		to, wanted, err := s.reader(ctx, tx, who)
		if err != nil || !wanted {
			return err
		}
		a := ask{id: s.ids.ID(), edition: e.ID, team: p.Team, months: months, account: who, asked: e.Now(tx.Now())}
		fresh, err := insertAsk(ctx, tx, a)
		if err != nil || !fresh {
			return err
		}
		return s.write(ctx, tx, e, p, a, to, "ask")
	})
}

// reader is the person, and whether they can and want to be written to.
func (s *Service) reader(ctx context.Context, tx *sqldb.Tx, who account.ID) (account.Account, bool, error) {
	to, err := s.accounts.Get(ctx, tx, who)
	if errs.Is(err, errs.NotFound) {
		return to, false, nil
	}
	if err != nil {
		return to, false, err
	}
	stopped, err := hasStopped(ctx, tx, who)
	return to, err == nil && !stopped && to.Email != "" && to.Erased.IsZero(), err
}

// remindAll writes once more to those of the turn whose project nobody has answered for.
func (s *Service) remindAll(ctx context.Context, run *jobs.Run) error {
	e, months, due, err := s.due(ctx, run, RemindAfter)
	if err != nil || !due {
		return err
	}
	projects, err := s.projects.Handed(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	asks, err := listAsks(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	reports, err := listReports(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	quietOnes := silent(projects, asks, reports)
	for _, a := range asks {
		i := slices.IndexFunc(quietOnes, func(p Project) bool { return p.Team == a.team })
		if a.months != months || a.account == "" || i < 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.remindOne(ctx, e, quietOnes[i], a); err != nil {
			return fmt.Errorf("reminding of %s: %w", a.team, err)
		}
	}
	s.hub.Tell(Topic(e.ID))
	return nil
}

func (s *Service) remindOne(ctx context.Context, e edition.Edition, p Project, a ask) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		to, wanted, err := s.reader(ctx, tx, a.account)
		if err != nil || !wanted {
			return err
		}
		fresh, err := remindAsk(ctx, tx, a.id, e.Now(tx.Now()))
		if err != nil || !fresh {
			return err
		}
		return s.write(ctx, tx, e, p, a, to, "remind")
	})
}

// write orders the letter with a link of its own.
func (s *Service) write(ctx context.Context, tx *sqldb.Tx, e edition.Edition, p Project, a ask, to account.Account, which string) error {
	token := s.ids.Secret()
	if err := insertLink(ctx, tx, hash(token), a.id); err != nil {
		return fmt.Errorf("making the link of a letter: %w", err)
	}
	l := s.words.Locale(to.Lang).In(e.Zone).With(e.Words)
	url := s.base + e.URL() + "/followup/answer/" + token
	args := []any{"name", to.Name, "edition", e.Name, "project", p.Name(), "host", e.Host, "since", l.N("followup.months", a.months)}
	text := l.T("followup.letter.hello", args...) + "\n\n" + l.T("followup.letter."+which, args...) + "\n\n" + l.T("followup.letter.states") +
		"\n\n" + l.T("followup.letter.do") + "\n" + url + "\n\n" + l.T("followup.letter.public") + "\n\n" + l.T("followup.letter.stop", args...) + "\n" + url + "/stop\n"
	m := mail.Message{To: to.Email, ToName: to.Name, Subject: l.T("followup.letter.subject", args...), Text: text,
		Headers: map[string]string{"List-Unsubscribe": "<" + url + "/stop>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}}
	if err := s.post.SendTx(ctx, tx, string(e.ID), m); err != nil {
		return err
	}
	s.hub.Touch(tx, Topic(e.ID))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(account.Program.ID), Action: "followup." + which,
		Subject: "team:" + a.team, After: strconv.Itoa(a.months), EditionAt: e.Now(tx.Now())})
}
