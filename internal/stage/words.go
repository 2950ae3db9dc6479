package stage

import _ "embed"

// Words are the texts of the stage.
//
//go:embed words.json
var Words []byte
