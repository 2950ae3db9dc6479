package door

import _ "embed"

// Words are the texts of errors that any room may meet.
//
//go:embed words.json
var Words []byte
