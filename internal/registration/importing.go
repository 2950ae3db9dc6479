package registration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

const importKind = "registration.import"

// previewLife is how long a file waits between its preview and its import.
const previewLife = 24 * time.Hour

// Welcome is what becomes of the people of a file.
type Welcome string

// The welcomes: the organiser vouches for them, or each confirms by a letter.
const (
	Vouched Welcome = "vouched"
	Invited Welcome = "invited"
)

// Preview is a file that was read and not imported: nothing of it is registered yet.
type Preview struct {
	ID   string
	File string
	// State is ready, ordered, done or dropped.
	State string
	parsed
	// Fresh, Changed and Same say what the lines would do to the edition now. Where the
	// import is done they say what it did.
	Report Report
	JobID  string
	Made   time.Time
}

// Report counts what a file does, line by line.
type Report struct {
	Fresh, Changed, Same int
	// Waiting is how many of the fresh ones found no seat.
	Waiting int
	// LeftOut is how many lines were wrong.
	LeftOut int
}

// Lines is how many lines of the file say something.
func (p Preview) Lines() int { return len(p.Candidates) + p.Report.LeftOut }

// Upload reads a file and keeps what it says for a day, to be looked at and imported.
func (s *Service) Upload(ctx context.Context, actor account.Actor, id edition.ID, name string, file io.Reader) (Preview, error) {
	if err := s.editions.Require(ctx, s.db, actor, id); err != nil {
		return Preview{}, err
	}
	book, err := getBook(ctx, s.db, id)
	if err != nil {
		return Preview{}, err
	}
	content, err := readFile(file, book.skills, s.locales())
	if err != nil {
		return Preview{}, err
	}
	p := Preview{ID: s.ids.ID(), File: name, State: "ready", parsed: content}
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := dropOldPreviews(ctx, tx, tx.Now().Add(-previewLife)); err != nil {
			return err
		}
		return insertPreview(ctx, tx, p, id, actor.ID)
	})
	if err != nil {
		return p, fmt.Errorf("keeping a file for its import: %w", err)
	}
	return s.Preview(ctx, actor, id, p.ID)
}

// Preview returns a file that was uploaded, with what it would do now.
func (s *Service) Preview(ctx context.Context, actor account.Actor, id edition.ID, preview string) (Preview, error) {
	if err := s.editions.Require(ctx, s.db, actor, id); err != nil {
		return Preview{}, err
	}
	p, err := getPreview(ctx, s.db, id, preview)
	if err != nil || p.State != "ready" {
		return p, err
	}
	here, err := s.byEmail(ctx, s.db, id)
	if err != nil {
		return p, err
	}
	p.Report = Report{LeftOut: p.badLines()}
	for _, c := range p.Candidates {
		_, key, _ := account.ParseEmail(c.Email)
		old, known := here[key]
		switch {
		case !known:
			p.Report.Fresh++
		case c.over(old.Answers).same(old.Answers):
			p.Report.Same++
		default:
			p.Report.Changed++
		}
	}
	return p, nil
}

// badLines is how many lines have a problem; some have several.
func (p parsed) badLines() int {
	lines := map[int]bool{}
	for _, problem := range p.Problems {
		lines[problem.Line] = true
	}
	return len(lines)
}

func (s *Service) byEmail(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string]Registration, error) {
	all, err := listAll(ctx, q, id)
	if err != nil {
		return nil, err
	}
	here := make(map[string]Registration, len(all))
	for _, r := range all {
		_, key, _ := account.ParseEmail(r.Email)
		here[key] = r
	}
	return here, nil
}

// importArgs are the arguments of the job that imports.
type importArgs struct {
	Preview string
	Actor   account.ID
	Welcome Welcome
}

// Import orders the import of an uploaded file. A file with wrong lines is refused as a
// whole, unless leaveOut says that the organiser has seen them and wants the others.
func (s *Service) Import(ctx context.Context, actor account.Actor, id edition.ID, preview string, w Welcome, leaveOut bool) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id); err != nil {
			return err
		}
		p, err := getPreview(ctx, tx, id, preview)
		if err != nil {
			return err
		}
		if w != Vouched && w != Invited {
			return errs.Fields{{Name: "welcome", Key: "error.required"}}
		}
		if len(p.Problems) > 0 && !leaveOut {
			return errs.Fields{{Name: "leave_out", Key: "registration.file.has_problems"}}
		}
		if len(p.Candidates) == 0 {
			return errs.New(errs.Invalid, "registration.file.nobody")
		}
		job, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: importKind, Edition: string(id), AskedBy: string(actor.ID),
			Args: importArgs{Preview: p.ID, Actor: actor.ID, Welcome: w}, OnlyOne: importKind + ":" + p.ID})
		if err != nil {
			return err
		}
		ordered, err := orderPreview(ctx, tx, p.ID, job)
		if err == nil && !ordered {
			err = errs.New(errs.Conflict, "registration.file.ordered")
		}
		return err
	})
}

