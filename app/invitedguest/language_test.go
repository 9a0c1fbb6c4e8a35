package invitedguest_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/app/text"
)

// TestGuestLanguages checks that mail and page are in the guest's language if possible, otherwise in one of the
// event's, otherwise in English. The texts of the event are in the guest's language even if the program does not
// support it.
func TestGuestLanguages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		guest        string // empty: none is given
		event        text.Translations
		subject      string
		page, stored string
	}{
		"theirs": {"pt-BR", text.Translations{"en": "Gala", "fr": "Le gala"}, "Convite: Gala",
			"pt", "pt-BR"},
		"the event's": {"de", text.Translations{"fr": "Le gala", "ar": "حفل"}, "Invitation : Le gala",
			"fr", "de"},
		"the event's, from the right": {"sw", text.Translations{"ar-EG": "حفل", "sw": "Sherehe"}, "دعوة: Sherehe",
			"ar", "sw"},
		"neither": {"de", text.Translations{"it": "Il gala"}, "Invitation: Il gala", "en", "de"},
		"none is given": {"", text.Translations{"fr": "Le gala", "it": "Il gala"}, "Invitation : Le gala",
			"fr", "fr"},
		"none is given, English": {"", text.Translations{"fr": "Le gala", "en": "Gala"}, "Invitation: Gala", "en", "en"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			a.event.Name, a.event.Description = test.event, test.event
			if err := a.DB.Save(a.event).Error; err != nil {
				t.Fatal(err)
			}
			body := map[string]any{"event_id": a.event.ID, "email": "zoe@example.org", "role": "guest", "language": test.guest}
			a.call(t, http.MethodPost, "/api/v1/invitedGuest/create", body).Decode(t, http.StatusCreated, &struct{}{})
			person := map[string]any{"email": "zoe2@example.org", "role": "guest", "language": test.guest}
			a.call(t, http.MethodPost, "/api/v1/invitedGuest/bulk",
				map[string]any{"event_id": a.event.ID, "guests": []any{person}}).
				Decode(t, http.StatusOK, &struct{}{})
			for _, sent := range a.Mails(t) {
				page := a.page(t, code(t, sent), "")
				if sent.Content.Subject != test.subject || !strings.Contains(sent.Content.HTML, `<html lang="`+test.page+`"`) ||
					!strings.Contains(page.Body, `<html lang="`+test.page+`"`) {
					t.Errorf("got %q and the page %s, want %q, and mail and page in %s", sent.Content.Subject, page.Body, test.subject,
						test.page)
				}
			}
			var stored []string
			if err := a.DB.Table("users").Where("email LIKE 'zoe%'").Pluck("primary_language", &stored).Error; err != nil ||
				strings.Join(stored, " ") != test.stored+" "+test.stored {
				t.Errorf("got accounts in %s, %v, want %s", stored, err, test.stored)
			}
		})
	}
}
