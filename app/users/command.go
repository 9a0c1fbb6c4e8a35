package users

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"guestlist/app/utils"
)

// Environment is what the commands get from the program.
type Environment struct {
	Open           func(context.Context) (*gorm.DB, PasswordRules, error)
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Commands returns the commands that look after the accounts.
func Commands(env Environment) []*cobra.Command {
	return []*cobra.Command{{
		Use:   "create-admin EMAIL",
		Short: "Create a system administrator",
		Long:  "Create a system administrator.\n\nThe password is asked for twice on a terminal; elsewhere it is the first line of standard input.",
		Example: "  guestlist users create-admin ann@example.org\n" +
			"  openssl rand -base64 18 | tee password | guestlist users create-admin ann@example.org",
		RunE: func(c *cobra.Command, arguments []string) error {
			if len(arguments) != 1 {
				return errors.New("create-admin needs one EMAIL: the address that the administrator signs in with")
			}
			return env.createAdmin(c.Context(), arguments[0])
		},
	}}
}

func (env Environment) createAdmin(ctx context.Context, email string) error {
	db, rules, err := env.Open(ctx)
	if err != nil {
		return err
	}
	password, err := utils.ReadPassword(ctx, env.Stdin, env.Stderr)
	if err != nil {
		return err
	}
	user, err := CreateAdmin(ctx, db, utils.NewPasswords(1), email, password, rules)
	switch fields, wrong := errors.AsType[utils.FieldErrors](err); {
	case wrong:
		return fieldError(fields)
	case errors.Is(err, utils.ErrEmailInUse):
		return fmt.Errorf("%s is already registered", email)
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(env.Stdout, "Created the administrator %s with id %d.\n", user.Email, user.ID)
	return err
}

// fieldError says what is wrong with the first wrong one of the values asked for.
func fieldError(fields utils.FieldErrors) error {
	for _, name := range []string{"email", "password"} {
		if problem := fields[name]; problem != "" {
			return fmt.Errorf("the %s %s", name, problem)
		}
	}
	return fields
}
