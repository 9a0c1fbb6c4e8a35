package mail

import (
	"reflect"
	"strings"
	"testing"
)

func TestSign(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ given, want Content }{
		"Friends & Co": {
			Content{Text: "Hello\n", HTML: "<p>Hello</p>\n" + pageEnd},
			Content{Text: "Hello\n\n-- \nFriends & Co\n", HTML: "<p>Hello</p>\n" + signature +
				"Friends &amp; Co</bdi></p>\n" + pageEnd},
		},
		"Not of the layout": {
			Content{Text: "Hello\n", HTML: "<p>Hello</p>\n"},
			Content{Text: "Hello\n\n-- \nNot of the layout\n", HTML: "<p>Hello</p>\n" + signature +
				"Not of the layout</bdi></p>\n"},
		},
		"Friends": {Content{Text: "Hello"}, Content{Text: "Hello\n\n-- \nFriends\n"}},
		"":        {Content{Text: "Hello\n", HTML: "<p>Hello</p>"}, Content{Text: "Hello\n", HTML: "<p>Hello</p>"}},
	} {
		got := test.given
		if got.sign(name); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q: got %+v, want %+v", name, got, test.want)
		}
	}
}

// TestPageEnd checks that a page of the layout ends as sign expects.
func TestPageEnd(t *testing.T) {
	t.Parallel()
	if !strings.HasSuffix(layoutSource, pageEnd) {
		t.Errorf("got %s, want %q at its end", layoutSource, pageEnd)
	}
}
