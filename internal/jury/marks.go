package jury

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// Answer is what a juror says on one criterion; Kind is Scored or NotObserved.
type Answer struct {
	Kind  Kind
	Value int
}

// Answers is a sheet as it is handed in, by criterion. A criterion that is not there
// says nothing: what was said before stays.
type Answers struct {
	Marks map[string]Answer
	// Note is the juror's own; nil leaves it as it is.
	Note *string
	// Word is for the team to read afterwards; nil leaves it as it is.
	Word *Word
	// Device and Seen are what the marks say of where they were given; see [Mark].
	Device string
	Seen   time.Time
}

// Score takes in a juror's marks for a team, with the time at which they were given. The
// same action counts once however often it comes, and actions that come late or in
// another order end as if they had come in order: the newest by its own time counts.
func (s *Service) Score(ctx context.Context, actor account.Actor, id edition.ID, team string, in Answers, a once.Action) error {
	return s.change(ctx, actor, id, edition.Juror, func(tx *sqldb.Tx, now time.Time) error {
		first, err := once.First(ctx, tx, a)
		if err != nil || !first {
			return err
		}
		given := a.Moment(now)
		round, criteria, err := s.scoring(ctx, tx, id, given)
		if err != nil {
			return err
		}
		if err := s.mayJudge(ctx, tx, id, actor.ID, team); err != nil {
			return err
		}
		// What is sent by no action comes at every tap: only what is new is kept.
		h := handed{juror: actor.ID, team: team, in: in, given: given, now: now, round: round, onlyNew: a.ID == ""}
		if h.criteria, err = s.answerable(ctx, tx, id, h, criteria); err != nil {
			return err
		}
		if in.Note != nil {
			if err := s.keepWritten(ctx, tx, id, h, notes(), *in.Note, false); err != nil {
				return err
			}
		}
		if in.Word != nil {
			if err := s.keepWritten(ctx, tx, id, h, wordsForTeam(), in.Word.Text, in.Word.Named); err != nil {
				return err
			}
		}
		return s.keepMarks(ctx, tx, actor, id, h)
	})
}

func (s *Service) addMark(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, round int, m, before Mark, criterion string) error {
	if err := insertMark(ctx, tx, id, round, m); err != nil {
		return fmt.Errorf("adding a mark: %w", err)
	}
	after := criterion + ": " + m.said()
	if m.Paper != "" {
		after += " [" + m.Paper + "]"
	}
	if m.Reason != "" {
		after += " (" + m.Reason + ")"
	}
	return s.note(ctx, tx, actor, id, m.Given, "jury.marked", subject(m.Juror, m.Team), before.said(), after)
}

// said is the mark in the words of the trail.
func (m Mark) said() string {
	if m.Kind == Scored {
		return strconv.Itoa(m.Value)
	}
	return string(m.Kind)
}

// scoring is the round and rubric that take a mark given at the moment: an open round,
// or one closed after the moment while the ranking is still sealed.
func (s *Service) scoring(ctx context.Context, tx *sqldb.Tx, id edition.ID, given time.Time) (Round, []Criterion, error) {
	round, err := s.ensureRound(ctx, tx, id, given)
	if err != nil {
		return round, nil, err
	}
	if !round.Open() && (given.After(round.Closed) || !round.Deliberation.IsZero()) {
		return round, nil, ErrClosed
	}
	criteria, err := listCriteria(ctx, tx, id, round.Number)
	if err == nil && len(criteria) == 0 && round.Scores() {
		err = errs.New(errs.Conflict, "jury.no_criteria")
	}
	return round, criteria, err
}

// mayJudge refuses a juror who is excluded or has a conflict of interest with the team.
func (s *Service) mayJudge(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID, team string) error {
	juror, err := s.juror(ctx, q, id, who)
	if err != nil {
		return err
	}
	if juror.Presence == Excluded {
		return ErrNotJuror
	}
	ref, err := s.team(ctx, q, id, team)
	if err != nil {
		return err
	}
	if r, err := s.Round(ctx, q, id); err != nil || !r.Has(team) {
		return cmp.Or(err, error(errs.New(errs.Conflict, "jury.not_in_round")))
	}
	if _, err := s.asked(ctx, q, id, who, ref, nil); err != nil {
		return err
	}
	c, err := s.conflictOf(ctx, q, id, juror.Account, ref)
	if err == nil && c.holds() {
		err = ErrRecused
	}
	return err
}

