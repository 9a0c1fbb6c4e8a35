package organisation

import (
	"net/url"
	"strconv"

	"guestlist/app/text"
)

// Organisation describes who runs the installation. Its members are those of the file and of the response to GET
// /api/v1/organisation.
type Organisation struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	SystemName string `json:"system_name"` // the name of the installation
	SmallLogo  string `json:"small_logo"`  // logos are files of the web client, or URLs
	LargeLogo  string `json:"large_logo"`
	IconLogo   string `json:"icon_logo"`
	Domain     string `json:"domain"`
	URL        string `json:"url"` // of the organisation
	EmailFrom  string `json:"email_from"`
	SystemURL  string `json:"system_url"` // of the installation
	// a URL, or a path below the web client's; empty: none
	PrivacyPolicy string     `json:"privacy_policy"`
	Languages     []Language `json:"languages"`         // of texts; clients offer them
	Currency      string     `json:"iso_currency_code"` // empty: none
}

// Language is a language that a client offers.
type Language struct {
	Code        string `json:"code"`
	Description string `json:"description"` // its name
}

// Default returns the organisation of an installation without a file: the program's name, the URL where people reach
// it, and the sender of its mails. The logos are files of the original web client, which does not start without them.
func Default(name, systemURL, emailFrom string) Organisation {
	o := Organisation{
		ID: 1, Name: name, SystemName: name,
		SmallLogo: "logo-32x32.png", LargeLogo: "Baobab.png", IconLogo: "logo-32x32-white.png",
		URL: systemURL, EmailFrom: emailFrom, SystemURL: systemURL,
		Languages: []Language{{text.DefaultLanguage, "English"}, {"fr", "French"}},
	}
	if u, err := url.Parse(systemURL); err == nil {
		o.Domain = u.Hostname()
	}
	return o
}

// HasPolicy reports whether people must agree to a privacy policy to register.
func (o *Organisation) HasPolicy() bool { return o.PrivacyPolicy != "" }

// problem is what is wrong with a member.
type problem struct{ member, what string }

// problems returns the invalid members in their order.
func (o *Organisation) problems() (all []problem) {
	check := func(member, what string) {
		if what != "" {
			all = append(all, problem{member, what})
		}
	}
	if o.ID < 1 {
		check("id", "must be a whole number from 1")
	}
	check("name", checkName(o.Name))
	check("system_name", checkName(o.SystemName))
	check("small_logo", text.CheckLine(o.SmallLogo, maxAddress))
	check("large_logo", text.CheckLine(o.LargeLogo, maxAddress))
	check("icon_logo", text.CheckLine(o.IconLogo, maxAddress))
	check("domain", checkDomain(o.Domain))
	check("url", checkURL(o.URL))
	check("email_from", checkEmail(&o.EmailFrom))
	check("system_url", checkURL(o.SystemURL))
	check("privacy_policy", checkPolicy(o.PrivacyPolicy))
	check("languages", checkCount(len(o.Languages)))
	seen := map[string]bool{}
	for i, language := range o.Languages {
		member := "languages[" + strconv.Itoa(i) + "]"
		check(member+".code", text.CheckLanguage(language.Code))
		if seen[language.Code] {
			check(member+".code", "is listed twice")
		}
		seen[language.Code] = true
		check(member+".description", checkName(language.Description))
	}
	check("iso_currency_code", checkCurrency(o.Currency))
	return all
}
