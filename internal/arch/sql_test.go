package arch

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// statement is one SQL text of the program.
type statement struct {
	at, dir, text string
	whole         bool // false when a part of it is known only when the program runs
}

var (
	opening   = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)
	writing   = regexp.MustCompile(`\b(?:INSERT INTO|DELETE FROM)\s+([a-z_]+)|\bUPDATE\s+([a-z_]+)\s+(?:AS [a-z]+ )?SET\b`)
	creating  = regexp.MustCompile(`CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)`)
	dropping  = regexp.MustCompile(`DROP TABLE ([a-z_]+)`)
	boolean   = regexp.MustCompile(`(?m)^\s+([a-z_]+)\s+BOOLEAN`)
	compared  = regexp.MustCompile(`\b([a-z_]+) (?:=|<>) [01]\b`)
	parameter = regexp.MustCompile(`\$([0-9]+)`)
)

// statements finds the SQL texts: the longest string expressions that begin like one.
// Constants of the package are put in their places, and sqldb.In counts as one place. A
// part that a function is given, or that a loop goes through, is tried with each text
// that the package gives it.
func statements(t *testing.T) []statement {
	t.Helper()
	packages := map[string]*texts{}
	for _, s := range production(t) {
		if packages[s.dir] == nil {
			packages[s.dir] = &texts{constants: map[string]ast.Expr{}, calls: map[string][]*ast.CallExpr{}}
		}
		packages[s.dir].read(s.file)
	}
	var all []statement
	for _, s := range production(t) {
		for _, d := range s.file.Decls {
			known := packages[s.dir]
			given := known.given(d)
			ast.Inspect(d, func(n ast.Node) bool {
				e, is := n.(ast.Expr)
				if !is {
					return true
				}
				text, whole := fold(e, known.constants)
				if _, name := e.(*ast.Ident); name || !opening.MatchString(text) {
					return true
				}
				st := statement{at: s.at(n), dir: s.dir, text: text, whole: whole}
				if whole {
					all = append(all, st)
				} else {
					all = append(all, known.variants(st, e, given)...)
				}
				return false
			})
		}
	}
	if len(all) < 50 {
		t.Fatalf("only %d SQL texts found: the search is broken", len(all))
	}
	return all
}

// texts is what a package's string expressions may be made of.
type texts struct {
	constants map[string]ast.Expr
	calls     map[string][]*ast.CallExpr // by the function's name
}

func (k *texts) read(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			for _, spec := range n.Specs {
				if v, is := spec.(*ast.ValueSpec); is && n.Tok == token.CONST && len(v.Values) == len(v.Names) {
					for i, name := range v.Names {
						k.constants[name.Name] = v.Values[i]
					}
				}
			}
		case *ast.CallExpr:
			switch f := n.Fun.(type) {
			case *ast.Ident:
				k.calls[f.Name] = append(k.calls[f.Name], n)
			case *ast.SelectorExpr:
				k.calls[f.Sel.Name] = append(k.calls[f.Sel.Name], n)
			}
		}
		return true
	})
}

// given are the expressions that a function's parameters and loops stand for.
func (k *texts) given(d ast.Decl) map[string][]ast.Expr {
	f, is := d.(*ast.FuncDecl)
	if !is {
		return nil
	}
	all, place := map[string][]ast.Expr{}, 0
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			for _, call := range k.calls[f.Name.Name] {
				if place < len(call.Args) {
					all[name.Name] = append(all[name.Name], call.Args[place])
				}
			}
			place++
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if loop, is := n.(*ast.RangeStmt); is {
			value, named := loop.Value.(*ast.Ident)
			if list, is := loop.X.(*ast.CompositeLit); is && named {
				all[value.Name] = append(all[value.Name], list.Elts...)
			}
		}
		return true
	})
	return all
}

// variants writes a statement out with each text that its one unknown part is given, or
// leaves it as it is.
func (k *texts) variants(st statement, e ast.Expr, given map[string][]ast.Expr) (all []statement) {
	for name, values := range given {
		for _, value := range values {
			if _, known := fold(value, k.constants); !known {
				continue
			}
			constants := maps.Clone(k.constants)
			constants[name] = value
			if text, whole := fold(e, constants); whole {
				all = append(all, statement{at: st.at, dir: st.dir, text: text, whole: true})
			}
		}
	}
	if len(all) == 0 {
		return []statement{st}
	}
	return all
}

