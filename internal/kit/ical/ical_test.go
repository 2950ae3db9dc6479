package ical_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ical"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestWrite(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	var b bytes.Buffer
	err := ical.Write(&b, ical.Calendar{Name: "Hackathon d'Amiens", Refresh: 15 * time.Minute, Events: []ical.Event{
		{UID: "01k3@h48.example", Start: time.Date(2018, 5, 19, 10, 30, 0, 0, zone), End: time.Date(2018, 5, 19, 12, 0, 0, 0, zone),
			Summary: "Atelier : le pitch, en 3 minutes; ou moins", Location: `Salle C:\nord`,
			Description: "Apportez vos idées.\nÉcoutez celles des autres, elles valent souvent mieux qu'on ne croit.",
			URL:         "https://h48.example/s/01k3", Updated: time.Date(2018, 5, 1, 8, 0, 0, 0, zone), Sequence: 2},
		{UID: "01k4@h48.example", AllDay: true, Start: time.Date(2018, 5, 21, 0, 0, 0, 0, zone), End: time.Date(2018, 5, 22, 0, 0, 0, 0, zone),
			Summary: "Repos", Updated: time.Date(2018, 5, 1, 8, 0, 0, 0, zone), Cancelled: true},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//H48//Programme//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Hackathon d'Amiens
NAME:Hackathon d'Amiens
REFRESH-INTERVAL;VALUE=DURATION:PT15M
X-PUBLISHED-TTL:PT15M
BEGIN:VEVENT
UID:01k3@h48.example
DTSTAMP:20180501T060000Z
LAST-MODIFIED:20180501T060000Z
SEQUENCE:2
DTSTART:20180519T083000Z
DTEND:20180519T100000Z
SUMMARY:Atelier : le pitch\, en 3 minutes\; ou moins
LOCATION:Salle C:\\nord
DESCRIPTION:Apportez vos idées.\nÉcoutez celles des autres\, elles valent
  souvent mieux qu'on ne croit.
URL:https://h48.example/s/01k3
STATUS:CONFIRMED
END:VEVENT
BEGIN:VEVENT
UID:01k4@h48.example
DTSTAMP:20180501T060000Z
LAST-MODIFIED:20180501T060000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20180521
DTEND;VALUE=DATE:20180522
SUMMARY:Repos
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWrite_refusesAnEvent(t *testing.T) {
	t.Parallel()
	now := time.Date(2018, 5, 19, 8, 0, 0, 0, time.UTC)
	for name, e := range map[string]ical.Event{
		"no UID":           {Start: now, End: now, Updated: now},
		"never changed":    {UID: "a", Start: now, End: now},
		"no start":         {UID: "a", End: now, Updated: now},
		"backwards":        {UID: "a", Start: now, End: now.Add(-1), Updated: now},
		"a relative link":  {UID: "a", Start: now, End: now, Updated: now, URL: "/s/1"},
		"a link with a LF": {UID: "a", Start: now, End: now, Updated: now, URL: "https://h48.example/\nX:1"},
	} {
		var b bytes.Buffer
		if err := ical.Write(&b, ical.Calendar{Events: []ical.Event{e}}); err == nil || b.Len() > 0 {
			t.Errorf("%s: %v and %d bytes", name, err, b.Len())
		}
	}
}

// file wraps lines as a calendar; the first of them is line 2.
func file(lines ...string) string {
	return "BEGIN:VCALENDAR\n" + strings.Join(lines, "\n") + "\nEND:VCALENDAR\n"
}

func TestRead_times(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	for _, c := range []struct {
		name       string
		props      []string
		start, end time.Time
		allDay     bool
	}{
		{"UTC", []string{"DTSTART:20180519T083000Z", "DTEND:20180519T100000Z"},
			time.Date(2018, 5, 19, 10, 30, 0, 0, zone), time.Date(2018, 5, 19, 12, 0, 0, 0, zone), false},
		{"no zone", []string{"DTSTART:20180519T103000"},
			time.Date(2018, 5, 19, 10, 30, 0, 0, zone), time.Date(2018, 5, 19, 10, 30, 0, 0, zone), false},
		{"a zone", []string{"DTSTART;TZID=America/New_York:20180519T043000", "DTEND;TZID=Europe/Paris:20180519T120000"},
			time.Date(2018, 5, 19, 10, 30, 0, 0, zone), time.Date(2018, 5, 19, 12, 0, 0, 0, zone), false},
		{"a zone in a path", []string{`DTSTART;TZID="/example.org/20180101/Europe/London":20180519T093000`, "DURATION:PT1H30M"},
			time.Date(2018, 5, 19, 10, 30, 0, 0, zone), time.Date(2018, 5, 19, 12, 0, 0, 0, zone), false},
		{"a zone of Windows", []string{"DTSTART;TZID=Romance Standard Time:20180519T103000", "DURATION:P1DT1H"},
			time.Date(2018, 5, 19, 10, 30, 0, 0, zone), time.Date(2018, 5, 20, 11, 30, 0, 0, zone), false},
		{"a zone of the file", []string{"DTSTART;TZID=Chez nous:20180519T103000"},
			time.Date(2018, 5, 19, 10, 30, 0, 0, zone), time.Date(2018, 5, 19, 10, 30, 0, 0, zone), false},
		{"a day", []string{"DTSTART;VALUE=DATE:20180519"},
			time.Date(2018, 5, 19, 0, 0, 0, 0, zone), time.Date(2018, 5, 20, 0, 0, 0, 0, zone), true},
		{"the days of the change of hour", []string{"DTSTART;VALUE=DATE:20181027", "DURATION:P2D"},
			time.Date(2018, 10, 27, 0, 0, 0, 0, zone), time.Date(2018, 10, 29, 0, 0, 0, 0, zone), true},
	} {
		lines := append([]string{"BEGIN:VEVENT", "UID:1"}, c.props...)
		lines = append(lines, "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:Chez nous", "X-LIC-LOCATION:Europe/Paris", "END:VTIMEZONE")
		got, problems, err := ical.Read(strings.NewReader(file(lines...)), zone)
		if err != nil || len(problems) > 0 || len(got.Events) != 1 {
			t.Errorf("%s: %v, %v, %d events", c.name, err, problems, len(got.Events))
			continue
		}
		e := got.Events[0]
		if !e.Start.Equal(c.start) || !e.End.Equal(c.end) || e.AllDay != c.allDay {
			t.Errorf("%s: got %v to %v, all day %v", c.name, e.Start, e.End, e.AllDay)
		}
	}
}

func TestRead_reportsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	got, problems, err := ical.Read(strings.NewReader(file(
		"X-WR-CALNAME:Amiens",
		"BEGIN:VEVENT", "SUMMARY:Bon", "DTSTART:20180519T083000Z", // 3
		"BEGIN:VALARM", "TRIGGER:-PT15M", "SUMMARY:Rappel", "END:VALARM", "END:VEVENT",
		"BEGIN:VEVENT", "SUMMARY:Sans début", "END:VEVENT", // 11
		"BEGIN:VEVENT", "SUMMARY:Mauvaise", " date", "DTSTART:20180532T083000Z", "END:VEVENT", // 14
		"BEGIN:VEVENT", "SUMMARY:Ailleurs", "DTSTART;TZID=Mars/Olympus:20180519T083000", "END:VEVENT", // 19
		"BEGIN:VEVENT", "UID:seul", "DTSTART:20180519T083000Z", "RRULE:FREQ=DAILY", "END:VEVENT", // 23
		"BEGIN:VEVENT", "SUMMARY:À rebours", "DTSTART:20180519T083000Z", "DTEND:20180519T073000Z", "END:VEVENT", // 28
		"BEGIN:VEVENT", "SUMMARY:Illisible", "DTSTART:20180519T083000Z", "n'importe quoi", "END:VEVENT", // 33
		"BEGIN:VEVENT", "SUMMARY:Mélange", "DTSTART:20180519T083000Z", "DTEND;VALUE=DATE:20180520", "END:VEVENT", // 38
		"BEGIN:VEVENT", "SUMMARY:Ouvert", "DTSTART:20180519T083000Z", // 43
	)), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	want := []ical.Problem{
		{Line: 43, Event: "Ouvert", Key: "ical.not_closed"},
		{Line: 11, Event: "Sans début", Key: "ical.no_start"},
		{Line: 17, Event: "Mauvaisedate", Key: "ical.time", Args: []any{"value", "20180532T083000Z"}},
		{Line: 21, Event: "Ailleurs", Key: "ical.zone", Args: []any{"zone", "Mars/Olympus"}},
		{Line: 26, Event: "seul", Key: "ical.repeated"},
		{Line: 28, Event: "À rebours", Key: "ical.ends_before"},
		{Line: 36, Event: "Illisible", Key: "ical.syntax"},
		{Line: 41, Event: "Mélange", Key: "ical.time", Args: []any{"value", "20180520"}},
	}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Error(diff)
	}
	if len(got.Events) != 1 || got.Events[0].Summary != "Bon" || got.Name != "Amiens" {
		t.Errorf("got %+v", got)
	}
	catalogue, err := i18n.New(ical.Words)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !catalogue.Locale(i18n.French).Has(p.Key) {
			t.Errorf("no words for %s", p.Key)
		}
	}
}

func TestRead_refusesAFile(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "hello", "BEGIN:VCARD\nEND:VCARD\n", "\n"} {
		if _, _, err := ical.Read(strings.NewReader(text), time.UTC); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, _, err := ical.Read(bytes.NewReader(make([]byte, ical.MaxBytes+1)), time.UTC); !errs.Is(err, errs.TooLarge) {
		t.Errorf("a large file: %v", err)
	}
	broken := errors.New("the network is gone")
	if _, _, err := ical.Read(iotest.ErrReader(broken), time.UTC); !errors.Is(err, broken) {
		t.Errorf("a broken one: %v", err)
	}
}

// What is written is read back, and every line is short and whole.
func TestWrite_roundTrip(t *testing.T) {
	t.Parallel()
	second := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "second"), 0).UTC()
	})
	text := rapid.OneOf(rapid.StringMatching(`[a-zéœ€\\;,:"\n ]{0,120}`), rapid.StringMatching(`\PC{0,60}`))
	rapid.Check(t, func(t *rapid.T) {
		start := second.Draw(t, "start")
		e := ical.Event{UID: rapid.StringMatching(`[a-z0-9]{1,90}`).Draw(t, "uid"), Start: start,
			End: start.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "length")) * time.Second), Updated: second.Draw(t, "updated"),
			Summary: text.Draw(t, "summary"), Location: text.Draw(t, "location"), Description: text.Draw(t, "description"),
			Sequence: rapid.IntRange(0, 99).Draw(t, "sequence"), Cancelled: rapid.Bool().Draw(t, "cancelled")}
		if rapid.Bool().Draw(t, "all day") {
			e.AllDay, e.Start, e.End = true, start.Truncate(24*time.Hour), start.Truncate(24*time.Hour).AddDate(0, 0, 2)
		}
		written := ical.Calendar{Name: text.Draw(t, "name"), Refresh: time.Hour, Events: []ical.Event{e}}
		var b bytes.Buffer
		if err := ical.Write(&b, written); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) {
				t.Fatalf("the line %q has %d bytes", line, len(line))
			}
		}
		read, problems, err := ical.Read(&b, time.UTC)
		if err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		if diff := cmp.Diff(written, read); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(file("BEGIN:VEVENT", "UID:1", "DTSTART;TZID=\"Europe/Paris\":20180519T083000", "DURATION:P1DT1H", "END:VEVENT"))
	f.Add(file("BEGIN:VEVENT", "DTSTART;VALUE=DATE:20180519", "BEGIN:VALARM", "END:VEVENT", "RRULE:"))
	f.Add("BEGIN:VCALENDAR\nX;A=\nBEGIN:\nEND:VEVENT\n;\n:\n \\")
	f.Fuzz(func(t *testing.T, text string) {
		read, problems, err := ical.Read(strings.NewReader(text), time.UTC)
		if err != nil {
			return
		}
		for _, p := range problems {
			if p.Line < 1 || p.Line > strings.Count(text, "\n")+1 {
				t.Errorf("a problem on line %d", p.Line)
			}
		}
		for i := range read.Events {
			e := &read.Events[i]
			if e.End.Before(e.Start) {
				t.Errorf("%v to %v", e.Start, e.End)
			}
			e.UID, e.URL, e.Updated = "u", "", e.Start // what a writer needs
			if e.Start.IsZero() {                      // the first second of the year 1, which a writer takes for none
				return
			}
		}
		if err := ical.Write(&bytes.Buffer{}, read); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}
