package mail

import (
	"html"
	"strings"
)

// sign ends a mail with the name of who sends it, as programs for mail know a signature (RFC 3676, 4.3). An empty name
// is no signature.
func (c *Content) sign(name string) {
	if name == "" {
		return
	}
	c.Text = strings.TrimRight(c.Text, "\n") + "\n\n-- \n" + name + "\n"
	if c.HTML != "" {
		page, end, _ := strings.Cut(c.HTML, "</html>")
		c.HTML = page + "<p>" + html.EscapeString(name) + "</p>\n</html>" + end
	}
}
