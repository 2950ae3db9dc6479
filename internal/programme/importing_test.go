package programme_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/programme"
)

func file(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	must(t, err)
	return content
}

func TestImport_theProgrammeOfAmiens(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		made, err := w.service.Preview(ctx, w.Boss, w.Edition.ID, "amiens.ics", file(t, "amiens.ics"))
		must(t, err)
		if len(made.Problems) != 0 || made.Count(programme.New) != 12 || made.Calendar != "Hackathon d'Amiens" {
			t.Fatalf("the preview: %+v", made)
		}
		before, err := w.service.List(ctx, w.DB, w.Boss, w.Edition.ID)
		must(t, err)
		if len(before) != 1 {
			t.Errorf("a preview put %d sessions on the programme", len(before)-1)
		}
		n, err := w.service.Apply(ctx, w.Boss, w.Edition.ID, made.ID, false)
		must(t, err)
		if n != 12 {
			t.Errorf("%d sessions, want 12", n)
		}
		all, err := w.service.List(ctx, w.DB, w.Boss, w.Edition.ID)
		must(t, err)
		kinds := map[programme.Kind]int{}
		for _, s := range all {
			kinds[s.Kind]++
		}
		want := map[programme.Kind]int{programme.Plenary: 1, programme.Workshop: 4, programme.Meal: 4, programme.Pitch: 1, programme.Ceremony: 1, programme.Other: 2}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Errorf("kinds:\n%s", diff)
		}
	})
}

func TestImport_again(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		first := string(file(t, "amiens.ics"))
		made, err := w.service.Preview(ctx, w.Boss, w.Edition.ID, "amiens.ics", []byte(first))
		must(t, err)
		_, err = w.service.Apply(ctx, w.Boss, w.Edition.ID, made.ID, false)
		must(t, err)
		// The organiser says what a calendar cannot: seats. The second file moves one
		// workshop and cancels another.
		pitching := w.titled(t, "Atelier : préparer son pitch")
		_, err = w.service.Change(ctx, w.Boss, pitching.ID, programme.Plan{Kind: pitching.Kind, Title: pitching.Title, Room: pitching.Room,
			Text: pitching.Text, Start: pitching.Start, End: pitching.End, Seats: 8, Public: true})
		must(t, err)
		second := strings.Replace(first, "LOCATION:Salle Avre\r\nSUMMARY:Atelier : préparer son pitch", "LOCATION:Grande salle\r\nSUMMARY:Atelier : préparer son pitch", 1)
		second = strings.Replace(second, "SUMMARY:Atelier : modèle économique", "STATUS:CANCELLED\r\nSUMMARY:Atelier : modèle économique", 1)
		made, err = w.service.Preview(ctx, w.Boss, w.Edition.ID, "amiens.ics", []byte(second))
		must(t, err)
		if made.Count(programme.Same) != 10 || made.Count(programme.Changed) != 1 || made.Count(programme.Cancelled) != 1 {
			t.Errorf("the second preview: %d same, %d changed, %d cancelled",
				made.Count(programme.Same), made.Count(programme.Changed), made.Count(programme.Cancelled))
		}
		_, err = w.service.Apply(ctx, w.Boss, w.Edition.ID, made.ID, false)
		must(t, err)
		if got := w.titled(t, "Atelier : préparer son pitch"); got.Room != "Grande salle" || got.Seats != 8 || got.ID != pitching.ID {
			t.Errorf("the moved workshop: %+v", got)
		}
		if !w.titled(t, "Atelier : modèle économique").Cancelled {
			t.Error("the cancelled workshop is still on")
		}
	})
}

func (w *weekend) titled(t *testing.T, title string) programme.Entry {
	t.Helper()
	all, err := w.service.List(t.Context(), w.DB, w.Boss, w.Edition.ID)
	must(t, err)
	for _, s := range all {
		if s.Title == title {
			return s
		}
	}
	t.Fatalf("no session %q", title)
	return programme.Entry{}
}

func TestImport_errorsEventByEvent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		made, err := w.service.Preview(ctx, w.Boss, w.Edition.ID, "broken.ics", file(t, "broken.ics"))
		must(t, err)
		got := map[string]string{}
		for _, p := range made.Problems {
			got[p.Event] = p.Key
		}
		want := map[string]string{"Sans début": "ical.no_start", "Chaque semaine": "ical.repeated", "À l'envers": "ical.ends_before",
			"Toute la journée": "programme.import_all_day", "Deux fois": "programme.import_twice", "": "error.required"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("problems:\n%s", diff)
		}
		if len(made.Proposals) != 2 || !made.Proposals[1].Outside {
			t.Errorf("what can be taken: %+v", made.Proposals)
		}
		_, err = w.service.Apply(ctx, w.Boss, w.Edition.ID, made.ID, false)
		if !errors.Is(err, programme.ErrProblems) {
			t.Errorf("an import of a broken file: %v, want ErrProblems", err)
		}
		all, err := w.service.List(ctx, w.DB, w.Boss, w.Edition.ID)
		must(t, err)
		if len(all) != 1 {
			t.Errorf("a refused import left %d sessions", len(all)-1)
		}
		n, err := w.service.Apply(ctx, w.Boss, w.Edition.ID, made.ID, true)
		must(t, err)
		if n != 2 {
			t.Errorf("%d sessions, want the 2 that can be taken", n)
		}
		_, err = w.service.Preview(ctx, w.Boss, w.Edition.ID, "photo.jpg", []byte("\xff\xd8\xff"))
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("a photograph: %v", err)
		}
		_, err = w.service.Preview(ctx, w.ana, w.Edition.ID, "amiens.ics", file(t, "amiens.ics"))
		if !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant imports: %v", err)
		}
	})
}
