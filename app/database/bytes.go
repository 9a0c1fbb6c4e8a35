package database

import "database/sql/driver"

// Bytes are bytes that GORM takes for one value of a query, where it would take a slice in parentheses for a list of
// values.
type Bytes []byte

// Value implements driver.Valuer.
func (b Bytes) Value() (driver.Value, error) { return append([]byte{}, b...), nil } // empty is not NULL
