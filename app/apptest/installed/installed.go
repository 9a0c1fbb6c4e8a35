// Package installed finds third-party programs that tests run. Only tests import it.
package installed

import (
	"os"
	"os/exec"
	"testing"
)

// Program returns the path of a program. If it is not installed, Program skips the test, or fails it if the environment
// variable CI is set, as GitHub and .ci/run do: a test that nobody runs proves nothing. The message names the Debian
// package to install.
func Program(t testing.TB, name, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name, debianPackage)
	}
	return path
}

// Missing skips the test because a program is missing, or fails it if the environment variable CI is set.
func Missing(t testing.TB, name, debianPackage string) {
	t.Helper()
	complain := t.Skipf
	if os.Getenv("CI") != "" {
		complain = t.Fatalf
	}
	complain("%s is not installed: apt-get install %s", name, debianPackage)
}
