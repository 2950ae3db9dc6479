package programme

import (
	"bytes"
	"os"
	"testing"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/ical"
)

// FuzzPropose reads anything as a calendar: what is proposed is a plan that holds, and
// the same file, once it is taken, changes nothing.
func FuzzPropose(f *testing.F) {
	for _, name := range []string{"amiens.ics", "broken.ics"} {
		content, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20180519T100000\nDURATION:PT1H\nSUMMARY: \x00x \nLOCATION:a  b\nEND:VEVENT\nEND:VCALENDAR"))
	e := edition.Edition{At: map[edition.Moment]time.Time{edition.Starts: time.Date(2018, 5, 19, 7, 0, 0, 0, time.UTC)}}
	f.Fuzz(func(t *testing.T, content []byte) {
		calendar, _, err := ical.Read(bytes.NewReader(content), time.UTC)
		if err != nil {
			return
		}
		for _, event := range calendar.Events {
			p, wrong := propose(e, nil, event)
			if wrong != "" {
				continue
			}
			if _, err := p.Plan.check(); err != nil {
				t.Fatalf("the plan of %+v does not hold: %v", event, err)
			}
			taken, _ := p.Plan.apply(Session{ID: "taken", sourceUID: p.uid})
			taken.Cancelled = p.cancelled
			if again, wrong := propose(e, []Session{taken}, event); again.Fate != Same || wrong != "" {
				t.Fatalf("the event %+v, taken, is %s the second time (%s)", event, again.Fate, wrong)
			}
		}
	})
}
