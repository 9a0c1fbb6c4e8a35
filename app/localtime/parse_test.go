package localtime_test

import (
	"testing"
	"time"

	"guestlist/app/localtime"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, zone, begin, end string }{ // end: the same as begin if empty
		{"2100-06-30T10:00:00Z", "Africa/Lagos", "2100-06-30T10:00:00Z", ""},
		{"2100-06-30T10:00:00.1234567Z", "Africa/Lagos", "2100-06-30T10:00:00.123456Z", ""},
		{"2100-06-30T10:00Z", "Africa/Lagos", "2100-06-30T10:00:00Z", ""},
		{"2100-06-30T10:00+02:00", "Africa/Lagos", "2100-06-30T08:00:00Z", ""},
		{"2100-06-30T10:00:00-03:30", "Africa/Lagos", "2100-06-30T13:30:00Z", ""},
		{"2100-06-30T10:00", "Africa/Lagos", "2100-06-30T09:00:00Z", ""},
		{"2100-06-30T10:00:30.5", "Africa/Lagos", "2100-06-30T09:00:30.5Z", ""},
		{"2100-06-30T10:00", "UTC", "2100-06-30T10:00:00Z", ""},
		{"2100-06-30", "UTC", "2100-06-30T00:00:00Z", "2100-06-30T23:59:59.999999Z"},
		{"2100-06-30", "Africa/Lagos", "2100-06-29T23:00:00Z", "2100-06-30T22:59:59.999999Z"},
		{"2026-06-30", "America/Los_Angeles", "2026-06-30T07:00:00Z", "2026-07-01T06:59:59.999999Z"},

		{"2024-03-31T02:30", "Europe/Berlin", "2024-03-31T01:30:00Z", ""}, // skipped: read as 03:30
		{"2024-03-31T01:59", "Europe/Berlin", "2024-03-31T00:59:00Z", ""},
		{"2024-03-31T03:00", "Europe/Berlin", "2024-03-31T01:00:00Z", ""},
		{"2024-10-27T02:30", "Europe/Berlin", "2024-10-27T00:30:00Z", ""},                            // twice: the first
		{"2024-10-27T03:00", "Europe/Berlin", "2024-10-27T02:00:00Z", ""},                            //
		{"2024-03-31", "Europe/Berlin", "2024-03-30T23:00:00Z", "2024-03-31T21:59:59.999999Z"},       // 23 hours
		{"2024-10-27", "Europe/Berlin", "2024-10-26T22:00:00Z", "2024-10-27T22:59:59.999999Z"},       // 25 hours
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T01:59:59.999999Z"},   // begins at 01:00
		{"2018-11-03", "America/Sao_Paulo", "2018-11-03T03:00:00Z", "2018-11-04T02:59:59.999999Z"},   //
		{"2018-02-17", "America/Sao_Paulo", "2018-02-17T02:00:00Z", "2018-02-18T02:59:59.999999Z"},   // 23:00 twice
		{"2024-11-03", "America/Havana", "2024-11-03T04:00:00Z", "2024-11-04T04:59:59.999999Z"},      // 00:00 twice
		{"2024-11-02", "America/Havana", "2024-11-02T04:00:00Z", "2024-11-03T03:59:59.999999Z"},      //
		{"2024-10-06", "Australia/Lord_Howe", "2024-10-05T13:30:00Z", "2024-10-06T12:59:59.999999Z"}, // half an hour shorter
		{"2011-12-29", "Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-30T09:59:59.999999Z"},        // followed by the 31st
		{"2026-02-28T23:59:59", "Pacific/Kiritimati", "2026-02-28T09:59:59Z", ""},
	} {
		zone, err := localtime.Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if c.end == "" {
			c.end = c.begin
		}
		for name, want := range map[string]string{"Parse": c.begin, "ParseEnd": c.end} {
			parse := localtime.Parse
			if name == "ParseEnd" {
				parse = localtime.ParseEnd
			}
			got, ok := parse(c.value, zone)
			if written := got.Format(time.RFC3339Nano); !ok || written != want {
				t.Errorf("%s(%q, %s) = %s, %t, want %s", name, c.value, c.zone, written, ok, want)
			}
		}
	}
	for _, value := range []string{
		"", "tomorrow", "2100-02-30", "2100-06-30T25:00", "2100-06-30 10:00", "30.06.2100", "2100-06-30T10",
		"0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2100-06-30T10:00[Africa/Lagos]",
	} {
		if got, ok := localtime.Parse(value, time.UTC); ok {
			t.Errorf("Parse(%q) = %s, want it refused", value, got)
		}
	}
}

