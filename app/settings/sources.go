package settings

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"guestlist/app/database"
)

// The sources of values.
const (
	fromEnvironment = "environment"
	fromEnvFile     = ".env"
	fromDefault     = "default"
)

// Setting is a setting that the program has read.
type Setting struct {
	Name, Value string // Value is redacted; "" if unset
	Source      string // environment, .env, default, or the setting NAME_FILE
}

// Known registers settings that the program does not read in every run, so that Unknown does not warn of them. It does
// not read their files.
func (s *Settings) Known(names ...string) {
	for _, name := range names {
		if _, done := s.read[name]; !done {
			s.read[name] = cmp.Or(strings.TrimSpace(s.values.GetString(name)), s.fileOf(name))
		}
	}
}

// All returns the settings that were read, sorted by name.
func (s *Settings) All() []Setting {
	all := make([]Setting, 0, len(s.read))
	for name, value := range s.read {
		source := fromDefault
		switch {
		case s.isSet(name):
			source = s.sources[name]
		case s.fileOf(name) != "":
			source = name + fileSuffix
		}
		all = append(all, Setting{name, redact(name, value), source})
	}
	slices.SortFunc(all, func(a, b Setting) int { return strings.Compare(a.Name, b.Name) })
	return all
}

const hidden = "(hidden)"

var secretName = regexp.MustCompile(`SECRET|_(KEY|PASSWORD|TOKEN|HEADERS)$`)

// redact returns a value without its secrets.
func redact(name, value string) string {
	switch {
	case value == "":
		return ""
	case secretName.MatchString(name):
		return hidden
	case strings.HasSuffix(name, "_URLS"):
		urls := strings.Fields(value)
		for i := range urls {
			if urls[i] = redactURL(urls[i]); urls[i] == hidden { // a password may contain a space
				return hidden
			}
		}
		return strings.Join(urls, " ")
	case strings.HasSuffix(name, "_URL") || strings.Contains(value, "://"):
		return redactURL(value)
	}
	return value
}

// redactURL hides the password in a URL. It hides all of a text that is not a URL, since the password may be anywhere
// in it.
func redactURL(text string) string {
	u, err := database.ParseURL(text)
	if err != nil || !strings.Contains(text, "://") || strings.ContainsRune(u.Path, '@') || u.Fragment != "" {
		return hidden
	}
	query := u.Query()
	for key := range query {
		if lower := strings.ToLower(key); strings.Contains(lower, "pass") || strings.Contains(lower, "secret") {
			query.Set(key, "xxxxx")
			u.RawQuery = query.Encode()
		}
	}
	return u.Redacted()
}

// foreignPrefixes are prefixes of names that other programs read from the same file .env.
var foreignPrefixes = []string{"POSTGRES_", "MAILPIT_", "COMPOSE_", "DOCKER_"}

func isForeign(name string) bool {
	return slices.ContainsFunc(foreignPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// otelPrefix is the prefix of names that are set for many programs at once. This program does not read most of them.
const otelPrefix = "OTEL_"

// serviceLink matches names that orchestrators set for other services, such as MAIL_SERVICE_HOST.
var serviceLink = regexp.MustCompile(`_SERVICE_|_PORT(_|$)`)

// Unknown returns a warning for each name that was not read but may be meant as a setting. In .env, that is every name
// except those of other programs; in the environment, names with the prefix of a setting or close to one. Call it after
// all settings have been read. Warnings contain no values.
func (s *Settings) Unknown() []string {
	var warnings []string
	for _, name := range slices.Sorted(maps.Keys(s.sources)) {
		if _, known := s.read[name]; known || s.isFileOf(name) {
			continue
		}
		inFile := s.sources[name] == fromEnvFile
		near, almost := s.nearest(name)
		switch {
		case almost:
		case strings.HasPrefix(name, otelPrefix):
			continue
		case inFile && isForeign(name):
			continue
		case !inFile && (serviceLink.MatchString(name) || !samePrefix(name, near)):
			continue
		}
		place := "the environment"
		if inFile {
			place = fromEnvFile
		}
		warning := fmt.Sprintf("%s in %s is not a setting", name, place)
		if almost || samePrefix(name, near) {
			warning += "; did you mean " + near + "?"
		}
		warnings = append(warnings, warning)
	}
	return warnings
}

// isFileOf reports whether name is NAME_FILE of a setting NAME that can be read from a file.
func (s *Settings) isFileOf(name string) bool {
	setting, ok := strings.CutSuffix(name, fileSuffix)
	_, known := s.read[setting]
	return ok && known && mayBeSecret(setting)
}

// nearest returns the setting with the nearest name, preferably with the same prefix, and reports whether the names
// differ by at most two letters, or by one if the name is short and may well be another program's: HOME is not a
// misspelt HOST. Underscores and the order of words do not count.
func (s *Settings) nearest(name string) (setting string, almost bool) {
	best := -1
	for _, candidate := range slices.Sorted(maps.Keys(s.read)) {
		d := min(distance(name, candidate), distance(sortWords(name), sortWords(candidate)),
			distance(withoutUnderscores(name), withoutUnderscores(candidate)))
		if d > 2 && strings.HasPrefix(candidate, otelPrefix) {
			continue // these long names resemble many others
		}
		ranked := 2 * d
		if prefix(name) != prefix(candidate) {
			ranked++
		}
		if best < 0 || ranked < best {
			best, setting = ranked, candidate
		}
	}
	allowed := 2
	if len(setting) < len("DEBUG") {
		allowed = 1
	}
	return setting, best >= 0 && best/2 <= allowed
}

// samePrefix reports whether both names have the same prefix. The NO of NO_COLOR is not a prefix.
func samePrefix(name, setting string) bool {
	first := prefix(name)
	return first != "" && first != "NO" && first == prefix(setting)
}

// prefix returns the part of a name before the first underscore; "" if there is none.
func prefix(name string) string {
	first, _, several := strings.Cut(name, "_")
	if !several {
		return ""
	}
	return first
}

func withoutUnderscores(name string) string { return strings.ReplaceAll(name, "_", "") }

// sortWords returns the name with its words in alphabetical order.
func sortWords(name string) string {
	words := strings.Split(name, "_")
	slices.Sort(words)
	return strings.Join(words, "_")
}

// distance returns the number of insertions, deletions, replacements and swaps of neighbouring letters that turn a into
// b.
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
