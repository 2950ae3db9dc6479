// Package e2e holds the journeys of people through the whole program, in a real browser,
// and the sessions of an operator with the real binary. It has no code of its own: each
// test builds the program on a fresh database, with a mailbox in the place of a mail
// server, and does by hand what a person would do.
//
// People press, tap and type; they wait for what the page says, never for a while. A
// journey that is marked so is walked by keyboard alone.
package e2e
