package hall_test

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/hall"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// room is invented: a jury of four and eight teams at tables.
type room struct {
	*doortest.House
	jury   *jury.Service
	hall   *hall.Service
	jurors []account.Actor
	teams  []jury.TeamRef
	// asked, if set, is called when the teams have been asked for.
	asked func()
}

func (r *room) Competing(context.Context, sqldb.Querier, edition.ID) ([]jury.TeamRef, error) {
	if r.asked != nil {
		defer r.asked()
	}
	return r.teams, nil
}

func (r *room) One(_ context.Context, _ sqldb.Querier, _ edition.ID, team string) (jury.TeamRef, error) {
	for _, t := range r.teams {
		if t.ID == team {
			return t, nil
		}
	}
	return jury.TeamRef{}, sqldb.ErrNotFound
}

func newRoom(t *testing.T, db *dbtest.DB) *room {
	t.Helper()
	r := &room{House: doortest.New(t, db, jury.Words, hall.Words)}
	for i, name := range strings.Fields("Voisins Guichet Chaleur Cour Palier Jardin Lessive Vélos") {
		r.teams = append(r.teams, jury.TeamRef{ID: "t-" + name, Name: name, Table: i + 1})
	}
	r.jury = jury.NewService(db.DB, r.IDs, r.Editions, r.Accounts, jury.Neighbours{Teams: r}, r.Hub, r.Trail)
	r.hall = hall.NewService(db.DB, r.IDs, r.jury, r.Editions, r.Hub, r.Queue, r.Trail, "http://h48.test")
	r.jury.GuideBy(r.hall)
	for _, name := range []string{"Anne Exemple", "Basile Exemple", "Chloé Exemple", "Denis Exemple"} {
		r.jurors = append(r.jurors, r.Person(name, edition.Juror))
	}
	r.Go(edition.Pitches)
	ctx := context.Background()
	r.must(r.jury.SetCriteria(ctx, r.Boss, r.Edition.ID, []jury.Criterion{{Name: "Utile", Weight: 1}}))
	r.must(r.jury.SetUp(ctx, r.Boss, r.Edition.ID, jury.Setup{Format: jury.Expo, Way: jury.ByCriterion, Minutes: 5, Window: 30}, ""))
	jury.Routes(r.Door, r.jury)
	hall.Routes(r.Door, r.hall)
	return r
}

func (r *room) must(err error) {
	r.T.Helper()
	if err != nil {
		r.T.Fatal(err)
	}
}

func (r *room) mine(who account.Actor) []hall.Stop {
	r.T.Helper()
	stops, _, err := r.hall.Mine(context.Background(), r.DB, who, r.Edition.ID)
	r.must(err)
	return stops
}

func (r *room) score(who account.Actor, team string, value int) {
	r.T.Helper()
	criteria, err := r.jury.Criteria(context.Background(), r.DB, r.Edition.ID)
	r.must(err)
	r.must(r.jury.Score(context.Background(), who, r.Edition.ID, team, jury.Answers{Marks: map[string]jury.Answer{criteria[0].ID: {Kind: jury.Scored, Value: value}}}, once.Action{}))
}

func TestSend_standsOnThePhoneBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		r.must(r.jury.Acknowledge(ctx, r.jurors[0], r.Edition.ID))
		a := once.Action{ID: "tap"}
		for range 2 { // the phone of the head sends it twice
			r.must(r.hall.Send(ctx, r.Boss, r.Edition.ID, r.jurors[0].ID, "t-Cour", a))
		}
		if mine := r.mine(r.jurors[0]); len(mine) != 1 || mine[0].Team != "t-Cour" || mine[0].Source != hall.Sent {
			t.Fatalf("the juror is to go to %+v", mine)
		}
		if _, body := r.Client(r.jurors[0]).Get("/e/amiens-2018/jury"); !strings.Contains(body, "table 4 · Cour") {
			t.Error("the juror's page does not say where to go")
		}
		r.must(r.hall.Send(ctx, r.Boss, r.Edition.ID, r.jurors[0].ID, "t-Jardin", once.Action{}))
		if mine := r.mine(r.jurors[0]); len(mine) != 1 || mine[0].Team != "t-Jardin" {
			t.Errorf("a later sending leaves %+v", mine)
		}
		r.score(r.jurors[0], "t-Jardin", 4)
		if mine := r.mine(r.jurors[0]); len(mine) != 0 {
			t.Errorf("a visit that was made is still asked for: %+v", mine)
		}
		if err := r.hall.Send(ctx, r.Boss, r.Edition.ID, r.jurors[0].ID, "t-Jardin", once.Action{}); err == nil {
			t.Error("a juror is sent to a team they have scored")
		}
		if err := r.hall.Send(ctx, r.jurors[1], r.Edition.ID, r.jurors[0].ID, "t-Cour", once.Action{}); err == nil {
			t.Error("a juror sends another")
		}
	})
}

