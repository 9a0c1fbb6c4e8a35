// Package logging makes the program's log: lines for people on a terminal, a JSON object a line elsewhere.
package logging

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lmittmann/tint"
)

// Format is how lines are written.
type Format string

// The formats. Auto is Text for people, on a terminal or while debugging, and JSON elsewhere.
const (
	Auto Format = "auto"
	Text Format = "text"
	JSON Format = "json"
)

// LinkKey names the attribute with a link to open. In text it has a line of its own, so that it is easy to click.
const LinkKey = "link"

// Options says how to log.
type Options struct {
	Format  Format
	Level   slog.Level // lines below it are left out
	People  bool       // what Auto goes by: people read the lines
	NoColor bool
}

// Text reports whether the lines are for people.
func (o Options) Text() bool { return o.Format == Text || o.Format != JSON && o.People }

// ParseFormat returns the format that a setting names.
func ParseFormat(text string) (Format, error) {
	switch format := Format(strings.ToLower(text)); format {
	case Auto, Text, JSON:
		return format, nil
	}
	return "", fmt.Errorf("%q is none of auto, text and json", text)
}

// StandardLevel returns the name of the level that counts where none is set.
func StandardLevel(debugging bool) string {
	if debugging {
		return "debug"
	}
	return "info"
}

// ParseLevel returns the level that a setting names.
func ParseLevel(text string) (slog.Level, error) {
	switch strings.ToLower(text) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("%q is none of debug, info, warn and error", text)
}

// New returns a log that writes to out. Durations are milliseconds in it, and their names end in _ms. If out is a
// Buffer,
// lines above info do not wait in it.
func New(out io.Writer, o Options) *slog.Logger {
	if !o.Text() {
		var handler slog.Handler = slog.NewJSONHandler(out, &slog.HandlerOptions{Level: o.Level, ReplaceAttr: inMilliseconds})
		if buffer, ok := out.(*Buffer); ok {
			handler = urgent{lines{handler, buffer}, buffer}
		}
		return slog.New(handler)
	}
	lines := tint.NewTextHandler(out, &tint.Options{
		Level: o.Level, TimeFormat: "15:04:05.000", NoColor: o.NoColor, ReplaceAttr: forPeople,
	})
	return slog.New(people{Handler: lines, out: out, turn: new(sync.Mutex)})
}

// inMilliseconds gives every duration the same unit, and a name that says it.
func inMilliseconds(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		return slog.Float64(a.Key+"_ms", float64(a.Value.Duration().Round(time.Microsecond))/float64(time.Millisecond))
	}
	return a
}

// forPeople is inMilliseconds for text, where a message must not bring lines or a terminal's commands of its own.
func forPeople(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.MessageKey && a.Value.Kind() == slog.KindString {
		return slog.String(a.Key, printable(a.Value.String()))
	}
	return inMilliseconds(groups, a)
}

// printable escapes what is not to be seen.
func printable(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }) < 0 {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// people is a handler of lines for people, which gives links a line of their own.
type people struct {
	slog.Handler

	out  io.Writer
	turn *sync.Mutex // keeps a link below its line
}

// Handle implements slog.Handler.
func (p people) Handle(ctx context.Context, record slog.Record) error {
	links := ""
	line := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	record.Attrs(func(a slog.Attr) bool {
		if link := a.Value.String(); a.Key == LinkKey && link != "" {
			links += "  " + printable(link) + "\n"
		} else {
			line.AddAttrs(a)
		}
		return true
	})
	p.turn.Lock()
	defer p.turn.Unlock()
	if err := p.Handler.Handle(ctx, line); err != nil || links == "" {
		return err
	}
	_, err := io.WriteString(p.out, links)
	return err
}

// WithAttrs implements slog.Handler.
func (p people) WithAttrs(attrs []slog.Attr) slog.Handler {
	p.Handler = p.Handler.WithAttrs(attrs)
	return p
}

// WithGroup implements slog.Handler.
func (p people) WithGroup(name string) slog.Handler {
	p.Handler = p.Handler.WithGroup(name)
	return p
}
