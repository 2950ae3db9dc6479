package certificate

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// codeLength makes 30^12 codes: nobody finds one by trying.
const codeLength = 12

// batch is how many certificates are issued in one transaction.
const batch = 200

// Service is what can be done with certificates.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	people   People
	files    files.Store
	hub      *live.Hub
	queue    *jobs.Queue
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; base is the installation's address, which stands on
// the sheets.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, people People, store files.Store, hub *live.Hub,
	queue *jobs.Queue, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, people: people, files: store, hub: hub, queue: queue, trail: t, words: words, base: base}
}

// Topic is what the pages of an edition's certificates listen to.
func Topic(e edition.ID) string { return "certificate:" + string(e) }

// claims lists what everybody has a right to. Diplomas are among them once the results
// are public, or for an organiser who prints before the ceremony.
func (s *Service) claims(ctx context.Context, e edition.ID, early bool) ([]Claim, error) {
	people, err := s.people.People(ctx, s.db, e)
	if err != nil {
		return nil, fmt.Errorf("reading who was there: %w", err)
	}
	won, public, err := s.people.Laureates(ctx, s.db, e)
	if err != nil {
		return nil, fmt.Errorf("reading who won: %w", err)
	}
	if !public && !early {
		won = nil
	}
	return claims(people, won), nil
}

// Ready says whether people may fetch their certificates: the results are out or, where
// there are none, the event is over.
func Ready(e edition.Edition, now time.Time) bool {
	if _, set := e.At[edition.Results]; set {
		return e.Has(edition.Results, now)
	}
	return e.Has(edition.Ends, now)
}

// Mine lists what the actor has a right to; nothing before the certificates are ready.
func (s *Service) Mine(ctx context.Context, actor account.Actor, e edition.Edition, now time.Time) ([]Claim, error) {
	if !Ready(e, now) || actor.Public() {
		return nil, nil
	}
	all, err := s.claims(ctx, e.ID, false)
	var mine []Claim
	for _, c := range all {
		if c.Account == actor.ID {
			mine = append(mine, c)
		}
	}
	return mine, err
}

// Sheet writes the actor's own certificate of the kind and subject as PDF.
func (s *Service) Sheet(ctx context.Context, actor account.Actor, e edition.Edition, now time.Time, kind Kind, subject string, w io.Writer) error {
	mine, err := s.Mine(ctx, actor, e, now)
	if err != nil {
		return err
	}
	for _, c := range mine {
		if c.Kind != kind || c.Subject != subject {
			continue
		}
		issued, err := s.issue(ctx, actor, e.ID, []Claim{c})
		if err != nil {
			return err
		}
		if !issued[keyOf(c)].Revoked.IsZero() {
			return errRevoked
		}
		looks, err := s.looks(ctx, e)
		if err != nil {
			return err
		}
		doc, err := s.sheet(looks, c, issued[keyOf(c)])
		if err != nil {
			return err
		}
		_, err = doc.WriteTo(w)
		return err
	}
	return sqldb.ErrNotFound
}

// key tells the claims of an edition apart.
type key struct {
	who     account.ID
	kind    Kind
	subject string
}

func keyOf(c Claim) key { return key{c.Account, c.Kind, c.Subject} }

// issue gives a code to each claim that has none, and returns the codes of all.
func (s *Service) issue(ctx context.Context, actor account.Actor, e edition.ID, all []Claim) (map[key]Certificate, error) {
	issued, err := s.issued(ctx, e, all)
	if err != nil {
		return nil, err
	}
	var missing []Claim
	for _, c := range all {
		if issued[keyOf(c)].Code == "" {
			missing = append(missing, c)
		}
	}
	if len(missing) == 0 {
		return issued, nil
	}
	for from := 0; from < len(missing); from += batch {
		if err := s.issueSome(ctx, actor, e, missing[from:min(from+batch, len(missing))]); err != nil {
			return nil, fmt.Errorf("issuing certificates: %w", err)
		}
	}
	return s.issued(ctx, e, all)
}

func (s *Service) issueSome(ctx context.Context, actor account.Actor, id edition.ID, some []Claim) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, c := range some {
			if err := insert(ctx, tx, Certificate{ID: s.ids.ID(), Edition: id, Account: c.Account, Kind: c.Kind, Subject: c.Subject,
				Code: s.ids.Code(codeLength), Initials: Initials(c.Name), Issued: now}); err != nil {
				return err
			}
		}
		s.hub.Touch(tx, Topic(id))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "certificate.issued",
			Subject: "edition:" + string(id), After: fmt.Sprint(len(some)), EditionAt: now})
	})
}

// issued returns the certificates that the claims have; one person's are few to read.
func (s *Service) issued(ctx context.Context, e edition.ID, claims []Claim) (map[key]Certificate, error) {
	read := func() ([]Certificate, error) { return listIssued(ctx, s.db, e) }
	if len(claims) == 1 {
		read = func() ([]Certificate, error) { return issuedTo(ctx, s.db, e, claims[0].Account) }
	}
	all, err := read()
	if err != nil {
		return nil, fmt.Errorf("reading the certificates: %w", err)
	}
	issued := map[key]Certificate{}
	for _, c := range all {
		issued[key{c.Account, c.Kind, c.Subject}] = c
	}
	return issued, nil
}

