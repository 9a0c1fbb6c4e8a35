package users

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/app/audit"
	"guestlist/app/terminal"
	"guestlist/app/text"
	"guestlist/app/utils"
)

// Environment is what the program passes to the commands.
type Environment struct {
	Name           string // of the command, as people type it: "guestlist users"
	Open           func(context.Context) (*Service, error)
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Interactive    bool // whether Stderr is a terminal
}

// Commands returns the commands that manage accounts.
func Commands(env Environment) []*cobra.Command {
	commands := append([]*cobra.Command{listCommand(env), showCommand(env)}, env.manageCommands()...)
	return append(commands, env.makeCommands()...)
}

// makeCommands returns the commands that create, delete, export and import accounts, and grant and revoke the
// administrator role.
func (env Environment) makeCommands() []*cobra.Command {
	return []*cobra.Command{
		{
			Use:   "create-admin EMAIL",
			Short: "Create a system administrator",
			Long: "Create a system administrator.\n\nThe password is asked for twice on a terminal; elsewhere it is " +
				"the first line of standard input.",
			Example: "  " + env.Name + " create-admin ann@example.org\n" +
				"  openssl rand -base64 18 | tee password | " + env.Name + " create-admin ann@example.org",
			RunE: oneAddress("the address that the administrator signs in with", env.createAdmin),
		},
		{
			Use:   "grant-admin EMAIL",
			Short: "Make a user a system administrator",
			Long: "Make a user a system administrator. It takes effect at once, without signing in again, or as soon as " +
				"the\naddress is verified.",
			Example: "  " + env.Name + " grant-admin ann@example.org",
			RunE:    oneAddress("the address of the user", env.grantAdmin),
		},
		{
			Use:   "revoke-admin EMAIL",
			Short: "Revoke a user's role of system administrator",
			Long: "Revoke a user's role of system administrator. It takes effect at once.\n\n" +
				"Roles in events stay.\n\n" + // events
				"The last administrator keeps the role.",
			Example: "  " + env.Name + " revoke-admin ann@example.org",
			RunE:    oneAddress("the address of the administrator", env.revokeAdmin),
		},
		{
			Use:   "delete EMAIL",
			Short: "Delete an account",
			Long: "Delete an account and end its tokens. The address can be registered again.\n\n" +
				"The last administrator of the system cannot be deleted.\n" +
				"Neither can the last administrator of an event.\n" + // events
				"\nRights that others gave to an unverified address stay with the address, in an account without a " +
				"password, which\ncan be deleted in turn.",
			Example: "  " + env.Name + " delete ann@example.org",
			RunE:    oneAddress("the address of the user", env.delete),
		},
		{
			Use:   "erase EMAIL",
			Short: "Delete an account and erase the person's data, at once",
			Long: "Delete an account and erase the person's data, at once, including that of earlier, deleted accounts " +
				"with the\naddress. Two things stay: rows without address, names and password, because others refer to " +
				"them, and\nsecurity events, by the account's id.\n\n" +
				"Without this command, a server erases accounts DELETED_ACCOUNT_RETENTION after they were deleted.\n\n" +
				"The last administrator of an event cannot be erased.\n" + // events
				"The last administrator of the system cannot be erased.",
			Example: "  " + env.Name + " erase ann@example.org",
			RunE:    oneAddress("the address of the person", env.erase),
		},
		{
			Use:   "export EMAIL",
			Short: "Write everything stored about a person to standard output, as JSON",
			Long: "Write everything stored about a person to standard output, as JSON, for the person to read: the " +
				"account, deleted\naccounts with the same address, what others gave them, mails and security events. " +
				"Passwords and codes are\nstored as hashes, which are left out.",
			Example: "  " + env.Name + " export ann@example.org > ann.json",
			RunE:    oneAddress("the address of the person", env.export),
		},
		importCommand(env),
		reindexCommand(env),
	}
}

// oneAddress returns the RunE of a command with one argument, EMAIL. meaning describes it in an error.
func oneAddress(
	meaning string, run func(ctx context.Context, email string) error,
) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, arguments []string) error {
		if len(arguments) != 1 {
			return fmt.Errorf("%s needs one EMAIL: %s", c.Name(), meaning)
		}
		return run(c.Context(), arguments[0])
	}
}

