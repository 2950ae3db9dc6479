package door

import (
	"slices"
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Rule says who may use a route. What of a room's things a person may touch is the
// room's own rule; this one keeps out whoever has no business behind the door at all.
type Rule struct {
	name  string
	roles []edition.Role
	admit func(v *Visit) error
}

// String is the rule in the table of routes.
func (r Rule) String() string { return r.name }

var errSignIn = errs.New(errs.Unauthenticated, "error.sign_in")

// Anyone may enter; what belongs to a draft edition is not there for those who are
// nothing in it.
func Anyone() Rule {
	return Rule{name: "anyone", admit: func(*Visit) error { return nil }}
}

// SignedIn admits whoever has an account.
func SignedIn() Rule {
	return Rule{name: "signed in", admit: func(v *Visit) error {
		if v.Actor.Public() {
			return errSignIn
		}
		return nil
	}}
}

// Admins admits those who look after the installation.
func Admins() Rule {
	return Rule{name: "admins", admit: func(v *Visit) error {
		if v.Actor.Public() {
			return errSignIn
		}
		if !v.Actor.Admin {
			return edition.ErrForbidden
		}
		return nil
	}}
}

// Members admits whoever has a role in the edition.
func Members() Rule { return anyOf("members", edition.AllRoles) }

// Only admits those with one of the roles, and organisers.
func Only(roles ...edition.Role) Rule {
	if !slices.Contains(roles, edition.Organiser) {
		roles = append(roles, edition.Organiser)
	}
	return anyOf(join(roles), roles)
}

// Exactly admits those with one of the roles and nobody else.
func Exactly(roles ...edition.Role) Rule { return anyOf(join(roles), roles) }

func anyOf(name string, roles []edition.Role) Rule {
	return Rule{name: name, roles: roles, admit: func(v *Visit) error {
		if v.Actor.Public() {
			return errSignIn
		}
		if !v.Roles.Has(roles...) {
			return edition.ErrForbidden
		}
		return nil
	}}
}

func join(roles []edition.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// check applies the rule, after hiding a draft from those who are nothing in it.
func (r Rule) check(v *Visit) error {
	if v.Edition.ID != "" && v.Edition.State == edition.Draft && len(v.Roles) == 0 && !v.Actor.Admin {
		if v.Actor.Public() && r.name != "anyone" {
			return errSignIn
		}
		return sqldb.ErrNotFound
	}
	return r.admit(v)
}
