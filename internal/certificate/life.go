package certificate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// maxReason is the length of the reason for withdrawing or correcting, in characters.
const maxReason = 300

var (
	errRevoked = errs.New(errs.Conflict, "certificate.is_revoked")
	errChanged = errs.New(errs.Conflict, "certificate.changed_meanwhile")
)

// Sheet is a certificate with who has it, for the organisers.
type Sheet struct {
	Claim   Claim
	Issued  Certificate
	Sent    bool
	Trouble string
}

// Sheets lists what was issued and is found by the text: the organisers' matter. At most
// limit are returned, with how many there are.
func (s *Service) Sheets(ctx context.Context, actor account.Actor, id edition.ID, text string, limit int) ([]Sheet, int, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser); err != nil {
		return nil, 0, err
	}
	claims, err := s.claims(ctx, id, true)
	if err != nil {
		return nil, 0, err
	}
	issued, err := s.issued(ctx, id, claims)
	if err != nil {
		return nil, 0, err
	}
	sent, err := sentLetters(ctx, s.db, id)
	if err != nil {
		return nil, 0, err
	}
	want, code := names.Fold(text), s.normal(text)
	var all []Sheet
	for _, c := range claims {
		has := issued[keyOf(c)]
		if has.Code == "" || !strings.Contains(names.Fold(c.Name), want) && (code == "" || !strings.Contains(has.Code, code)) {
			continue
		}
		trouble, out := sent[has.Code]
		all = append(all, Sheet{Claim: c, Issued: has, Sent: out && trouble == "", Trouble: trouble})
	}
	slices.SortStableFunc(all, func(a, b Sheet) int {
		return strings.Compare(names.Fold(a.Claim.Name), names.Fold(b.Claim.Name))
	})
	return all[:min(len(all), limit)], len(all), nil
}

// Revoke withdraws a certificate; its code tells why from then on.
func (s *Service) Revoke(ctx context.Context, actor account.Actor, id edition.ID, certificate, reason string) error {
	return s.change(ctx, actor, id, certificate, "certificate.revoked", reason, func(tx *sqldb.Tx, c Certificate, now time.Time, why string) error {
		ok, err := updateRevoked(ctx, tx, c.ID, now, why)
		return orChanged(ok, err)
	})
}

// Restore gives a withdrawn certificate back.
func (s *Service) Restore(ctx context.Context, actor account.Actor, id edition.ID, certificate, reason string) error {
	return s.change(ctx, actor, id, certificate, "certificate.restored", reason, func(tx *sqldb.Tx, c Certificate, _ time.Time, _ string) error {
		ok, err := updateRevoked(ctx, tx, c.ID, time.Time{}, "")
		return orChanged(ok, err)
	})
}

// Correct issues a sheet anew, under another code, after what stands on it was put right,
// as when a name was misspelt; the former code says that it was replaced. The new sheet
// goes out with the next letters.
func (s *Service) Correct(ctx context.Context, actor account.Actor, id edition.ID, certificate, reason string) error {
	claims, err := s.claims(ctx, id, true)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, id, certificate, "certificate.corrected", reason, func(tx *sqldb.Tx, c Certificate, now time.Time, why string) error {
		at := slices.IndexFunc(claims, func(one Claim) bool { return keyOf(one) == key{c.Account, c.Kind, c.Subject} })
		if at < 0 {
			return errs.New(errs.Conflict, "certificate.no_claim")
		}
		ok, err := replaceCode(ctx, tx, c, s.ids.Code(codeLength), Initials(claims[at].Name), now, why)
		return orChanged(ok, err)
	})
}

// turn does what a form or a program asks for by name.
func (s *Service) turn(ctx context.Context, actor account.Actor, id edition.ID, certificate, do, reason string) error {
	switch do {
	case "revoke":
		return s.Revoke(ctx, actor, id, certificate, reason)
	case "restore":
		return s.Restore(ctx, actor, id, certificate, reason)
	case "correct":
		return s.Correct(ctx, actor, id, certificate, reason)
	}
	return errs.Fields{{Name: "do", Key: "error.required"}}
}

func orChanged(ok bool, err error) error {
	if err == nil && !ok {
		return errChanged
	}
	return err
}

// change changes one certificate, for a reason that is kept.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, certificate, action, reason string,
	do func(tx *sqldb.Tx, c Certificate, now time.Time, why string) error) error {
	reason = strings.TrimSpace(reason)
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return errs.Fields{{Name: "reason", Key: "certificate.reason_needed"}}
	case n > maxReason:
		return errs.Fields{{Name: "reason", Key: "certificate.reason_long", Args: []any{"max", maxReason}}}
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		c, err := getIssued(ctx, tx, id, certificate)
		if err != nil {
			return err
		}
		if err := do(tx, c, now, reason); err != nil {
			return fmt.Errorf("changing the certificate %s: %w", c.ID, err)
		}
		s.hub.Touch(tx, Topic(id))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action,
			Subject: "certificate:" + c.ID, After: reason, EditionAt: now})
	})
}
