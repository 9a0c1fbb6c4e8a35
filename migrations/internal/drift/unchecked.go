package drift

import "guestlist/migrations/internal/hint"

// UncheckedError is returned for a database that cannot be compared because the scratch schema cannot be created there:
// it is read-only, or the role lacks the right.
type UncheckedError struct {
	why, hint string
	reason    error
}

func (e *UncheckedError) Error() string { return e.why }

// Unwrap returns the error of the server.
func (e *UncheckedError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *UncheckedError) Hint() string { return e.hint }

// unchecked turns PostgreSQL errors that say nothing about the schema (the manual, appendix A) into an UncheckedError.
func unchecked(err error) error {
	switch hint.SQLState(err) {
	case "25006": // read_only_sql_transaction
		return &UncheckedError{
			"the database is read-only, as a standby is, and the comparison creates a schema that it rolls back",
			"check the primary", err,
		}
	case "42501": // insufficient_privilege
		return &UncheckedError{
			"the role may not create schemas, and the comparison creates one that it rolls back",
			"GRANT CREATE ON DATABASE to the role, or run check as the role that migrates", err,
		}
	}
	return err
}
