package cli_test

import (
	"os"
	"os/exec"

	"golang.org/x/sys/windows"
)

const exe = ".exe" // what names of programs end in

// stoppable starts the command in a group of processes of its own, so that what askToStop sends reaches no other.
func stoppable(c *exec.Cmd) {
	c.SysProcAttr = &windows.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// askToStop sends a process Ctrl+Break, which is os.Interrupt to it. Windows has no other signals.
func askToStop(p *os.Process) error {
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(p.Pid))
}
