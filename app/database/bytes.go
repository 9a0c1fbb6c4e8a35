package database

import "database/sql/driver"

// Bytes are bytes that may be empty but are never NULL. SQLite's driver reads an empty value as nil, which would be
// written back as NULL. To GORM, Bytes are always one value of a query, whereas a plain slice in parentheses is a list
// of values.
type Bytes []byte

// Value implements driver.Valuer.
func (b Bytes) Value() (driver.Value, error) { return append([]byte{}, b...), nil }
