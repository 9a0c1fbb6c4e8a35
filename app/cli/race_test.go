//go:build race

package cli_test

// raceFlags build the program with the race detector, except in SQLite itself, as the tests in CI are built: see
// .ci/run.
var raceFlags = []string{"-race", "-gcflags=modernc.org/sqlite/lib=-race=false"}
