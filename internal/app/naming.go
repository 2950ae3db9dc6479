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

// Names implements journal.Names. People, registrations, and the sheets of teams, of which
// there are thousands, are read together.
func (n naming) Names(ctx context.Context, q sqldb.Querier, id edition.ID, subjects []string) (map[string]string, error) {
	var people []account.ID
	var asked []registration.ID
	teams := map[team.ID]string{}
	for _, subject := range subjects {
		switch kind, of, _ := strings.Cut(subject, ":"); kind {
		case "account", "share":
			people = append(people, account.ID(last(of)))
		case "registration":
			asked = append(asked, registration.ID(of))
		case "team", "sheet":
			teams[team.ID(last(of))] = ""
		}
	}
	accounts, err := n.accounts.Of(ctx, q, people)
	if err != nil {
		return nil, err
	}
	registered, err := n.registrations.Names(ctx, q, id, asked)
	if err != nil {
		return nil, err
	}
	if len(teams) > 0 {
		if teams, err = n.teams.Names(ctx, q, id); err != nil {
			return nil, err
		}
	}
	all := map[string]string{}
	for _, subject := range subjects {
		switch kind, of, _ := strings.Cut(subject, ":"); kind {
		case "account", "share":
			all[subject] = accounts[account.ID(last(of))].Name
		case "registration":
			all[subject] = registered[registration.ID(of)]
		case "team", "sheet":
			all[subject] = teams[team.ID(last(of))]
		default:
			if all[subject], err = n.thing(ctx, q, id, kind, of); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// last is the id that a subject ends with: of a prize's share whose it is, of a juror's
// sheet which team's.
func last(of string) string { return of[strings.LastIndex(of, "/")+1:] }

// thing is what a session, an announcement or a prize is called.
func (n naming) thing(ctx context.Context, q sqldb.Querier, id edition.ID, kind, of string) (name string, err error) {
	switch kind {
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
