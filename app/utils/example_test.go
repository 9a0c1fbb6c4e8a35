package utils_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/gin-gonic/gin"

	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// greeting is the request of the handler in ExampleHandler.
type greeting struct {
	Name string `json:"name"`
}

// Validate implements utils.Validator.
func (g *greeting) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	if g.Name == "" {
		wrong.Add("name", "is required")
	}
	return wrong
}

// A handler decodes its request and returns errors, which Handler renders.
func ExampleHandler() {
	router := gin.New()
	router.POST("/greet", utils.AssignRequestID, utils.Handler(func(c *gin.Context) error {
		var body greeting
		if err := utils.Decode(c, &body); err != nil {
			return err
		}
		c.JSON(http.StatusOK, gin.H{"hello": body.Name})
		return nil
	}))
	for _, body := range []string{`{"name":"Ann"}`, `{}`, `{"name":"Ann","NAME":"Bob"}`} {
		request := httptest.NewRequest(http.MethodPost, "/greet", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Request-ID", "r1")
		response := httptest.NewRecorder()
		router.ServeHTTP(response, request)
		text := response.Body.String()
		if _, problem, failed := strings.Cut(text, `"type":`); failed {
			text = problem
		}
		fmt.Println(response.Code, text)
	}
	// Output:
	// 200 {"hello":"Ann"}
	// 400 "VALIDATION_FAILED","request_id":"r1","errors":{"name":"is required"}}
	// 400 "DUPLICATE_KEY","request_id":"r1"}
}

// Add keeps the first problem of each field and ignores empty ones.
func ExampleFieldErrors() {
	var wrong utils.FieldErrors
	wrong.Add("email", "is required")
	wrong.Add("email", "is not a valid email address")
	wrong.Add("event_id", utils.CheckID(7))
	fmt.Println(wrong.Words())
	fmt.Println(errors.Is(wrong.Err(), utils.ErrValidationFailed))
	// Output:
	// email is required
	// true
}

// A page ends with a cursor, which is valid only for the same list.
func ExampleEndPage() {
	cursors := secrets.NewCursors(secrets.NewKeys([]byte("a key of 32 random bytes or more"), nil).Derive("cursor"))
	query := utils.NewListQuery()
	query.Limit = new(2)
	first, err := query.Page(cursors, "numbers")
	if err != nil {
		fmt.Println(err)
	}
	found := []int64{1, 2, 3} // what a query with first.Seek reads: one row more than the page has
	rows, next, err := utils.EndPage(first, found, func(row *int64, _ utils.Sort) utils.Position {
		return utils.Position{ID: *row}
	})
	if err != nil {
		fmt.Println(err)
	}
	query.Cursor = *next
	second, err := query.Page(cursors, "numbers")
	fmt.Println(rows, second.After.ID, err)
	_, err = query.Page(cursors, "letters")
	fmt.Println(err)
	// Output:
	// [1 2] 2 <nil>
	// VALIDATION_FAILED: cursor
}
