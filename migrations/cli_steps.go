package migrations

import (
	"fmt"

	"github.com/spf13/cobra"
)

// stepsFlag lets -1, -12 and their like stand where a revision is wanted, although they look like flags: each digit is
// one, and they collect the number.
type stepsFlag struct{ digits string }

func (f *stepsFlag) register(c *cobra.Command) {
	for digit := range 10 {
		name := fmt.Sprint(digit)
		flag := c.Flags().VarPF(f, "step-"+name, name, "")
		flag.NoOptDefVal = name
		flag.Hidden = true
	}
}

// targets returns the revisions typed, steps first, or what stands for none.
func (f *stepsFlag) targets(arguments []string, standard string) []string {
	if f.digits != "" {
		arguments = append([]string{"-" + f.digits}, arguments...)
	}
	if len(arguments) == 0 {
		return []string{standard}
	}
	return arguments
}

// target returns the only revision typed, or what stands for none.
func (f *stepsFlag) target(arguments []string, standard string) string {
	return f.targets(arguments, standard)[0]
}

// atMostOne refuses a second revision.
func (f *stepsFlag) atMostOne(c *cobra.Command, arguments []string) error {
	if typed := f.targets(arguments, ""); len(typed) > 1 {
		return extra(typed[1:], "one REVISION is enough; see "+c.CommandPath()+" --help")
	}
	return nil
}

// String implements pflag.Value.
func (f *stepsFlag) String() string { return f.digits }

// Set implements pflag.Value.
func (f *stepsFlag) Set(digit string) error {
	f.digits += digit
	return nil
}

// Type implements pflag.Value.
func (*stepsFlag) Type() string { return "digit" }
