package utils

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// ReadPassword asks for a new password: twice and without showing it if in is a terminal, with the prompts on out; else
// the first line of in is the password.
func ReadPassword(in io.Reader, out io.Writer) (string, error) {
	file, ok := Terminal(in)
	if !ok {
		line, err := bufio.NewReader(in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password from standard input: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	first, err := ask(file, out, "Password: ")
	if err != nil {
		return "", err
	}
	second, err := ask(file, out, "Repeat the password: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ; nothing was changed")
	}
	return first, nil
}

func ask(terminal *os.File, out io.Writer, prompt string) (string, error) {
	_, _ = fmt.Fprint(out, prompt)
	answer, err := term.ReadPassword(int(terminal.Fd()))
	_, _ = fmt.Fprintln(out)
	if err != nil {
		return "", fmt.Errorf("read the password from the terminal: %w", err)
	}
	return string(answer), nil
}

// Terminal returns in as a file if somebody can type there.
func Terminal(in io.Reader) (*os.File, bool) {
	file, ok := in.(*os.File)
	return file, ok && term.IsTerminal(int(file.Fd()))
}
