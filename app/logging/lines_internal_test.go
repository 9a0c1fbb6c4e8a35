package logging

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"testing"
	"time"
)

// TestLinesAsSlogWritesThem compares the lines of the handler for busy servers with those of slog's handler, which it
// bypasses.
func TestLinesAsSlogWritesThem(t *testing.T) {
	t.Parallel()
	at := time.Date(2030, time.May, 4, 5, 6, 7, 89_000_000, time.FixedZone("", 3600))
	for name, attrs := range map[string][]slog.Attr{
		"none":  nil,
		"texts": {slog.String("route", "/api/v1/user"), slog.String("empty", "")},
		"escapes": {slog.String("route", "a \"b\" \\ <&>"), slog.String("line", "a\nb"),
			slog.String("é", "\xff\u2028")},
		"numbers":          {slog.Int("status", 200), slog.Int64("least", math.MinInt64), slog.Float64("f", 1e30)},
		"durations":        {slog.Duration("a", 1234567), slog.Duration("b", 0), slog.Duration("c", -time.Hour)},
		"long, tiny":       {slog.Duration("d", math.MaxInt64), slog.Duration("e", 1), slog.Duration("f", 500)},
		"others":           {slog.Bool("b", true), slog.Any("error", errors.New("no")), slog.Time("t", at)},
		"groups":           {slog.Group("g", slog.Duration("took", time.Second)), {}},
		"after an odd one": {slog.String("a", "\n"), slog.String("b", "c")},
	} {
		for _, zone := range []*time.Location{time.UTC, at.Location()} {
			var want, got bytes.Buffer
			options := &slog.HandlerOptions{ReplaceAttr: inMilliseconds}
			record := slog.NewRecord(at.In(zone), slog.LevelInfo+1, "request", 0)
			record.AddAttrs(attrs...)
			buffer := NewBuffer(&got, func(time.Duration, func()) {})
			handler := lines{slog.NewJSONHandler(buffer, options), buffer}
			if err := errors.Join(slog.NewJSONHandler(&want, options).Handle(context.Background(), record),
				handler.Handle(context.Background(), record)); err != nil {
				t.Error(err)
			}
			if got.String() != want.String() {
				t.Errorf("%s: got\n%swant\n%s", name, &got, &want)
			}
		}
	}
}

// BenchmarkLines writes a request's line, with the handler that New returns and with the one that it bypasses.
func BenchmarkLines(b *testing.B) {
	buffer := NewBuffer(io.Discard, func(time.Duration, func()) {})
	complete := slog.NewJSONHandler(buffer, &slog.HandlerOptions{ReplaceAttr: inMilliseconds})
	for name, handler := range map[string]slog.Handler{"slog": complete, "lines": lines{complete, buffer}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				record := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
				record.AddAttrs(slog.String("request_id", "0123456789abcdef0123456789abcdef"), slog.String("method", "GET"),
					slog.String("route", "/api/v1/user"), slog.Int("status", 200), slog.Int("bytes", 96),
					slog.Duration("duration", 123456), slog.String("client", "127.0.0.1"), slog.Int64("user_id", 7))
				if err := handler.Handle(b.Context(), record); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
