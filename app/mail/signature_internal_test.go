package mail

import (
	"reflect"
	"testing"
)

func TestSign(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ given, want Content }{
		"Friends & Co": {
			Content{Text: "Hello\n", HTML: "<html>\n<p>Hello</p>\n</html>\n"},
			Content{Text: "Hello\n\n-- \nFriends & Co\n", HTML: "<html>\n<p>Hello</p>\n<p>Friends &amp; Co</p>\n</html>\n"},
		},
		"Friends": {Content{Text: "Hello"}, Content{Text: "Hello\n\n-- \nFriends\n"}},
		"":        {Content{Text: "Hello\n", HTML: "<p>Hello</p>"}, Content{Text: "Hello\n", HTML: "<p>Hello</p>"}},
	} {
		got := test.given
		if got.sign(name); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q: got %+v", name, got)
		}
	}
}
