package i18n

import (
	"fmt"
	"strconv"
	"time"
)

var months = map[Lang][]string{
	French: {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
		"septembre", "octobre", "novembre", "décembre"},
	English: {"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"},
}

var weekdays = map[Lang][]string{
	French:  {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

// Date writes "samedi 19 mai 2018" or "Saturday 19 May 2018".
func (l Locale) Date(t time.Time) string {
	return l.Day(t) + " " + strconv.Itoa(t.In(l.zone).Year())
}

// Day writes "samedi 19 mai" or "Saturday 19 May".
func (l Locale) Day(t time.Time) string {
	t = t.In(l.zone)
	day := strconv.Itoa(t.Day())
	if l.Lang == French && t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %s", weekdays[l.Lang][t.Weekday()], day, months[l.Lang][t.Month()-1])
}

// Clock writes "14 h 05" or "14:05".
func (l Locale) Clock(t time.Time) string {
	t = t.In(l.zone)
	if l.Lang == French {
		return fmt.Sprintf("%d%sh%s%02d", t.Hour(), hardSpace, hardSpace, t.Minute())
	}
	return t.Format("15:04")
}

// DateTime writes the day and the hour. In the hour that the clocks go back, when the
// same hour comes twice, it adds the offset from UTC.
func (l Locale) DateTime(t time.Time) string {
	text := l.Day(t) + ", " + l.Clock(t)
	if local := t.In(l.zone); ambiguous(local) {
		text += " (UTC" + local.Format("-07:00") + ")"
	}
	return text
}

// ambiguous says whether the wall clock shows t's hour twice.
func ambiguous(t time.Time) bool {
	for _, shift := range []time.Duration{-time.Hour, time.Hour} {
		other := t.Add(shift)
		if other.Hour() == t.Hour() && other.Minute() == t.Minute() {
			return true
		}
	}
	return false
}

// Span writes a period: one day with both hours, or both days with theirs.
func (l Locale) Span(from, to time.Time) string {
	from, to = from.In(l.zone), to.In(l.zone)
	if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
		return l.Day(from) + ", " + l.Clock(from) + " – " + l.Clock(to)
	}
	return l.Day(from) + ", " + l.Clock(from) + " – " + l.Day(to) + ", " + l.Clock(to)
}

// Duration writes the two largest units that matter: "2 h 05", "12 min", "45 s".
func (l Locale) Duration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "−", -d
	}
	d = d.Round(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case h >= 48:
		return sign + l.Int(int64(h/24)) + hardSpace + map[Lang]string{French: "j", English: "d"}[l.Lang]
	case h > 0:
		return fmt.Sprintf("%s%d%sh%s%02d", sign, h, hardSpace, hardSpace, m)
	case m > 0 && s > 0 && m < 10:
		return fmt.Sprintf("%s%d%smin%s%02d", sign, m, hardSpace, hardSpace, s)
	case m > 0:
		return fmt.Sprintf("%s%d%smin", sign, m, hardSpace)
	}
	return fmt.Sprintf("%s%d%ss", sign, s, hardSpace)
}
