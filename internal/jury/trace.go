package jury

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/chain"
	"h48/internal/kit/sqldb"
)

// The kinds of the jury's entries in the edition's chain.
const (
	TraceMarked   = "jury.marked"   // TracedMarks
	TraceNoted    = "jury.noted"    // TracedNote
	TraceWord     = "jury.word"     // TracedWord
	TraceCompared = "jury.compared" // TracedComparison
	TraceCriteria = "jury.criteria" // TracedRubric
	TraceRound    = "jury.round"    // TracedRound, of a new round and of every turn of one
	TracePresence = "jury.presence" // TracedPresence
	TraceConflict = "jury.conflict" // TracedConflict
	TraceDecision = "jury.decision" // TracedDecision
	TraceAmended  = "jury.amended"  // TracedAmendment
	TracePanel    = "jury.panel"    // TracedPanel
)

// What stands in the entries. Words of people stand there as digests only, so that they
// can be erased and the chain stays whole; times are microseconds.
type (
	// TracedMarks are marks that came in together.
	TracedMarks struct {
		Round int          `json:"round"`
		Marks []TracedMark `json:"marks"`
	}
	// TracedMark is a Mark.
	TracedMark struct {
		ID        string     `json:"id"`
		Juror     account.ID `json:"juror"`
		Team      string     `json:"team"`
		Criterion string     `json:"criterion"`
		Kind      Kind       `json:"kind"`
		Value     int        `json:"value"`
		Given     int64      `json:"given"`
		Received  int64      `json:"received"`
		By        account.ID `json:"by"`
		Why       string     `json:"why,omitempty"`
		Paper     string     `json:"paper,omitempty"`
	}
	// TracedNote is a juror's own note.
	TracedNote struct {
		Juror account.ID `json:"juror"`
		Team  string     `json:"team"`
		Text  string     `json:"text"`
		Given int64      `json:"given"`
	}
	// TracedWord is a juror's word for a team.
	TracedWord struct {
		Juror account.ID `json:"juror"`
		Team  string     `json:"team"`
		Text  string     `json:"text"`
		Named bool       `json:"named"`
		Given int64      `json:"given"`
	}
	// TracedComparison is a Comparison.
	TracedComparison struct {
		ID       string     `json:"id"`
		Round    int        `json:"round"`
		Juror    account.ID `json:"juror"`
		Better   string     `json:"better"`
		Worse    string     `json:"worse"`
		Taken    bool       `json:"taken,omitempty"`
		Given    int64      `json:"given"`
		Received int64      `json:"received"`
	}
	// TracedRubric is the rubric of a round, set anew.
	TracedRubric struct {
		Round    int         `json:"round"`
		Criteria []Criterion `json:"criteria"`
	}
	// TracedRound is how a round stands from now on.
	TracedRound struct {
		Number       int      `json:"number"`
		Setup        Setup    `json:"setup"`
		Of           int      `json:"of,omitempty"`
		Teams        []string `json:"teams,omitempty"` // of a final
		Opened       int64    `json:"opened"`
		Closed       int64    `json:"closed"`
		Deliberation int64    `json:"deliberation"`
		Reason       string   `json:"reason,omitempty"` // it was announced, so it stands in the clear
		Ladder       Ladder   `json:"ladder,omitempty"`
	}
	// TracedPanel is who judges a prize and who may win it, from now on.
	TracedPanel struct {
		Prize     string       `json:"prize"`
		Who       Eligible     `json:"who"`
		Challenge string       `json:"challenge,omitempty"`
		Teams     []string     `json:"teams,omitempty"`
		Jurors    []account.ID `json:"jurors,omitempty"`
		Limited   []account.ID `json:"limited,omitempty"`
	}
	// TracedAmendment is a change of the rules after the first mark. It is published, so it
	// stands in the clear.
	TracedAmendment struct {
		Round  int    `json:"round"`
		What   string `json:"what"`
		Reason string `json:"reason"`
		Before string `json:"before"`
		After  string `json:"after"`
	}
	// TracedPresence says whether a juror's marks are waited for and count.
	TracedPresence struct {
		Juror    account.ID `json:"juror"`
		Presence Presence   `json:"presence"`
		Why      string     `json:"why,omitempty"`
	}
	// TracedConflict is a conflict that holds, or was lifted.
	TracedConflict struct {
		Juror     account.ID `json:"juror"`
		Team      string     `json:"team"`
		Source    Source     `json:"source"`
		Why       string     `json:"why,omitempty"`
		Lifted    bool       `json:"lifted"`
		LiftedWhy string     `json:"lifted_why,omitempty"`
	}
	// TracedDecision is a named person's word on an open tie.
	TracedDecision struct {
		Round   int        `json:"round"`
		Team    string     `json:"team"`
		Decider string     `json:"decider"`
		Why     string     `json:"why"`
		By      account.ID `json:"by"`
	}
)

