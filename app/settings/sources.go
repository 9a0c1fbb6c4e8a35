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

// Where a value comes from.
const (
	fromEnvironment = "environment"
	fromFile        = ".env"
	fromDefault     = "default"
)

// Setting is a setting that the program has read.
type Setting struct {
	Name, Value string // of a secret, what is not secret about it; "" if there is none
	Source      string // environment, .env, default, or the setting that names its file
}

// Known notes names that the program reads at other times only. Their files are not read.
func (s *Settings) Known(names ...string) {
	for _, name := range names {
		if _, again := s.read[name]; !again {
			s.read[name] = cmp.Or(strings.TrimSpace(s.values.GetString(name)), s.fileOf(name))
		}
	}
}

// All returns what was read, by name.
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
		all = append(all, Setting{name, shown(name, value), source})
	}
	slices.SortFunc(all, func(a, b Setting) int { return strings.Compare(a.Name, b.Name) })
	return all
}

const hidden = "(hidden)"

var secretName = regexp.MustCompile(`SECRET|_(KEY|PASSWORD|TOKEN|HEADERS)$`)

// shown returns a value without what is secret about it.
func shown(name, value string) string {
	switch {
	case value == "":
		return ""
	case secretName.MatchString(name):
		return hidden
	case strings.HasSuffix(name, "_URLS"):
		urls := strings.Fields(value)
		for i := range urls {
			if urls[i] = withoutPassword(urls[i]); urls[i] == hidden { // a password may have a space
				return hidden
			}
		}
		return strings.Join(urls, " ")
	case strings.HasSuffix(name, "_URL") || strings.Contains(value, "://"):
		return withoutPassword(value)
	}
	return value
}

// withoutPassword hides the password in a URL, and all of what is not one, which may hold it anywhere.
func withoutPassword(text string) string {
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

// foreign are beginnings of names that other programs read from the same file .env.
var foreign = []string{"POSTGRES_", "MAILPIT_", "COMPOSE_", "DOCKER_"}

// shared begins names that are set for many programs at once. Most of them mean nothing to this program.
const shared = "OTEL_"

// linked are names that orchestrators set for the services beside the program, such as MAIL_SERVICE_HOST.
var linked = regexp.MustCompile(`_SERVICE_|_PORT(_|$)`)

// Unknown returns, once all settings were read, a warning for each name that nothing reads and that is perhaps meant
// for a setting: any in .env but those of other programs; in the environment those that begin as settings do, or are
// almost one. The values are not in it.
func (s *Settings) Unknown() []string {
	var warnings []string
	for _, name := range slices.Sorted(maps.Keys(s.sources)) {
		if _, known := s.read[name]; known || s.isFileOf(name) {
			continue
		}
		inFile := s.sources[name] == fromFile
		near, almost := s.nearest(name)
		switch {
		case almost:
		case strings.HasPrefix(name, shared):
			continue
		case inFile && slices.ContainsFunc(foreign, func(prefix string) bool { return strings.HasPrefix(name, prefix) }):
			continue
		case !inFile && (linked.MatchString(name) || !beginsAlike(name, near)):
			continue
		}
		place := "the environment"
		if inFile {
			place = fromFile
		}
		warning := fmt.Sprintf("%s in %s is not a setting", name, place)
		if almost || beginsAlike(name, near) {
			warning += "; did you mean " + near + "?"
		}
		warnings = append(warnings, warning)
	}
	return warnings
}

// isFileOf reports whether a name is NAME_FILE of a setting NAME that can be kept in a file.
func (s *Settings) isFileOf(name string) bool {
	setting, ok := strings.CutSuffix(name, fileSuffix)
	_, known := s.read[setting]
	return ok && known && mayBeSecret(setting)
}

// nearest returns the setting whose name is the most like the given one, preferably with the same beginning, and
// reports whether they differ by two letters at most, or one where the name is so short that it may well be another's,
// as HOME beside HOST; underscores and the order of words do not count.
func (s *Settings) nearest(name string) (setting string, almost bool) {
	best := -1
	for _, candidate := range slices.Sorted(maps.Keys(s.read)) {
		d := min(distance(name, candidate), distance(plain(name), plain(candidate)),
			distance(sorted(name), sorted(candidate)))
		if d > 2 && strings.HasPrefix(candidate, shared) {
			continue // their long names are like many others
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

// beginsAlike reports whether both names have a first word, of several, and the same one. The NO of
// NO_COLOR is not the program's own.
func beginsAlike(name, setting string) bool {
	first := prefix(name)
	return first != "" && first != "NO" && first == prefix(setting)
}

func prefix(name string) string {
	first, _, several := strings.Cut(name, "_")
	if !several {
		return ""
	}
	return first
}

func plain(name string) string { return strings.ReplaceAll(name, "_", "") }

// sorted returns the words of a name in alphabetical order.
func sorted(name string) string {
	words := strings.Split(name, "_")
	slices.Sort(words)
	return strings.Join(words, "_")
}

// distance is how many letters have to be inserted, left out, replaced or exchanged with the next to make a b.
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
