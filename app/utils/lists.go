package utils

import "guestlist/app/secrets"

// DecodeCursor returns the position to continue after, or nil for the first page. The error says what is wrong with the
// parameter cursor.
func DecodeCursor[P any](c *secrets.Cursors, list, cursor string) (*P, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // the first page
	}
	position := new(P)
	if err := c.Decode(list, cursor, position); err != nil {
		return nil, FieldErrors{"cursor": err.Error()}
	}
	return position, nil
}
