package utils_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

type order struct {
	Name    string         `json:"name"`
	Note    *string        `json:"note"`
	Count   int            `json:"count"`
	Express bool           `json:"express"`
	Labels  map[string]any `json:"labels"`
}

func (o *order) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if o.Name == "forbidden" {
		wrong.Add("name", "is forbidden")
	}
	return wrong
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

func decode(contentType, body string) (order, error) {
	var result order
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	c.Request.Header.Set("Content-Type", contentType)
	err := utils.Decode(c, &result)
	return result, err
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ contentType, body string }{
		"json":              {jsonType, `{"name":"x","count":3,"express":true,"note":"n"}`},
		"json with charset": {"application/json; charset=UTF-8", `{"name":"x","count":3,"express":true,"note":"n"}`},
		"unknown members": {jsonType,
			`{"name":"x","count":3,"express":true,"note":"n","more":[{"a":1},{"a":2}],"less":null}`},
		"white space":   {jsonType, " \n{\"name\":\"x\",\"count\":3,\"express\":true,\"note\":\"n\"}\r\n\t "},
		"escaped names": {jsonType, `{"n\u0061me":"x","count":3,"express":true,"note":"n"}`},
		"nested equal names": {jsonType,
			`{"name":"x","count":3,"express":true,"note":"n","labels":{"name":1},"x":{"Name":1}}`},
		"form":                {formType, "name=x&count=3&express=true&note=n"},
		"form, checkbox":      {formType, "name=x&count=3&express=on&note=n&unknown=1"},
		"form with charset":   {"application/x-www-form-urlencoded;charset=utf-8", "name=x&count=3&express=1&note=%6e"},
		"json, capital media": {"Application/JSON", `{"name":"x","count":3,"express":true,"note":"n"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decode(test.contentType, test.body)
			if err != nil {
				t.Fatal(err)
			}
			if got.Name != "x" || got.Count != 3 || !got.Express {
				t.Errorf("got %+v, want the name x, the count 3, and express", got)
			}
			if got.Note == nil {
				t.Error("got no note, want n")
			} else if *got.Note != "n" {
				t.Errorf("got the note %q, want n", *got.Note)
			}
		})
	}
}

func TestDecodeAbsent(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"note":null}`} {
		got, err := decode(jsonType, body)
		if err != nil || got.Note != nil {
			t.Errorf("%s: got %+v, %v; want no note and no error", body, got, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		contentType, body string
		want              *utils.Error
	}{
		"no content type":         {"", `{}`, utils.ErrUnsupportedMedia},
		"text":                    {"text/plain", `{}`, utils.ErrUnsupportedMedia},
		"multipart":               {"multipart/form-data; boundary=x", `--x--`, utils.ErrUnsupportedMedia},
		"another charset":         {"application/json; charset=latin1", `{}`, utils.ErrUnsupportedMedia},
		"empty body":              {jsonType, ``, utils.ErrInvalidJSON},
		"a list":                  {jsonType, `[]`, utils.ErrInvalidJSON},
		"null":                    {jsonType, `null`, utils.ErrInvalidJSON},
		"cut short":               {jsonType, `{"name":"x"`, utils.ErrInvalidJSON},
		"trailing comma":          {jsonType, `{"name":"x",}`, utils.ErrInvalidJSON},
		"trailing object":         {jsonType, `{"name":"x"}{}`, utils.ErrInvalidJSON},
		"trailing junk":           {jsonType, `{"name":"x"} x`, utils.ErrInvalidJSON},
		"trailing bracket":        {jsonType, `{"name":"x"}}`, utils.ErrInvalidJSON},
		"byte order mark":         {jsonType, "\ufeff{}", utils.ErrInvalidJSON},
		"comment":                 {jsonType, `{/**/}`, utils.ErrInvalidJSON},
		"half a surrogate pair":   {jsonType, `{"name":"\ud800"}`, utils.ErrInvalidJSON},
		"duplicate key":           {jsonType, `{"name":"x","name":"x"}`, utils.ErrDuplicateKey},
		"duplicate, escaped":      {jsonType, `{"name":"x","n\u0061me":"x"}`, utils.ErrDuplicateKey},
		"duplicate, unknown":      {jsonType, `{"other":1,"other":2}`, utils.ErrDuplicateKey},
		"duplicate, nested":       {jsonType, `{"labels":{"a":1,"a":2}}`, utils.ErrDuplicateKey},
		"variant of a known key":  {jsonType, `{"Name":"x"}`, utils.ErrDuplicateKey},
		"variant beside the key":  {jsonType, `{"name":"x","NAME":"y"}`, utils.ErrDuplicateKey},
		"variant, unknown":        {jsonType, `{"other":1,"Other":2}`, utils.ErrDuplicateKey},
		"variant, nested in list": {jsonType, `{"other":[[{"a":1,"A":2}]]}`, utils.ErrDuplicateKey},
		"variant, kelvin sign":    {jsonType, "{\"k\":1,\"\u212a\":2}", utils.ErrDuplicateKey},
		"invalid UTF-8":           {jsonType, "{\"name\":\"\xff\"}", utils.ErrInvalidText},
		"invalid UTF-8, key":      {jsonType, "{\"\xff\":1}", utils.ErrInvalidText},
		"U+0000":                  {jsonType, `{"name":"a\u0000b"}`, utils.ErrInvalidText},
		"U+0000, unknown":         {jsonType, `{"other":[{"deep":"\u0000"}]}`, utils.ErrInvalidText},
		"U+0000, key":             {jsonType, `{"\u0000":1}`, utils.ErrInvalidText},
		"too deep": {jsonType, `{"other":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`,
			utils.ErrInvalidJSON},
		"too large":           {jsonType, `{"name":"` + strings.Repeat("x", utils.MaxBody) + `"}`, utils.ErrBodyTooLarge},
		"form, bad escape":    {formType, "name=%zz", utils.ErrInvalidForm},
		"form, semicolon":     {formType, "name=x;count=1", utils.ErrInvalidForm},
		"form, duplicate":     {formType, "name=x&name=y", utils.ErrDuplicateKey},
		"form, variant":       {formType, "Name=x", utils.ErrDuplicateKey},
		"form, invalid UTF-8": {formType, "name=%ff", utils.ErrInvalidText},
		"form, U+0000":        {formType, "name=%00", utils.ErrInvalidText},
		"not valid":           {jsonType, `{"name":"forbidden"}`, utils.ErrValidationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := decode(test.contentType, test.body); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// TestDecodeQueryAndBody checks members in the query, in the body, and in both, where they must agree.
func TestDecodeQueryAndBody(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		query, contentType, body string
		differ                   []string
	}{
		"apart":            {"name=x&express=1", jsonType, `{"count":3}`, nil},
		"both":             {"name=x&count=3&express=true", jsonType, `{"name":"x","count":3,"express":true}`, nil},
		"both, escaped":    {"name=%78&count=3&express=yes", jsonType, `{"name":"\u0078","count":3,"express":true}`, nil},
		"both, form":       {"name=x&count=3", formType, `name=%78&count=3&express=on`, nil},
		"null":             {"name=x&express=1&count=3", jsonType, `{"name":null,"express":null,"count":null}`, nil},
		"no body":          {"name=x&express=1&count=3", "", ``, nil},
		"no body, a type":  {"name=x&express=1&count=3", jsonType, ``, nil},
		"different text":   {"name=x", jsonType, `{"name":"X"}`, []string{"name"}},
		"different number": {"count=3", jsonType, `{"count":4}`, []string{"count"}},
		"different truth":  {"express=true", jsonType, `{"express":false}`, []string{"express"}},
		"empty, and not":   {"name=&note=", jsonType, `{"name":"x","note":"y"}`, []string{"name", "note"}},
		"two":              {"name=x&count=3", formType, `name=y&count=4`, []string{"name", "count"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newContext(test.query)
			c.Request = httptest.NewRequest(http.MethodPost, "/?"+test.query, strings.NewReader(test.body))
			c.Request.Header.Set("Content-Type", test.contentType)
			var got order
			err := utils.Decode(c, &got)
			if len(test.differ) == 0 {
				if err != nil || got.Name != "x" || got.Count != 3 || !got.Express {
					t.Errorf("got %+v, %v; want the name x, the count 3, and express, no error", got, err)
				}
				return
			}
			var fields utils.FieldErrors
			if !errors.As(err, &fields) || len(fields) != len(test.differ) {
				t.Fatalf("got %+v, %v; want errors of %v", got, err, test.differ)
			}
			for _, field := range test.differ {
				if want := "differs between the query and the body"; fields[field] != want {
					t.Errorf("%s: got %q, want %q", field, fields[field], want)
				}
			}
		})
	}
}

func TestDecodeNamesTheField(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ contentType, body, field, problem string }{
		"a number for text":     {jsonType, `{"name":5}`, "name", "must be a string"},
		"a list for text":       {jsonType, `{"note":["x"]}`, "note", "must be a string"},
		"text for a number":     {jsonType, `{"count":"5"}`, "count", "must be a whole number"},
		"a fraction":            {jsonType, `{"count":1.5}`, "count", "must be a whole number"},
		"out of range":          {jsonType, `{"count":9223372036854775808}`, "count", "must be a whole number"},
		"text for a truth":      {jsonType, `{"express":"true"}`, "express", "must be true or false"},
		"a list for an object":  {jsonType, `{"labels":[]}`, "labels", "must be an object"},
		"form: not a number":    {formType, "count=abc", "count", "must be a whole number"},
		"form: not a truth":     {formType, "express=maybe", "express", "must be true or false"},
		"what Validate says":    {jsonType, `{"name":"forbidden"}`, "name", "is forbidden"},
		"form: number for text": {formType, "name=forbidden", "name", "is forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := decode(test.contentType, test.body)
			var fields utils.FieldErrors
			want := utils.FieldErrors{test.field: test.problem}
			if !errors.As(err, &fields) || !maps.Equal(fields, want) {
				t.Errorf("got %v, with the fields %v, want %v", err, map[string]string(fields), map[string]string(want))
			}
		})
	}
}

func TestDecodeRefusesEncodings(t *testing.T) {
	t.Parallel()
	for name, encodings := range map[string][]string{"gzip": {"gzip"}, "behind identity": {"identity", "gzip"}} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"name":"x"}`))
		c.Request.Header = http.Header{"Content-Type": {jsonType}, "Content-Encoding": encodings}
		if err := utils.Decode(c, &order{}); !errors.Is(err, utils.ErrUnsupportedMedia) {
			t.Errorf("%s: got %v, want %v", name, err, utils.ErrUnsupportedMedia)
		}
	}
}

// TestDecodeSlowBody checks the error for bodies that take longer than the connection's or the request's time limit.
func TestDecodeSlowBody(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	for name, request := range map[string]*http.Request{
		"the connection's": httptest.NewRequest(http.MethodPost, "/", iotest.ErrReader(os.ErrDeadlineExceeded)),
		"the request's":    httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"name":"x"}`)).WithContext(ended),
	} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = request
		c.Request.Header.Set("Content-Type", jsonType)
		if err := utils.Decode(c, &order{}); !errors.Is(err, utils.ErrRequestTimeout) {
			t.Errorf("%s: got %v, want %v", name, err, utils.ErrRequestTimeout)
		}
	}
}

