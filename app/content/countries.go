package content

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"
)

// countryFiles hold the countries with their ISO 3166-1 codes, sorted by name in each language. A test generates them.
//
//go:embed countries
var countryFiles embed.FS

// countries returns the countries with their names in the language, sorted by name.
func countries(language string) []Option {
	if nearest(language) == "fr" {
		return frenchCountries()
	}
	return englishCountries()
}

var (
	englishCountries = sync.OnceValue(func() []Option { return readCountries("en") })
	frenchCountries  = sync.OnceValue(func() []Option { return readCountries("fr") })
)

func readCountries(language string) (options []Option) {
	content, err := countryFiles.ReadFile("countries/" + language + ".json")
	if err == nil {
		err = json.Unmarshal(content, &options)
	}
	if err != nil {
		panic(fmt.Errorf("read the embedded countries in %s: %w", language, err))
	}
	return options
}
