// Package e2e holds the journeys of people through the whole program, in a real browser,
// and the sessions of an operator with the real binary. It has no code of its own: each
// test builds the program on a fresh database, with a mailbox in the place of a mail
// server, and does by hand what a person would do.
//
// Everybody has the keyboard alone, and must see where it stands; a hand on the mouse or a
// finger is given where dragging or tapping is what the journey is about, and the same is
// done by keyboard beside it. People wait for what the page says, never for a while.
package e2e
