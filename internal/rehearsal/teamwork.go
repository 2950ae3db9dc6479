package rehearsal

import (
	"context"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/mentoring"
	"h48/internal/project"
	"h48/internal/team"
)

var questions = []string{"Comment chiffrer notre modèle économique ?", "Qui décide d’un remplacement de chaudière ?",
	"Notre formulaire refuse les pièces jointes.", "Avons-nous le droit d’envoyer un SMS aux locataires ?", "Que coûte un capteur installé ?"}

// writeTeams writes what each team does in the 48 hours: it asks for help a few times,
// writes its project, and hands it in, most of them near the end.
func (r *Rehearsal) writeTeams(ctx context.Context) error {
	all, err := r.app.Team.List(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	r.teams = all
	starts, handIn := r.e.At[edition.Starts], r.e.At[edition.HandIn]
	for i := range all {
		for k := range 2 + r.rand.IntN(2) {
			at := starts.Add(time.Duration(1+k*14)*time.Hour + time.Duration(r.rand.IntN(10*60))*time.Minute)
			r.at(at, "asking for help", func(ctx context.Context) error { return r.ask(ctx, i) })
		}
		r.at(starts.Add(time.Duration(20+r.rand.IntN(10))*time.Hour), "writing a draft", func(ctx context.Context) error { return r.write(ctx, i, false) })
		r.at(starts.Add(time.Duration(31+i%8)*time.Hour), "adding pictures", func(ctx context.Context) error { return r.illustrate(ctx, i) })
		r.at(handIn.Add(-time.Duration(10+r.rand.IntN(170))*time.Minute), "handing in", func(ctx context.Context) error { return r.write(ctx, i, true) })
		last := -time.Duration(r.rand.IntN(300)) * time.Second
		if i == len(all)-1 {
			last = 30 * time.Second // in the grace that the organiser gave
		}
		r.at(handIn.Add(last), "handing in again", func(ctx context.Context) error { return r.write(ctx, i, true) })
	}
	r.at(handIn.Add(5*time.Minute), "handing in too late", r.tooLate)
	return nil
}

func (r *Rehearsal) member(i int) account.Actor {
	t := r.teams[i]
	return r.actorOf(t.Members[r.rand.IntN(len(t.Members))].ID)
}

// ask opens a help request; a mentor takes it after some minutes and closes it.
func (r *Rehearsal) ask(ctx context.Context, i int) error {
	themes, err := r.app.Mentoring.Themes(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	question := mentoring.Question{Text: questions[r.rand.IntN(len(questions))]}
	if len(themes) > 0 {
		question.Theme = themes[r.rand.IntN(len(themes))].ID
	}
	request, err := r.app.Mentoring.Ask(ctx, r.member(i), r.e.ID, question, once.Action{})
	if errs.Is(err, errs.Conflict) { // the team waits already
		return nil
	}
	if err != nil {
		return err
	}
	now, err := r.now(ctx)
	if err != nil {
		return err
	}
	wait := time.Duration(2+r.rand.IntN(12)) * time.Minute
	r.at(now.Add(wait), "a mentor comes", func(ctx context.Context) error { return r.help(ctx, request.ID) })
	r.facts.Requests++
	return nil
}

// help lets a mentor take the request, or leaves it where it is gone already.
func (r *Rehearsal) help(ctx context.Context, id mentoring.ID) error {
	mentor := r.cast.mentors[r.rand.IntN(len(r.cast.mentors))]
	if _, err := r.app.Mentoring.Claim(ctx, mentor.actor, id, once.Action{}); err != nil {
		if errs.Is(err, errs.Conflict) {
			return nil
		}
		return err
	}
	now, err := r.now(ctx)
	if err != nil {
		return err
	}
	r.at(now.Add(time.Duration(8+r.rand.IntN(20))*time.Minute), "a mentor is done", func(ctx context.Context) error {
		_, err := r.app.Mentoring.Resolve(ctx, mentor.actor, id, mentoring.Outcome{Line: "Chiffres et contacts donnés."}, once.Action{})
		if errs.Is(err, errs.Conflict) {
			return nil
		}
		return err
	})
	return nil
}

func (r *Rehearsal) now(ctx context.Context) (time.Time, error) {
	return r.app.Editions.EditionNow(ctx, string(r.e.ID))
}

// write saves the team's draft or hands it in.
func (r *Rehearsal) write(ctx context.Context, i int, handIn bool) error {
	who := r.member(i)
	mine, err := r.app.Project.Mine(ctx, who, r.e.ID)
	if err != nil {
		return err
	}
	content := project.Content{Title: nameOf(projectNames, i), Pitch: pitchLines[i%len(pitchLines)],
		Description: "## Le besoin\n\nLes demandes se perdent entre l’accueil, le téléphone et le gardien.\n\n## Notre réponse\n\nUn seul endroit, une réponse en deux jours.\n\n## Le modèle\n\n- coût par logement : 0,40 € par mois\n- test dans une résidence",
		Links:       []project.Link{{Label: "Maquette", URL: "https://maquette.example.org/" + fmt.Sprint(i+1)}}}
	edit := project.Edit{Editor: "rehearsal", Base: mine.Revision}
	if !handIn {
		content.Description = "## Le besoin\n\nÀ écrire."
		_, err = r.app.Project.SaveDraft(ctx, who, r.e.ID, content, edit)
		return err
	}
	if _, err = r.app.Project.HandIn(ctx, who, r.e.ID, content, edit, once.Action{}); err == nil {
		r.facts.HandIns++
	}
	return err
}

// tooLate is a hand-in that the deadline refuses: it is kept as an attempt and counts
// for nothing.
func (r *Rehearsal) tooLate(ctx context.Context) error {
	if err := r.write(ctx, 0, true); !errs.Is(err, errs.Conflict) {
		return fmt.Errorf("a hand-in after the grace was not refused: %w", err)
	}
	return nil
}

// sizes counts the teams by how many they are.
func sizes(teams []team.Team) map[int]int {
	all := map[int]int{}
	for _, t := range teams {
		all[len(t.Members)]++
	}
	return all
}
