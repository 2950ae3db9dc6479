// Package journal tells organisers an edition's trail in sentences: who did what, and when.
// It writes nothing: every room writes its own entries (kit/trail). An action that has no
// sentence here is shown by its name, and a test says that there is none.
package journal

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Names says what the things are called that entries are about.
type Names interface {
	// Names are what the subjects "kind:id" are called; what has no name of its own, or is
	// gone, is missing.
	Names(ctx context.Context, q sqldb.Querier, id edition.ID, subjects []string) (map[string]string, error)
}

// line is what somebody did, once or several times in a row.
type line struct {
	actor, sentence string
	// names are those whom it was done to, each once.
	names []string
	// entries are the newest first.
	entries []trail.Entry
}

// teller makes sentences of entries. It remembers the names that it has looked up.
type teller struct {
	ctx   context.Context
	l     i18n.Locale
	id    edition.ID
	db    sqldb.Querier
	names Names
	known map[string]string
}

// learn looks up, all at once, the names of whom and what the entries are about.
func (t *teller) learn(entries []trail.Entry) error {
	var unknown []string
	for _, e := range entries {
		for _, subject := range []string{"account:" + e.Actor, e.Subject} {
			if _, known := t.known[subject]; !known {
				t.known[subject] = "" // asked once, also where it has none
				unknown = append(unknown, subject)
			}
		}
	}
	names, err := t.names.Names(t.ctx, t.db, t.id, unknown)
	maps.Copy(t.known, names)
	return err
}

// actor is who did it; the program itself has no account.
func (t *teller) actor(e trail.Entry) string {
	if e.Actor == "" {
		return "H48"
	}
	return cmp.Or(t.known["account:"+e.Actor], t.l.T("journal.somebody"))
}

// lines tells the entries, the newest first. What one actor did several times in a row in
// the same words is one line.
func (t *teller) lines(entries []trail.Entry) ([]line, error) {
	if err := t.learn(entries); err != nil {
		return nil, err
	}
	var all []line
	for _, e := range entries {
		actor, name := t.actor(e), t.known[e.Subject]
		last := len(all) - 1
		if last < 0 || all[last].entries[0].Actor != e.Actor || t.say(e, "") != t.say(all[last].entries[0], "") {
			all = append(all, line{actor: actor})
			last++
		}
		all[last].entries = append(all[last].entries, e)
		if name != "" && !slices.Contains(all[last].names, name) {
			all[last].names = append(all[last].names, name)
		}
	}
	for i, one := range all {
		who := t.listed(one.names)
		if who == "" {
			who = t.unnamed(one.entries[0].Subject)
		}
		all[i].sentence = t.say(one.entries[0], who)
	}
	return all, nil
}

// unnamed stands for what has no name any more; somebody who was forgotten is no thing.
func (t *teller) unnamed(subject string) string {
	switch kind, _, _ := strings.Cut(subject, ":"); kind {
	case "account", "registration", "share":
		return t.l.T("journal.somebody")
	}
	return t.l.T("journal.something")
}

// mostNames is how many names a line gives.
const mostNames = 4

func (t *teller) listed(names []string) string {
	if len(names) > mostNames {
		return t.l.T("journal.and_more", "names", strings.Join(names[:mostNames], ", "))
	}
	return strings.Join(names, ", ")
}

// say is what was done to who, "has let Ana in".
func (t *teller) say(e trail.Entry, who string) string {
	key := "journal.do." + e.Action
	if !t.l.Has(key) {
		return e.Action
	}
	return strings.TrimSpace(t.l.T(key, "who", who, "what", e.After, "was", e.Before))
}

// room is the part of the event that an action belongs to.
func room(action string) string {
	before, _, _ := strings.Cut(action, ".")
	return before
}

// rooms are the parts of the event that the actions belong to.
func rooms(actions []string) []string {
	var all []string
	for _, action := range actions {
		if r := room(action); !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// rehearsed is moving the clock of a rehearsal: nothing that happened at the event.
const rehearsed = "edition.clock"

// of are the actions of a room; of all rooms for "", but for moving a rehearsal's clock.
func of(actions []string, r string) []string {
	return slices.DeleteFunc(slices.Clone(actions), func(action string) bool {
		return (r != "" && room(action) != r) || (r == "" && action == rehearsed)
	})
}
