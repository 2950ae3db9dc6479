package feedback_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/feedback"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// near are two teams, and results that somebody opens.
type near struct {
	teams []jury.TeamRef
	open  bool
}

func (n *near) Competing(context.Context, sqldb.Querier, edition.ID) ([]jury.TeamRef, error) {
	return n.teams, nil
}

func (n *near) One(_ context.Context, _ sqldb.Querier, _ edition.ID, team string) (jury.TeamRef, error) {
	for _, t := range n.teams {
		if t.ID == team {
			return t, nil
		}
	}
	return jury.TeamRef{}, sqldb.ErrNotFound
}

func (n *near) Public(context.Context, sqldb.Querier, edition.Edition, time.Time) (bool, error) {
	return n.open, nil
}

func TestFeedback_fromTheSheetToTheTeam(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, h := context.Background(), doortest.New(t, db, jury.Words, feedback.Words)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		members := []account.Actor{h.Person("Membre Cour"), h.Person("Membre Palier")}
		n := &near{teams: []jury.TeamRef{{ID: "t-Cour", Name: "Cour", Members: []account.ID{members[0].ID}},
			{ID: "t-Palier", Name: "Palier", Members: []account.ID{members[1].ID}}}}
		j := jury.NewService(db.DB, h.IDs, h.Editions, h.Accounts, jury.Neighbours{Teams: n}, h.Hub, h.Trail)
		s := feedback.NewService(db.DB, h.IDs, h.Editions, h.Accounts, j, n, n, h.Hub, h.Trail)
		h.Go(edition.Pitches)
		must(j.SetCriteria(ctx, h.Boss, h.Edition.ID, []jury.Criterion{{Name: "Utile", Weight: 1}}))
		criteria, err := j.Criteria(ctx, db, h.Edition.ID)
		must(err)
		for i, name := range []string{"Anne Exemple", "Basile Exemple", "Chloé Exemple"} {
			in := jury.Answers{Marks: map[string]jury.Answer{criteria[0].ID: {Kind: jury.Scored, Value: 3 + i%2}},
				Word: &jury.Word{Text: "Un mot de " + name[:2], Named: i == 0}}
			must(j.Score(ctx, h.Person(name, edition.Juror), h.Edition.ID, "t-Cour", in, once.Action{}))
		}
		if err := s.Release(ctx, h.Boss, h.Edition.ID); !errors.Is(err, feedback.ErrNotYet) {
			t.Errorf("released before the results: %v", err)
		}
		words, _, err := s.Review(ctx, db, h.Edition.ID)
		must(err)
		if len(words) != 3 {
			t.Fatalf("%d words to read over", len(words))
		}
		if err := s.Withhold(ctx, h.Boss, h.Edition.ID, words[1].ID, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("withheld without a reason: %v", err)
		}
		if err := s.Withhold(ctx, members[0], h.Edition.ID, words[1].ID, "non"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a member withholds: %v", err)
		}
		must(s.Withhold(ctx, h.Boss, h.Edition.ID, words[1].ID, "blessant"))
		if _, err := s.Mine(ctx, db, members[0], h.Edition.ID); !errors.Is(err, feedback.ErrNotYet) {
			t.Errorf("read before the release: %v", err)
		}
		n.open = true
		must(s.Release(ctx, h.Boss, h.Edition.ID))
		if err := s.Let(ctx, h.Boss, h.Edition.ID, words[1].ID); !errors.Is(err, feedback.ErrReleased) {
			t.Errorf("changed after the release: %v", err)
		}
		sheet, err := s.Mine(ctx, db, members[0], h.Edition.ID)
		must(err)
		named := 0
		for _, w := range sheet.Words {
			if w.Text == words[1].Text {
				t.Error("a word that is withheld is read")
			}
			if w.By != "" {
				named++
			}
			if w.By != "" && !strings.HasPrefix(w.By, "Anne") {
				t.Errorf("the team is told who wrote: %q", w.By)
			}
		}
		if len(sheet.Words) != 2 || named > 1 {
			t.Errorf("%+v", sheet.Words)
		}
		if len(sheet.Profile) != 1 || sheet.Profile[0].Jurors != 3 || sheet.Profile[0].Mean < 3.3 || sheet.Profile[0].Mean > 3.4 {
			t.Errorf("the profile is %+v", sheet.Profile)
		}
		other, err := s.Mine(ctx, db, members[1], h.Edition.ID)
		must(err)
		if len(other.Words) != 0 || len(other.Profile) != 0 {
			t.Errorf("another team reads %+v", other)
		}
		if _, err := s.Mine(ctx, db, h.Boss, h.Edition.ID); !errors.Is(err, sqldb.ErrNotFound) {
			t.Errorf("an organiser is in a team: %v", err)
		}
	})
}
