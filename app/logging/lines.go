package logging

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"guestlist/app/text"
)

// lines is a handler that writes what slog.JSONHandler would, with inMilliseconds, in less than half the time: a busy
// server logs a line for each request. It writes simple records, whose texts need no escapes, itself, and leaves all
// others, and those of loggers with their own attributes or groups, to the full handler.
type lines struct {
	slog.Handler

	buffer *Buffer
}

var pool = sync.Pool{New: func() any { return new(make([]byte, 0, 1<<10)) }}

// Handle implements slog.Handler.
func (l lines) Handle(ctx context.Context, record slog.Record) error {
	line := pool.Get().(*[]byte) //nolint:forcetypeassert,errcheck // see pool
	defer pool.Put(line)
	var ok bool
	if *line, ok = appendRecord((*line)[:0], &record); !ok {
		return l.Handler.Handle(ctx, record)
	}
	_, err := l.buffer.Write(*line)
	return err
}

// appendRecord appends the record's line, or reports false if the record is not simple.
func appendRecord(line []byte, record *slog.Record) (_ []byte, ok bool) {
	year := record.Time.Year()
	if record.Time.IsZero() || year < 1000 || year > 9999 || !text.IsPlainJSON(record.Message) {
		return line, false
	}
	line = record.Time.AppendFormat(append(line, `{"time":"`...), time.RFC3339Nano)
	line = append(append(line, `","level":"`...), record.Level.String()...)
	line = append(append(append(line, `","msg":"`...), record.Message...), '"')
	ok = true
	record.Attrs(func(a slog.Attr) bool {
		line, ok = appendAttr(line, a)
		return ok
	})
	return append(line, "}\n"...), ok
}

func appendAttr(line []byte, a slog.Attr) (_ []byte, ok bool) {
	if a.Key == "" || !text.IsPlainJSON(a.Key) {
		return line, false
	}
	line = append(append(line, `,"`...), a.Key...)
	switch a.Value.Kind() { //nolint:exhaustive // all others are left to the full handler
	case slog.KindString:
		value := a.Value.String()
		return append(append(append(line, `":"`...), value...), '"'), text.IsPlainJSON(value)
	case slog.KindInt64:
		return strconv.AppendInt(append(line, `":`...), a.Value.Int64(), 10), true
	case slog.KindDuration:
		micros := a.Value.Duration().Round(time.Microsecond).Microseconds()
		return strconv.AppendFloat(append(line, `_ms":`...), float64(micros)/1000, 'f', -1, 64), true
	}
	return line, false
}
