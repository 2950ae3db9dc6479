package paper_test

import (
	"context"
	"errors"
	"flag"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/paper"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
	"h48/internal/kit/pdf/ua"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// desk is a table with a jury of two, three people who type, and four teams.
type desk struct {
	*doortest.House
	*paper.Service
	jury     *jury.Service
	teams    []jury.TeamRef
	criteria []jury.Criterion
	anne     account.Actor
	gaspard  account.Actor // of the crew
	gilda    account.Actor // of the crew too
}

func (d *desk) Competing(context.Context, sqldb.Querier, edition.ID) ([]jury.TeamRef, error) {
	return d.teams, nil
}

func (d *desk) One(_ context.Context, _ sqldb.Querier, _ edition.ID, team string) (jury.TeamRef, error) {
	for _, t := range d.teams {
		if t.ID == team {
			return t, nil
		}
	}
	return jury.TeamRef{}, sqldb.ErrNotFound
}

// Way sends every juror to the last team first.
func (d *desk) Way(context.Context, sqldb.Querier, edition.ID, account.ID) ([]string, error) {
	return []string{"t-Palier"}, nil
}

// ToWin is a prize with a bonus of its own.
func (d *desk) ToWin(context.Context, sqldb.Querier, edition.ID) ([]jury.PrizeRef, error) {
	return []jury.PrizeRef{{ID: "p-jardin", Title: "Prix du jardin"}}, nil
}

func newDesk(t *testing.T, db *dbtest.DB) *desk {
	t.Helper()
	h := doortest.New(t, db, jury.Words, paper.Words)
	d := &desk{House: h}
	for i, name := range []string{"Cour", "Guichet", "Voisins", "Palier"} {
		d.teams = append(d.teams, jury.TeamRef{ID: "t-" + name, Name: name, Table: i + 1})
	}
	d.jury = jury.NewService(db.DB, h.IDs, h.Editions, h.Accounts, jury.Neighbours{Teams: d, Prizes: d}, h.Hub, h.Trail)
	store, err := files.NewDisk(t.TempDir())
	d.must(err)
	d.Service = paper.NewService(db.DB, h.IDs, d.jury, d, h.Editions, h.Accounts, store, h.Hub, h.Queue, h.Trail, h.Words, "http://h48.test")
	d.anne = h.Person("Anne Exemple", edition.Juror)
	h.Person("Basile Exemple", edition.Juror)
	d.gaspard, d.gilda = h.Person("Gaspard Exemple", edition.Crew), h.Person("Gilda Exemple", edition.Crew)
	h.Go(edition.Pitches)
	db.Clock.Advance(time.Hour)
	d.must(d.jury.SetCriteria(t.Context(), h.Boss, h.Edition.ID, []jury.Criterion{
		{Name: "Utile aux locataires", Weight: 60, Levels: []string{"personne n’en veut", "", "utile à certains", "", "on le réclamerait"}}, {Name: "Réalisable", Weight: 40}}))
	d.criteria, err = d.jury.Criteria(t.Context(), db, h.Edition.ID)
	d.must(err)
	paper.Routes(h.Door, d.Service)
	return d
}

func (d *desk) must(err error) {
	d.T.Helper()
	if err != nil {
		d.T.Fatal(err)
	}
}

// printed is Anne's sheet.
func (d *desk) printed() paper.Sheet {
	d.T.Helper()
	_, sheets, err := d.Print(d.T.Context(), d.Boss, d.Edition.ID, []account.ID{d.anne.ID}, i18n.French)
	d.must(err)
	return sheets[0]
}

// typed is what somebody types: for each named team its two boxes.
func (d *desk) typed(given string, boxes ...string) paper.Typed {
	cells := map[string]map[string]string{}
	for _, box := range boxes {
		parts := strings.Fields(box)
		cells["t-"+parts[0]] = map[string]string{d.criteria[0].ID: parts[1], d.criteria[1].ID: parts[2]}
	}
	return paper.Typed{Given: given, Cell: func(team, criterion string) string { return cells[team][criterion] }}
}

func (d *desk) typeIt(who account.Actor, code string, in paper.Typed) paper.State {
	d.T.Helper()
	state, err := d.Type(d.T.Context(), who, d.Edition.ID, code, in)
	d.must(err)
	return state
}

// values are what counts of Anne's marks for the team.
func (d *desk) values(team string) []string {
	d.T.Helper()
	sheet, _, err := d.jury.MySheet(d.T.Context(), d.DB, d.anne, d.Edition.ID, team)
	d.must(err)
	var all []string
	for _, c := range d.criteria {
		m, there := sheet[c.ID]
		switch {
		case !there:
			all = append(all, "")
		case m.Kind == jury.NotObserved:
			all = append(all, "-")
		default:
			all = append(all, string(rune('0'+m.Value)))
		}
	}
	return all
}

func (d *desk) marks(team string) []jury.Mark {
	d.T.Helper()
	all, err := d.jury.History(d.T.Context(), d.DB, d.Edition.ID, d.anne.ID, team)
	d.must(err)
	return all
}

func TestType_whatTwoAgreeOnCountsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		sheet := d.printed()
		if sheet.Rows.Teams[0].Team != "t-Palier" || len(sheet.Rows.Teams) != 4 {
			t.Errorf("the rows: %+v", sheet.Rows.Teams)
		}
		at := db.Now().Add(-20 * time.Minute).In(d.Edition.Zone).Format("15:04")
		if state := d.typeIt(d.gaspard, sheet.Code, d.typed(at, "Cour 5 2", "Guichet 1 1")); state != paper.Once {
			t.Errorf("after the first: %s", state)
		}
		if state := d.typeIt(d.gaspard, sheet.Code, d.typed(at, "Cour 4 2", "Guichet 1 1")); state != paper.Once {
			t.Errorf("one's own correction is %s", state)
		}
		if got := d.marks("t-Cour"); len(got) != 0 {
			t.Errorf("one typing counts already: %+v", got)
		}
		if state := d.typeIt(d.gilda, sheet.Code, d.typed(at, "Cour 4 2", "Guichet 1 1")); state != paper.Taken {
			t.Errorf("both agree: %s", state)
		}
		if diff := cmp.Diff([]string{"4", "2"}, d.values("t-Cour")); diff != "" {
			t.Error(diff)
		}
		marks := d.marks("t-Cour")
		if len(marks) != 2 || marks[0].Paper != sheet.Code || marks[0].EnteredBy != d.gilda.ID ||
			marks[0].Given.In(d.Edition.Zone).Format("15:04") != at {
			t.Errorf("the marks: %+v", marks)
		}
		for _, who := range []account.Actor{d.gaspard, d.gilda, d.Boss} {
			if _, err := d.Type(t.Context(), who, d.Edition.ID, sheet.Code, d.typed(at, "Cour 1 1")); !errors.Is(err, paper.ErrTaken) {
				t.Errorf("typed again: %v", err)
			}
		}
	})
}

