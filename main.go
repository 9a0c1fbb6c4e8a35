// Guestlist serves an API for running events with invited guests, and manages its database.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"guestlist/app"
	"guestlist/app/cli"
	"guestlist/app/settings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program immediately
	program := cli.Program{
		Name: name, Title: title, Purpose: purpose,
		Config:   func(signing bool) (app.Config, error) { return loadConfig(".", os.Environ(), signing) },
		Settings: func() ([]settings.Setting, app.Config, error) { return listSettings(".", os.Environ()) },
		Stdin:    os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}
	if err := program.Run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "Error: "+err.Error())
		os.Exit(1)
	}
}
