// Package bench measures the program: how fast it starts, answers, takes hand-ins and
// tells open pages, and how large it is. Each figure that a machine decides stands beside
// a reference that the same run measured on the same machine; the ratio is what travels.
// The figures are in docs/BENCHMARKS.md.
//
//	make bench
package bench
