package cli

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// TestNameIsTold gives the program another name. It checks that the help of each command shows that name and not this
// program's, and that no line of its descriptions is longer than a terminal is wide.
func TestNameIsTold(t *testing.T) {
	t.Parallel()
	p := &Program{Name: "other", Title: "The Other", Purpose: "a program for tests"}
	name := regexp.MustCompile(`(?i)\bguestlist\b`)
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		help := c.Short + "\n" + c.Long + "\n" + c.UsageString()
		for line := range strings.SplitSeq(c.Short+"\n"+c.Long, "\n") {
			if utf8.RuneCountInString(line) > 120 {
				t.Errorf("%s: a line of the help is longer than 120 columns: %s", c.CommandPath(), line)
			}
		}
		if found := name.FindString(help); found != "" {
			t.Errorf("%s: the help shows %q:\n%s", c.CommandPath(), found, help)
		}
		if !strings.Contains(help, p.Name) {
			t.Errorf("%s: the help lacks %q:\n%s", c.CommandPath(), p.Name, help)
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
