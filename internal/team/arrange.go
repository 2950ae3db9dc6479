package team

import (
	"context"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// Seats says who is to be in a team: Team is "" for a new one. Subject is what they are
// to work on, for the letter; "" where they choose.
type Seats struct {
	Team    ID
	People  []account.ID
	Subject string
}

// Arrange seats everybody as the organiser wants it, in one transaction, and writes to
// each person whose team it changes. People who are in a team of the list and no longer
// among its seats have none afterwards; a team that nobody is left in ends. It refuses
// with ErrOutdated where the teams are not at the revision of the board that the list was
// made for. The same transaction does what also wants, which hears the team of each of the
// list, "" where nobody is in it.
func (s *Service) Arrange(ctx context.Context, actor account.Actor, id edition.ID, revision int64, all []Seats, also func(tx *sqldb.Tx, now time.Time, made []ID) error) error {
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		if !c.board.Frozen.IsZero() {
			return ErrFrozen
		}
		if c.board.Revision-1 != revision { // the transaction itself took the board one further
			return ErrOutdated
		}
		a, err := s.arranging(ctx, c)
		if err != nil {
			return err
		}
		made := make([]ID, len(all))
		for i, seats := range all {
			if made[i], err = a.seat(ctx, seats); err != nil {
				return err
			}
		}
		if err := a.close(ctx, all); err != nil {
			return err
		}
		return also(c.tx, c.now, made)
	})
}

// arrangement is a change of many teams at once.
type arrangement struct {
	s     *Service
	c     change
	teams map[ID]Team
	at    map[account.ID]ID
	next  int // the number to try for the next new team
	fresh []seated
}

// seated is a team that got people, with the letter that they are to have.
type seated struct {
	team    ID
	added   map[account.ID]bool
	subject string
}

func (s *Service) arranging(ctx context.Context, c change) (*arrangement, error) {
	teams, err := listTeams(ctx, c.tx, c.edition.ID)
	if err != nil {
		return nil, err
	}
	a := &arrangement{s: s, c: c, teams: map[ID]Team{}, at: map[account.ID]ID{}, next: 1}
	for _, t := range teams {
		a.teams[t.ID] = t
		for _, m := range t.Members {
			a.at[m.ID] = t.ID
		}
	}
	return a, nil
}

// seat puts the people of one team into it, and returns the team.
func (a *arrangement) seat(ctx context.Context, seats Seats) (ID, error) {
	if len(seats.People) == 0 {
		return "", nil
	}
	t, known := a.teams[seats.Team]
	if seats.Team != "" && !known {
		return "", ErrOutdated
	}
	if !known {
		var err error
		if t, err = a.begin(ctx); err != nil {
			return "", err
		}
	}
	got := seated{team: t.ID, added: map[account.ID]bool{}, subject: seats.Subject}
	for _, who := range seats.People {
		from := a.at[who]
		if from == t.ID {
			continue
		}
		if err := a.s.participant(ctx, a.c.tx, a.c.edition.ID, who); err != nil {
			return t.ID, err
		}
		if err := seat(ctx, a.c.tx, a.c.edition.ID, who, t.ID, true, a.c.now); err != nil {
			return t.ID, fmt.Errorf("placing %s in %s: %w", who, t.ID, err)
		}
		if err := deleteApart(ctx, a.c.tx, a.c.edition.ID, who); err != nil {
			return t.ID, err
		}
		if err := a.s.note(ctx, a.c, "team.placed", person(who), a.teams[from].Name, t.Name); err != nil {
			return t.ID, err
		}
		a.at[who], got.added[who] = t.ID, true
	}
	if len(got.added) > 0 {
		a.fresh = append(a.fresh, got)
	}
	return t.ID, nil
}

// begin makes a team with the next free number.
func (a *arrangement) begin(ctx context.Context) (Team, error) {
	l := a.s.words.Locale(a.c.edition.Lang).With(a.c.edition.Words)
	for {
		name := l.T("team.numbered", "n", a.next)
		a.next++
		taken, err := nameTaken(ctx, a.c.tx, a.c.edition.ID, name, "")
		if err != nil {
			return Team{}, err
		}
		if !taken {
			t, err := a.s.make(ctx, a.c, Details{Name: name})
			if err == nil {
				a.teams[t.ID] = t
			}
			return t, err
		}
	}
}

// close takes out whoever is in a team of the list and not among its seats, ends the
// teams that are empty and writes the letters.
func (a *arrangement) close(ctx context.Context, all []Seats) error {
	listed, wanted := map[ID]bool{}, map[account.ID]bool{}
	for _, seats := range all {
		listed[seats.Team] = true
		for _, who := range seats.People {
			wanted[who] = true
		}
	}
	left := map[ID]int{}
	for _, id := range a.at {
		left[id]++
	}
	for id, t := range a.teams {
		if !listed[id] {
			continue
		}
		for _, m := range t.Members {
			if a.at[m.ID] != id || wanted[m.ID] {
				continue
			}
			if err := unseat(ctx, a.c.tx, a.c.edition.ID, m.ID); err != nil {
				return fmt.Errorf("taking %s out of %s: %w", m.ID, id, err)
			}
			if err := a.s.note(ctx, a.c, "team.taken_out", subject(id), person(m.ID), ""); err != nil {
				return err
			}
			left[id]--
		}
		if left[id] == 0 {
			if err := a.s.dissolve(ctx, a.c, t); err != nil {
				return err
			}
		}
	}
	for _, got := range a.fresh {
		if err := a.s.writeTo(ctx, a.c, got); err != nil {
			return err
		}
	}
	return nil
}

// writeTo tells people which team they are in now, with whom, and on what.
func (s *Service) writeTo(ctx context.Context, c change, got seated) error {
	t, err := getTeam(ctx, c.tx, "id = $1", got.team)
	if err != nil {
		return err
	}
	for _, m := range t.Members {
		if !got.added[m.ID] || m.Email == "" {
			continue
		}
		l := s.words.Locale(m.Lang).In(c.edition.Zone).With(c.edition.Words)
		letter := mail.Message{To: m.Email, ToName: m.Name,
			Subject: l.T("team.mail.placed.subject", "team", t.Name, "edition", c.edition.Name),
			Text: l.T("team.mail.placed.text", "name", m.Name, "team", t.Name, "people", names(t.Members), "subject", subjectLine(l, got.subject),
				"url", s.base+c.edition.URL()+"/team")}
		if err := s.post.SendTx(ctx, c.tx, string(c.edition.ID), letter); err != nil {
			return err
		}
	}
	return nil
}

// subjectLine says in a letter what the team is to work on, in a paragraph of its own.
func subjectLine(l i18n.Locale, title string) string {
	if title == "" {
		return ""
	}
	return l.T("team.mail.placed.subject_line", "title", title)
}

func names(members []Member) string {
	list := ""
	for i, m := range members {
		if i > 0 {
			list += ", "
		}
		list += m.Name
	}
	return list
}

// Apart lists the people whom an organiser leaves without a team.
func (s *Service) Apart(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]bool, error) {
	reasons, err := listApart(ctx, q, id)
	all := make(map[account.ID]bool, len(reasons))
	for who := range reasons {
		all[who] = true
	}
	return all, err
}
