package ui

import (
	"time"

	"h48/internal/kit/clock"
	"h48/internal/kit/errs"
)

// How an HTML datetime-local control writes a time, and what follows it where the clocks
// show that time twice: the offset of one of the two.
const (
	localLayout  = "2006-01-02T15:04"
	offsetLayout = "-07:00"
)

// Why a [DateTime] field's value is no moment.
var (
	errNoTime  = errs.New(errs.Invalid, "ui.time.wrong")
	errTwice   = errs.New(errs.Invalid, "ui.time.twice")
	errSkipped = errs.New(errs.Invalid, "ui.time.skipped")
)

// OffsetOf is the name under which a [DateTime] field sends which of two hours is meant.
func OffsetOf(name string) string { return name + "_offset" }

// LocalTime writes a time as the value of a [DateTime] field, in the reader's zone.
func LocalTime(l Locale, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(l.Zone())
	if len(clock.Showing(l.Zone(), t)) == 2 {
		return t.Format(localLayout + offsetLayout)
	}
	return t.Format(localLayout)
}

// ParseLocalTime reads what a [DateTime] field sends, in the reader's zone: what the
// control says, and the chosen offset behind it, if any. It answers with an [errs.Error]
// where that is no time, one that the clocks skip, or one of two without saying which.
func ParseLocalTime(l Locale, s string) (time.Time, error) {
	wall, offset := splitLocal(s)
	typed, err := time.Parse(localLayout, wall)
	if err != nil {
		return time.Time{}, errNoTime
	}
	all := clock.Showing(l.Zone(), typed)
	switch len(all) {
	case 0:
		return time.Time{}, errSkipped
	case 1:
		return all[0], nil
	}
	for _, at := range all {
		if at.Format(offsetLayout) == offset {
			return at, nil
		}
	}
	return time.Time{}, errTwice
}

func splitLocal(s string) (wall, offset string) {
	if len(s) > len(localLayout) {
		return s[:len(localLayout)], s[len(localLayout):]
	}
	return s, ""
}

// bothHours are the two hours that a field's value may mean; none where it means one.
func bothHours(l Locale, value string) []Option {
	wall, _ := splitLocal(value)
	typed, err := time.Parse(localLayout, wall)
	if err != nil {
		return nil
	}
	all := clock.Showing(l.Zone(), typed)
	if len(all) != 2 {
		return nil
	}
	options := make([]Option, 0, 2)
	for i, at := range all {
		options = append(options, Option{Value: at.Format(offsetLayout), Label: l.Turn(i == 1)})
	}
	return options
}
