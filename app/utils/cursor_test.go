package utils_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"testing"

	"guestlist/app/utils"
)

type place struct {
	Name []byte
	ID   int64
}

func TestKeys(t *testing.T) {
	t.Parallel()
	other := []byte("another key, also longer than 32 bytes")
	keys := utils.NewKeys(tokenKey, other)
	if got := keys.Tokens(); len(got) != 2 || !bytes.Equal(got[0], tokenKey) || !bytes.Equal(got[1], other) {
		t.Errorf("for tokens: %q", got)
	}
	if got := utils.NewKeys(tokenKey, nil).Tokens(); len(got) != 1 {
		t.Errorf("without a previous one: %q", got)
	}
	seen := map[string]bool{string(tokenKey): true, string(other): true}
	for _, purpose := range []string{"cursor", "code", ""} {
		derived := keys.Derive(purpose)
		again := utils.NewKeys(other, nil).Derive(purpose)
		if len(derived) != 2 || len(derived[0]) != 32 || !bytes.Equal(derived[1], again[0]) {
			t.Errorf("%q: %x, of the previous key %x", purpose, derived, again)
		}
		for _, key := range derived {
			if seen[string(key)] {
				t.Errorf("%q shares a key", purpose)
			}
			seen[string(key)] = true
		}
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	old := utils.NewCursors(utils.KeySet{[]byte("old")})
	rotated := utils.NewCursors(utils.KeySet{[]byte("new"), []byte("old")})
	text, err := old.Seal("list", place{[]byte("Lee\x00\xff"), 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, cursors := range []*utils.Cursors{old, rotated} {
		var got place
		if err := cursors.Open("list", text, &got); err != nil || string(got.Name) != "Lee\x00\xff" || got.ID != 7 {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	ofRotated, err := rotated.Seal("list", place{})
	if err != nil {
		t.Fatal(err)
	}
	wrongShape, err := old.Seal("list", []int{1})
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
		if err := old.Open(test.list, test.text, &place{}); !errors.Is(err, utils.ErrInvalidCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := old.Seal("list", func() {}); err == nil {
		t.Error("a position that is not JSON passes")
	}
}

func FuzzCursorOpen(f *testing.F) {
	cursors := utils.NewCursors(utils.KeySet{tokenKey})
	text, err := cursors.Seal("list", place{[]byte("Lee"), 7})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("list", text)
	f.Add("other", text)
	f.Add("list", text[1:])
	f.Add("list", "")
	f.Fuzz(func(t *testing.T, list, cursor string) {
		if err := cursors.Open(list, cursor, &place{}); err == nil && (list != "list" || cursor != text) {
			t.Errorf("%q passes as a cursor of %q", cursor, list)
		}
	})
}
