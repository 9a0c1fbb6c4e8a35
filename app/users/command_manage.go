package users

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"guestlist/app/audit"
)

// manageCommands returns the commands that verify, block and unblock accounts.
func (env Environment) manageCommands() []*cobra.Command {
	return []*cobra.Command{
		{
			Use:   "verify EMAIL",
			Short: "Vouch for the address of an account",
			Long: "Vouch for the address of an account, as if its user had opened the mailed link. The link ends.\n\n" +
				"Do so only if you know that the address belongs to the person who registered the account: their " +
				"password and\ntokens stay valid and get the rights that were given to the address. If it may be a " +
				"stranger, let the owner\nset a new password with a mailed code instead, which verifies the address too " +
				"and ends what the stranger set up.",
			Example: "  " + env.Name + " verify ann@example.org",
			RunE: oneAddress("the address of the user",
				env.manage((*Service).Verify, "%s is verified now.\n", "%s is already verified.\n")),
		},
		{
			Use:   "block EMAIL",
			Short: "Keep a user from signing in",
			Long: "Keep a user from signing in. All tokens and mailed codes end at once, and no new ones are issued. Only " +
				"links that\nundo a change of address still work: they return a stolen account, still blocked, to its old " +
				"address.\nThe address stays taken.\n\n" +
				"Invitations stay and can be answered: that needs no account.\n\n" + // invitedguest
				"The last administrator of an event cannot be blocked.\n" + // events
				"The last administrator of the system cannot be blocked.",
			Example: "  " + env.Name + " block ann@example.org",
			RunE: oneAddress("the address of the user",
				env.manage((*Service).Block, "%s is blocked now.\n", "%s is already blocked.\n")),
		},
		{
			Use:     "unblock EMAIL",
			Short:   "Let a blocked user sign in again",
			Long:    "Let a blocked user sign in again, with the same password and rights. Ended tokens stay ended.",
			Example: "  " + env.Name + " unblock ann@example.org",
			RunE: oneAddress("the address of the user",
				env.manage((*Service).Unblock, "%s is no longer blocked.\n", "%s is not blocked.\n")),
		},
	}
}

// manage calls do with the account of an address, and prints changedFormat or unchangedFormat with the address.
func (env Environment) manage(
	do func(*Service, context.Context, audit.Actor, int64) (*User, bool, error), changedFormat, unchangedFormat string,
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
		format := changedFormat
		if !changed {
			format = unchangedFormat
		}
		_, err = fmt.Fprintf(env.Stdout, format, user.Email)
		return err
	}
}
