package localtime

import (
	"fmt"
	"regexp"
	"sync"
	"time"
	_ "time/tzdata" // for machines without a time zone database: containers, Windows
)

// ZoneName matches names of IANA time zones, but not the variants that some machines have, such as right/UTC with leap
// seconds.
var ZoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9+-]*(/[A-Z][A-Za-z0-9_+-]*)*$`)

// loaded caches zones by name: otherwise a list of events would read the same file for each event.
var loaded sync.Map

// Load returns the time zone with the IANA name.
func Load(name string) (*time.Location, error) {
	known, _ := loaded.Load(name)
	if zone, ok := known.(*time.Location); ok {
		return zone, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "Factory" || !ZoneName.MatchString(name) {
		return nil, fmt.Errorf("%q is not the IANA name of a time zone, such as Africa/Lagos or UTC", name)
	}
	loaded.Store(name, zone)
	return zone, nil
}
