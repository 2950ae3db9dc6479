package jury_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/lead"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// neighbourhood is invented: six teams, and who helped whom.
type neighbourhood struct {
	teams     []jury.TeamRef
	helped    map[account.ID][]string
	employers map[account.ID]string
	with      map[account.ID][]string
}

func (n *neighbourhood) Competing(context.Context, sqldb.Querier, edition.ID) ([]jury.TeamRef, error) {
	return n.teams, nil
}

func (n *neighbourhood) One(_ context.Context, _ sqldb.Querier, _ edition.ID, team string) (jury.TeamRef, error) {
	i := slices.IndexFunc(n.teams, func(t jury.TeamRef) bool { return t.ID == team })
	if i < 0 {
		return jury.TeamRef{}, sqldb.ErrNotFound
	}
	return n.teams[i], nil
}

func (n *neighbourhood) HelpedBy(_ context.Context, _ sqldb.Querier, _ edition.ID, who account.ID) ([]string, error) {
	return n.helped[who], nil
}

func (n *neighbourhood) Helped(context.Context, sqldb.Querier, edition.ID) (map[account.ID][]string, error) {
	return n.helped, nil
}

func (n *neighbourhood) Employers(context.Context, sqldb.Querier, edition.ID, ...account.ID) (map[account.ID]string, error) {
	return n.employers, nil
}

// bench is a jury of three in a house, with a rubric of two criteria and six teams.
type bench struct {
	*doortest.House
	*jury.Service
	near     *neighbourhood
	id       edition.ID
	jurors   []account.Actor
	criteria []jury.Criterion
}

func newBench(t *testing.T, db *dbtest.DB) *bench {
	t.Helper()
	h := doortest.New(t, db, jury.Words)
	b := &bench{House: h, id: h.Edition.ID, near: &neighbourhood{helped: map[account.ID][]string{}, employers: map[account.ID]string{}}}
	for _, name := range []string{"Voisins", "Guichet", "Chaleur", "Cour", "Palier", "Jardin"} {
		member := h.Person("Membre " + name)
		b.near.teams = append(b.near.teams, jury.TeamRef{ID: "t-" + name, Name: name, Title: "Projet " + name, Members: []account.ID{member.ID}})
	}
	b.Service = jury.NewService(db.DB, h.IDs, h.Editions, h.Accounts, jury.Neighbours{Teams: b.near, Helpers: b.near, Employers: b.near, Prizes: b.near, Challenges: b.near, Companions: b.near},
		h.Hub, h.Trail)
	for _, name := range []string{"Anne Exemple", "Basile Exemple", "Chloé Exemple"} {
		b.jurors = append(b.jurors, h.Person(name, edition.Juror))
	}
	h.Go(edition.Pitches)
	b.must(b.SetCriteria(context.Background(), h.Boss, b.id, []jury.Criterion{
		{Name: "Utile aux locataires", Weight: 60}, {Name: "Réalisable", Weight: 40}}))
	var err error
	b.criteria, err = b.Criteria(context.Background(), db, b.id)
	b.must(err)
	return b
}

func (b *bench) must(err error) {
	b.T.Helper()
	if err != nil {
		b.T.Fatal(err)
	}
}

// sheet is what a juror hands in: a value for each criterion, 0 for none.
func (b *bench) sheet(values ...int) jury.Answers {
	in := jury.Answers{Marks: map[string]jury.Answer{}}
	for i, v := range values {
		if v > 0 {
			in.Marks[b.criteria[i].ID] = jury.Answer{Kind: jury.Scored, Value: v}
		}
	}
	return in
}

// values reads back what counts of a juror's sheet, 0 for none.
func (b *bench) values(who account.Actor, team string) []int {
	b.T.Helper()
	sheet, _, err := b.MySheet(context.Background(), b.DB, who, b.id, team)
	b.must(err)
	got := make([]int, len(b.criteria))
	for i, c := range b.criteria {
		got[i] = sheet[c.ID].Value
	}
	return got
}

// copy takes in a paper sheet and returns the teams that were left out.
func (b *bench) copy(c jury.Copied) []string {
	b.T.Helper()
	var left []string
	b.must(b.DB.InTx(context.Background(), func(tx *sqldb.Tx) (err error) {
		left, err = b.CopyTx(context.Background(), tx, b.Boss, b.id, c)
		return err
	}))
	return left
}

