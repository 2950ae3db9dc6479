// Package teaming forms the teams of a hackathon from the people who came: sizes,
// groups that stay together, wishes and refusals, the skills each challenge needs,
// a mix of roles, a language in common, nobody alone of their kind, hours in common,
// balanced strength, preferred challenges, teams the organiser locked, and few
// changes when it is run again.
//
// The objective is a sum over teams of exact integers, so the problem is a set
// partition with one column a possible team (Barnhart et al., "Branch-and-Price:
// Column Generation for Solving Huge Integer Programs", Operations Research 46,
// 1998). [Form] anneals a first answer, keeps every good team it meets while cold,
// solves the linear relaxation over them while pricing new ones, and dives to whole
// teams. Where every column can be priced it proves a bound, often the optimum;
// large events are improved block by block. Every answer says what is known about it:
// cost, bound, whether it is proven.
//
// The package is pure: no clock, no input or output, no shared state and no global
// randomness. It will not guess what an organiser meant: an instance that admits no
// team list is answered with an [*Infeasible] that names the constraints that clash.
package teaming
