package planning

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"h48/engine/place"
)

// Read decodes one JSON object of the given format into each of the values. Unknown
// fields are ignored; a field that stands twice is refused. The error wraps ErrUnreadable
// and says where, in line and column.
func Read(data []byte, format string, into ...any) error {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	found, err := Format(data)
	if err != nil {
		return err
	}
	if found != format {
		return Placed(data, Misfit("format", "%q, expected %q", found, format))
	}
	for _, v := range into {
		if err := decode(data, v); err != nil {
			return err
		}
	}
	if name, at, twice := place.Twice(data); twice {
		return Unreadable("line %d, column %d: the field %q stands twice", at.Line, at.Column, name)
	}
	return nil
}

// misfit is a value that cannot be used, by its path in the instance.
type misfit struct{ field, why string }

func (e *misfit) Error() string { return ErrUnreadable.Error() + ": field " + e.field + ": " + e.why }
func (e *misfit) Unwrap() error { return ErrUnreadable }

// Misfit makes an error that wraps ErrUnreadable and names a field by its path, as in
// jurors[3].max.
func Misfit(field, format string, args ...any) error {
	return &misfit{field, fmt.Sprintf(format, args...)}
}

// Placed says of every Misfit in err, which may be joined of several, in which line and
// column of the text the field stands. Other errors stay as they are.
func Placed(data []byte, err error) error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var placed []error
		for _, e := range several.Unwrap() {
			placed = append(placed, Placed(data, e))
		}
		return errors.Join(placed...)
	}
	var m *misfit
	if !errors.As(err, &m) {
		return err
	}
	at, found := place.Find(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), m.field)
	if !found {
		return err
	}
	return Unreadable("line %d, column %d: field %s: %s", at.Line, at.Column, m.field, m.why)
}

// Format is the value of the instance's field "format".
func Format(data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var head struct{ Format string }
	if err := decode(data, &head); err != nil {
		return "", err
	}
	if head.Format == "" {
		return "", Unreadable(`field format: missing, expected for example "pitch-instance/1"`)
	}
	return head.Format, nil
}

func decode(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return Unreadable("it is empty")
	case errors.As(err, &syntax):
		at := place.At(data, int(syntax.Offset)-1)
		return Unreadable("line %d, column %d: %v", at.Line, at.Column, err)
	case errors.As(err, &kind):
		at := place.At(data, int(kind.Offset)-1)
		where := kind.Field
		if where == "" {
			where = "the whole"
		}
		return Unreadable("line %d, column %d: %s is a %s where a %s is expected", at.Line, at.Column, where, kind.Value, kind.Type)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Unreadable("it ends in the middle")
	}
	return Unreadable("%v", err)
}

// Limits on what an instance may hold, so that costs stay exact in 64 bits.
const (
	// MaxWeight bounds every weight of a cost.
	MaxWeight = 1_000_000
	// MaxNumber bounds every other number: positions, minutes, levels, counts.
	MaxNumber = 1_000_000
)

// Bounded is an error naming the field unless lo <= value <= hi.
func Bounded(field string, value, lo, hi int) error {
	if value < lo || value > hi {
		return Misfit(field, "%d is outside %d..%d", value, lo, hi)
	}
	return nil
}

// Size is read in place of a list: the number of its items. A Go array takes a list of
// any length, filled up or cut off, and only the text knows what stood there.
type Size int

// UnmarshalJSON counts the items.
func (s *Size) UnmarshalJSON(list []byte) error {
	var items []json.RawMessage
	err := json.Unmarshal(list, &items)
	*s = Size(len(items))
	return err
}

// Pairs is an error naming the field unless each of its lists is a pair of such things.
func Pairs(field, things string, lists []Size) error {
	for i, has := range lists {
		if has != 2 {
			return Misfit(fmt.Sprintf("%s[%d]", field, i), "wants two %s, has %d", things, has)
		}
	}
	return nil
}

// Index maps each id to its place in the list. An empty or repeated id is an
// error naming the field.
func Index(field string, ids []string) (map[string]int, error) {
	at := make(map[string]int, len(ids))
	for i, id := range ids {
		if id == "" {
			return nil, Misfit(fmt.Sprintf("%s[%d].id", field, i), "empty")
		}
		if j, twice := at[id]; twice {
			return nil, Misfit(fmt.Sprintf("%s[%d].id", field, i), "%q is already %s[%d]", id, field, j)
		}
		at[id] = i
	}
	return at, nil
}
