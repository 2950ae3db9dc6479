package i18n

import (
	"fmt"
	"strconv"
	"time"

	"h48/internal/kit/clock"
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

// Clock writes "14 h 05" or "14:05". In an hour that the clocks go through twice, it says
// whether that is before they change or after.
func (l Locale) Clock(t time.Time) string {
	t = t.In(l.zone)
	text := t.Format("15:04")
	if l.Lang == French {
		text = fmt.Sprintf("%d%sh%s%02d", t.Hour(), hardSpace, hardSpace, t.Minute())
	}
	if both := clock.Showing(l.zone, t); len(both) == 2 {
		turn := l.Turn(both[1].Before(t) || both[1].Equal(t))
		text += " (" + turn + ")"
	}
	return text
}

// Turn names one of two hours that the clocks show alike.
func (l Locale) Turn(after bool) string {
	words := map[Lang][2]string{French: {"avant le changement d’heure", "après le changement d’heure"},
		English: {"before the clocks change", "after the clocks change"}}[l.Lang]
	if after {
		return words[1]
	}
	return words[0]
}

// DateTime writes the day and the hour.
func (l Locale) DateTime(t time.Time) string { return l.Day(t) + ", " + l.Clock(t) }

// Span writes a period: one day with both hours, or both days with theirs.
func (l Locale) Span(from, to time.Time) string {
	from, to = from.In(l.zone), to.In(l.zone)
	if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
		return l.Day(from) + ", " + l.Clock(from) + " – " + l.Clock(to)
	}
	return l.Day(from) + ", " + l.Clock(from) + " – " + l.Day(to) + ", " + l.Clock(to)
}

// Dates is Span with the year, for what is read long before: "samedi 6 février, 9 h 00 –
// lundi 8 février 2027, 15 h 00".
func (l Locale) Dates(from, to time.Time) string {
	from, to = from.In(l.zone), to.In(l.zone)
	switch {
	case from.Year() != to.Year():
		return l.Date(from) + ", " + l.Clock(from) + " – " + l.Date(to) + ", " + l.Clock(to)
	case from.YearDay() == to.YearDay():
		return l.Date(from) + ", " + l.Clock(from) + " – " + l.Clock(to)
	}
	return l.Day(from) + ", " + l.Clock(from) + " – " + l.Date(to) + ", " + l.Clock(to)
}

// Duration writes the two largest units that matter: "2 h 05", "2 h", "12 min", "45 s".
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
	case h > 0 && m == 0:
		return fmt.Sprintf("%s%d%sh", sign, h, hardSpace)
	case h > 0:
		return fmt.Sprintf("%s%d%sh%s%02d", sign, h, hardSpace, hardSpace, m)
	case m > 0 && s > 0 && m < 10:
		return fmt.Sprintf("%s%d%smin%s%02d", sign, m, hardSpace, hardSpace, s)
	case m > 0:
		return fmt.Sprintf("%s%d%smin", sign, m, hardSpace)
	}
	return fmt.Sprintf("%s%d%ss", sign, s, hardSpace)
}
