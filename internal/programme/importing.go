package programme

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/ical"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// MostFile is how large a calendar file may be, in bytes.
const MostFile = 1 << 20

// importLife is how long an unconfirmed file is kept.
const importLife = 24 * time.Hour

// Fate is what an import would do with an event.
type Fate string

// The fates of an event.
const (
	New       Fate = "new"
	Changed   Fate = "changed"
	Same      Fate = "same"
	Cancelled Fate = "cancelled"
)

// Proposal is an event of the file that can be taken.
type Proposal struct {
	Fate Fate
	Plan Plan
	// Outside says that it is on none of the edition's days: often a file of another year.
	Outside bool

	cancelled bool
	uid       string
	known     Session
}

// Import is a calendar file between its preview and its import.
type Import struct {
	ID   string
	Name string
	// Calendar is the name that the file gives itself.
	Calendar  string
	Proposals []Proposal
	Problems  []ical.Problem
}

// Count is how many events have the fate.
func (i Import) Count(fate Fate) int {
	n := 0
	for _, p := range i.Proposals {
		if p.Fate == fate {
			n++
		}
	}
	return n
}

// Preview keeps a calendar file for its import and returns what that would do. Nothing
// is on the programme yet. It refuses what is no calendar.
func (s *Service) Preview(ctx context.Context, actor account.Actor, id edition.ID, name string, content []byte) (Import, error) {
	var made Import
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, _, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID); err != nil {
			return err
		}
		if len(content) > MostFile {
			return errs.New(errs.TooLarge, "error.too_large", "most", MostFile>>20)
		}
		file := upload{ID: s.ids.ID(), Edition: e.ID, Name: name, Content: strings.ToValidUTF8(string(content), "\uFFFD")}
		if made, err = s.propose(ctx, tx, e, file); err != nil {
			return err
		}
		if err := deleteImports(ctx, tx, "", tx.Now().Add(-importLife)); err != nil {
			return err
		}
		return insertImport(ctx, tx, file)
	})
	return made, err
}

// Import returns a kept file again, against the programme as it is now.
func (s *Service) Import(ctx context.Context, actor account.Actor, id edition.ID, file string) (Import, error) {
	if err := s.editions.Require(ctx, s.db, actor, id); err != nil {
		return Import{}, err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return Import{}, err
	}
	kept, err := getImport(ctx, s.db, id, file)
	if err != nil {
		return Import{}, err
	}
	return s.propose(ctx, s.db, e, kept)
}

// propose reads the file and compares it with the programme.
func (s *Service) propose(ctx context.Context, q sqldb.Querier, e edition.Edition, file upload) (Import, error) {
	calendar, problems, err := ical.Read(bytes.NewReader([]byte(file.Content)), e.Zone)
	if err != nil {
		return Import{}, err
	}
	known, err := listSessions(ctx, q, e.ID)
	if err != nil {
		return Import{}, err
	}
	made := Import{ID: file.ID, Name: file.Name, Calendar: calendar.Name, Problems: problems}
	seen := map[string]bool{}
	for _, event := range calendar.Events {
		p, wrong := propose(e, known, event)
		if wrong == "" && seen[p.uid] {
			wrong = "programme.import_twice"
		}
		if wrong != "" {
			made.Problems = append(made.Problems, ical.Problem{Event: event.Summary, Key: wrong})
			continue
		}
		seen[p.uid] = true
		made.Proposals = append(made.Proposals, p)
	}
	slices.SortStableFunc(made.Proposals, func(a, b Proposal) int { return a.Plan.Start.Compare(b.Plan.Start) })
	return made, nil
}

// propose makes a plan of an event, or says by a key why it cannot be one.
func propose(e edition.Edition, known []Session, event ical.Event) (p Proposal, wrong string) {
	if event.AllDay {
		return p, "programme.import_all_day"
	}
	p = Proposal{Fate: New, cancelled: event.Cancelled, uid: uidOf(event)}
	p.Plan = Plan{Kind: kindOf(event.Summary), Title: event.Summary, Text: event.Description, Room: event.Location,
		Start: event.Start.UTC(), End: event.End.UTC(), Public: true}
	for _, session := range known {
		if session.sourceUID == p.uid {
			p.known = session
			p.keep(session)
			break
		}
	}
	plan, err := p.Plan.check()
	if err != nil {
		return p, err.(errs.Fields)[0].Key //nolint:errorlint,forcetypeassert // check returns nothing else
	}
	p.Plan, p.Outside = plan, e.Astray(edition.Span{From: plan.Start, To: plan.End})
	if p.known.ID == "" {
		return p, ""
	}
	after, moved := plan.apply(p.known)
	switch {
	case p.cancelled && !p.known.Cancelled:
		p.Fate = Cancelled
	case moved || after.Title != p.known.Title || after.Text != p.known.Text || p.cancelled != p.known.Cancelled:
		p.Fate = Changed
	default:
		p.Fate = Same
	}
	return p, ""
}

