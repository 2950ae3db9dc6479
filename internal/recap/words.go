package recap

import _ "embed"

// Words are the texts of the recaps.
//
//go:embed words.json
var Words []byte
