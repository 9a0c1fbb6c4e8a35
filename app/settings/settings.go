// Package settings reads the program's settings from the environment and a file .env, and collects what is wrong with
// them, so that all of it is told at once.
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

// Settings reads values. Each method takes the variable's name, answers what it says, and notes what is wrong with it.
type Settings struct {
	values  *viper.Viper
	sources map[string]string // of every name that is set
	files   map[string]string // what the files hold that NAME_FILE names, by NAME
	read    map[string]string // what Text returned first
	dir     string
	wrong   []error
}

// Read returns the settings in environ, of the form of os.Environ, and, where that has none, in the file .env of dir.
// An empty value counts as none.
func Read(dir string, environ []string) (*Settings, error) {
	values := viper.NewWithOptions(viper.KeyDelimiter("\x00")) // no name is a path
	values.SetConfigFile(filepath.Join(dir, ".env"))
	values.SetConfigType("dotenv")
	err := values.ReadInConfig()
	if file, unreadable := errors.AsType[*fs.PathError](err); unreadable && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(".env: cannot be read: %w", file.Err)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(".env: is not made of lines of the form NAME=value") // the reason may quote a secret
	}
	sources := map[string]string{}
	for _, key := range values.AllKeys() {
		sources[strings.ToUpper(key)] = fromFile
	}
	for _, variable := range environ {
		// Viper takes names in any case; variables of a shell's own, such as host, are not meant.
		if name, value, _ := strings.Cut(variable, "="); value != "" && name == strings.ToUpper(name) {
			values.Set(name, value)
			sources[name] = fromEnvironment
		}
	}
	return &Settings{values: values, sources: sources, files: map[string]string{}, read: map[string]string{},
		dir: dir}, nil
}

// Err returns all that was wrong, by the variables' names; nil if nothing was.
func (s *Settings) Err() error { return errors.Join(s.wrong...) }

// Failf notes what is wrong with a value.
func (s *Settings) Failf(name, format string, arguments ...any) {
	s.wrong = append(s.wrong, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, arguments...)))
}

// Text returns the value, without spaces around it, or the standard where there is none. One that may be secret is also
// taken from the file that NAME_FILE names.
func (s *Settings) Text(name, standard string) string {
	value := cmp.Or(strings.TrimSpace(s.values.GetString(name)), s.fromFile(name), standard)
	if _, again := s.read[name]; !again {
		s.read[name] = value
	}
	return value
}

// Checked is Text for a value that has to pass a check; none passes.
func (s *Settings) Checked(name, standard string, check func(text string) error) string {
	text := s.Text(name, standard)
	if text == "" {
		return ""
	}
	if err := check(text); err != nil {
		s.Failf(name, "%v", err)
	}
	return text
}

// List returns what stands between commas.
func (s *Settings) List(name string) (list []string) {
	for part := range strings.SplitSeq(s.Text(name, ""), ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// Parsed returns what a feature makes of the text.
func Parsed[T any](s *Settings, name, standard string, parse func(text string) (T, error)) T {
	value, err := parse(s.Text(name, standard))
	if err != nil {
		s.Failf(name, "%v", err)
	}
	return value
}

// Flag returns True or False.
func (s *Settings) Flag(name string, standard bool) bool {
	switch text := strings.ToLower(s.Text(name, strconv.FormatBool(standard))); text {
	case "true", "1", "yes", "on":
		return true
	case "false", "0", "no", "off":
		return false
	default:
		s.Failf(name, "%q is neither True nor False", text)
		return standard
	}
}

// Number returns a whole number from least to most.
func (s *Settings) Number(name string, standard, least, most int) int {
	text := s.Text(name, strconv.Itoa(standard))
	number, err := strconv.Atoi(text)
	if err != nil || number < least || number > most {
		s.Failf(name, "%q is not a whole number from %d to %d", text, least, most)
	}
	return number
}

// Duration returns a duration of at least least.
func (s *Settings) Duration(name string, standard, least time.Duration) time.Duration {
	text := s.Text(name, standard.String())
	duration, err := time.ParseDuration(text)
	if err != nil || duration < least {
		s.Failf(name, "%q is not a duration of at least %v, such as 30s, 15m or 336h", text, least)
	}
	return duration
}

// Limit returns a number from 1 to most, or 0 for off.
func (s *Settings) Limit(name string, standard, most int) int {
	text := s.Text(name, strconv.Itoa(standard))
	if strings.EqualFold(text, "off") {
		return 0
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > most {
		s.Failf(name, "%q is neither off nor a whole number from 1 to %d", text, most)
	}
	return number
}
