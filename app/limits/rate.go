package limits

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rate is how often something may happen: Count times in any span of Per, all at once if need be. The zero Rate sets no
// limit.
type Rate struct {
	Count int
	Per   time.Duration
}

const (
	off      = "off"
	maxCount = 1_000_000
	maxPer   = 24 * time.Hour
)

// ParseRate reads what String writes: "600/1m", or "off".
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

// interval is how long one time takes to be allowed again.
func (r Rate) interval() time.Duration { return r.Per / time.Duration(r.Count) }

func wrongRate(text string) error {
	return fmt.Errorf("%q is neither off nor a number of times and a duration of at least 1s, such as 600/1m", text)
}

// String returns the rate as settings write it.
func (r Rate) String() string {
	if r.Count == 0 {
		return off
	}
	return fmt.Sprintf("%d/%v", r.Count, r.Per)
}