// What stands on paper takes the place of what the phone said only by being newer, is not
// given again where it says the same, and leaves out a team that the juror steps back from.
func TestCopyTx_addsWhatThePaperSays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		anne, said := b.jurors[0], db.Now()
		db.Clock.Advance(time.Hour)
		b.must(b.Score(ctx, anne, b.id, "t-Cour", b.sheet(4, 2), once.Action{ID: "phone"}))
		b.must(b.Declare(ctx, anne, b.id, "t-Jardin", "voisine"))
		sheet := jury.Copied{Sheet: "K7P2QX", Juror: anne.ID, Given: said, Teams: []jury.CopiedTeam{
			{Team: "t-Cour", Marks: b.sheet(4, 5).Marks}, {Team: "t-Palier", Marks: b.sheet(3).Marks}, {Team: "t-Jardin", Marks: b.sheet(1, 1).Marks}}}
		for range 2 { // whoever calls keeps it from coming twice; if not, nothing changes
			if left := b.copy(sheet); !slices.Equal(left, []string{"t-Jardin"}) {
				t.Errorf("left out: %v", left)
			}
		}
		if diff := cmp.Diff([]int{4, 5}, b.values(anne, "t-Cour")); diff != "" {
			t.Errorf("the sheet: %s", diff)
		}
		history, err := b.History(ctx, db, b.id, anne.ID, "t-Cour")
		b.must(err)
		if len(history) != 3 || history[2].Paper != "K7P2QX" || history[2].EnteredBy != b.Boss.ID || !history[2].Given.After(history[1].Given) {
			t.Errorf("the history: %+v", history)
		}
		palier, err := b.History(ctx, db, b.id, anne.ID, "t-Palier")
		b.must(err)
		if len(palier) != 1 || !palier[0].Given.Equal(said) {
			t.Errorf("a team that the phone said nothing of: %+v", palier)
		}
		b.must(b.Close(ctx, b.Boss, b.id))
		db.Clock.Advance(time.Minute)
		err = db.InTx(ctx, func(tx *sqldb.Tx) error {
			_, err := b.CopyTx(ctx, tx, b.Boss, b.id, jury.Copied{Sheet: "K7P2QY", Juror: anne.ID, Given: db.Now(), Teams: sheet.Teams})
			return err
		})
		if !errors.Is(err, jury.ErrClosed) {
			t.Errorf("after the close: %v", err)
		}
	})
}

func TestScore_twiceIsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		given := db.Now()
		db.Clock.Advance(10 * time.Minute) // the server was away
		action := once.Action{ID: "a1", At: given}
		for range 2 {
			b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4, 3), action))
		}
		history, err := b.History(ctx, db, b.id, b.jurors[0].ID, "t-Cour")
		b.must(err)
		if len(history) != 2 {
			t.Errorf("%d marks were kept, want one a criterion", len(history))
		}
		if m := history[0]; !m.Given.Equal(given) || !m.Received.Equal(given.Add(10*time.Minute)) || m.EnteredBy != b.jurors[0].ID {
			t.Errorf("the mark was given %v, received %v", m.Given, m.Received)
		}
	})
}

func TestScore_newestCountsInAnyOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		start := db.Now()
		db.Clock.Advance(time.Hour)
		// Two phones: one scores, the other corrects the first criterion and later both.
		sent := []struct {
			minute int
			in     jury.Answers
		}{{1, b.sheet(2, 0)}, {2, b.sheet(0, 5)}, {3, b.sheet(4, 0)}, {4, b.sheet(2, 0)}, {5, b.sheet(3, 0)}}
		for i, team := range []string{"t-Voisins", "t-Guichet", "t-Chaleur"} {
			r := rand.New(rand.NewPCG(48, uint64(i)))
			for _, k := range r.Perm(len(sent)) {
				a := once.Action{ID: team + string(rune('a'+k)), At: start.Add(time.Duration(sent[k].minute) * time.Minute)}
				b.must(b.Score(ctx, b.jurors[0], b.id, team, sent[k].in, a))
			}
			if diff := cmp.Diff([]int{3, 5}, b.values(b.jurors[0], team)); diff != "" {
				t.Errorf("order %d: %s", i, diff)
			}
		}
	})
}

func TestScore_refuses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		stranger := b.Person("Paule Exemple")
		for _, c := range []struct {
			what string
			do   error
			kind errs.Kind
		}{
			{"above the scale", b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(6), once.Action{}), errs.Invalid},
			{"no such team", b.Score(ctx, b.jurors[0], b.id, "t-None", b.sheet(3), once.Action{}), errs.NotFound},
			{"no juror", b.Score(ctx, stranger, b.id, "t-Cour", b.sheet(3), once.Action{}), errs.Forbidden},
			{"an organiser as juror", b.Score(ctx, b.Boss, b.id, "t-Cour", b.sheet(3), once.Action{}), errs.Forbidden},
		} {
			if !errs.Is(c.do, c.kind) {
				t.Errorf("%s: %v", c.what, c.do)
			}
		}
	})
}

