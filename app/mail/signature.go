package mail

import (
	"html"
	"strings"
)

const (
	pageEnd   = "</div>\n</body>\n</html>\n" // of the layout
	signature = `<p style="margin:32px 0 0;border-top:1px solid;padding-top:12px"><bdi>`
)

// sign appends the sender's name as a signature that mail programs recognise (RFC 3676, 4.3). An empty name adds
// nothing.
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
