package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guestlist/migrations/internal/hint"
)

// The formats of pictures, as people name them.
const (
	mermaidFormat = "mermaid"
	svgFormat     = "svg"
	textFormat    = "text"
)

// suffixes are the file name extensions of each format.
var suffixes = map[string][]string{
	mermaidFormat: {".mmd", ".md"}, svgFormat: {".svg"}, textFormat: {".txt"},
}

// pictureFlags say how a picture is written, and where.
type pictureFlags struct{ format, output string }

func (f *pictureFlags) register(c *cobra.Command, formats string) {
	c.Flags().StringVar(&f.format, "format", "", formats)
	c.Flags().StringVarP(&f.output, "output", "o", "", "the file to write, instead of printing")
}

// chosen returns the format that --format or the name of the file asks for; the first of the formats if neither does.
func (f *pictureFlags) chosen(formats ...string) (string, error) {
	named := strings.ToLower(f.format)
	if f.format != "" && !slices.Contains(formats, named) {
		return "", hint.New(fmt.Errorf("there is no format %q", f.format), "the formats are "+strings.Join(formats, " and "))
	}
	if f.output == "" || f.output == "-" {
		if named == "" {
			named = formats[0]
		}
		return named, nil
	}
	suffix := strings.ToLower(filepath.Ext(f.output))
	var known []string
	for _, format := range formats {
		known = append(known, suffixes[format]...)
		if !slices.Contains(suffixes[format], suffix) {
			continue
		}
		if named != "" && named != format {
			return "", hint.New(fmt.Errorf("--format %s and %s cannot go together", named, f.output),
				"leave one of them out: a file that ends with "+suffix+" is "+format)
		}
		return format, nil
	}
	if named != "" {
		return named, nil
	}
	return "", hint.New(fmt.Errorf("%s does not say what format to write", f.output),
		"end its name with "+strings.Join(known, ", ")+", or add --format")
}

// deliver prints a picture, or writes it into a file.
func (s *session) deliver(path, format, text string) error {
	if path == "" || path == "-" {
		s.printer().text(text)
		return nil
	}
	if format == mermaidFormat && strings.EqualFold(filepath.Ext(path), ".md") {
		var err error
		if text, err = intoMarkdown(path, text); err != nil {
			return err
		}
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // for everybody to read, as sources are
		return fmt.Errorf("write the picture: %w", err)
	}
	s.printer().made("Generating", path)
	return nil
}

// The fences of a block of Mermaid in Markdown.
const (
	fence     = "```"
	openFence = fence + "mermaid\n"
)

// intoMarkdown returns the text of a Markdown file with the diagram in place of the first block of Mermaid that is
// empty or a diagram of tables. A new file has only the diagram.
func intoMarkdown(path, diagram string) (string, error) {
	old, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return openFence + diagram + fence + "\n", nil
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	text := strings.ReplaceAll(string(old), "\r\n", "\n")
	for from := 0; ; {
		at := strings.Index(text[from:], openFence)
		if at < 0 {
			return "", hint.New(fmt.Errorf("%s has no diagram to replace", path),
				"put an empty block into it where the diagram belongs: a line "+openFence[:len(openFence)-1]+" and a line "+fence)
		}
		from += at + len(openFence)
		end := strings.Index(text[from:], fence)
		if end < 0 {
			return "", hint.New(fmt.Errorf("a block of %s has no end", path), "add a line "+fence)
		}
		if body := text[from : from+end]; strings.TrimSpace(body) == "" ||
			strings.HasPrefix(strings.TrimSpace(body), "erDiagram") {
			text = text[:from] + diagram + text[from+end:]
			if strings.Contains(string(old), "\r\n") {
				text = strings.ReplaceAll(text, "\n", "\r\n")
			}
			return text, nil
		}
		from += end + len(fence)
	}
}
