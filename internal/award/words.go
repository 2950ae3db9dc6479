package award

import _ "embed"

// Words are the texts of the awards.
//
//go:embed words.json
var Words []byte
