package meeting

import _ "embed" // for Words

// Words are the room's texts.
//
//go:embed words.json
var Words []byte
