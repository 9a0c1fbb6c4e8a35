package localtime

import (
	"errors"
	"regexp"
	"time"
	_ "time/tzdata" // for machines without time zones of their own: containers, Windows
)

// zoneName matches the names that are zones everywhere: not Local, nor the copies with leap seconds and the like that
// some machines have.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9+-]*(/[A-Z][A-Za-z0-9_+-]*)*$`)

var errZone = errors.New("must be the IANA name of a time zone, such as Africa/Lagos or UTC")

// Load returns the time zone with the IANA name. Its error follows the name of what was to hold one.
func Load(name string) (*time.Location, error) {
	if name == "Local" || name == "Factory" || !zoneName.MatchString(name) {
		return nil, errZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, errZone
	}
	return zone, nil
}
