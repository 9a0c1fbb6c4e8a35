package graph

import "testing"

func TestEditDistance(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "ab", 1}, {"bc", "abc", 1},
		{"abc", "axxc", 2}, {"abcd", "acbd", 2}, {"kitten", "sitting", 3}, {"saturday", "sunday", 3}, {"abc", "xyz", 3},
	} {
		if got := editDistance(test.a, test.b); got != test.want {
			t.Errorf("%q to %q: got %d, want %d", test.a, test.b, got, test.want)
		}
		if got := editDistance(test.b, test.a); got != test.want {
			t.Errorf("%q to %q: got %d, want %d", test.b, test.a, got, test.want)
		}
	}
}

func TestClosest(t *testing.T) {
	t.Parallel()
	known := []string{"users", "user", "guests"}
	for name, want := range map[string]string{
		"users":       "users",
		"usr":         "user",   // one edit of three letters
		"us":          "",       // two of two
		"userss":      "users",  // one edit; user takes two
		"gue":         "",       // three of three
		"guestss":     "guests", // one of seven
		"ghosts":      "guests", // two of six, the maximum
		"ghostz":      "",       // three of six
		"":            "",
		"unlike them": "",
	} {
		if got := Closest(name, known); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if got := Closest("rat", []string{"cat", "bat"}); got != "cat" {
		t.Errorf("of two that are as close: got %q, want the first, cat", got)
	}
	if got := Closest("a", nil); got != "" {
		t.Errorf("of none: got %q, want nothing", got)
	}
}

func TestOnePlaceDiffers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"abc", "abc", true}, {"abc", "axc", true}, {"abc", "xbc", true}, {"abc", "abx", true}, {"ab", "ax", false},
		{"abc", "abcd", true}, {"abcdef", "abxxef", true}, {"abcdef", "axxxef", false}, {"aa", "aaa", true},
		{"abcdef", "axcdxf", false}, {"", "", false}, {"", "a", false}, {"abababab", "ababab", true}, {"abcab", "ab", false},
	} {
		if got := alike(test.a, test.b); got != test.want {
			t.Errorf("%q and %q: got %t, want %t", test.a, test.b, got, test.want)
		}
		if got := alike(test.b, test.a); got != test.want {
			t.Errorf("%q and %q: got %t, want %t", test.b, test.a, got, test.want)
		}
	}
}

func TestStepCount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"+1": 1, "-1": -1, "+0": 0, "-007": -7, "+2147483647": 1<<31 - 1, "-2147483648": -1 << 31,
		"+2147483648": 1<<31 - 1, "-2147483649": -1 << 31, "+99999999999999999999": 1<<31 - 1,
		"-99999999999999999999": -1 << 31,
	} {
		if got := stepCount(text); got != want {
			t.Errorf("%s: got %d, want %d", text, got, want)
		}
	}
}
