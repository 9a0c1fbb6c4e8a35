package settings

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// fileSuffix, after the name of a setting NAME, gives the setting NAME_FILE, the path of a file with the value.
// Orchestrators provide secrets as files.
const fileSuffix = "_FILE"

// mayBeSecret reports whether a setting can be read from a file.
func mayBeSecret(name string) bool {
	return secretName.MatchString(name) || strings.HasSuffix(name, "_URL") || strings.HasSuffix(name, "_URLS")
}

// fileOf returns the path in NAME_FILE; "" if it is not set, or the setting cannot be read from a file.
func (s *Settings) fileOf(name string) string {
	if !mayBeSecret(name) {
		return ""
	}
	return strings.TrimSpace(s.values.GetString(name + fileSuffix))
}

// secretFile returns the trimmed contents of the file that NAME_FILE names, which it reads once; "" if NAME_FILE is not
// set. Errors name the file and quote nothing of it.
func (s *Settings) secretFile(name string) string {
	path := s.fileOf(name)
	if path == "" {
		return ""
	}
	if text, done := s.files[name]; done {
		return text
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.dir, path)
	}
	content, err := readFile(path)
	text := strings.TrimSpace(string(content))
	s.files[name] = text
	switch {
	case s.isSet(name):
		s.Failf(name+fileSuffix, "is set, and so is %s: set only one of them", name)
	case err != nil:
		s.Failf(name+fileSuffix, "cannot be read: %v", err)
	case text == "":
		s.Failf(name+fileSuffix, "%s is empty", path)
	}
	return text
}

// maxFile is the maximum size of a secret's file in bytes. Some files, such as /dev/zero, have no end.
const maxFile = 64 << 10

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(content) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", path, maxFile)
	}
	return content, err
}

// isSet reports whether the setting itself has a value; NAME_FILE does not count.
func (s *Settings) isSet(name string) bool { return strings.TrimSpace(s.values.GetString(name)) != "" }
