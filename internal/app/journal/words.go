package journal

import _ "embed"

// Words are this room's texts.
//
//go:embed words.json
var Words []byte
