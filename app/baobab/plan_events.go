package baobab

import (
	"fmt"
	"strings"
	"time"

	"guestlist/app/text"
	"guestlist/app/utils"
)

func (p *plan) planEvents(rows []eventRow, translations []translationRow) {
	known := map[int64]bool{}
	for i := range rows {
		known[rows[i].ID] = true
	}
	names := p.names("event_translation", "event", translations, known)
	for i := range rows {
		row := &rows[i]
		event := &plannedEvent{id: row.ID}
		event.TimeZone = p.zone.String()
		wrong := event.read(row, names[row.ID])
		if len(wrong) > 0 {
			p.eventOf[row.ID] = nil
			p.report.skipf(eventsKind, "event", row.ID, "%s", wrong.Words())
			continue
		}
		p.eventOf[row.ID] = event
		p.events = append(p.events, event)
	}
}

// read sets the event from a row and its texts, and returns what is wrong with it. Invalid optional values are dropped.
func (e *plannedEvent) read(row *eventRow, texts translated) utils.FieldErrors {
	d := &e.Document
	d.Key, d.Name, d.EmailFrom, d.URL, d.EventType = row.Key, texts.names, row.EmailFrom, row.URL, row.EventType
	d.Description = texts.descriptions(&e.mends)
	d.StartDate, d.EndDate = written(row.StartDate), written(row.EndDate)
	d.MiniconfURL = row.MiniconfURL
	if row.TravelGrant {
		d.TravelGrant = true
	}
	optional := map[string]*string{
		"email_from": &d.EmailFrom, "url": &d.URL, "miniconf_url": &d.MiniconfURL, "event_type": &d.EventType,
	}
	for _, phase := range []struct {
		name              string
		openAt, closeAt   *time.Time
		openText, endText *string
	}{
		{"registration", row.RegistrationOpen, row.RegistrationClose, &d.RegistrationOpen, &d.RegistrationClose},
		{"application", row.ApplicationOpen, row.ApplicationClose, &d.ApplicationOpen, &d.ApplicationClose},
		{"review", row.ReviewOpen, row.ReviewClose, &d.ReviewOpen, &d.ReviewClose},
		{"selection", row.SelectionOpen, row.SelectionClose, &d.SelectionOpen, &d.SelectionClose},
		{"offer", row.OfferOpen, row.OfferClose, &d.OfferOpen, &d.OfferClose},
	} {
		*phase.openText, *phase.endText = written(phase.openAt), written(phase.closeAt)
		optional[phase.name+"_open"], optional[phase.name+"_close"] = phase.openText, phase.endText
	}
	wrong := d.Validate()
	e.mends = append(e.mends, mend(wrong, optional)...)
	if wrong["description"] != "" && wrong["name"] == "" {
		d.Description = texts.names
		e.mends = append(e.mends, "imported with its name as its description, which "+wrong["description"])
	}
	return d.Validate()
}

// written returns a time in the form of requests, or "" for nil.
func written(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// translated has the texts of a row by language.
type translated struct{ names, texts text.Translations }

// descriptions returns the descriptions, in the languages of the names. A missing one is replaced by the name, with a
// note in mends.
func (t translated) descriptions(mends *[]string) text.Translations {
	filled := text.Translations{}
	for language, name := range t.names {
		filled[language] = t.texts[language]
		if strings.TrimSpace(filled[language]) == "" {
			filled[language] = name
			*mends = append(*mends, fmt.Sprintf("imported with its name as its description in %s, which is empty", language))
		}
	}
	return filled
}

// names returns the texts of a table's rows by id, and reports skipped translations.
func (p *plan) names(translations, table string, rows []translationRow, known map[int64]bool) map[int64]translated {
	result := map[int64]translated{}
	for _, row := range rows {
		why := missing(table, row.Of, known[row.Of], false)
		switch problem := text.CheckLanguage(row.Language); {
		case why != "":
		case problem != "":
			why = "language " + problem
		case strings.TrimSpace(row.Name) == "":
			why = "name is empty"
		}
		if why != "" {
			p.report.notef(translations, row.ID, "skipped: %s", why)
			continue
		}
		if _, started := result[row.Of]; !started {
			result[row.Of] = translated{text.Translations{}, text.Translations{}}
		}
		result[row.Of].names[row.Language], result[row.Of].texts[row.Language] = row.Name, row.Description
	}
	return result
}
