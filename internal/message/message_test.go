package message_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/mail"
	"h48/internal/kit/once"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/message"
)

var now once.Action

const base = "/e/amiens-2018/messages"

type house struct {
	*doortest.House
	service    *message.Service
	ana, renee account.Actor
}

func open(t *testing.T, db *dbtest.DB) *house {
	h := &house{House: doortest.New(t, db, message.Words)}
	h.service = message.NewService(db.DB, h.IDs, h.Editions, h.Hub, h.Queue, h.Post, h.Trail, h.Words, "https://h48.example")
	message.Routes(h.Door, h.service)
	h.ana, h.renee = h.Person("Ana"), h.Person("Renée", edition.Mentor, edition.Juror)
	h.Go(edition.Starts)
	return h
}

func (h *house) send(t *testing.T, d message.Draft) message.Announcement {
	t.Helper()
	a, err := h.service.Send(t.Context(), h.Boss, h.Edition.ID, d, now)
	must(t, err)
	return a
}

// reads lists what stands before the person.
func (h *house) reads(t *testing.T, who account.Actor) (texts []string) {
	t.Helper()
	roles, err := h.Editions.Roles(t.Context(), h.DB, h.Edition.ID, who.ID)
	must(t, err)
	all, err := h.service.Current(t.Context(), h.DB, h.Edition.ID, who.ID, roles, h.DB.Clock.Now())
	must(t, err)
	for _, a := range all {
		texts = append(texts, a.Text)
	}
	return texts
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCurrent_whoReadsWhatAndForHowLong(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := open(t, db)
		ctx := t.Context()
		lunch := h.send(t, message.Draft{Text: "Le déjeuner est servi", Level: message.Now, Audience: message.Everyone, For: 30 * time.Minute})
		db.Clock.Advance(time.Minute)
		h.send(t, message.Draft{Text: "Briefing du jury à 13 h", Level: message.Info, Audience: message.Jurors})
		db.Clock.Advance(time.Minute)
		h.send(t, message.Draft{Text: "Évacuez le hall", Level: message.Urgent, Audience: message.Everyone})
		for who, want := range map[*account.Actor][]string{
			{}:       {"Évacuez le hall", "Le déjeuner est servi"},
			&h.ana:   {"Évacuez le hall", "Le déjeuner est servi"},
			&h.renee: {"Évacuez le hall", "Le déjeuner est servi", "Briefing du jury à 13 h"},
			&h.Boss:  {"Évacuez le hall", "Le déjeuner est servi", "Briefing du jury à 13 h"},
		} {
			if diff := cmp.Diff(want, h.reads(t, *who)); diff != "" {
				t.Errorf("%q reads:\n%s", who.Name, diff)
			}
		}
		must(t, h.service.Seen(ctx, h.ana, lunch.ID))
		must(t, h.service.Seen(ctx, h.ana, lunch.ID))
		if diff := cmp.Diff([]string{"Évacuez le hall"}, h.reads(t, h.ana)); diff != "" {
			t.Errorf("what was seen still stands:\n%s", diff)
		}
		all, err := h.service.History(ctx, db, h.Edition.ID, edition.Roles{edition.Organiser})
		must(t, err)
		if last := all[len(all)-1]; last.Seen != 1 || last.Reached != 3 {
			t.Errorf("seen by %d of %d, want 1 of 3", last.Seen, last.Reached)
		}
		wall, err := h.service.Wall(ctx, db, h.Edition.ID, db.Clock.Now())
		must(t, err)
		if len(wall) != 1 || wall[0].Level != message.Urgent {
			t.Errorf("the wall shows %+v", wall)
		}
		must(t, h.service.Retract(ctx, h.Boss, wall[0].ID))
		if err := h.service.Retract(ctx, h.Boss, wall[0].ID); !errors.Is(err, message.ErrEnded) {
			t.Errorf("taking down twice: %v", err)
		}
		db.Clock.Advance(time.Hour)
		open := h.Hub.Listen([]string{edition.Topic(h.Edition.ID)}, "")
		defer open.Close()
		h.RunJobs(h.service.Jobs())
		if _, err := open.Next(ctx); err != nil {
			t.Errorf("an open page does not hear that an announcement has expired: %v", err)
		}
		if got := h.reads(t, h.ana); got != nil {
			t.Errorf("after an hour Ana still reads %q", got)
		}
	})
}

