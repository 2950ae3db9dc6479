package link

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/mail"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Service is what can be done with the jurors' links.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	accounts *account.Service
	jury     *jury.Service
	hub      *live.Hub
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, j *jury.Service,
	hub *live.Hub, mailer *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, accounts: accounts, jury: j, hub: hub, post: mailer, trail: t, words: words,
		base: strings.TrimSuffix(base, "/")}
}

// change runs an organiser's change of links; note writes it into the trail.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, do func(tx *sqldb.Tx, now time.Time, note func(action string, juror account.ID) error) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		s.hub.Touch(tx, jury.Topic(id))
		return do(tx, now, func(action string, juror account.ID) error {
			return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action,
				Subject: "account:" + string(juror), EditionAt: now})
		})
	})
}

// Print makes a new card for each of the jurors; the cards that they had are dead. They
// open a session on any number of phones until the edition ends.
func (s *Service) Print(ctx context.Context, actor account.Actor, id edition.ID, jurors []account.ID) ([]Link, error) {
	var links []Link
	err := s.each(ctx, actor, id, jurors, Card, "jury.link_made", func(_ *sqldb.Tx, l Link) error {
		links = append(links, l)
		return nil
	})
	return links, err
}

// Mail writes each of the jurors a letter with a link of its own, in their language; the
// link of an earlier letter is dead, a printed card lives on. The letters leave if and only
// if all of it commits, and again after every failure of the mail server.
func (s *Service) Mail(ctx context.Context, actor account.Actor, id edition.ID, jurors []account.ID) error {
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return err
	}
	return s.each(ctx, actor, id, jurors, Letter, "jury.link_mailed", func(tx *sqldb.Tx, l Link) error {
		if l.Juror.Account.Email == "" {
			return errs.Fields{{Name: "juror", Key: "link.no_address", Args: []any{"name", l.Juror.Account.Name}}}
		}
		return s.post.SendTx(ctx, tx, string(id), s.letter(e, l))
	})
}

// letter is what a juror reads.
func (s *Service) letter(e edition.Edition, l Link) mail.Message {
	who := l.Juror.Account
	lang := who.Lang
	if lang == "" {
		lang = e.Lang
	}
	t := s.words.Locale(lang).In(e.Zone).With(e.Words)
	text := t.T("link.letter", "name", who.Name, "edition", e.Name, "url", l.URL, "typed", s.base+"/j", "code", l.Code[:3]+" "+l.Code[3:])
	if e.Contact != "" {
		text += "\n\n" + t.T("link.letter_contact", "contact", e.Contact)
	}
	return mail.Message{To: who.Email, ToName: who.Name, Subject: t.T("link.letter_subject", "edition", e.Name), Text: text}
}

