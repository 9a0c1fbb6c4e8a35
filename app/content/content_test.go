package content_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/content"
)

// options returns the options in a list, and checks that a form can use them.
func options(t *testing.T, a *apptest.App, path string) []content.Option {
	t.Helper()
	response := a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/content/" + path})
	var list []content.Option
	if err := json.Unmarshal([]byte(response.Body), &list); err != nil || response.Status != http.StatusOK ||
		len(list) < 4 {
		t.Fatalf("%s: got %d %s, %v; want 200 with at least 4 options", path, response.Status, response.Body, err)
	}
	seen := map[string]bool{}
	for _, o := range list {
		if o.Value == "" || o.Label == "" || seen[o.Value] || seen["label "+o.Label] {
			t.Errorf("%s: %+v is empty or listed twice", path, o)
		}
		seen[o.Value], seen["label "+o.Label] = true, true
	}
	return list
}

func values(list []content.Option) (values []string) {
	for _, o := range list {
		values = append(values, o.Value)
	}
	return values
}

func TestLists(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	for path, want := range map[string]content.Option{
		"title":                  {"Mx", "Mx"},
		"title?language=en":      {"Prof", "Prof"},
		"title?language=fr":      {"Mme", "Mme"},
		"title?language=fr-CA":   {"Mlle", "Mlle"},
		"title?language=zu":      {"Mrs", "Mrs"},
		"gender?language=fr":     {"female", "Femme"},
		"gender":                 {"prefer_not_to_say", "I would rather not say"},
		"categories?language=fr": {"phd", "Doctorant"},
		"categories":             {"phd", "Doctoral student"},
		"ethnicity?language=fr":  {"coloured/mixed", "Métis"},
		"disability?language=fr": {"none", "Aucun"},
		"countries?language=fr":  {"ZA", "Afrique du Sud"},
		"countries":              {"SZ", "Eswatini"},
		"countries?language=de":  {"CI", "Côte d’Ivoire"},
	} {
		if list := options(t, a, path); !slices.Contains(list, want) {
			t.Errorf("%s: got %v, want %v in it", path, list, want)
		}
	}
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/content/title?language=x"}).
		Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	a.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/content/other"}).
		Error(t, http.StatusNotFound, "NOT_FOUND")
}

func TestValuesAreTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	for _, path := range []string{"gender", "categories", "ethnicity", "disability"} {
		if english, french := values(options(t, a, path)),
			values(options(t, a, path+"?language=fr")); !slices.Equal(english, french) {
			t.Errorf("%s: got the values %v in English and %v in French, want the same", path, english, french)
		}
	}
}

func TestCountries(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	english, french := options(t, a, "countries"), options(t, a, "countries?language=fr")
	if len(english) != 250 { // 249 in ISO 3166-1, and Kosovo
		t.Errorf("got %d countries, want 250: %v", len(english), values(english))
	}
	for _, code := range []string{"AN", "EU", "UK", "ZZ", "UN", "SU", "IC"} {
		if slices.Contains(values(english), code) {
			t.Errorf("got %s, which is not a current country", code)
		}
	}
	slices.SortFunc(english, func(x, y content.Option) int { return strings.Compare(x.Value, y.Value) })
	if french[0].Value != "AF" || french[1].Value != "ZA" || french[2].Value != "AX" && french[2].Value != "AL" {
		t.Errorf("the French names begin with %v, want AF, ZA and AX or AL", french[:4])
	}
	slices.SortFunc(french, func(x, y content.Option) int { return strings.Compare(x.Value, y.Value) })
	if !slices.Equal(values(english), values(french)) {
		t.Error("the lists in English and French have different countries")
	}
}
