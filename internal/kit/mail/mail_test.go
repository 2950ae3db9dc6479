package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"h48/internal/kit/mail"
	"h48/internal/kit/mail/mailbox"
)

func open(t *testing.T) (*mailbox.Mailbox, *mail.SMTP) {
	t.Helper()
	box, err := mailbox.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	host, port := box.HostPort()
	sender, err := mail.NewSMTP(mail.Config{Host: host, Port: port, Security: mail.Clear,
		From: "h48@example.org", FromName: "L'équipe H48"})
	if err != nil {
		t.Fatal(err)
	}
	return box, sender
}

func TestSMTP_arrivesAsWritten(t *testing.T) {
	t.Parallel()
	box, sender := open(t)
	err := sender.Send(t.Context(), mail.Message{
		ID: "m1", To: "zoe@example.org", ToName: "Zoé Œuvrard",
		Subject: "Votre équipe est prête : rendez-vous à 8 h, pour un long week-end près de la Somme",
		Text:    "Bonjour Zoé,\n\n.un point en tête de ligne\nÀ samedi !", HTML: "<p>À samedi&nbsp;!</p>",
		Headers:     map[string]string{"List-Unsubscribe": "<https://example.org/stop>"},
		Attachments: []mail.Attachment{{Name: "début.ics", ContentType: "text/calendar", Content: []byte("BEGIN:VCALENDAR\r\n")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := box.Wait(t.Context(), "ZOE@example.org", 1)
	if err != nil {
		t.Fatal(err)
	}
	m := got[0]
	for name, pair := range map[string][2]string{
		"subject":     {m.Subject, "Votre équipe est prête : rendez-vous à 8 h, pour un long week-end près de la Somme"},
		"from":        {m.From, `L'équipe H48 <h48@example.org>`},
		"text":        {m.Text, "Bonjour Zoé,\n\n.un point en tête de ligne\nÀ samedi !"},
		"html":        {m.HTML, "<p>À samedi&nbsp;!</p>"},
		"unsubscribe": {m.Header.Get("List-Unsubscribe"), "<https://example.org/stop>"},
		"id":          {m.Header.Get("Message-Id"), "<m1@example.org>"},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	want := []mailbox.Attachment{{Name: "début.ics", ContentType: "text/calendar", Content: []byte("BEGIN:VCALENDAR\r\n")}}
	if diff := cmp.Diff(want, m.Attachments); diff != "" {
		t.Error(diff)
	}
}

func TestSMTP_refusals(t *testing.T) {
	t.Parallel()
	box, sender := open(t)
	good := mail.Message{To: "ana@example.org", Subject: "s", Text: "t"}
	for _, c := range []struct {
		name      string
		code      int // 0: nobody refuses but the sender
		message   mail.Message
		permanent bool
	}{
		{"later", 450, good, false},
		{"never", 550, good, true},
		{"no address", 0, mail.Message{To: "ana", Subject: "s", Text: "t"}, true},
		{"a second recipient", 0, mail.Message{To: "a@example.org, b@example.org", Subject: "s", Text: "t"}, true},
		{"an injected header", 0, mail.Message{To: "ana@example.org", ReplyTo: "b@example.org\r\nBcc: c@example.org", Subject: "s", Text: "t"}, true},
		{"no text", 0, mail.Message{To: "ana@example.org", Subject: "s"}, true},
	} {
		if c.code != 0 {
			box.Refuse(1, c.code)
		}
		err := sender.Send(t.Context(), c.message)
		if err == nil || mail.Permanent(err) != c.permanent {
			t.Errorf("%s: got %v (permanent %v), want permanent %v", c.name, err, mail.Permanent(err), c.permanent)
		}
	}
	if err := sender.Send(t.Context(), good); err != nil {
		t.Errorf("after the refusals: %v", err)
	}
	if got := len(box.Messages("")); got != 1 {
		t.Errorf("%d mails arrived, want 1", got)
	}
}

// What people call themselves and their teams may hold anything: it stays in its line, and
// keeps nobody's letter back.
func TestSMTP_namesStayInTheirLine(t *testing.T) {
	t.Parallel()
	box, sender := open(t)
	err := sender.Send(t.Context(), mail.Message{To: "ana@example.org", ToName: "Ana\r\nBcc: b@example.org", FromName: "Un\tbailleur\x00",
		Subject: "L’équipe «\u00a0A\nB\u00a0»\r\nBcc: c@example.org", Text: "t"})
	if err != nil {
		t.Fatal(err)
	}
	got := box.Messages("ana@example.org")
	if len(got) != 1 || len(box.Messages("")) != 1 || got[0].Subject != "L’équipe «\u00a0A B\u00a0» Bcc: c@example.org" || got[0].Header.Get("Bcc") != "" {
		t.Errorf("%+v", got)
	}
}

func TestSMTP_noServerIsTemporary(t *testing.T) {
	t.Parallel()
	box, sender := open(t)
	box.Close()
	err := sender.Send(t.Context(), mail.Message{To: "ana@example.org", Subject: "s", Text: "t"})
	if err == nil || mail.Permanent(err) {
		t.Errorf("got %v, want an error that is not permanent", err)
	}
}

func TestSMTP_heedsTheContext(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes calls and never speaks
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	sender, err := mail.NewSMTP(mail.Config{Host: "127.0.0.1", Port: silent.Addr().(*net.TCPAddr).Port,
		Security: mail.Clear, From: "h48@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err = sender.Send(ctx, mail.Message{To: "ana@example.org", Subject: "s", Text: "t"})
	if !errors.Is(err, context.DeadlineExceeded) || mail.Permanent(err) {
		t.Errorf("got %v, want the deadline", err)
	}
}

func TestSMTP_security(t *testing.T) {
	t.Parallel()
	certified := httptest.NewTLSServer(nil) // lends its certificate, which names example.com
	t.Cleanup(certified.Close)
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	secured := server(t, "127.0.0.1:0", certified.TLS.Certificates, false)
	implicit := server(t, "127.0.0.1:0", certified.TLS.Certificates, true)
	plain := server(t, "127.0.0.1:0", nil, false)
	for _, c := range []struct {
		name     string
		port     int
		security mail.Security
		roots    *x509.CertPool
		password string
		ok       bool
	}{
		{"TLS asked for and offered", secured, mail.StartTLS, roots, "sesame", true},
		{"the zero value asks for TLS", plain, "", roots, "sesame", false},
		{"TLS from the first byte", implicit, mail.ImplicitTLS, roots, "sesame", true},
		{"an unknown authority", secured, mail.StartTLS, nil, "sesame", false},
		{"TLS where offered", secured, mail.Opportunistic, roots, "sesame", true},
		{"a password in clear, as asked", plain, mail.Clear, roots, "sesame", true},
		{"a wrong password", secured, mail.StartTLS, roots, "sésame", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sender, err := mail.NewSMTP(mail.Config{Host: "127.0.0.1", Port: c.port, User: "h48", Password: c.password,
				Security: c.security, RootCAs: c.roots, From: "h48@example.org"})
			if err != nil {
				t.Fatal(err)
			}
			err = sender.Send(t.Context(), mail.Message{To: "ana@example.org", Subject: "s", Text: "t"})
			if (err == nil) != c.ok || mail.Permanent(err) {
				t.Errorf("got %v, want success %v and nothing permanent", err, c.ok)
			}
		})
	}
}

func TestSMTP_noPasswordInClear(t *testing.T) {
	t.Parallel()
	port := server(t, "127.0.0.2:0", nil, false) // not an address that the library takes for this machine
	for security, ok := range map[mail.Security]bool{mail.Opportunistic: false, mail.Clear: true} {
		sender, err := mail.NewSMTP(mail.Config{Host: "127.0.0.2", Port: port, User: "h48", Password: "sesame",
			Security: security, From: "h48@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		err = sender.Send(t.Context(), mail.Message{To: "ana@example.org", Subject: "s", Text: "t"})
		if (err == nil) != ok {
			t.Errorf("%s: got %v, want success %v", security, err, ok)
		}
	}
}

// server starts a mail server that asks for the password "sesame" and returns its port.
func server(t *testing.T, addr string, certificates []tls.Certificate, implicit bool) int {
	t.Helper()
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &guarded{}, nil }))
	s.AllowInsecureAuth = certificates == nil
	s.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		t.Skipf("this machine has no %s: %v", addr, err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if certificates != nil {
		s.TLSConfig = &tls.Config{Certificates: certificates}
	}
	if implicit {
		listener = tls.NewListener(listener, s.TLSConfig)
	}
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close() })
	return port
}

type guarded struct{ in bool }

func (g *guarded) AuthMechanisms() []string { return []string{sasl.Plain} }
func (g *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if password != "sesame" {
			return smtp.ErrAuthFailed
		}
		g.in = true
		return nil
	}), nil
}
func (g *guarded) Reset()        {}
func (g *guarded) Logout() error { return nil }
func (g *guarded) Mail(string, *smtp.MailOptions) error {
	if !g.in {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (g *guarded) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (g *guarded) Data(r io.Reader) error               { _, err := io.Copy(io.Discard, r); return err }

func TestNewSMTP_refusesAConfiguration(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]mail.Config{
		"no host":        {From: "h48@example.org"},
		"no sender":      {Host: "localhost"},
		"a strange word": {Host: "localhost", From: "h48@example.org", Security: "ssl3"},
	} {
		if _, err := mail.NewSMTP(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLog_writesTheTextForTheOperator(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	sender := mail.Log{Logger: slog.New(slog.NewTextHandler(&out, nil))}
	if err := sender.Send(t.Context(), mail.Message{To: "ana@example.org", Subject: "Entrer", Text: "https://h48.example/in"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ana@example.org", "Entrer", "https://h48.example/in"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log lacks %q: %s", want, out.String())
		}
	}
}

// A letter may come in somebody's name and send answers to them; the address it comes from
// stays the installation's, which is the one that its server may use.
func TestSMTP_inSomebodysName(t *testing.T) {
	t.Parallel()
	box, sender := open(t)
	err := sender.Send(t.Context(), mail.Message{To: "zoe@example.org", Text: "Bonjour", FromName: "Hackathon d’Amiens", ReplyTo: "contact@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := box.Wait(t.Context(), "zoe@example.org", 1)
	if err != nil {
		t.Fatal(err)
	}
	if from := got[0].From; !strings.Contains(from, "Hackathon d’Amiens") || !strings.Contains(from, "<h48@example.org>") {
		t.Errorf("it comes from %q", from)
	}
	if to := got[0].Header.Get("Reply-To"); !strings.Contains(to, "contact@example.org") {
		t.Errorf("answers go to %q", to)
	}
	if err := sender.Send(t.Context(), mail.Message{To: "zoe@example.org", Text: "Bonjour", ReplyTo: "a@b\r\nBcc: c@d"}); !mail.Permanent(err) {
		t.Errorf("a header in the address: %v", err)
	}
}
