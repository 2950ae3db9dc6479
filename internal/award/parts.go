package award

import (
	"context"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Part is what a split prize becomes.
type Part struct {
	Title string
	Cents int64
}

const mostParts = 10

// checkParts refuses a split that loses or makes a cent.
func (p Prize) checkParts(parts []Part, reason string) error {
	var wrong errs.Fields
	sum := int64(0)
	for _, part := range parts {
		if part.Title == "" || part.Cents < 1 || len(part.Title) > longest {
			wrong.Add("parts", "award.parts_form", "line", part.Title)
			return wrong.Err()
		}
		sum += part.Cents
	}
	switch {
	case len(parts) < 2 || len(parts) > mostParts:
		wrong.Add("parts", "award.parts_few")
	case sum != p.Cents:
		wrong.Add("parts", "award.parts_sum")
	}
	if reason == "" {
		wrong.Add("split_why", "award.why_needed")
	}
	return wrong.Err()
}

// Split divides a prize while the jury deliberates: its parts take its place, together
// worth it to the cent, and it falls away with the reason.
func (s *Service) Split(ctx context.Context, actor account.Actor, e edition.ID, id PrizeID, parts []Part, reason string) ([]Prize, error) {
	var made []Prize
	reason = strings.TrimSpace(reason)
	err := s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if err := d.mayChange(); err != nil {
			return deed{}, err
		}
		whole, err := findPrize(ctx, tx, e, id)
		if err != nil {
			return deed{}, err
		}
		if whole.State != Planned {
			return deed{}, errs.New(errs.Conflict, "award.step_not_possible")
		}
		if err := whole.checkParts(parts, reason); err != nil {
			return deed{}, err
		}
		if d.State == Decided {
			if _, err := s.reopen(ctx, tx, d); err != nil {
				return deed{}, err
			}
		}
		if err := s.move(ctx, tx, actor, whole, Dropped, reason, now); err != nil {
			return deed{}, err
		}
		if err := makeRoom(ctx, tx, e, whole.Position, len(parts)-1); err != nil {
			return deed{}, fmt.Errorf("making room for the parts: %w", err)
		}
		for i, part := range parts {
			p := Prize{ID: PrizeID(s.ids.ID()), Edition: e, Title: part.Title, Text: whole.Text, Cents: part.Cents, Unplanned: true, Reason: reason,
				Position: whole.Position + i, SplitOf: id, State: Planned}
			if err := insertPrize(ctx, tx, p); err != nil {
				return deed{}, fmt.Errorf("adding the part %s: %w", p.Title, err)
			}
			if err := s.move(ctx, tx, actor, p, Planned, reason, now); err != nil {
				return deed{}, err
			}
			made = append(made, p)
		}
		body := &TracedPrize{Title: whole.Title, Cents: whole.Cents, State: Dropped, Why: reason}
		for _, p := range made {
			body.Parts, body.Into = append(body.Parts, p.Cents), append(body.Into, p.ID)
		}
		return deed{Entry: trail.Entry{Action: "award.prize_split", Subject: "prize:" + string(id), Before: describe(whole), After: reason},
			body: body, words: []*string{&body.Title, &body.Why}}, nil
	})
	return made, err
}
