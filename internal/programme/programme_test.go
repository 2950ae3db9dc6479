package programme_test

import (
	"testing"
	"time"

	"h48/internal/programme"
)

func TestNowAndNext(t *testing.T) {
	t.Parallel()
	nine := time.Date(2018, 5, 19, 9, 0, 0, 0, time.UTC)
	at := func(id programme.ID, from, to int) programme.Session {
		return programme.Session{ID: id, Start: nine.Add(time.Duration(from) * time.Minute), End: nine.Add(time.Duration(to) * time.Minute)}
	}
	cancelled := at("cancelled", 30, 90)
	cancelled.Cancelled = true
	sessions := []programme.Session{at("later", 120, 180), at("next b", 60, 90), at("on", 0, 45), at("over", -60, 0), cancelled, at("next a", 60, 80)}
	on, next := programme.NowAndNext(sessions, nine.Add(30*time.Minute))
	if len(on) != 1 || on[0].ID != "on" {
		t.Errorf("on now: %+v", on)
	}
	if len(next) != 2 || next[0].ID != "next a" || next[1].ID != "next b" {
		t.Errorf("next: %+v", next)
	}
	if on, next = programme.NowAndNext(sessions, nine.AddDate(0, 0, 1)); on != nil || next != nil {
		t.Errorf("the day after: %v, %v", on, next)
	}
}

func TestClashes_sameRoomSameMoment(t *testing.T) {
	t.Parallel()
	nine := time.Date(2018, 5, 19, 9, 0, 0, 0, time.UTC)
	s := programme.Session{ID: "a", Room: "Somme", Start: nine, End: nine.Add(time.Hour)}
	after := programme.Session{ID: "b", Room: "somme", Start: s.End, End: s.End.Add(time.Hour)}
	during := programme.Session{ID: "c", Room: "SOMME", Start: nine.Add(30 * time.Minute), End: s.End}
	elsewhere := programme.Session{ID: "d", Room: "Avre", Start: nine, End: s.End}
	got := s.Clashes([]programme.Session{s, after, during, elsewhere})
	if len(got) != 1 || got[0].ID != "c" {
		t.Errorf("clashes: %+v, want the one that shares a moment and the room", got)
	}
}
