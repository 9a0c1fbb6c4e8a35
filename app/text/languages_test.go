package text_test

import (
	"testing"

	"guestlist/app/text"
)

func TestRightToLeft(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]bool{
		"ar": true, "AR-eg": true, "he": true, "fa": true, "ur": true, "az-Arab": true, "pa-PK": true,
		"en": false, "fr": false, "pt-BR": false, "ar-Latn": false, "az": false, "": false, "-": false,
	} {
		if got := text.RightToLeft(tag); got != want {
			t.Errorf("%q: %v, want %v", tag, got, want)
		}
	}
}

func TestSpoken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		tags []string
		want string
	}{
		{[]string{"de", "pt-BR", "fr"}, "pt-BR"}, {[]string{"FR-ca", "en"}, "FR-ca"}, {[]string{"de", "", "-"}, "en"},
		{[]string{"en-GB", "fr"}, "en-GB"}, {nil, "en"},
	} {
		if got := text.Spoken(test.tags...); got != test.want {
			t.Errorf("%q: got %s, want %s", test.tags, got, test.want)
		}
	}
}
