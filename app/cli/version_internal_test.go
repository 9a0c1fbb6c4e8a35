package cli

import (
	"runtime/debug"
	"testing"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		"without a commit": {"(devel)", nil, "guestlist built without a commit go1.26.0\n" +
			"to record the commit, build with go build -buildvcs=true . in a Git checkout\n"},
		"a commit":  {"(devel)", []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}}, "guestlist abc go1.26.0\n"},
		"a version": {"v1.2.3", nil, "guestlist v1.2.3 go1.26.0\n"},
		"with changes": {"v1.2.3+dirty", []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"},
			{Key: "vcs.modified", Value: "true"}},
			"guestlist v1.2.3+dirty abc (with uncommitted changes) go1.26.0\n"},
	} {
		info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: test.version}, Settings: test.settings}
		if got := describe("guestlist", info); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	commit := []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}}
	for want, info := range map[string]*debug.BuildInfo{
		"":       {Main: debug.Module{Version: "(devel)"}},
		"abc":    {Main: debug.Module{Version: "(devel)"}, Settings: commit},
		"v1.2.3": {Main: debug.Module{Version: "v1.2.3"}, Settings: commit},
	} {
		if got := numberOf(info); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
