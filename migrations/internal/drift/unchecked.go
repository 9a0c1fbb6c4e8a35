package drift

import "guestlist/migrations/internal/hint"

// UncheckedError is a database that cannot be compared with its history, since the history's schema cannot be made
// there: it takes no writes, or none by this role.
type UncheckedError struct {
	why, hint string
	reason    error
}

func (e *UncheckedError) Error() string { return e.why }

// Unwrap returns what the server says.
func (e *UncheckedError) Unwrap() error { return e.reason }

// Hint says what to do about it.
func (e *UncheckedError) Hint() string { return e.hint }

// unchecked knows the errors of PostgreSQL (the manual, appendix A) that say nothing of the database's schema.
func unchecked(err error) error {
	switch hint.SQLState(err) {
	case "25006": // read_only_sql_transaction
		return &UncheckedError{
			"the database takes no writes, as a standby does not, and comparing takes a schema that is rolled back",
			"check the primary", err,
		}
	case "42501": // insufficient_privilege
		return &UncheckedError{
			"the role may not make what comparing takes, a schema that is rolled back",
			"GRANT CREATE ON DATABASE to the role, or check as the role that migrates", err,
		}
	}
	return err
}
