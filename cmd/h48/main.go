// Command h48 runs a whole hackathon from one program.
package main

import (
	"context"
	"os"

	"h48/internal/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
