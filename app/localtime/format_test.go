package localtime_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"guestlist/app/localtime"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ at, zone, language, want string }{
		{"2100-01-30T18:00:00Z", "Africa/Lagos", "en", "Saturday 30 January 2100, 19:00, Lagos time"},
		{"2100-01-30T18:00:00Z", "Africa/Lagos", "en-GB", "Saturday 30 January 2100, 19:00, Lagos time"},
		{"2100-01-30T18:00:00Z", "Africa/Lagos", "en-US", "Saturday, January 30, 2100, 7:00 PM, Lagos time"},
		{"2100-01-30T18:00:00Z", "Africa/Lagos", "de", "Saturday 30 January 2100, 19:00, Lagos time"},
		{"2100-01-30T18:00:00Z", "Africa/Lagos", "fr", "samedi 30 janvier 2100 à 19:00, heure de Lagos"},
		{"2100-01-31T23:00:00Z", "Africa/Abidjan", "fr", "dimanche 31 janvier 2100 à 23:00, heure d’Abidjan"},
		{"2100-01-31T23:00:00Z", "Africa/Lagos", "fr-CA", "lundi 1er février 2100 à 00:00, heure de Lagos"},
		{"2100-01-30T18:00:00Z", "Africa/Lagos", "pt", "sábado, 30 de janeiro de 2100 às 19:00, hora de Lagos"},
		{"2100-01-31T04:00:00Z", "America/Sao_Paulo", "pt-BR", "domingo, 31 de janeiro de 2100 à 01:00, hora de São Paulo"},
		{"2100-01-30T18:00:00Z", "Europe/London", "pt-PT", "sábado, 30 de janeiro de 2100 às 18:00, hora de Londres"},
		{"2100-01-30T18:00:00Z", "America/Mexico_City", "pt",
			"sábado, 30 de janeiro de 2100 às 12:00, hora da Cidade do México"},
		{"2100-01-30T18:00:00Z", "America/New_York", "pt-PT", "sábado, 30 de janeiro de 2100 às 13:00, hora de Nova Iorque"},
		{"2100-01-30T18:00:00Z", "Africa/Cairo", "fr", "samedi 30 janvier 2100 à 20:00, heure du Caire"},
		{"2100-01-30T18:00:00Z", "Africa/Lagos", "ar", "السبت، 30 يناير 2100 في 7:00 م، بتوقيت لاغوس"},
		{"2100-01-30T18:00:00Z", "America/St_Johns", "en", "Saturday 30 January 2100, 14:30, St. John’s time"},
		{"2100-01-30T18:00:00Z", "UTC", "en", "Saturday 30 January 2100, 18:00, UTC"},
		{"2100-01-30T18:00:00Z", "UTC", "ar", "السبت، 30 يناير 2100 في 6:00 م، بالتوقيت العالمي المنسق"},
		{"2100-01-30T18:00:00Z", "UTC", "AR-eg", "السبت، ٣٠ يناير ٢١٠٠ في ٦:٠٠ م، بالتوقيت العالمي المنسق"},
		{"2100-01-30T18:00:00Z", "UTC", "ar-LB", "السبت، ٣٠ كانون الثاني ٢١٠٠ في ٦:٠٠ م، بالتوقيت العالمي المنسق"},
		{"2100-01-30T00:00:00Z", "UTC", "ar-DZ", "السبت، 30 جانفي 2100 في 12:00 ص، بالتوقيت العالمي المنسق"},
		{"2100-08-30T18:00:00Z", "UTC", "ar-MA", "الاثنين، 30 غشت 2100 في 18:00، بالتوقيت العالمي المنسق"},
		{"2100-01-30T18:00:00Z", "Etc/GMT+3", "en", "Saturday 30 January 2100, 15:00, UTC−3"},
		{"2100-01-30T18:00:00Z", "America/Argentina/Buenos_Aires", "en",
			"Saturday 30 January 2100, 15:00, Buenos Aires time"},
		{"2026-10-25T00:30:00Z", "Europe/Berlin", "en", "Sunday 25 October 2026, 02:30 (UTC+2), Berlin time"}, // summer time
		// an hour later
		{"2026-10-25T01:30:00Z", "Europe/Berlin", "en", "Sunday 25 October 2026, 02:30 (UTC+1), Berlin time"},
		{"2026-10-25T02:00:00Z", "Europe/Berlin", "en", "Sunday 25 October 2026, 03:00, Berlin time"},
		{"2026-10-24T23:59:00Z", "Europe/Berlin", "en", "Sunday 25 October 2026, 01:59, Berlin time"},
		{"2026-03-29T01:00:00Z", "Europe/Berlin", "en", "Sunday 29 March 2026, 03:00, Berlin time"}, // there was no 02:00
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		zone, err := localtime.Load(c.zone)
		if err != nil {
			t.Fatalf("Load(%q): %v", c.zone, err)
		}
		if got := localtime.Format(at, zone, c.language); got != c.want {
			t.Errorf("Format(%s, %s, %s) = %q, want %q", c.at, c.zone, c.language, got, c.want)
		}
	}
}

func TestFormatDate(t *testing.T) {
	t.Parallel()
	zone, err := localtime.Load("Africa/Lagos")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2100, 1, 30, 23, 30, 0, 0, time.UTC) // the next day there
	for language, want := range map[string]string{
		"en": "Sunday 31 January 2100", "fr": "dimanche 31 janvier 2100", "pt": "domingo, 31 de janeiro de 2100",
		"ar": "الأحد، 31 يناير 2100",
	} {
		if got := localtime.FormatDate(at, zone, language); got != want {
			t.Errorf("FormatDate in %s = %q, want %q", language, got, want)
		}
	}
}

func TestLoadRefusesWhatIsNoZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "localtime", "Mars/Olympus", "+01:00", "../etc/passwd",
		"posix/Africa/Lagos", "right/UTC"} {
		if zone, err := localtime.Load(name); err == nil {
			t.Errorf("Load(%q) = %v, want an error", name, zone)
		}
	}
}

// TestCitiesInArabic checks that times in Arabic name cities in Arabic letters, from the table of cities.
func TestCitiesInArabic(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Africa/Lagos", "Europe/Kyiv", "Asia/Kolkata", "America/Argentina/Buenos_Aires",
		"America/Montreal"} {
		zone, err := localtime.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		got := localtime.Format(time.Date(2100, 1, 30, 18, 0, 0, 0, time.UTC), zone, "ar")
		if strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
			t.Errorf("the Arabic time in %s has Latin letters: %s", name, got)
		}
	}
}
