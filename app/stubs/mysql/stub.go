// Package mysql replaces gorm.io/driver/mysql. Tests use gorm.io/datatypes, which imports the driver to ask a
// connection whether it is one to MySQL; none here is.
package mysql

import "gorm.io/gorm"

// Config is what gorm.io/datatypes reads of a connection.
type Config struct{ ServerVersion string }

// Dialector is the type of a connection that nobody can open.
type Dialector struct {
	*Config
	gorm.Dialector
}