// fold writes a string expression out; whole is false where a part is unknown.
func fold(e ast.Expr, constants map[string]ast.Expr) (text string, whole bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		if value := constants[e.Name]; value != nil && value != e {
			return fold(value, constants)
		}
	case *ast.ParenExpr:
		return fold(e.X, constants)
	case *ast.BinaryExpr:
		left, a := fold(e.X, constants)
		right, b := fold(e.Y, constants)
		return left + right, a && b && e.Op == token.ADD
	case *ast.CallExpr:
		if f, is := e.Fun.(*ast.SelectorExpr); is && f.Sel.Name == "In" && len(e.Args) == 2 {
			if first, is := e.Args[0].(*ast.BasicLit); is {
				return "($" + first.Value + ")", true
			}
		}
	}
	return "", false
}

// TestSQL_onBothDatabases has each database read each query: a column that is not there
// or a word that only one of them knows is found here and not at the event.
func TestSQL_onBothDatabases(t *testing.T) {
	all := statements(t)
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		if prepare(t.Context(), db, "SELECT id, no_such_column FROM accounts") == nil {
			t.Error("a query for a column that is not there is taken: the check checks nothing")
		}
		checked := 0
		for _, st := range all {
			if !st.whole {
				if !under(st.dir, "internal/kit/sqldb/snapshot") { // which reads the tables' names from the migrations
					t.Errorf("%s: part of this query is known only when it runs: make it of constants", st.at)
				}
				continue
			}
			if err := prepare(t.Context(), db, st.text); err != nil {
				t.Errorf("%s: %s refuses this query: %v\n%s", st.at, db.Dialect, err, st.text)
			}
			checked++
		}
		t.Logf("%d queries read by %s", checked, db.Dialect)
	})
}

// prepare lets the database read the query without running it.
func prepare(ctx context.Context, db *dbtest.DB, query string) error {
	if db.Dialect == sqldb.Postgres {
		if _, err := db.ExecContext(ctx, "PREPARE checked AS "+query); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, "DEALLOCATE ALL")
		return err
	}
	most := 0
	for _, m := range parameter.FindAllStringSubmatch(query, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil {
			most = max(most, n)
		}
	}
	rows, err := db.QueryContext(ctx, "EXPLAIN "+query, make([]any, most)...)
	if err != nil {
		return err
	}
	return rows.Close()
}

// strange are the words of docs/sql.md that do not mean the same to both databases.
var strange = []struct {
	word *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`\$[0-9]+ IS (NOT )?NULL`), "PostgreSQL cannot tell the type: CAST($1 AS TEXT) IS NULL"},
	{regexp.MustCompile(`\bFOR UPDATE\b`), "SQLite has no row locks: name the state that the change leaves"},
	{regexp.MustCompile(`(?i)\bANY ?\(|\bjson_|\bjsonb|->`), "decode JSON in Go; a list is sqldb.In"},
	{regexp.MustCompile(`(?i)\bI?LIKE\b|\bGLOB\b|\blower\(|\bupper\(|\bCOLLATE\b`), "the two fold letters differently: keep a folded *_key column"},
	{regexp.MustCompile(`"`), "texts stand in single quotes, names in none"},
	{regexp.MustCompile(`(?i)LIMIT -1|\bOFFSET -`), "leave the LIMIT out"},
	{regexp.MustCompile(`(?i)\bstrftime\b|\bnow\(\)|\binterval\b|CURRENT_TIMESTAMP|\bdatetime\(|\bEXTRACT\(`), "times are microseconds made by kit/clock"},
	{regexp.MustCompile(`SELECT \*|RETURNING \*|[a-z]\.\*`), "name the columns: a new one must not move the others"},
	{regexp.MustCompile(`(?i)\bINSERT OR\b|\bREPLACE INTO\b|\browid\b|::|\bPRAGMA\b`), "only one of the two knows it"},
	{regexp.MustCompile(`\?`), "places are $1, $2"},
	{regexp.MustCompile(`(?i)\bAUTOINCREMENT\b|\bSERIAL\b|\bTIMESTAMPTZ?\b|\bJSONB?\b|ALTER COLUMN|\bVARCHAR\b`), "keys and times are made in Go; add a column and copy"},
}

