package door

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
	"h48/internal/ui"
)

// Text is the form's value without the blanks around it and without what no reader
// types: control characters other than line breaks.
func Text(r *http.Request, name string) string {
	clean := strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c == 0xfffd {
			return -1
		}
		return c
	}, r.PostFormValue(name))
	return strings.TrimSpace(clean)
}

// Texts are all the values of the name, trimmed, without the empty ones.
func Texts(r *http.Request, name string) []string {
	_ = r.PostFormValue(name) // parses the form
	var all []string
	for _, v := range r.PostForm[name] {
		if v = strings.TrimSpace(v); v != "" {
			all = append(all, v)
		}
	}
	return all
}

// Has says whether the form has the name with any value but "".
func Has(r *http.Request, name string) bool { return r.PostFormValue(name) != "" }

// Int is the form's whole number; 0 where there is none, and noted in wrong where it is
// not a number.
func Int(r *http.Request, name string, wrong *errs.Fields) int {
	text := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(Text(r, name))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		wrong.Add(name, "error.number")
	}
	return n
}

// Moment is the form's day and hour in the locale's zone, in UTC; the zero time where
// there is none, and noted in wrong where it is no moment.
func Moment(r *http.Request, l i18n.Locale, name string, wrong *errs.Fields) time.Time {
	text := Text(r, name)
	if text == "" {
		return time.Time{}
	}
	at, err := ui.ParseLocalTime(l, text+Text(r, ui.OffsetOf(name)))
	if refusal := (&errs.Error{}); errors.As(err, &refusal) {
		wrong.Add(name, refusal.Key, refusal.Args...)
	}
	return at.UTC()
}

// MustMoment is Moment where there must be one.
func MustMoment(r *http.Request, l i18n.Locale, name string, wrong *errs.Fields) time.Time {
	if Text(r, name) == "" {
		wrong.Add(name, "error.required")
	}
	return Moment(r, l, name, wrong)
}

// Action is what the device says of when and as which action the form was sent.
func Action(r *http.Request, v *Visit) once.Action {
	a := once.Action{ID: Text(r, "action_id")}
	if ms, err := strconv.ParseInt(Text(r, "acted_at"), 10, 64); err == nil && a.ID != "" {
		a.At = time.UnixMilli(ms).UTC()
	}
	if a.ID != "" { // nobody can use up another person's actions
		a.ID = string(v.Actor.ID) + "/" + a.ID
	}
	return a
}

// ActionOf is what a program says of an action: its id, and when it was done (RFC 3339).
func ActionOf(v *Visit, id, at string) (a once.Action, err error) {
	if id != "" { // nobody can use up another person's actions
		a.ID = string(v.Actor.ID) + "/" + id
	}
	if at != "" {
		if a.At, err = time.Parse(time.RFC3339, at); err != nil {
			return a, errs.Fields{{Name: "acted_at", Key: "error.time_form"}}
		}
	}
	return a, nil
}

// File opens an uploaded file. It returns a nil reader where the field is empty, and
// errs.TooLarge for more than most bytes.
func File(r *http.Request, name string, most int64) (file io.ReadCloser, filename string, size int64, err error) {
	f, header, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, "", 0, nil
	}
	if err != nil {
		return nil, "", 0, err
	}
	if header.Size == 0 && header.Filename == "" {
		return nil, "", 0, f.Close()
	}
	if header.Size > most {
		return nil, "", 0, errors.Join(errs.New(errs.TooLarge, "error.too_large", "most", most>>20), f.Close())
	}
	return f, header.Filename, header.Size, nil
}