func TestSetCriteria_frozenAtTheFirstMark(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		other := []jury.Criterion{{Name: "Original", Weight: 1}}
		b.must(b.SetCriteria(ctx, b.Boss, b.id, append(slices.Clone(b.criteria), other...)))
		var err error
		b.criteria, err = b.Criteria(ctx, db, b.id)
		b.must(err)
		b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4), once.Action{}))
		if err := b.SetCriteria(ctx, b.Boss, b.id, other); !lacksReason(err) {
			t.Errorf("changed after the first mark: %v", err)
		}
		n, err := sqldb.Value[int](ctx, db, `SELECT COUNT(*) FROM trail_entries WHERE action = 'jury.criteria_refused'`)
		if err != nil || n != 1 {
			t.Errorf("the attempt is in the trail %d times: %v", n, err)
		}
		b.must(b.NewRound(ctx, b.Boss, b.id, "le critère « original » manquait"))
		b.must(b.SetCriteria(ctx, b.Boss, b.id, other))
		if got := b.values(b.jurors[0], "t-Cour"); got[0] != 0 {
			t.Errorf("a mark of the first round counts in the second: %v", got)
		}
	})
}

func TestMove_keepsAuthorAndHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		anne := b.jurors[0]
		b.must(b.Score(ctx, anne, b.id, "t-Cour", b.sheet(4, 2), once.Action{ID: "x"}))
		db.Clock.Advance(time.Minute)
		if err := b.Move(ctx, b.Boss, b.id, anne.ID, "t-Cour", "t-Palier", ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("moved without a reason: %v", err)
		}
		b.must(b.Move(ctx, b.Boss, b.id, anne.ID, "t-Cour", "t-Palier", "la jurée s'est trompée de fiche"))
		if diff := cmp.Diff([][]int{{0, 0}, {4, 2}}, [][]int{b.values(anne, "t-Cour"), b.values(anne, "t-Palier")}); diff != "" {
			t.Error(diff)
		}
		from, err := b.History(ctx, db, b.id, anne.ID, "t-Cour")
		b.must(err)
		to, err := b.History(ctx, db, b.id, anne.ID, "t-Palier")
		b.must(err)
		if len(from) != 4 || len(to) != 2 || to[0].Juror != anne.ID || to[0].EnteredBy != b.Boss.ID {
			t.Errorf("histories: %+v, %+v", from, to)
		}
		db.Clock.Advance(time.Minute)
		b.must(b.Move(ctx, anne, b.id, anne.ID, "t-Palier", "t-Cour", "")) // she corrects herself, back again
		if diff := cmp.Diff([]int{4, 2}, b.values(anne, "t-Cour")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestClose_lateMarksOfTheDarkCount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		anne := b.jurors[0]
		given := db.Now()
		db.Clock.Advance(time.Minute)
		b.must(b.Close(ctx, b.Boss, b.id))
		db.Clock.Advance(time.Minute)
		b.must(b.Score(ctx, anne, b.id, "t-Cour", b.sheet(4, 2), once.Action{ID: "dark", At: given}))
		if err := b.Score(ctx, anne, b.id, "t-Cour", b.sheet(5), once.Action{ID: "late", At: db.Now()}); !errors.Is(err, jury.ErrClosed) {
			t.Errorf("scored after closing: %v", err)
		}
		if err := b.Sealed(ctx, db, anne, b.id); !errors.Is(err, jury.ErrSealed) {
			t.Errorf("a juror sees the ranking before the deliberation: %v", err)
		}
		b.must(b.Deliberate(ctx, b.Boss, b.id))
		b.must(b.Sealed(ctx, db, anne, b.id))
		if err := b.Score(ctx, anne, b.id, "t-Palier", b.sheet(4, 2), once.Action{ID: "dark2", At: given}); !errors.Is(err, jury.ErrClosed) {
			t.Errorf("scored after the ranking was seen: %v", err)
		}
		if err := b.Reopen(ctx, b.Boss, b.id); !errs.Is(err, errs.Conflict) {
			t.Errorf("reopened after the ranking was seen: %v", err)
		}
	})
}

