package catering

import _ "embed"

// Words are the texts of the meals.
//
//go:embed words.json
var Words []byte
