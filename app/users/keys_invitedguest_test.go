package users_test

import (
	"net/url"
	"slices"
	"testing"

	"guestlist/app/database/dbtest"
	"guestlist/app/users"
)

// TestMakeKeys replaces the keys of accounts and guests that an older program stored, and leaves those of a newer
// program unchanged.
func TestMakeKeys(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	a.load(
		t,
		"10, 'bob@example.org', 'Bob', 'Zöllner', NULL",
		"11, 'cid@example.org', 'Cid', 'Ångström', NULL",
		"12, 'newer@example.org', 'Newer', 'Lee', NULL",
		"13, 'gone@example.org', 'Gone', 'Lee', '2026-01-01 00:00:00+00:00'",
	)
	bytesOf := "CAST(? AS BLOB)"
	if dbtest.Postgres() {
		bytesOf = "convert_to(?, 'UTF8')"
	}
	for id, key := range map[int64]string{10: "bob@example.org\x1fbob\x1fzöllner", 12: "\x02newer@example.org",
		13: "gone@example.org"} {
		if err := a.DB.Exec("UPDATE users SET search_key = "+bytesOf+", lastname_key = "+bytesOf+" WHERE id = ?", key, "",
			id).Error; err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{2, 0} {
		if made, err := a.service().MakeKeys(t.Context()); made != want || err != nil {
			t.Errorf("made %d keys, %v, want %d", made, err, want)
		}
	}
	if got := a.walk(t, root.Token, "sort=lastname&q="+url.QueryEscape("zollner")); !slices.Equal(got, []int64{10}) {
		t.Errorf("found %v, want [10]", got)
	}
	if got := a.walk(t, root.Token, "sort=lastname&limit=1"); !slices.Equal(got, []int64{12, 1, 11, 10}) {
		t.Errorf("sorted %v, want [12 1 11 10]", got)
	}
	if got, want := string(a.user(t, 12).SearchKey), "\x02newer@example.org"; got != want {
		t.Errorf("the key of a newer program: got %q, want %q", got, want)
	}
	if got, want := string(a.user(t, 13).SearchKey), "gone@example.org"; got != want {
		t.Errorf("the key of a deleted account: got %q, want %q", got, want)
	}
	var many []users.User
	for i := range 1100 {
		many = append(many, users.User{ID: int64(100 + i), Email: string(rune('a'+i%26)) + "-" + string(rune(0x4e00+i)) +
			"@example.org"})
	}
	if err := a.DB.CreateInBatches(&many, 100).Error; err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Exec("UPDATE users SET search_key = lastname_key WHERE id >= 100").Error; err != nil {
		t.Fatal(err)
	}
	if made, err := a.service().MakeKeys(t.Context()); made != 1100 || err != nil {
		t.Errorf("made %d keys, %v; want 1100, no error", made, err)
	}
}
