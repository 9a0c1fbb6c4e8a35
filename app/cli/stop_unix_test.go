//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"syscall"
)

const exe = "" // the suffix of executable files

func stoppable(*exec.Cmd) {}

// askToStop sends a process SIGTERM, as docker stop and systemd do.
func askToStop(p *os.Process) error { return p.Signal(syscall.SIGTERM) }
