package secrets_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"testing"

	"guestlist/app/secrets"
)

type place struct {
	Name []byte
	ID   int64
}

func TestKeys(t *testing.T) {
	t.Parallel()
	other := []byte("another key, also longer than 32 bytes")
	keys := secrets.NewKeys(tokenKey, other)
	if got := keys.Tokens(); len(got) != 2 || !bytes.Equal(got[0], tokenKey) || !bytes.Equal(got[1], other) {
		t.Errorf("for tokens: got %q, want %q and %q", got, tokenKey, other)
	}
	if got := secrets.NewKeys(tokenKey, nil).Tokens(); len(got) != 1 {
		t.Errorf("without a previous key: got %q, want one key", got)
	}
	seen := map[string]bool{string(tokenKey): true, string(other): true}
	for _, purpose := range []string{"cursor", "code", ""} {
		derived := keys.Derive(purpose)
		again := secrets.NewKeys(other, nil).Derive(purpose)
		if len(derived) != 2 || len(derived[0]) != 32 || !bytes.Equal(derived[1], again[0]) {
			t.Errorf("%q: got %x, want a key of 32 bytes and, from the previous one, %x", purpose, derived, again)
		}
		for _, key := range derived {
			if seen[string(key)] {
				t.Errorf("%q has the key of another purpose", purpose)
			}
			seen[string(key)] = true
		}
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	old := secrets.NewCursors(secrets.KeySet{[]byte("old")})
	rotated := secrets.NewCursors(secrets.KeySet{[]byte("new"), []byte("old")})
	text, err := old.Encode("list", place{[]byte("Lee\x00\xff"), 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, cursors := range []*secrets.Cursors{old, rotated} {
		var got place
		if err := cursors.Decode("list", text, &got); err != nil || string(got.Name) != "Lee\x00\xff" || got.ID != 7 {
			t.Errorf("got %+v, %v; want the encoded place", got, err)
		}
	}
	ofRotated, err := rotated.Encode("list", place{})
	if err != nil {
		t.Fatal(err)
	}
	wrongShape, err := old.Encode("list", []int{1})
	if err != nil {
		t.Fatal(err)
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-2]++
	for name, test := range map[string]struct{ list, text string }{
		"another list":   {"other", text},
		"another key":    {"list", ofRotated},
		"another shape":  {"list", wrongShape},
		"cut":            {"list", text[:len(text)-2]},
		"padded":         {"list", text + "="},
		"a line break":   {"list", text[:8] + "\n" + text[8:]},
		"no alphabet":    {"list", "$$$"},
		"empty":          {"list", ""},
		"a changed id":   {"list", base64.RawURLEncoding.EncodeToString(data)},
		"without a sum":  {"list", base64.RawURLEncoding.EncodeToString([]byte(`{"ID":1}`))},
		"sum of nothing": {"list", base64.RawURLEncoding.EncodeToString(make([]byte, 16))},
	} {
		if err := old.Decode(test.list, test.text, &place{}); !errors.Is(err, secrets.ErrInvalidCursor) {
			t.Errorf("%s: got %v, want ErrInvalidCursor", name, err)
		}
	}
	if _, err := old.Encode("list", func() {}); err == nil {
		t.Error("a position that is not JSON is encoded, want an error")
	}
}

func FuzzCursorDecode(f *testing.F) {
	cursors := secrets.NewCursors(secrets.KeySet{tokenKey})
	text, err := cursors.Encode("list", place{[]byte("Lee"), 7})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("list", text)
	f.Add("other", text)
	f.Add("list", text[1:])
	f.Add("list", "")
	f.Fuzz(func(t *testing.T, list, cursor string) {
		if err := cursors.Decode(list, cursor, &place{}); err == nil && (list != "list" || cursor != text) {
			t.Errorf("%q is accepted as a cursor of %q", cursor, list)
		}
	})
}
