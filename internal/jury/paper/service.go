package paper

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Plans says in which order a juror goes from team to team; it may be nil.
type Plans interface {
	// Way lists the teams that a juror is still to visit, the next one first.
	Way(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID) ([]string, error)
}

// Service is what can be done with the jury's paper.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	jury     *jury.Service
	plans    Plans
	editions *edition.Service
	accounts *account.Service
	files    files.Store
	hub      *live.Hub
	queue    *jobs.Queue
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, j *jury.Service, plans Plans, editions *edition.Service, accounts *account.Service, store files.Store,
	hub *live.Hub, queue *jobs.Queue, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, jury: j, plans: plans, editions: editions, accounts: accounts, files: store, hub: hub, queue: queue,
		trail: t, words: words, base: strings.TrimSuffix(base, "/")}
}

// mayType refuses everybody but organisers, the crew and the head of the jury.
func (s *Service) mayType(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) error {
	err := s.editions.Require(ctx, q, actor, id, edition.Crew)
	if errs.Is(err, errs.Forbidden) {
		err = s.jury.Leads(ctx, q, actor, id)
	}
	return err
}

// change runs a use case with the edition's time, and writes what it did into the trail.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, allowed func(context.Context, sqldb.Querier, account.Actor, edition.ID) error,
	do func(tx *sqldb.Tx, now time.Time) (entries []trail.Entry, err error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := allowed(ctx, tx, actor, id); err != nil {
			return err
		}
		entries, err := do(tx, now)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		for _, e := range entries {
			e.Edition, e.Actor, e.EditionAt = string(id), string(actor.ID), now
			if err := s.trail.Write(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// about is how the trail names a sheet.
func about(sheet Sheet) string { return "paper:" + sheet.Code }

// Print makes a sheet for each of the jurors, for all who are there where none is named,
// and orders the document of them in the language. The sheets of a juror that were printed
// before stay good: people write on the copy that they have in hand.
func (s *Service) Print(ctx context.Context, actor account.Actor, id edition.ID, jurors []account.ID, lang i18n.Lang) (job string, sheets []Sheet, err error) {
	err = s.change(ctx, actor, id, s.jury.Leads, func(tx *sqldb.Tx, now time.Time) ([]trail.Entry, error) {
		if jurors, err = s.whom(ctx, tx, id, jurors); err != nil {
			return nil, err
		}
		var entries []trail.Entry
		var made []string
		for _, who := range jurors {
			sheet, err := s.newSheet(ctx, tx, actor, id, who, now)
			if err != nil {
				return nil, err
			}
			sheets, made = append(sheets, sheet), append(made, sheet.ID)
			entries = append(entries, trail.Entry{Action: "paper.printed", Subject: about(sheet), After: "account:" + string(who)})
		}
		job, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: printKind, Edition: string(id), Args: printArgs{Sheets: made, Lang: lang}, AskedBy: string(actor.ID)})
		return entries, err
	})
	return job, sheets, err
}

// whom are the jurors to print for.
func (s *Service) whom(ctx context.Context, q sqldb.Querier, id edition.ID, named []account.ID) ([]account.ID, error) {
	all, err := s.jury.Jurors(ctx, q, id)
	if err != nil {
		return nil, err
	}
	var who []account.ID
	for _, j := range all {
		if len(named) == 0 && j.Presence == jury.Present || slices.Contains(named, j.Account.ID) {
			who = append(who, j.Account.ID)
		}
	}
	if len(who) == 0 || len(who) < len(named) {
		return nil, errs.Fields{{Name: "juror", Key: "paper.nobody"}}
	}
	return who, nil
}

func (s *Service) newSheet(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, who account.ID, now time.Time) (Sheet, error) {
	b, err := s.jury.BoardOf(ctx, tx, id, who)
	if err != nil {
		return Sheet{}, err
	}
	if len(b.Criteria) == 0 || !b.Round.Scores() {
		return Sheet{}, errs.New(errs.Conflict, "jury.no_criteria")
	}
	var plan []string
	if s.plans != nil {
		if plan, err = s.plans.Way(ctx, tx, id, who); err != nil {
			return Sheet{}, fmt.Errorf("asking for a juror's way: %w", err)
		}
	}
	sheet := Sheet{ID: s.ids.ID(), Edition: id, Round: b.Round.Number, Juror: who, Code: s.ids.Code(codeLength), Rows: rowsOf(b.Criteria, b.Dues(), plan),
		Printed: now, By: actor.ID, State: Printed}
	return sheet, insertSheet(ctx, tx, sheet)
}

// Line is a sheet in the list: its juror, and who typed it.
type Line struct {
	Sheet
	Name    string
	Typists []string
	Newer   string // the code of a newer sheet of the same juror, "" for none
}

// Lines lists the sheets of the present round for those who lead the jury: the newest of
// each juror, and the older ones on which somebody has worked.
func (s *Service) Lines(ctx context.Context, actor account.Actor, id edition.ID) ([]Line, error) {
	if err := s.jury.Leads(ctx, s.db, actor, id); err != nil {
		return nil, err
	}
	r, err := s.jury.Round(ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	sheets, err := listSheets(ctx, s.db, id, r.Number)
	if err != nil {
		return nil, fmt.Errorf("reading the sheets: %w", err)
	}
	typed, err := listTypists(ctx, s.db, id, r.Number)
	if err != nil {
		return nil, fmt.Errorf("reading who typed the sheets: %w", err)
	}
	name := s.naming(ctx)
	newest := map[account.ID]string{}
	for _, sheet := range sheets {
		newest[sheet.Juror] = sheet.Code
	}
	var all []Line
	for _, sheet := range sheets {
		line := Line{Sheet: sheet, Newer: newest[sheet.Juror]}
		if line.Newer == sheet.Code {
			line.Newer = ""
		} else if sheet.State == Printed {
			continue // nobody has worked on it
		}
		if line.Name, err = name(sheet.Juror); err != nil {
			return nil, err
		}
		for _, t := range typed {
			if t.sheet != sheet.ID || t.nr >= decided {
				continue
			}
			who, err := name(t.by)
			if err != nil {
				return nil, err
			}
			line.Typists = append(line.Typists, who)
		}
		all = append(all, line)
	}
	slices.SortStableFunc(all, func(a, b Line) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// naming reads the names of people, each once.
func (s *Service) naming(ctx context.Context) func(account.ID) (string, error) {
	known := map[account.ID]string{}
	return func(id account.ID) (string, error) {
		if _, there := known[id]; !there {
			who, err := s.accounts.Get(ctx, s.db, id)
			if err != nil {
				return "", err
			}
			known[id] = who.Name
		}
		return known[id], nil
	}
}

// Printing is the document that was asked for last; ok is false before the first.
func (s *Service) Printing(ctx context.Context, id edition.ID) (job jobs.Job, ok bool, err error) {
	all, err := jobs.List(ctx, s.db, string(id), 100)
	if i := slices.IndexFunc(all, func(j jobs.Job) bool { return j.Kind == printKind }); i >= 0 {
		return all[i], true, err
	}
	return jobs.Job{}, false, err
}
