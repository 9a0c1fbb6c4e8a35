package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLinks checks that links between the pages lead to files that exist, and to headings by the anchors that a site
// gives them.
func TestLinks(t *testing.T) {
	t.Parallel()
	var pages []string
	for _, pattern := range []string{"*.md", "app/*.md", "docs/*.md", "migrations/*.md", ".deploy/*.md", ".github/*.md"} {
		found, err := filepath.Glob(filepath.Join("..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	if len(pages) < 5 {
		t.Fatalf("got the pages %v, want more", pages)
	}
	links := 0
	for _, page := range pages {
		for _, link := range linkPattern.FindAllStringSubmatch(prose(t, page), -1) {
			target, fragment, _ := strings.Cut(link[1], "#")
			if strings.Contains(target, ":") { // elsewhere
				continue
			}
			path := page
			if target != "" {
				path = filepath.Join(filepath.Dir(page), target)
			}
			links++
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: got a link to %s, want one to a file that exists", page, link[1])
			} else if fragment != "" && !hasHeading(prose(t, path), fragment) {
				t.Errorf("%s: got a link to %s, want one to a heading that exists", page, link[1])
			}
		}
	}
	if links < 50 {
		t.Errorf("got %d links, want more", links)
	}
}

var (
	linkPattern    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headingPattern = regexp.MustCompile(`(?m)^#+ (.*)$`)
	codePattern    = regexp.MustCompile("(?s)```.*?```|`[^`]*`")
	noAnchor       = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// prose returns a page without its code.
func prose(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return codePattern.ReplaceAllString(string(text), "")
}

// hasHeading reports whether a page has the heading that a fragment names: in lower case, with hyphens for blanks.
func hasHeading(page, fragment string) bool {
	for _, heading := range headingPattern.FindAllStringSubmatch(page, -1) {
		anchor := noAnchor.ReplaceAllString(strings.ToLower(heading[1]), "")
		if strings.ReplaceAll(anchor, " ", "-") == fragment {
			return true
		}
	}
	return false
}
