package gallery

import _ "embed" // for Words

// Words are the texts of this room.
//
//go:embed words.json
var Words []byte
