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

// The formats of pictures, as in --format.
const (
	mermaidFormat = "mermaid"
	svgFormat     = "svg"
	textFormat    = "text"
)

// suffixes are the file name extensions of each format.
var suffixes = map[string][]string{
	mermaidFormat: {".mmd", ".md"}, svgFormat: {".svg"}, textFormat: {".txt"},
}

// pictureFlags are the format and the file of a picture.
type pictureFlags struct{ format, output string }

func (f *pictureFlags) register(c *cobra.Command, formats string) {
	c.Flags().StringVar(&f.format, "format", "", formats)
	c.Flags().StringVarP(&f.output, "output", "o", "", "the file to write, instead of printing")
}

// chooseFormat returns the format given by --format or by the extension of the file, or the first of the formats.
func (f *pictureFlags) chooseFormat(formats ...string) (string, error) {
	named := strings.ToLower(f.format)
	if f.format != "" && !slices.Contains(formats, named) {
		return "", hint.New(fmt.Errorf("unknown format %q", f.format), "the formats are "+strings.Join(formats, " and "))
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
				"leave one of them out: the format of "+suffix+" is "+format)
		}
		return format, nil
	}
	if named != "" {
		return named, nil
	}
	return "", hint.New(fmt.Errorf("%s does not say what format to write", f.output),
		"end its name with "+strings.Join(known, ", ")+", or add --format")
}

// writePicture prints a picture, or writes it to a file.
func (s *session) writePicture(path, format, text string) error {
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
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // readable by all, like sources
		return fmt.Errorf("write the picture: %w", err)
	}
	s.program.printDone("Generating", path)
	return nil
}

// The fences of a Mermaid block in Markdown.
const (
	fence     = "```"
	openFence = fence + "mermaid\n"
)

// intoMarkdown returns the text of a Markdown file with the diagram in place of its first Mermaid block that is empty
// or a diagram of tables. A new file holds only the diagram.
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
				"add an empty block where the diagram belongs: a line "+openFence[:len(openFence)-1]+" and a line "+fence)
		}
		from += at + len(openFence)
		end := strings.Index(text[from:], fence)
		if end < 0 {
			return "", hint.New(fmt.Errorf("a Mermaid block in %s is not closed", path), "add a line "+fence)
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
