package content

import (
	"slices"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countries returns the countries by their ISO 3166-1 codes, in the order of their names in the language.
func countries(language string) []Option {
	if nearest(language) == "fr" {
		return frenchCountries()
	}
	return englishCountries()
}

var (
	englishCountries = sync.OnceValue(func() []Option {
		return namedCountries(language.English, display.English, map[string]string{"MK": "North Macedonia", "SZ": "Eswatini"})
	})
	frenchCountries = sync.OnceValue(func() []Option {
		return namedCountries(language.French, display.French, map[string]string{"MK": "Macédoine du Nord", "SZ": "Eswatini"})
	})
)

// namedCountries returns the countries with their names in a language. renamed are those whose names have changed since
// the library's (CLDR 32).
func namedCountries(tag language.Tag, dictionary *display.Dictionary, renamed map[string]string) (options []Option) {
	names := dictionary.Regions()
	for first := 'A'; first <= 'Z'; first++ {
		for second := 'A'; second <= 'Z'; second++ {
			region, err := language.ParseRegion(string([]rune{first, second}))
			if err != nil || !isCountry(region) {
				continue
			}
			name, ok := renamed[region.String()]
			if !ok {
				name = names.Name(region)
			}
			options = append(options, Option{region.String(), name})
		}
	}
	order := collate.New(tag)
	slices.SortFunc(options, func(a, b Option) int { return order.CompareString(a.Label, b.Label) })
	return options
}

// isCountry reports whether the region is a country of today: ISO 3166-1 lists it, or it is Kosovo (XK), for which that
// leaves room. It is no group of countries, and no code that was given up or is only reserved: those have no number (UN
// M49), stand for another code, or have no name.
func isCountry(region language.Region) bool {
	return region.IsCountry() && region.M49() != 0 && region.Canonicalize() == region &&
		display.English.Regions().Name(region) != ""
}
