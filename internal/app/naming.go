package app

import (
	"context"
	"errors"
	"slices"
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
		var all []programme.Session
		all, err = n.sessions.Sessions(ctx, q, id)
		name = called(all, of, func(s programme.Session) (string, string) { return string(s.ID), s.Title })
	case "announcement":
		var all []message.Announcement
		all, err = n.messages.History(ctx, q, id, everybody())
		name = called(all, of, func(a message.Announcement) (string, string) { return string(a.ID), a.Text })
	case "prize":
		var all []award.Prize
		all, err = n.awards.Prizes(ctx, q, id)
		name = called(all, of, func(p award.Prize) (string, string) { return string(p.ID), p.Title })
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

// called is the name of the one with the id; "" where there is none.
func called[T any](all []T, id string, of func(T) (id, name string)) string {
	for _, one := range all {
		if its, name := of(one); its == id {
			return name
		}
	}
	return ""
}

// everybody is whoever an announcement can be for, but organisers: for them the history
// counts its readers, which nobody asks for here.
func everybody() edition.Roles {
	return slices.DeleteFunc(slices.Clone(edition.AllRoles), func(r edition.Role) bool { return r == edition.Organiser })
}
