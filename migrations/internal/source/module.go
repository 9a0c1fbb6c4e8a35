package source

import (
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// ImportPath returns the import path of the package in a directory, and reports whether the directory is in a module.
func ImportPath(directory string) (string, bool) {
	directory, err := filepath.Abs(directory)
	if err != nil {
		return "", false
	}
	for root := directory; ; root = filepath.Dir(root) {
		text, err := os.ReadFile(filepath.Join(root, "go.mod"))
		if err == nil {
			below, err := filepath.Rel(root, directory)
			module := modulePath(string(text))
			return path.Join(module, filepath.ToSlash(below)), err == nil && module != ""
		}
		if root == filepath.Dir(root) {
			return "", false
		}
	}
}

// modulePath returns the path in the module directive of a go.mod: https://go.dev/ref/mod#go-mod-file-module.
func modulePath(text string) string {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "module" {
			continue
		}
		if name, err := strconv.Unquote(words[1]); err == nil {
			return name
		}
		return words[1]
	}
	return ""
}
