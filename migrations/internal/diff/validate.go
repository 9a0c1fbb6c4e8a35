package diff

import (
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// validates reports whether the only change is that a NotValid check becomes valid.
func validates(was, is schema.Check) bool {
	if !was.NotValid || is.NotValid {
		return false
	}
	was.NotValid = false
	return sameCheck(was, is)
}

// validatesKey is validates for a foreign key.
func validatesKey(was, is schema.ForeignKey) bool {
	if !was.NotValid || is.NotValid {
		return false
	}
	was.NotValid = false
	return sameKey(was, is)
}

func (c *change) validateChecks() {
	for _, is := range c.is.Checks {
		was, _ := c.was.Check(is.Name)
		if _, again := named(c.checks.add, checkName, is.Name); !again && validates(was, is) {
			c.validated = append(c.validated, &op.ValidateCheck{Table: c.is.Name, Name: is.Name})
		}
	}
}

func (c *change) validateKeys() {
	for _, is := range c.is.ForeignKeys {
		was, _ := c.was.ForeignKey(is.Name)
		if _, again := named(c.foreignKeys.add, keyName, is.Name); !again && validatesKey(was, is) {
			c.validated = append(c.validated, &op.ValidateForeignKey{Table: c.is.Name, Name: is.Name})
		}
	}
}
