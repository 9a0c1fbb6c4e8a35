package loadtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"
)

// BenchmarkRead measures GET /api/v1/user with a valid token.
func BenchmarkRead(b *testing.B) {
	compare(b, http.StatusOK, func(token string) string { return token })
}

// BenchmarkReadRefused measures the same with a wrong signature.
func BenchmarkReadRefused(b *testing.B) {
	compare(b, http.StatusUnauthorized, func(token string) string { return token[:len(token)-8] + "AAAAAAAA" })
}

// compare measures the program and its peers with 16 and 64 connections.
func compare(b *testing.B, status int, altered func(token string) string) {
	b.Helper()
	onEach(b, func(b *testing.B, _ *gorm.DB, address string) {
		b.Helper()
		program, _ := startProgram(b, address)
		kinds := []string{"bare", "gin"}
		if !strings.HasPrefix(address, "sqlite") {
			kinds = append(kinds, "shared")
		}
		var all []process
		for _, kind := range kinds {
			all = append(all, startPeer(b, kind, address))
		}
		all = append(all, program)
		request := fmt.Sprintf("GET /api/v1/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
			altered(register(b, program)))
		n := 4000
		if testing.Short() {
			n = 100
		}
		for _, clients := range []int{16, 64} {
			b.Run(fmt.Sprint(clients), func(b *testing.B) {
				loads := make([]*load, len(all))
				for i, p := range all {
					loads[i] = newLoad(b, p, clients, func() string { return request }, status)
				}
				rounds(b, n, loads...)
			})
		}
	})
}

// register creates an account and returns its token.
func register(b *testing.B, p process) string {
	b.Helper()
	return session(b, p, "/api/v1/user", "ann@example.org")
}

// session posts an address and its password to a path and returns the token in the response.
func session(b *testing.B, p process, path, email string) string {
	b.Helper()
	response, err := http.Post("http://"+p.address+path, "application/json",
		strings.NewReader(fmt.Sprintf(`{"email":%q,"password":"123456"}`, email)))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var user struct {
		Token string `json:"token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&user); err != nil || user.Token == "" {
		b.Fatalf("%s: got %s and the token %q, %v; want a token", path, response.Status, user.Token, err)
	}
	return user.Token
}
