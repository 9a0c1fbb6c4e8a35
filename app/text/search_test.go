package text_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"guestlist/app/text"
)

func TestSearchForm(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Zöllner": "zollner", "Zo\u0308llner": "zollner", "Émile": "emile", "Groß": "gross", "GROẞ": "gross",
		"Søren Ærø": "soren aero", "Łukasz": "lukasz", "Đorđe": "dorde", "Þór Ðórðarson": "thor dordarson",
		"Œuvrard":    "oeuvrard",
		"Nguyễn Đức": "nguyen duc", "Ọlá Ńwọsu": "ola nwosu", "Ɔsei": "osei", "Ŋandu": "nandu", "İpek Işık": "ipek isik",
		"O’Brien": "o'brien", "Oʼbrien": "o'brien", "Jean–Luc": "jean-luc", "Jean\u2011Luc": "jean-luc", "ﬁnn": "finn",
		"Ａｎｎ": "ann", "𝐀nn": "ann",
		"Σίσυφος": "σισυφοσ", "ΣΊΣΥΦΟΣ": "σισυφοσ", "Ёлкин Йот": "елкин иот",
		"שָׁלוֹם": "שלום", "أحمد": "احمد", "مُحَمَّد": "محمد", "محمـــد": "محمد", "فاطمة": "فاطمه", "علی\u200cرضا": "عليرضا",
		"王小明": "王小明", "김민준": "김민준", "がくと": "がくと", "ﾊﾟﾝ": "パン", "สมชาย": "สมชาย", "กิตติ": "กิตติ", "अनिल": "अनिल",
		"தமிழ்":                     "தமிழ்",
		"an\u00adn\u200b \u200fbob": "ann bob", "": "", "ann_b@example.org": "ann_b@example.org", `50% \`: `50% \`,
	} {
		if got := text.SearchForm(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestSearchWords(t *testing.T) {
	t.Parallel()
	for search, want := range map[string][]string{
		"": nil, " \u3000": nil, "Lee": {"lee"}, "  Ann\u00a0 LÉE ann": {"ann", "lee"},
	} {
		if got := text.SearchWords(search); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", search, got, want)
		}
	}
}

func TestOrderKey(t *testing.T) {
	t.Parallel()
	want := strings.Split("|-|a,b|Abe|Ærø|Afe|Ångström|de la "+
		"Cruz|Delacroix|Đorđe|Dz|Emil|Émile|Gross|Groß|Grosz|Iz|İz|ıza|"+
		"Luis|Łukasz|Lz|Ñandu|Nz|O'Brien|Obrien|Ødegård|Oz|Zoller|zollner|Zöllner|Zolz|Σίσυφος|Елкин|Ёлкин|Иванов|Йот|"+
		"עברית|محمد|李|王", "|")
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return bytes.Compare(text.OrderKey(a), text.OrderKey(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, same := range [][2]string{{"Lee", "LEE"}, {"\u00c5ng", "A\u030ang"}, {"Đ", "đ"}} {
		if !bytes.Equal(text.OrderKey(same[0]), text.OrderKey(same[1])) {
			t.Errorf("%q and %q have different order keys, want the same", same[0], same[1])
		}
	}
}

// TestStoredForms fails if a change of this package, or of its Unicode tables, makes the forms differ from stored ones.
// In that case, raise the version of the users' keys (keyForm) and correct the test.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	const all = "Zöllner Łódź Ærø Groß 50% Σίσυφος Йот أحمد 王 김 が"
	const wantForm = "zollner lodz aero gross 50% σισυφοσ иот احمد 王 김 が"
	if got := text.SearchForm(all); got != wantForm {
		t.Errorf("the search form is %q, want %q", got, wantForm)
	}
	const wantKey = "189517710109171101091631010917f317f301091a1f01091c90010981738b0109315631e83241000000200020004700" +
		"200020007d00200020007d00200020013900200020002000200020002000200020002000200020"
	if got := hex.EncodeToString(text.OrderKey("Zö Ł đ ß Й أ 王 김")); got != wantKey {
		t.Errorf("the order key is %s, want %s", got, wantKey)
	}
}

// FuzzSearchForm checks that SearchForm is idempotent.
func FuzzSearchForm(f *testing.F) {
	for _, seed := range []string{"Zöllner", "Groß O’Brien", "أحمد", "ﷺ", "\u0344\U0001D160", "a\xff", "가\u1100\u1161"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		text.OrderKey(name)
		if !utf8.ValidString(name) {
			return
		}
		form := text.SearchForm(name)
		if again := text.SearchForm(form); again != form {
			t.Errorf("%q: the form of %q is %q, want it unchanged", name, form, again)
		}
	})
}
