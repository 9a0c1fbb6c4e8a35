package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/migrations"
)

func (p *Program) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the SQLite database to a new file, even while the program is running",
		Long: "Copy a snapshot of the SQLite database to a new file, even while the program is running.\n\n" +
			"The copy is checked, and only its owner can read it. For PostgreSQL, use pg_dump.",
		Example: "  " + p.Name + " backup /var/backups/$(date +%F).db",
		Args:    oneFile,
		RunE:    func(c *cobra.Command, arguments []string) error { return p.backup(c.Context(), arguments[0]) },
	}
}

func (p *Program) backup(ctx context.Context, file string) error {
	config, path, err := p.sqliteFile("backup", "pg_dump --format=custom --file="+quoted(file)+" --dbname=")
	if err != nil {
		return err
	}
	if database.Missing(config.DatabaseURL) {
		return fmt.Errorf("there is no database in %s yet", path)
	}
	if err := database.Backup(ctx, path, file); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s already exists\nname a new file", file)
	} else if err != nil {
		return fmt.Errorf("back up the database: %w", err)
	}
	_, _ = fmt.Fprintf(p.Stdout, "Copied %s to %s.\n", path, file)
	if key := filepath.Join(config.InstanceDir, "secret_key"); config.Development() && exists(key) {
		_, _ = fmt.Fprintf(p.Stderr, "Back up %s too: without it, all users have to sign in again.\n", key)
	}
	return nil
}

func (p *Program) restoreCommand() *cobra.Command {
	var force bool
	command := &cobra.Command{
		Use:   "restore FILE",
		Short: "Replace the SQLite database with a backup, while no program uses it",
		Long: "Replace the SQLite database with a backup, while no program uses it.\n\n" +
			"FILE is copied. It must be a database of this program, of this version or an older one. An existing database\n" +
			"is an error, unless --force renames it. For PostgreSQL, use pg_restore.",
		Example: "  " + p.Name + " restore /var/backups/2026-01-31.db",
		Args:    oneFile,
		RunE: func(c *cobra.Command, arguments []string) error {
			return p.restore(c.Context(), arguments[0], force)
		},
	}
	command.Flags().BoolVar(&force, "force", false, "rename an existing database")
	return command
}

func (p *Program) restore(ctx context.Context, file string, force bool) error {
	config, path, err := p.sqliteFile("restore", "pg_restore --single-transaction --no-owner "+quoted(file)+" --dbname=")
	if err != nil {
		return err
	}
	if !exists(file) {
		return fmt.Errorf("there is no file %s", file)
	}
	if config.Embedded {
		if err := os.MkdirAll(config.InstanceDir, 0o700); err != nil {
			return &embeddedError{fmt.Errorf("create a directory for the embedded database: %w", err), config.InstanceDir}
		}
	}
	if target, err := filepath.EvalSymlinks(path); err == nil { // replace the database, not the link to it
		path = target
	}
	var aside string
	if force {
		aside = path + ".before-" + time.Now().UTC().Format("20060102T150405Z")
	}
	older := false
	err = database.Restore(ctx, file, path, aside, func(copied string) (err error) {
		older, err = p.checkRestored(ctx, copied)
		return err
	})
	switch {
	case errors.Is(err, database.ErrInUse):
		return fmt.Errorf("another program is using %s\nstop it first", path)
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s already exists\n--force renames it and restores the backup", path)
	case errors.Is(err, database.ErrNotSQLite):
		return fmt.Errorf("%s is not a SQLite database\nname a file created by %s backup", file, p.Name)
	case err != nil:
		return fmt.Errorf("restore %s: %w", file, err)
	}
	_, _ = fmt.Fprintf(p.Stdout, "Restored %s from %s.\n", path, file)
	if exists(aside) {
		_, _ = fmt.Fprintf(p.Stdout, "The previous database is in %s.\n", aside)
	}
	if older && !config.Embedded {
		_, _ = fmt.Fprintf(p.Stderr, "Its schema is older than this program's: run %s db upgrade.\n", p.Name)
	}
	return nil
}

// checkRestored fails if a file is not a database of this program, or is from a newer version. older reports whether it
// is from an older one.
func (p *Program) checkRestored(ctx context.Context, path string) (older bool, err error) {
	db, err := database.Open("sqlite:///"+path, database.Options{})
	if err != nil {
		return false, err
	}
	defer func() { err = cmp.Or(err, database.Close(db)) }()
	err = migrations.CheckHead(ctx, p.history(), db)
	outdated, ok := errors.AsType[*migrations.OutdatedError](err)
	switch {
	case !ok:
		return false, err
	case outdated.Empty:
		return false, errors.New("it is not a database of this program: it has no revision")
	case len(outdated.Unknown) > 0:
		return false, fmt.Errorf("this program does not know its revision %s\n"+
			"restore it with the version of the program that created it", strings.Join(outdated.Unknown, ", "))
	}
	return true, nil
}

// sqliteFile returns the settings and the path of the database. If that is on PostgreSQL, the error names the command
// to run instead, without the password.
func (p *Program) sqliteFile(name, instead string) (app.Config, string, error) {
	config, err := p.Config(false)
	if err != nil {
		return config, "", err
	}
	path, ok := database.File(config.DatabaseURL)
	switch {
	case ok:
		return config, path, nil
	case strings.HasPrefix(config.DatabaseURL, "sqlite:"):
		return config, "", fmt.Errorf("DATABASE_URL: cannot %s a database in memory", name)
	}
	address := quoted(database.WithoutPassword(config.DatabaseURL))
	return config, "", fmt.Errorf("%s is for SQLite, but the database is on PostgreSQL\n"+
		"run: %s%s (with the password in PGPASSWORD or ~/.pgpass)", name, instead, address)
}

// quoted quotes a word for a shell, if necessary.
func quoted(word string) string {
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// oneFile is terminal.OneFile for commands that cannot use standard input, since SQLite needs files.
func oneFile(c *cobra.Command, arguments []string) error {
	if len(arguments) != 1 || arguments[0] == "" {
		return fmt.Errorf("%s needs one FILE\nsee %s --help", c.Name(), c.CommandPath())
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