// Two people who press at the same moment are the first and the second, never both.
func TestType_atTheSameMoment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		sheet := d.printed()
		var together sync.WaitGroup
		for _, who := range []account.Actor{d.gaspard, d.gilda, d.Boss} {
			together.Go(func() {
				_, err := d.Type(t.Context(), who, d.Edition.ID, sheet.Code, d.typed("", "Cour 4 2"))
				if err != nil && !errs.Is(err, errs.Conflict) {
					t.Errorf("%s: %v", who.Name, err)
				}
			})
		}
		together.Wait()
		for _, who := range []account.Actor{d.gaspard, d.gilda} { // who was told that it changed presses again
			if _, err := d.Type(t.Context(), who, d.Edition.ID, sheet.Code, d.typed("", "Cour 4 2")); err != nil && !errs.Is(err, errs.Conflict) {
				t.Errorf("%s again: %v", who.Name, err)
			}
		}
		if got := d.marks("t-Cour"); len(got) != 2 {
			t.Errorf("%d marks, want one a criterion", len(got))
		}
	})
}

func TestSettle_decidesCellByCell(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		d.must(d.jury.Score(t.Context(), d.anne, d.Edition.ID, "t-Voisins", jury.Answers{Marks: map[string]jury.Answer{
			d.criteria[0].ID: {Kind: jury.Scored, Value: 3}, d.criteria[1].ID: {Kind: jury.Scored, Value: 3}}}, once.Action{ID: "phone"}))
		sheet := d.printed()
		d.typeIt(d.gaspard, sheet.Code, d.typed("", "Cour 1 2", "Guichet 4 4", "Voisins 5 3"))
		_, err := d.Type(t.Context(), d.gilda, d.Edition.ID, sheet.Code, d.typed("", "Cour 7 2"))
		if wrong := (errs.Fields)(nil); !errors.As(err, &wrong) || wrong[0].Name != "c_1_0" {
			t.Errorf("7 of 5: %v", err)
		}
		if state := d.typeIt(d.gilda, sheet.Code, d.typed("", "Cour 2 2", "Guichet - 4", "Voisins 5 3")); state != paper.Differs {
			t.Errorf("they differ: %s", state)
		}
		if got := d.values("t-Guichet"); got[1] != "" {
			t.Error("what they agree on counts before the rest is decided")
		}
		o, err := d.Open(t.Context(), d.Boss, d.Edition.ID, sheet.Code)
		d.must(err)
		var got []string
		for _, one := range o.Doubts {
			phone := ""
			if one.Phone != nil {
				phone = " phone"
			}
			got = append(got, one.Team+" "+one.First+" "+one.Second+phone)
		}
		if diff := cmp.Diff([]string{"t-Cour 1 2", "t-Guichet 4 not_observed", "t-Voisins 5 5 phone"}, got); diff != "" {
			t.Error(diff)
		}
		choices := map[string]paper.Choice{"t-Cour": {Which: paper.Other, Other: "4"}, "t-Guichet": {Which: paper.Second}}
		choose := func(team, _ string) paper.Choice { return choices[team] }
		if err := d.Settle(t.Context(), d.gaspard, d.Edition.ID, sheet.Code, paper.Settled{Choose: choose}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the crew decides: %v", err)
		}
		if err := d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: choose}); !errs.Is(err, errs.Invalid) {
			t.Errorf("one box is undecided: %v", err)
		}
		choices["t-Voisins"] = paper.Choice{Which: paper.Phone}
		d.must(d.jury.NameHead(t.Context(), d.Boss, d.Edition.ID, d.anne.ID, true))
		if err := d.Settle(t.Context(), d.anne, d.Edition.ID, sheet.Code, paper.Settled{Choose: choose}); !errors.Is(err, paper.ErrOwn) {
			t.Errorf("the juror decides on their own sheet: %v", err)
		}
		d.must(d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: choose}))
		if diff := cmp.Diff([][]string{{"4", "2"}, {"-", "4"}, {"3", "3"}}, [][]string{d.values("t-Cour"), d.values("t-Guichet"), d.values("t-Voisins")}); diff != "" {
			t.Error(diff)
		}
		if len(d.marks("t-Voisins")) != 2 {
			t.Error("the phone's marks were given again")
		}
		if err := d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: choose}); !errors.Is(err, paper.ErrTaken) {
			t.Errorf("twice: %v", err)
		}
	})
}