// keep leaves to the organiser what a calendar file cannot say.
func (p *Proposal) keep(session Session) {
	p.Plan.Kind, p.Plan.Seats, p.Plan.Public, p.Plan.SpeakerName = session.Kind, session.Seats, session.Public, session.SpeakerName
	for _, speaker := range session.Speakers {
		p.Plan.Speakers = append(p.Plan.Speakers, speaker.ID)
	}
}

// uidOf is by what an event is found again when the file comes a second time.
func uidOf(event ical.Event) string {
	if event.UID != "" {
		return event.UID
	}
	return event.Start.UTC().Format(time.RFC3339) + " " + event.Summary
}

// hints are words in a title that tell the kind of a session; the first that is found
// counts.
var hints = []struct {
	word string
	kind Kind
}{
	{"atelier", Workshop}, {"workshop", Workshop}, {"coaching", Workshop}, {"formation", Workshop},
	{"déjeuner", Meal}, {"dîner", Meal}, {"repas", Meal}, {"buffet", Meal}, {"café", Meal}, {"brunch", Meal}, {"lunch", Meal},
	{"dinner", Meal}, {"breakfast", Meal}, {"coffee", Meal}, {"pitch", Pitch}, {"cérémonie", Ceremony}, {"ceremony", Ceremony},
	{"remise", Ceremony}, {"résultats", Ceremony}, {"clôture", Ceremony}, {"award", Ceremony}, {"closing", Ceremony},
	{"accueil", Plenary}, {"ouverture", Plenary}, {"présentation", Plenary}, {"opening", Plenary}, {"welcome", Plenary},
	{"plénière", Plenary}, {"plenary", Plenary}, {"keynote", Plenary}, {"briefing", Plenary},
}

// kindOf guesses from the title what sort of session it is.
func kindOf(title string) Kind {
	title = strings.ToLower(title)
	for _, hint := range hints {
		if strings.Contains(title, hint.word) {
			return hint.kind
		}
	}
	return Other
}

// Apply puts the file's events on the programme, all in one transaction: new ones are
// added, known ones changed or cancelled. A file with problems returns ErrProblems
// unless the organiser leaves those events out. It returns how many sessions it touched.
func (s *Service) Apply(ctx context.Context, actor account.Actor, id edition.ID, file string, leaveOut bool) (int, error) {
	touched := 0
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID); err != nil {
			return err
		}
		kept, err := getImport(ctx, tx, e.ID, file)
		if err != nil {
			return err
		}
		made, err := s.propose(ctx, tx, e, kept)
		if err != nil {
			return err
		}
		switch {
		case len(made.Proposals) == 0:
			return ErrNothing
		case len(made.Problems) > 0 && !leaveOut:
			return ErrProblems
		}
		for _, p := range made.Proposals {
			if err := s.applyTx(ctx, tx, actor, e, now, p); err != nil {
				return fmt.Errorf("taking the event %q: %w", p.Plan.Title, err)
			}
			if p.Fate != Same {
				touched++
			}
		}
		if err := deleteImports(ctx, tx, file, tx.Now().Add(-importLife)); err != nil {
			return err
		}
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(actor.ID), Action: "programme.imported",
			Subject: "edition:" + string(e.ID), After: fmt.Sprintf("%s: %d sessions", kept.Name, touched), EditionAt: now})
	})
	if err != nil {
		return 0, err
	}
	return touched, nil
}

func (s *Service) applyTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, now time.Time, p Proposal) error {
	session, err := p.known, error(nil)
	switch {
	case p.Fate == Same:
		return nil
	case p.Fate == New:
		session, err = s.addTx(ctx, tx, actor, e, now, p.Plan, p.uid)
	case !p.cancelled:
		if err := lockSession(ctx, tx, session.ID); err != nil {
			return err
		}
		session, err = s.changeTx(ctx, tx, actor, e, now, session, p.Plan)
	}
	if err != nil {
		return err
	}
	_, err = s.cancelTx(ctx, tx, actor, e, now, session, p.cancelled)
	return err
}

// fileName keeps what a reader recognises of the name of an upload.
func fileName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if utf8.RuneCountInString(name) > MostTitle {
		name = string([]rune(name)[:MostTitle])
	}
	return name
}
