package stage

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/engine/planning"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Draw is the drawing of the order, as anybody may see it. A secret is chosen and its
// fingerprint published (Promised); later the secret is mixed with what nobody knew then,
// the teams and a word said in the room, and revealed (Drawn). Whoever has the four can
// recompute the order: planning.Verify, or `h48 plan`.
type Draw struct {
	Commitment string // SHA-256 of the secret, hexadecimal
	Secret     string // hexadecimal; "" until drawn
	Public     string // team ids in order, then "/" and the word; "" until drawn
	Entrants   []planning.PitchTeam
	Order      []string // as drawn, whatever was moved since
	Promised   time.Time
	Drawn      time.Time
}

// Verify recomputes the order from what is published; the error says what differs.
func (d Draw) Verify() error {
	secret, err := hex.DecodeString(d.Secret)
	if err != nil {
		return fmt.Errorf("reading the secret: %w", err)
	}
	return planning.Verify(d.Commitment, secret, d.Public, d.Entrants, nil, d.Order)
}

// Instance is the draw in the format that `h48 plan` reads and checks.
func (d Draw) Instance(name string) planning.PitchInstance {
	return planning.PitchInstance{Format: planning.PitchFormat, Name: name, Commit: d.Commitment, Public: d.Public,
		Secret: d.Secret, Teams: d.Entrants}
}

// publicText is what the secret is mixed with.
func publicText(entrants []planning.PitchTeam, word string) string {
	ids := make([]string, len(entrants))
	for i, e := range entrants {
		ids[i] = e.ID
	}
	slices.Sort(ids)
	return strings.Join(ids, ",") + "/" + word
}

// DrawOf returns the draw, without its secret while it is one; errs.NotFound where
// nothing is promised yet.
func (s *Service) DrawOf(ctx context.Context, q sqldb.Querier, id edition.ID) (Draw, error) {
	d, err := getDraw(ctx, q, id)
	if d.Drawn.IsZero() {
		d.Secret = ""
	}
	return d, err
}

// Promise chooses the secret and publishes its fingerprint. Best long before the draw;
// it can be done once.
func (s *Service) Promise(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		raw, err := base64.RawURLEncoding.DecodeString(s.ids.Secret())
		if err != nil {
			return fmt.Errorf("making a secret: %w", err)
		}
		commitment := planning.Commit(raw)
		fresh, err := insertDraw(ctx, tx, id, commitment, hex.EncodeToString(raw), now)
		if err != nil || !fresh {
			return err // a second promise would be a second chance
		}
		return s.note(ctx, tx, actor, id, now, "stage.promised", "", commitment)
	})
}

// Window keeps a team's place between two positions, for a reason that is written down
// (a train to catch). Positions count from 1, 0 leaves a side free; both 0 take the
// window away. It is for before the draw.
func (s *Service) Window(ctx context.Context, actor account.Actor, id edition.ID, team string, earliest, latest int, reason string) error {
	var wrong errs.Fields
	if earliest < 0 || latest < 0 || (latest > 0 && latest < earliest) {
		wrong.Add("latest", "stage.window_range")
	}
	if earliest+latest > 0 && reason == "" {
		wrong.Add("reason", "error.required")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		if err := s.undrawn(ctx, tx, id); err != nil {
			return err
		}
		if _, err := s.team(ctx, tx, id, team); err != nil {
			return err
		}
		if err := putWindow(ctx, tx, id, team, earliest, latest, reason); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, id, now, "stage.window", "", fmt.Sprintf("%s: %d–%d, %s", team, earliest, latest, reason))
	})
}

func (s *Service) undrawn(ctx context.Context, q sqldb.Querier, id edition.ID) error {
	d, err := getDraw(ctx, q, id)
	if err == nil && !d.Drawn.IsZero() {
		return ErrDrawn
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	return nil
}

// Windows are the places that teams must keep, by team.
func (s *Service) Windows(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string]planning.PitchTeam, error) {
	list, err := listWindows(ctx, q, id)
	all := map[string]planning.PitchTeam{}
	for _, w := range list {
		all[w.ID] = w
	}
	return all, err
}

// Draw draws the order of the teams that compete now, and reveals the secret. word is
// anything that somebody in the room says, so that whoever chose the secret could not
// know what comes out; it may be empty. There is one draw: a team that comes later goes
// to the end (Add), and what must move is moved with a reason (Move).
func (s *Service) Draw(ctx context.Context, actor account.Actor, id edition.ID, word string) error {
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		d, err := getDraw(ctx, tx, id)
		if errs.Is(err, errs.NotFound) {
			return ErrNoPromise
		}
		if err != nil {
			return err
		}
		if !d.Drawn.IsZero() {
			return ErrDrawn
		}
		if d.Entrants, err = s.entrants(ctx, tx, id); err != nil {
			return err
		}
		d.Public, d.Drawn = publicText(d.Entrants, strings.TrimSpace(word)), now
		secret, err := hex.DecodeString(d.Secret)
		if err != nil {
			return fmt.Errorf("reading the secret: %w", err)
		}
		if d.Order, err = planning.Draw(secret, d.Public, d.Entrants, nil); err != nil {
			return errs.New(errs.Conflict, "stage.no_order")
		}
		return s.keepOrder(ctx, tx, actor, id, d)
	})
}

func (s *Service) entrants(ctx context.Context, tx *sqldb.Tx, id edition.ID) ([]planning.PitchTeam, error) {
	teams, err := s.teams.Competing(ctx, tx, id)
	if err != nil {
		return nil, fmt.Errorf("listing the teams: %w", err)
	}
	if len(teams) == 0 {
		return nil, errs.New(errs.Conflict, "stage.no_teams")
	}
	windows, err := s.Windows(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	var all []planning.PitchTeam
	for _, t := range teams {
		w := windows[t.ID]
		w.ID = t.ID
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b planning.PitchTeam) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

func (s *Service) keepOrder(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, d Draw) error {
	kept, err := finishDraw(ctx, tx, id, d)
	if err != nil {
		return err
	}
	if !kept {
		return ErrDrawn
	}
	settings, err := getSettings(ctx, tx, id)
	if err != nil {
		return err
	}
	for i, team := range d.Order {
		if err := insertPitch(ctx, tx, id, team, i+1, settings.Allotted); err != nil {
			return fmt.Errorf("keeping the order: %w", err)
		}
	}
	return s.note(ctx, tx, actor, id, d.Drawn, "stage.drawn", d.Commitment, strings.Join(d.Order, ", "))
}

// note writes the trail.
func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, now time.Time, action, before, after string) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action,
		Subject: "stage:" + string(id), Before: before, After: after, EditionAt: now})
}
