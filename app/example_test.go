package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/organisation"
)

// An App is an http.Handler.
func ExampleNew() {
	db, err := database.Open(database.Memory, database.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = database.Close(db) }()
	a := app.New(app.Config{RequestTimeout: time.Minute}, db)
	response := httptest.NewRecorder()
	a.ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	fmt.Println(response.Code, response.Body)
	// Output: 200 {"status":"ok"}
}

// The routes with the rate limit for signing in.
func ExampleApp_Routes() {
	for _, r := range app.New(app.Config{}, nil).Routes() {
		if r.Limit == "LIMIT_LOGIN" {
			fmt.Println(r.Method, r.Path, r.Endpoint)
		}
	}
	// Output:
	// POST /api/v1/authenticate users.Authenticate
	// POST /api/v1/password-reset/confirm users.ConfirmPasswordReset
	// POST /reset-password/:code users.ResetOnPage
	// POST /undo-email/:code users.UndoOnPage
}

// The document has the organisation's name and the program's version.
func ExampleOpenAPI() {
	party := organisation.Default("The Party", "https://party.example.org", "party@example.org")
	document, err := app.OpenAPI(app.Config{Organisation: party}, "v1.2.3")
	if err != nil {
		fmt.Println(err)
		return
	}
	var about struct {
		OpenAPI string `json:"openapi"`
		Info    struct {
			Title   string `json:"title"`
			Version string `json:"version"`
		} `json:"info"`
	}
	err = json.Unmarshal(document, &about)
	fmt.Println(about.OpenAPI, about.Info.Title, about.Info.Version, err)
	// Output: 3.1.0 The Party v1.2.3 <nil>
}
