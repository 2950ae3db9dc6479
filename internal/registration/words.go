package registration

import _ "embed"

// Words are the texts of registering.
//
//go:embed words.json
var Words []byte
