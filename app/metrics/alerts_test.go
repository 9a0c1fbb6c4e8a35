package metrics_test

import (
	"os/exec"
	"testing"

	"guestlist/app/apptest/installed"
)

// TestAlerts lets Prometheus' own tool check the rules and try them on series in which nothing, and everything, is
// wrong.
func TestAlerts(t *testing.T) {
	t.Parallel()
	promtool := installed.Program(t, "promtool", "prometheus")
	for _, arguments := range [][]string{{"check", "rules", "alerts.yaml"}, {"test", "rules", "alerts_test.yaml"}} {
		if output, err := exec.CommandContext(t.Context(), promtool, arguments...).CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", arguments, err, output)
		}
	}
}
