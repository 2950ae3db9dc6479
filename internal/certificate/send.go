package certificate

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// SendKind is the job that sends everybody their sheets.
const SendKind = "certificate.send"

// Post orders the letters with everybody's sheets and returns the job that sends them:
// the organisers' matter. Diplomas wait until the results are public, and what a person
// has had goes out no second time.
func (s *Service) Post(ctx context.Context, actor account.Actor, id edition.ID) (string, error) {
	var job string
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if !Ready(e, now) {
			return errs.New(errs.Conflict, "certificate.not_ready")
		}
		job, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: SendKind, Edition: string(id), Args: struct{}{}, OnlyOne: SendKind + ":" + string(id), AskedBy: string(actor.ID)})
		if err == nil && job == "" {
			return errs.New(errs.Conflict, "certificate.being_sent")
		}
		s.hub.Touch(tx, Topic(id))
		return err
	})
	return job, err
}

// parcel is one person's sheets that have not gone out.
type parcel struct {
	claims []Claim
	issued []Certificate
}

// Sending returns the job's handler: it writes one person's sheets after the other and
// hands each letter to the sender. What went out is noted before the next; a run that is
// cut off goes on where it was, and a letter that was handed over and not noted goes out
// again under the same number, by which a mailbox knows it.
func (s *Service) Sending(sender mail.Sender) jobs.Handler {
	return func(ctx context.Context, run *jobs.Run) error {
		e, err := s.editions.Get(ctx, s.db, edition.ID(run.Edition))
		if err != nil {
			return fmt.Errorf("reading the edition: %w", err)
		}
		all, gone, err := s.parcels(ctx, e.ID)
		if err != nil {
			return err
		}
		k, err := s.looks(ctx, e)
		if err != nil {
			return err
		}
		for i, p := range all {
			run.Progress(gone+i, gone+len(all))
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.sendOne(ctx, sender, k, p); err != nil {
				return err
			}
		}
		run.Progress(gone+len(all), gone+len(all))
		s.hub.Tell(Topic(e.ID))
		return nil
	}
}

// parcels are what is to be sent, one for each person, and how many people have had all
// of theirs.
func (s *Service) parcels(ctx context.Context, id edition.ID) (all []parcel, gone int, err error) {
	claims, err := s.claims(ctx, id, false)
	if err != nil {
		return nil, 0, err
	}
	claims = slices.DeleteFunc(claims, func(c Claim) bool { return c.Email == "" })
	issued, err := s.issue(ctx, account.Program, id, claims)
	if err != nil {
		return nil, 0, err
	}
	sent, err := sentLetters(ctx, s.db, id)
	if err != nil {
		return nil, 0, fmt.Errorf("reading which certificates went out: %w", err)
	}
	at := map[account.ID]int{}
	had := map[account.ID]bool{}
	for _, c := range claims {
		has := issued[keyOf(c)]
		if _, out := sent[has.Code]; out || !has.Revoked.IsZero() {
			had[c.Account] = true
			continue
		}
		i, known := at[c.Account]
		if !known {
			i = len(all)
			at[c.Account], all = i, append(all, parcel{})
		}
		all[i].claims, all[i].issued = append(all[i].claims, c), append(all[i].issued, has)
	}
	for who := range had {
		if _, waits := at[who]; !waits {
			gone++
		}
	}
	return all, gone, nil
}

// sendOne writes and sends one person's letter. An address that the server will never
// take is noted and keeps nobody else's letter back.
func (s *Service) sendOne(ctx context.Context, sender mail.Sender, k looks, p parcel) error {
	m, err := s.letter(k, p)
	if err != nil {
		return err
	}
	trouble := ""
	if err := sender.Send(ctx, m); mail.Permanent(err) {
		trouble = err.Error()
	} else if err != nil {
		return fmt.Errorf("sending certificates: %w", err)
	}
	return s.db.InTx(context.WithoutCancel(ctx), func(tx *sqldb.Tx) error {
		for _, c := range p.issued {
			if err := insertLetter(ctx, tx, c.Code, trouble); err != nil {
				return fmt.Errorf("noting that a certificate went out: %w", err)
			}
		}
		return nil
	})
}

// letter is the letter with a person's sheets, in their language.
func (s *Service) letter(k looks, p parcel) (mail.Message, error) {
	who := p.claims[0]
	lang := who.Lang
	if lang == "" {
		lang = k.e.Lang
	}
	l := s.words.Locale(lang).In(k.e.Zone).With(k.e.Words)
	m := mail.Message{ID: "certificate-" + strings.ToLower(p.issued[0].Code), To: who.Email, ToName: who.Name,
		Subject: l.T("certificate.mail.subject", "edition", k.e.Name)}
	var names, links []string
	for i, c := range p.claims {
		doc, err := s.sheet(k, c, p.issued[i])
		if err != nil {
			return m, err
		}
		var content bytes.Buffer
		if _, err := doc.WriteTo(&content); err != nil {
			return m, fmt.Errorf("writing the sheet of %s: %w", c.Account, err)
		}
		m.Attachments = append(m.Attachments, mail.Attachment{Name: sheetName(l, k.e, c), ContentType: "application/pdf", Content: content.Bytes()})
		names = append(names, "– "+l.T("certificate.kind."+string(c.Kind))+forWhat(c))
		links = append(links, s.address(p.issued[i]))
	}
	m.Text = l.T("certificate.mail.text", "name", who.Name, "edition", k.e.Name, "sheets", strings.Join(names, "\n"),
		"links", strings.Join(links, "\n"), "host", signature(l, k.e), "url", s.base+k.e.URL()+"/certificate")
	return m, nil
}

func forWhat(c Claim) string {
	if c.Prize != "" {
		return " (" + c.Prize + ")"
	}
	return ""
}

// sheetName is what a person's sheet is called on their disk.
func sheetName(l i18n.Locale, e edition.Edition, c Claim) string {
	return fileName(l.T("certificate.kind."+string(c.Kind))+" "+e.Slug+" "+c.Prize) + ".pdf"
}
