package cli

import (
	"context"
	"errors"
	"strings"

	"guestlist/migrations/internal/hint"
)

// errPurgeSQL is worded as in the reference.
var errPurgeSQL = hint.New(
	errors.New("Can't use --purge with --sql mode"), //nolint:staticcheck // the reference's words
	"without --purge the script is right from any state of the database; to forget ids that no file declares, "+
		"run {db} stamp --purge on the database itself",
)

// errStampStarts is worded as in the reference.
var errStampStarts = hint.New(
	//nolint:staticcheck // the reference's words
	errors.New("Stamp operation with --sql only supports a single starting revision at a time"),
	"write FROM once, as in {db} stamp --sql 8f0c:3c9a 5d0e",
)

// printStamp prints a stamp as SQL; without FROM, the script is right from any state of the database.
func (s *session) printStamp(ctx context.Context, purge bool, targets []string) error {
	if purge {
		return errPurgeSQL
	}
	from, to, err := stampRange(targets)
	if err == nil {
		err = s.checkTargets(to)
	}
	if err != nil {
		return err
	}
	d, err := s.dialect(ctx)
	if err != nil {
		return err
	}
	var text string
	if from == "" {
		text, err = s.StampScript(d, to...)
	} else {
		text, err = s.StampScriptFrom(d, from, to...)
	}
	if err != nil {
		return err
	}
	s.printer().text(text)
	return nil
}

// stampRange splits FROM off targets FROM:TO; from is "" if there is none. As for an upgrade, TO defaults to head.
func stampRange(targets []string) (from string, to []string, err error) {
	for _, target := range targets {
		lower, upper, isRange := strings.Cut(target, ":")
		switch {
		case !isRange:
			upper = target
		case from != "" && from != lower:
			return "", nil, errStampStarts
		default:
			from = lower
		}
		if upper == "" {
			upper = "head"
		}
		to = append(to, upper)
	}
	return from, to, nil
}
