package account

import _ "embed"

// Words are the texts of signing in.
//
//go:embed words.json
var Words []byte
