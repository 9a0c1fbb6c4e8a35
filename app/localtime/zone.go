package localtime

import (
	"fmt"
	"regexp"
	"sync"
	"time"
	_ "time/tzdata" // for machines without time zones of their own: containers, Windows
)

// zoneName matches the names that are zones everywhere: not Local, nor the copies with leap seconds and the like that
// some machines have.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9+-]*(/[A-Z][A-Za-z0-9_+-]*)*$`)

// loaded holds the zones that were asked for, by name.
var loaded sync.Map

// Load returns the time zone with the IANA name.
func Load(name string) (*time.Location, error) {
	if zone, ok := loaded.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "Factory" || !zoneName.MatchString(name) {
		return nil, fmt.Errorf("%q is not the IANA name of a time zone, such as Africa/Lagos or UTC", name)
	}
	loaded.Store(name, zone)
	return zone, nil
}