// scoreAll lets each juror score each team with the values that f gives.
func (b *bench) scoreAll(f func(juror, team int) (int, int)) {
	b.T.Helper()
	for j, who := range b.jurors {
		for k, team := range b.near.teams {
			x, y := f(j, k)
			b.must(b.Score(context.Background(), who, b.id, team.ID, b.sheet(x, y), once.Action{}))
		}
	}
}

func TestRanking_sameMarksSameResult(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		b.scoreAll(func(j, k int) (int, int) { return 1 + (k+j/2)%5, 1 + (k*2+j)%5 })
		one, err := b.Ranking(ctx, db, b.id)
		b.must(err)
		slices.Reverse(b.near.teams)
		two, err := b.Ranking(ctx, db, b.id)
		b.must(err)
		if one.Fingerprint != two.Fingerprint || len(one.Standings) != 6 {
			t.Errorf("fingerprints %s and %s, %d standings", one.Fingerprint, two.Fingerprint, len(one.Standings))
		}
		if diff := cmp.Diff(one.Standings, two.Standings); diff != "" {
			t.Error(diff)
		}
		b.must(b.SetPresence(ctx, b.Boss, b.id, b.jurors[2].ID, jury.Excluded, "lien avec un partenaire"))
		three, err := b.Ranking(ctx, db, b.id)
		b.must(err)
		if three.Fingerprint == one.Fingerprint || three.Standings[0].Visits != 2 {
			t.Errorf("an excluded juror's marks count: %d visits", three.Standings[0].Visits)
		}
	})
}

func TestRanking_ladderOfTies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		b.jurors = b.jurors[:2]
		// Two teams exactly alike before four that are worse.
		b.scoreAll(func(_, k int) (int, int) {
			if k < 2 {
				return 5, 5
			}
			return 2, 1
		})
		r, err := b.Ranking(ctx, db, b.id)
		b.must(err)
		first, second := r.Standings[0], r.Standings[1]
		if first.Tie != jury.TieOpen || first.Rank != 1 || second.Rank != 1 {
			t.Fatalf("two equal teams stand at %d (%s) and %d (%s)", first.Rank, first.Tie, second.Rank, second.Tie)
		}
		if err := b.Decide(ctx, b.Boss, b.id, second.Team.ID, "Mme Exemple, présidente", "plus mûr"); !errors.Is(err, jury.ErrOpen) {
			t.Errorf("decided while jurors score: %v", err)
		}
		b.must(b.Close(ctx, b.Boss, b.id))
		b.must(b.Decide(ctx, b.Boss, b.id, second.Team.ID, "Mme Exemple, présidente", "plus mûr"))
		r, err = b.Ranking(ctx, db, b.id)
		b.must(err)
		if got := r.Standings[0]; got.Team.ID != second.Team.ID || got.Tie != jury.TieDecision || r.Standings[1].Rank != 2 {
			t.Errorf("after the decision: %+v", got)
		}
	})
}

func TestBoard_saysWhoIsSilent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		anne, basile := b.jurors[0], b.jurors[1]
		b.must(b.Score(ctx, anne, b.id, "t-Cour", b.sheet(4, 4), once.Action{}))
		b.must(b.Score(ctx, anne, b.id, "t-Palier", b.sheet(4), once.Action{}))
		b.copy(jury.Copied{Sheet: "K7P2QX", Juror: basile.ID, Teams: []jury.CopiedTeam{{Team: "t-Cour", Marks: b.sheet(3, 3).Marks}}})
		b.must(b.Declare(ctx, anne, b.id, "t-Jardin", "voisine"))
		summary := func() lead.Summary {
			board, err := b.Board(ctx, db, b.id)
			b.must(err)
			return lead.Summarise(board)
		}
		sum := summary()
		if diff := cmp.Diff([]string{"Chloé Exemple"}, sum.Silent); diff != "" || sum.Done != 2 || sum.Expected != 17 {
			t.Errorf("silent %v, %d of %d", sum.Silent, sum.Done, sum.Expected)
		}
		b.must(b.SetPresence(ctx, b.Boss, b.id, b.jurors[2].ID, jury.Absent, "train supprimé"))
		if sum = summary(); len(sum.Silent) != 0 || sum.Expected != 11 {
			t.Errorf("without the juror who did not come: %+v", sum)
		}
		mine, err := b.Mine(ctx, db, anne, b.id)
		b.must(err)
		if mine.Done != 1 || mine.Expected != 5 || mine.Next("t-Cour") != "t-Guichet" {
			t.Errorf("anne has %d of %d, next is %s", mine.Done, mine.Expected, mine.Next("t-Cour"))
		}
	})
}
