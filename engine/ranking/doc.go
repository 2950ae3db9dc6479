// Package ranking turns what jurors said into a ranking that says how sure it is,
// and chooses which project a juror should see next.
//
// A juror says two things about what it saw: scores on a rubric, and an order of
// its own. Both come from one perception, so they are fused into one observation a
// visit (fuse.go). A mixed model with a merit for each project, a severity and a
// reliability for each juror explains the observations (mixed.go); its posterior
// gives the probability of being best, rank intervals, tiers and the expected
// regret of crowning the leader (draws.go). The next visit goes where every
// project has its guaranteed share first and where the prize is undecided
// afterwards (next.go). Leaving each juror out in turn, and asking of each whether
// its sheet looks honest, careless or hostile, gives the flags (audit.go).
//
// The package is pure: no clock, no files, no network, no global randomness. The
// same event gives the same result, whatever the order of its rows. Identifiers are
// opaque and decide only between what the data leave exactly equal.
//
// It does not decide anything: a flag is a question to a person, and a leader that
// the data do not separate from the next is reported as one of several.
package ranking
