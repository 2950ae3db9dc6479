package programme

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// usual is a session that nearly every event has: its words are programme.usual.<key>, and
// it lasts from one moment of the edition to another.
type usual struct {
	key      string
	kind     Kind
	from, to edition.Moment
	most     time.Duration // where people do not need all the time between; 0 for all of it
}

// ofHackathon and ofGathering are the usual sessions of the kinds of event.
var (
	ofHackathon = []usual{
		{key: "welcome", kind: Plenary, from: edition.Doors, to: edition.Starts, most: time.Hour},
		{key: "teams", kind: Plenary, from: edition.Teams, to: edition.Starts},
		{key: "start", kind: Ceremony, from: edition.Starts, to: edition.HandIn, most: 30 * time.Minute},
		{key: "hand_in", kind: Other, from: edition.HandIn, to: edition.Pitches, most: 30 * time.Minute},
		{key: "pitches", kind: Pitch, from: edition.Pitches, to: edition.Deliberation},
		{key: "prizes", kind: Ceremony, from: edition.Results, to: edition.Ends, most: time.Hour},
	}
	ofGathering = []usual{
		{key: "welcome", kind: Plenary, from: edition.Doors, to: edition.Starts},
		{key: "event", kind: Plenary, from: edition.Starts, to: edition.Ends},
	}
)

// Usual plans the sessions that the edition's own moments make plain, named by title. One
// whose moments are not set, or that would last longer than a session may, is left out.
func Usual(e edition.Edition, title func(key string) string) []Plan {
	all := ofHackathon
	if _, teams := e.At[edition.HandIn]; !teams {
		all = ofGathering
	}
	var plans []Plan
	for _, u := range all {
		from, begins := e.At[u.from]
		to, ends := e.At[u.to]
		if !begins || !ends || !from.Before(to) {
			continue
		}
		if u.key == "welcome" && e.At[edition.Teams].After(from) { // until the teams are formed
			to = e.At[edition.Teams]
		}
		if u.most > 0 && to.Sub(from) > u.most {
			to = from.Add(u.most)
		}
		if to.Sub(from) <= longest {
			plans = append(plans, Plan{Kind: u.kind, Title: title(u.key), Start: from, End: to, Public: true})
		}
	}
	return plans
}

// AddUsual puts the usual sessions on a programme that is empty, all of them or none. An
// organiser may; a programme that somebody has begun is a conflict.
func (s *Service) AddUsual(ctx context.Context, actor account.Actor, id edition.ID) (n int, err error) {
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID); err != nil {
			return err
		}
		there, err := s.Summary(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		if there.Sessions > 0 {
			return errs.New(errs.Conflict, "programme.begun")
		}
		l := s.words.Locale(e.Lang)
		for _, plan := range Usual(e, func(key string) string { return l.T("programme.usual." + key) }) {
			checked, err := plan.check()
			if err != nil {
				return err
			}
			if _, err := s.addTx(ctx, tx, actor, e, now, checked, ""); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
