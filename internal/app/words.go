package app

import _ "embed"

// Words are the texts of the pages that are made of many rooms.
//
//go:embed words.json
var Words []byte
