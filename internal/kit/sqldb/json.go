package sqldb

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// JSON is a value that a column of texts holds as JSON, for what is read and written whole
// and never asked for by a query. To scan, Of is a pointer.
//
// Nothing and empty are two things, both ways. Nothing (a nil pointer, map or slice) is
// written as the empty text, and the empty text leaves what it is scanned into as it is: a
// nil one stays nil. Empty is written as JSON has it, {} or [], and comes back as an empty
// map or slice that is not nil.
type JSON struct{ Of any }

// Scan implements sql.Scanner.
func (j JSON) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("JSON cannot be read from %T", src)
	}
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), j.Of)
}

// Value implements driver.Valuer.
func (j JSON) Value() (driver.Value, error) {
	text, err := json.Marshal(j.Of)
	if err != nil {
		return nil, fmt.Errorf("writing %T as JSON: %w", j.Of, err)
	}
	if string(text) == "null" {
		return "", nil
	}
	return string(text), nil
}