// each makes a new link of the way for each of the jurors and hands it on.
func (s *Service) each(ctx context.Context, actor account.Actor, id edition.ID, jurors []account.ID, way Way, action string, use func(tx *sqldb.Tx, l Link) error) error {
	if len(jurors) == 0 {
		return errs.Fields{{Name: "juror", Key: "link.nobody"}}
	}
	return s.change(ctx, actor, id, func(tx *sqldb.Tx, now time.Time, note func(string, account.ID) error) error {
		all, err := s.jury.Jurors(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, who := range jurors {
			j, is := find(all, who)
			if !is {
				return jury.ErrNotJuror
			}
			l, err := s.make(ctx, tx, id, j, way, now)
			if err != nil {
				return err
			}
			if err := use(tx, l); err != nil {
				return err
			}
			if err := note(action, who); err != nil {
				return err
			}
		}
		return nil
	})
}

// make writes a juror's new link in place of the older one of its way.
func (s *Service) make(ctx context.Context, tx *sqldb.Tx, id edition.ID, j jury.Juror, way Way, now time.Time) (Link, error) {
	if _, err := revokeLinks(ctx, tx, id, j.Account.ID, way, now); err != nil {
		return Link{}, fmt.Errorf("revoking older links: %w", err)
	}
	token, code := s.ids.Secret(), s.ids.Code(codeLength)
	if err := insertLink(ctx, tx, row{id: s.ids.ID(), edition: id, juror: j.Account.ID, way: way, made: now}, token, code); err != nil {
		return Link{}, fmt.Errorf("making a juror's link: %w", err)
	}
	return Link{Juror: j, URL: s.base + "/j/" + token, Code: code}, nil
}

// Revoke kills a juror's links and codes: the paper or the phone was lost.
func (s *Service) Revoke(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID) error {
	return s.change(ctx, actor, id, func(tx *sqldb.Tx, now time.Time, note func(string, account.ID) error) error {
		n, err := revokeLinks(ctx, tx, id, juror, "", now)
		if err != nil {
			return fmt.Errorf("revoking a juror's links: %w", err)
		}
		if n == 0 {
			return sqldb.ErrNotFound
		}
		return note("jury.link_revoked", juror)
	})
}

// Entries lists the jury with the links that work, and when each was last used.
func (s *Service) Entries(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Entry, error) {
	jurors, err := s.jury.Jurors(ctx, q, id)
	if err != nil {
		return nil, err
	}
	rows, err := listAlive(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("reading the jurors' links: %w", err)
	}
	ways := map[account.ID]map[Way]State{}
	for _, l := range rows {
		if ways[l.juror] == nil {
			ways[l.juror] = map[Way]State{}
		}
		ways[l.juror][l.way] = State{Made: l.made, Used: l.used}
	}
	all := make([]Entry, len(jurors))
	for i, j := range jurors {
		all[i] = Entry{Juror: j, Ways: ways[j.Account.ID]}
	}
	return all, nil
}

// Check says whose link it is and of which edition, without opening anything: programs
// that look into letters follow links. A dead one is ErrDead.
func (s *Service) Check(ctx context.Context, token string) (edition.Edition, account.Account, error) {
	l, err := byToken(ctx, s.db, token)
	if errors.Is(err, sqldb.ErrNotFound) {
		return edition.Edition{}, account.Account{}, ErrDead
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
func (s *Service) alive(ctx context.Context, q sqldb.Querier, l row) (edition.Edition, error) {
	e, err := s.editions.Get(ctx, q, l.edition)
	if err != nil {
		return e, err
	}
	roles, err := s.editions.Roles(ctx, q, l.edition, l.juror)
	if err != nil {
		return e, err
	}
	if !l.alive(e, roles, e.Now(s.db.Now())) {
		return edition.Edition{}, ErrDead
	}
	return e, nil
}

// Open opens a session for the juror whose link it is; Next of the session leads to
// their teams.
func (s *Service) Open(ctx context.Context, token string) (account.Session, error) {
	var session account.Session
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		l, err := byToken(ctx, tx, token)
		if errors.Is(err, sqldb.ErrNotFound) {
			return ErrDead
		}
		if err != nil {
			return err
		}
		session, err = s.enter(ctx, tx, l)
		return err
	})
	return session, err
}

// OpenCode is Open for the code that stands under the QR code or was said aloud. Codes
// that are nobody's are counted, and too many of them close this door for a while.
func (s *Service) OpenCode(ctx context.Context, code string) (account.Session, error) {
	var session account.Session
	err := s.withCode(ctx, code, func(tx *sqldb.Tx, l row) (err error) {
		session, err = s.enter(ctx, tx, l)
		return err
	})
	return session, err
}

// Whose says whose code it is in the edition, for a juror who signs on a shared device;
// it is guarded as OpenCode is.
func (s *Service) Whose(ctx context.Context, id edition.ID, code string) (account.ID, error) {
	var who account.ID
	err := s.withCode(ctx, code, func(tx *sqldb.Tx, l row) error {
		e, err := s.alive(ctx, tx, l)
		if err == nil && e.ID != id {
			err = errWrongCode
		}
		who = l.juror
		return err
	})
	return who, err
}

// withCode finds the link that the code belongs to.
func (s *Service) withCode(ctx context.Context, code string, use func(tx *sqldb.Tx, l row) error) error {
	var refused error
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		n, err := countMisses(ctx, tx, tx.Now().Add(-missWindow))
		if err != nil {
			return err
		}
		if n >= mostMisses {
			return errs.New(errs.TooMany, "link.too_many_codes")
		}
		l, err := byCode(ctx, tx, spoken(code))
		if errors.Is(err, sqldb.ErrNotFound) {
			refused = errWrongCode // the miss is kept, so it is no error inside
			if err := sweepMisses(ctx, tx, tx.Now().Add(-missWindow)); err != nil {
				return err
			}
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

func (s *Service) enter(ctx context.Context, tx *sqldb.Tx, l row) (account.Session, error) {
	e, err := s.alive(ctx, tx, l)
	if err != nil {
		return account.Session{}, err
	}
	if err := useLink(ctx, tx, l.id, e.Now(tx.Now())); err != nil {
		return account.Session{}, fmt.Errorf("noting the use of a link: %w", err)
	}
	session, err := s.accounts.OpenTx(ctx, tx, l.juror)
	session.Next = e.URL() + "/jury"
	s.hub.Touch(tx, jury.Topic(e.ID))
	return session, err
}

// Forget takes back every link of a person who is forgotten.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	if err := revokeEvery(ctx, tx, who); err != nil {
		return fmt.Errorf("taking back the links of %s: %w", who, err)
	}
	return nil
}
