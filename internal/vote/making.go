package vote

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/pdf"
	"h48/internal/kit/sqldb"
)

// mostLetters is how many addresses one posting has.
const mostLetters = 20_000

// stackOf checks what is asked for a batch and adds it.
func (s *Service) stackOf(ctx context.Context, tx *sqldb.Tx, actor account.Actor, p Poll, b Batch, now time.Time) (Batch, error) {
	b.Label = strings.Join(strings.Fields(b.Label), " ")
	var f errs.Fields
	if b.Label == "" {
		f.Add("label", "error.required")
	}
	tooLong(&f, "label", b.Label, MostLabel)
	if b.Area != "" && !slices.Contains(p.Areas, b.Area) {
		f.Add("area", "vote.not_offered")
	}
	if err := f.Err(); err != nil {
		return b, err
	}
	if !p.Allows(b.Source) || p.Over(now) {
		return b, ErrState
	}
	b.ID, b.Poll, b.Made, b.madeBy = s.ids.ID(), p.ID, now, actor.ID
	if err := insertBatch(ctx, tx, b); err != nil {
		return b, fmt.Errorf("making codes: %w", err)
	}
	return b, nil
}

// Cards makes a stack of printed cards, each for one ballot.
func (s *Service) Cards(ctx context.Context, actor account.Actor, e edition.ID, id ID, label string, n int) (Batch, error) {
	var b Batch
	err := s.change(ctx, actor, e, id, "vote.cards", func(tx *sqldb.Tx, p Poll, now time.Time) (_ string, err error) {
		if n < 1 || n > MostCards {
			return "", errs.Fields{{Name: "size", Key: "vote.cards_range", Args: []any{"most", MostCards}}}
		}
		if b, err = s.stackOf(ctx, tx, actor, p, Batch{Source: Paper, Label: label, Size: n}, now); err != nil {
			return "", err
		}
		for serial := 1; serial <= n; serial++ {
			t := token{mark: p.mark(p.cardCode(b.ID, serial)), poll: p.ID, source: Paper, batch: b.ID, serial: serial, state: "fresh"}
			if _, err := insertToken(ctx, tx, t); err != nil {
				return "", fmt.Errorf("making card %d: %w", serial, err)
			}
		}
		return b.Label + ": " + strconv.Itoa(n), nil
	})
	return b, err
}

// Poster makes the code of a poster: of a residence, of a hall.
func (s *Service) Poster(ctx context.Context, actor account.Actor, e edition.ID, id ID, label, area string) (Batch, error) {
	var b Batch
	err := s.change(ctx, actor, e, id, "vote.poster", func(tx *sqldb.Tx, p Poll, now time.Time) (_ string, err error) {
		b, err = s.stackOf(ctx, tx, actor, p, Batch{Source: Hall, Label: label, Area: area}, now)
		return b.Label, err
	})
	return b, err
}

// Void takes the unused codes of a batch out of use, as when a box of cards is lost.
// Ballots that were cast with others of them stay, and may be set aside.
func (s *Service) Void(ctx context.Context, actor account.Actor, e edition.ID, id ID, batch, why string) error {
	return s.change(ctx, actor, e, id, "vote.voided", func(tx *sqldb.Tx, _ Poll, now time.Time) (string, error) {
		why, err := reason("why", why)
		if err != nil {
			return "", err
		}
		b, err := getBatch(ctx, tx, id, batch)
		if err != nil {
			return "", err
		}
		voided, err := voidBatch(ctx, tx, batch, why, now)
		if err == nil && !voided {
			err = ErrState
		}
		return b.Label + ": " + why, err
	})
}

// reason is a written reason, of at most MostReason characters.
func reason(name, text string) (string, error) {
	text = strings.TrimSpace(text)
	var f errs.Fields
	if text == "" {
		f.Add(name, "vote.reason_needed")
	}
	tooLong(&f, name, text, MostReason)
	return text, f.Err()
}

// Recipients are to whom letters go: the people of the audience, and addresses that an
// organiser has from elsewhere.
type Recipients struct {
	Label     string
	People    bool
	Addresses []string
}

