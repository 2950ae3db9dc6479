package feedback

import _ "embed"

// Words are the texts of this room.
//
//go:embed words.json
var Words []byte
