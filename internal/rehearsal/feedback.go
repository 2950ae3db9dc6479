package rehearsal

import (
	"context"
	"time"

	"h48/internal/edition"
)

// told are words that jurors of the rehearsal leave for a team, from the weakest projects to
// the best: each level has one of a juror who signs and one of a juror who does not.
var told = [...][2]string{
	{"L’idée est généreuse. Montrez-la à trois locataires avant de la développer davantage.", "Je n’ai pas compris à qui cela servirait le premier jour. Commencez par cette personne-là."},
	{"Le besoin est bien vu. Dites plus tôt qui paie, et combien cela coûte la première année.", "Bonne équipe, vraie écoute. Il manque une maquette que l’on puisse prendre en main."},
	{"Votre maquette marche devant nous, et cela change tout. Pensez à qui l’entretiendra.", "Un pitch clair, tenu dans le temps. Le chiffre que vous citez a besoin d’une source."},
	{"On le réclamerait dès demain. Essayez-le dans un seul immeuble, avec ses gardiens.", "Rien à retirer. Appelez-nous pour un pilote : la régie de mon quartier est partante."},
}

// wordFor is what the juror says to the team that pitched i-th: two of five write something,
// and every other of them under their name.
func (r *Rehearsal) wordFor(juror, i int) (text string, named bool) {
	if (juror+i)%5 > 1 {
		return "", false
	}
	level := min(max(int(r.merit(i))-1, 0), len(told)-1)
	return told[level][(juror+i)%5], (juror+i)%5 == 0
}

// scriptFeedback lets the teams read the jurors' words once the results are public.
func (r *Rehearsal) scriptFeedback() {
	r.at(r.e.At[edition.Results].Add(30*time.Minute), "letting the teams read the jury's words", func(ctx context.Context) error {
		return r.app.Feedback.Release(ctx, r.boss, r.e.ID)
	})
}
