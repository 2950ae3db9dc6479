package project_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/project"
)

// Text first, files after: the file that follows joins the hand-in, even when it began
// to arrive before the deadline and ended after it.
func TestAttach_joinsWhatWasHandedIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		begun := h.Edition.At[edition.HandIn].Add(-time.Second)
		db.Clock.Set(begun)
		if _, err := h.handIn(h.ada, guichet); err != nil {
			t.Fatal(err)
		}
		db.Clock.Set(begun.Add(20 * time.Minute))
		png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR and so on"
		f, err := h.projects.Attach(ctx, h.bob, id, project.Upload{Name: `C:\photos\plan.png`, Size: int64(len(png)), Body: strings.NewReader(png), Begun: begun})
		if err != nil || f.Name != "plan.png" || !f.Picture() {
			t.Fatalf("%+v, %v", f, err)
		}
		current, err := h.projects.Current(ctx, db, h.team.ID)
		if err != nil || current.Number != 2 || len(current.Files) != 1 || current.Basis != project.OnTime || current.Title != guichet.Title {
			t.Errorf("current %+v, %v", current, err)
		}
		_, err = h.projects.Attach(ctx, h.bob, id, project.Upload{Name: "tard.txt", Size: 1, Body: strings.NewReader("x"), Begun: begun.Add(2 * time.Minute)})
		wants(t, err, project.ErrClosed)
	})
}

func TestAttach_limits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		add := func(name, content string, size int64) (project.File, error) {
			return h.projects.Attach(ctx, h.ada, id, project.Upload{Name: name, Size: size, Body: strings.NewReader(content), Begun: db.Clock.Now()})
		}
		_, err := add("film.mp4", "", 900_000_000)
		wants(t, err, project.ErrTooLarge)
		disguised, err := add("facture.png", "MZ this is a program", 20)
		if err != nil || disguised.Picture() || disguised.ContentType != files.Download {
			t.Errorf("a disguised file is %s, %v", disguised.ContentType, err)
		}
		for i := range project.MaxFiles - 1 {
			if _, err := add(fmt.Sprint(i, ".txt"), "x", 1); err != nil {
				t.Fatal(err)
			}
		}
		_, err = add("un-de-trop.txt", "x", 1)
		wants(t, err, project.ErrFiles)
		if err := h.projects.Detach(ctx, h.bob, id, disguised.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := add("place.txt", "x", 1); err != nil {
			t.Error(err)
		}
	})
}

func TestOpen_whoMaySeeAFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		f, err := h.projects.Attach(ctx, h.ada, id, project.Upload{Name: "plan.txt", Size: 4, Body: strings.NewReader("plan"), Begun: db.Clock.Now()})
		if err != nil {
			t.Fatal(err)
		}
		stranger, juror := h.Person("Sacha Exemple"), h.Person("Jo Juré", edition.Juror)
		sees := func(who account.Actor) error {
			_, content, err := h.projects.Open(ctx, who, id, f.ID)
			if err == nil {
				if text, err := io.ReadAll(content); err != nil || string(text) != "plan" {
					t.Errorf("read %q, %v", text, err)
				}
				return content.Close()
			}
			return err
		}
		for name, who := range map[string]account.Actor{"a member": h.bob, "a juror": juror, "an organiser": h.Boss} {
			if err := sees(who); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		wants(t, sees(stranger), project.ErrNotYours)
		wants(t, sees(account.Actor{}), project.ErrNotYours)
		if _, err := h.handIn(h.ada, guichet); err != nil {
			t.Fatal(err)
		}
		if err := h.projects.Publish(ctx, h.Boss, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("before the results: %v", err)
		}
		h.Go(edition.Results)
		if err := h.projects.Publish(ctx, h.Boss, id); err != nil {
			t.Fatal(err)
		}
		if err := sees(account.Actor{}); err != nil {
			t.Errorf("the public, after publication: %v", err)
		}
		if err := h.projects.Withhold(ctx, h.Boss, id, h.team.ID, "données d’un locataire"); err != nil {
			t.Fatal(err)
		}
		wants(t, sees(account.Actor{}), project.ErrNotYours)
		wants(t, sees(juror), project.ErrNotYours)
		shown, err := h.projects.PublicProjects(ctx, db, id)
		if err != nil || len(shown) != 0 {
			t.Errorf("withheld, and shown: %+v, %v", shown, err)
		}
		if err := sees(h.bob); err != nil {
			t.Errorf("the team itself: %v", err)
		}
	})
}
