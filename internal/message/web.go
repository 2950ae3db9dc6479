package message

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/web"
)

// Routes registers this room's pages and operations.
func Routes(d *door.Door, s *Service) {
	h := handlers{s}
	organisers := door.Only()
	d.Get("/e/{edition}/messages", door.Anyone(), h.showMessages)
	d.Post("/e/{edition}/messages", organisers, h.send)
	d.Post("/e/{edition}/messages/{announcement}/seen", door.Members(), h.seen)
	d.Post("/e/{edition}/messages/{announcement}/retract", organisers, h.retract)
	d.Post("/e/{edition}/messages/{announcement}/stop", organisers, h.stop)
	operations(d, s)
}

type handlers struct{ s *Service }

func announced(r *http.Request) ID { return ID(r.PathValue("announcement")) }

func (h handlers) showMessages(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	show, err := h.page(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, show())
}

func (h handlers) page(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	all, err := h.s.History(r.Context(), h.s.db, v.Edition.ID, v.Roles)
	if err != nil {
		return nil, err
	}
	p := page{All: all, Organises: v.Is(edition.Organiser), Jobs: map[string]jobs.Job{}}
	p.Form = form{Text: v.Field(r, wrong, "text", "message.text"), Audience: v.Field(r, wrong, "audience", "message.audience"),
		Level: v.Field(r, wrong, "level", "message.level"), Minutes: v.Field(r, wrong, "minutes", "message.minutes"),
		Email: v.Field(r, wrong, "email", "message.email"), For: audiences(v.Edition.Kind)}
	if wrong == nil {
		p.Form.Audience.Value, p.Form.Level.Value = string(Everyone), string(Info)
	}
	topics := []string{Topic(v.Edition.ID)}
	for _, a := range all {
		if !p.Organises || a.Job == "" {
			continue
		}
		job, err := jobs.Get(r.Context(), h.s.db, a.Job)
		if err != nil {
			return nil, err
		}
		p.Jobs[a.Job] = job
		if !job.State.Ended() && len(topics) < 8 { // a page may listen to sixteen
			topics = append(topics, jobs.Topic(job.ID))
		}
	}
	return func() templ.Component {
		return messagesPage(v.Page(v.L.T("message.title"), topics...), p, v.URL)
	}, nil
}

func (h handlers) send(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	draft := Draft{Text: door.Text(r, "text"), Level: Level(door.Text(r, "level")), Audience: Audience(door.Text(r, "audience")),
		For: time.Duration(door.Int(r, "minutes", &wrong)) * time.Minute, Email: door.Has(r, "email")}
	err := wrong.Err()
	if err == nil {
		_, err = h.s.Send(r.Context(), v.Actor, v.Edition.ID, draft, door.Action(r, v))
	}
	if err != nil {
		show, failed := h.page(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, show)
	}
	v.Say(w, "ok", "message.said.sent")
	return v.Go(w, r, v.URL("messages"))
}

// seen leads back to the page on which the announcement was seen.
func (h handlers) seen(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := h.s.Seen(r.Context(), v.Actor, announced(r)); err != nil {
		return err
	}
	back := door.Text(r, "back")
	if web.LocalPath(back) != back || !strings.HasPrefix(back, v.Edition.URL()+"/") {
		back = v.Edition.URL()
	}
	return v.Go(w, r, back)
}

func (h handlers) retract(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.Retract(r.Context(), v.Actor, announced(r)), "message.said.retracted")
}

func (h handlers) stop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.after(w, r, v, h.s.StopLetters(r.Context(), v.Actor, announced(r)), "message.said.stopped")
}

// after shows the page again, with the reason where something was refused.
func (h handlers) after(w http.ResponseWriter, r *http.Request, v *door.Visit, err error, done string) error {
	if err != nil {
		show, failed := h.page(r, v, nil)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, show)
	}
	v.Say(w, "ok", done)
	return v.Go(w, r, v.URL("messages"))
}
