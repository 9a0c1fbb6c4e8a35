package cli

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestNameIsTold looks in the help of all commands of a program with another name for the name of this one.
func TestNameIsTold(t *testing.T) {
	t.Parallel()
	p := &Program{Name: "other", Title: "The Other", Purpose: "a program for tests"}
	name := regexp.MustCompile(`(?i)\bguestlist\b`)
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		help := c.Short + "\n" + c.Long + "\n" + c.UsageString()
		if name.MatchString(help) || !strings.Contains(help, "other") {
			t.Errorf("%s: got\n%s", c.CommandPath(), help)
		}
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk(p.rootCommand())
	if got := p.version(); !strings.HasPrefix(got, "other ") && !strings.HasPrefix(got, "other,") {
		t.Errorf("got the version %q", got)
	}
}
