package hall

import _ "embed"

// Words are the texts of the hall.
//
//go:embed words.json
var Words []byte
