package logging_test

import (
	"bytes"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"guestlist/app/logging"
)

// written returns what a log with the options writes, with TIME instead of each time.
func written(o logging.Options) string {
	var out bytes.Buffer
	log := logging.New(&out, o)
	log.Debug("a detail")
	log.Info("mail written", "file", "a b.eml", logging.LinkKey, "http://127.0.0.1:5000/verify-email/x")
	log.With("id", 7).WithGroup("g").Warn("slow", "took", 1500*time.Microsecond, "error", errors.New("no\nway"))
	log.Error("two\nlines \x1b[31m\"quoted\"")
	return regexp.MustCompile(`\d\d:\d\d:\d\d\.\d{3}|"time":"[^"]*"`).ReplaceAllString(out.String(), "TIME")
}

func TestFormats(t *testing.T) {
	t.Parallel()
	const last = "TIME ERR two\\nlines \\x1b[31m\"quoted\"\n"
	const text = "TIME INF mail written file=\"a b.eml\"\n" +
		"  http://127.0.0.1:5000/verify-email/x\n" +
		"TIME WRN slow id=7 g.took_ms=1.5 g.error=\"no\\nway\"\n" + last
	const json = `{TIME,"level":"INFO","msg":"mail written","file":"a b.eml",` +
		`"link":"http://127.0.0.1:5000/verify-email/x"}` + "\n" +
		`{TIME,"level":"WARN","msg":"slow","id":7,"g":{"took_ms":1.5,"error":"no\nway"}}` + "\n" +
		`{TIME,"level":"ERROR","msg":"two\nlines \u001b[31m\"quoted\""}` + "\n"
	for name, test := range map[string]struct {
		options logging.Options
		want    string
	}{
		"no options":         {logging.Options{}, json},
		"auto, no terminal":  {logging.Options{Format: logging.Auto, NoColor: true}, json},
		"auto, a terminal":   {logging.Options{Format: logging.Auto, People: true, NoColor: true}, text},
		"text into a file":   {logging.Options{Format: logging.Text, NoColor: true}, text},
		"JSON on a terminal": {logging.Options{Format: logging.JSON, People: true}, json},
		"with details": {logging.Options{Format: logging.Text, NoColor: true, Level: slog.LevelDebug},
			"TIME DBG a detail\n" + text},
		"only errors":          {logging.Options{Format: logging.Text, NoColor: true, Level: slog.LevelError}, last},
		"only errors, in JSON": {logging.Options{Level: slog.LevelError}, json[strings.LastIndex(json, "{TIME"):]},
	} {
		if got := written(test.options); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

// TestColors checks that a log on a terminal has colours, and that a link has a line of its own without any.
func TestColors(t *testing.T) {
	t.Parallel()
	got := written(logging.Options{Format: logging.Auto, People: true})
	for _, want := range []string{"\x1b[", "\n  http://127.0.0.1:5000/verify-email/x\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("the log lacks %q: %q", want, got)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]slog.Level{"debug": slog.LevelDebug, "Info": slog.LevelInfo, "WARN": slog.LevelWarn,
		"error": slog.LevelError} {
		if got, err := logging.ParseLevel(text); got != want || err != nil {
			t.Errorf("%s: got %v, %v; want %v, no error", text, got, err, want)
		}
	}
	for text, want := range map[string]logging.Format{"auto": logging.Auto, "TEXT": logging.Text, "json": logging.JSON} {
		if got, err := logging.ParseFormat(text); got != want || err != nil {
			t.Errorf("%s: got %v, %v; want %v, no error", text, got, err, want)
		}
	}
	if _, err := logging.ParseLevel("loud"); err == nil {
		t.Error("an unknown level is accepted")
	}
	if _, err := logging.ParseFormat("xml"); err == nil {
		t.Error("an unknown format is accepted")
	}
}
