package database

import "database/sql/driver"

// Bytes are bytes that may be empty but are never NULL. SQLite's driver reads an empty value as nil, which would be
// written as NULL. GORM takes them for one value of a query, where it would take a slice in parentheses for a list of
// values.
type Bytes []byte

// Value implements driver.Valuer.
func (b Bytes) Value() (driver.Value, error) { return append([]byte{}, b...), nil }
