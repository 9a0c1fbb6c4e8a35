package organisation

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/text/currency"

	"guestlist/app/text"
)

const (
	maxName      = 100 // characters
	maxAddress   = 2048
	maxLanguages = text.MaxLanguages
)

// The checks return what is wrong, in words that follow the member's name, or "".

func checkName(name string) string {
	if strings.TrimSpace(name) == "" {
		return "must not be empty"
	}
	return text.CheckLine(name, maxName)
}

// domainName matches a host's name or IP address.
var domainName = regexp.MustCompile(`^[A-Za-z0-9_:]([A-Za-z0-9_.:-]{0,251}[A-Za-z0-9_:])?$`)

func checkDomain(domain string) string {
	if !domainName.MatchString(domain) {
		return "must be a host name, such as events.example.org"
	}
	return ""
}

func checkURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || !isWeb(u.Scheme) || u.Hostname() == "" || u.User != nil || strings.ContainsAny(address, " \t\"<>") {
		return "must be a URL that starts with https:// or http://"
	}
	return text.CheckLine(address, maxAddress)
}

func isWeb(scheme string) bool { return scheme == "https" || scheme == "http" }

func checkEmail(address *string) string {
	canonical, err := text.CanonicalEmail(*address)
	if err != nil {
		return err.Error()
	}
	*address = canonical
	return ""
}

// checkPolicy accepts a web URL or a path below the client's, since clients make it a link.
func checkPolicy(policy string) string {
	u, err := url.Parse(policy)
	switch {
	case policy == "":
		return ""
	case err != nil || u.Scheme != "" && !isWeb(u.Scheme) || strings.HasPrefix(policy, "//") ||
		strings.ContainsAny(policy, " \t\"<>\\"):
		return "must be a URL that starts with https:// or http://, or a path below the web client's"
	}
	return text.CheckLine(policy, maxAddress)
}

func checkCount(languages int) string {
	if languages < 1 || languages > maxLanguages {
		return fmt.Sprintf("must list 1 to %d languages", maxLanguages)
	}
	return ""
}

func checkCurrency(code string) string {
	if code == "" {
		return ""
	}
	if unit, err := currency.ParseISO(code); err != nil || unit.String() != code {
		return "must be the code of a currency (ISO 4217), such as USD"
	}
	return ""
}