func checkAnswers(criteria []Criterion, in Answers) error {
	var wrong errs.Fields
	for id, a := range in.Marks {
		i := slices.IndexFunc(criteria, func(c Criterion) bool { return c.ID == id })
		switch {
		case i < 0:
			return errs.New(errs.Conflict, "jury.criterion_gone")
		case a.Kind == Scored && (a.Value < criteria[i].Min || a.Value > criteria[i].Max):
			wrong.Add("mark_"+id, "jury.mark_range", "min", criteria[i].Min, "max", criteria[i].Max)
		case a.Kind != Scored && (a.Kind != NotObserved || a.Value != 0):
			wrong.Add("mark_"+id, "jury.mark_kind")
		}
	}
	if in.Note != nil && len(*in.Note) > 4000 {
		wrong.Add("note", "jury.note_long")
	}
	if in.Word != nil && utf8.RuneCountInString(in.Word.Text) > mostWord {
		wrong.Add("word", "jury.word_long", "most", mostWord)
	}
	if len(in.Device) > 64 {
		return errs.New(errs.Invalid, "error.action_id")
	}
	slices.SortFunc(wrong, func(a, b errs.Field) int { return strings.Compare(a.Name, b.Name) })
	return wrong.Err()
}

// Move takes a juror's marks from the team they were given to by mistake to the right
// one. The juror stays their author; an organiser who moves them says why. Both teams
// keep the history.
func (s *Service) Move(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, from, to, reason string) error {
	role := edition.Organiser
	if juror == actor.ID {
		role = edition.Juror
	} else if strings.TrimSpace(reason) == "" {
		return errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	if from == to {
		return errs.Fields{{Name: "to", Key: "jury.same_team"}}
	}
	return s.change(ctx, actor, id, role, func(tx *sqldb.Tx, now time.Time) error {
		round, criteria, err := s.scoring(ctx, tx, id, now)
		if err != nil {
			return err
		}
		if err := s.mayJudge(ctx, tx, id, juror, to); err != nil {
			return err
		}
		sheet, err := s.sheet(ctx, tx, id, round.Number, juror, from)
		if err != nil {
			return err
		}
		if len(sheet) == 0 {
			return sqldb.ErrNotFound
		}
		target, err := s.sheet(ctx, tx, id, round.Number, juror, to)
		if err != nil {
			return err
		}
		if len(target) > 0 {
			return errs.New(errs.Conflict, "jury.move_onto_marks")
		}
		var marks []Mark
		for _, c := range criteria {
			m, there := sheet[c.ID]
			if !there {
				continue
			}
			gone := m
			at := now
			if !at.After(m.Given) { // what is newer counts, and this must
				at = m.Given.Add(time.Microsecond)
			}
			m.ID, m.Team, m.Given, m.Received, m.EnteredBy, m.Reason = s.ids.ID(), to, at, now, actor.ID, reason
			m.Device, m.Seen, m.Paper = "", time.Time{}, "" // who moves a sheet has it before them
			if err := s.addMark(ctx, tx, actor, id, round.Number, m, Mark{}, c.Name); err != nil {
				return err
			}
			before := gone
			gone.ID, gone.Kind, gone.Value, gone.Given, gone.Received = s.ids.ID(), Withdrawn, 0, at, now
			gone.EnteredBy, gone.Reason, gone.Device, gone.Seen, gone.Paper = actor.ID, reason, "", time.Time{}, ""
			if err := s.addMark(ctx, tx, actor, id, round.Number, gone, before, c.Name); err != nil {
				return err
			}
			marks = append(marks, m, gone)
		}
		return s.traceMarks(ctx, tx, id, subject(juror, from), round, marks)
	})
}

func (s *Service) sheet(ctx context.Context, q sqldb.Querier, id edition.ID, round int, juror account.ID, team string) (Sheet, error) {
	marks, err := listSheet(ctx, q, id, round, juror, team)
	if err != nil {
		return nil, fmt.Errorf("reading a sheet: %w", err)
	}
	return current(marks)[sheetKey{juror, team}], nil
}

// History is every mark that a juror gave a team in the present round, oldest first.
func (s *Service) History(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID, team string) ([]Mark, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return nil, err
	}
	return listSheet(ctx, q, id, r.Number, juror, team)
}

// MySheet is what the juror said of a team, and their own note. It refuses a team that
// the juror has a conflict with.
func (s *Service) MySheet(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID, team string) (Sheet, string, error) {
	if err := s.mayJudge(ctx, q, id, actor.ID, team); err != nil {
		return nil, "", err
	}
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return nil, "", err
	}
	sheet, err := s.sheet(ctx, q, id, r.Number, actor.ID, team)
	if err != nil {
		return nil, "", err
	}
	all, err := listNotes(ctx, q, id, actor.ID, team)
	note, _ := rivals(all)
	return sheet, note.text, err
}

// Export calls write for every mark there is, of all rounds and jurors, in the order in
// which they came in.
func (s *Service) Export(ctx context.Context, q sqldb.Querier, id edition.ID, write func(round int, m Mark) error) error {
	rounds, err := listRounds(ctx, q, id)
	for i := 0; err == nil && i < len(rounds); i++ {
		var marks []Mark
		marks, err = listMarksAfter(ctx, q, id, rounds[i].Number, "")
		for k := 0; err == nil && k < len(marks); k++ {
			err = write(rounds[i].Number, marks[k])
		}
	}
	return err
}
