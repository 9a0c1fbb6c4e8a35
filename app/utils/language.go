package utils

import (
	"cmp"

	"github.com/gin-gonic/gin"

	"guestlist/app/text"
)

type languageQuery struct {
	Language string `json:"language"`
}

// Validate implements Validator.
func (q *languageQuery) Validate() FieldErrors {
	var wrong FieldErrors
	if q.Language != "" {
		wrong.Add("language", text.CheckLanguage(q.Language))
	}
	return wrong
}

// Language returns the language for the response: asked, which a handler has decoded, else the one in the query, else
// text.DefaultLanguage.
func Language(c *gin.Context, asked string) (string, error) {
	return LanguageOr(c, asked, text.DefaultLanguage)
}

// LanguageOr is Language with another default.
func LanguageOr(c *gin.Context, asked, otherwise string) (string, error) {
	named := languageQuery{Language: asked}
	if asked != "" {
		return asked, named.Validate().Err()
	}
	if err := DecodeQuery(c, &named); err != nil {
		return "", err
	}
	return cmp.Or(named.Language, otherwise), nil
}
