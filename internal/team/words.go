package team

import _ "embed" // for Words

// Words are this room's texts.
//
//go:embed words.json
var Words []byte
