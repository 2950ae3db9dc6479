package followup

import _ "embed" // for Words

// Words are this room's sentences.
//
//go:embed words.json
var Words []byte
