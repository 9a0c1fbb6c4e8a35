// Package source finds the files that declare revisions, and reads their comments. The revisions themselves are
// compiled into the program.
package source

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Header is the comment above a revision's func init.
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

// Space is a no-break space. It replaces a space in messages that gofmt would reformat otherwise.
const Space = "\u00a0"

// Created returns the Create Date of the revision as written, or "".
func (h Header) Created() string {
	for _, line := range h.Long[h.fields:] {
		if value, ok := strings.CutPrefix(line, dateField); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Headers returns the comments of the revision files of a directory, by file name.
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

// Parse returns the comment above func init in the text of a file, and reports whether it names a revision.
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

// commentAbove returns the lines of the comment that ends above a line, without "// ".
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

// headerOf parses a comment, and reports whether it names a revision. The fields begin at the last line with idField,
// since a message may contain one.
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

// tidy removes the spaces that align the value of a field.
func tidy(line string) string {
	for _, field := range []string{idField, revisesField, replacesField, dateField} {
		if value, ok := strings.CutPrefix(line, field); ok {
			return field + " " + strings.TrimSpace(value)
		}
	}
	return line
}

// firstParagraph joins the lines of the first paragraph, which gofmt may have indented as a list.
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