// Letters orders a personal letter with a code to everybody; the job that sends them can
// be stopped and goes on where it was.
func (s *Service) Letters(ctx context.Context, actor account.Actor, e edition.ID, id ID, to Recipients) (job string, err error) {
	addresses, err := readAddresses(to.Addresses)
	if err != nil {
		return "", err
	}
	err = s.change(ctx, actor, e, id, "vote.letters", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		var people []Person
		if to.People {
			if people, err = s.near.People.Everybody(ctx, tx, e); err != nil {
				return "", err
			}
			people = slices.DeleteFunc(people, func(one Person) bool { return !p.may(one) })
		}
		n := len(people) + len(addresses)
		if n == 0 {
			return "", errs.Fields{{Name: "addresses", Key: "vote.no_recipient"}}
		}
		b, err := s.stackOf(ctx, tx, actor, p, Batch{Source: Letter, Label: to.Label, Size: n}, now)
		if err != nil {
			return "", err
		}
		for _, one := range people {
			if err := insertLetter(ctx, tx, s.ids.ID(), b.ID, one.Account, ""); err != nil {
				return "", fmt.Errorf("addressing a letter: %w", err)
			}
		}
		for _, address := range addresses {
			if err := insertLetter(ctx, tx, s.ids.ID(), b.ID, "", address); err != nil {
				return "", fmt.Errorf("addressing a letter: %w", err)
			}
		}
		job, err = s.orderLetters(ctx, tx, actor, p, b)
		return b.Label + ": " + strconv.Itoa(n), err
	})
	return job, err
}

// readAddresses reads addresses, each once.
func readAddresses(lines []string) ([]string, error) {
	var all []string
	known := map[string]bool{}
	for _, line := range lines {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		address, key, ok := account.ParseEmail(line)
		if !ok {
			return nil, errs.Fields{{Name: "addresses", Key: "vote.wrong_address", Args: []any{"address", line}}}
		}
		if !known[key] {
			known[key] = true
			all = append(all, address)
		}
	}
	if len(all) > mostLetters {
		return nil, errs.Fields{{Name: "addresses", Key: "vote.letters_many", Args: []any{"most", mostLetters}}}
	}
	return all, nil
}

type lettersArgs struct {
	Poll  ID
	Batch string
}

func (s *Service) orderLetters(ctx context.Context, tx *sqldb.Tx, actor account.Actor, p Poll, b Batch) (string, error) {
	job, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: lettersKind, Edition: string(p.Edition), Args: lettersArgs{p.ID, b.ID},
		OnlyOne: lettersKind + ":" + b.ID, AskedBy: string(actor.ID)})
	if err != nil {
		return "", err
	}
	if job == "" {
		return "", errs.New(errs.Conflict, "vote.being_sent")
	}
	return job, setBatchJob(ctx, tx, b.ID, job)
}

// SendRest goes on with letters that were stopped.
func (s *Service) SendRest(ctx context.Context, actor account.Actor, e edition.ID, id ID, batch string) error {
	return s.change(ctx, actor, e, id, "vote.letters", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		b, err := getBatch(ctx, tx, id, batch)
		if err != nil {
			return "", err
		}
		if p.Over(now) || b.waiting == 0 {
			return "", ErrState
		}
		_, err = s.orderLetters(ctx, tx, actor, p, b)
		return b.Label, err
	})
}

// StopLetters ends the sending of a posting; what has not left waits.
func (s *Service) StopLetters(ctx context.Context, actor account.Actor, e edition.ID, id ID, batch string) error {
	return s.change(ctx, actor, e, id, "vote.letters_stopped", func(tx *sqldb.Tx, _ Poll, _ time.Time) (string, error) {
		b, err := getBatch(ctx, tx, id, batch)
		if err != nil {
			return "", err
		}
		return b.Label, s.queue.StopTx(ctx, tx, b.Job)
	})
}

