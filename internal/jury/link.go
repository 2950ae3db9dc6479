package jury

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// How a code is guarded: of 30^6 codes a jury has a dozen.
const (
	codeLength = 6
	mostMisses = 60 // of all visitors together, in missWindow
	missWindow = 10 * time.Minute
)

// Link is a juror's personal way in, as it can be shown once: the address and the code
// are not kept.
type Link struct {
	Juror Juror
	URL   string
	Code  string
}

// LinkState is what is known of a juror's link afterwards.
type LinkState struct {
	Made, Used time.Time // Used is the last time, zero for never
}

// Issue makes a new link and code for each of the jurors; those that they had are dead.
// They open a session on any number of phones until the edition ends.
func (s *Service) Issue(ctx context.Context, actor account.Actor, id edition.ID, jurors []account.ID) ([]Link, error) {
	var links []Link
	err := s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		for _, who := range jurors {
			j, err := s.juror(ctx, tx, id, who)
			if err != nil {
				return err
			}
			if _, err := revokeLinks(ctx, tx, id, who, now); err != nil {
				return fmt.Errorf("revoking older links: %w", err)
			}
			token, code := s.ids.Secret(), s.ids.Code(codeLength)
			if err := insertLink(ctx, tx, linkRow{id: s.ids.ID(), edition: id, juror: who, made: now}, token, code); err != nil {
				return fmt.Errorf("making a juror's link: %w", err)
			}
			links = append(links, Link{Juror: j, URL: s.base + "/j/" + token, Code: code})
			if err := s.note(ctx, tx, actor, id, now, "jury.link_made", "account:"+string(who), "", ""); err != nil {
				return err
			}
		}
		return nil
	})
	return links, err
}

// Revoke kills a juror's link and code: the paper or the phone was lost.
func (s *Service) Revoke(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID) error {
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		n, err := revokeLinks(ctx, tx, id, juror, now)
		if err != nil {
			return fmt.Errorf("revoking a juror's link: %w", err)
		}
		if n == 0 {
			return sqldb.ErrNotFound
		}
		return s.note(ctx, tx, actor, id, now, "jury.link_revoked", "account:"+string(juror), "", "")
	})
}

// Links says which jurors have a link that works, and when it was last used.
func (s *Service) Links(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]LinkState, error) {
	rows, err := listLinks(ctx, q, id)
	all := map[account.ID]LinkState{}
	for _, l := range rows {
		all[l.juror] = LinkState{Made: l.made, Used: l.used}
	}
	return all, err
}

// CheckLink says whose link it is and of which edition, without opening anything:
// programs that look into letters follow links. A dead one is ErrLink.
func (s *Service) CheckLink(ctx context.Context, token string) (edition.Edition, account.Account, error) {
	l, err := linkByToken(ctx, s.db, token)
	if errors.Is(err, sqldb.ErrNotFound) {
		return edition.Edition{}, account.Account{}, ErrLink
	}
	if err != nil {
		return edition.Edition{}, account.Account{}, err
	}
	e, err := s.alive(ctx, s.db, l)
	if err != nil {
		return e, account.Account{}, err
	}
	who, err := s.accounts.Get(ctx, s.db, l.juror)
	return e, who, err
}

// alive refuses a link that is revoked, of an edition that has ended, or of somebody who
// is no longer a juror.
func (s *Service) alive(ctx context.Context, q sqldb.Querier, l linkRow) (edition.Edition, error) {
	e, err := s.editions.Get(ctx, q, l.edition)
	if err != nil {
		return e, err
	}
	roles, err := s.editions.Roles(ctx, q, l.edition, l.juror)
	if err != nil {
		return e, err
	}
	if !l.revoked.IsZero() || e.State == edition.Archived || e.Has(edition.Ends, e.Now(s.db.Now())) || !roles.Has(edition.Juror) {
		return edition.Edition{}, ErrLink
	}
	return e, nil
}

// OpenLink opens a session for the juror whose link it is; Next of the
// session leads to their teams.
func (s *Service) OpenLink(ctx context.Context, token string) (account.Session, error) {
	var session account.Session
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		l, err := linkByToken(ctx, tx, token)
		if errors.Is(err, sqldb.ErrNotFound) {
			return ErrLink
		}
		if err != nil {
			return err
		}
		session, err = s.open(ctx, tx, l)
		return err
	})
	return session, err
}

// OpenCode is OpenLink for the code that stands under the QR code or was said aloud.
// Codes that are nobody's are counted, and too many of them close this door for a while.
func (s *Service) OpenCode(ctx context.Context, code string) (account.Session, error) {
	var session account.Session
	err := s.byCode(ctx, code, func(tx *sqldb.Tx, l linkRow) (err error) {
		session, err = s.open(ctx, tx, l)
		return err
	})
	return session, err
}

// Whose says whose code it is in the edition, for a juror who signs on a shared device;
// it is guarded as OpenCode is.
func (s *Service) Whose(ctx context.Context, id edition.ID, code string) (account.ID, error) {
	var who account.ID
	err := s.byCode(ctx, code, func(tx *sqldb.Tx, l linkRow) error {
		e, err := s.alive(ctx, tx, l)
		if err == nil && e.ID != id {
			err = errs.Fields{{Name: "code", Key: "jury.code_wrong"}}
		}
		who = l.juror
		return err
	})
	return who, err
}

// byCode finds the link that the code belongs to.
func (s *Service) byCode(ctx context.Context, code string, use func(tx *sqldb.Tx, l linkRow) error) error {
	code = strings.ToUpper(strings.Join(strings.FieldsFunc(code, func(r rune) bool { return r == ' ' || r == '-' || r == '.' || r == '\u00a0' }), ""))
	var refused error
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		n, err := countMisses(ctx, tx, tx.Now().Add(-missWindow))
		if err != nil {
			return err
		}
		if n >= mostMisses {
			return errs.New(errs.TooMany, "jury.too_many_codes")
		}
		l, err := linkByCode(ctx, tx, code)
		if errors.Is(err, sqldb.ErrNotFound) {
			refused = errs.Fields{{Name: "code", Key: "jury.code_wrong"}} // the miss is kept, so it is no error inside
			return insertMiss(ctx, tx, s.ids.ID())
		}
		if err != nil {
			return err
		}
		return use(tx, l)
	})
	if err == nil {
		err = refused
	}
	return err
}

func (s *Service) open(ctx context.Context, tx *sqldb.Tx, l linkRow) (account.Session, error) {
	e, err := s.alive(ctx, tx, l)
	if err != nil {
		return account.Session{}, err
	}
	if err := useLink(ctx, tx, l.id, e.Now(tx.Now())); err != nil {
		return account.Session{}, fmt.Errorf("noting the use of a link: %w", err)
	}
	session, err := s.accounts.OpenTx(ctx, tx, l.juror)
	session.Next = e.URL() + "/jury"
	return session, err
}
