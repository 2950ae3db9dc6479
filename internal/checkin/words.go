package checkin

import _ "embed"

// Words are the texts of the door.
//
//go:embed words.json
var Words []byte
