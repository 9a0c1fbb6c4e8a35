package models

import (
	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// gormMaxName is the longest name that gorm.Open has names made up with where the dialector does not say otherwise.
const gormMaxName = 64

// namer returns the naming strategy of a configuration, before or after gorm.Open has filled it in. Where the program
// has not chosen how long a name may be, that is GORM's 64 on SQLite and the 63 of gorm.io/driver/postgres,
// Dialector.Apply, on PostgreSQL: names that fit both are the shorter.
func namer(config *gorm.Config) gormschema.Namer {
	var naming gormschema.NamingStrategy
	switch own := config.NamingStrategy.(type) {
	case nil:
	case gormschema.NamingStrategy:
		naming = own
	case *gormschema.NamingStrategy:
		naming = *own
	default:
		return own
	}
	if naming.IdentifierMaxLength <= 0 || naming.IdentifierMaxLength == gormMaxName {
		naming.IdentifierMaxLength = schema.MaxName
	}
	return naming
}
