package jury

import (
	"time"

	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
)

// ActionOf is what a program says of an action: its id, and when it was done.
func ActionOf(v *door.Visit, id, at string) (a once.Action, err error) {
	if id != "" { // nobody can use up another person's actions
		a.ID = string(v.Actor.ID) + "/" + id
	}
	if at != "" {
		if a.At, err = time.Parse(time.RFC3339, at); err != nil {
			return a, errs.Fields{{Name: "acted_at", Key: "jury.time_form"}}
		}
	}
	return a, nil
}
