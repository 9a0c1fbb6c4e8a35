package cli

import (
	"runtime/debug"
	"strings"
)

// version returns a line with the version and commit that the Go tool recorded in the build and, if there are none,
// another line that says how to record them.
func (p *Program) version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return p.Name + ", built without version information\n"
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
		words = append(words, "(with uncommitted changes)")
	}
	if known || commit != "" {
		return strings.Join(append(words, info.GoVersion), " ") + "\n"
	}
	return strings.Join(append(words, "built without a commit", info.GoVersion), " ") +
		"\nto record the commit, build with go build -buildvcs=true . in a Git checkout\n"
}

// number returns the version of the program for other programs: the module's version, else the commit; "" if the build
// has neither.
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