// Verified is what a code says.
type Verified struct {
	Certificate
	In edition.Edition
	// Former is set where a corrected sheet has replaced the one with this code.
	Former *Former
}

// Verify returns what a code says, written with or without blanks and hyphens and in any
// case.
func (s *Service) Verify(ctx context.Context, code string) (Verified, error) {
	c, err := byCode(ctx, s.db, s.normal(code))
	v := Verified{Certificate: c}
	if errs.Is(err, errs.NotFound) {
		former, missing := getFormer(ctx, s.db, s.normal(code))
		if missing != nil {
			return v, missing
		}
		v.Former = &former
		v.Certificate, err = byID(ctx, s.db, former.Certificate)
	}
	if err != nil {
		return v, err
	}
	v.In, err = s.editions.Get(ctx, s.db, v.Edition)
	return v, err
}

func (s *Service) normal(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
}

// Forget leaves no trace of the person on their certificates but that there are some.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return forget(ctx, tx, who)
}

// Tally counts the claims of an edition by kind, and those issued.
type Tally struct {
	Claims map[Kind]int
	Issued int
	// Sent counts the sheets that went out by letter, Troubled those that the mail server
	// refused, Ready those that could go out now.
	Sent, Troubled, Ready int
	// Public says whether the diplomas may be given to their owners already.
	Public bool
	// Unset are the names that have letters which the sheets' fonts lack, each once.
	Unset []string
}

// Tally counts what there is to make: the organisers' matter.
func (s *Service) Tally(ctx context.Context, actor account.Actor, e edition.ID) (Tally, error) {
	t := Tally{Claims: map[Kind]int{}}
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Organiser); err != nil {
		return t, err
	}
	all, err := s.claims(ctx, e, true)
	if err != nil {
		return t, err
	}
	issued, err := s.issued(ctx, e, all)
	if err != nil {
		return t, err
	}
	sent, err := sentLetters(ctx, s.db, e)
	if err != nil {
		return t, fmt.Errorf("reading which certificates went out: %w", err)
	}
	if _, t.Public, err = s.people.Laureates(ctx, s.db, e); err != nil {
		return t, err
	}
	for _, c := range all {
		t.Claims[c.Kind]++
		if len(unset(c.Name)) > 0 && !slices.Contains(t.Unset, c.Name) {
			t.Unset = append(t.Unset, c.Name)
		}
		has := issued[keyOf(c)]
		if has.Code != "" {
			t.Issued++
		}
		trouble, gone := sent[has.Code]
		switch {
		case trouble != "":
			t.Troubled++
		case gone:
			t.Sent++
		case has.Revoked.IsZero() && c.Email != "" && (c.Kind != Diploma || t.Public):
			t.Ready++
		}
	}
	return t, nil
}

// MakeAll orders the ZIP of the sheets of the kinds and returns the job that makes it:
// the organisers' matter. While one is being made there is no second.
func (s *Service) MakeAll(ctx context.Context, actor account.Actor, e edition.ID, kinds []Kind) (string, error) {
	var id string
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, e, edition.Organiser); err != nil {
			return err
		}
		if len(kinds) == 0 || slices.ContainsFunc(kinds, func(k Kind) bool { return !slices.Contains(Kinds, k) }) {
			return errs.Fields{{Name: "kinds", Key: "certificate.choose_kind"}}
		}
		var err error
		id, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: makeKind, Edition: string(e), Args: makeArgs{kinds}, OnlyOne: makeKind + ":" + string(e), AskedBy: string(actor.ID)})
		if err == nil && id == "" {
			return errs.New(errs.Conflict, "certificate.being_made")
		}
		s.hub.Touch(tx, Topic(e))
		return err
	})
	return id, err
}

// Stop ends the making of a ZIP, or the sending.
func (s *Service) Stop(ctx context.Context, actor account.Actor, e edition.ID, job string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, e, edition.Organiser); err != nil {
			return err
		}
		if _, err := ownJob(ctx, tx, e, job); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(e))
		return s.queue.StopTx(ctx, tx, job)
	})
}

// ownJob is a job of this room and edition.
func ownJob(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (jobs.Job, error) {
	job, err := jobs.Get(ctx, q, id)
	if err == nil && (job.Edition != string(e) || job.Kind != makeKind && job.Kind != SendKind) {
		err = sqldb.ErrNotFound
	}
	return job, err
}

// Makings lists the newest jobs that make ZIPs or send letters.
func (s *Service) Makings(ctx context.Context, e edition.ID) ([]jobs.Job, error) {
	all, err := jobs.List(ctx, s.db, string(e), 100)
	var mine []jobs.Job
	for _, j := range all {
		if (j.Kind == makeKind || j.Kind == SendKind) && len(mine) < 5 {
			mine = append(mine, j)
		}
	}
	return mine, err
}
