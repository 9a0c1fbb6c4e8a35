package mail

import (
	"html"
	"strings"
)

const (
	pageEnd   = "</div>\n</body>\n</html>\n" // of the layout
	signature = `<p style="margin:32px 0 0;border-top:1px solid;padding-top:12px"><bdi>`
)

// sign ends a mail with the name of who sends it, as programs for mail know a signature (RFC 3676, 4.3). An empty name
// is no signature.
func (c *Content) sign(name string) {
	if name == "" {
		return
	}
	c.Text = strings.TrimRight(c.Text, "\n") + "\n\n-- \n" + name + "\n"
	if c.HTML == "" {
		return
	}
	body := strings.TrimSuffix(c.HTML, pageEnd)
	c.HTML = body + signature + html.EscapeString(name) + "</bdi></p>\n" + c.HTML[len(body):]
}