func TestNext_isKeptUntilMadeOrSkipped(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		one, err := r.hall.Next(ctx, r.jurors[0], r.Edition.ID)
		r.must(err)
		other, err := r.hall.Next(ctx, r.jurors[1], r.Edition.ID)
		r.must(err)
		if one.Team == other.Team {
			t.Errorf("two jurors are sent to one table, %s", one.Team)
		}
		again := hall.NewService(db.DB, r.IDs, r.jury, r.Editions, r.Hub, r.Queue, r.Trail, "http://h48.test") // after a restart
		same, err := again.Next(ctx, r.jurors[0], r.Edition.ID)
		r.must(err)
		if same.Team != one.Team {
			t.Errorf("%s was announced, now it is %s", one.Team, same.Team)
		}
		r.must(r.hall.Skip(ctx, r.jurors[0], r.Edition.ID, same.ID, hall.Busy, once.Action{}))
		then, err := r.hall.Next(ctx, r.jurors[0], r.Edition.ID)
		r.must(err)
		if then.Team == one.Team {
			t.Errorf("a busy table is offered again at once: %s", then.Team)
		}
		if err := r.hall.Skip(ctx, r.jurors[1], r.Edition.ID, r.mine(r.jurors[0])[0].ID, hall.Busy, once.Action{}); err == nil {
			t.Error("a juror skips another's visit")
		}
	})
}

// When everybody is out at once, the few tables that decide take several jurors, until one
// of them has no room for two.
func TestNext_severalAtAContendersTable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		for j, juror := range r.jurors {
			for i, team := range r.teams {
				if open := team.ID == "t-Cour" || team.ID == "t-Lessive"; j >= 2 && open {
					continue
				}
				value := 1 + (i+j)%2
				if team.ID == "t-Cour" {
					value = 5
				}
				r.score(juror, team.ID, value)
			}
		}
		next := func(who account.Actor) hall.Stop {
			stop, err := r.hall.Next(ctx, who, r.Edition.ID)
			r.must(err)
			return stop
		}
		one, other := next(r.jurors[2]), next(r.jurors[3])
		if one.Team != "t-Cour" || other.Team != "t-Cour" {
			t.Fatalf("the leader is seen by two more jurors at once: %s, %s", one.Team, other.Team)
		}
		r.must(r.hall.Skip(ctx, r.jurors[3], r.Edition.ID, r.mine(r.jurors[3])[0].ID, hall.Busy, once.Action{}))
		if then := next(r.jurors[3]); then.Team != "t-Lessive" {
			t.Errorf("a table without room for two is offered to a second juror again: %s", then.Team)
		}
	})
}

