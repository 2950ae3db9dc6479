// Package app builds the whole program from its rooms: it opens the database, makes
// every service in order, joins what one room needs of another, mounts the routes, and
// starts and stops what runs. Pages that are made of many rooms live here too. It holds
// no rule of the event.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"h48/internal/account"
	"h48/internal/certificate"
	"h48/internal/config"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/mail"
	"h48/internal/kit/obs"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/kit/web"
	"h48/migrations"
)

// Parts are what a test, a rehearsal or the demo puts in the place of the usual.
type Parts struct {
	Clock clock.Clock
	IDs   *ids.Source
	Log   *slog.Logger
	// Sender takes the letters; nil for the one of the configuration.
	Sender mail.Sender
	// Words are further texts for the catalogue.
	Words [][]byte
	// Demo opens the demonstration's doors: anyone may enter as anyone.
	Demo bool
}

// App is the program.
type App struct {
	Config   config.Config
	Parts    Parts
	DB       *sqldb.DB
	Hub      *live.Hub
	Queue    *jobs.Queue
	Files    files.Store
	Words    *i18n.Catalogue
	Door     *door.Door
	Figures  *obs.Figures
	Accounts *account.Service
	Editions *edition.Service
	Rooms

	firstKey string
	mailer   *post.Post
	demo     demo
	worker   *jobs.Worker
	handler  http.Handler
	bridge   *live.NATS
}

// New opens everything that the configuration names and builds the program. Close it,
// also after Stop.
func New(ctx context.Context, c config.Config, p Parts) (*App, error) {
	a := &App{Config: c, Parts: p}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) build(ctx context.Context) (err error) {
	if err := a.open(ctx); err != nil {
		return err
	}
	if a.Words, err = i18n.New(append(words(), a.Parts.Words...)...); err != nil {
		return fmt.Errorf("reading the catalogue: %w", err)
	}
	tr, mailer := trail.New(a.Parts.IDs), post.New(a.Queue, a.Parts.IDs)
	a.mailer = mailer
	a.Accounts = account.NewService(a.DB, a.Parts.IDs, mailer, tr, a.Words, a.Config.Base())
	a.Editions = edition.NewService(a.DB, a.Parts.IDs, a.Accounts, a.Hub, a.Queue, tr)
	a.Rooms = a.furnish(mailer, tr)
	a.Door = door.New(door.Config{Absent: absent, DB: a.DB, Accounts: a.Accounts, Editions: a.Editions, Words: a.Words,
		IDs: a.Parts.IDs, Log: a.Parts.Log, Frame: a.frame, Position: a.Hub.Position, Secure: a.Config.Secure()})
	a.mount()
	sender, err := a.sender()
	if err != nil {
		return err
	}
	handlers := a.handlers()
	handlers[post.Kind] = post.Signed(sender, a.sign)
	handlers[sweepKind] = a.sweep
	handlers[certificate.SendKind] = a.Certificate.Sending(sender)
	a.worker = jobs.NewWorker(a.DB, a.Queue, a.Editions, a.Parts.Log, max(a.Config.Jobs, 1), handlers)
	a.Figures = obs.NewFigures(a.Parts.Clock)
	a.Figures.Gauge("h48_open_pages", func() float64 { return float64(a.Hub.Open()) })
	a.handler, err = a.serving()
	return err
}

// open opens the database, the files and the way to other copies of the program.
func (a *App) open(ctx context.Context) (err error) {
	if a.DB, err = sqldb.Open(ctx, a.Config.Database, a.Parts.Clock); err != nil {
		return err
	}
	if err := a.DB.Migrate(ctx, migrations.FS); err != nil {
		return err
	}
	if a.Files, err = files.Open(a.Config.Files, clock.Wall{}.Now); err != nil {
		return err
	}
	var bridge live.Bridge
	boot := a.Parts.IDs.ID()
	if a.Config.NATS != "" {
		if a.bridge, err = live.DialNATS(a.Config.NATS, boot); err != nil {
			return err
		}
		bridge = a.bridge
	}
	if a.Hub, err = live.NewHub(boot, bridge); err != nil {
		return err
	}
	a.Queue = jobs.NewQueue(a.Parts.IDs, a.Hub)
	return nil
}

// sender is how letters leave: the configuration's mail server, or the log.
func (a *App) sender() (mail.Sender, error) {
	if a.Parts.Sender != nil {
		return a.Parts.Sender, nil
	}
	m := a.Config.Mail
	if m.Server == "" {
		return mail.Log{Logger: a.Parts.Log}, nil
	}
	host, port, err := splitHostPort(m.Server)
	if err != nil {
		return nil, fmt.Errorf("--mail-server wants HOST:PORT: %w", err)
	}
	return mail.NewSMTP(mail.Config{Host: host, Port: port, User: m.User, Password: m.Password,
		Security: mail.Security(m.Security), From: m.From, FromName: m.FromName})
}

// serving wraps the door in what every answer has in common.
func (a *App) serving() (http.Handler, error) {
	mux := http.NewServeMux()
	a.mountStatic(mux)
	mux.Handle("/", a.Door)
	guarded := http.NewCrossOriginProtection().Handler(mux)
	compressed, err := web.Compress(guarded)
	if err != nil {
		return nil, err
	}
	// The event stream stands beside the compression, which would hold back its first
	// lines: a page would not know that it is connected.
	outer := http.NewServeMux()
	outer.Handle("GET /live", a.Hub)
	outer.Handle("/", compressed)
	return a.quick(web.Protect(web.Log(a.Parts.Log, a.Parts.Clock, a.Figures.Count(outer)))), nil
}

// Handler answers every request.
func (a *App) Handler() http.Handler { return a.handler }

// Start begins to run jobs.
func (a *App) Start() {
	if err := a.Followup.OrderAll(context.Background()); err != nil {
		a.Parts.Log.Error("ordering the follow-up", "error", err)
	}
	if err := a.orderSweep(context.Background(), a.DB.Now()); err != nil {
		a.Parts.Log.Error("ordering the sweep", "error", err)
	}
	a.worker.Start()
}

// RunDueJobs runs what is due now and waits for its end; for rehearsals and tests, which
// do not Start.
func (a *App) RunDueJobs(ctx context.Context) (int, error) {
	n, err := a.worker.RunDue(ctx)
	a.worker.Wait()
	return n, err
}

// Stop lets the jobs that run end or step back; what they leave waits for the next start.
func (a *App) Stop() { a.worker.Stop() }

// Close closes what New opened.
func (a *App) Close() error {
	var all []error
	if a.Jury != nil {
		a.Jury.Stop()
	}
	if a.bridge != nil {
		all = append(all, a.bridge.Close())
	}
	if a.DB != nil {
		all = append(all, a.DB.Close())
	}
	return errors.Join(all...)
}