func (env Environment) createAdmin(ctx context.Context, email string) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	password, err := terminal.ReadPassword(ctx, env.Stdin, env.Stderr)
	if err != nil {
		return err
	}
	user, err := service.CreateAdmin(ctx, audit.Operator(), email, password)
	switch fields, wrong := errors.AsType[utils.FieldErrors](err); {
	case wrong:
		return fieldError(fields)
	case errors.Is(err, utils.ErrEmailInUse):
		return fmt.Errorf("%s is already registered\nmake them an administrator: %s grant-admin %[1]s", email, env.Name)
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(env.Stdout, "Created the administrator %s with id %d.\n", user.Email, user.ID)
	return err
}

func (env Environment) grantAdmin(ctx context.Context, email string) error {
	return env.setAdmin(ctx, email, true)
}

func (env Environment) revokeAdmin(ctx context.Context, email string) error {
	return env.setAdmin(ctx, email, false)
}

// outcome is the result of granting (admin) or revoking the administrator role.
type outcome struct{ admin, changed, verified bool }

// outcomes are the messages that setAdmin prints; %s is the user's address.
var outcomes = map[outcome]string{
	{true, true, true}:    "%s is an administrator now.\n",
	{true, true, false}:   "%s will be an administrator once the address is verified.\n",
	{true, false, true}:   "%s is already an administrator.\n",
	{true, false, false}:  "%s already has the role, and will be an administrator once the address is verified.\n",
	{false, true, true}:   "%s is no longer an administrator.\n",
	{false, true, false}:  "%s will no longer become an administrator.\n",
	{false, false, true}:  "%s is not an administrator.\n",
	{false, false, false}: "%s is not an administrator.\n",
}

// setAdmin grants or revokes the role and prints the outcome.
func (env Environment) setAdmin(ctx context.Context, email string, admin bool) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	user, changed, err := service.SetAdmin(ctx, audit.Operator(), email, admin)
	if err != nil {
		return env.explain(err, email)
	}
	words := outcomes[outcome{admin, changed, user.Verified()}]
	if admin && user.BlockedAt != nil {
		words += "The user is blocked; the role takes effect after: " + env.Name + " unblock %[1]s\n"
	}
	_, err = fmt.Fprintf(env.Stdout, words, user.Email)
	return err
}

func (env Environment) delete(ctx context.Context, email string) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	address, kept, err := service.DeleteByEmail(ctx, audit.Operator(), email)
	if err != nil {
		return env.explain(err, email)
	}
	words := "Deleted the account of %s.\n"
	if kept {
		words += "The address was not verified: what others gave to it stays with it, in a new account without a password.\n"
	}
	_, err = fmt.Fprintf(env.Stdout, words, address)
	return err
}

func (env Environment) erase(ctx context.Context, email string) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	address, erased, err := service.Erase(ctx, audit.Operator(), email)
	if err != nil {
		return env.explain(err, email)
	}
	accounts := "1 account"
	if erased != 1 {
		accounts = fmt.Sprintf("%d accounts", erased)
	}
	_, err = fmt.Fprintf(env.Stdout, "Erased %s of %s.\n", accounts, address)
	return err
}

func (env Environment) export(ctx context.Context, email string) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	return env.explain(service.Export(ctx, audit.Operator(), env.Stdout, email), email)
}

// explain rewords an error about the account with the address or id for an operator.
func (env Environment) explain(err error, email string) error {
	switch events := utils.EventsOf(err); {
	case errors.Is(err, text.ErrInvalidEmail):
		return fmt.Errorf("the email %w", err)
	case errors.Is(err, utils.ErrUserNotFound) && isID(email):
		return fmt.Errorf("no account has the id %s", email)
	case errors.Is(err, utils.ErrUserNotFound):
		return fmt.Errorf("no account has the address %s", email)
	case len(events) > 0:
		return fmt.Errorf("%s is the last administrator of these events: %s\n"+
			"a system administrator can make someone else one first, at a verified address: POST /api/v1/event-roles",
			email, strings.Join(events, ", "))
	case errors.Is(err, utils.ErrLastAdministrator):
		return fmt.Errorf("%s is the last administrator of the system\n"+
			"make someone else one first, at a verified address: %s grant-admin EMAIL", email, env.Name)
	}
	return err
}

// fieldError returns an error about the first wrong field.
func fieldError(fields utils.FieldErrors) error {
	for _, name := range []string{"email", "password"} {
		if problem := fields[name]; problem != "" {
			return fmt.Errorf("the %s %s", name, problem)
		}
	}
	return fields
}
