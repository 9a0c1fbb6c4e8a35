package apptest

import (
	"errors"
	"net/http"
	"net/netip"
	"testing"

	"guestlist/app/secrets"
	"guestlist/app/users"
)

// Password is the password of every user created here.
const Password = "123456"

// User is a registered user with a valid token.
type User struct {
	ID    int64  `json:"id"`
	Email string `json:"email"`
	Token string `json:"token"`
}

// Register registers a user, with an unverified address, through the API.
func (a *App) Register(t testing.TB, email string) User {
	t.Helper()
	var user User
	a.Send(t, Request{
		Method: http.MethodPost,
		Path:   "/api/v1/user",
		Body:   map[string]any{"email": email, "password": Password},
	}).Decode(t, http.StatusCreated, &user)
	return user
}

// RegisterVerified registers a user with a verified address.
func (a *App) RegisterVerified(t testing.TB, email string) User {
	t.Helper()
	user := a.Register(t, email)
	a.Verify(t, user.ID)
	return user
}

// Verify marks the user's address as verified.
func (a *App) Verify(t testing.TB, id int64) {
	t.Helper()
	if err := a.DB.Model(&users.User{}).Where("id = ?", id).UpdateColumn("verified_at", a.Clock.Now()).Error; err != nil {
		t.Fatal(err)
	}
}

// StoreUser stores a user with a given password hash and returns the ID.
func (a *App) StoreUser(t testing.TB, email, hash string) int64 {
	t.Helper()
	user := users.User{Email: email, PasswordHash: hash, PrimaryLanguage: "en"}
	if err := a.DB.Create(&user).Error; err != nil {
		t.Fatal(err)
	}
	return user.ID
}

// RegisterAdmin registers a system administrator with a verified address.
func (a *App) RegisterAdmin(t testing.TB, email string) User {
	t.Helper()
	user := a.RegisterVerified(t, email)
	if err := a.DB.Model(&users.User{}).Where("id = ?", user.ID).UpdateColumn("is_admin", true).Error; err != nil {
		t.Fatal(err)
	}
	return user
}

// BusyPasswords returns Passwords that refuse every hash: they have no processor, and each place in their queue is
// taken until the test ends, by a different network, so that none has to make way.
func BusyPasswords(t testing.TB) *secrets.Passwords {
	t.Helper()
	passwords := secrets.NewPasswords(0)
	for i := range 256 {
		place, err := passwords.Join(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i), 0}), 24))
		if errors.Is(err, secrets.ErrBusy) {
			return passwords
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(place.Leave)
	}
	t.Fatal("256 places are taken, and the queue is not full")
	return nil
}
