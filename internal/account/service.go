package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/mail"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/kit/web"
)

// Service is what can be done with accounts.
type Service struct {
	db    *sqldb.DB
	ids   *ids.Source
	post  *post.Post
	trail *trail.Trail
	words *i18n.Catalogue
	// base is the installation's own address, without a slash at its end.
	base string
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, p *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, post: p, trail: t, words: words, base: strings.TrimSuffix(base, "/")}
}

// Get returns an account, erased ones too.
func (s *Service) Get(ctx context.Context, q sqldb.Querier, id ID) (Account, error) {
	return getAccount(ctx, q, id)
}

// Of returns the accounts of many, erased ones too, by their ids; whoever is not there is
// missing.
func (s *Service) Of(ctx context.Context, q sqldb.Querier, who []ID) (map[ID]Account, error) {
	all := make(map[ID]Account, len(who))
	for some := range slices.Chunk(who, 500) {
		found, err := listAccounts(ctx, q, some)
		if err != nil {
			return nil, fmt.Errorf("reading accounts: %w", err)
		}
		for _, a := range found {
			all[a.ID] = a
		}
	}
	return all, nil
}

// Find returns the account of an e-mail address, or errs.NotFound.
func (s *Service) Find(ctx context.Context, q sqldb.Querier, email string) (Account, error) {
	_, key, ok := ParseEmail(email)
	if !ok {
		return Account{}, sqldb.ErrNotFound
	}
	return accountByKey(ctx, q, key)
}

// EnsureTx returns the account of the address and makes it when there is none. A name or
// language that is known already stays. It returns errs.Invalid for what is no address.
func (s *Service) EnsureTx(ctx context.Context, tx *sqldb.Tx, email, name string, lang i18n.Lang) (Account, error) {
	email, key, ok := ParseEmail(email)
	if !ok {
		return Account{}, errs.New(errs.Invalid, "account.email_wrong")
	}
	known, err := accountByKey(ctx, tx, key)
	if err == nil {
		if known.Name == "" && name != "" {
			known.Name = name
			err = updateName(ctx, tx, known.ID, name)
		}
		return known, err
	}
	if !errors.Is(err, sqldb.ErrNotFound) {
		return Account{}, err
	}
	if lang == "" {
		lang = i18n.French
	}
	made := Account{ID: ID(s.ids.ID()), Email: email, Name: strings.TrimSpace(name), Lang: lang, Created: tx.Now()}
	fresh, err := insertAccount(ctx, tx, made, key)
	if err != nil {
		return Account{}, fmt.Errorf("making the account of %s: %w", key, err)
	}
	if !fresh {
		return accountByKey(ctx, tx, key)
	}
	return made, s.trail.Write(ctx, tx, trail.Entry{Actor: string(made.ID), Action: "account.made", Subject: "account:" + string(made.ID)})
}

// Empty says whether the installation has no account yet: its first person becomes its
// administrator.
func (s *Service) Empty(ctx context.Context) (bool, error) {
	n, err := countAccounts(ctx, s.db)
	return n == 0, err
}

// MakeAdmin gives the address the right to look after the installation.
func (s *Service) MakeAdmin(ctx context.Context, email, name string, lang i18n.Lang) (Account, error) {
	var made Account
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) (err error) {
		if made, err = s.EnsureTx(ctx, tx, email, name, lang); err != nil {
			return err
		}
		made.Admin = true
		if err := makeAdmin(ctx, tx, made.ID); err != nil {
			return err
		}
		return s.trail.Write(ctx, tx, trail.Entry{Action: "account.admin", Subject: "account:" + string(made.ID), After: "admin"})
	})
	return made, err
}

// AskLink sends a letter with a link and a code for signing in to the address, and
// leads to next afterwards, a path of this site. An address without an account gets no
// letter, and the caller is not told, nor by how often they may ask: who is registered is
// nobody's business.
func (s *Service) AskLink(ctx context.Context, email, next string) error {
	_, key, ok := ParseEmail(email)
	if !ok {
		return errs.Fields{{Name: "email", Key: "account.email_wrong"}}
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		mark := hash(key)
		n, err := countAsksSince(ctx, tx, mark, tx.Now().Add(-LinkLife))
		if err != nil {
			return err
		}
		if n >= mostLinks {
			return ErrTooManyLinks
		}
		if err := insertAsk(ctx, tx, s.ids.ID(), mark); err != nil {
			return fmt.Errorf("noting that somebody asked for a letter: %w", err)
		}
		known, err := accountByKey(ctx, tx, key)
		if errors.Is(err, sqldb.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		token, code, err := s.newLink(ctx, tx, known.ID, next, LinkLife)
		if err != nil {
			return err
		}
		l := s.words.Locale(known.Lang)
		return s.post.SendTx(ctx, tx, "", mail.Message{To: known.Email, ToName: known.Name,
			Subject: l.T("account.letter_subject", "code", code),
			Text:    l.T("account.letter_text", "name", known.Name, "url", s.url(token), "code", code)})
	})
}

// LinkTx returns an address that signs the account in, for another room's letter; it
// lives for as long as said and leads to next.
func (s *Service) LinkTx(ctx context.Context, tx *sqldb.Tx, id ID, next string, life time.Duration) (string, error) {
	token, _, err := s.newLink(ctx, tx, id, next, life)
	return s.url(token), err
}

func (s *Service) url(token string) string { return s.base + "/sign-in/" + token }

