package cups

import _ "embed"

// Words are the texts of the cups.
//
//go:embed words.json
var Words []byte
