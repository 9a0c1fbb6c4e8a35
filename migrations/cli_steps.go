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

// target returns the steps typed, else the argument.
func (f *stepsFlag) target(argument string) string {
	if f.digits == "" {
		return argument
	}
	return "-" + f.digits
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