func TestPlan_keepsTheRulesAndIsReplanned(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		r.must(r.jury.Declare(ctx, r.jurors[0], r.Edition.ID, "t-Cour", "mon voisin y est"))
		boss := r.Client(r.Boss)
		if status, _ := boss.Post("/e/amiens-2018/jury/hall/plan", url.Values{"minutes": {"5"}, "window": {"30"}, "starts": {"14:00"}}); status != 200 {
			t.Fatalf("planning answers %d", status)
		}
		r.RunJobs(r.hall.Jobs())
		visits := map[string]int{}
		for _, j := range r.jurors {
			for _, s := range r.mine(j) {
				visits[s.Team]++
				if j.ID == r.jurors[0].ID && s.Team == "t-Cour" {
					t.Error("a juror is sent to a team they have a conflict with")
				}
			}
		}
		for _, team := range r.teams {
			if visits[team.ID] < 2 {
				t.Errorf("%s gets %d visits: %v", team.Name, visits[team.ID], visits)
			}
		}
		if _, body := boss.Get("/e/amiens-2018/jury/hall/sheets"); !strings.Contains(body, "table 1 · Voisins") {
			t.Error("the printed sheet lacks a time or a table")
		}
		for _, path := range []string{"routes.pdf", "wall.pdf", "tables.pdf"} {
			if status, body := boss.Get("/e/amiens-2018/jury/hall/" + path); status != 200 || !strings.HasPrefix(body, "%PDF-") {
				t.Errorf("%s answers %d", path, status)
			}
			if status, _ := r.Client(r.jurors[1]).Get("/e/amiens-2018/jury/hall/" + path); status != 403 {
				t.Errorf("a juror gets %s with %d", path, status)
			}
		}
		before := r.mine(r.jurors[1])
		out, err := r.hall.Missing(ctx, r.Boss, r.Edition.ID, r.jurors[3].ID, "malade")
		r.must(err)
		if len(r.mine(r.jurors[3])) != 0 || len(out.Given)+len(out.Lost) == 0 {
			t.Errorf("the missing juror still has visits, or nobody took them over: %+v", out)
		}
		kept := map[string]int{}
		for _, s := range r.mine(r.jurors[1]) {
			kept[s.Team] = s.Slot
		}
		moved := 0
		for _, s := range before {
			if kept[s.Team] != s.Slot {
				moved++
			}
		}
		r.saysWhatChanged(out)
		if moved > len(out.Moved) {
			t.Errorf("%d visits of one juror changed, %d are named", moved, len(out.Moved))
		}
		if _, err := r.hall.Left(ctx, r.Boss, r.Edition.ID, "t-Palier"); err != nil {
			t.Fatal(err)
		}
		for _, j := range r.jurors {
			for _, s := range r.mine(j) {
				if s.Team == "t-Palier" {
					t.Error("a team that left is still visited")
				}
			}
		}
	})
}

// saysWhatChanged expects a row of the desk for each change, and a word on the phones of
// those whose way changed.
func (r *room) saysWhatChanged(out hall.Replanned) {
	r.T.Helper()
	_, body := r.Client(r.Boss).Get("/e/amiens-2018/jury/hall")
	if rows := strings.Count(body, `id="changed-`); rows != len(out.Given)+len(out.Moved) || !strings.Contains(body, "Denis Exemple n’est pas là") {
		r.T.Errorf("%d rows say what changed, want %d", rows, len(out.Given)+len(out.Moved))
	}
	for _, j := range r.jurors[:3] {
		r.must(r.jury.Acknowledge(context.Background(), j, r.Edition.ID))
		changed := false
		for _, s := range r.mine(j) {
			changed = changed || s.ChangeID != ""
		}
		if _, phone := r.Client(j).Get("/e/amiens-2018/jury"); strings.Contains(phone, "Votre parcours a changé") != changed {
			r.T.Errorf("the phone of %s: changed is %v", j.Name, changed)
		}
	}
}

func TestPrint_tablesWithoutNumbersGetOne(t *testing.T) {
	t.Parallel()
	r := newRoom(t, dbtest.SQLite(t))
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("poppler is not installed")
	}
	r.teams[0].Table, r.teams[1].Table = 0, 1 // nobody has numbered the first
	boss := r.Client(r.Boss)
	boss.Post("/e/amiens-2018/jury/hall/plan", url.Values{"minutes": {"5"}, "window": {"30"}, "starts": {"14:00"}})
	r.RunJobs(r.hall.Jobs())
	for path, wants := range map[string][]string{
		"tables.pdf": {"Table 1", "Guichet", "Table 2", "Voisins", "Jurés : scannez pour noter ce projet."},
		"wall.pdf":   {"Table 2 · Voisins", "14 h", "Anne Exemple"},
		"routes.pdf": {"Anne Exemple", "table 1 Guichet", "table 2 Voisins"},
	} {
		_, body := boss.Get("/e/amiens-2018/jury/hall/" + path)
		file := filepath.Join(t.TempDir(), path)
		r.must(os.WriteFile(file, []byte(body), 0o600))
		text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").CombinedOutput()
		r.must(err)
		flat := strings.Join(strings.Fields(string(text)), " ")
		for _, want := range wants {
			if !strings.Contains(flat, want) {
				t.Errorf("%s does not say %q: %.600s", path, want, flat)
			}
		}
	}
}

