package utils

import (
	"encoding/json"
	"io"
)

// WriteJSON writes a value as commands do with --json: indented, for people may look at it too.
func WriteJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
