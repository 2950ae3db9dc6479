package rehearsal

import (
	"context"
	"time"

	"h48/internal/edition"
)

// told are words that jurors of the rehearsal leave for a team, from the weakest project to
// the best.
var told = [...]string{
	"L’idée est généreuse. Montrez-la à trois locataires avant de la développer davantage.",
	"Le besoin est bien vu. Dites plus tôt qui paie, et combien cela coûte la première année.",
	"Votre maquette marche devant nous, et cela change tout. Pensez à qui l’entretiendra.",
	"On le réclamerait dès demain. Essayez-le dans un seul immeuble, avec ses gardiens.",
}

// wordFor is what the juror says to the team that pitched i-th: two of five write something,
// and every other of them under their name.
func (r *Rehearsal) wordFor(juror, i int) (text string, named bool) {
	if (juror+i)%5 > 1 {
		return "", false
	}
	level := min(max(int(r.merit(i))-1, 0), len(told)-1)
	return told[level], (juror+i)%5 == 0
}

// scriptFeedback lets the teams read the jurors' words once the results are public.
func (r *Rehearsal) scriptFeedback() {
	r.at(r.e.At[edition.Results].Add(30*time.Minute), "letting the teams read the jury's words", func(ctx context.Context) error {
		return r.app.Feedback.Release(ctx, r.boss, r.e.ID)
	})
}
