package content_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"guestlist/app/content"
)

var update = flag.Bool("update", false, "write the files of countries")

// renamed has the names of countries that have changed since the data of golang.org/x/text (CLDR 32).
var renamed = map[language.Tag]map[string]string{
	language.English: {"MK": "North Macedonia", "SZ": "Eswatini"},
	language.French:  {"MK": "Macédoine du Nord", "SZ": "Eswatini"},
}

// TestCountryFiles compares the files with golang.org/x/text. The program uses the files because that package would add
// the names of everything in all languages to it: 3 MB.
func TestCountryFiles(t *testing.T) {
	t.Parallel()
	for tag, dictionary := range map[language.Tag]*display.Dictionary{language.English: display.English,
		language.French: display.French} {
		file := "countries/" + tag.String() + ".json"
		want := countryFile(t, namedCountries(tag, dictionary))
		if *update {
			if err := os.WriteFile(file, want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from golang.org/x/text (%v); run go test ./app/content -run TestCountryFiles -update",
				file, err)
		}
	}
}

// countryFile returns the options as JSON, one per line.
func countryFile(t *testing.T, options []content.Option) []byte {
	t.Helper()
	var file bytes.Buffer
	for i, option := range options {
		line, err := json.Marshal(option)
		if err != nil {
			t.Fatal(err)
		}
		file.WriteString([]string{"[\n  ", ",\n  "}[min(i, 1)])
		file.Write(line)
	}
	file.WriteString("\n]\n")
	return file.Bytes()
}

// namedCountries returns the countries with their names in a language, sorted as in that language.
func namedCountries(tag language.Tag, dictionary *display.Dictionary) (options []content.Option) {
	names := dictionary.Regions()
	for first := 'A'; first <= 'Z'; first++ {
		for second := 'A'; second <= 'Z'; second++ {
			region, err := language.ParseRegion(string([]rune{first, second}))
			if err != nil || !isCountry(region) {
				continue
			}
			name, ok := renamed[tag][region.String()]
			if !ok {
				name = names.Name(region)
			}
			options = append(options, content.Option{Value: region.String(), Label: name})
		}
	}
	order := collate.New(tag)
	slices.SortFunc(options, func(a, b content.Option) int { return order.CompareString(a.Label, b.Label) })
	return options
}

// isCountry reports whether the region is a current country: ISO 3166-1 lists it, or it is Kosovo (XK), for whose code
// the standard leaves room. Groups of countries, and codes that were withdrawn or are only reserved, are not countries:
// they have no number (UN M49), are replaced by another code, or have no name.
func isCountry(region language.Region) bool {
	return region.IsCountry() && region.M49() != 0 && region.Canonicalize() == region &&
		display.English.Regions().Name(region) != ""
}
