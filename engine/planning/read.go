package planning

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// Read decodes one JSON object of the given format into v. Unknown fields are
// ignored. The error wraps ErrUnreadable and says where: a line and column for
// broken JSON, the field for a value of the wrong kind.
func Read(data []byte, format string, v any) error {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	found, err := Format(data)
	if err != nil {
		return err
	}
	if found != format {
		return Unreadable("field format: %q, expected %q", found, format)
	}
	return decode(data, v)
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
		line, column := position(data, syntax.Offset)
		return Unreadable("line %d, column %d: %v", line, column, err)
	case errors.As(err, &kind):
		line, column := position(data, kind.Offset)
		where := kind.Field
		if where == "" {
			where = "the whole"
		}
		return Unreadable("line %d, column %d: %s is a %s where a %s is expected", line, column, where, kind.Value, kind.Type)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Unreadable("it ends in the middle")
	}
	return Unreadable("%v", err)
}

// position turns a byte offset into a line and a column, both from 1.
func position(data []byte, offset int64) (line, column int) {
	before := data[:min(max(0, offset), int64(len(data)))]
	line = 1 + bytes.Count(before, []byte("\n"))
	column = len(before) - (bytes.LastIndexByte(before, '\n') + 1)
	return line, max(1, column)
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
		return Unreadable("field %s: %d is outside %d..%d", field, value, lo, hi)
	}
	return nil
}

// Index maps each id to its place in the list. An empty or repeated id is an
// error naming the field.
func Index(field string, ids []string) (map[string]int, error) {
	at := make(map[string]int, len(ids))
	for i, id := range ids {
		if id == "" {
			return nil, Unreadable("field %s[%d].id: empty", field, i)
		}
		if j, twice := at[id]; twice {
			return nil, Unreadable("field %s[%d].id: %q is already %s[%d]", field, i, id, field, j)
		}
		at[id] = i
	}
	return at, nil
}
