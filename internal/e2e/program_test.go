package e2e_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/mail/mailbox"
	"h48/internal/registration"
)

// program is the whole program in this process: on a fresh database, over real HTTP, with
// a mailbox for its letters.
type program struct {
	*app.App
	t    testing.TB
	base string
	box  *mailbox.Mailbox
	// boss looks after the installation and organises its edition.
	boss account.Actor
	// e is the edition of Amiens; none where the program was started empty.
	e edition.Edition
}

// whole skips a test of the whole program where unit tests are asked for.
func whole(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("walks through the whole program: not with -short")
	}
}

// start runs an empty program.
func start(t testing.TB) *program {
	t.Helper()
	whole(t)
	ctx := context.Background()
	box, err := mailbox.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	p := serve(t, app.Parts{}, config.Mail{Server: box.Addr(), Security: "none", From: "h48@example.org", FromName: "H48"})
	p.box = box
	p.Start()
	t.Cleanup(p.Stop)
	who, err := p.Accounts.MakeAdmin(ctx, "olympe@example.org", "Olympe Exemple", i18n.French)
	if err != nil {
		t.Fatal(err)
	}
	p.boss = who.Actor()
	return p
}

// serve builds the program on a fresh database and serves it; its jobs do not run yet.
func serve(t testing.TB, parts app.Parts, letters config.Mail) *program {
	t.Helper()
	whole(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String()) // the listener wrote it
	p := &program{t: t, base: "http://localhost:" + port}
	dir := t.TempDir()
	parts.Clock, parts.Log = clock.Wall{}, slog.New(slog.DiscardHandler)
	if parts.IDs == nil {
		parts.IDs = ids.NewSource(parts.Clock.Now)
	}
	p.App, err = app.New(context.Background(), config.Config{Listen: listener.Addr().String(), URL: p.base,
		Database: "sqlite:" + filepath.Join(dir, "h48.db"), Files: filepath.Join(dir, "files"), Jobs: 2, Mail: letters}, parts)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: p.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ends with Close
	t.Cleanup(func() {
		_ = server.Close()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// amiens runs the program with the published edition of Amiens, on a clock of its own
// that begins a week before the doors open.
func amiens(t testing.TB) *program {
	t.Helper()
	p := start(t)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2018, 5, 19, 9, 0, 0, 0, paris)
	at := map[edition.Moment]time.Time{
		edition.RegistrationOpens: begin.AddDate(0, 0, -60), edition.RegistrationCloses: begin.AddDate(0, 0, -2),
		edition.Doors: begin.Add(-90 * time.Minute), edition.Teams: begin.Add(-45 * time.Minute), edition.Starts: begin,
		edition.HandIn: begin.Add(48 * time.Hour), edition.Pitches: begin.Add(49 * time.Hour),
		edition.Deliberation: begin.Add(51 * time.Hour), edition.Results: begin.Add(52 * time.Hour), edition.Ends: begin.Add(54 * time.Hour),
	}
	p.e, err = p.Found(t.Context(), p.boss, app.Plan{Preset: "landlord", Prize: 5_000_00, Edition: edition.Edition{
		Slug: "amiens-2018", Kind: edition.Hackathon, Name: "Hackathon de l’habitat", Tagline: "48 heures pour mieux vivre ensemble",
		Theme: "De **nouveaux services** pour mieux vivre dans les résidences.", Place: "Amiens", Host: "Bailleur Exemple",
		Contact: "contact@example.org", Zone: paris, Lang: i18n.French, Seats: 24, TeamMin: 3, TeamMax: 5, Grace: time.Minute, At: at}})
	if err != nil {
		t.Fatal(err)
	}
	p.clock(edition.Doors, -7*24*time.Hour)
	if err := p.Editions.Publish(t.Context(), p.boss, p.e.ID); err != nil {
		t.Fatal(err)
	}
	return p
}

// clock moves the edition's clock to so long after the moment.
func (p *program) clock(m edition.Moment, after time.Duration) {
	p.t.Helper()
	err := p.Editions.SetClock(context.Background(), p.boss, p.e.ID, func(pace clock.Pace, wall time.Time) clock.Pace {
		return pace.Jump(wall, p.e.At[m].Add(after))
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// grant gives somebody of that name an account and the roles.
func (p *program) grant(name string, roles ...edition.Role) account.Actor {
	p.t.Helper()
	var who account.Account
	var err error
	for _, role := range roles {
		if who, err = p.Editions.Grant(context.Background(), p.boss, p.e.ID, address(name), name, role); err != nil {
			p.t.Fatal(err)
		}
	}
	return who.Actor()
}

// seat gives somebody of that name a seat in the edition, as an organiser would.
func (p *program) seat(name string) account.Actor {
	p.t.Helper()
	r, err := p.Registration.Add(context.Background(), p.boss, p.e.ID, registration.Asked{Email: address(name),
		Answers: registration.Answers{Name: name, Profile: registration.Student}})
	if err != nil {
		p.t.Fatal(err)
	}
	who, err := p.Accounts.Get(context.Background(), p.DB, r.Account)
	if err != nil {
		p.t.Fatal(err)
	}
	return who.Actor()
}

// address is the invented address of a person of that name.
func address(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org"
}

// letter waits for the n-th letter to the address.
func (p *program) letter(to string, n int) mailbox.Received {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	got, err := p.box.Wait(ctx, to, n)
	if err != nil {
		p.t.Fatal(err)
	}
	return got[n-1]
}

// url is an address of the edition on this site.
func (p *program) url(parts ...string) string {
	return p.e.URL() + "/" + strings.Join(parts, "/")
}
