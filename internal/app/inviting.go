package app

import (
	"context"
	netmail "net/mail"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// inviteLife is how long the link of an invitation opens the door without another one: an
// invitation is read when somebody is back from their holidays.
const inviteLife = 30 * day

// sign lets a letter come from the event, not from the program, and answers go to whom
// the event names.
func (a *App) sign(ctx context.Context, id string, m *mail.Message) error {
	e, err := a.Editions.Get(ctx, a.DB, edition.ID(id))
	if err != nil {
		return err
	}
	m.FromName = e.Name
	if to, err := netmail.ParseAddress(e.Contact); err == nil {
		m.ReplyTo = to.Address
	}
	return nil
}

// invite orders the letter that tells somebody what they are in the event and lets them
// in.
func (a *App) invite(ctx context.Context, actor account.Actor, id edition.ID, who account.Account, role edition.Role) error {
	return a.DB.InTx(ctx, func(tx *sqldb.Tx) error {
		e, err := a.Editions.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		url, err := a.Accounts.LinkTx(ctx, tx, who.ID, e.URL()+"/today", inviteLife)
		if err != nil {
			return err
		}
		l := a.Words.Locale(who.Lang).In(e.Zone).With(e.Words)
		return a.mailer.SendTx(ctx, tx, string(id), a.invitation(l, e, actor, who, role, url))
	})
}

func (a *App) invitation(l i18n.Locale, e edition.Edition, actor account.Actor, who account.Account, role edition.Role, url string) mail.Message {
	args := []any{"name", who.Name, "by", actor.Name, "edition", e.Name, "role", l.T("edition.role." + string(role)), "when", datesOf(l, e),
		"place", e.Place, "what", l.T("app.invite.what." + string(role)), "url", url, "days", int(inviteLife / day), "again", a.Config.Base() + "/sign-in"}
	return mail.Message{To: who.Email, ToName: who.Name, Subject: l.T("app.invite.subject", args...), Text: l.T("app.invite.text", args...)}
}

// datesOf is from when to when the edition lasts, with the year: an announcement is read
// months before.
func datesOf(l i18n.Locale, e edition.Edition) string { return l.Dates(e.Begins(), lastOf(e)) }
