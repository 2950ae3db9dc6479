package app

import (
	"context"
	"errors"
	"strings"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/message"
	"h48/internal/programme"
	"h48/internal/registration"
	"h48/internal/team"
)

// naming says what a subject of the trail is called, for the journal.
type naming struct {
	accounts      *account.Service
	registrations *registration.Service
	teams         *team.Service
	sessions      *programme.Service
	messages      *message.Service
	awards        *award.Service
}

// Name implements journal.Names.
func (n naming) Name(ctx context.Context, q sqldb.Querier, id edition.ID, subject string) (string, error) {
	kind, of, _ := strings.Cut(subject, ":")
	_, second, _ := strings.Cut(of, "/")
	var name string
	var err error
	switch kind {
	case "account":
		name, err = n.person(ctx, q, of)
	case "share": // of a prize, somebody's
		name, err = n.person(ctx, q, second)
	case "registration":
		var r registration.Registration
		r, err = n.registrations.Get(ctx, account.Program, registration.ID(of))
		name = r.Name
	case "team":
		name, err = n.team(ctx, q, id, of)
	case "sheet": // a juror's, of a team
		name, err = n.team(ctx, q, id, second)
	case "session":
		name, err = n.sessions.Title(ctx, q, id, programme.ID(of))
	case "announcement":
		name, err = n.messages.Text(ctx, q, id, message.ID(of))
	case "prize":
		name, err = n.awards.Title(ctx, q, id, award.PrizeID(of))
	}
	if errors.Is(err, sqldb.ErrNotFound) { // it is gone, its trail stays
		return "", nil
	}
	return name, err
}

func (n naming) person(ctx context.Context, q sqldb.Querier, id string) (string, error) {
	a, err := n.accounts.Get(ctx, q, account.ID(id))
	return a.Name, err
}

func (n naming) team(ctx context.Context, q sqldb.Querier, id edition.ID, of string) (string, error) {
	t, err := n.teams.Get(ctx, q, id, team.ID(of))
	return t.Name, err
}