// FuzzDecodeJSON checks that encoding/json accepts what Decode accepts, and decodes it to the same value.
func FuzzDecodeJSON(f *testing.F) {
	for _, body := range []string{
		`{"name":"x","count":3,"express":true,"note":"n","labels":{"a":[1,{"b":null}]}}`, `{"n\u0061me":"x","NAME":1}`,
		`{"name":"\ud83d\ude00","count":1e2}`, `{"name":null,"count":-0}`, "{\"\u212a\":1,\"k\":2}",
		`{"count":9223372036854775807}`, "\ufeff{}", `{}{}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := decode(jsonType, body)
		checkCatalogued(t, err)
		if err != nil {
			return
		}
		var other order
		if err := json.Unmarshal([]byte(body), &other); err != nil {
			t.Fatalf("Decode accepts %q, but encoding/json does not: %v", body, err)
		}
		if !reflect.DeepEqual(got, other) {
			t.Errorf("%q reads as %+v, want %+v as elsewhere", body, got, other)
		}
		if strings.ContainsRune(got.Name, 0) || !utf8.ValidString(got.Name) {
			t.Errorf("%q reads as the name %q, want UTF-8 without U+0000", body, got.Name)
		}
	})
}

// FuzzDecodeForm checks that net/url accepts what Decode accepts, and finds the same name.
func FuzzDecodeForm(f *testing.F) {
	for _, body := range []string{"name=x&count=3&express=on&note=%6e", "Name=x", "name=%ff", "name=a+b&&=&x", "count=1.5",
		"labels=%7b%7d", "name=x;count=1", "count=+1"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := decode(formType, body)
		checkCatalogued(t, err)
		if err != nil {
			return
		}
		values, err := url.ParseQuery(body)
		if err != nil || got.Name != values.Get("name") || len(values["name"]) > 1 {
			t.Errorf("%q reads as %+v, and elsewhere as %v, %v; want one name, the same", body, got, values, err)
		}
		if strings.ContainsRune(got.Name, 0) || !utf8.ValidString(got.Name) {
			t.Errorf("%q reads as the name %q, want UTF-8 without U+0000", body, got.Name)
		}
	})
}

func checkCatalogued(t *testing.T, err error) {
	t.Helper()
	var catalogued *utils.Error
	if err != nil && !errors.As(err, &catalogued) {
		t.Errorf("got an error that is not in the catalogue: %v", err)
	}
}
