package rehearsal_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/ids"
	"h48/internal/kit/sqldb"
	"h48/internal/rehearsal"
)

// named says in which tables the things stand that a route names.
var named = map[string][]string{
	"team": {"teams"}, "poll": {"vote_polls"}, "session": {"programme_sessions"}, "prize": {"prizes"}, "proposal": {"forming_proposals"},
	"request": {"mentoring_requests"}, "job": {"jobs"}, "shift": {"crew_shifts"}, "project": {"projects"}, "meal": {"meals"},
	"announcement": {"message_announcements"}, "vote": {"deliberation_votes"}, "post": {"crew_posts"}, "picture": {"gallery_pictures", "recap_pictures"},
	"file": {"project_files", "registration_imports"}, "batch": {"vote_batches"}, "registration": {"registrations"}, "sheet": {"paper_sheets"},
	"errand": {"hall_errands"}, "copy": {"project_copies"}, "report": {"followup_reports"}, "scan": {"deliberation_scans"},
	"movement": {"payout_movements", "cup_movements"}, "partner": {"edition_partners"},
}

// Somebody who has every role in one edition reads and changes nothing of another: each
// route that names a thing is asked, in the one, for the things of the other.
func TestNeighbour_reachesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("plays a whole event")
	}
	t.Parallel()
	w := neighbours(t)
	before := w.rows()
	asked := 0
	for _, route := range w.app.Door.Routes() {
		for _, path := range w.paths(route.Pattern) {
			asked++
			status, body := w.ask(route.Method, path)
			if status >= http.StatusInternalServerError {
				t.Errorf("%s %s: %d", route.Method, path, status)
			}
			for _, secret := range w.secrets {
				if strings.Contains(body, secret) {
					t.Errorf("%s %s (%d) tells of %q", route.Method, path, status, secret)
				}
			}
		}
	}
	if asked < 150 {
		t.Errorf("only %d addresses were tried", asked)
	}
	after := w.rows()
	for _, row := range slices.Sorted(maps.Keys(before)) {
		if !after[row] {
			t.Errorf("a row of the other edition was changed: %.300s", row)
		}
	}
}

// world has an edition that was played, and a neighbour's, who is Eve.
type world struct {
	t       *testing.T
	app     *app.App
	played  edition.ID
	own     edition.Edition
	token   string
	secrets []string // what only the played edition says
}