// sendLetters orders the letters of a posting that have not left, one a transaction: the
// code, the letter and the note that it left are there together or not at all.
func (s *Service) sendLetters(ctx context.Context, run *jobs.Run) error {
	var args lettersArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	e, err := s.editions.Get(ctx, s.db, edition.ID(run.Edition))
	if err != nil {
		return err
	}
	b, err := getBatch(ctx, s.db, args.Poll, args.Batch)
	if err != nil {
		return err
	}
	waiting, err := waitingLetters(ctx, s.db, b.ID)
	if err != nil {
		return err
	}
	choices, err := s.near.Projects.Choices(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	left := b.Size - len(waiting)
	for i, l := range waiting {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.sendLetter(ctx, e, args.Poll, b, l, choices); err != nil {
			return fmt.Errorf("sending letter %s: %w", l.id, err)
		}
		run.Progress(left+i+1, b.Size)
	}
	s.hub.Tell(Topic(e.ID))
	return nil
}

func (s *Service) sendLetter(ctx context.Context, e edition.Edition, id ID, b Batch, l letter, choices []Choice) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		p, err := getPoll(ctx, tx, e.ID, id)
		if err != nil {
			return err
		}
		fresh, err := sentLetter(ctx, tx, l.id)
		if err != nil || !fresh {
			return err
		}
		to := account.Account{Email: l.address, Lang: e.Lang}
		if l.account != "" {
			if to, err = s.accounts.Get(ctx, tx, l.account); err != nil {
				return err
			}
		}
		if to.Email == "" { // erased meanwhile
			return nil
		}
		// Who has an account has one code, whether it comes by letter or by badge.
		code, t := s.ids.Secret(), token{source: Letter, batch: b.ID}
		if l.account != "" {
			code, t = p.badgeCode(string(l.account)), token{source: Letter, batch: b.ID, holder: l.account, team: ownTeam(choices, l.account)}
		}
		t.mark, t.poll, t.state = p.mark(code), p.ID, "fresh"
		if _, err := insertToken(ctx, tx, t); err != nil {
			return err
		}
		return s.post.SendTx(ctx, tx, string(e.ID), s.writeLetter(e, p, to, code))
	})
}

// writeLetter composes the letter.
func (s *Service) writeLetter(e edition.Edition, p Poll, to account.Account, code string) mail.Message {
	l := s.words.Locale(to.Lang).In(e.Zone).With(e.Words)
	url := s.base + e.URL() + "/vote/" + string(p.ID) + "/b/" + code
	args := []any{"edition", e.Name, "question", p.Asks(l), "host", e.Host, "url", url}
	text := l.T("vote.letter.hello") + "\n\n" + l.T("vote.letter.asks", args...)
	if p.Closes.IsZero() {
		text += " " + l.T("vote.letter.open", "from", l.DateTime(p.Opens))
	} else {
		text += " " + l.T("vote.letter.until", "from", l.DateTime(p.Opens), "until", l.DateTime(p.Closes))
	}
	text += "\n\n" + l.T("vote.letter.do") + "\n" + url + "\n\n" + l.T("vote.letter.once") + "\n\n" + l.T("vote.letter.end", args...) + "\n"
	return mail.Message{To: to.Email, ToName: to.Name, Subject: l.T("vote.letter.subject", args...), Text: text}
}

// Waiting is how many of the batch's letters have not left.
func (b Batch) Waiting() int { return b.waiting }

// Void says whether the batch was taken out of use.
func (b Batch) Void() bool { return !b.Voided.IsZero() }

// Sheet is what is printed of a batch: its cards, or its poster. Who prints it is noted,
// since each card is a ballot.
func (s *Service) Sheet(ctx context.Context, actor account.Actor, e edition.ID, id ID, batch string) (doc *pdf.Doc, name string, err error) {
	ed, err := s.editions.Get(ctx, s.db, e)
	if err != nil {
		return nil, "", err
	}
	var p Poll
	var b Batch
	err = s.change(ctx, actor, e, id, "vote.printed", func(tx *sqldb.Tx, poll Poll, now time.Time) (string, error) {
		p = poll
		if b, err = getBatch(ctx, tx, id, batch); err == nil && (p.Over(now) || b.Void()) {
			err = ErrState
		}
		return b.Label, err
	})
	switch {
	case err != nil:
	case b.Source == Paper:
		doc, err = s.cardSheet(ed, p, b)
	case b.Source == Hall:
		doc, err = s.posterSheet(ed, p, b)
	default:
		err = sqldb.ErrNotFound
	}
	return doc, string(b.Source) + "-" + ed.Slug, err
}

// Codes are those of a stack of cards, for whoever prints them elsewhere.
func (s *Service) Codes(ctx context.Context, actor account.Actor, e edition.ID, id ID, batch string) ([]string, error) {
	var codes []string
	err := s.change(ctx, actor, e, id, "vote.printed", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		b, err := getBatch(ctx, tx, id, batch)
		if err == nil && (b.Source != Paper || p.Over(now) || b.Void()) {
			err = ErrState
		}
		for n := 1; err == nil && n <= b.Size; n++ {
			codes = append(codes, p.cardCode(b.ID, n))
		}
		return b.Label, err
	})
	return codes, err
}
