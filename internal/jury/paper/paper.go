// Package paper is the fallback of the jury: sheets to print, with a code each, and the
// copying of what jurors wrote on them. Two people type a sheet without seeing each other's
// typing; what they agree on becomes the juror's marks, once; where they differ, or where
// the juror's phone says otherwise, somebody who leads the jury decides with the sheet
// before them, and until then nothing of it counts.
//
// The room keeps sheets and readings. It owns no mark: the jury does, and says what a
// juror may judge.
package paper

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
)

// State is how far a sheet is.
type State string

// The states of a sheet.
const (
	Printed State = "printed"
	Once    State = "once"    // one person has typed it
	Twice   State = "twice"   // two people agree, and the jury takes nothing just now
	Differs State = "differs" // somebody must decide
	Taken   State = "taken"   // its marks are the juror's
)

// Sheet is a paper that was printed for one juror in one round.
type Sheet struct {
	ID      string
	Edition edition.ID
	Round   int
	Juror   account.ID
	Code    string // short, to be said aloud
	Rows    Rows
	Printed time.Time
	By      account.ID
	State   State
	Taken   time.Time
	Alone   string // why one person alone copied it, "" where two did
}

// Rows are what is printed: a row for each team, a column for each criterion.
type Rows struct {
	Criteria []string `json:"criteria"`
	Teams    []Row    `json:"teams"`
}

// Row is a team of a sheet. Asks are the criteria on which the juror judges it.
type Row struct {
	Team string   `json:"team"`
	Asks []string `json:"asks"`
}

// Cells are what stands on a sheet, by team and criterion: a number, or Unseen. What was
// left blank is not there.
type Cells map[string]map[string]string

// Unseen is what stands in a cell whose criterion the juror could not observe.
const Unseen = string(jury.NotObserved)

func (c Cells) set(team, criterion, value string) {
	if value == "" {
		delete(c[team], criterion)
		return
	}
	if c[team] == nil {
		c[team] = map[string]string{}
	}
	c[team][criterion] = value
}

// filled is how many cells hold something.
func (c Cells) filled() int {
	n := 0
	for _, row := range c {
		n += len(row)
	}
	return n
}

// Reading is what one person typed of a sheet: the first, the second, or the decision.
type Reading struct {
	Nr    int
	By    account.ID
	Cells Cells
	Given time.Time // what the sheet says when it was filled in; zero where it does not
	Typed time.Time
}

// decided is the number of the reading that settles the others.
const decided = 3

// Doubt is a cell that somebody must decide: the two readings differ, or the juror has
// said otherwise on their phone.
type Doubt struct {
	Team, Criterion string
	First, Second   string     // "" for a blank
	Phone           *jury.Mark // what the jury has already, where that is not what the paper says
}

// doubts compares the readings with each other and with what the jury has from the juror,
// in the order of the sheet. With one reading alone, second is nil.
func doubts(rows Rows, first, second Cells, said func(team string) jury.Sheet) []Doubt {
	var all []Doubt
	for _, row := range rows.Teams {
		for _, c := range row.Asks {
			d := Doubt{Team: row.Team, Criterion: c, First: first[row.Team][c]}
			d.Second = d.First
			if second != nil {
				d.Second = second[row.Team][c]
			}
			if m, there := said(row.Team)[c]; there {
				given := spell(m)
				if d.First != d.Second && given != "" || d.First == d.Second && d.First != "" && d.First != given {
					d.Phone = &m
				}
			}
			if d.First != d.Second || d.Phone != nil {
				all = append(all, d)
			}
		}
	}
	return all
}

// spell is a mark as it stands in a cell.
func spell(m jury.Mark) string {
	if m.Kind == jury.NotObserved {
		return Unseen
	}
	return strconv.Itoa(m.Value)
}

// Choice settles a doubt: which of what is known counts, or what stands on the paper after
// all.
type Choice struct {
	Which string // "first", "second", "phone" or "other"
	Other string // of "other"
}

// The choices.
const (
	First  = "first"
	Second = "second"
	Phone  = "phone"
	Other  = "other"
)

