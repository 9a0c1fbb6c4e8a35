package cli

import (
	"runtime/debug"
	"strings"
)

// version returns what the Go tool noted when it built the program, in one line; and in a second one how to have the
// commit noted where it is not.
func (p *Program) version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return p.Name + ", built without a note of its version\n"
	}
	return describe(p.Name, info)
}

func describe(name string, info *debug.BuildInfo) string {
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	words := []string{name}
	number, commit := info.Main.Version, settings["vcs.revision"]
	known := number != "" && number != "(devel)"
	if known {
		words = append(words, number)
	}
	if commit != "" {
		words = append(words, commit)
	}
	if settings["vcs.modified"] == "true" {
		words = append(words, "(with changes that are not committed)")
	}
	if known || commit != "" {
		return strings.Join(append(words, info.GoVersion), " ") + "\n"
	}
	return strings.Join(append(words, "built without a commit", info.GoVersion), " ") +
		"\nto have the commit here, build with: go build -buildvcs=true . in a checkout with Git\n"
}

// number returns the version of the program in one word, for other programs: that of its module, else the commit that
// it was built from; empty if the Go tool noted neither.
func number() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return numberOf(info)
}

func numberOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value
		}
	}
	return ""
}
