package mail

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security says how the connection to the mail server is protected.
type Security string

// The ways to protect a connection. The zero value is StartTLS.
const (
	// StartTLS begins in clear and refuses to go on unless the server offers TLS.
	StartTLS Security = "starttls"
	// ImplicitTLS speaks TLS from the first byte, usually on port 465.
	ImplicitTLS Security = "tls"
	// Opportunistic uses TLS where the server offers it, and clear text where not.
	Opportunistic Security = "opportunistic"
	// Clear never uses TLS: for a server on the same machine.
	Clear Security = "none"
)

// sendTimeout bounds one sending whose context has no nearer deadline.
const sendTimeout = 30 * time.Second

// Config says which server takes the mail and who it comes from.
type Config struct {
	Host string
	// Port is 587 where it is zero (465 with ImplicitTLS).
	Port int
	// User and Password are sent where User is not empty, and only over TLS unless
	// Security is Clear or the server is on this very machine.
	User, Password string
	Security       Security
	// RootCAs are the authorities to believe instead of the system's.
	RootCAs *x509.CertPool
	// From is the bare address of the sender, FromName what is shown before it.
	From, FromName string
}

// SMTP sends through a mail server, one connection for each message. It is safe for
// concurrent use.
type SMTP struct {
	config  Config
	options []gomail.Option
}

// NewSMTP checks the configuration; it does not connect.
func NewSMTP(c Config) (*SMTP, error) {
	if _, err := netmail.ParseAddress("<" + c.From + ">"); err != nil {
		return nil, fmt.Errorf("the sender's address %q: %w", c.From, err)
	}
	options, err := c.options()
	if err != nil {
		return nil, err
	}
	if _, err := gomail.NewClient(c.Host, options...); err != nil {
		return nil, fmt.Errorf("mail server %q: %w", c.Host, err)
	}
	return &SMTP{config: c, options: options}, nil
}

func (c Config) options() ([]gomail.Option, error) {
	port := 587
	// The mechanisms are named because the library would find none on a connection that
	// it did not itself secure (see dial). PLAIN and LOGIN refuse to speak in clear,
	// but to this very machine.
	mechanisms := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
	options := []gomail.Option{gomail.WithTLSConfig(&tls.Config{
		ServerName: c.Host, RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12})}
	switch c.Security {
	case StartTLS, "":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Opportunistic:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	case Clear:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		mechanisms = []gomail.SMTPAuthType{gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
	case ImplicitTLS:
		port = 465
		options = append(options, gomail.WithSSL())
	default:
		return nil, fmt.Errorf("unknown security %q: want starttls, tls, opportunistic or none", c.Security)
	}
	if c.Port != 0 {
		port = c.Port
	}
	options = append(options, gomail.WithPort(port))
	if _, domain, ok := strings.Cut(c.From, "@"); ok {
		options = append(options, gomail.WithHELO(domain))
	}
	if c.User != "" {
		options = append(options, gomail.WithOpportunisticSMTPAuth(mechanisms...),
			gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	}
	return options, nil
}

// Send hands the message to the server. It gives up when ctx ends, and after half a
// minute in any case.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	m = m.oneLine()
	if err := m.check(); err != nil {
		return fmt.Errorf("sending a mail: %w", err)
	}
	msg, err := s.compose(m)
	if err != nil {
		return fmt.Errorf("composing a mail to %s: %w", m.To, permanentError{err})
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	options := append([]gomail.Option{gomail.WithTimeout(sendTimeout),
		gomail.WithDialContextFunc(s.dial(ctx))}, s.options...)
	client, err := gomail.NewClient(s.config.Host, options...)
	if err != nil {
		return fmt.Errorf("mail server %q: %w", s.config.Host, err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // a farewell that fails does not unsend
		return nil
	}
	if ctx.Err() != nil {
		err = errors.Join(ctx.Err(), err)
	}
	return fmt.Errorf("sending a mail to %s: %w", m.To, classify(err))
}

// dial returns a dialer whose connections are cut when ctx ends: the library heeds the
// context only until it is connected.
func (s *SMTP) dial(ctx context.Context) gomail.DialContextFunc {
	return func(dialCtx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(dialCtx, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		if s.config.Security == ImplicitTLS {
			return tls.Client(conn, &tls.Config{ServerName: s.config.Host,
				RootCAs: s.config.RootCAs, MinVersion: tls.VersionTLS12}), nil
		}
		return conn, nil
	}
}

func (s *SMTP) compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	msg.FromMailAddress(&netmail.Address{Name: cmp.Or(m.FromName, s.config.FromName), Address: s.config.From})
	if m.ReplyTo != "" {
		if err := msg.ReplyTo(m.ReplyTo); err != nil {
			return nil, fmt.Errorf("the address for answers %q: %w", m.ReplyTo, err)
		}
	}
	msg.ToMailAddress(&netmail.Address{Name: m.ToName, Address: m.To})
	msg.Subject(m.Subject)
	if m.ID != "" {
		_, domain, _ := strings.Cut(s.config.From, "@")
		msg.SetMessageIDWithValue(m.ID + "@" + domain)
	}
	for name, value := range m.Headers {
		msg.SetGenHeader(gomail.Header(name), value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	for _, a := range m.Attachments {
		err := msg.AttachReader(a.Name, bytes.NewReader(a.Content),
			gomail.WithFileContentType(gomail.ContentType(a.ContentType)))
		if err != nil {
			return nil, fmt.Errorf("attaching %s: %w", a.Name, err)
		}
	}
	return msg, nil
}

// classify marks what the server refused for good: a 5xx answer (RFC 5321, 4.2.1) to
// the recipient or to the content. A 5xx before that concerns the installation.
func classify(err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() < 500 {
		return err
	}
	switch refused.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return permanentError{err}
	}
	return err
}
