package forming

import _ "embed"

// Words are the room's texts.
//
//go:embed words.json
var Words []byte
