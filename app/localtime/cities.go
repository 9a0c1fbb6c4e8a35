package localtime

import (
	_ "embed" // cities.tsv
	"strings"
	"sync"

	"guestlist/app/text"
)

// cityFile has a line for each zone: its name, and the name of its city in the languages of the header. If a cell is
// empty, the name is that of the wider language (pt for pt-PT), else the English one, else the last part of the zone's
// name.
//
//go:embed cities.tsv
var cityFile string

// cities returns the names of cities by language, in lower case, and zone.
var cities = sync.OnceValue(func() map[string]map[string]string {
	first, rest, _ := strings.Cut(cityFile, "\n")
	languages := strings.Split(strings.ToLower(first), "\t")
	result := map[string]map[string]string{}
	for _, language := range languages[1:] {
		result[language] = map[string]string{}
	}
	for line := range strings.Lines(rest) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for i, city := range cells[1:] {
			if city != "" {
				result[languages[i+1]][cells[0]] = city
			}
		}
	}
	return result
})

// cityOf returns the name of the city that a zone, such as Africa/Lagos, is named after.
func cityOf(zone, language string) string {
	for tag := range text.Wider(strings.ToLower(language)) {
		if city := cities()[tag][zone]; city != "" {
			return city
		}
	}
	if city := cities()["en"][zone]; city != "" {
		return city
	}
	return strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
}
