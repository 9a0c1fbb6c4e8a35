package mail_test

import (
	"testing"

	"guestlist/app/mail"
)

// BenchmarkReworded makes a mail from a wording and, for comparison, the same mail from a parsed template.
func BenchmarkReworded(b *testing.B) {
	templates := rewordable(b)
	data := worded{Name: "Ann", Event: "Gala", About: "A dinner", Link: page}
	wording := mail.Wording{Subject: "{{event}}", Text: "Dear {{name}},\n\n{{about}}\n\n[[Come]]({{link}})"}
	b.Run("template", func(b *testing.B) {
		for b.Loop() {
			if _, err := templates.Content("invitation", "en", data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("wording", func(b *testing.B) {
		for b.Loop() {
			if _, err := templates.Reworded("invitation", "en", wording, placeholders, data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
