package paper

import _ "embed"

// Words are the texts of the jury's paper.
//
//go:embed words.json
var Words []byte