func (s *Service) newLink(ctx context.Context, tx *sqldb.Tx, id ID, next string, life time.Duration) (token, code string, err error) {
	token, code = s.ids.Secret(), s.ids.Code(6)
	err = insertLink(ctx, tx, link{TokenHash: hash(token), Account: id, CodeHash: hash(string(id) + code),
		Next: web.LocalPath(next), Expires: tx.Now().Add(life)})
	if err != nil {
		return "", "", fmt.Errorf("making a link to sign in: %w", err)
	}
	return token, code, nil
}

// CheckLink says whose link the token is, without using it: programs that look into
// letters open every link, so only a press of the button signs in. It returns ErrLink
// for a link that is dead.
func (s *Service) CheckLink(ctx context.Context, token string) (Account, error) {
	l, err := getLink(ctx, s.db, hash(token))
	if errors.Is(err, sqldb.ErrNotFound) || (err == nil && (!l.Used.IsZero() || !l.Expires.After(s.db.Now()))) {
		return Account{}, ErrLink
	}
	if err != nil {
		return Account{}, err
	}
	return getAccount(ctx, s.db, l.Account)
}

// Session is an open session: Token is for the person's cookie and is not kept.
type Session struct {
	Token   string
	Account Account
	// Next is the path that the link led to.
	Next    string
	Expires time.Time
}

// SignIn uses a link up and opens a session, or returns ErrLink.
func (s *Service) SignIn(ctx context.Context, token string) (Session, error) {
	var session Session
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		l, err := getLink(ctx, tx, hash(token))
		if errors.Is(err, sqldb.ErrNotFound) {
			return ErrLink
		}
		if err != nil {
			return err
		}
		session, err = s.useTx(ctx, tx, l)
		return err
	})
	return session, err
}

// SignInByCode opens a session with the code of a letter to the address, for whom the
// link cannot be opened on this device. After five misses the letters' codes are dead.
func (s *Service) SignInByCode(ctx context.Context, email, code string) (Session, error) {
	_, key, ok := ParseEmail(email)
	if !ok {
		return Session{}, errs.Fields{{Name: "email", Key: "account.email_wrong"}}
	}
	code = strings.ToUpper(strings.Join(strings.Fields(code), ""))
	var session Session
	missed := false
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		known, err := accountByKey(ctx, tx, key)
		if errors.Is(err, sqldb.ErrNotFound) {
			missed = true
			return nil
		}
		if err != nil {
			return err
		}
		links, err := tryLinks(ctx, tx, known.ID)
		if err != nil {
			return err
		}
		for _, l := range links {
			if l.CodeHash == hash(string(known.ID)+code) {
				session, err = s.useTx(ctx, tx, l)
				return err
			}
		}
		missed = true // the miss is committed, so it is no error inside
		return nil
	})
	if err == nil && missed {
		err = ErrLink
	}
	return session, err
}

func (s *Service) useTx(ctx context.Context, tx *sqldb.Tx, l link) (Session, error) {
	used, err := useLink(ctx, tx, l.TokenHash)
	if err != nil {
		return Session{}, err
	}
	if !used {
		return Session{}, ErrLink
	}
	session, err := s.OpenTx(ctx, tx, l.Account)
	session.Next = l.Next
	return session, err
}

// OpenTx opens a session for an account that another room has recognised: a juror's
// personal link, the demo's doors.
func (s *Service) OpenTx(ctx context.Context, tx *sqldb.Tx, id ID) (Session, error) {
	who, err := getAccount(ctx, tx, id)
	if err != nil {
		return Session{}, err
	}
	if !who.Erased.IsZero() {
		return Session{}, ErrLink
	}
	session := Session{Token: s.ids.Secret(), Account: who, Next: "/", Expires: tx.Now().Add(SessionLife)}
	if err := insertSession(ctx, tx, hash(session.Token), id, session.Expires); err != nil {
		return Session{}, fmt.Errorf("opening a session: %w", err)
	}
	return session, s.trail.Write(ctx, tx, trail.Entry{Actor: string(id), Action: "account.signed_in", Subject: "account:" + string(id)})
}

// Who returns the account of a session's token, or errs.NotFound.
func (s *Service) Who(ctx context.Context, token string) (Account, error) {
	if token == "" {
		return Account{}, sqldb.ErrNotFound
	}
	return accountOfSession(ctx, s.db, hash(token), s.db.Now())
}

// SignOut ends the session.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error { return deleteSession(ctx, tx, hash(token)) })
}

// SpeakTo sets the language of the account's letters.
func (s *Service) SpeakTo(ctx context.Context, actor Actor, lang i18n.Lang) error {
	if actor.Public() {
		return nil
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error { return updateLang(ctx, tx, actor.ID, string(lang)) })
}

// EraseTx forgets the person: the address and the name go, every session ends, no letter
// opens another, and what they did stays under the alias.
func (s *Service) EraseTx(ctx context.Context, tx *sqldb.Tx, id ID, alias string) error {
	if err := deleteSessionsOf(ctx, tx, id); err != nil {
		return err
	}
	if err := deleteLinksOf(ctx, tx, id); err != nil {
		return err
	}
	if err := eraseAccount(ctx, tx, id, alias); err != nil {
		return fmt.Errorf("erasing an account: %w", err)
	}
	return s.trail.Write(ctx, tx, trail.Entry{Action: "account.erased", Subject: "account:" + string(id)})
}

// CountErased is how many people were forgotten.
func (s *Service) CountErased(ctx context.Context, q sqldb.Querier) (int, error) {
	return countErased(ctx, q)
}

// Sweep deletes the sessions, letters' links and asks that have expired.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error { return deleteExpired(ctx, tx) })
}

// hash is how secrets are kept: who reads the database cannot sign in with it.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
