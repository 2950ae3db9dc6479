package mentoring

import (
	"context"
	"errors"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// mostPast is how many ended requests a page shows.
const mostPast = 20

// Queue is what a mentor sees.
type Queue struct {
	Me Mentor
	// Mine are the requests that the mentor holds, Waiting those that are open, the best
	// match first, and Others those that other mentors hold.
	Mine, Waiting, Others []Request
	Themes                []Theme
	Teams                 []TeamRef
}

// Queue returns the queue as the actor, a mentor or an organiser, should look at it.
func (s *Service) Queue(ctx context.Context, actor account.Actor, id edition.ID) (Queue, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Mentor); err != nil {
		return Queue{}, err
	}
	all, teams, err := s.live(ctx, s.db, id)
	if err != nil {
		return Queue{}, err
	}
	queue := Queue{Teams: teams}
	if queue.Themes, err = listThemes(ctx, s.db, id); err != nil {
		return queue, err
	}
	if queue.Me, err = s.mentor(ctx, s.db, id, actor); err != nil {
		return queue, err
	}
	for _, r := range all {
		switch {
		case r.State == Open:
			queue.Waiting = append(queue.Waiting, r)
		case r.Mentor.ID == actor.ID:
			queue.Mine = append(queue.Mine, r)
		default:
			queue.Others = append(queue.Others, r)
		}
	}
	queue.Me.Sort(queue.Waiting)
	return queue, nil
}

// Desk is what a team sees of its own requests.
type Desk struct {
	Team TeamRef
	// Current is the live request; nil when there is none.
	Current *Request
	// Ahead is how many teams have asked before and still wait.
	Ahead  int
	Past   []Request
	Themes []Theme
	// Mentors are those who are on duty.
	Mentors []Mentor
}

// Desk returns what the actor's team sees, or ErrNoTeam.
func (s *Service) Desk(ctx context.Context, actor account.Actor, id edition.ID) (Desk, error) {
	team, err := s.teamOf(ctx, s.db, id, actor)
	if err != nil {
		return Desk{}, err
	}
	desk := Desk{Team: team}
	all, _, err := s.live(ctx, s.db, id)
	if err != nil {
		return desk, err
	}
	for i, r := range all { // who asked first first
		if r.Team.ID == team.ID {
			desk.Current = &all[i]
			break
		}
		if r.State == Open {
			desk.Ahead++
		}
	}
	if desk.Past, err = listClosed(ctx, s.db, id, team.ID, mostPast); err != nil {
		return desk, err
	}
	if desk.Themes, err = listThemes(ctx, s.db, id); err != nil {
		return desk, err
	}
	mentors, err := s.Mentors(ctx, s.db, id)
	desk.Mentors = slices.DeleteFunc(mentors, func(m Mentor) bool { return !m.OnDuty })
	return desk, err
}

// Coverage is how a theme is looked after.
type Coverage struct {
	Theme Theme
	// Mentors know it, OnDuty of them are there, Waiting teams ask about it.
	Mentors, OnDuty, Waiting int
}

// Board is what an organiser sees.
type Board struct {
	Summary  Summary
	Waiting  []Request // who asked first first
	Helping  []Request
	Past     []Request
	Mentors  []Mentor
	Coverage []Coverage
	// Unmet are the teams that have met no mentor yet.
	Unmet []TeamRef
}

// Board returns the whole of the help queue, for organisers and the crew.
func (s *Service) Board(ctx context.Context, actor account.Actor, id edition.ID) (Board, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Crew); err != nil {
		return Board{}, err
	}
	all, teams, err := s.live(ctx, s.db, id)
	if err != nil {
		return Board{}, err
	}
	var board Board
	for _, r := range all {
		if r.State == Open {
			board.Waiting = append(board.Waiting, r)
		} else {
			board.Helping = append(board.Helping, r)
		}
	}
	if board.Past, err = listClosed(ctx, s.db, id, "", mostPast); err != nil {
		return board, err
	}
	for i := range board.Past {
		board.Past[i].Team = named(teams, board.Past[i].Team.ID)
	}
	if board.Mentors, err = s.Mentors(ctx, s.db, id); err != nil {
		return board, err
	}
	themes, err := listThemes(ctx, s.db, id)
	if err != nil {
		return board, err
	}
	board.Coverage = coverage(themes, board.Mentors, board.Waiting)
	if board.Unmet, err = s.unmet(ctx, s.db, id, teams); err != nil {
		return board, err
	}
	board.Summary, err = s.Summary(ctx, s.db, id)
	return board, err
}

func coverage(themes []Theme, mentors []Mentor, waiting []Request) []Coverage {
	all := make([]Coverage, len(themes))
	for i, theme := range themes {
		c := Coverage{Theme: theme}
		for _, m := range mentors {
			if m.Knows(theme.ID) {
				c.Mentors++
				if m.OnDuty {
					c.OnDuty++
				}
			}
		}
		for _, r := range waiting {
			if r.Theme.ID == theme.ID {
				c.Waiting++
			}
		}
		all[i] = c
	}
	return all
}