// settle puts the chosen values into the agreed cells. What counts from the phone leaves
// the cell blank: the jury has it.
func settle(rows Rows, criteria []jury.Criterion, cells Cells, all []Doubt, choose func(team, criterion string) Choice) (Cells, error) {
	final, wrong := Cells{}, errs.Fields(nil)
	for team, row := range cells {
		for c, value := range row {
			final.set(team, c, value)
		}
	}
	for _, d := range all {
		choice, name := choose(d.Team, d.Criterion), rows.name("d", d.Team, d.Criterion)
		switch {
		case choice.Which == First:
			final.set(d.Team, d.Criterion, d.First)
		case choice.Which == Second:
			final.set(d.Team, d.Criterion, d.Second)
		case choice.Which == Phone && d.Phone != nil:
			final.set(d.Team, d.Criterion, "")
		case choice.Which == Other:
			value, ok := readCell(choice.Other, criterionOf(criteria, d.Criterion))
			if !ok {
				wrong.Add(rows.name("o", d.Team, d.Criterion), "paper.cell_wrong")
			}
			final.set(d.Team, d.Criterion, value)
		default:
			wrong.Add(name, "paper.choose")
		}
	}
	return final, wrong.Err()
}

// name is a field's name for a cell: short, and the same for both who type.
func (r Rows) name(kind, team, criterion string) string {
	row := slices.IndexFunc(r.Teams, func(t Row) bool { return t.Team == team })
	return kind + "_" + strconv.Itoa(row) + "_" + strconv.Itoa(slices.Index(r.Criteria, criterion))
}

