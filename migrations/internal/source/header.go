// Package source reads and looks for the files that revisions are declared in. It reads comments only: what a revision
// does is known from running the program that it is compiled into.
package source

import (
	"fmt"
	"io/fs"
	"strings"
)

// Header is what the comment above a revision's func init says.
type Header struct {
	// Message is the first paragraph, on one line.
	Message string
	// Long is the whole comment, line by line, without the comment signs.
	Long []string
}

// Created is when the revision was made, as its comment says; empty if it does not.
func (h Header) Created() string {
	for _, line := range h.Long {
		if value, ok := strings.CutPrefix(line, "Create Date:"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Headers reads the comments of all files of a directory, by file name. Files that declare no revision are left out.
func Headers(files fs.FS) (map[string]Header, error) {
	names, err := fs.Glob(files, "*.go")
	if err != nil {
		return nil, fmt.Errorf("list the revision files: %w", err)
	}
	headers := make(map[string]Header, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read a revision file: %w", err)
		}
		if header, ok := Parse(string(text)); ok {
			headers[name] = header
		}
	}
	return headers, nil
}

// Parse finds the comment above func init in the text of a file, and reports whether there is one that names a
// revision.
func Parse(text string) (Header, bool) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "func init()") {
			if header, ok := headerOf(commentAbove(lines, i)); ok {
				return header, true
			}
		}
	}
	return Header{}, false
}

// commentAbove returns the lines of the comment that ends above a line, without their signs.
func commentAbove(lines []string, below int) []string {
	first := below
	for first > 0 && strings.HasPrefix(lines[first-1], "//") {
		first--
	}
	var comment []string
	for _, line := range lines[first:below] {
		line = strings.TrimPrefix(strings.TrimPrefix(line, "//"), " ")
		comment = append(comment, tidy(strings.TrimRight(line, " \t\r")))
	}
	return comment
}

// tidy takes out the spaces that align the values of the last lines.
func tidy(line string) string {
	for _, field := range []string{"Revision ID:", "Revises:", "Replaces:", "Create Date:"} {
		if value, ok := strings.CutPrefix(line, field); ok {
			return field + " " + strings.TrimSpace(value)
		}
	}
	return line
}

func headerOf(comment []string) (Header, bool) {
	names := false
	for _, line := range comment {
		names = names || strings.HasPrefix(line, "Revision ID:")
	}
	return Header{Message: firstParagraph(comment), Long: comment}, names
}

func firstParagraph(comment []string) string {
	for i, line := range comment {
		if line == "" {
			comment = comment[:i]
			break
		}
	}
	if len(comment) > 0 && strings.HasPrefix(comment[0], "Revision ID:") {
		return ""
	}
	return strings.Join(comment, " ")
}
