// Package arena prepares what a measurement needs: the program on a fresh SQLite file, with
// a published edition in its last hour and many teams, each with somebody signed in.
package arena

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/once"
	"h48/internal/registration"
	"h48/internal/team"
)

// Arena is a prepared program. Close it.
type Arena struct {
	*app.App
	Edition edition.Edition
	// Boss organises the edition.
	Boss account.Actor
	// People are one of each team, Tokens their sessions in the same order.
	People []account.Actor
	Tokens []string
}

// Config is the configuration of a program whose things are in the folder.
func Config(dir, listen string) config.Config {
	return config.Config{Listen: listen, Database: "sqlite:" + filepath.Join(dir, "h48.db"), Files: filepath.Join(dir, "files"), Jobs: 2}
}

// Open makes the arena in the folder, with so many teams of one.
func Open(ctx context.Context, dir string, teams int) (*Arena, error) {
	wall := clock.Wall{}
	program, err := app.New(ctx, Config(dir, "localhost:4848"), app.Parts{Clock: wall, IDs: ids.NewSource(wall.Now), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	a := &Arena{App: program}
	err = a.found(ctx)
	for n := range teams {
		if err == nil {
			err = a.enrol(ctx, n)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("preparing %d teams: %w", teams, err), program.Close())
	}
	return a, nil
}

// found publishes an edition whose clock has run for 47 hours.
func (a *Arena) found(ctx context.Context) error {
	who, err := a.Accounts.MakeAdmin(ctx, "olympe@example.org", "Olympe Exemple", i18n.French)
	if err != nil {
		return err
	}
	a.Boss = who.Actor()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return err
	}
	now := a.DB.Now()
	starts := now.Add(-47 * time.Hour)
	a.Edition, err = a.Found(ctx, a.Boss, app.Plan{Preset: "landlord", Prize: 5_000_00, Edition: edition.Edition{
		Slug: "mesure", Kind: edition.Hackathon, Name: "Hackathon de l’habitat", Tagline: "48 heures pour mieux vivre ensemble",
		Theme: "De **nouveaux services** pour mieux vivre dans les résidences.", Place: "Amiens", Host: "Bailleur Exemple",
		Contact: "contact@example.org", Zone: paris, Lang: i18n.French, TeamMin: 1, TeamMax: 5, Grace: time.Minute,
		At: map[edition.Moment]time.Time{edition.RegistrationOpens: starts.AddDate(0, 0, -60), edition.Doors: starts.Add(-time.Hour),
			edition.Starts: starts, edition.HandIn: now.Add(24 * time.Hour), edition.Ends: now.Add(48 * time.Hour)}}})
	if err != nil {
		return err
	}
	return a.Editions.Publish(ctx, a.Boss, a.Edition.ID)
}

// enrol seats somebody, who founds team n and signs in.
func (a *Arena) enrol(ctx context.Context, n int) error {
	name := fmt.Sprintf("Personne Exemple %04d", n)
	r, err := a.Registration.Add(ctx, a.Boss, a.Edition.ID, registration.Asked{Email: fmt.Sprintf("p%04d@example.org", n),
		Answers: registration.Answers{Name: name}})
	if err != nil {
		return err
	}
	session, err := a.Enter(ctx, r.Account)
	if err != nil {
		return err
	}
	actor := session.Account.Actor()
	if _, err := a.Team.Found(ctx, actor, a.Edition.ID, team.Details{Name: fmt.Sprintf("Équipe %04d", n)}, once.Action{}); err != nil {
		return err
	}
	if _, err := a.Project.Mine(ctx, actor, a.Edition.ID); err != nil {
		return err
	}
	a.People, a.Tokens = append(a.People, actor), append(a.Tokens, session.Token)
	return nil
}
