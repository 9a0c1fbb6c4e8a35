package logging

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// maxDelay is how long a line may be buffered, so the most that a killed program can lose.
	maxDelay = 100 * time.Millisecond
	// maxBytes is how many bytes may be buffered.
	maxBytes = 32 << 10
)

// Buffer buffers the log lines of a busy program, since writing a line takes longer than making it. It writes the first
// line immediately, and the lines of the next tenth of a second together, at the end of that time or when the buffer is
// full. It is safe for concurrent use.
type Buffer struct {
	out   io.Writer
	after func(time.Duration, func())

	mutex  sync.Mutex
	lines  []byte
	held   bool // lines are buffered until the timer fires
	direct bool
}

// NewBuffer returns a Buffer that writes to out. after calls a function after a duration, like time.AfterFunc.
func NewBuffer(out io.Writer, after func(time.Duration, func())) *Buffer {
	return &Buffer{out: out, after: after}
}

// Write implements io.Writer. line must consist of whole lines.
func (b *Buffer) Write(line []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.direct {
		return b.out.Write(line)
	}
	if !b.held {
		b.held = true
		b.after(maxDelay, b.release)
		return b.out.Write(line)
	}
	if b.lines = append(b.lines, line...); len(b.lines) >= maxBytes {
		return len(line), b.flush()
	}
	return len(line), nil
}

// release writes the buffered lines when the timer fires, and starts it again if there were any.
func (b *Buffer) release() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.held = len(b.lines) > 0 && !b.direct; b.held {
		b.after(maxDelay, b.release)
	}
	_ = b.flush() // there is nobody to tell
}

// Flush writes the buffered lines. Call it when the program may be about to end.
func (b *Buffer) Flush() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	_ = b.flush() // there is nobody to tell
}

// Close writes the buffered lines and stops buffering.
func (b *Buffer) Close() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.direct = true
	_ = b.flush() // there is nobody to tell
}

func (b *Buffer) flush() error {
	if len(b.lines) == 0 {
		return nil
	}
	_, err := b.out.Write(b.lines)
	b.lines = b.lines[:0]
	return err
}

// urgent is a handler that flushes the buffer after every line above info.
type urgent struct {
	slog.Handler

	buffer *Buffer
}

// Handle implements slog.Handler.
func (u urgent) Handle(ctx context.Context, record slog.Record) error {
	err := u.Handler.Handle(ctx, record)
	if record.Level > slog.LevelInfo {
		u.buffer.Flush()
	}
	return err
}

// WithAttrs implements slog.Handler.
func (u urgent) WithAttrs(attrs []slog.Attr) slog.Handler {
	return urgent{u.Handler.WithAttrs(attrs), u.buffer}
}

// WithGroup implements slog.Handler.
func (u urgent) WithGroup(name string) slog.Handler {
	return urgent{u.Handler.WithGroup(name), u.buffer}
}
