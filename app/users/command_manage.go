package users

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"guestlist/app/audit"
)

// manageCommands returns the commands that change what an account may be used for.
func (env Environment) manageCommands() []*cobra.Command {
	return []*cobra.Command{
		{
			Use:   "verify EMAIL",
			Short: "Vouch for the address of an account",
			Long: "Vouch for the address of an account, as if its user had opened the link that was mailed there. The " +
				"link ends.\n\n" +
				"Do so only if you know that the address is the user's who registered the account: their password and " +
				"tokens stay,\n" +
				"and get the rights that were given to the address. If it may be a stranger, let the owner set a new " +
				"password by a\n" +
				"mailed code instead, which verifies the address too and ends what the stranger has set up.",
			Example: "  " + env.Name + " verify ann@example.org",
			RunE: oneAddress("the address of the user",
				env.manage((*Service).Verify, "%s is verified now.\n", "%s is verified already.\n")),
		},
		{
			Use:   "block EMAIL",
			Short: "Keep a user from signing in",
			Long: "Keep a user from signing in. All tokens and mailed codes end at once, and no new ones are given or mailed. " +
				"Only links\n" +
				"that undo a change of address stay good: a stolen account goes back to its old address, and stays blocked.\n" +
				"The address stays taken.\n\n" +
				"Invitations stay, and can be answered: that needs no account.\n\n" + // invitedguest
				"The last administrator of an event cannot be blocked.\n" + // events
				"The last administrator of the system cannot be blocked.",
			Example: "  " + env.Name + " block ann@example.org",
			RunE: oneAddress("the address of the user",
				env.manage((*Service).Block, "%s is blocked now.\n", "%s is blocked already.\n")),
		},
		{
			Use:   "unblock EMAIL",
			Short: "Let a blocked user sign in again",
			Long: "Let a blocked user sign in again, with the password and the rights of before. Tokens that have " +
				"ended stay so.",
			Example: "  " + env.Name + " unblock ann@example.org",
			RunE: oneAddress("the address of the user",
				env.manage((*Service).Unblock, "%s is not blocked any more.\n", "%s is not blocked.\n")),
		},
	}
}

// manage does something to the account with an address and prints done, or nothing if there was nothing to do, with the
// address.
func (env Environment) manage(
	do func(*Service, context.Context, audit.Actor, int64) (*User, bool, error), done, nothing string,
) func(ctx context.Context, email string) error {
	return func(ctx context.Context, email string) error {
		service, err := env.Open(ctx)
		if err != nil {
			return err
		}
		user, err := service.byAddress(ctx, email)
		if err != nil {
			return env.explain(err, email)
		}
		user, changed, err := do(service, ctx, audit.Operator(), user.ID)
		if err != nil {
			return env.explain(err, email)
		}
		words := done
		if !changed {
			words = nothing
		}
		_, err = fmt.Fprintf(env.Stdout, words, user.Email)
		return err
	}
}
