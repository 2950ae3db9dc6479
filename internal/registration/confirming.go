package registration

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// askToConfirm sends the letter that the owner of the address confirms by.
func (s *Service) askToConfirm(ctx context.Context, tx *sqldb.Tx, e edition.Edition, r Registration, a Answers) error {
	n, err := countLinksSince(ctx, tx, r.ID, tx.Now().Add(-letterPause))
	if err != nil {
		return err
	}
	if n >= mostLetters {
		return errs.New(errs.TooMany, "registration.too_many_letters")
	}
	if r.State == Refused {
		return nil // no letter can change it, and nobody is told on this page
	}
	letter := letterConfirm
	if r.State == Confirmed || r.State == Waiting {
		letter = letterKnown
	}
	return s.send(ctx, tx, e, r, letter, &a)
}

// CheckLink says whose registration the link of a letter is, without using it: programs
// that look into letters open every link, so only a press of a button confirms.
func (s *Service) CheckLink(ctx context.Context, id edition.ID, token string) (r Registration, canConfirm bool, err error) {
	l, err := getLink(ctx, s.db, hash(token))
	if errors.Is(err, sqldb.ErrNotFound) {
		return r, false, ErrLink
	}
	if err != nil {
		return r, false, err
	}
	if r, err = getRegistration(ctx, s.db, l.registration); err != nil {
		return r, false, err
	}
	if r.Edition != id || r.State == Erased {
		return Registration{}, false, ErrLink
	}
	return r, l.confirms(s.db.Now()), nil
}

// confirms says whether the link may still confirm and sign in.
func (l letterLink) confirms(now time.Time) bool {
	return l.used.IsZero() && now.Before(l.created.Add(linkLife))
}

// Confirm uses the link of a letter up: the address is right, the answers that came with
// the link are taken, and the person gets a seat or a place in the waiting order. The
// session signs them in. It returns ErrLink for a link that is dead.
func (s *Service) Confirm(ctx context.Context, id edition.ID, token string) (Registration, account.Session, error) {
	var r Registration
	var session account.Session
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		l, err := s.takeLink(ctx, tx, e, token)
		if err != nil {
			return err
		}
		if r, err = getRegistration(ctx, tx, l.registration); err != nil {
			return err
		}
		if l.answers != nil {
			r.RulesAt = now
		}
		settled, err := s.settle(ctx, tx, account.Actor{ID: r.Account}, e, r, l.answers, now)
		if err != nil {
			return err
		}
		r = *settled
		session, err = s.accounts.OpenTx(ctx, tx, r.Account)
		return err
	})
	return r, session, err
}

// takeLink uses a link of the edition up, or returns ErrLink.
func (s *Service) takeLink(ctx context.Context, tx *sqldb.Tx, e edition.Edition, token string) (letterLink, error) {
	l, err := getLink(ctx, tx, hash(token))
	if errors.Is(err, sqldb.ErrNotFound) {
		return l, ErrLink
	}
	if err != nil {
		return l, err
	}
	r, err := getRegistration(ctx, tx, l.registration)
	if err != nil {
		return l, err
	}
	if r.Edition != e.ID || r.State == Erased || !l.confirms(tx.Now()) {
		return l, ErrLink
	}
	used, err := useLink(ctx, tx, hash(token))
	if err == nil && !used {
		err = ErrLink
	}
	return l, err
}

// DeclineByLink is for who reads in a letter that they have a seat and cannot come: any
// link of any letter declines, until the edition ends, and nobody has to sign in for it.
func (s *Service) DeclineByLink(ctx context.Context, id edition.ID, token string) (Registration, error) {
	r, _, err := s.CheckLink(ctx, id, token)
	if err != nil {
		return r, err
	}
	return s.Decline(ctx, account.Actor{ID: r.Account}, r.Edition)
}

// hash is how the secrets of letters are kept.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
