// Package terminal prompts for passwords, detects terminals, and draws progress bars.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxLine is the maximum number of bytes read from standard input: more than any valid password.
const maxLine = 4096

// ReadPassword reads a new password. If in is a terminal, it prompts twice on out, without echo; otherwise the first
// line of in is the password. When ctx ends, it restores the terminal and returns an error.
func ReadPassword(ctx context.Context, in io.Reader, out io.Writer) (string, error) {
	file, ok := open(in)
	if !ok {
		line, err := bufio.NewReader(io.LimitReader(in, maxLine)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password from standard input: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	first, err := ask(ctx, file, out, "Password: ")
	if err != nil {
		return "", err
	}
	second, err := ask(ctx, file, out, "Repeat the password: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ; nothing was changed")
	}
	return first, nil
}

func ask(ctx context.Context, terminal *os.File, out io.Writer, prompt string) (string, error) {
	fd := int(terminal.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("read the password from the terminal: %w", err)
	}
	_, _ = fmt.Fprint(out, prompt)
	type result struct {
		answer []byte
		err    error
	}
	results := make(chan result, 1)
	go func() { // leaks if ctx ends: reading a terminal cannot be interrupted
		answer, err := term.ReadPassword(fd)
		results <- result{answer, err}
	}()
	select {
	case r := <-results:
		_, _ = fmt.Fprintln(out)
		if r.err != nil {
			return "", fmt.Errorf("read the password from the terminal: %w", r.err)
		}
		return string(r.answer), nil
	case <-ctx.Done():
		_, _ = fmt.Fprintln(out)
		return "", errors.Join(errors.New("interrupted; nothing was changed"), term.Restore(fd, before))
	}
}

// open returns in as a file if it is a terminal.
func open(in io.Reader) (*os.File, bool) {
	file, ok := in.(*os.File)
	return file, ok && term.IsTerminal(int(file.Fd()))
}

// IsTerminal reports whether out is a terminal.
func IsTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