func TestDesk_saysWhoIsBehindAndWhoIsHard(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		for i, team := range r.teams {
			r.score(r.jurors[0], team.ID, 1+i%2)
			r.score(r.jurors[1], team.ID, 4+i%2)
			r.score(r.jurors[2], team.ID, 3+i%2)
		}
		d, err := r.hall.Desk(ctx, r.Boss, r.Edition.ID)
		r.must(err)
		if len(d.Walks) != 4 || d.Walks[0].Odd != hall.Hard || d.Walks[1].Odd != hall.Soft || d.Walks[3].Row.Done != 0 {
			t.Errorf("the desk says %q %q", d.Walks[0].Odd, d.Walks[1].Odd)
		}
		if len(d.Offers) != 1 || d.Offers[0].Juror != r.jurors[3].ID {
			t.Errorf("the desk offers %+v", d.Offers)
		}
		status, body := r.Client(r.Boss).Get("/e/amiens-2018/jury/hall")
		if status != 200 || !strings.Contains(body, "nettement plus sévères") {
			t.Errorf("the desk answers %d without the hard juror", status)
		}
		if status, _ := r.Client(r.jurors[0]).Get("/e/amiens-2018/jury/hall"); status != 403 {
			t.Errorf("a juror sees the desk: %d", status)
		}
		r.must(r.jury.NameHead(ctx, r.Boss, r.Edition.ID, r.jurors[0].ID, true))
		if status, _ := r.Client(r.jurors[0]).Get("/e/amiens-2018/jury/hall"); status != 200 {
			t.Errorf("the head of the jury does not see the desk: %d", status)
		}
	})
}

// A juror whom an organiser noted as absent elsewhere leaves visits behind: the desk offers
// to give them away, and to take the absence back.
func TestDesk_whoIsNotThereAndWhoIsAfterAll(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	ctx, r := t.Context(), newRoom(t, db)
	for _, juror := range r.jurors {
		r.must(r.jury.Acknowledge(ctx, juror, r.Edition.ID))
	}
	_, err := r.hall.Order(ctx, r.Boss, r.Edition.ID, hall.Wanted{Minutes: 5, Window: 60, Starts: db.Clock.Now()})
	r.must(err)
	r.RunJobs(r.hall.Jobs())
	denis := r.jurors[3]
	r.must(r.jury.SetPresence(ctx, r.Boss, r.Edition.ID, denis.ID, jury.Absent, "malade"))
	boss, page := r.Client(r.Boss), "/e/amiens-2018/jury/hall"
	if _, body := boss.Get(page); !strings.Contains(body, "Confier ses") || !strings.Contains(body, "Denis Exemple est là, finalement") {
		t.Error("the desk does not say what an absent juror leaves behind")
	}
	_, body := boss.Post(page+"/missing", url.Values{"juror": {string(denis.ID)}})
	if !strings.Contains(body, "le plan a changé") || strings.Contains(body, "Confier ses") {
		t.Error("the visits were not given away")
	}
	_, body = boss.Post(page+"/back", url.Values{"juror": {string(denis.ID)}})
	if !strings.Contains(body, "Denis Exemple n’était pas là") {
		t.Error("the desk does not say why the plan is another")
	}
	_, body = boss.Post(page+"/left", url.Values{"team": {"t-Palier"}})
	if !strings.Contains(body, "Palier est là, finalement") {
		t.Error("a leaving cannot be taken back")
	}
	if _, body = boss.Post(page+"/back", url.Values{"team": {"t-Palier"}}); !strings.Contains(body, "Palier est partie<") || strings.Contains(body, "Palier est là, finalement") {
		t.Error("a team that is back is not")
	}
}
