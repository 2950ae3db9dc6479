package record_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/record"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

const exportsURL = "/e/amiens-2018/jury/"

func served(t *testing.T, db *dbtest.DB) *hall {
	t.Helper()
	h := newHall(t, db)
	record.Routes(h.Door, h.record)
	h.judge()
	return h
}

func TestExports_headAndOrganisersAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := served(t, db)
		for _, path := range []string{"exports", "record.jsonl", "marks.xlsx", "judging.pdf", "marks.csv"} {
			if status, _ := h.Client(h.jurors[0]).Get(exportsURL + path); status != 403 {
				t.Errorf("a juror gets %s with %d", path, status)
			}
		}
		h.must(h.jury.NameHead(t.Context(), h.Boss, h.Edition.ID, h.jurors[0].ID, true))
		for _, path := range []string{"exports", "record.jsonl", "marks.xlsx", "judging.pdf", "marks.csv"} {
			if status, _ := h.Client(h.jurors[0]).Get(exportsURL + path); status != 200 {
				t.Errorf("the head of the jury gets %s with %d", path, status)
			}
		}
		if err := h.jury.NameHead(t.Context(), h.jurors[0], h.Edition.ID, h.jurors[1].ID, true); err == nil {
			t.Error("a head names another")
		}
	})
}

func TestExports_sayWhatWasSaid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := served(t, db)
		criteria, err := h.jury.Criteria(t.Context(), db, h.Edition.ID)
		h.must(err)
		h.must(db.InTx(t.Context(), func(tx *sqldb.Tx) error {
			_, err := h.jury.CopyTx(t.Context(), tx, h.Boss, h.Edition.ID, jury.Copied{Sheet: "K7P2QX", Juror: h.jurors[0].ID, Reason: "=1+1",
				Teams: []jury.CopiedTeam{{Team: "t-Cour", Marks: map[string]jury.Answer{criteria[0].ID: {Kind: jury.Scored, Value: 5}}}}})
			return err
		}))
		boss := h.Client(h.Boss)
		_, csv := boss.Get(exportsURL + "marks.csv")
		if lines := strings.Count(csv, "\n"); lines != 32 || !strings.Contains(csv, "'=1+1") || !strings.Contains(csv, "Olympe Exemple") ||
			!strings.Contains(csv, "Tour;Juré;Équipe;Critère;Genre;Note;Donnée le") || !strings.Contains(csv, ";note;5;") || !strings.Contains(csv, ";Fiche sur papier;") || strings.Count(csv, ";K7P2QX;") != 1 || strings.Contains(csv, "scored") {
			t.Errorf("the CSV has %d lines, %.200s", lines, csv)
		}
		_, book := boss.Get(exportsURL + "marks.xlsx")
		marks := part(t, book, "xl/worksheets/sheet3.xml")
		if strings.Count(marks, "<row ") != 32 || !strings.Contains(marks, ">=1+1</t>") || strings.Contains(marks, "<f>") {
			t.Errorf("the sheet of marks has %d rows", strings.Count(marks, "<row "))
		}
		if strings.Count(marks, ">K7P2QX<") != 1 || !strings.Contains(marks, ">Fiche sur papier<") {
			t.Error("the sheet of marks does not say which came from paper")
		}
		if ranking := part(t, book, "xl/worksheets/sheet1.xml"); !strings.Contains(ranking, `<c r="A2" s="0"><v>1</v></c>`) {
			t.Errorf("the first rank is no number in %.900s", ranking)
		}
		_, file := boss.Get(exportsURL + "record.jsonl")
		if r := check(t, []byte(file), ""); !r.Good() || r.Marks != 31 {
			t.Errorf("%s", h.say(r))
		}
	})
}

// part reads one part of a workbook.
func part(t *testing.T, book, name string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil || xml.Unmarshal(text, new(struct{})) != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(text)
}