// A sheet of before the close waits while the jury takes nothing, and is taken with the
// time that it says.
func TestSettle_aSheetThatWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		sheet := d.printed()
		db.Clock.Advance(10 * time.Minute)
		before := db.Now().Add(-5 * time.Minute).In(d.Edition.Zone).Format("15:04")
		d.must(d.jury.Close(t.Context(), d.Boss, d.Edition.ID))
		db.Clock.Advance(10 * time.Minute)
		d.typeIt(d.gaspard, sheet.Code, d.typed("", "Cour 1 2"))
		if state := d.typeIt(d.gilda, sheet.Code, d.typed("", "Cour 1 2")); state != paper.Twice {
			t.Errorf("without a time, after the close: %s", state)
		}
		none := func(string, string) paper.Choice { return paper.Choice{} }
		if err := d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: none}); !errors.Is(err, jury.ErrClosed) {
			t.Errorf("after the close: %v", err)
		}
		d.must(d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: none, Given: before}))
		if diff := cmp.Diff([]string{"1", "2"}, d.values("t-Cour")); diff != "" {
			t.Error(diff)
		}
	})
}

// Where there is nobody else, who typed it says why that must do.
func TestSettle_alone(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	sheet := d.printed()
	none := func(string, string) paper.Choice { return paper.Choice{} }
	if err := d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: none, Alone: "seule"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("a sheet that nobody typed: %v", err)
	}
	d.typeIt(d.gaspard, sheet.Code, d.typed("", "Cour 5 5"))
	if err := d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: none, Alone: "seule"}); !errs.Is(err, errs.Conflict) {
		t.Errorf("what another typed: %v", err)
	}
	sheet = d.printed()
	d.typeIt(d.Boss, sheet.Code, d.typed("", "Cour 5 5"))
	if err := d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: none}); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	d.must(d.Settle(t.Context(), d.Boss, d.Edition.ID, sheet.Code, paper.Settled{Choose: none, Alone: "relue avec le juré"}))
	if marks := d.marks("t-Cour"); len(marks) != 2 || marks[0].Reason != "relue avec le juré" {
		t.Errorf("the marks: %+v", marks)
	}
}

