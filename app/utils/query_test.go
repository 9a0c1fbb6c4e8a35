package utils_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

type search struct {
	ID    *int64 `json:"id"`
	Q     string `json:"q"`
	Exact bool   `json:"exact"`
}

func (s *search) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if s.ID != nil && *s.ID < 1 {
		wrong.Add("id", "must be at least 1")
	}
	return wrong
}

func decodeQuery(query string) (search, error) {
	var result search
	err := utils.DecodeQuery(newContext(query), &result)
	return result, err
}

// newContext returns the context of a request with the query.
func newContext(query string) *gin.Context {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodGet, "/", nil)
	c.Request.URL.RawQuery = query
	return c
}

func TestDecodeQuery(t *testing.T) {
	t.Parallel()
	for _, query := range []string{
		"id=7&q=a+b%26c&exact=true", "exact=on&q=a%20b%26c&id=7", "&id=7&&q=a+b%26c&exact=1&",
		"id=7&q=a+b%26c&exact=yes&other=1&other=2&Other=%zz&%zz=1&=",
	} {
		got, err := decodeQuery(query)
		if err != nil || got.ID == nil || got.Q != "a b&c" || !got.Exact {
			t.Errorf("%s: got %+v, %v; want an id, and a b&c exactly, no error", query, got, err)
		} else if *got.ID != 7 {
			t.Errorf("%s: got the id %d, want 7", query, *got.ID)
		}
	}
	for _, query := range []string{"", "&", "q="} {
		if got, err := decodeQuery(query); err != nil || got != (search{}) {
			t.Errorf("%q: got %+v, %v; want nothing set, no error", query, got, err)
		}
	}
}

func TestDecodeQueryRefuses(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]utils.FieldErrors{
		"id=abc":                         {"id": "must be a whole number"},
		"id=":                            {"id": "must be a whole number"},
		"id":                             {"id": "must be a whole number"},
		"id=0":                           {"id": "must be at least 1"},
		"id=-1":                          {"id": "must be at least 1"},
		"id=9223372036854775808":         {"id": "must be a whole number"},
		"id=1.5":                         {"id": "must be a whole number"},
		"id=0x1":                         {"id": "must be a whole number"},
		"id=1;q=2":                       {"id": "must be a whole number"},
		"id=1%20OR%201=1":                {"id": "must be a whole number"},
		"exact=maybe":                    {"exact": "must be true or false"},
		"q=a&q=a":                        {"q": "is given twice"},
		"q=a&%71=a":                      {"q": "is given twice"},
		"Q=a":                            {"q": "differs from the parameter's name in upper and lower case"},
		"q=%zz":                          {"q": "must be escaped UTF-8 without the character U+0000"},
		"q=%ff":                          {"q": "must be escaped UTF-8 without the character U+0000"},
		"q=\xff":                         {"q": "must be escaped UTF-8 without the character U+0000"},
		"q=%00":                          {"q": "must be escaped UTF-8 without the character U+0000"},
		"q=" + strings.Repeat("x", 2049): {"q": "must have at most 2048 bytes"},
		"q=%ff&id=1&id=2&exact=%00&more=1": {"q": "must be escaped UTF-8 without the character U+0000",
			"id": "is given twice", "exact": "must be escaped UTF-8 without the character U+0000"},
	} {
		got, err := decodeQuery(query)
		var fields utils.FieldErrors
		if !errors.As(err, &fields) || !maps.Equal(fields, want) {
			t.Errorf("%s: got %+v, %#v; want %#v", query, got, err, want)
		}
	}
}

func FuzzDecodeQuery(f *testing.F) {
	f.Add("id=7&q=a+b%26c&exact=true")
	f.Add("id=1&id=2&Q=%ff&exact=")
	f.Fuzz(func(t *testing.T, query string) {
		got, err := decodeQuery(query)
		var fields utils.FieldErrors
		if err != nil && !errors.As(err, &fields) {
			t.Errorf("got %v, want FieldErrors", err)
		}
		if err != nil || strings.ContainsRune(query, ';') { // for which net/url drops the whole pair
			return
		}
		if values, _ := url.ParseQuery(query); got.Q != values.Get("q") || len(values["q"]) > 1 || !utf8.ValidString(got.Q) {
			t.Errorf("%q reads as %+v, and elsewhere as %v; want one q, the same, in UTF-8", query, got, values)
		}
	})
}