func TestSend_whoMay(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	ctx := t.Context()
	draft := message.Draft{Text: "Bonjour", Level: message.Info, Audience: message.Jurors}
	if _, err := h.service.Send(ctx, h.ana, h.Edition.ID, draft, now); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a participant announces: %v", err)
	}
	a := h.send(t, draft)
	if err := h.service.Seen(ctx, h.ana, a.ID); !errs.Is(err, errs.Forbidden) {
		t.Errorf("who was not spoken to has seen it: %v", err)
	}
	_, err := h.service.Send(ctx, h.Boss, h.Edition.ID, message.Draft{Text: strings.Repeat("é", message.MostText+1), Level: "shout"}, now)
	var fields errs.Fields
	if !errors.As(err, &fields) || len(fields) != 3 {
		t.Errorf("an unreadable draft: %v", err)
	}
	action := once.Action{ID: "phone-1"}
	for range 2 {
		_, err := h.service.Send(ctx, h.Boss, h.Edition.ID, message.Draft{Text: "Une fois", Level: message.Info, Audience: message.Everyone}, action)
		must(t, err)
	}
	if got := h.reads(t, h.ana); len(got) != 1 {
		t.Errorf("an action that came twice was said %d times", len(got))
	}
}

// TestAnnouncement_reachesAnOpenPage holds a stream open as a page does, and reads the
// page again when it is told to.
func TestAnnouncement_reachesAnOpenPage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := open(t, db)
		stream := httptest.NewServer(h.Hub)
		defer stream.Close()
		ctx, leave := context.WithTimeout(t.Context(), 10*time.Second)
		defer leave()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, stream.URL+"?t="+url.QueryEscape(edition.Topic(h.Edition.ID)), nil)
		must(t, err)
		response, err := http.DefaultClient.Do(request)
		must(t, err)
		defer response.Body.Close()
		lines := bufio.NewScanner(response.Body)
		until := func(want string) {
			for lines.Scan() {
				if lines.Text() == want {
					return
				}
			}
			t.Fatalf("the stream ended before %q: %v", want, lines.Err())
		}
		until("event: open")
		status, _ := h.Client(h.Boss).Post(base, url.Values{"text": {"Le déjeuner est servi"}, "level": {"now"}, "audience": {"everyone"}})
		if status != http.StatusOK {
			t.Fatalf("announcing: %d", status)
		}
		until("event: touch")
		until("data: " + edition.Topic(h.Edition.ID))
		if _, page := h.Client(account.Actor{}).Get(base); !strings.Contains(page, "Le déjeuner est servi") {
			t.Error("the page that was read again does not show the announcement")
		}
	})
}

func TestLetters_oneEachAndStopped(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := open(t, db)
		sender := &box{}
		handlers := h.service.Jobs()
		handlers[post.Kind] = post.Handler(sender)
		a := h.send(t, message.Draft{Text: "À demain, 9 h", Level: message.Info, Audience: message.Everyone, Email: true})
		h.RunJobs(handlers)
		to := map[string]int{}
		for _, m := range sender.sent {
			to[m.To]++
			if !strings.Contains(m.Text, "À demain, 9 h") || !strings.Contains(m.Text, "https://h48.example"+base) {
				t.Errorf("the letter says %q", m.Text)
			}
		}
		// Renée is a mentor and a juror, and gets one letter.
		if diff := cmp.Diff(map[string]int{h.ana.Email: 1, h.renee.Email: 1, h.Boss.Email: 1}, to); diff != "" {
			t.Error(diff)
		}
		job, err := jobs.Get(t.Context(), db, a.Job)
		must(t, err)
		if job.State != jobs.Done || job.Step != 3 || job.Steps != 3 {
			t.Errorf("the job is %s at %d of %d", job.State, job.Step, job.Steps)
		}
		if err := h.service.StopLetters(t.Context(), h.Boss, a.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("stopping letters that are out: %v", err)
		}
		b := h.send(t, message.Draft{Text: "Erreur", Level: message.Info, Audience: message.Everyone, Email: true})
		must(t, h.service.Retract(t.Context(), h.Boss, b.ID))
		h.RunJobs(handlers)
		if len(sender.sent) != 3 {
			t.Errorf("%d letters, want none of what was taken down in time", len(sender.sent))
		}
	})
}

// box keeps the letters that went out.
type box struct {
	mu   sync.Mutex
	sent []mail.Message
}

// Send implements mail.Sender.
func (b *box) Send(_ context.Context, m mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, m)
	return nil
}
