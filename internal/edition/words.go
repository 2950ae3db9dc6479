package edition

import _ "embed"

// Words are the texts of editions.
//
//go:embed words.json
var Words []byte
