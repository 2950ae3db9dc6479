package rehearsal

import (
	"context"
	"fmt"
	"time"

	"h48/internal/certificate"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/kit/once"
)

// scriptEnd writes what follows the hand-in.
func (r *Rehearsal) scriptEnd() {
	handIn := r.e.At[edition.HandIn]
	r.at(r.e.At[edition.Starts].Add(24*time.Hour), "promising a fair draw", func(ctx context.Context) error {
		return r.app.Stage.Promise(ctx, r.boss, r.e.ID)
	})
	r.at(handIn.Add(20*time.Minute), "drawing the order of the pitches", r.drawPitches)
	r.at(r.e.At[edition.Pitches].Add(-30*time.Minute), "briefing the jury", r.briefJury)
	talk := r.e.At[edition.Deliberation]
	r.at(talk.Add(5*time.Minute), "deliberating", r.deliberate)
	if r.cfg.Participants != amiens {
		r.at(talk.Add(39*time.Minute), "giving the public's prize", r.crown)
	}
	r.at(talk.Add(40*time.Minute), "closing the deliberation", r.decide)
	r.scriptExpo()
	r.scriptCeremony()
	r.scriptFeedback()
	r.at(r.e.At[edition.Results].Add(90*time.Minute), "taking the cups back", r.returnCups)
	r.scriptVotes()
	r.scriptFollowup()
	r.at(r.e.At[edition.Ends].Add(-15*time.Minute), "making certificates and diplomas", r.certify)
	r.at(r.e.At[edition.Ends].Add(-5*time.Minute), "publishing the recap", r.tell)
}

// briefJury lets the jurors read the brief; one of them knows a team and says so.
func (r *Rehearsal) briefJury(ctx context.Context) error {
	for _, j := range r.cast.jurors {
		if err := r.app.Jury.Acknowledge(ctx, j.actor, r.e.ID); err != nil {
			return err
		}
	}
	known := r.teams[r.rand.IntN(len(r.teams))]
	r.cast.recused = string(known.ID)
	return r.app.Jury.Declare(ctx, r.cast.jurors[0].actor, r.e.ID, r.cast.recused, "Un membre de l’équipe est de mon association.")
}

// drawPitches draws the order and writes each team's pitch.
func (r *Rehearsal) drawPitches(ctx context.Context) error {
	if err := r.app.Stage.Draw(ctx, r.boss, r.e.ID, "Samarobriva"); err != nil {
		return err
	}
	lineup, err := r.app.Stage.Lineup(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	moderator := r.cast.crew[0].actor
	for i, p := range lineup.Pitches {
		begin := r.e.At[edition.Pitches].Add(time.Duration(i) * pitchSlot)
		length := 2*time.Minute + 10*time.Second + time.Duration(r.rand.IntN(65))*time.Second
		r.at(begin, "a pitch begins", func(ctx context.Context) error {
			return r.app.Stage.Start(ctx, moderator, r.e.ID, p.Team.ID, once.Action{})
		})
		r.at(begin.Add(length), "a pitch ends", func(ctx context.Context) error {
			return r.app.Stage.Stop(ctx, moderator, r.e.ID, p.Team.ID, once.Action{})
		})
		r.at(begin.Add(length+30*time.Second), "the jury scores", func(ctx context.Context) error {
			return r.score(ctx, p.Team.ID, i)
		})
	}
	if len(lineup.Pitches) == 0 {
		return fmt.Errorf("nobody pitches")
	}
	return nil
}

// certify makes everybody's certificate and the laureates' diplomas, as PDF files.
func (r *Rehearsal) certify(ctx context.Context) error {
	job, err := r.app.Certificate.MakeAll(ctx, r.boss, r.e.ID, []certificate.Kind{certificate.Participation, certificate.Diploma})
	if err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	done, err := jobs.Get(ctx, r.app.DB, job)
	if err == nil && done.State != jobs.Done {
		err = fmt.Errorf("the certificates are %s: %s", done.State, done.Error)
	}
	r.facts.Certificates = done.Step
	return err
}

// tell lets the recap write itself from the facts and publishes it.
func (r *Rehearsal) tell(ctx context.Context) error {
	if err := r.app.Recap.Write(ctx, r.boss, r.e.ID, true); err != nil {
		return err
	}
	return r.app.Recap.Publish(ctx, r.boss, r.e.ID)
}
