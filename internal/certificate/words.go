package certificate

import _ "embed"

// Words are the texts of the certificates.
//
//go:embed words.json
var Words []byte
