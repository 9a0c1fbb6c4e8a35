package cli_test

import (
	"os"
	"os/exec"

	"golang.org/x/sys/windows"
)

const exe = ".exe" // the suffix of executable files

// stoppable puts the command into its own process group, so that askToStop reaches no other process.
func stoppable(c *exec.Cmd) {
	c.SysProcAttr = &windows.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// askToStop sends a process Ctrl+Break, which it receives as os.Interrupt. Windows has no other signals.
func askToStop(p *os.Process) error {
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(p.Pid))
}
