package rehearsal

import _ "embed"

// Words are the texts of the rehearsed edition.
//
//go:embed words.json
var Words []byte
