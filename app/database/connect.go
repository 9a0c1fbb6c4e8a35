package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// connector is pgx's, with errors that name each cause once. With sslmode=prefer, the default, pgx tries every address
// of a server with TLS and without, and lists both attempts even if they fail for the same reason.
type connector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if failed, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return nil, &connectError{failed}
	}
	return conn, err
}

// connectError is a pgconn.ConnectError with a text of one line.
type connectError struct{ failed *pgconn.ConnectError }

// Error implements error. Like pgx's, the text names the user and the database, but no password.
func (e *connectError) Error() string {
	causes := []error{e.failed.Unwrap()}
	if several, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](e.failed); ok {
		causes = several.Unwrap()
	}
	config := e.failed.Config
	return fmt.Sprintf("failed to connect to `user=%s database=%s`: %s", config.User, config.Database, distinct(causes))
}

// Unwrap returns the pgconn.ConnectError.
func (e *connectError) Unwrap() error { return e.failed }

// distinct joins the texts of errors, each once. Texts that differ only in the program's own port, which changes with
// every attempt, count as the same.
func distinct(errs []error) string {
	var texts []string
	said := map[string]bool{}
	for _, err := range errs {
		text := err.Error()
		key := text
		if failed, ok := errors.AsType[*net.OpError](err); ok {
			anywhere := *failed
			anywhere.Source = nil
			key = strings.Replace(text, failed.Error(), anywhere.Error(), 1)
		}
		if !said[key] {
			said[key] = true
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}
