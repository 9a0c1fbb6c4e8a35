package utils

import (
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

// Language returns the language that a request asks to be answered in: what its body says, else the language of its
// query, else text.DefaultLanguage.
func Language(c *gin.Context, body string) (string, error) {
	named := languageQuery{Language: body}
	if body != "" {
		return body, named.Validate().Err()
	}
	if err := DecodeQuery(c, &named); err != nil {
		return "", err
	}
	if named.Language == "" {
		return text.DefaultLanguage, nil
	}
	return named.Language, nil
}
