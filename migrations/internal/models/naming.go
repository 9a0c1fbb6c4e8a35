package models

import (
	"gorm.io/gorm"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// gormMaxName is the maximum length of generated names that gorm.Open sets unless the dialector sets another.
const gormMaxName = 64

// namer returns the naming strategy of a configuration, before or after gorm.Open has filled it in. If the program has
// not set the maximum length of names, it is the lower of GORM's 64 and the 63 of gorm.io/driver/postgres,
// Dialector.Apply.
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