// Nobody sees what another typed, by page or by program, before both have.
func TestPages_twoPeopleTypeWithoutSeeingEachOther(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	sheet := d.printed()
	at := "/e/amiens-2018/jury/paper/"
	boxes := url.Values{"c_1_0": {"4"}, "c_1_1": {"-"}, "given": {""}}
	first, second, boss := d.Client(d.gaspard), d.Client(d.gilda), d.Client(d.Boss)
	if status, body := first.Post(at[:len(at)-1], url.Values{"code": {strings.ToLower(sheet.Code[:3] + " " + sheet.Code[3:])}}); status != 200 || !strings.Contains(body, "Anne Exemple") {
		t.Fatalf("the code answers %d", status)
	}
	if status, body := first.Post(at[:len(at)-1], url.Values{"code": {"ZZZZZZ"}}); status != 422 || !strings.Contains(body, "Aucune feuille") {
		t.Errorf("a wrong code answers %d", status)
	}
	if status, body := first.Post(at+sheet.Code, url.Values{"c_1_0": {"9"}}); status != 422 || !strings.Contains(body, `value="9"`) {
		t.Errorf("9 of 5 answers %d", status)
	}
	if status, body := first.Post(at+sheet.Code, boxes); status != 200 || !strings.Contains(body, "Votre saisie est gardée") {
		t.Errorf("the first typing answers %d", status)
	}
	for _, c := range []*doortest.Client{second, boss} {
		if _, body := c.Get(at + sheet.Code); strings.Contains(body, `value="4"`) {
			t.Error("the first typing is shown to another")
		}
		if _, body := c.Get("/api/v1" + at + sheet.Code); strings.Contains(body, `"first"`) || strings.Contains(body, `"4"`) {
			t.Errorf("the first typing is told to another: %s", body)
		}
	}
	boxes.Set("c_1_0", "3")
	if status, body := second.Post(at+sheet.Code, boxes); status != 200 || !strings.Contains(body, "doit trancher") || strings.Contains(body, `value="4"`) {
		t.Errorf("the second typing answers %d", status)
	}
	if _, body := boss.Get(at + sheet.Code); !strings.Contains(body, "lu par Gaspard Exemple") || !strings.Contains(body, "lu par Gilda Exemple") {
		t.Error("the difference is not shown to the organiser")
	}
	if status, body := boss.Post(at+sheet.Code+"/settle", url.Values{}); status != 422 || !strings.Contains(body, "Dites ce qui compte") {
		t.Errorf("undecided answers %d", status)
	}
	if status, body := boss.Post(at+sheet.Code+"/settle", url.Values{"d_1_0": {"second"}}); status != 200 || !strings.Contains(body, "Reçue à") {
		t.Errorf("the decision answers %d", status)
	}
	if diff := cmp.Diff([]string{"3", "-"}, d.values("t-Cour")); diff != "" {
		t.Error(diff)
	}
	if status, _ := d.Client(d.anne).Get(at + sheet.Code); status != 403 {
		t.Errorf("a juror sees the sheet: %d", status)
	}
}

