// Signalbox shows what flows through an event-driven system, and sends events into it, from one terminal.
package main

import (
	"os"

	"signalbox/ui/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