// readCell reads what was typed into a cell; a blank is "". A dash says that the juror
// could not observe the criterion; phones whose keys of digits have none have a point.
func readCell(text string, c jury.Criterion) (value string, ok bool) {
	switch text = strings.TrimSpace(text); text {
	case "":
		return "", true
	case "-", "–", "—", ".", ",", Unseen:
		return Unseen, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < c.Min || n > c.Max {
		return "", false
	}
	return strconv.Itoa(n), true
}

func criterionOf(all []jury.Criterion, id string) jury.Criterion {
	if i := slices.IndexFunc(all, func(c jury.Criterion) bool { return c.ID == id }); i >= 0 {
		return all[i]
	}
	return jury.Criterion{}
}

// under puts the criteria into the order in which they are printed; false where the sheet
// was printed under others.
func (r Rows) under(criteria []jury.Criterion) (all []jury.Criterion, same bool) {
	for _, id := range r.Criteria {
		if c := criterionOf(criteria, id); c.ID != "" {
			all = append(all, c)
		}
	}
	return all, len(all) == len(r.Criteria) && len(all) == len(criteria)
}

// Gone is what is printed of a team and asked of the juror no more: a prize has another
// jury since, or the juror keeps away from the team.
type Gone struct {
	Team  string   `json:"team"`
	Asked []string `json:"asked"`
	Whole bool     `json:"whole"` // nothing of the team is asked any more
}

// still narrows the rows to what the jury asks of the juror by now, and says what that
// leaves out. A row of which nothing is left stays, so that every row keeps its place.
func (r Rows) still(dues []jury.Due) (Rows, []Gone) {
	asked := map[string][]string{}
	for _, d := range dues {
		asked[d.Team.ID] = d.Asks
	}
	now, gone := Rows{Criteria: r.Criteria}, []Gone(nil)
	for _, row := range r.Teams {
		left := Row{Team: row.Team}
		out := Gone{Team: row.Team}
		for _, c := range row.Asks {
			if slices.Contains(asked[row.Team], c) {
				left.Asks = append(left.Asks, c)
			} else {
				out.Asked = append(out.Asked, c)
			}
		}
		if out.Whole = len(left.Asks) == 0; len(out.Asked) > 0 {
			gone = append(gone, out)
		}
		now.Teams = append(now.Teams, left)
	}
	return now, gone
}

// boxes is how many boxes there are to type.
func (r Rows) boxes() int {
	n := 0
	for _, row := range r.Teams {
		n += len(row.Asks)
	}
	return n
}

// copied is what the jury takes of the cells.
func (r Rows) copied(cells Cells) []jury.CopiedTeam {
	var all []jury.CopiedTeam
	for _, row := range r.Teams {
		marks := map[string]jury.Answer{}
		for _, c := range row.Asks {
			value := cells[row.Team][c]
			if value == Unseen {
				marks[c] = jury.Answer{Kind: jury.NotObserved}
			} else if n, err := strconv.Atoi(value); err == nil {
				marks[c] = jury.Answer{Kind: jury.Scored, Value: n}
			}
		}
		if len(marks) > 0 {
			all = append(all, jury.CopiedTeam{Team: row.Team, Marks: marks})
		}
	}
	return all
}

// inOrder puts the teams of a juror's plan first, in its order, and the others behind.
func inOrder(dues []jury.Due, plan []string) []jury.Due {
	place := func(d jury.Due) int {
		if i := slices.Index(plan, d.Team.ID); i >= 0 {
			return i
		}
		return len(plan)
	}
	dues = slices.Clone(dues)
	slices.SortStableFunc(dues, func(a, b jury.Due) int { return cmp.Compare(place(a), place(b)) })
	return dues
}

// mostBeside is up to how many teams besides the planned ones stand on a sheet: where the
// juror is to see a few of hundreds, the rest is not printed.
const mostBeside = 12

// rowsOf are what is printed for a juror.
func rowsOf(criteria []jury.Criterion, dues []jury.Due, plan []string) Rows {
	var r Rows
	for _, c := range criteria {
		r.Criteria = append(r.Criteria, c.ID)
	}
	dues = inOrder(dues, plan)
	if len(plan) > 0 && len(dues)-len(plan) > mostBeside {
		dues = slices.DeleteFunc(dues, func(d jury.Due) bool { return !slices.Contains(plan, d.Team.ID) })
	}
	for _, d := range dues {
		r.Teams = append(r.Teams, Row{Team: d.Team.ID, Asks: d.Asks})
	}
	return r
}

// clock reads a time of the day as a sheet says it: the last such moment before now.
func clock(text string, now time.Time, zone *time.Location) (time.Time, bool) {
	text = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(strings.ToLower(text)), " ", ""), "h", ":")
	if text == "" {
		return time.Time{}, true
	}
	if strings.HasSuffix(text, ":") {
		text += "00"
	}
	at, err := time.Parse("15:04", text)
	if err != nil {
		return time.Time{}, false
	}
	local := now.In(zone)
	moment := time.Date(local.Year(), local.Month(), local.Day(), at.Hour(), at.Minute(), 0, 0, zone)
	if moment.After(now.Add(ahead)) {
		moment = moment.AddDate(0, 0, -1)
	}
	return moment.UTC(), true
}

// ahead is how much the juror's watch may be before ours; the jury takes no mark from the
// time to come, and dates it now.
const ahead = time.Hour

// otherTime says whether two people read different hours on the sheet, on whatever day
// they typed it.
func otherTime(a, b time.Time) bool {
	return !a.IsZero() && !b.IsZero() && a.Sub(b)%(24*time.Hour) != 0
}

// codeLength is that of a sheet's code: of 30^6, an edition has at most some hundreds.
const codeLength = 6

// spoken is a code as it is kept, however it was typed or scanned.
func spoken(code string) string {
	code = strings.TrimSpace(code)
	code = code[strings.LastIndex(code, "/")+1:]
	return strings.ToUpper(strings.Join(strings.FieldsFunc(code, func(r rune) bool { return r == ' ' || r == '-' || r == '.' || r == '\u00a0' }), ""))
}

// Refusals that callers decide on.
var (
	ErrOwn     = errs.New(errs.Forbidden, "paper.own_sheet")
	ErrTyped   = errs.New(errs.Conflict, "paper.typed_twice")
	ErrTaken   = errs.New(errs.Conflict, "paper.taken_already")
	ErrRubric  = errs.New(errs.Conflict, "paper.other_rubric")
	ErrChanged = errs.New(errs.Conflict, "jury.changed_meanwhile")
)

// Topic is what the pages of the room listen to.
func Topic(id edition.ID) string { return "paper:" + string(id) }
