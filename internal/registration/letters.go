package registration

import (
	"context"
	"fmt"
	"html"
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// letter is one of the letters of this room: the words "registration.letter.NAME.subject",
// ".text" and ".button".
type letter string

const (
	letterConfirm letter = "confirm" // is this address yours?
	letterKnown   letter = "known"   // you are registered already; shall it be changed?
	letterSeat    letter = "seat"
	letterWaiting letter = "waiting"
	letterMovedUp letter = "moved_up"
	letterAdded   letter = "added"   // an organiser has registered you
	letterDropped letter = "dropped" // an organiser has taken the seat back
)

// send orders a letter with a link of its own; a link with answers asks to confirm them.
func (s *Service) send(ctx context.Context, tx *sqldb.Tx, e edition.Edition, r Registration, which letter, answers *Answers) error {
	if r.Email == "" {
		return nil
	}
	who, err := s.accounts.Get(ctx, tx, r.Account)
	if err != nil {
		return err
	}
	token := s.ids.Secret()
	if err := insertLink(ctx, tx, hash(token), r.ID, answers); err != nil {
		return fmt.Errorf("making the link of a letter: %w", err)
	}
	ahead, err := countAhead(ctx, tx, r)
	if err != nil {
		return err
	}
	l := s.words.Locale(who.Lang).In(e.Zone).With(e.Words)
	m := which.write(l, e, r, s.base+e.URL()+"/register/"+token, ahead+1)
	return s.post.SendTx(ctx, tx, string(e.ID), m)
}

// write composes the letter: the same sentences as text and as a page with one button.
func (w letter) write(l i18n.Locale, e edition.Edition, r Registration, url string, place int) mail.Message {
	args := []any{"name", r.Name, "edition", e.Name, "place", e.Place, "url", url, "position", place, "host", e.Host}
	if at, set := e.At[edition.Doors]; set {
		args = append(args, "when", l.Date(at)+", "+l.Clock(at))
	} else {
		args = append(args, "when", l.Date(e.At[edition.Starts])+", "+l.Clock(e.At[edition.Starts]))
	}
	body := l.T("registration.letter."+string(w)+".text", args...)
	button := l.T("registration.letter." + string(w) + ".button")
	end := l.T("registration.letter.end", args...)
	return mail.Message{To: r.Email, ToName: r.Name, Subject: l.T("registration.letter."+string(w)+".subject", args...),
		Text: body + "\n\n" + button + l.T("registration.letter.colon") + "\n" + url + "\n\n" + end + "\n",
		HTML: letterPage(l, body, button, url, end)}
}

// letterPage is the letter for readers of HTML: one column, one button, no picture.
func letterPage(l i18n.Locale, body, button, url, end string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="%s"><body style="margin:0;padding:24px;font:17px/1.5 sans-serif;color:#12303a;background:#f3f7f6">`+
		`<div style="max-width:34em;margin:auto;padding:24px;background:#fff;border-radius:12px">`, l.Lang)
	for _, paragraph := range strings.Split(body, "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>") + "</p>")
	}
	fmt.Fprintf(&b, `<p style="margin:28px 0"><a href="%s" style="padding:14px 22px;border-radius:10px;background:#0b5c73;color:#fff;`+
		`font-weight:bold;text-decoration:none">%s</a></p><p style="color:#4a6068;font-size:15px">%s</p></div></body></html>`,
		html.EscapeString(url), html.EscapeString(button), strings.ReplaceAll(html.EscapeString(end), "\n", "<br>"))
	return b.String()
}