// A round that compares has its answers in the workbook, those that were taken back too,
// and the record belongs together.
func TestBook_comparisons(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHall(t, db)
		record.Routes(h.Door, h.record)
		ctx, id := t.Context(), h.Edition.ID
		h.must(h.jury.SetUp(ctx, h.Boss, id, jury.Setup{Format: jury.OnStage, Way: jury.ByBoth}, ""))
		h.judge()
		h.must(h.jury.Compare(ctx, h.jurors[0], id, "t-Cour", "t-Palier", once.Action{}))
		h.must(h.jury.TakeBack(ctx, h.jurors[0], id, "t-Cour", "t-Palier", once.Action{}))
		boss := h.Client(h.Boss)
		_, book := boss.Get(exportsURL + "marks.xlsx")
		said := part(t, book, "xl/worksheets/sheet4.xml")
		for _, want := range []string{">Mieux<", ">Cour<", ">Palier<", ">retirée<", ">Anne Exemple<"} {
			if !strings.Contains(said, want) {
				t.Errorf("the comparisons lack %s", want)
			}
		}
		if n := strings.Count(said, "<row "); n != 3 {
			t.Errorf("%d rows of comparisons", n)
		}
		_, file := boss.Get(exportsURL + "record.jsonl")
		if r := check(t, []byte(file), ""); !r.Good() || r.Compared != 2 {
			t.Errorf("%s", h.say(r))
		}
	})
}

func TestMinutes_areTaggedAndReadable(t *testing.T) {
	t.Parallel()
	h := served(t, dbtest.SQLite(t))
	criteria, err := h.jury.Criteria(t.Context(), h.DB, h.Edition.ID)
	h.must(err)
	criteria[0].Weight = 55
	h.must(h.jury.AmendCriteria(t.Context(), h.Boss, h.Edition.ID, criteria, "une faute de frappe dans le poids"))
	h.must(h.DB.InTx(t.Context(), func(tx *sqldb.Tx) error {
		_, err := h.jury.CopyTx(t.Context(), tx, h.Boss, h.Edition.ID, jury.Copied{Sheet: "K7P2QX", Juror: h.jurors[0].ID,
			Teams: []jury.CopiedTeam{{Team: "t-Cour", Marks: map[string]jury.Answer{criteria[0].ID: {Kind: jury.Scored, Value: 5}, criteria[1].ID: {Kind: jury.Scored, Value: 5}}}}})
		return err
	}))
	h.deliberate()
	if _, err := exec.LookPath("pdfinfo"); err != nil {
		t.Skip("poppler is not installed")
	}
	var out bytes.Buffer
	h.must(h.record.Minutes(t.Context(), h.Words.Locale("fr"), h.Edition.ID, &out))
	file := filepath.Join(t.TempDir(), "a.pdf")
	h.must(os.WriteFile(file, out.Bytes(), 0o600))
	text, err := exec.CommandContext(t.Context(), "pdfinfo", "-struct-text", file).CombinedOutput()
	h.must(err)
	flat := strings.Join(strings.Fields(string(text)), " ")
	for _, want := range []string{"Procès-verbal des notes", "Anne Exemple", "ma cousine y est", "est arrivée après", "empreinte", "Voisins", "Règles changées après la première note",
		"faute de frappe", "Avant : 1. Utile 60", "Après : 1. Utile 55", "Notes recopiées du papier", "de la feuille K7P2QX"} {
		if !strings.Contains(flat, want) {
			t.Errorf("no %q in %s", want, flat)
		}
	}
}

func TestArchive_isMadeInTheBackground(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := served(t, db)
		boss := h.Client(h.Boss)
		if status, body := boss.Post(exportsURL+"exports", url.Values{}); status != 200 || !strings.Contains(body, "Préparation de l’archive") {
			t.Fatalf("asking for the archive answers %d", status)
		}
		job, _, err := h.record.Newest(t.Context(), h.Edition.ID)
		h.must(err)
		if status, _ := boss.Get(exportsURL + "exports/" + job.ID); status != 404 {
			t.Errorf("an archive that is not made answers %d", status)
		}
		h.RunJobs(h.record.Jobs())
		if _, body := boss.Get(exportsURL + "exports"); !strings.Contains(body, "L’archive est prête") {
			t.Error("the page does not say that the archive is ready")
		}
		status, content := boss.Get(exportsURL + "exports/" + job.ID)
		if status != 200 {
			t.Fatalf("the archive answers %d", status)
		}
		z, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
		h.must(err)
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		want := "registre-du-jury-amiens-2018.jsonl notes-du-jury-amiens-2018.xlsx proces-verbal-des-notes-amiens-2018.pdf notes-du-jury-amiens-2018.csv"
		if got := strings.Join(names, " "); got != want {
			t.Errorf("the archive holds %s", got)
		}
	})
}

func TestOrder_needsTheLead(t *testing.T) {
	t.Parallel()
	h := newHall(t, dbtest.SQLite(t))
	for who, actor := range map[string]edition.Role{"crew": edition.Crew, "juror": edition.Juror} {
		if _, err := h.record.Order(context.Background(), h.Person("P "+who, actor), h.Edition.ID, "fr"); err == nil {
			t.Errorf("%s orders an archive", who)
		}
	}
}
