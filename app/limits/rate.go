package limits

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rate is a limit of Count requests per Per, which may come in a burst. The zero Rate sets no limit.
type Rate struct {
	Count int
	Per   time.Duration
}

const (
	off      = "off"
	maxCount = 1_000_000
	maxPer   = 24 * time.Hour
)

// ParseRate parses the format of String: "600/1m", or "off".
func ParseRate(text string) (Rate, error) {
	if strings.EqualFold(text, off) {
		return Rate{}, nil
	}
	before, after, _ := strings.Cut(text, "/")
	count, err := strconv.Atoi(before)
	if err != nil || count < 1 || count > maxCount {
		return Rate{}, wrongRate(text)
	}
	per, err := time.ParseDuration(after)
	if err != nil || per < time.Second || per > maxPer {
		return Rate{}, wrongRate(text)
	}
	return Rate{count, per}, nil
}

// interval is the time in which the allowance grows by one.
func (r Rate) interval() time.Duration { return r.Per / time.Duration(r.Count) }

func wrongRate(text string) error {
	return fmt.Errorf("%q is neither off nor COUNT/DURATION with a duration of at least 1s, such as 600/1m", text)
}

// String returns the rate in the format of settings.
func (r Rate) String() string {
	if r.Count == 0 {
		return off
	}
	return fmt.Sprintf("%d/%v", r.Count, r.Per)
}