func TestSQL_portableSubset(t *testing.T) {
	t.Parallel()
	for _, st := range statements(t) {
		for _, s := range strange {
			if word := s.word.FindString(st.text); word != "" && !under(st.dir, "internal/kit/sqldb") {
				t.Errorf("%s: %q: %s", st.at, word, s.why)
			}
		}
	}
	truth := map[string]bool{}
	for name, text := range migrations(t) {
		for _, m := range boolean.FindAllStringSubmatch(text, -1) {
			truth[m[1]] = true
		}
		for line := range strings.Lines(text) {
			code, _, _ := strings.Cut(line, "--")
			for _, s := range strange {
				if word := s.word.FindString(code); word != "" {
					t.Errorf("%s: %q: %s", name, word, s.why)
				}
			}
		}
	}
	for _, st := range statements(t) {
		for _, m := range compared.FindAllStringSubmatch(st.text, -1) {
			if truth[m[1]] {
				t.Errorf("%s: %q: a BOOLEAN is no number to PostgreSQL: %s, NOT %s", st.at, m[0], m[1], m[1])
			}
		}
	}
}

// migrations are the schema's files by name.
func migrations(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(root, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}

// TestSQL_oneOwner: a table is written by one package, the one whose migration made it.
func TestSQL_oneOwner(t *testing.T) {
	t.Parallel()
	room, writers := map[string]string{}, map[string][]string{}
	all := migrations(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		text := all[name]
		_, of, found := strings.Cut(strings.TrimSuffix(path.Base(name), ".sql"), "_")
		if !found {
			t.Errorf("%s: a migration is named TIME_ROOM.sql", name)
		}
		for _, m := range creating.FindAllStringSubmatch(text, -1) {
			room[m[1]] = of
		}
		for _, m := range dropping.FindAllStringSubmatch(text, -1) {
			if !owns(room[m[1]], of) {
				t.Errorf("%s drops the table %s of %q", name, m[1], room[m[1]])
			}
			delete(room, m[1])
		}
	}
	where := map[string]string{}
	for _, st := range statements(t) {
		for _, m := range writing.FindAllStringSubmatch(st.text, -1) {
			table := m[1] + m[2]
			if room[table] == "" {
				t.Errorf("%s writes the table %q, which no migration makes", st.at, table)
			}
			if !slices.Contains(writers[table], st.dir) {
				writers[table] = append(writers[table], st.dir)
			}
			where[table+" "+st.dir] = st.at
		}
	}
	for table, of := range room {
		if len(writers[table]) == 0 {
			t.Errorf("nothing writes the table %s", table)
		}
		for _, dir := range writers[table] {
			if !owns(dir, of) {
				t.Errorf("%s writes the table %s, which the migration of %q made: ask its owner", where[table+" "+dir], table, of)
			}
		}
		if len(writers[table]) > 1 {
			t.Errorf("the table %s is written by %s: a table has one owner", table, strings.Join(writers[table], " and "))
		}
	}
}

// owns says whether the migration's name is the package's: "cups" or "cups_prices" of
// internal/cups, "kit" of any tool.
func owns(dir, migration string) bool {
	if under(dir, "internal/kit") {
		return migration == "kit" || strings.HasPrefix(migration, "kit_")
	}
	name := path.Base(dir)
	return migration == name || strings.HasPrefix(migration, name+"_")
}

// TestFold shows which expressions the checks above can read.
func TestFold(t *testing.T) {
	t.Parallel()
	columns := &ast.BasicLit{Kind: token.STRING, Value: "`id, name`"}
	constants := map[string]ast.Expr{"columns": columns}
	lit := func(s string) ast.Expr { return &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(s)} }
	add := func(x, y ast.Expr) ast.Expr { return &ast.BinaryExpr{X: x, Op: token.ADD, Y: y} }
	text, whole := fold(add(add(lit("SELECT "), ast.NewIdent("columns")), lit(" FROM t")), constants)
	if want := "SELECT id, name FROM t"; text != want || !whole {
		t.Errorf("folded %q, %t, want %q", text, whole, want)
	}
	if _, whole := fold(add(lit("SELECT "), ast.NewIdent("asked")), constants); whole {
		t.Error("a name that is no constant counts as known")
	}
	if got := fmt.Sprint(writing.FindAllStringSubmatch("INSERT INTO a (x) VALUES ($1) ON CONFLICT (x) DO UPDATE SET x = 1", -1)); !strings.Contains(got, "a") || strings.Contains(got, " set") {
		t.Errorf("the upsert writes %s", got)
	}
}
