package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/postgres"
)

// errTryOn is the error for --try-on without the URL of a server.
var errTryOn = hint.New(errors.New("--try-on takes the URL of a PostgreSQL server"),
	"as in --try-on postgres://user:password@localhost:5432/postgres")

// try tries a draft in memory, and on the server of the flag or else of the environment. It returns warnings; a draft
// that fails is an error.
func (s *session) try(ctx context.Context, d autogen.Draft, flag string) ([]string, error) {
	if flag != "" && !postgres.IsURL(flag) {
		return nil, errTryOn
	}
	memory := autogen.Memory()
	warnings, err := autogen.Try(ctx, memory, d)
	if missing, ok := errors.AsType[*autogen.ScratchError](err); ok {
		warnings, err = []string{fmt.Sprintf("not tried on %s: %v", memory.Name, missing)}, nil
	}
	if err != nil {
		return nil, err
	}
	url := flag
	if url == "" && s.env.TryOn != nil {
		url = s.env.TryOn()
	}
	if !postgres.IsURL(url) {
		return warnings, nil
	}
	more, err := tryOnServer(ctx, d, url)
	if unreachable, ok := errors.AsType[*serverError](err); ok && flag == "" {
		return append(warnings, unreachable.Error()), nil // a server is optional
	}
	return append(warnings, more...), err
}

// tryOnServer tries a draft on PostgreSQL.
func tryOnServer(ctx context.Context, d autogen.Draft, url string) ([]string, error) {
	server, err := postgres.Connect(ctx, url)
	if err != nil {
		return nil, &serverError{err}
	}
	warnings, err := autogen.Try(ctx, autogen.On(server), d)
	if missing, ok := errors.AsType[*autogen.ScratchError](err); ok {
		return nil, &serverError{missing}
	}
	return warnings, err
}

// serverError is returned for a server that cannot be used.
type serverError struct{ reason error }

// Error returns the reason on one line.
func (e *serverError) Error() string {
	return "not tried on PostgreSQL: " + strings.Join(strings.Fields(e.reason.Error()), " ")
}

// Unwrap returns the reason.
func (e *serverError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *serverError) Hint() string {
	return "name a server that accepts writes, and a role that may create databases or schemas; without --try-on, " +
		"the revision is tried in memory only"
}
