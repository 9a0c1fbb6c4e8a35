package users_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/users"
)

func TestUpdate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body  string
		want  string // the part of the response after the token
		ended bool   // whether the old token has ended
	}{
		"nothing": {`{}`,
			`"email":"ann@example.org","firstname":"Ann","lastname":"Lee","title":"Dr","is_admin":false,` +
				`"primary_language":"fr","roles":[]}`, false},
		"nulls": {`{"email":null,"password":null,"firstname":null,"language":null}`,
			`"email":"ann@example.org","firstname":"Ann","lastname":"Lee","title":"Dr","is_admin":false,` +
				`"primary_language":"fr","roles":[]}`, false},
		"names": {`{"firstname":"Bo","lastname":"","user_title":"Prof"}`,
			`"email":"ann@example.org","firstname":"Bo","lastname":"","title":"Prof","is_admin":false,` +
				`"primary_language":"fr","roles":[]}`, false},
		"language": {`{"language":"pt-BR"}`,
			`"email":"ann@example.org","firstname":"Ann","lastname":"Lee","title":"Dr","is_admin":false,` +
				`"primary_language":"pt-BR","roles":[]}`, false},
		"empty form fields": {`{"password":"","language":"","email":"ANN@example.org"}`,
			`"email":"ann@example.org","firstname":"Ann","lastname":"Lee","title":"Dr","is_admin":false,` +
				`"primary_language":"fr","roles":[]}`, false},
		"power": {`{"id":7,"is_admin":true,"token_generation":9,"verified_at":null,"deleted_at":"now"}`,
			`"email":"ann@example.org","firstname":"Ann","lastname":"Lee","title":"Dr","is_admin":false,` +
				`"primary_language":"fr","roles":[]}`, false},
		"address": {`{"email":" New@Example.org"}`,
			`"email":"ann@example.org","pending_email":"new@example.org","firstname":"Ann","lastname":"Lee","title":"Dr",` +
				`"is_admin":false,"primary_language":"fr","roles":[]}`, false},
		"password": {`{"password":"another","current_password":"123456"}`,
			`"email":"ann@example.org","firstname":"Ann","lastname":"Lee","title":"Dr","is_admin":false,` +
				`"primary_language":"fr","roles":[]}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			var old, fresh apptest.User
			a.post(t, "/api/v1/user",
				`{"email":"ann@example.org","password":"123456","firstname":"Ann","lastname":"Lee","user_title":"Dr",`+
					`"language":"fr"}`).
				Decode(t, http.StatusCreated, &old)
			a.set(t, old.ID, "verified_at", a.Clock.Now())
			response := a.put(t, old.Token, test.body)
			response.Decode(t, http.StatusOK, &fresh)
			if want := `{"id":1,"token":"` + fresh.Token + `",` + test.want; response.Body != want || fresh.Token == old.Token {
				t.Errorf("got  %s\nwant %s", response.Body, want)
			}
			if got := a.read(t, old.Token).Status; (got == http.StatusUnauthorized) != test.ended {
				t.Errorf("the old token: got %d, want it ended (401): %t", got, test.ended)
			}
			if got := a.read(t, fresh.Token).Status; got != http.StatusOK {
				t.Errorf("the fresh token: got %d, want 200", got)
			}
			if a.user(t, old.ID).VerifiedAt == nil {
				t.Error("the address is not verified any more")
			}
			password := apptest.Password
			if strings.Contains(test.body, "another") {
				password = "another"
			}
			a.post(t, "/api/v1/authenticate", fmt.Sprintf(`{"email":"%s","password":"%s"}`, fresh.Email, password)).
				Decode(t, http.StatusOK, &fresh)
		})
	}
}

func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	a.Register(t, "bob@example.org")
	for body, field := range map[string]string{
		`{"email":""}`: "email", `{"email":"ann"}`: "email", `{"password":"12345","current_password":"123456"}`: "password",
		`{"firstname":5}`:     "firstname",
		`{"lastname":"a\nb"}`: "lastname", `{"user_title":"` + strings.Repeat("x", 51) + `"}`: "user_title",
		`{"language":"<>"}`: "language",
	} {
		got := a.put(t, user.Token, body).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
		if len(got.Errors) != 1 || got.Errors[field] == "" {
			t.Errorf("%s: got the errors %v, want one of %s", body, got.Errors, field)
		}
	}
	a.put(t, user.Token, `{"email":"bob@example.org","firstname":"x"}`).Error(t, http.StatusConflict, "EMAIL_IN_USE")
	a.put(t, "", `{}`).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	if got := a.user(t, user.ID); got.Firstname != "" || got.TokenGeneration != 0 {
		t.Errorf("a refused change left %+v, want no first name and the token generation 0", got)
	}
}

// TestUpdateAtOnce changes different fields concurrently, many times, and checks that no change is lost.
func TestUpdateAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	for round := range 10 {
		word := fmt.Sprint("round ", round)
		var group sync.WaitGroup
		for _, field := range []string{"firstname", "lastname", "user_title"} {
			group.Go(func() {
				if got := a.put(t, user.Token, fmt.Sprintf(`{"%s":"%s"}`, field, word)); got.Status != http.StatusOK {
					t.Errorf("got %d %s, want 200", got.Status, got.Body)
				}
			})
		}
		group.Wait()
		if got := a.user(t, user.ID); got.Firstname != word || got.Lastname != word || got.UserTitle != word {
			t.Fatalf("an update was lost: got %+v, want %q in all three", got, word)
		}
	}
}

// TestUpdateToOneAddress requests the same address for many users, and confirms all of them concurrently. It checks
// that exactly one gets it.
func TestUpdateToOneAddress(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	const clients = 8
	for i := range clients {
		user := a.Register(t, fmt.Sprintf("guest%d@example.org", i))
		if status := a.put(t, user.Token, `{"email":"ann@example.org"}`).Status; status != http.StatusOK {
			t.Errorf("request the address: got %d, want 200", status)
		}
	}
	var codes []string
	for _, m := range a.Mails(t) {
		if m.Kind == "change_email" {
			codes = append(codes, apptest.Code(t, m))
		}
	}
	statuses := make(chan int, clients)
	var group sync.WaitGroup
	for _, code := range codes {
		group.Go(func() { statuses <- a.get(t, "/api/v1/verify-email?token="+code).Status })
	}
	group.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	if count[http.StatusCreated] != 1 || count[http.StatusConflict] != clients-1 {
		t.Errorf("got the statuses %v, want 201 once and 409 %d times", count, clients-1)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	user := a.Register(t, "ann@example.org")
	another := a.authenticate(t, "ann@example.org")
	deletion := apptest.Request{Method: http.MethodDelete, Path: "/api/v1/user", Token: user.Token}
	if response := a.Send(t, deletion); response.Status != http.StatusOK || response.Body != "{}" {
		t.Fatalf("got %d %s, want 200 {}", response.Status, response.Body)
	}
	for _, token := range []string{user.Token, another.Token} {
		a.read(t, token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	}
	before := a.Passwords.Computed()
	a.post(t, "/api/v1/authenticate", ann).Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	if hashes := a.Passwords.Computed() - before; hashes != 1 {
		t.Errorf("got %d hashes for a deleted account, want 1", hashes)
	}
	const clients = 20
	statuses := make([]int, clients)
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() { statuses[i] = a.post(t, "/api/v1/user", ann).Status })
	}
	group.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	if count[http.StatusCreated] != 1 || count[http.StatusConflict] != clients-1 {
		t.Errorf("registered again: got the statuses %v, want 201 once and 409 %d times", count, clients-1)
	}
	if again := a.authenticate(t, "ann@example.org"); again.ID == user.ID {
		t.Error("got the deleted account, want a new one")
	}
	a.set(t, user.ID, "email", "old@example.org")
	a.set(t, user.ID, "deleted_at", nil)
	a.set(t, user.ID, "email", "ann2@example.org")
	a.read(t, user.Token).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

const ann = `{"email":"ann@example.org","password":"123456"}`

func (a testApp) put(t *testing.T, token, body string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{Method: http.MethodPut, Path: "/api/v1/user", Token: token, Body: body})
}

func (a testApp) authenticate(t *testing.T, email string) (user apptest.User) {
	t.Helper()
	a.post(t, "/api/v1/authenticate", `{"email":"`+email+`","password":"123456"}`).Decode(t, http.StatusOK, &user)
	return user
}

// user returns a user as stored, even if deleted.
func (a testApp) user(t *testing.T, id int64) (user users.User) {
	t.Helper()
	if err := a.DB.Unscoped().First(&user, id).Error; err != nil {
		t.Fatal(err)
	}
	return user
}

// set stores a value in a column of a user.
func (a testApp) set(t *testing.T, id int64, column string, value any) {
	t.Helper()
	if err := a.DB.Unscoped().Model(&users.User{}).Where("id = ?", id).UpdateColumn(column, value).Error; err != nil {
		t.Fatal(err)
	}
}
