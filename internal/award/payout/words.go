package payout

import _ "embed" // for Words

// Words are the texts of the room.
//
//go:embed words.json
var Words []byte
