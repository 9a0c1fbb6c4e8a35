// Package source reads and looks for the files that revisions are declared in. It reads comments only: what a revision
// does is known from running the program that it is compiled into.
package source

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Header is what the comment above a revision's func init says.
type Header struct {
	// Message is the first paragraph, on one line.
	Message string
	// Long is the whole comment, line by line, without the comment signs.
	Long []string

	fields int // the index in Long of the line that names the revision
}

// The fields that end the comment.
const (
	idField       = "Revision ID:"
	revisesField  = "Revises:"
	replacesField = "Replaces:"
	dateField     = "Create Date:"
)

// Space is how a message writes a space that gofmt must not take for one.
const Space = "\u00a0"

// Created is when the revision was made, as its comment says; empty if it does not.
func (h Header) Created() string {
	for _, line := range h.Long[h.fields:] {
		if value, ok := strings.CutPrefix(line, dateField); ok {
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
		comment = append(comment, strings.TrimRight(line, " \t\r"))
	}
	return comment
}

// headerOf reads a comment, and reports whether it names a revision. The last line that does begins the fields, since a
// message may look like one.
func headerOf(comment []string) (Header, bool) {
	for first, line := range slices.Backward(comment) {
		if strings.HasPrefix(line, idField) {
			for i := range comment[first:] {
				comment[first+i] = tidy(comment[first+i])
			}
			return Header{Message: firstParagraph(comment[:first]), Long: comment, fields: first}, true
		}
	}
	return Header{}, false
}

// tidy takes out the spaces that align the values of the fields.
func tidy(line string) string {
	for _, field := range []string{idField, revisesField, replacesField, dateField} {
		if value, ok := strings.CutPrefix(line, field); ok {
			return field + " " + strings.TrimSpace(value)
		}
	}
	return line
}

// firstParagraph joins lines, which gofmt may have indented, as it does with those of a list.
func firstParagraph(lines []string) string {
	if end := slices.Index(lines, ""); end >= 0 {
		lines = lines[:end]
	}
	words := make([]string, 0, len(lines))
	for _, line := range lines {
		words = append(words, strings.ReplaceAll(strings.TrimSpace(line), Space, " "))
	}
	return strings.Join(words, " ")
}
