// Package logging creates the program's logger: readable lines on a terminal, otherwise one JSON object per line.
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

// Format is the format of log lines.
type Format string

// The formats. Auto is Text on a terminal or while debugging, otherwise JSON.
const (
	Auto Format = "auto"
	Text Format = "text"
	JSON Format = "json"
)

// LinkKey is the key of an attribute with a link. In Text, the link gets its own line, where it is easy to click.
const LinkKey = "link"

// Options are the options of a logger.
type Options struct {
	Format  Format
	Level   slog.Level // the lowest level to log
	People  bool       // whether Auto is Text
	NoColor bool
}

// Text reports whether the format is Text, for these options.
func (o Options) Text() bool { return o.Format == Text || o.Format != JSON && o.People }

// ParseFormat returns the format named text.
func ParseFormat(text string) (Format, error) {
	switch format := Format(strings.ToLower(text)); format {
	case Auto, Text, JSON:
		return format, nil
	}
	return "", fmt.Errorf("%q is not auto, text or json", text)
}

// DefaultLevel returns the name of the default level.
func DefaultLevel(debugging bool) string {
	if debugging {
		return "debug"
	}
	return "info"
}

// ParseLevel returns the level named text.
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
	return 0, fmt.Errorf("%q is not debug, info, warn or error", text)
}

// New returns a logger that writes to out. It logs durations in milliseconds, with _ms added to their names. If out is
// a Buffer, lines above info are flushed immediately.
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

// inMilliseconds converts durations to milliseconds and adds the unit to their names.
func inMilliseconds(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		return slog.Float64(a.Key+"_ms", float64(a.Value.Duration().Round(time.Microsecond))/float64(time.Millisecond))
	}
	return a
}

// forPeople is inMilliseconds for text, where messages must not contain line breaks or escape sequences.
func forPeople(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.MessageKey && a.Value.Kind() == slog.KindString {
		return slog.String(a.Key, printable(a.Value.String()))
	}
	return inMilliseconds(groups, a)
}

// printable escapes characters that are not printable.
func printable(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }) < 0 {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// people is a handler for Text that puts links on their own lines.
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
