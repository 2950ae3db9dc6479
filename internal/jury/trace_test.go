package jury_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"h48/internal/jury"
	"h48/internal/kit/chain"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

// TestTrace_everyWordOfTheJuryStandsInTheChain goes through a round and reads it back.
func TestTrace_everyWordOfTheJuryStandsInTheChain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		in := b.sheet(4, 3)
		secret := "le meilleur, mais ne le dites à personne"
		in.Note = &secret
		b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", in, once.Action{ID: "a1"}))
		b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", in, once.Action{ID: "a1"})) // sent twice
		b.copy(jury.Copied{Sheet: "K7P2QX", Juror: b.jurors[1].ID, Reason: "copié seul", Teams: []jury.CopiedTeam{{Team: "t-Cour", Marks: b.sheet(2).Marks}}})
		b.must(b.Move(ctx, b.jurors[0], b.id, b.jurors[0].ID, "t-Cour", "t-Jardin", ""))
		b.must(b.Declare(ctx, b.jurors[2], b.id, "t-Voisins", "ma sœur y est"))
		b.must(b.SetPresence(ctx, b.Boss, b.id, b.jurors[2].ID, jury.Absent, "malade"))
		b.must(b.Close(ctx, b.Boss, b.id))

		head := chain.Head{Hash: chain.Genesis(string(b.id))}
		var kinds []string
		var marks int
		err := chain.Each(ctx, db, string(b.id), func(e chain.Entry) (err error) {
			for _, words := range []string{secret, "copié", "sœur", "malade", "Exemple"} {
				if strings.Contains(e.Body+e.Subject, words) {
					t.Errorf("entry %d says %q in the clear", e.N, words)
				}
			}
			kinds = append(kinds, strings.TrimPrefix(e.Kind, "jury."))
			if e.Kind == jury.TraceMarked {
				var body jury.TracedMarks
				if err := json.Unmarshal([]byte(e.Body), &body); err != nil {
					return err
				}
				marks += len(body.Marks)
			}
			head, err = head.Check(e)
			return err
		})
		b.must(err)
		if got, want := strings.Join(kinds, " "), "criteria noted marked marked marked conflict presence round"; got != want {
			t.Errorf("the chain says %s, want %s", got, want)
		}
		if marks != 2+1+4 {
			t.Errorf("%d marks stand in the chain", marks)
		}
		if end, err := b.Head(ctx, db, b.id); err != nil || end != head {
			t.Errorf("the chain ends at %v, its head says %v: %v", head, end, err)
		}
	})
}
