package localtime

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guestlist/app/text"
)

// form is how a language writes dates and times, from Unicode's CLDR unless noted.
type form struct {
	weekdays    [7]string  // from Sunday
	months      [12]string // as written in dates
	first       string     // the first day of a month, if it has a special form
	dates       string     // pattern of {weekday}, {day}, {month}, {year}
	moments     string     // pattern of {date}, {time}
	atOne       string     // moments for one o'clock, if different
	hours       string     // pattern of {date}, {from}, {to}, for a span within a day
	openEnded   string     // pattern of {from}
	comma       string     // before the zone
	halves      [2]string  // AM and PM, for 12-hour clocks
	cityTime    func(city string) string
	utc         string
	arabicIndic bool // digits
}

// formOf returns the form of the nearest language: that of pt for pt-BR, and that of en for de.
func formOf(language string) *form {
	for tag := range text.Wider(strings.ToLower(language)) {
		if f, ok := forms[tag]; ok {
			return f
		}
	}
	return &english
}

// forms are the forms by language tag, in lower case.
var forms = func() map[string]*form {
	all := map[string]*form{
		"en": &english, "en-us": &american, "fr": &french, "pt": &portuguese, "ar": &arabic,
		"ar-dz": arabicOf(maghrebi, false), "ar-tn": arabicOf(maghrebi, false), "ar-ma": moroccanArabic(),
	}
	for _, region := range []string{"bh", "eg", "kw", "om", "qa", "sa", "sd", "ye"} {
		all["ar-"+region] = arabicOf(arabic.months, true)
	}
	for _, region := range []string{"iq", "jo", "lb", "ps", "sy"} {
		all["ar-"+region] = arabicOf(levantine, true)
	}
	return all
}()

var english = form{
	weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	months: [12]string{
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
		"December",
	},
	dates:     "{weekday} {day} {month} {year}",
	moments:   "{date}, {time}",
	hours:     "{date}, {from} to {to}",
	openEnded: "from {from}",
	comma:     ", ",
	cityTime:  func(city string) string { return city + " time" },
	utc:       "UTC",
}

var american = func() form {
	f := english
	f.dates, f.halves = "{weekday}, {month} {day}, {year}", [2]string{"AM", "PM"}
	return f
}()

// French uses 1er, where CLDR has 1.
var french = form{
	weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	months: [12]string{
		"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
		"décembre",
	},
	first:     "1er",
	dates:     "{weekday} {day} {month} {year}",
	moments:   "{date} à {time}",
	hours:     "{date} de {from} à {to}",
	openEnded: "à partir du {from}",
	comma:     ", ",
	cityTime:  frenchTime,
	utc:       "UTC",
}

// frenchTime returns heure de Lagos, heure d’Abidjan, heure du Caire, heure des Açores.
func frenchTime(city string) string {
	name, masculine := strings.CutPrefix(city, "Le ")
	switch {
	case masculine:
		return "heure du " + name
	case strings.HasPrefix(city, "Îles ") || slices.Contains(frenchPlurals, city):
		return "heure des " + city
	case strings.HasPrefix(city, "Île "):
		return "heure de l’" + city
	case beginsWithVowel(city) || city == "Honolulu":
		return "heure d’" + city
	}
	return "heure de " + city
}

var frenchPlurals = []string{"Açores", "Bermudes", "Caïmans", "Comores", "Fidji", "Maldives", "Marquises"}

func beginsWithVowel(word string) bool {
	for _, r := range norm.NFD.String(word) {
		return strings.ContainsRune("aeiou", unicode.ToLower(r))
	}
	return false
}

var portuguese = form{
	weekdays: [7]string{
		"domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado",
	},
	months: [12]string{
		"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
		"dezembro",
	},
	dates:     "{weekday}, {day} de {month} de {year}",
	moments:   "{date} às {time}",
	atOne:     "{date} à {time}",
	hours:     "{date}, {from} – {to}",
	openEnded: "a partir de {from}",
	comma:     ", ",
	cityTime:  portugueseTime,
	utc:       "UTC",
}

// portugueseTime returns hora de Lagos, hora do Cairo, hora da Cidade do México.
func portugueseTime(city string) string {
	first, _, _ := strings.Cut(city, " ")
	switch first {
	case "Cairo", "Catar", "Luxemburgo", "Panamá", "Vaticano":
		return "hora do " + city
	case "Cidade", "Ilha", "Madeira", "Reunião":
		return "hora da " + city
	case "Ilhas", "Bermudas", "Canárias", "Comores", "Maldivas":
		return "hora das " + city
	case "Açores":
		return "hora dos " + city
	}
	return "hora de " + city
}

var arabic = form{
	weekdays: [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
	months: [12]string{
		"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
	},
	dates:     "{weekday}، {day} {month} {year}",
	moments:   "{date} في {time}",
	hours:     "{date} من {from} إلى {to}",
	openEnded: "ابتداءً من {from}",
	comma:     "، ",
	halves:    [2]string{"ص", "م"},
	cityTime:  func(city string) string { return "بتوقيت " + city },
	utc:       "بالتوقيت العالمي المنسق",
}

// Regional names of months, of Syriac or French origin.
var (
	levantine = [12]string{
		"كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول",
		"تشرين الثاني", "كانون الأول",
	}
	maghrebi = [12]string{
		"جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
	}
	moroccan = [12]string{
		"يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر",
	}
)

func arabicOf(months [12]string, arabicIndic bool) *form {
	f := arabic
	f.months, f.arabicIndic = months, arabicIndic
	return &f
}

// moroccanArabic has a 24-hour clock.
func moroccanArabic() *form {
	f := arabicOf(moroccan, false)
	f.halves = [2]string{}
	return f
}
