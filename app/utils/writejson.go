package utils

import (
	"encoding/json"
	"io"
)

// WriteJSON writes a value as indented JSON, for commands with --json.
func WriteJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