func TestAPI_typesAndSettles(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	const path = "/api/v1/e/amiens-2018/jury/paper"
	boss, crew := d.Client(d.Boss), d.Client(d.gaspard)
	if status, body := boss.Do("POST", path, "application/json", `{"lang": "en"}`); status != 200 || strings.Count(body, `"printed"`) != 4 {
		t.Fatalf("printing answers %d %s", status, body)
	}
	if status, _ := crew.Do("POST", path, "application/json", `{}`); status != 403 {
		t.Errorf("the crew prints: %d", status)
	}
	sheet := d.printed()
	cells := func(value string) string {
		return `{"cells": {"t-Cour": {"` + d.criteria[0].ID + `": "` + value + `"}}}`
	}
	if status, body := boss.Do("PUT", path+"/"+sheet.Code+"/reading", "application/json", cells("4")); status != 200 || !strings.Contains(body, `"state":"once"`) {
		t.Errorf("typing answers %d %s", status, body)
	}
	if status, body := crew.Do("PUT", path+"/"+sheet.Code+"/reading", "application/json", cells("5")); status != 200 || !strings.Contains(body, `"state":"differs"`) || strings.Contains(body, "doubts") {
		t.Errorf("the second typing answers %d %s", status, body)
	}
	if status, body := boss.Get(path + "/" + sheet.Code); status != 200 || !strings.Contains(body, `"first":"4","second":"5"`) {
		t.Errorf("the sheet answers %d %s", status, body)
	}
	if status, body := boss.Do("POST", path+"/"+sheet.Code+"/settle", "application/json", cells("5")); status != 200 || !strings.Contains(body, `"state":"taken"`) {
		t.Errorf("settling answers %d %s", status, body)
	}
	if got := d.values("t-Cour"); got[0] != "5" {
		t.Errorf("the mark is %v", got)
	}
}

var look = flag.String("look", "", "a folder for the sheets, to look at")

func TestPrint_isTaggedAndReadable(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	for _, lang := range []i18n.Lang{i18n.French, i18n.English} {
		job, sheets, err := d.Print(t.Context(), d.Boss, d.Edition.ID, nil, lang)
		d.must(err)
		d.RunJobs(d.Jobs())
		status, content := d.Client(d.Boss).Get("/e/amiens-2018/jury/paper/printed/" + job)
		if status != 200 || !strings.HasPrefix(content, "%PDF-1.7") {
			t.Fatalf("the document answers %d", status)
		}
		for _, wrong := range ua.Check([]byte(content)) {
			t.Errorf("the sheets: %s", wrong)
		}
		file := filepath.Join(t.TempDir(), "sheets.pdf")
		if *look != "" {
			file = filepath.Join(*look, "sheets-"+string(lang)+".pdf")
		}
		d.must(os.WriteFile(file, []byte(content), 0o600))
		if status, _ := d.Client(d.gaspard).Get("/e/amiens-2018/jury/paper/printed/" + job); status != 403 {
			t.Errorf("the crew fetches the document: %d", status)
		}
		if _, err := exec.LookPath("pdfinfo"); err != nil {
			t.Skip("poppler is not installed")
		}
		info, err := exec.CommandContext(t.Context(), "pdfinfo", file).CombinedOutput()
		d.must(err)
		text, err := exec.CommandContext(t.Context(), "pdfinfo", "-struct-text", file).CombinedOutput()
		d.must(err)
		flat := strings.Join(strings.Fields(string(info)+string(text)), " ")
		for _, want := range []string{"Tagged: yes", "Pages: 4", "Anne Exemple", "Basile Exemple", "Utile aux locataires", "on le réclamerait", "Palier",
			sheets[0].Code[:3] + " " + sheets[0].Code[3:], d.Words.Locale(lang).T("paper.filled_at")} {
			if !strings.Contains(flat, want) {
				t.Errorf("no %q in %s", want, flat)
			}
		}
		if palier, cour := strings.Index(flat, "Palier"), strings.Index(flat, "Cour"); palier > cour {
			t.Error("the sheet does not follow the juror's way")
		}
	}
}

func TestPrint_leavesOutConflicts(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	d.must(d.jury.Declare(t.Context(), d.anne, d.Edition.ID, "t-Cour", "ma sœur y est"))
	for _, row := range d.printed().Rows.Teams {
		if row.Team == "t-Cour" {
			t.Error("a team that the juror keeps away from is printed")
		}
	}
}