// runImport imports a file in one transaction: all of its lines, or none.
func (s *Service) runImport(ctx context.Context, run *jobs.Run) error {
	var args importArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, edition.ID(run.Edition))
		if err != nil {
			return err
		}
		p, err := getPreview(ctx, tx, e.ID, args.Preview)
		if err != nil {
			return err
		}
		if p.State != "ordered" { // an earlier try has done it
			return nil
		}
		actor, err := s.accounts.Get(ctx, tx, args.Actor)
		if err != nil {
			return err
		}
		i := importer{Service: s, tx: tx, actor: actor.Actor(), e: e, now: now, welcome: args.Welcome}
		if err := i.all(ctx, p.Candidates, run.Progress); err != nil {
			return err
		}
		i.report.LeftOut = p.badLines()
		s.hub.Touch(tx, Topic(e.ID))
		if err := finishPreview(ctx, tx, p, i.report); err != nil {
			return fmt.Errorf("closing an import: %w", err)
		}
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(args.Actor), Action: "registration.imported",
			Subject: "edition:" + string(e.ID), EditionAt: now,
			After: fmt.Sprintf("%s: %d new, %d changed, %d the same, %d left out", p.File, i.report.Fresh, i.report.Changed, i.report.Same, i.report.LeftOut)})
	})
}

// importer puts the lines of one file into one edition, in one transaction.
type importer struct {
	*Service
	tx      *sqldb.Tx
	actor   account.Actor
	e       edition.Edition
	now     time.Time
	welcome Welcome
	free    int
	report  Report
}

func (i *importer) all(ctx context.Context, lines []Candidate, progress func(step, steps int)) error {
	if err := takeTurn(ctx, i.tx, i.e.ID); err != nil {
		return err
	}
	var err error
	if i.free, err = i.Service.free(ctx, i.tx, i.e); err != nil {
		return err
	}
	for n, line := range lines {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := i.one(ctx, line); err != nil {
			return fmt.Errorf("importing line %d: %w", line.Line, err)
		}
		i.now = i.now.Add(time.Microsecond) // who waits, waits in the order of the file
		progress(n+1, len(lines))
	}
	return i.orderForgetting(ctx, i.tx, i.e)
}

func (i *importer) one(ctx context.Context, c Candidate) error {
	who, err := i.accounts.EnsureTx(ctx, i.tx, c.Email, c.Name, i.e.Lang)
	if err != nil {
		return err
	}
	r, err := registrationOf(ctx, i.tx, i.e.ID, who.ID)
	if errors.Is(err, sqldb.ErrNotFound) {
		i.report.Fresh++
		return i.fresh(ctx, c, who)
	}
	if err != nil {
		return err
	}
	a := c.over(r.Answers)
	if a.same(r.Answers) {
		i.report.Same++
		return nil
	}
	i.report.Changed++
	if err := updateAnswers(ctx, i.tx, r.ID, a); err != nil {
		return err
	}
	return i.note(ctx, i.tx, i.actor, r, "registration.changed", r.Name, a.Name, i.now)
}

// fresh registers somebody whom the edition did not know.
func (i *importer) fresh(ctx context.Context, c Candidate, who account.Account) error {
	r := Registration{ID: ID(i.ids.ID()), Edition: i.e.ID, Account: who.ID, Email: who.Email, State: Pending, Source: Import,
		Answers: c.Answers, Created: i.now}
	if err := insertRegistration(ctx, i.tx, r); err != nil {
		return err
	}
	if i.welcome == Invited {
		return i.send(ctx, i.tx, i.e, r, letterConfirm, &c.Answers)
	}
	to := Confirmed
	if i.free == 0 {
		to = Waiting
		i.report.Waiting++
	} else {
		i.free--
	}
	_, err := i.move(ctx, i.tx, i.actor, r, to, i.now)
	return err
}

// Export writes an edition's registrations as a file that Import would read back: an
// organiser's matter. Meals and wishes are not in it: who needs the plates counted asks
// for the MealSheet.
func (s *Service) Export(ctx context.Context, actor account.Actor, id edition.ID, f Filter, l i18n.Locale, w io.Writer) error {
	f.Offset, f.Limit = 0, 0
	all, _, err := s.List(ctx, actor, id, f)
	if err != nil {
		return err
	}
	book, err := getBook(ctx, s.db, id)
	if err != nil {
		return err
	}
	if err := writeFile(w, all, book.skills, l); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "registration.exported",
			Subject: "edition:" + string(id), After: fmt.Sprintf("%d", len(all))})
	})
}
