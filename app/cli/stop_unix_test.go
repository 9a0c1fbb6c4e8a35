//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"syscall"
)

const exe = "" // what names of programs end in

func stoppable(*exec.Cmd) {}

// askToStop sends a process what docker stop and systemd send.
func askToStop(p *os.Process) error { return p.Signal(syscall.SIGTERM) }
