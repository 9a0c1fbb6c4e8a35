package metrics_test

import (
	"os/exec"
	"testing"

	"guestlist/app/apptest/installed"
)

// TestAlerts runs promtool to check the rules, and to test them on series in which nothing is wrong and on series in
// which everything is.
func TestAlerts(t *testing.T) {
	t.Parallel()
	promtool := installed.Program(t, "promtool", "prometheus")
	for _, arguments := range [][]string{{"check", "rules", "alerts.yaml"}, {"test", "rules", "alerts_test.yaml"}} {
		if output, err := exec.CommandContext(t.Context(), promtool, arguments...).CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", arguments, err, output)
		}
	}
}
