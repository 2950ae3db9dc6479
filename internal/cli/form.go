package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"h48/engine/teaming"
)

// formCommand reads a teams-instance/1 on standard input and writes the best teams it
// finds on standard output, with what is known about them on standard error.
type formCommand struct {
	Budget float64 `help:"Seconds of one ordinary core to spend; the answer depends on it, not on the machine." default:"10"`
	Seed   uint64  `help:"Another seed gives another search." default:"0"`
	People string  `help:"Take the people from this CSV file instead of the instance's (columns: id,group,role,skills,strength,prefs,excluded,languages,tags,slots,wants,avoids,never)." placeholder:"FILE"`
	Why    bool    `help:"Say on standard error what each team costs and why."`
}

// Run forms the teams. An interrupt prints the best so far. The exit code is 2 for an
// instance that cannot be read and 3 for one without valid teams.
func (c formCommand) Run(run *Run) error {
	budget, err := seconds(c.Budget)
	if err != nil {
		return err
	}
	data, err := readAtMost(run.In, maxInstance)
	if err != nil {
		return Exit{2, err}
	}
	in, err := teaming.Decode(data)
	if err != nil {
		return Exit{2, fmt.Errorf("the instance cannot be read: %w", err)}
	}
	if c.People != "" {
		if err := withPeople(&in, c.People); err != nil {
			return Exit{2, err}
		}
	}
	result, err := teaming.Form(run.Context, in, teaming.Options{Seed: c.Seed, Budget: budget})
	var infeasible *teaming.Infeasible
	switch {
	case errors.As(err, &infeasible):
		return Exit{3, err}
	case err != nil && run.Context.Err() == nil:
		return Exit{2, fmt.Errorf("the instance cannot be read: %w", err)}
	case err != nil:
		return err
	}
	c.tell(run.Streams.Err, result)
	out, err := json.MarshalIndent(result.Solution, "", " ")
	if err != nil {
		return fmt.Errorf("writing the teams: %w", err)
	}
	_, err = fmt.Fprintf(run.Out, "%s\n", out)
	return err
}

// withPeople replaces an instance's people by those of a CSV file.
func withPeople(in *teaming.Instance, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("opening the people: %w", err)
	}
	defer f.Close()
	data, err := readAtMost(f, maxInstance)
	if err != nil {
		return err
	}
	if in.People, err = readPeople(data, in.Skills); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := teaming.Validate(*in); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// tell says what is known about the answer in one line, and one line a team if asked.
func (c formCommand) tell(w io.Writer, r teaming.Result) {
	state := "not proven"
	switch {
	case r.Proven:
		state = "proven optimal"
	case r.Stopped:
		state = "not proven, stopped before the budget was spent"
	}
	fmt.Fprintf(w, "%d teams, cost %d, bound %d, gap %.2f %%, %s, seed %d, budget %g\n",
		len(r.Solution.Teams), r.Cost, r.Bound, r.Gap(), state, c.Seed, c.Budget)
	if !c.Why {
		return
	}
	for _, t := range r.Terms {
		fmt.Fprintln(w, whyItCosts(t))
	}
}