// trace appends to the edition's chain. It is the last that a use case does: others who
// append wait from here to the end of the transaction.
func (s *Service) trace(ctx context.Context, tx *sqldb.Tx, id edition.ID, kind, subject string, body any) error {
	return s.chain.Append(ctx, tx, string(id), kind, subject, body)
}

// concealed is what stands in the chain for people's words.
func (s *Service) concealed(ctx context.Context, tx *sqldb.Tx, id edition.ID, subject string, words ...*string) error {
	for _, w := range words {
		d, err := s.chain.Conceal(ctx, tx, string(id), subject, *w)
		if err != nil {
			return err
		}
		*w = d
	}
	return nil
}

func (s *Service) traceMarks(ctx context.Context, tx *sqldb.Tx, id edition.ID, subject string, round Round, marks []Mark) error {
	if len(marks) == 0 {
		return nil
	}
	body := TracedMarks{Round: round.Number}
	for _, m := range marks {
		t := m.Traced()
		t.Why = m.Reason
		if err := s.concealed(ctx, tx, id, "mark:"+m.ID, &t.Why); err != nil {
			return err
		}
		body.Marks = append(body.Marks, t)
	}
	if err := s.trace(ctx, tx, id, TraceMarked, subject, body); err != nil {
		return err
	}
	return still(ctx, tx, id, round)
}

func (s *Service) traceConflicts(ctx context.Context, tx *sqldb.Tx, id edition.ID, all ...Conflict) error {
	for _, c := range all {
		about := subject(c.Juror, c.Team)
		body := TracedConflict{Juror: c.Juror, Team: c.Team, Source: c.Source, Why: c.Reason, Lifted: !c.Lifted.IsZero(), LiftedWhy: c.LiftedWhy}
		if err := s.concealed(ctx, tx, id, about, &body.Why, &body.LiftedWhy); err != nil {
			return err
		}
		if err := s.trace(ctx, tx, id, TraceConflict, about, body); err != nil {
			return err
		}
	}
	return s.traceRanking(ctx, tx, id)
}

func (s *Service) traceRound(ctx context.Context, tx *sqldb.Tx, id edition.ID, r Round) error {
	err := s.trace(ctx, tx, id, TraceRound, "edition:"+string(id), TracedRound{Number: r.Number, Setup: r.Setup, Of: r.Of,
		Teams: r.Teams, Opened: sqldb.Micros(r.Opened), Closed: sqldb.Micros(r.Closed), Deliberation: sqldb.Micros(r.Deliberation),
		Reason: r.Reason, Ladder: r.Ladder})
	if err != nil {
		return err
	}
	return s.traceRanking(ctx, tx, id)
}

func (s *Service) traceRubric(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int) error {
	criteria, err := listCriteria(ctx, tx, id, round)
	if err != nil {
		return err
	}
	return s.trace(ctx, tx, id, TraceCriteria, "edition:"+string(id), TracedRubric{Round: round, Criteria: criteria})
}

// Head is where the edition's chain ends: whoever has written it down can tell later that
// nothing before it was changed.
func (s *Service) Head(ctx context.Context, q sqldb.Querier, id edition.ID) (chain.Head, error) {
	return chain.End(ctx, q, string(id))
}
