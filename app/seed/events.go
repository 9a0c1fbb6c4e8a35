package seed

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"guestlist/app/events"
	"guestlist/app/tags"
	"guestlist/app/text"
	"guestlist/app/users"
)

// plan is an event to create. Days are relative to now.
type plan struct {
	key, about        string
	name, description text.Translations
	start, end        int
	open, close       int // of registration
	invited, answered int // days of the invitations and the answers
	share             int // one in share of the guests is invited
}

// plans are the events to create. All guests are invited to the first, with registration open.
var plans = []plan{
	{
		key: "summer-school", about: "registration is open", start: 45, end: 49, open: -30, close: 30,
		invited: -20, answered: -5, share: 1,
		name: text.Translations{
			"en": "Summer School on Machine Learning", "fr": "École d’été sur l’apprentissage automatique",
			"pt": "Escola de Verão de Aprendizado de Máquina", "ar": "المدرسة الصيفية لتعلّم الآلة",
		},
		description: text.Translations{
			"en": "Five days of lectures, practicals and posters.\nLunch is included; bring a computer.",
			"fr": "Cinq jours de cours, de travaux pratiques et de posters.\nLe déjeuner est compris ; apportez un ordinateur.",
			"pt": "Cinco dias de aulas, práticas e pôsteres.\nO almoço está incluído; traga um computador.",
			"ar": "خمسة أيام من المحاضرات والتطبيقات والملصقات.\nالغداء مشمول، وأحضروا حاسوبًا.",
		},
	},
	{
		key: "reviewers-workshop", about: "registration is closed", start: 5, end: 6, open: -60, close: -2,
		invited: -55, answered: -10, share: 3,
		name: text.Translations{"en": "Reviewers’ Workshop", "fr": "Atelier des évaluateurs"},
		description: text.Translations{
			"en": "How to read four hundred applications and stay fair.",
			"fr": "Comment lire quatre cents candidatures et rester équitable.",
		},
	},
	{
		key: "opening-gala", about: "it is over", start: -61, end: -60, open: -110, close: -70,
		invited: -100, answered: -80, share: 2,
		name: text.Translations{"en": "Opening Gala", "fr": "Gala d’ouverture", "ar": "حفل الافتتاح"},
		description: text.Translations{
			"en": "A dinner for speakers, sponsors and friends.",
			"fr": "Un dîner pour les intervenants, les mécènes et les amis.",
			"ar": "عشاء للمتحدثين والرعاة والأصدقاء.",
		},
	},
}

func (w *work) storeEvents(ctx context.Context) error {
	for i := range plans {
		p := &plans[i]
		then := w.at(firstDay)
		event, err := w.storeEvent(ctx, then, p)
		if err != nil {
			return fmt.Errorf("the event %s: %w", p.key, err)
		}
		marks, err := w.storeTags(ctx, then, event.ID)
		if err != nil {
			return fmt.Errorf("the tags of %s: %w", p.key, err)
		}
		if err := w.storeGuests(ctx, p, event, marks); err != nil {
			return fmt.Errorf("the guests of %s: %w", p.key, err)
		}
	}
	return w.blockSome(ctx, w.at(0))
}

// storeEvent creates an event and grants its organisers their roles.
func (w *work) storeEvent(ctx context.Context, then services, p *plan) (*events.Event, error) {
	var document events.Document
	document.TimeZone = w.zone().String()
	document.Key, document.Name, document.Description = p.key, p.name, p.description
	document.StartDate, document.EndDate = w.date(p.start)+"T09:00", w.date(p.end)+"T17:00"
	document.RegistrationOpen, document.RegistrationClose = w.date(p.open), w.date(p.close)
	document.EmailFrom = p.key + domain
	document.URL = "https://example.org/" + p.key
	if err := document.Validate().Err(); err != nil {
		return nil, err
	}
	event, _, err := events.Import(ctx, then.tx, &document)
	if err != nil {
		return nil, err
	}
	for _, role := range w.roles() {
		user, err := users.FindByEmail(ctx, then.tx, role+domain)
		if err != nil {
			return nil, err
		}
		given := events.Role{EventID: event.ID, UserID: user.ID, Role: role}
		if _, err := then.events.ImportRole(ctx, then.tx, w.actor(), given); err != nil {
			return nil, err
		}
	}
	return event, nil
}

// zone returns the time zone of the events.
func (w *work) zone() *time.Location { return cmp.Or(w.config.TimeZone, time.UTC) }

// date returns the date of a day in the zone, in the form of requests.
func (w *work) date(days int) string { return w.day(days).In(w.zone()).Format(time.DateOnly) }

// labels are the tags of each event. The last one is not active.
var labels = []tags.Tag{
	{Name: text.Translations{"en": "vegetarian", "fr": "végétarien", "pt": "vegetariano", "ar": "نباتي"}},
	{Name: text.Translations{"en": "halal", "fr": "halal", "ar": "حلال"}},
	{Name: text.Translations{"en": "needs a visa letter", "fr": "demande une lettre pour le visa"}},
	{
		TagType: "grant", Name: text.Translations{"en": "travel grant", "fr": "bourse de voyage"},
		Description: text.Translations{"en": "Flight and hotel are paid.", "fr": "Le vol et l’hôtel sont payés."},
	},
	{TagType: "checkin", Name: text.Translations{"en": "VIP"}},
	{Name: text.Translations{"en": "not used any more"}},
}

// storeTags creates the tags of an event, and returns the ids of the active ones.
func (w *work) storeTags(ctx context.Context, then services, eventID int64) ([]int64, error) {
	var ids []int64
	for i, tag := range labels {
		tag.EventID = eventID
		if err := tags.Check(&tag).Err(); err != nil {
			return nil, err
		}
		active := i < len(labels)-1
		if err := then.tags.Create(ctx, &tag, active); err != nil {
			return nil, err
		}
		if active {
			ids = append(ids, tag.ID)
		}
	}
	return ids, nil
}
