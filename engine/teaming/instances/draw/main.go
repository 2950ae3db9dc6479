// Command draw prints one instance: draw FAMILY PEOPLE SEED.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"h48/engine/teaming/instances"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("usage: draw real|plant|multi|rerun PEOPLE SEED")
	}
	people, err := strconv.Atoi(args[1])
	if err != nil {
		return fmt.Errorf("reading the number of people: %w", err)
	}
	seed, err := strconv.ParseUint(args[2], 10, 64)
	if err != nil {
		return fmt.Errorf("reading the seed: %w", err)
	}
	return json.NewEncoder(os.Stdout).Encode(instances.Generate(instances.Family(args[0]), people, seed))
}