func neighbours(t *testing.T) world {
	t.Helper()
	ctx, dir, wall, post := context.Background(), t.TempDir(), clock.Wall{}, rehearsal.NewPostbox()
	a, err := app.New(ctx, config.Config{Listen: "localhost:0", Database: "sqlite:" + filepath.Join(dir, "h48.db"), Files: filepath.Join(dir, "files"), Jobs: 2},
		app.Parts{Clock: wall, IDs: ids.Seeded(3, wall.Now), Log: slog.New(slog.DiscardHandler), Sender: post, Words: [][]byte{rehearsal.Words}})
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	event, err := rehearsal.New(ctx, a, post, rehearsal.Config{Participants: 12, Seed: 3})
	must(t, err)
	must(t, event.Run(ctx, event.End()))
	played := event.Edition()
	w := world{t: t, app: a, played: played.ID}
	next := played
	next.Slug, next.Name = "a-cote", "L’événement d’à côté"
	w.own, err = a.Editions.Create(ctx, account.Program, next)
	must(t, err)
	var eve account.Account
	for _, role := range edition.AllRoles {
		eve, err = a.Editions.Grant(ctx, account.Program, w.own.ID, "eve@example.org", "Eve Voisine", role)
		must(t, err)
	}
	must(t, a.Editions.Publish(ctx, account.Program, w.own.ID))
	must(t, a.DB.InTx(ctx, func(tx *sqldb.Tx) error {
		session, err := a.Accounts.OpenTx(ctx, tx, eve.ID)
		w.token = session.Token
		return err
	}))
	for _, query := range []string{`SELECT name FROM teams WHERE edition_id = $1`, `SELECT name FROM registrations WHERE edition_id = $1 AND name LIKE '% %'`,
		`SELECT text FROM message_announcements WHERE edition_id = $1`, `SELECT text FROM mentoring_requests WHERE edition_id = $1 AND text <> ''`} {
		w.secrets = append(w.secrets, w.texts(query, string(w.played))...)
	}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) texts(query string, args ...any) []string {
	w.t.Helper()
	all, err := sqldb.All(context.Background(), w.app.DB, func(s *string) []any { return []any{s} }, query, args...)
	must(w.t, err)
	return all
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// paths are the addresses in Eve's edition that name things of the played one; none for a
// route that names nothing.
func (w world) paths(pattern string) []string {
	rest, within := strings.CutPrefix(strings.ReplaceAll(pattern, "{edition}", w.own.Slug), "/")
	if !within || !strings.Contains(pattern, "{edition}") || !strings.Contains(rest, "{") {
		return nil
	}
	all := []string{"/" + rest}
	for _, name := range placeholder.FindAllString(rest, -1) {
		var filled []string
		for _, path := range all {
			for _, value := range w.values(strings.Trim(name, "{}")) {
				filled = append(filled, strings.Replace(path, name, url.PathEscape(value), 1))
			}
		}
		all = filled
	}
	return all
}

// values are what the placeholder stands for in the played edition.
func (w world) values(name string) []string {
	switch name {
	case "account":
		return w.texts(`SELECT MIN(account_id) FROM edition_roles WHERE edition_id = $1 AND role = 'participant'`, string(w.played))
	case "juror":
		return w.texts(`SELECT MIN(account_id) FROM edition_roles WHERE edition_id = $1 AND role = 'juror'`, string(w.played))
	case "code":
		return w.texts(`SELECT MIN(code) FROM paper_sheets WHERE edition_id = $1 UNION SELECT MIN(code) FROM checkin_badges WHERE edition_id = $1`, string(w.played))
	}
	all := []string{}
	for _, table := range named[name] {
		where := "edition_id = $1"
		switch table {
		case "vote_batches":
			where = "poll_id IN (SELECT id FROM vote_polls WHERE edition_id = $1)"
		case "project_copies":
			where = "project_id IN (SELECT id FROM projects WHERE edition_id = $1)"
		}
		all = append(all, w.texts(`SELECT COALESCE(MIN(id), 'nothing') FROM `+table+` WHERE `+where, string(w.played))...)
	}
	if len(all) == 0 {
		return []string{"1"}
	}
	return all
}

// ask sends the request as Eve, with a form that says something for whatever is asked.
func (w world) ask(method, path string) (int, string) {
	form := url.Values{}
	for _, field := range []string{"reason", "why", "text", "name", "title", "note", "words", "question", "understood"} {
		form.Set(field, "une raison")
	}
	form.Set("position", "1")
	form.Set("way", "in")
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(path, "/api/") {
		r = httptest.NewRequest(method, "http://localhost"+path, strings.NewReader("{}"))
	}
	r.Header.Set("Authorization", "Bearer "+w.token)
	answer := httptest.NewRecorder()
	w.app.Handler().ServeHTTP(answer, r)
	return answer.Code, answer.Body.String()
}

// rows are all rows of the database that are not of Eve's edition, but for what the
// program notes for itself.
func (w world) rows() map[string]bool {
	w.t.Helper()
	all := map[string]bool{}
	for _, table := range w.texts(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('turns', 'sessions', 'once_actions', 'sqlite_sequence')`) {
		rows, err := w.app.DB.QueryContext(context.Background(), `SELECT * FROM `+table) //nolint:gosec // the schema's own names
		must(w.t, err)
		columns, err := rows.Columns()
		must(w.t, err)
		for rows.Next() {
			row := make([]any, len(columns))
			for i := range row {
				row[i] = new(any)
			}
			must(w.t, rows.Scan(row...))
			text := table
			for i, column := range columns {
				text += fmt.Sprintf(" %s=%v", column, *row[i].(*any))
			}
			if !strings.Contains(text, string(w.own.ID)) {
				all[text] = true
			}
		}
		must(w.t, rows.Err())
		must(w.t, rows.Close())
	}
	return all
}
