package jury

import _ "embed"

// Words are the texts of the jury.
//
//go:embed words.json
var Words []byte
