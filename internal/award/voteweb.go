package award

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
)

func (p *pages) mountVotes(d *door.Door) {
	jury := door.Only(edition.Juror)
	d.Post("/e/{edition}/deliberation/votes", jury, p.openVote)
	d.Post("/e/{edition}/deliberation/votes/{vote}", door.Exactly(edition.Juror), p.cast)
	d.Post("/e/{edition}/deliberation/votes/{vote}/hands", door.Only(edition.Organiser), p.noteHand)
	d.Post("/e/{edition}/deliberation/votes/{vote}/close", jury, p.closeVote)
	d.Post("/e/{edition}/deliberation/passes", jury, p.startPass)
}

func (p *pages) openVote(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ask := Question{Text: door.Text(r, "question"), Secret: door.Text(r, "secret") == "yes", Teams: door.Texts(r, "teams"),
		Answers: strings.Split(door.Text(r, "answers"), "\n")}
	_, err := p.award.OpenVote(r.Context(), v.Actor, v.Edition.ID, ask)
	return p.after(w, r, v, err)
}

// place reads the answer that was chosen.
func place(r *http.Request) (int, error) {
	n, err := strconv.Atoi(door.Text(r, "place"))
	if err != nil {
		return 0, errs.Fields{{Name: "place", Key: "error.required"}}
	}
	return n, nil
}

func (p *pages) cast(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	n, err := place(r)
	if err == nil {
		err = p.award.Cast(r.Context(), v.Actor, v.Edition.ID, VoteID(r.PathValue("vote")), n)
	}
	return p.after(w, r, v, err)
}

func (p *pages) noteHand(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	n, err := place(r)
	if err == nil {
		err = p.award.NoteHand(r.Context(), v.Actor, v.Edition.ID, VoteID(r.PathValue("vote")), account.ID(door.Text(r, "juror")), n)
	}
	return p.after(w, r, v, err)
}

func (p *pages) closeVote(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.after(w, r, v, p.award.CloseVote(r.Context(), v.Actor, v.Edition.ID, VoteID(r.PathValue("vote"))))
}

func (p *pages) startPass(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	minutes, err := strconv.Atoi(door.Text(r, "minutes"))
	if err != nil {
		minutes = 0
	}
	return p.after(w, r, v, p.award.StartPass(r.Context(), v.Actor, v.Edition.ID, time.Duration(minutes)*time.Minute, door.Text(r, "keeper")))
}
