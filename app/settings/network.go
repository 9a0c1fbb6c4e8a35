package settings

import (
	"fmt"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guestlist/app/text"
)

// Host returns a host name or an IP address, without a port or brackets.
func (s *Settings) Host(name, fallback string) string {
	text := s.Text(name, fallback)
	if strings.ContainsAny(text, "[]/ ") || strings.Contains(text, ":") && net.ParseIP(text) == nil {
		s.Failf(name, "%q is neither a name nor an address, such as 127.0.0.1, ::1 or 0.0.0.0", text)
	}
	return text
}

// CheckAddress checks an address to listen on: a host, which may be empty for all interfaces, and a port.
func CheckAddress(text string) error {
	host, port, err := net.SplitHostPort(text)
	number, wrong := strconv.ParseUint(port, 10, 16)
	if err != nil || wrong != nil || strconv.FormatUint(number, 10) != port || strings.ContainsAny(host, "/ ") {
		return fmt.Errorf("%q is not an address and a port, such as 127.0.0.1:9100, [::1]:9100 or :9100", text)
	}
	return nil
}

// Networks parses a comma-separated list of addresses and networks.
func (s *Settings) Networks(name string) (result []netip.Prefix) {
	for text := range strings.SplitSeq(s.Text(name, ""), ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		network, err := netip.ParsePrefix(text)
		if address, bad := netip.ParseAddr(text); err != nil && bad == nil {
			network, err = address.Prefix(address.BitLen())
		}
		if err != nil || network != network.Masked() {
			s.Failf(name, "%q is neither an address nor a network, such as 10.0.0.0/8 or fd00::/8", text)
			continue
		}
		result = append(result, network)
	}
	return result
}

// AnyOrigin is the only result of Origins if every origin is allowed.
const AnyOrigin = "*"

// Origins parses a comma-separated list of origins, as browsers write them: scheme, host, and a port unless it is the
// scheme's default (RFC 6454, 6.2). AnyOrigin must be the only one.
func (s *Settings) Origins(name string) (result []string) {
	for _, text := range s.List(name) {
		origin, ok := parseOrigin(text)
		if !ok {
			s.Failf(name, "%q is not an origin, such as https://app.example.org or http://localhost:8080, without a path", text)
			continue
		}
		result = append(result, origin)
	}
	if len(result) > 1 && slices.Contains(result, AnyOrigin) {
		s.Failf(name, "%s means every origin, and must be the only one", AnyOrigin)
	}
	return result
}

// hostOfOrigin matches a host as browsers write it: a name, perhaps in Punycode, or an address.
var hostOfOrigin = regexp.MustCompile(`^([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$`)

// parseOrigin returns the origin as browsers write it.
func parseOrigin(text string) (string, bool) {
	if text == AnyOrigin {
		return text, true
	}
	text = strings.ToLower(text)
	scheme, rest, _ := strings.Cut(text, "://")
	u, err := url.Parse(text)
	if err != nil || rest != u.Host || u.Host == "" {
		return "", false
	}
	host, port := strings.TrimSuffix(u.Host, ":"+u.Port()), u.Port()
	number, err := strconv.Atoi(port)
	defaultPort, known := map[string]string{"http": "80", "https": "443"}[scheme]
	switch {
	case !known || !hostOfOrigin.MatchString(host) || port != "" && (err != nil || number < 1 || number > 65535):
		return "", false
	case port == "" || port == defaultPort:
		return scheme + "://" + host, true
	}
	return scheme + "://" + host + ":" + strconv.Itoa(number), true
}

// PublicURL returns the public base URL of the program or its client, without a trailing slash; "" if there is neither
// a value nor a fallback.
func (s *Settings) PublicURL(name, fallback string) string {
	text := strings.TrimRight(s.Text(name, fallback), "/")
	if text == "" && s.Text(name, fallback) == "" {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		strings.ContainsAny(text, "?#") {
		s.Failf(name, "%q is not of the form https://host, without ? and #", text)
	}
	return text
}

// LocalURL returns the program's URL on its own machine.
func LocalURL(host string, port int) string {
	if address := net.ParseIP(host); address != nil && address.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
}

// Sender returns an email address, with or without a name.
func (s *Settings) Sender(name, fallback string) netmail.Address {
	value := s.Text(name, fallback)
	address, err := netmail.ParseAddress(value)
	if err == nil {
		address.Address, err = text.CanonicalEmail(address.Address)
	}
	if err != nil {
		s.Failf(name, "%q is not an address, such as team@example.org or The Team <team@example.org>", value)
		return netmail.Address{}
	}
	return *address
}
