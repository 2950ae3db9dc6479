// Package config is what an installation can be told: by flags, by the environment, or
// by a file. The command line reads it once and hands each part to what needs it.
package config

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// Config is an installation's settings. Every zero value works: a laptop at the venue
// needs none of them.
type Config struct {
	Listen   string `help:"Address to serve on; when its port is taken, the next free one is." default:"localhost:4848" env:"H48_LISTEN" placeholder:"HOST:PORT"`
	URL      string `help:"Address under which people reach this installation, as it stands in e-mails and QR codes; the address it listens on when empty." env:"H48_URL" placeholder:"URL"`
	Database string `help:"Where everything is kept: sqlite:FILE or postgres://USER@HOST/NAME." default:"sqlite:h48.db" env:"H48_DATABASE" placeholder:"ADDRESS"`
	Files    string `help:"Where uploaded files are kept: a folder, or s3://KEY:SECRET@HOST/BUCKET?region=R (add &plain=1 for http)." default:"h48-files" env:"H48_FILES" placeholder:"PLACE"`
	Key      string `help:"File with the key that seals bank details, made at its first use; h48.key beside the SQLite database when empty. It is in no backup." env:"H48_KEY" placeholder:"FILE"`
	NATS     string `help:"NATS server through which several copies of the program tell each other of changes." env:"H48_NATS" placeholder:"URL"`
	Mail     Mail   `embed:"" prefix:"mail-"`
	Log      Log    `embed:"" prefix:"log-"`
	Jobs     int    `help:"How many jobs of a kind run at once." default:"4" env:"H48_JOBS" placeholder:"N"`
}

// Mail is how letters leave.
type Mail struct {
	Server   string `help:"Mail server; without one, e-mails are written to the log." env:"H48_MAIL_SERVER" placeholder:"HOST:PORT"`
	User     string `help:"Name at the mail server." env:"H48_MAIL_USER"`
	Password string `help:"Password at the mail server." env:"H48_MAIL_PASSWORD"`
	Security string `help:"How the connection to the mail server is protected: starttls, tls or none." enum:"starttls,tls,none" default:"starttls" env:"H48_MAIL_SECURITY"`
	From     string `help:"Address that e-mails come from." default:"h48@localhost" env:"H48_MAIL_FROM"`
	FromName string `help:"Name that e-mails come from, unless they are about an event: those bear its name." default:"H48" env:"H48_MAIL_FROM_NAME"`
}

// Log is how the program speaks of itself.
type Log struct {
	Level  string `help:"What is worth a line: debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"H48_LOG_LEVEL"`
	Format string `help:"How a line is written: text or json." enum:"text,json" default:"text" env:"H48_LOG_FORMAT"`
}

// Check finds what would only fail later.
func (c Config) Check() error {
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("--url wants an address such as https://hackathon.example.org, got %q", c.URL)
		}
	}
	if !strings.HasPrefix(c.Database, "sqlite:") && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://") {
		return fmt.Errorf("--database wants sqlite:FILE or postgres://…")
	}
	if c.Jobs < 1 {
		return fmt.Errorf("--jobs wants at least 1")
	}
	return nil
}

// Base is the installation's own address without a slash at its end.
func (c Config) Base() string {
	if c.URL != "" {
		return strings.TrimSuffix(c.URL, "/")
	}
	return "http://" + c.Listen
}

// KeyFile is the file of the key that seals what the database must not tell: never inside
// the database, nor in a backup of it.
func (c Config) KeyFile() string {
	if c.Key != "" {
		return c.Key
	}
	file, sqlite := strings.CutPrefix(c.Database, "sqlite:")
	if !sqlite {
		return "h48.key"
	}
	return filepath.Join(filepath.Dir(file), "h48.key")
}

// Secure says whether people reach the installation over TLS.
func (c Config) Secure() bool { return strings.HasPrefix(c.URL, "https://") }
