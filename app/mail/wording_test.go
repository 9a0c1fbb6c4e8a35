package mail_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"guestlist/app/mail"
)

// placeholders are the placeholders of the templates.
var placeholders = []mail.Placeholder{
	{Name: "name", Field: "Name", Optional: true},
	{Name: "event", Field: "Event"},
	{Name: "about", Field: "About", Is: mail.Paragraphs, Optional: true},
	{Name: "note", Field: mail.NoteField, Is: mail.Paragraphs, Optional: true},
	{Name: "link", Field: mail.AnswerField, Is: mail.Address},
	{Name: "url", Field: "URL", Is: mail.Address, Optional: true},
}

// worded is the data of the templates.
type worded struct{ Name, Event, About, Note, Link, URL string }

func rewordable(t testing.TB) *mail.Templates {
	t.Helper()
	templates, err := mail.ParseTemplates(files(map[string]string{
		"en/invitation.txt": "Invitation: {{.Event}}\n\nHello {{.Name}}\n\n[[Answer]]({{.Link}})\n\nKeep the link " +
			"to yourself.\n",
		"ar/invitation.txt": "دعوة\n\nنص\n\n[[أجب]]({{.Link}})\n\nنهاية\n",
		"en/farewell.txt":   "Farewell\n\nGoodbye\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	return templates
}

const page = "https://example.org/invitation/x?a=b&c"

func TestReworded(t *testing.T) {
	t.Parallel()
	templates := rewordable(t)
	ann := worded{Name: "Ann", Event: "Gala & ball", About: "One\n\nTwo", Link: page, URL: "https://example.org"}
	hostile := worded{Name: "{{link}} {{.Link}} <b>", Event: `[[x]](https://evil.example)`, About: "{{name}}\n\n`<i>`",
		Link: page, URL: "javascript:alert(1)"}
	const button = "Answer\n" + page + "\n\nKeep the link to yourself.\n"
	for name, test := range map[string]struct {
		subject, text string
		data          worded
		wantSubject   string
		want          string
		html          []string
	}{
		"words": {
			"Come to {{event}}, {{ name }}", "Dear {{name}},\nwe <b>hope</b> you come.\r\n\r\n{{about}}\n\nBye", ann,
			"Come to Gala & ball, Ann", "Dear Ann,\nwe <b>hope</b> you come.\n\nOne\n\nTwo\n\nBye\n\n" + button,
			[]string{"Dear Ann,<br>\nwe &lt;b&gt;hope&lt;/b&gt; you come.</p>", ">One</p>", `<td bgcolor="#14532d" `,
				">Keep the link to yourself.</p>", ">Come to Gala &amp; ball, Ann</h1>"},
		},
		"values are no words": {
			"{{name}} {{event}}", "{{name}}\n\nDear {{name}}, {{event}}: {{url}}\n\n{{about}}\n\n[More]({{url}})", hostile,
			"{{link}} {{.Link}} <b> [[x]](https://evil.example)",
			"{{link}} {{.Link}} <b>\n\nDear {{link}} {{.Link}} <b>, [[x]](https://evil.example): " +
				"javascript:alert(1)\n\n{{name}}\n\n`<i>`\n\nMore\njavascript:alert(1)\n\n" + button,
			[]string{"Dear {{link}} {{.Link}} &lt;b&gt;, [[x]](https://evil.example): javascript:alert(1)</p>",
				`<a href="#ZgotmplZ">More</a>`, ">`&lt;i&gt;`</p>"},
		},
		"nothing known": {
			"Come {{name}}!", "Hello {{name}}, see {{url}}.\n\n- {{name}}\n\n{{about}}\n\n{{note}}\n\nBye", worded{Link: page},
			"Come!", "Hello, see.\n\nBye\n\n" + button, []string{"Hello, see.</p>"},
		},
		"an empty value begins a line": {
			"{{name}} {{event}}", "{{name}} {{url}} come {{name}}\n{{name}}, {{event}} x\n- {{name}} {{event}} {x}",
			worded{Event: "Gala", Link: page},
			"Gala", "come\n, Gala x\n- Gala {x}\n\n" + button, []string{">come<br>\n, Gala x</p>", "- <bdi>Gala {x}</bdi>"},
		},
		"a value begins a line": {
			"{{name}} {{event}}", "{{name}} {{url}} come\n{{name}}  {x\n{{event}} }", ann,
			"Ann Gala & ball", "Ann https://example.org come\nAnn  {x\nGala & ball }\n\n" + button, nil,
		},
		"no address": {
			"x", "Hello\n\n[More]({{url}})\n\n[[More, {{name}}]]({{url}})\n- {{url}}\n\nBye", worded{Name: "Ann", Link: page},
			"x", "Hello\n\nBye\n\n" + button, []string{">Hello</p>\n\n\n\n<p style=\"margin:0 0 16px\">Bye</p>"},
		},
		"an address": {
			"x", "Hello\n[More]({{url}})\n[[More, {{name}}]]({{url}})\n- {{url}}\nBye", ann,
			"x", "Hello\nMore\nhttps://example.org\nMore, Ann\nhttps://example.org\n- https://example.org\nBye\n\n" + button,
			[]string{`<p style="margin:0 0 16px"><a href="https://example.org">More</a></p>`,
				`<bdi><a href="https://example.org">https://example.org</a></bdi>`},
		},
		"marks twice in a line": {
			"x", "[[a]]({{link}}) [[b]]({{link}})\n`a` and `b`", ann,
			"x", "[[a]](" + page + ") [[b]](" + page + ")\n`a` and `b`\n\nKeep the link to yourself.\n",
			[]string{"<br>\n`a` and `b`</p>"},
		},
		"own button": {
			"x", "[[Yes, {{name}}?]]({{ link }})\n\n[Or here]({{link}})\n\nBye", ann,
			"x", "Yes, Ann?\n" + page + "\n\nOr here\n" + page + "\n\nBye\n\nKeep the link to yourself.\n",
			[]string{`<a href="https://example.org/invitation/x?a=b&amp;c" style="display`, ">Yes, Ann?</a></td>",
				`<a href="https://example.org/invitation/x?a=b&amp;c">Or here</a></p>`},
		},
		"the button elsewhere": {
			"x", "{{link}}\n\nBye", ann, "x", "Answer\n" + page + "\n\nBye\n\nKeep the link to yourself.\n",
			[]string{">Answer</a></td>"},
		},
		"in a sentence": {
			"x", "Answer at {{link}}!", ann, "x", "Answer at " + page + "!\n\nKeep the link to yourself.\n",
			[]string{`Answer at <a href="https://example.org/invitation/x?a=b&amp;c">` +
				`https://example.org/invitation/x?a=b&amp;c</a>!</p>`},
		},
		"marks and braces": {
			"{x} }", "- One { {{name}}\n- {a}{{event}}}\n\n`{{event}} {`\n\n[x](https://evil.example) [y]({x})\n\n{{url}}", ann,
			"{x} }", "- One { Ann\n- {a}Gala & ball}\n\nGala & ball {\n\n[x](https://evil.example) " +
				"[y]({x})\n\nhttps://example.org\n\n" + button,
			[]string{`- <bdi>One { Ann</bdi>`, `- <bdi>{a}Gala &amp; ball}</bdi>`, ">Gala &amp; ball {</code>",
				`>[x](https://evil.example) [y]({x})</p>`, `<a href="https://example.org">https://example.org</a></p>`},
		},
		"a note": {
			"x", "Hello", worded{Note: "{{name}}\n\n<b>", Link: page}, "x", "Hello\n\n{{name}}\n\n<b>\n\n" + button,
			[]string{">&lt;b&gt;</p>"},
		},
		"a note in its place": {
			"x", "{{note}}\n\nHello", worded{Note: "Rain", Link: page}, "x", "Rain\n\nHello\n\n" + button, nil,
		},
	} {
		wording := mail.Wording{Subject: test.subject, Text: test.text}
		if subject, text := wording.Check(placeholders); subject+text != "" {
			t.Errorf("%s: refused: %s; %s", name, subject, text)
		}
		got, err := templates.Reworded("invitation", "en-GB", wording, placeholders, test.data)
		if err != nil || got.Subject != test.wantSubject || got.Text != test.want {
			t.Errorf("%s: got %q, %q, %v, want %q, %q", name, got.Subject, got.Text, err, test.wantSubject, test.want)
		}
		for _, want := range test.html {
			if !strings.Contains(got.HTML, want) {
				t.Errorf("%s: got %s, want %s", name, got.HTML, want)
			}
		}
		if strings.Contains(got.HTML, `"https://evil.example`) {
			t.Errorf("%s: a link leads to another site: %s", name, got.HTML)
		}
	}
}

func TestRewordedOthers(t *testing.T) {
	t.Parallel()
	templates := rewordable(t)
	wording := mail.Wording{Subject: "x", Text: "مرحبا {{name}}"}
	got, err := templates.Reworded("invitation", "ar", wording, placeholders, worded{Name: "Ann", Link: page})
	if want := "\n\nنهاية\n"; err != nil || !strings.HasSuffix(got.Text, want) {
		t.Errorf("in Arabic: got %q, %v; want the end %q, no error", got.Text, err, want)
	}
	for _, want := range []string{`<div lang="ar" dir="rtl" `, ">أجب</a>"} {
		if !strings.Contains(got.HTML, want) {
			t.Errorf("in Arabic, the HTML lacks %q: %s", want, got.HTML)
		}
	}
	want := "مرحبا Ann\n"
	if got, err := templates.Reworded("farewell", "en", wording, placeholders, worded{Name: "Ann"}); err != nil ||
		got.Text != want {
		t.Errorf("a kind without a button: got %q, %v; want %q, no error", got.Text, err, want)
	}
	if got, err := templates.Reworded("unknown", "en", wording, placeholders, worded{}); err == nil {
		t.Errorf("an unknown kind: got %+v, want an error", got)
	}
	if got, err := templates.Reworded("invitation", "en", mail.Wording{Subject: "x", Text: "{{secret}}"}, placeholders,
		worded{}); err == nil {
		t.Errorf("an unknown placeholder: got %+v, want an error", got)
	}
}

func TestWordingCheck(t *testing.T) {
	t.Parallel()
	const all = "{{name}}, {{event}}, {{about}}, {{note}}, {{link}}, {{url}}"
	for text, want := range map[string]string{
		"{{place}}":      "has {{place}}, which is not a placeholder of this mail; use one of " + all,
		"{{Name}}":       "has {{Name}}, which is not a placeholder of this mail; use one of " + all,
		"{{.Name}}":      "has {{.Name}}, which is not a placeholder of this mail; use one of " + all,
		"{{}}":           "has {{}}, which is not a placeholder of this mail; use one of " + all,
		"{{{name}}}":     "has {{{name}}, which is not a placeholder of this mail; use one of " + all,
		"{{if name}}":    "has {{if name}}, which is not a placeholder of this mail; use one of " + all,
		"{{- name -}}":   "has {{- name -}}, which is not a placeholder of this mail; use one of " + all,
		"{{/* name */}}": "has {{/* name */}}, which is not a placeholder of this mail; use one of " + all,
		"{{" + strings.Repeat("ä", 40) + "}}": "has {{" + strings.Repeat("ä", 40) +
			"}}, which is not a placeholder of this mail; use one of " + all,
		"{{" + strings.Repeat("ä", 41) + "}}": "has {{" + strings.Repeat("ä", 40) +
			"…}}, which is not a placeholder of this mail; use one of " + all,
		"{{name":                          "has {{ without }} on the same line: {{name",
		"name}}":                          "has }} without {{ before it on the line",
		"{{x}}\n[[Go]]({{place}})\n}}":    "has {{x}}, which is not a placeholder of this mail; use one of " + all,
		strings.Repeat("{{name}}", 10):    "",
		strings.Repeat("{{about}}\n", 10): "",
		"Dear {{name":                     "has {{ without }} on the same line: {{name",
		"Dear {{name}\nand {{event}}":     "has {{ without }} on the same line: {{name}",
		"Dear name}} {{event}}":           "has }} without {{ before it on the line",
		"Dear {{name}}}}":                 "has }} without {{ before it on the line",
		"About: {{about}}":                "has {{about}} among other words: it needs a line of its own",
		"[[Go]]({{name}})":                "links to {{name}}, which is not an address; use one of {{link}}, {{url}}",
		"[Go]({{place}})":                 "links to {{place}}, which is not an address; use one of {{link}}, {{url}}",
		"[[{{x}}]]({{link}})":             "has {{x}}, which is not a placeholder of this mail; use one of " + all,
		"[[Go]]({{link}}{{x}})":           "has {{x}}, which is not a placeholder of this mail; use one of " + all,
		strings.Repeat("{{name}}", 11):    "has {{name}} more than 10 times",
		strings.Repeat("{{about}}\n", 11): "has {{about}} more than 10 times",
	} {
		if _, got := (mail.Wording{Subject: "x", Text: text}).Check(placeholders); got != want {
			t.Errorf("text %q: got %q, want %q", text, got, want)
		}
	}
	const none = "links to {{x}}, which is not an address; use one of none"
	if _, got := (mail.Wording{Subject: "x", Text: "[Go]({{x}})"}).Check(nil); got != none {
		t.Errorf("without placeholders: got %q, want %q", got, none)
	}
	for subject, want := range map[string]string{
		"{{link}}":      "has {{link}}, which cannot be used in a subject; use one of {{name}}, {{event}}",
		"{{about}}":     "has {{about}}, which cannot be used in a subject; use one of {{name}}, {{event}}",
		"{{place}}":     "has {{place}}, which is not a placeholder of this mail; use one of " + all,
		"{{event":       "has {{ without }} on the same line: {{event",
		" {{name}} ":    "needs words, or a placeholder that is never empty",
		"\u200b \u00ad": "needs words, or a placeholder that is never empty",
		"{{name}}!":     "",
		"{{event}}":     "",
		"{event} }":     "",
		"Café: ﷺ 🎉 }":   "",
	} {
		if got, _ := (mail.Wording{Subject: subject, Text: "x"}).Check(placeholders); got != want {
			t.Errorf("subject %q: got %q, want %q", subject, got, want)
		}
	}
}

// checkMailable checks that a wording that passes Check can be mailed, has the link at least once, and has no link to
// another page.
func checkMailable(t *testing.T, templates *mail.Templates, text, name string) {
	t.Helper()
	wording := mail.Wording{Subject: "x", Text: text}
	if _, problem := wording.Check(placeholders); problem != "" || !utf8.ValidString(text) {
		return
	}
	got, err := templates.Reworded("invitation", "en", wording, placeholders, worded{name, name, name, name, page, page})
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if !strings.Contains(got.Text, page) {
		t.Fatalf("%q: the text lacks %s: %q", text, page, got.Text)
	}
	links := strings.Count(got.HTML, "<a href=")
	want := strings.Count(got.HTML, `<a href="https://example.org/invitation/x?a=b&amp;c"`)
	if links == 0 || links != want {
		t.Fatalf("%q: got %d links, %d of them to the page; want one or more, all to the page: %s", text, links, want,
			got.HTML)
	}
}

// pieces are the parts of random wordings.
var pieces = []string{
	"{{name}}", "{{ event }}", "{{about}}", "{{note}}", "{{link}}", "{{url}}", "{", "}", "[[", "]](", "]", "[", "](", ")",
	"`", "- ", "\n", "\n\n",
	" ", "x", "\t", "$1", "\"", "<b>", "&amp;", "{{x}}", "[[Go]]({{link}})", "[Go]({{url}})", "{{.Name}}", "{{/*", "*/}}",
	"with", ".",
}

func TestRewordedAtRandom(t *testing.T) {
	t.Parallel()
	templates, random := rewordable(t), rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var text strings.Builder
		for range random.IntN(9) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		checkMailable(t, templates, text.String(), pieces[random.IntN(len(pieces))])
	}
}

func FuzzReworded(f *testing.F) {
	for _, piece := range pieces {
		f.Add(piece+"{{name}}", "Ann <b>")
	}
	templates := rewordable(f)
	f.Fuzz(func(t *testing.T, text, name string) { checkMailable(t, templates, text, name) })
}
