package link

import _ "embed"

// Words are the texts of the jurors' links.
//
//go:embed words.json
var Words []byte
