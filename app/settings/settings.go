// Package settings reads the program's settings from the environment and a file .env, and collects errors so that all
// are reported together.
package settings

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/viper"
)

// Settings reads values. Each method returns the value of the named variable and records any error: see Err.
type Settings struct {
	values  *viper.Viper
	sources map[string]string // the source of every name that is set
	files   map[string]string // the contents of the files in NAME_FILE, by NAME
	read    map[string]string // the first result of Text, by name
	dir     string
	errs    []error
}

// Read returns the settings from environ, in the form of os.Environ, and those that it lacks from the file .env in dir.
// An empty value counts as unset.
func Read(dir string, environ []string) (*Settings, error) {
	values := viper.NewWithOptions(viper.KeyDelimiter("\x00")) // no name is a path
	values.SetConfigFile(filepath.Join(dir, ".env"))
	values.SetConfigType("dotenv")
	err := values.ReadInConfig()
	if file, unreadable := errors.AsType[*fs.PathError](err); unreadable && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(".env: cannot be read: %w", file.Err)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(".env: has a line that is not of the form NAME=value") // err may quote a secret
	}
	sources := map[string]string{}
	for _, key := range values.AllKeys() {
		sources[strings.ToUpper(key)] = fromEnvFile
	}
	for _, variable := range environ {
		// Viper ignores case; a shell's own variables, such as host, are not settings.
		if name, value, _ := strings.Cut(variable, "="); value != "" && name == strings.ToUpper(name) {
			values.Set(name, value)
			sources[name] = fromEnvironment
		}
	}
	return &Settings{values: values, sources: sources, files: map[string]string{}, read: map[string]string{},
		dir: dir}, nil
}

// Err returns all recorded errors, joined, or nil.
func (s *Settings) Err() error { return errors.Join(s.errs...) }

// Failf records an error of the named variable.
func (s *Settings) Failf(name, format string, arguments ...any) {
	s.errs = append(s.errs, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, arguments...)))
}

// Text returns the value without surrounding spaces, or fallback if it is unset. A value that may be secret can also
// come from the file that NAME_FILE names.
func (s *Settings) Text(name, fallback string) string {
	value := cmp.Or(strings.TrimSpace(s.values.GetString(name)), s.secretFile(name), fallback)
	if _, done := s.read[name]; !done {
		s.read[name] = value
	}
	return value
}

// Checked is Text for a value that must pass a check; an empty one passes.
func (s *Settings) Checked(name, fallback string, check func(text string) error) string {
	text := s.Text(name, fallback)
	if text == "" {
		return ""
	}
	if err := check(text); err != nil {
		s.Failf(name, "%v", err)
	}
	return text
}

// List splits the value at commas and omits empty parts.
func (s *Settings) List(name string) (list []string) {
	for part := range strings.SplitSeq(s.Text(name, ""), ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// Parsed returns the result of parse for the value.
func Parsed[T any](s *Settings, name, fallback string, parse func(text string) (T, error)) T {
	value, err := parse(s.Text(name, fallback))
	if err != nil {
		s.Failf(name, "%v", err)
	}
	return value
}

// Flag parses True or False.
func (s *Settings) Flag(name string, fallback bool) bool {
	switch text := strings.ToLower(s.Text(name, strconv.FormatBool(fallback))); text {
	case "true", "1", "yes", "on":
		return true
	case "false", "0", "no", "off":
		return false
	default:
		s.Failf(name, "%q is neither True nor False", text)
		return fallback
	}
}

// Number parses a whole number from least to most.
func (s *Settings) Number(name string, fallback, least, most int) int {
	text := s.Text(name, strconv.Itoa(fallback))
	number, err := strconv.Atoi(text)
	if err != nil || number < least || number > most {
		s.Failf(name, "%q is not a whole number from %d to %d", text, least, most)
	}
	return number
}

// Duration parses a duration of at least least.
func (s *Settings) Duration(name string, fallback, least time.Duration) time.Duration {
	text := s.Text(name, fallback.String())
	duration, err := time.ParseDuration(text)
	if err != nil || duration < least {
		s.Failf(name, "%q is not a duration of at least %v, such as 30s, 15m or 336h", text, least)
	}
	return duration
}

// Limit parses a whole number from 1 to most, or off, for which it returns 0.
func (s *Settings) Limit(name string, fallback, most int) int {
	text := s.Text(name, strconv.Itoa(fallback))
	if strings.EqualFold(text, "off") {
		return 0
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > most {
		s.Failf(name, "%q is neither off nor a whole number from 1 to %d", text, most)
	}
	return number
}
