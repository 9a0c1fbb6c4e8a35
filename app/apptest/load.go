package apptest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"guestlist/app/secrets"
)

// Exchange sends a request and reads the response with minimal work. The response must begin with status.
func Exchange(conn io.Writer, reader *bufio.Reader, request string, status []byte) error {
	if _, err := io.WriteString(conn, request); err != nil {
		return err
	}
	length := 0
	for first := true; ; first = false {
		line, err := reader.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case first && !bytes.HasPrefix(line, status):
			return fmt.Errorf("got the response %s, want %s", line, status)
		case len(line) == 2:
			_, err := reader.Discard(length)
			return err
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			for _, digit := range line[len("Content-Length: ") : len(line)-2] {
				length = 10*length + int(digit-'0')
			}
		}
	}
}

// HashTime hashes each passwords on every processor, and returns the time per hash, divided by the number of
// processors.
func HashTime(t testing.TB, each int) time.Duration {
	t.Helper()
	processors := runtime.GOMAXPROCS(0)
	passwords := secrets.NewPasswords(processors)
	begin := time.Now()
	var group sync.WaitGroup
	for range processors {
		group.Go(func() {
			for range each {
				if _, err := passwords.Hash(context.Background(), netip.Prefix{}, "123456"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	return time.Since(begin) / time.Duration(each*processors)
}