// Summary is the help queue in figures.
type Summary struct {
	// Waiting requests are open; Late ones have waited for longer than Patience.
	Waiting, Late, Helping int
	// Longest is the longest wait of an open request, Median that of all for whom a
	// mentor came.
	Longest, Median time.Duration
	// Helped requests have found a mentor so far, OnDuty mentors are there.
	Helped, OnDuty int
	// Unmet teams have met no mentor yet.
	Unmet int
}

// Summary counts; it is for anybody's page, and names nobody.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, id edition.ID) (Summary, error) {
	var sum Summary
	now, err := s.now(ctx, q, id)
	if err != nil {
		return sum, err
	}
	all, err := listLive(ctx, q, id)
	if err != nil {
		return sum, err
	}
	for _, r := range all {
		if r.State == Claimed {
			sum.Helping++
			continue
		}
		sum.Waiting++
		sum.Longest = max(sum.Longest, r.Wait(now))
		if r.Late(now) {
			sum.Late++
		}
	}
	times, err := waits(ctx, q, id)
	if err != nil {
		return sum, err
	}
	sum.Helped, sum.Median = len(times), Median(times)
	duty, err := onDuty(ctx, q, id)
	if err != nil {
		return sum, err
	}
	for _, on := range duty {
		if on {
			sum.OnDuty++
		}
	}
	teams, err := s.teams.All(ctx, q, id)
	if err != nil {
		return sum, err
	}
	unmet, err := s.unmet(ctx, q, id, teams)
	sum.Unmet = len(unmet)
	return sum, err
}

func (s *Service) now(ctx context.Context, q sqldb.Querier, id edition.ID) (time.Time, error) {
	e, err := s.editions.Get(ctx, q, id)
	return e.Now(s.db.Now()), err
}

// live lists the live requests with their teams' names, and the teams.
func (s *Service) live(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Request, []TeamRef, error) {
	all, err := listLive(ctx, q, id)
	if err != nil {
		return nil, nil, err
	}
	teams, err := s.teams.All(ctx, q, id)
	for i := range all {
		all[i].Team = named(teams, all[i].Team.ID)
	}
	return all, teams, err
}

// named finds the team of the id; a team that is gone keeps its id.
func named(teams []TeamRef, id string) TeamRef {
	for _, t := range teams {
		if t.ID == id {
			return t
		}
	}
	return TeamRef{ID: id}
}

// Mentors lists who has the role, what they offer and whom they help.
func (s *Service) Mentors(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Mentor, error) {
	members, err := s.editions.Members(ctx, q, id, edition.Mentor)
	if err != nil {
		return nil, err
	}
	duty, err := onDuty(ctx, q, id)
	if err != nil {
		return nil, err
	}
	known, err := skills(ctx, q, id)
	if err != nil {
		return nil, err
	}
	declared, err := slots(ctx, q, id)
	if err != nil {
		return nil, err
	}
	helping, _, err := s.live(ctx, q, id)
	if err != nil {
		return nil, err
	}
	mentors := make([]Mentor, len(members))
	for i, m := range members {
		who := m.Account.ID
		mentors[i] = Mentor{Person: Person{ID: who, Name: m.Account.Name}, Themes: known[who], OnDuty: duty[who], Slots: declared[who]}
		for _, r := range helping {
			if r.State == Claimed && r.Mentor.ID == who {
				mentors[i].With = r.Team
			}
		}
	}
	return mentors, nil
}

// mentor is the actor as a mentor; an organiser who is none knows no theme.
func (s *Service) mentor(ctx context.Context, q sqldb.Querier, id edition.ID, actor account.Actor) (Mentor, error) {
	mentors, err := s.Mentors(ctx, q, id)
	for _, m := range mentors {
		if m.ID == actor.ID {
			return m, err
		}
	}
	return Mentor{Person: Person{ID: actor.ID, Name: actor.Name}}, err
}

// Offered returns what the actor offers as a mentor, and the themes to choose from.
func (s *Service) Offered(ctx context.Context, actor account.Actor, id edition.ID) (Mentor, []Theme, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Mentor); err != nil {
		return Mentor{}, nil, err
	}
	me, err := s.mentor(ctx, s.db, id, actor)
	if err != nil {
		return me, nil, err
	}
	themes, err := listThemes(ctx, s.db, id)
	return me, themes, err
}

// Live returns the team's live request, or nil: for the home page.
func (s *Service) Live(ctx context.Context, q sqldb.Querier, id edition.ID, team string) (*Request, error) {
	r, err := liveRequestOf(ctx, q, id, team)
	if errors.Is(err, sqldb.ErrNotFound) {
		return nil, nil
	}
	return &r, err
}
