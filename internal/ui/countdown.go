package ui

import (
	"fmt"
	"time"
)

// CountdownData is a time to come.
type CountdownData struct {
	To, Now time.Time
	Kind    string        // "" in a line of text, "big" on a card, "stage" on the projector
	Soon    time.Duration // from when the colour warns; 5 minutes where 0
	Total   time.Duration // draws a bar of what is left of it; 0 draws none
	Note    string
}

func (c CountdownData) left() time.Duration { return c.To.Sub(c.Now) }

func (c CountdownData) soon() time.Duration {
	if c.Soon == 0 {
		return 5 * time.Minute
	}
	return c.Soon
}

func (c CountdownData) state() string {
	switch left := c.left(); {
	case left <= 0:
		return "is-over"
	case left <= c.soon():
		return "is-soon"
	}
	return ""
}

// permille is what is left of the total, from 1000 to 0.
func (c CountdownData) permille() string {
	if c.Total <= 0 {
		return "0"
	}
	return fmt.Sprint(min(max(int64(c.left())*1000/int64(c.Total), 0), 1000))
}

// clockText writes what is left as a clock: "1:08", "19:32:07", "69 d 14 h" from a
// hundred hours on, and "− 0:12" once over. A second that has begun counts whole, so that
// 0:00 means over.
func clockText(l Locale, left time.Duration) string {
	return mainPart(l, left) + restPart(left)
}

// manyHours is from where on days say more than hours.
const manyHours = 100

// mainPart is what [clockText] shows largest: days, hours and minutes, or all below an
// hour.
func mainPart(l Locale, left time.Duration) string {
	sign, h, m, s := clockParts(left)
	if h >= manyHours {
		return sign + l.Duration(time.Duration(h/24)*24*time.Hour)
	}
	if h > 0 {
		return fmt.Sprintf("%s%d:%02d", sign, h, m)
	}
	return fmt.Sprintf("%s%d:%02d", sign, m, s)
}

// restPart are the hours beside days, and the seconds of a time of an hour or more.
func restPart(left time.Duration) string {
	switch _, h, _, s := clockParts(left); {
	case h >= manyHours:
		return fmt.Sprintf(" %d\u00a0h", h%24)
	case h > 0:
		return fmt.Sprintf(":%02d", s)
	}
	return ""
}

func clockParts(left time.Duration) (sign string, h, m, s int64) {
	seconds := int64((left + time.Second - 1) / time.Second)
	if left < 0 {
		sign, seconds = "− ", int64(-left/time.Second)
	}
	return sign, seconds / 3600, seconds / 60 % 60, seconds % 60
}
