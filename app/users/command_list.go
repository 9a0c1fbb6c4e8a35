package users

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"guestlist/app/text"
	"guestlist/app/utils"
)

func listCommand(env Environment) *cobra.Command {
	var q string
	var limit int
	var blocked, unverified, asJSON bool
	command := &cobra.Command{
		Use:   "list",
		Short: "List the accounts",
		Long: "List the accounts, the oldest first.\n\n" +
			"With --json, the output is a list of objects as in GET /api/v1/users. The table's\n" +
			"columns are aligned again for each thousand accounts.",
		Example: "  " + env.Name + " list --q example.org --unverified\n  " + env.Name + " list --blocked --json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if limit < 0 {
				return fmt.Errorf("--limit: %d is negative", limit)
			}
			if problem := text.CheckLine(q, maxSearch); problem != "" {
				return fmt.Errorf("--q %s", problem)
			}
			chosen := filter{Q: q}
			if blocked {
				chosen.Blocked = new(true)
			}
			if unverified {
				chosen.Verified = new(false)
			}
			return env.list(c.Context(), chosen, limit, asJSON)
		},
	}
	flags := command.Flags()
	flags.StringVar(&q, "q", "", "only accounts with all of these words in the address, the first or the last name")
	flags.IntVar(&limit, "limit", 0, "only the oldest N; 0: all")
	flags.BoolVar(&blocked, "blocked", false, "only blocked accounts")
	flags.BoolVar(&unverified, "unverified", false, "only accounts with an unverified address")
	flags.BoolVar(&asJSON, "json", false, "write JSON instead of a table")
	return command
}

func showCommand(env Environment) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:     "show EMAIL|ID",
		Short:   "Show an account",
		Long:    "Show an account, with its roles.",
		Example: "  " + env.Name + " show ann@example.org\n  " + env.Name + " show 7",
		RunE: func(c *cobra.Command, arguments []string) error {
			if len(arguments) != 1 {
				return errors.New("show needs one EMAIL or ID: the address or the id of the user")
			}
			return env.show(c.Context(), arguments[0], asJSON)
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false,
		"write an object as in users list --json, with policy_agreed_at and roles")
	return command
}

// perPage is how many accounts are read at once.
const perPage = 1000

// list prints the users that match the filter, at most limit of them; 0: all.
func (env Environment) list(ctx context.Context, f filter, limit int, asJSON bool) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(env.Stdout)
	write, end := writeTable(out)
	if asJSON {
		write, end = writeJSON(out)
	}
	page := utils.Page{Sort: utils.DefaultSort, Limit: perPage}
	for left := limit; ; left -= page.Limit {
		if limit > 0 {
			page.Limit = min(left, perPage)
		}
		rows, err := service.list(ctx, page, f)
		if err != nil {
			return err
		}
		rows, page.After = utils.Cut(page, rows, (*listRow).position)
		if err := write(rows); err != nil {
			return err
		}
		if page.After == nil || limit > 0 && left == page.Limit {
			return errors.Join(end(), out.Flush())
		}
	}
}

// writeTable returns functions that write rows of a table of users, and the end of the table.
func writeTable(out io.Writer) (write func([]listRow) error, end func() error) {
	heading := "ID\tEmail\tName\tAdmin\tVerified\tBlocked\tLast login\tCreated\n" +
		"--\t-----\t----\t-----\t--------\t-------\t----------\t-------\n"
	return func(rows []listRow) error {
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprint(table, heading)
		heading = ""
		for i := range rows {
			r := &rows[i]
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Email, orNone(fullName(r)),
				adminState(r), formatDay(r.VerifiedAt), formatDay(r.BlockedAt), formatDay(r.LastLogin),
				formatDay(&r.CreatedAt))
		}
		return table.Flush()
	}, func() error { return nil }
}

// writeJSON is writeTable for a JSON list.
func writeJSON(out io.Writer) (write func([]listRow) error, end func() error) {
	started := false
	return func(rows []listRow) error {
			for i := range rows {
				object, err := json.Marshal(newListedUser(&rows[i]))
				if err != nil {
					return err
				}
				before := ",\n"
				if !started {
					started, before = true, "[\n"
				}
				if _, err := fmt.Fprintf(out, "%s%s", before, object); err != nil {
					return err
				}
			}
			return nil
		}, func() error {
			after := "\n]\n"
			if !started {
				after = "[]\n"
			}
			_, err := io.WriteString(out, after)
			return err
		}
}

func (env Environment) show(ctx context.Context, name string, asJSON bool) error {
	service, err := env.Open(ctx)
	if err != nil {
		return err
	}
	user, err := service.named(ctx, name)
	if err != nil {
		return env.explain(err, name)
	}
	roles, err := service.eventRoles.RolesOf(ctx, service.db, user.ID)
	if err != nil {
		return err
	}
	r := rowOf(user)
	if asJSON {
		return utils.WriteJSON(env.Stdout, struct {
			listedUser

			PolicyAgreedAt *time.Time  `json:"policy_agreed_at"`
			Roles          []EventRole `json:"roles"`
		}{newListedUser(r), user.PolicyAgreedAt, roles})
	}
	table := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
	for _, line := range [][2]string{
		{"Id", fmt.Sprint(r.ID)}, {"Email", r.Email}, {"Name", fullName(r)}, {"Title", r.UserTitle},
		{"Language", r.PrimaryLanguage}, {"Administrator", adminState(r)}, {"Verified", formatSecond(r.VerifiedAt)},
		{"Pending email", user.PendingEmail}, {"Blocked", formatSecond(r.BlockedAt)},
		{"Policy agreed", formatSecond(user.PolicyAgreedAt)}, {"Last login", formatSecond(r.LastLogin)},
		{"Created", formatSecond(&r.CreatedAt)},
	} {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", line[0], orNone(line[1]))
	}
	pending := ""
	if !user.Verified() {
		pending = ", pending"
	}
	for _, role := range roles {
		_, _ = fmt.Fprintf(table, "Role\t%s in event %d%s\n", role.Role, role.EventID, pending)
	}
	return table.Flush()
}

func fullName(r *listRow) string { return strings.TrimSpace(r.Firstname + " " + r.Lastname) }

const none = "-"

func orNone(value string) string {
	if value == "" {
		return none
	}
	return value
}

// adminState is "yes" for a system administrator and "pending" for one whose address is not verified.
func adminState(r *listRow) string {
	switch {
	case !r.IsAdmin:
		return none
	case r.VerifiedAt == nil:
		return "pending"
	}
	return "yes"
}

// formatDay returns the date in UTC.
func formatDay(t *time.Time) string { return formatUTC(t, time.DateOnly) }

// formatSecond returns the time in UTC, to the second.
func formatSecond(t *time.Time) string { return formatUTC(t, time.RFC3339) }

func formatUTC(t *time.Time, layout string) string {
	if t == nil {
		return none
	}
	return t.UTC().Format(layout)
}
