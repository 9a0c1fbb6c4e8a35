package logging

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// longestHeld is how long a line may wait to be written, and so what a program that is killed can lose.
	longestHeld = 100 * time.Millisecond
	// mostHeld is how many bytes of lines may wait.
	mostHeld = 32 << 10
)

// Buffer writes the lines of a busy program together, since the system takes longer to write a line than the program
// to make it. A line that comes alone is written at once; those that come within a tenth of a second of it are written
// together at the end of that time, or when there are many. It is safe for concurrent use.
type Buffer struct {
	out   io.Writer
	after func(time.Duration, func())

	mutex  sync.Mutex
	lines  []byte
	held   bool // lines are gathered until the time is over
	direct bool
}

// NewBuffer returns a Buffer that writes to out. after calls a function when a time is over: time.AfterFunc.
func NewBuffer(out io.Writer, after func(time.Duration, func())) *Buffer {
	return &Buffer{out: out, after: after}
}

// Write implements io.Writer, for whole lines.
func (b *Buffer) Write(line []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.direct {
		return b.out.Write(line)
	}
	if !b.held {
		b.held = true
		b.after(longestHeld, b.release)
		return b.out.Write(line)
	}
	if b.lines = append(b.lines, line...); len(b.lines) >= mostHeld {
		return len(line), b.flush()
	}
	return len(line), nil
}

// release writes what was gathered in the time that is over, and lets more gather if it was anything.
func (b *Buffer) release() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.held = len(b.lines) > 0 && !b.direct; b.held {
		b.after(longestHeld, b.release)
	}
	_ = b.flush() // there is nobody to tell
}

// Flush writes the lines that wait. A program that may end next calls it.
func (b *Buffer) Flush() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	_ = b.flush() // there is nobody to tell
}

// Close makes every line from now on be written at once, and writes those that wait.
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

// urgent is a handler that has every line above info written at once, with those before it.
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
