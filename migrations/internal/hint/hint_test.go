package hint_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"guestlist/migrations/internal/hint"
)

func TestLines(t *testing.T) {
	t.Parallel()
	plain := errors.New("it fails:\n  twice")
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"no hint":              {plain, "it fails: twice"},
		"a hint":               {hint.New(plain, "run {db} upgrade"), "it fails: twice\nrun shop db upgrade"},
		"a hint inside":        {fmt.Errorf("upgrade: %w", hint.New(plain, "wait")), "upgrade: it fails: twice\nwait"},
		"the outermost counts": {hint.New(hint.New(plain, "wait"), "go"), "it fails: twice\ngo"},
		"known by itself":      {fs.ErrExist, "file already exists\nremove that file, or choose another --rev-id"},
	} {
		if got := hint.Lines(test.err, "shop db"); got.Error() != test.want || !errors.Is(got, test.err) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	if lines, bound := hint.Lines(nil, "db"), hint.Bind(nil, "db"); lines != nil || bound != nil {
		t.Errorf("nil: got %v and %v, want nil", lines, bound)
	}
	if got := hint.Bind(plain, "db"); got != plain { //nolint:errorlint // the same error is meant
		t.Errorf("an error without a hint becomes %#v, want the same", got)
	}
}
