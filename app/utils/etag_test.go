package utils_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"guestlist/app/utils"
)

func TestETag(t *testing.T) {
	t.Parallel()
	type row struct {
		ID   int64
		At   time.Time
		Till *time.Time
		Name map[string]string
	}
	at := time.Date(2026, 2, 3, 12, 0, 0, 123456789, time.UTC)
	same := []row{
		{1, at, &at, map[string]string{"en": "x", "fr": "y", "ar": "z"}},
		{1, at.Truncate(time.Microsecond).In(time.FixedZone("", 3600)), new(at.Local()),
			map[string]string{"ar": "z", "fr": "y", "en": "x"}},
	}
	want, err := utils.ETag(same[0])
	if err != nil || len(want) != 24 {
		t.Fatal(want, err)
	}
	if got, err := utils.ETag(same[1]); got != want || err != nil {
		t.Errorf("an equal row: got %s, %v, want %s", got, err, want)
	}
	for _, other := range []row{
		{2, at, &at, same[0].Name},
		{1, at.Add(time.Microsecond), &at, same[0].Name},
		{1, at, nil, same[0].Name},
		{1, at, &at, map[string]string{"en": "x"}},
	} {
		if got, err := utils.ETag(other); got == want || err != nil {
			t.Errorf("%+v has %s, %v, want another than %s", other, got, err, want)
		}
	}
	if got, err := utils.ETag(same[0], "more"); got == want || err != nil {
		t.Errorf("with more it is %s, %v, want another than %s", got, err, want)
	}
}

func TestCheckIfMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		headers []string
		want    error
	}{
		{nil, nil},
		{[]string{"*"}, nil},
		{[]string{` * `}, nil},
		{[]string{`"a"`}, nil},
		{[]string{`"x", "a"`}, nil},
		{[]string{`"x",,"a",`}, nil},
		{[]string{`"x"`, `"a"`}, nil},
		{[]string{`"x,\", "a"`}, nil},
		{[]string{`"x"`}, utils.ErrChangedMeanwhile},
		{[]string{`"x", "*"`}, utils.ErrChangedMeanwhile},
		{[]string{`W/"a"`}, utils.ErrChangedMeanwhile},
		{[]string{`"A"`}, utils.ErrChangedMeanwhile},
		{[]string{`""`}, utils.ErrChangedMeanwhile},
		{[]string{`a`}, utils.ErrValidationFailed},
		{[]string{`"a`}, utils.ErrValidationFailed},
		{[]string{`"a" "x"`}, utils.ErrValidationFailed},
		{[]string{`*, "a"`}, utils.ErrValidationFailed},
		{[]string{`w/"a"`}, utils.ErrValidationFailed},
		{[]string{""}, utils.ErrValidationFailed},
	} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodPut, "/", nil)
		c.Request.Header["If-Match"] = test.headers
		utils.KeepIfMatch(c)
		if got, want := utils.IfMatch(c.Request.Context()), test.headers != nil; got != want {
			t.Errorf("%q: kept: %v, want %v", test.headers, got, want)
		}
		if got := utils.CheckIfMatch(c.Request.Context(), `"a"`); !errors.Is(got, test.want) {
			t.Errorf("%q: got %v, want %v", test.headers, got, test.want)
		}
	}
}
