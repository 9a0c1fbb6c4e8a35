package audit

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"
)

// Environment is what the program passes to the command.
type Environment struct {
	Name   string // of the program, as people type it
	Open   func(context.Context) (*gorm.DB, error)
	UserID func(ctx context.Context, db *gorm.DB, user string) (int64, error) // user is an id or an email address
	Now    func() time.Time
	Stdout io.Writer
}

// Command returns the command that lists the security events.
func Command(env Environment) *cobra.Command {
	var user, kind, since string
	var limit int
	var asJSON bool
	command := &cobra.Command{
		Use:   "audit",
		Short: "List the security events",
		Long: "List the security events, the newest last: time, kind, account, actor, and network address.\n\n" +
			"Events about addresses without an account are kept for " +
			strings.TrimSuffix(KeepAnonymous.String(), "0m0s") + ", others for AUDIT_RETENTION.\n\n" +
			"The kinds are\n" + kindLines(),
		Example: "  " + env.Name + " audit --user ann@example.org\n  " + env.Name +
			" audit --kind sign_in_refused --since 24h --limit 1000",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			filter, err := newFilter(kind, since, limit, env.Now())
			if err != nil {
				return err
			}
			return env.list(c.Context(), user, filter, asJSON)
		},
	}
	flags := command.Flags()
	flags.StringVar(&user, "user", "", "only security events about or by this user: an id or an email address")
	flags.StringVar(&kind, "kind", "", "only security events of this kind")
	flags.StringVar(&since, "since", "",
		"only security events since a time (2026-01-31, 2026-01-31T12:00:00Z) or in a span (24h)")
	flags.IntVar(&limit, "limit", 100, "only the newest N; 0: all")
	flags.BoolVar(&asJSON, "json", false, "write JSON instead of a table")
	return command
}

func (env Environment) list(ctx context.Context, user string, filter Filter, asJSON bool) error {
	db, err := env.Open(ctx)
	if err != nil {
		return err
	}
	if user != "" {
		if filter.UserID, err = env.UserID(ctx, db, user); err != nil {
			return fmt.Errorf("--user: %w", err)
		}
	}
	events, err := Find(ctx, db, filter)
	if err != nil {
		return err
	}
	if asJSON {
		return WriteJSON(env.Stdout, events)
	}
	return Print(env.Stdout, events)
}

func newFilter(kind, since string, limit int, now time.Time) (Filter, error) {
	filter := Filter{Kind: Kind(kind), Limit: limit}
	if kind != "" && !slices.Contains(Kinds(), filter.Kind) {
		return Filter{}, fmt.Errorf("--kind: there is no kind %q; the kinds are %s", kind, kindList())
	}
	if limit < 0 {
		return Filter{}, fmt.Errorf("--limit: %d is negative", limit)
	}
	if since == "" {
		return filter, nil
	}
	var err error
	filter.Since, err = parseSince(since, now)
	return filter, err
}

func parseSince(text string, now time.Time) (time.Time, error) {
	if span, err := time.ParseDuration(text); err == nil && span >= 0 {
		return now.Add(-span), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{},
		fmt.Errorf("--since: %q is neither a time, such as 2026-01-31 or 2026-01-31T12:00:00Z, nor a span, such as 24h", text)
}

// kindLines returns the kinds in lines that fit a terminal.
func kindLines() string {
	const width = 76
	text, line := "", " "
	for _, kind := range Kinds() {
		if len(line)+len(" ")+len(kind) > width {
			text, line = text+line+"\n", " "
		}
		line += " " + string(kind)
	}
	return text + line
}

func kindList() string {
	var names []string
	for _, kind := range Kinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}