// TestEveryHalfHourOfAYear parses every half hour and every day of a year. It checks that a time that clocks skip is
// read as at most an hour later, that a time that they show twice is read as the first, and that each day begins when
// the day before ends.
func TestEveryHalfHourOfAYear(t *testing.T) {
	t.Parallel()
	const layout = "2006-01-02T15:04"
	for _, name := range []string{"Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Europe/Berlin"} {
		zone, err := localtime.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		last := time.Time{}
		for local := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); local.Year() == 2026; local = local.Add(30 * time.Minute) {
			at, ok := localtime.Parse(local.Format(layout), zone)
			shown, _ := time.Parse(layout, at.In(zone).Format(layout))
			if later := shown.Sub(local); !ok || later < 0 || later > time.Hour {
				t.Errorf("%s in %s is read as %s, when clocks show %s, want at most an hour later", local, name, at, shown)
			}
			for _, before := range []time.Time{at.Add(-time.Hour), at.Add(-30 * time.Minute)} {
				if shown.Equal(local) && before.In(zone).Format(layout) == local.Format(layout) {
					t.Errorf("%s in %s is read as %s, but clocks show it at %s already", local, name, at, before)
				}
			}
			if local.Hour() != 0 || local.Minute() != 0 {
				continue
			}
			if !last.IsZero() && !at.Equal(last.Add(time.Microsecond)) {
				t.Errorf("in %s, %s begins at %s, and the day before ends at %s", name, local, at, last)
			}
			last, _ = localtime.ParseEnd(local.Format(time.DateOnly), zone)
		}
	}
}

func TestFormatSpan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ begin, end, language, want string }{ // in Lagos; no end if empty
		{"2100-01-30", "2100-01-30", "en", "Saturday 30 January 2100"},
		{"2100-01-30", "2100-02-01", "fr", "samedi 30 janvier 2100 – lundi 1er février 2100"},
		{"2100-01-30T19:00", "2100-01-30T23:00", "en", "Saturday 30 January 2100, 19:00 to 23:00, Lagos time"},
		{"2100-01-30T19:00", "2100-01-30T23:00", "fr", "samedi 30 janvier 2100 de 19:00 à 23:00, heure de Lagos"},
		{"2100-01-30T19:00", "2100-01-30T23:00", "pt", "sábado, 30 de janeiro de 2100, 19:00 – 23:00, hora de Lagos"},
		{"2100-01-30T19:00", "2100-01-30T23:00", "ar", "السبت، 30 يناير 2100 من 7:00 م إلى 11:00 م، بتوقيت لاغوس"},
		{"2100-01-30T19:00", "2100-01-31T02:00", "en",
			"Saturday 30 January 2100, 19:00 – Sunday 31 January 2100, 02:00, Lagos time"},
		{"2100-01-30T19:00", "2100-01-30T19:00", "en", "Saturday 30 January 2100, 19:00, Lagos time"},
		{"2100-01-30", "2100-01-30T02:00", "en", "Saturday 30 January 2100, 00:00 to 02:00, Lagos time"}, // not the whole day
		{"2100-01-30T19:00", "2100-01-30", "en", "Saturday 30 January 2100, 19:00 to 23:59, Lagos time"},
		{"2100-01-30", "2100-01-30T23:59:59.999", "en", "Saturday 30 January 2100"}, // as JavaScript writes the last moment
		{"2100-01-30", "", "en", "from Saturday 30 January 2100"},
		{"2100-01-30T19:00", "", "fr", "à partir du samedi 30 janvier 2100 à 19:00, heure de Lagos"},
	} {
		zone, err := localtime.Load("Africa/Lagos")
		if err != nil {
			t.Fatal(err)
		}
		begin, _ := localtime.Parse(c.begin, zone)
		var end *time.Time
		if at, ok := localtime.ParseEnd(c.end, zone); ok {
			end = &at
		}
		if got := localtime.FormatSpan(begin, end, zone, c.language); got != c.want {
			t.Errorf("FormatSpan(%s, %s, %s) = %q, want %q", c.begin, c.end, c.language, got, c.want)
		}
	}
}

func TestFormatEnd(t *testing.T) {
	t.Parallel()
	zone, err := localtime.Load("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		"2026-10-25":       "Sunday 25 October 2026", // 25 hours long
		"2026-03-29":       "Sunday 29 March 2026",   // 23
		"2026-10-25T23:00": "Sunday 25 October 2026, 23:00, Berlin time",
		"2026-10-25T00:00": "Sunday 25 October 2026, 00:00, Berlin time", // a day begins then, and none ends
	} {
		at, _ := localtime.ParseEnd(value, zone)
		if got := localtime.FormatEnd(at, zone, "en"); got != want {
			t.Errorf("FormatEnd(%s) = %q, want %q", value, got, want)
		}
	}
	at, _ := localtime.Parse("2026-10-25", zone)
	if got, want := localtime.FormatBegin(at, zone, "en"), "Sunday 25 October 2026"; got != want {
		t.Errorf("FormatBegin = %q, want %q", got, want)
	}
}
